"""When an act may be done: the stretches between which parameters, concepts or force change, and instants in each.

Nothing else in a condition on an act depends on its instant; windows of the past are asked of the instant chosen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from smartclause.logic.counting import Instant, end_of_day, start_of_day
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.instants import FIRST, LAST, parse_instant
from smartclause.logic.lookup import Lookup
from smartclause.rails import stretches as rails

HOUR = 3_600_000_000
DAY = 24 * HOUR
USUAL = parse_instant("2026-03-02T10:00:00Z")


class Moments:
    """`cuts` part time into stretches; of each stretch one or two instants stand for all."""

    def __init__(self, lookups: Iterable[Lookup]) -> None:
        self.lookups = tuple(lookups)
        self.cuts, _ = rails.stretches(c for lookup in self.lookups for c in _changes(lookup))
        self.cuts = tuple(c for c in self.cuts if FIRST + 400 * DAY < c < LAST - 400 * DAY)

    def stretch(self, at: Instant) -> int:
        return bisect_right(self.cuts, at)

    @cached_property
    def inside(self) -> tuple[Instant, ...]:
        """One instant inside each stretch, at an hour at which people work where that is possible."""
        return tuple(self._inside(number) for number in range(len(self.cuts) + 1))

    def _inside(self, number: int) -> Instant:
        low = self.cuts[number - 1] if number else None
        high = self.cuts[number] if number < len(self.cuts) else None
        for at in (*self._told, USUAL):
            if self.stretch(at) == number:
                return at
        if low is None:
            return USUAL if high is None else high - 14 * HOUR
        wide = 400 * DAY if high is None else high - low
        return low + (90 * DAY + 10 * HOUR if wide > 180 * DAY else wide // 2)

    def near(self, number: int) -> tuple[Instant, ...]:
        """Instants of the stretch: well inside, and soon after its beginning."""
        found = [self.inside[number]]
        if number:
            early = self.cuts[number - 1] + 10 * HOUR
            found += [early] if self.stretch(early) == number and early != found[0] else []
        return tuple(found)

    @cached_property
    def usual_first(self) -> tuple[int, ...]:
        """The numbers of the stretches: those that scenarios speak of, those from the start of force on, the rest."""
        told = dict.fromkeys(self.stretch(at) for at in self._told)
        begun = max((force_start(k.modules[k.contract.module].header) for k in self.lookups), default=BEGINNING)
        later = range(self.stretch(max(begun, FIRST)), len(self.cuts) + 1)
        return tuple(dict.fromkeys((*told, *later, *range(len(self.cuts) + 1))))

    @cached_property
    def _told(self) -> tuple[Instant, ...]:
        """The instants of acts in the scenarios of the files: the last of each first."""
        lines = (s.lines for k in self.lookups for s in k.contract.scenarios)
        return tuple(sorted({x.at for each in lines for x in each if x.event}))


def _changes(lookup: Lookup) -> Iterator[Instant]:
    for parameter in lookup.contract.parameters:
        yield from rails.of_parameter(lookup, parameter.name)
    for zone in {m.header.zone for m in lookup.contract.modules}:
        yield from rails.of_concepts(lookup, zone)
    for module in lookup.contract.modules:
        header = module.header
        if force_start(header) != BEGINNING:
            yield force_start(header)
        if header.until is not None:
            yield end_of_day(header.until, header.zone) + 1


__all__ = ["DAY", "HOUR", "Moments", "start_of_day"]
