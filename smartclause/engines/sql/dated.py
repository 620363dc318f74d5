"""Where the answer depends on the instant: dated values, windows and vocabularies as a few stretches of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar, assert_never

from sqlglot import exp

from smartclause.engines.sql.needs import Window
from smartclause.engines.sql.pieces import Sql, chosen, whole
from smartclause.logic.contract import Disjoint, Edge, ParameterValue
from smartclause.logic.counting import (
    Duration,
    Instant,
    end_of_day,
    local_date,
    start_of_day,
    valid_until,
    window_start,
)
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Parameter, Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `since` on, until the next stretch begins; the first has no beginning."""

    since: Instant | None

    @property
    def some_instant(self) -> Instant:
        return FIRST if self.since is None else min(max(self.since, FIRST), LAST)


def stretches(changes: Iterable[Instant]) -> list[Stretch]:
    """Cut at the instants from which on something may be otherwise."""
    inside = sorted({c for c in changes if FIRST < c <= LAST})
    return [Stretch(None), *(Stretch(c) for c in inside)]


def by_stretch(now: Sql, found: Sequence[tuple[Stretch, Sql]]) -> Sql:
    """The value of the stretch that holds the instant."""
    merged = [found[0], *(b for a, b in pairwise(found) if a[1] != b[1])]
    branches = [
        (exp.LT(this=now.copy(), expression=whole(after.since or FIRST)), value)
        for (_, value), (after, _) in pairwise(merged)
    ]
    return chosen(branches, merged[-1][1])


def changes_of_parameter(lookup: Lookup, name: str) -> list[Instant]:
    zone = zone_of_parameter(lookup, name)
    found: list[Instant] = []
    for dated in lookup.parameters[name].values:
        found += [start_of_day(dated.since, zone)] if dated.since is not None else []
        found += [end_of_day(dated.until, zone) + 1] if dated.until is not None else []
    return found


def zone_of_parameter(lookup: Lookup, name: str) -> str:
    return lookup.modules[name.rpartition(".")[0]].header.zone


def parameter_at(lookup: Lookup, name: str, at: Instant) -> tuple[ParameterValue, Value | None]:
    """The value on the local day of the file that declares it."""
    found = lookup.parameters[name]
    day = local_date(at, zone_of_parameter(lookup, name))
    for dated in found.values:
        if (dated.since is None or dated.since <= day) and (dated.until is None or day <= dated.until):
            return found, dated.value
    return found, None


def why_no_value(found: ParameterValue) -> str:
    return "no value at this instant" if found.values else "blank parameter"


def changes_of_vocabulary(lookup: Lookup, zone: str) -> list[Instant]:
    vocabulary = lookup.contract.vocabulary
    found: list[Instant] = []
    dated: tuple[Edge | Disjoint, ...] = (*vocabulary.edges, *vocabulary.disjoint)
    for item in dated:
        found += [start_of_day(item.since, zone)] if item.since is not None else []
        found += [end_of_day(item.until, zone) + 1] if item.until is not None else []
    return found


# ---- windows


def until_of(lookup: Lookup, window: Window, at: Instant) -> tuple[Instant | None, Instant | None, str | None]:
    """Until when a record of this instant is surely and possibly inside the window, and why the two differ.

    Surely None: never. Possibly None: for ever.
    """
    match window.within:
        case "day" | "month" | "year":
            end = _end_of_period(at, window.within, window.zone)
            return end, end, None
        case Const():
            value: Value | None = window.within.value
            why = None
        case Parameter():
            found, value = parameter_at(lookup, window.within.name, at)
            why = None if value is not None else why_no_value(found)
        case _:
            assert_never(window.within)
    if not isinstance(value, Duration):
        return None, None, None if why is None else f"{why}|"
    span = valid_until(at, value, window.rule, window.zone)
    return span.earliest, span.latest, "no calendar|" if span.reasons else None


def _end_of_period(at: Instant, period: str, zone: str) -> Instant:
    day = local_date(at, zone)
    match period:
        case "day":
            return end_of_day(day, zone)
        case "month":
            later = (day.year + day.month // 12, day.month % 12 + 1)
        case _:
            later = (day.year + 1, 1)
    if later[0] > 9999:
        return LAST
    end = start_of_day(day.replace(year=later[0], month=later[1], day=1), zone) - 1
    assert window_start(end, "month" if period == "month" else "year", zone) <= at
    return end
