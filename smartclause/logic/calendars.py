"""Calendars of working days: data files with their years, notices and digests.

Of a year without data nothing is guessed: a day that might be a working day counts for the earliest end
of a period and not for its latest.
"""

from calendar import isleap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypedDict, cast

from smartclause.logic import canonical, shipped

# fmt: off
MEMBER_STATES = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)
# fmt: on
NAMES = ("cn", "us", "sg", *(f"eu.{state}" for state in MEMBER_STATES))

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Days:
    """Where a day lies. None is after the year 9999 (`earliest`) or unbounded (`latest`)."""

    earliest: date | None
    latest: date | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of consecutive years: those of the week, but for `off`, and those of `work`."""

    name: str
    years: Mapping[int, str]
    """The notice or law behind each year."""
    rest: frozenset[int]
    """Weekly rest days, Monday is 0."""
    rest_may_work: bool
    """A notice may turn a weekly rest day into a working day."""
    off: frozenset[date]
    work: frozenset[date]
    digest: str

    def works(self, day: date) -> bool | None:
        """None where the calendar has no such year."""
        return self._by_table(day) if day.year in self.years else None

    def surely_works(self, day: date) -> bool:
        return day.year in self.years and self._by_table(day)

    def possibly_works(self, day: date) -> bool:
        if day.year in self.years:
            return self._by_table(day)
        # A make-up day of a notice still unknown would end a period early.
        return self.rest_may_work or day.weekday() not in self.rest

    def _by_table(self, day: date) -> bool:
        return day in self.work or (day.weekday() not in self.rest and day not in self.off)


ANY_DAY = Calendar("plain", {}, frozenset(), True, frozenset(), frozenset(), canonical.digest({}))
"""Stands where a rule has no calendar: of no day is it known whether it is a working day."""


@cache
def calendar(name: str) -> Calendar:
    """A shipped calendar, one of NAMES."""
    assert name in NAMES, name
    return from_bytes(shipped.calendar_file(name))


def from_bytes(content: bytes) -> Calendar:
    """The calendar a data file describes; its digest is that of the canonical JSON."""
    data = cast(_File, canonical.parse(content))
    days = [day for year in data["years"] for day in year["exceptions"]]
    return Calendar(
        name=data["calendar"],
        years={year["year"]: year["notice"] for year in data["years"]},
        rest=frozenset(_WEEKDAYS.index(name) for name in data["rest_weekdays"]),
        rest_may_work=data["rest_weekdays_may_work"],
        off=frozenset(date.fromisoformat(day["date"]) for day in days if day["kind"] == "off"),
        work=frozenset(date.fromisoformat(day["date"]) for day in days if day["kind"] == "work"),
        digest=canonical.digest(data),
    )


def nth_working_day(days: Calendar, first: date, number: int) -> Days:
    """The working day with this number, counted from 1, on or after `first`."""
    earliest = _nth(days, first, number, surely=False)
    latest = _nth(days, first, number, surely=True)
    if earliest == latest and earliest is not None:
        return Days(earliest, latest)
    return Days(earliest, latest, _missing_years(days, first.year, (earliest or date.max).year))


def _nth(days: Calendar, first: date, number: int, *, surely: bool) -> date | None:
    works = days.surely_works if surely else days.possibly_works
    end = max(days.years, default=0) if surely else date.max.year
    left = number
    for year in range(first.year, end + 1):
        begin = max(first, date(year, 1, 1))
        if begin != first and (whole := _working_days_of(days, year, surely)) < left:
            left -= whole
            continue
        for day in _rest_of_year(begin):
            left -= works(day)
            if left == 0:
                return day
    return None


def _working_days_of(days: Calendar, year: int, surely: bool) -> int:
    if year in days.years:
        return sum(map(days.surely_works, _rest_of_year(date(year, 1, 1))))
    if surely:
        return 0
    if days.rest_may_work:
        return 365 + isleap(year)
    beyond_52_weeks = (date(year, 12, 31), date(year, 12, 30))[: 1 + isleap(year)]
    return 52 * (7 - len(days.rest)) + sum(map(days.possibly_works, beyond_52_weeks))


def _rest_of_year(first: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), date(first.year, 12, 31).toordinal() + 1))


def _missing_years(days: Calendar, first: int, last: int) -> tuple[str, ...]:
    """The years without data among those the counting went through, in at most two stretches."""
    if not days.years:
        return (f"rule {days.name} has no calendar of working days",)
    stretches = ((first, min(last, min(days.years) - 1)), (max(first, max(days.years) + 1), last))
    return tuple(_no_year(days.name, *stretch) for stretch in stretches if stretch[0] <= stretch[1])


def _no_year(name: str, first: int, last: int) -> str:
    if first == last:
        return f"calendar {name} has no year {first}"
    return f"calendar {name} has no years {first} to {last}"


class _Day(TypedDict):
    date: str
    kind: str


class _Year(TypedDict):
    year: int
    notice: str
    exceptions: list[_Day]


class _File(TypedDict):
    calendar: str
    rest_weekdays: list[str]
    rest_weekdays_may_work: bool
    years: list[_Year]
