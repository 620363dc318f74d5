"""Periods counted by a named rule: when a period ends, exactly, or between which instants.

Never a guess: a year without a calendar gives an interval and its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal, TypeAlias

Instant: TypeAlias = int
"""Microseconds since 1970-01-01T00:00:00Z."""

Window: TypeAlias = Literal["day", "month", "year"]


class CountingError(ValueError):
    """A text, zone, rule, count or instant that cannot be counted with."""


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


RULES: Mapping[str, str] = {}


def known_rule(name: str) -> bool:
    raise NotImplementedError


def due(start: Instant, period: Duration, rule: str, zone: str) -> Span:
    """The last instant of the period, moved to the next working day where the rule says so."""
    raise NotImplementedError


def valid_until(start: Instant, period: Duration, rule: str, zone: str) -> Span:
    """The last instant of the period without any move (history windows)."""
    raise NotImplementedError


def window_start(at: Instant, window: Window, zone: str) -> Instant:
    raise NotImplementedError


def start_of_day(day: date, zone: str) -> Instant:
    raise NotImplementedError


def end_of_day(day: date, zone: str) -> Instant:
    """The last microsecond of the day."""
    raise NotImplementedError


def local_date(at: Instant, zone: str) -> date:
    raise NotImplementedError


def parse_instant(text: str) -> Instant:
    """An ISO date and time with `Z` or an offset. Raises CountingError."""
    raise NotImplementedError


def format_instant(at: Instant, zone: str = "UTC") -> str:
    raise NotImplementedError


def is_working_day(day: date, rule: str) -> bool | None:
    """None where the calendar of the rule has no such year."""
    raise NotImplementedError


def convertible(a: Unit, b: Unit) -> bool:
    raise NotImplementedError


def compare(a: Duration, b: Duration) -> int | None:
    """-1, 0 or 1; None where the units do not convert."""
    raise NotImplementedError
