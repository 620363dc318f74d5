"""Acts that go on for long (design 2.2): without a sign of life for longer than agreed one is undecided from then."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from smartclause.logic.contract import EventType
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.instants import format_instant
from smartclause.logic.long_acts import DEFAULT_GAP, undecided_since
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Value
from smartclause.logic.world import Record, World, length


class Runs:
    """Those that began, with what was heard of each. Ended ones are kept as long as their records are."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        header = lookup.modules[lookup.contract.module].header
        self._gap, self._zone = length(header.checkpoint_gap or DEFAULT_GAP), header.zone
        self._kinds = {t.name: t for t in lookup.contract.types if t.checkpoint}
        self._fields: dict[str, set[str]] = {}  # by type of a sign, the fields that name a run
        for kind in self._kinds.values():
            for sign in (*lookup.relevant_types(kind.checkpoint), *lookup.relevant_types(kind.end)):
                self._fields.setdefault(sign, set()).add(kind.run)
        self._signs: dict[tuple[str, Value], list[Record]] = {}
        self._of: dict[tuple[str, Value], list[str]] = {}
        self._running: dict[str, Record] = {}
        self._silent: list[tuple[Instant, str]] = []

    def begins(self, record: Record) -> bool:
        """Whether it is an act that goes on; then it is followed."""
        kind = self._kinds.get(record.event.type)
        if kind is None:
            return False
        self._running[record.event.id] = record
        run = record.event.facts.get(kind.run)
        if run is not None:
            self._of.setdefault((kind.run, run), []).append(record.event.id)
        self._wait(record)
        return True

    def add(self, record: Record) -> list[str]:
        """The runs of which a record is a sign of life, or the end."""
        found: list[str] = []
        for name in self._fields.get(record.event.type, ()):
            run = record.event.facts.get(name)
            if run is not None:
                self._signs.setdefault((name, run), []).append(record)
                found += self._of.get((name, run), ())
        for one in found:
            self._wait(self._running[one])
        return found

    def _wait(self, record: Record) -> None:
        kind = self._kinds[record.event.type]
        alive = max((r.instant for r in (record, *self._heard(record, kind))), default=record.instant)
        heappush(self._silent, (alive + self._gap + 1, record.event.id))

    def _heard(self, record: Record, kind: EventType) -> list[Record]:
        run = record.event.facts.get(kind.run)
        return [] if run is None else self._signs.get((kind.run, run), [])

    def is_running(self, record: Record, settled: Instant) -> bool:
        """Whether it goes on, or may still be heard of: of one that ended before what is settled nothing is kept."""
        name = record.event.id
        if name not in self._running:
            return False
        kind = self._kinds[record.event.type]
        ends = self._lookup.relevant_types(kind.end)
        heard = (r for r in self._heard(record, kind) if r.event.type in ends and r.position > record.position)
        if all(r.instant >= settled for r in heard):
            return True
        self._forget(record, kind)
        return False

    def _forget(self, record: Record, kind: EventType) -> None:
        del self._running[record.event.id]
        named = (kind.run, record.event.facts[kind.run])
        self._of[named].remove(record.event.id)
        if not self._of[named]:
            del self._of[named]
            self._signs.pop(named, None)

    # ---- time

    def coming(self, now: Instant) -> Instant | None:
        return next((at for at, _ in self._silent[:1] if at > now), None)

    def silent(self, now: Instant) -> Iterator[str]:
        """Those of which nothing may have been heard for too long by now."""
        found: dict[str, None] = {}
        while self._silent and self._silent[0][0] <= now:
            found[heappop(self._silent)[1]] = None
        return (name for name in found if name in self._running)

    def silence(self, record: Record, now: Instant) -> Reason | None:
        """Whether it was silent for too long by now, and since when."""
        kind = self._kinds.get(record.event.type)
        if kind is None:
            return None
        heard = tuple(sorted(self._heard(record, kind), key=lambda r: r.position))
        since = undecided_since(World(self._lookup, heard, now), record)
        if since is None:
            return None
        detail = format_instant(since, self._zone)
        return Reason("no checkpoint in time", type=record.event.type, event=record.event.id, detail=detail)
