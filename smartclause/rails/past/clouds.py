"""Stretches in which records may stand that nobody has shown, as one query sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Parameter, Query
from smartclause.logic.world import Cloud, may_record
from smartclause.rails.dated import Dated, Stay


class Unseen:
    """The clouds of which a source may have recorded what the query asks for."""

    def __init__(self, query: Query, lookup: Lookup, dated: Dated, stay: Callable[[Instant], Stay]) -> None:
        self._event = query.event
        self._kinds = lookup.relevant_types(query.event)
        self._lookup = lookup
        self._stay = stay
        self._open = query.within is None
        self._steps = dated.steps(query.within.name) if isinstance(query.within, Parameter) else []
        self._clouds: list[tuple[Cloud, Reason]] = []
        self.any = False

    def see(self, clouds: Iterable[Cloud]) -> None:
        found = [
            (c, Reason(c.reason, "", self._event, c.source.name))
            for c in clouds
            if any(may_record(self._lookup, c.source, kind) for kind in self._kinds)
        ]
        self._clouds = found
        self.any = bool(found)

    def at(self, before: Instant, now: Instant, after: Instant | None = None) -> tuple[Reason, ...]:
        """Those that may hold a record that counts there; `after`: one later than this."""
        if not self._clouds:
            return ()
        return tuple(
            reason
            for cloud, reason in self._clouds
            if cloud.since <= before and (after is None or cloud.until >= after) and self._reaches(cloud, before, now)
        )

    def _reaches(self, cloud: Cloud, before: Instant, now: Instant) -> bool:
        """Whether a record somewhere in it could still lie in the window; an earlier value may have been longer."""
        if self._open:
            return True
        until = min(cloud.until, before)
        steps = (end for end in self._steps if cloud.since <= end <= until)
        return any(now <= self._stay(at)[1] for at in (until, *steps))
