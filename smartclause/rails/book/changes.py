"""When a condition on history can change: with a record, when that falls out of a window, with dated values, silence
and force (design 2.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from smartclause.logic.contract import Module
from smartclause.logic.counting import Duration, Instant, Window, end_of_day, valid_until, window_start
from smartclause.logic.history import dated_ends
from smartclause.logic.terms import Const, CountDistinct, Covers, Parameter, Query, Term, walk
from smartclause.logic.world import World
from smartclause.rails.stretches import of_concepts, of_parameter, stated

_HOUR = 3_600_000_000
_INTO_THE_NEXT: Final[Mapping[str, Instant]] = MappingProxyType(
    {"day": 36 * _HOUR, "month": 32 * 24 * _HOUR, "year": 367 * 24 * _HOUR}
)
"""From the start of a window always into the next one: days of 23 and 25 hours, months of 28 to 31 days."""


class Changes:
    """Of one term of one file."""

    def __init__(self, world: World, module: Module, term: Term) -> None:
        self._lookup, self._header, self._name = world.lookup, module.header, module.name
        self._queries = [q for q in walk(term) if isinstance(q, Query)]
        self._dated = set(self._borders(term))

    def _borders(self, term: Term) -> Iterator[Instant]:
        for node in walk(term):
            if isinstance(node, Parameter):
                yield from of_parameter(self._lookup, node.name)
            if isinstance(node, Covers | CountDistinct):
                yield from of_concepts(self._lookup, self._header.zone)

    def always(self, world: World) -> Iterator[Instant]:
        """Whatever is recorded: ends of force, dated values, silence and its run-outs."""
        yield from self._dated
        if self._header.until is not None:
            yield end_of_day(self._header.until, self._header.zone) + 1
        if self._name in world.replaced:
            yield world.replaced[self._name]
        yield from (r.instant + 1 for r in world.of_type("termination"))
        for cloud in world.clouds:
            yield from (cloud.since, cloud.until + 1)
            for query in self._queries:
                for last in (cloud.until, *dated_ends(query, cloud.since, cloud.until, self._lookup)):
                    yield from self.run_outs(query, last)

    def run_outs(self, query: Query, at: Instant) -> Iterator[Instant]:
        """The instants from which on what was recorded then lies outside the window."""
        if abs(at) >= _FAR:
            return
        match query.within:
            case None:
                return
            case "day" | "month" | "year":
                yield self._next_window(query.within, at)
            case Const() | Parameter():
                yield from self._period_end(query.within, at)

    def _next_window(self, unit: Window, at: Instant) -> Instant:
        zone = self._header.zone
        return window_start(window_start(at, unit, zone) + _INTO_THE_NEXT[unit], unit, zone)

    def _period_end(self, within: Const | Parameter, at: Instant) -> Iterator[Instant]:
        period = stated(self._lookup, within, at).value
        if isinstance(period, Duration):
            span = valid_until(at, period, self._header.rule, self._header.zone)
            yield span.earliest + 1
            if span.latest is not None:
                yield span.latest + 1


_FAR = 2**57  # no instant of a record: the end of a silence without end
