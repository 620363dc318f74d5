"""Periods counted by a named rule: when a period ends, exactly, or between which instants.

Never a guess and never a stray exception: a year without a calendar, or an end after the year 9999, gives an
interval and its reason; what cannot be counted at all raises CountingError.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Final, assert_never

from smartclause.logic import calendars
from smartclause.logic.calendars import ANY_DAY, MEMBER_STATES, Calendar, Days, nth_working_day
from smartclause.logic.instants import (
    LAST,
    CountingError,
    Instant,
    Window,
    end_of_day,
    format_instant,
    known_zone,
    local_date,
    parse_instant,
    start_of_day,
    window_start,
    zone_edition,
)

__all__ = [
    "RULES",
    "CountingError",
    "Duration",
    "Instant",
    "Span",
    "Unit",
    "Window",
    "calendar_digest",
    "compare",
    "convertible",
    "due",
    "end_of_day",
    "format_instant",
    "is_working_day",
    "known_rule",
    "known_zone",
    "local_date",
    "parse_instant",
    "start_of_day",
    "valid_until",
    "window_start",
    "zone_edition",
]


class Unit(Enum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Duration:
    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Span:
    """Where an instant lies: from `earliest` to `latest`, both included; None is unbounded."""

    earliest: Instant
    latest: Instant | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    description: str
    calendar: str | None = None
    moves: bool = False
    """A last day that is no working day moves to the next one."""
    two_working_days: bool = False
    """A period of two days or more contains two working days."""


_RULES: Final[Mapping[str, _Rule]] = MappingProxyType(
    {
        "plain": _Rule("the day of the event is not counted; no calendar, no move"),
        "cn.civil_code": _Rule(
            "PRC Civil Code, arts 200 to 204; rest days by the notices of the State Council", "cn", moves=True
        ),
        "us.federal": _Rule("the day of the event is not counted, no move; holidays of 5 USC 6103", "us"),
        "sg.interpretation_act": _Rule(
            "Interpretation Act 1965 of Singapore, s 50; no day of a short period is left out",
            "sg",
            moves=True,
        ),
    }
    | {
        f"eu.reg_1182_71.{state}": _Rule(
            f"Regulation 1182/71, arts 2 and 3, with the public holidays of {state}",
            f"eu.{state}",
            moves=True,
            two_working_days=True,
        )
        for state in MEMBER_STATES
    }
)

RULES: Final[Mapping[str, str]] = MappingProxyType({name: rule.description for name, rule in _RULES.items()})

_BEYOND = "the period ends after the year 9999"
_MINUTE = 60 * 1_000_000


def known_rule(name: str) -> bool:
    return name in RULES


def calendar_digest(rule: str) -> str | None:
    """The digest of the calendar that the rule counts with, if it has one."""
    name = _rule(rule).calendar
    return None if name is None else calendars.calendar(name).digest


def is_working_day(day: date, rule: str) -> bool | None:
    """None where the calendar of the rule has no such year."""
    return _calendar(_rule(rule)).works(day)


def due(start: Instant, period: Duration, rule: str, zone: str) -> Span:
    """The last instant of the period, moved to the next working day where the rule says so."""
    return _end(start, period, _rule(rule), zone, moved=True)


def valid_until(start: Instant, period: Duration, rule: str, zone: str) -> Span:
    """The last instant of the period without any move (history windows)."""
    return _end(start, period, _rule(rule), zone, moved=False)


def convertible(a: Unit, b: Unit) -> bool:
    return _measure(a)[0] == _measure(b)[0]


def compare(a: Duration, b: Duration) -> int | None:
    """-1, 0 or 1; None where the units do not convert."""
    if not convertible(a.unit, b.unit):
        return None
    left, right = a.count * _measure(a.unit)[1], b.count * _measure(b.unit)[1]
    return (left > right) - (left < right)


def _measure(unit: Unit) -> tuple[str, int]:
    """The family inside which a unit converts, and its length there."""
    match unit:
        case Unit.MINUTE:
            return "elapsed", 1
        case Unit.HOUR:
            return "elapsed", 60
        case Unit.DAY:
            return "days", 1
        case Unit.WORKING_DAY:
            return "working days", 1
        case Unit.MONTH:
            return "months", 1
        case Unit.YEAR:
            return "months", 12
        case _:
            assert_never(unit)


def _rule(name: str) -> _Rule:
    try:
        return _RULES[name]
    except KeyError:
        raise CountingError(f"there is no counting rule `{name[:60]}`: write a name such as cn.civil_code") from None


def _calendar(rule: _Rule) -> Calendar:
    return ANY_DAY if rule.calendar is None else calendars.calendar(rule.calendar)


def _end(start: Instant, period: Duration, rule: _Rule, zone: str, *, moved: bool) -> Span:
    if period.count < 0:
        raise CountingError("a period is counted forward: its length cannot be negative")
    day = local_date(start, zone)
    match period.unit:
        case Unit.MINUTE | Unit.HOUR:
            return _elapsed(start, period)
        case Unit.WORKING_DAY:
            return _in_zone(_after_working_days(_calendar(rule), day, period.count), zone)
        case Unit.DAY | Unit.MONTH | Unit.YEAR:
            last = _last_day(day, period)
            days = _moved(rule, day, last, period) if moved and rule.moves and last else Days(last, last)
            return _in_zone(days, zone)
        case _:
            assert_never(period.unit)


def _elapsed(start: Instant, period: Duration) -> Span:
    end = start + period.count * _measure(period.unit)[1] * _MINUTE
    return Span(end, end) if end <= LAST else Span(LAST, None, (_BEYOND,))


def _after_working_days(days: Calendar, event: date, count: int) -> Days:
    """The day of the event is not counted."""
    if count == 0:
        return Days(event, event)
    if event == date.max:
        return Days(None, None)
    return nth_working_day(days, event + timedelta(days=1), count)


def _last_day(event: date, period: Duration) -> date | None:
    """The day of the event is not counted. None is after the year 9999."""
    if period.unit is Unit.DAY:
        left = (date.max - event).days
        return event + timedelta(days=period.count) if period.count <= left else None
    months = event.year * 12 + event.month - 1 + period.count * _measure(period.unit)[1]
    year, month = divmod(months, 12)
    if year > date.max.year:
        return None
    # A month without that date ends the period on its last day (Civil Code 202; Regulation 1182/71, 3(2)(c)).
    return date(year, month + 1, min(event.day, monthrange(year, month + 1)[1]))


def _moved(rule: _Rule, event: date, last: date, period: Duration) -> Days:
    days = nth_working_day(_calendar(rule), last, 1)
    if rule.two_working_days and period.unit is Unit.DAY and period.count >= 2:
        # Regulation 1182/71, 3(5); longer units contain two working days anyway.
        return _later(days, _after_working_days(_calendar(rule), event, 2))
    return days


def _later(a: Days, b: Days) -> Days:
    earliest = max(a.earliest, b.earliest) if a.earliest and b.earliest else None
    latest = max(a.latest, b.latest) if a.latest and b.latest else None
    return Days(earliest, latest, tuple(dict.fromkeys((*a.reasons, *b.reasons))))


def _in_zone(days: Days, zone: str) -> Span:
    latest = end_of_day(days.latest, zone) if days.latest else None
    if days.earliest is None:
        return Span(LAST, latest, (*days.reasons, _BEYOND))
    return Span(end_of_day(days.earliest, zone), latest, days.reasons)
