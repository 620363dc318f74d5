"""What depends on the day: dated values, concepts, and how long a record stays in a window. Each day is counted once.

The counting itself is that of `logic.counting`; here its answers are kept by day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from smartclause.logic.concepts import Concepts
from smartclause.logic.contract import Disjoint, Edge, ListKind
from smartclause.logic.counting import Duration, Instant, Unit, end_of_day, local_date, start_of_day, valid_until
from smartclause.logic.finding import Reading, Reason
from smartclause.logic.instants import LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Parameter, Query, Value

FOREVER: Instant = 2**63
NEVER: Instant = -(2**63)
_DAY = 24 * 3600 * 1_000_000
_KEPT = 20_000  # days

Stay: TypeAlias = "tuple[Instant, Instant, tuple[Reason, ...]]"
"""The last instants at which a record is surely and possibly inside a window; why, between the two."""
_FOR_EVER: Stay = (FOREVER, FOREVER, ())


class Dated:
    """For one contract."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self._days: dict[tuple[str, int], list[tuple[Instant, Instant, date]]] = {}
        self._breaks = _breaks(lookup)
        self._eras: dict[int, Concepts] = {}
        self._values: dict[str, _Steps] = {}

    def day(self, at: Instant, zone: str) -> date:
        """The day of the zone that holds the instant."""
        known = self._days.get((zone, at // _DAY))
        for first, last, day in known or ():
            if first <= at <= last:
                return day
        return self._counted(at, zone)

    def _counted(self, at: Instant, zone: str) -> date:
        day = local_date(at, zone)
        if len(self._days) > _KEPT:
            self._days.clear()
        span = (start_of_day(day, zone), end_of_day(day, zone), day)
        self._days.setdefault((zone, at // _DAY), []).append(span)
        return day

    def zone(self, module: str) -> str:
        return self.lookup.modules[module].header.zone

    def concepts(self, at: Instant, zone: str) -> Concepts:
        """The vocabulary of the day; one for all days between which nothing in it changes."""
        era = self.era(at, zone)
        if era not in self._eras:
            self._eras[era] = Concepts(self.lookup.contract.vocabulary, self.day(at, zone))
        return self._eras[era]

    def era(self, at: Instant, zone: str) -> int:
        """The number of the stretch of days in which nothing in the vocabulary changes."""
        return bisect_right(self._breaks, self.day(at, zone)) if self._breaks else 0

    def value(self, name: str, at: Instant) -> Reading:
        """A parameter at an instant."""
        if name not in self._values:
            self._values[name] = _Steps(self.lookup, name)
        return self._values[name].at(at)

    def steps(self, name: str) -> list[Instant]:
        """The last instants of the values of a parameter."""
        if name not in self._values:
            self._values[name] = _Steps(self.lookup, name)
        return self._values[name].ends

    def stay(self, query: Query, module: str) -> Callable[[Instant], Stay]:
        """How long a record of an instant stays inside the query's window."""
        header = self.lookup.modules[module].header
        match query.within:
            case None:
                return lambda _: _FOR_EVER
            case Const():
                return self._for(query.within.value, (), header.rule, header.zone)
            case Parameter():
                return self._for_dated(query.within.name, header.rule, header.zone)
            case _:
                return self._until_end_of(query.within, header.zone)

    def _until_end_of(self, window: str, zone: str) -> Callable[[Instant], Stay]:
        ends: dict[date, Stay] = {}

        def stay(at: Instant) -> Stay:
            first = _first(self.day(at, zone), window)
            if first not in ends:
                end = end_of_day(_last(first, window), zone)
                ends[first] = (end, end, ())
            return ends[first]

        return stay

    def _for(self, value: Value | None, why: tuple[Reason, ...], rule: str, zone: str) -> Callable[[Instant], Stay]:
        if not isinstance(value, Duration):
            return lambda _: (NEVER, FOREVER, why)
        period = value
        if period.unit in (Unit.MINUTE, Unit.HOUR):
            return _elapsing(period, rule, zone)
        ends: dict[date, Stay] = {}

        def stay(at: Instant) -> Stay:
            day = self.day(at, zone)
            if day not in ends:
                ends[day] = _counted(at, period, rule, zone)
            return ends[day]

        return stay

    def _for_dated(self, name: str, rule: str, zone: str) -> Callable[[Instant], Stay]:
        made: dict[Value | None, Callable[[Instant], Stay]] = {}

        def stay(at: Instant) -> Stay:
            reading = self.value(name, at)
            if reading.value not in made:
                made[reading.value] = self._for(reading.value, reading.reasons, rule, zone)
            return made[reading.value](at)

        return stay


def _elapsing(period: Duration, rule: str, zone: str) -> Callable[[Instant], Stay]:
    length = valid_until(0, period, "plain", "UTC").earliest

    def stay(at: Instant) -> Stay:
        end = at + length
        return (end, end, ()) if end <= LAST else _counted(at, period, rule, zone)

    return stay


def _counted(at: Instant, period: Duration, rule: str, zone: str) -> Stay:
    span = valid_until(at, period, rule, zone)
    latest = FOREVER if span.latest is None else max(span.latest, span.earliest)
    return span.earliest, latest, tuple(Reason("no calendar", detail=r) for r in span.reasons)


def _first(day: date, window: str) -> date:
    if window == "day":
        return day
    return day.replace(day=1) if window == "month" else day.replace(month=1, day=1)


def _last(first: date, window: str) -> date:
    """The last day of the period that begins with a day."""
    if window == "day":
        return first
    if window == "year":
        return first.replace(month=12, day=31)
    if first.month == 12:
        return first.replace(day=31)
    return first.replace(month=first.month + 1) - timedelta(days=1)


class _Steps:
    """The values of a parameter in turn: what counts between two instants is read once."""

    def __init__(self, lookup: Lookup, name: str) -> None:
        self._found = lookup.parameters[name]
        self._name = name
        self._zone = lookup.modules[name.rpartition(".")[0]].header.zone
        values = self._found.values
        begins = {start_of_day(d.since, self._zone) for d in values if d.since is not None}
        self.ends = [end_of_day(d.until, self._zone) for d in values if d.until is not None]
        self.ends += [i - 1 for i in sorted(begins)]
        self._borders = sorted(begins | {e + 1 for e in self.ends})
        self._readings: dict[int, Reading] = {}

    def at(self, instant: Instant) -> Reading:
        step = bisect_right(self._borders, instant) if self._borders else 0
        if step not in self._readings:
            self._readings[step] = self._read(instant)
        return self._readings[step]

    def _read(self, instant: Instant) -> Reading:
        day = local_date(instant, self._zone)
        for dated in self._found.values:
            if (dated.since is None or dated.since <= day) and (dated.until is None or day <= dated.until):
                value = dated.value
                return Reading(value, value, value, open_list=self._found.list_kind is ListKind.OPEN)
        why = "no value at this instant" if self._found.values else "blank parameter"
        return Reading(reasons=(Reason(why, detail=self._name),))


def _breaks(lookup: Lookup) -> list[date]:
    """Days on which an edge or a disjointness begins, or has just ended."""
    vocabulary = lookup.contract.vocabulary
    dated: list[Edge | Disjoint] = [*vocabulary.edges, *vocabulary.disjoint]
    begins = {d.since for d in dated if d.since is not None}
    return sorted(begins | {d.until + timedelta(days=1) for d in dated if d.until is not None and d.until < date.max})
