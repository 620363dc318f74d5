"""Instants in UTC microseconds, and the days, months and years of a zone that hold them.

The days of a zone follow one another without gap or overlap, whatever its clocks do.
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from io import BytesIO
from typing import Literal, TypeAlias, assert_never
from zoneinfo import ZoneInfo

from smartclause.logic import shipped

Instant: TypeAlias = int
"""Microseconds since 1970-01-01T00:00:00Z."""

Window: TypeAlias = Literal["day", "month", "year"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class CountingError(ValueError):
    """A text, zone, rule, count or instant that cannot be counted with."""


def _from_epoch(moment: datetime) -> Instant:
    return (moment - _EPOCH) // _MICROSECOND


FIRST: Instant = _from_epoch(datetime.min.replace(tzinfo=UTC))
LAST: Instant = _from_epoch(datetime.max.replace(tzinfo=UTC))


def known_zone(name: str) -> bool:
    return name in shipped.zone_names()


def zone_edition() -> str:
    """The release of the zone data: offsets of the future may change with it."""
    return shipped.zone_edition()


def local_date(at: Instant, zone: str) -> date:
    """The day of the zone that holds the instant."""
    day = _shown_date(_checked(at), _zone(zone))
    # Clocks set back over midnight show the old date again after a minute of the new one.
    return day if at >= start_of_day(day, zone) else day - timedelta(days=1)


@lru_cache(maxsize=8192)  # a history asks for the same days again and again
def start_of_day(day: date, zone: str) -> Instant:
    """The first instant from which on clocks never show an earlier date."""
    if day == date.min:
        return FIRST
    place = _zone(zone)
    early, late = sorted((_midnight(day, place, fold=0), _midnight(day, place, fold=1)))
    if early == late or _shown_date(late - 1, place) < day:
        return late
    return _first_shown(day, early - 1, late, place)


def end_of_day(day: date, zone: str) -> Instant:
    """The last microsecond of the day."""
    return LAST if day == date.max else start_of_day(day + timedelta(days=1), zone) - 1


def window_start(at: Instant, window: Window, zone: str) -> Instant:
    """The first instant of the calendar day, month or year that holds the instant."""
    day = local_date(at, zone)
    match window:
        case "day":
            return start_of_day(day, zone)
        case "month":
            return start_of_day(day.replace(day=1), zone)
        case "year":
            return start_of_day(day.replace(month=1, day=1), zone)
        case _:
            assert_never(window)


_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:[0-9]{2})?(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
)


def parse_instant(text: str) -> Instant:
    """The instant of an ISO date and time that ends in `Z` or an offset. Raises CountingError."""
    parts = _ISO.fullmatch(text)
    if parts is None or (parts[3] and not parts[2]):
        raise CountingError(f"`{text[:40]}` is not a date and time such as 2026-02-01T10:00:00Z")
    minute, seconds, fraction, offset = parts.groups(default="")
    spelled = f"{minute}{seconds or ':00'}{fraction:0<7}" if fraction else f"{minute}{seconds or ':00'}"
    try:
        return _checked(_from_epoch(datetime.fromisoformat(spelled + offset)))
    except (ValueError, OverflowError):
        raise CountingError(f"`{text}` is not a date and time of the years 1 to 9999") from None


def format_instant(at: Instant, zone: str = "UTC") -> str:
    """ISO with the offset of the zone, `Z` for UTC, and no trailing zeros of a second."""
    moment = _EPOCH + timedelta(microseconds=_checked(at))
    with suppress(OverflowError):  # the first and last hours of all have no local date: shown in UTC
        moment = moment.astimezone(_zone(zone))
    whole = moment.replace(microsecond=0).isoformat()
    seconds, offset = whole[:19], whole[19:]
    fraction = f".{moment.microsecond:06}".rstrip("0").rstrip(".")
    return f"{seconds}{fraction}{'Z' if zone == 'UTC' else offset}"


def _checked(at: Instant) -> Instant:
    if FIRST <= at <= LAST:
        return at
    raise CountingError("an instant lies outside the years 1 to 9999")


def _shown_date(at: Instant, place: ZoneInfo) -> date:
    """What a calendar on the wall shows."""
    try:
        return (_EPOCH + timedelta(microseconds=at)).astimezone(place).date()
    except OverflowError:
        return date.min if at < 0 else date.max


def _midnight(day: date, place: ZoneInfo, fold: int) -> Instant:
    """00:00 read with the offset before (0) or after (1) a change of clocks."""
    wall = datetime.combine(day, time(fold=fold))
    offset = place.utcoffset(wall)
    assert offset is not None
    return min(max(_from_epoch(wall.replace(tzinfo=UTC)) - offset // _MICROSECOND, FIRST), LAST)


def _first_shown(day: date, before: Instant, after: Instant, place: ZoneInfo) -> Instant:
    """By halves: `before` shows an earlier date, `after` does not."""
    while after - before > 1:
        middle = (before + after) // 2
        if _shown_date(middle, place) < day:
            before = middle
        else:
            after = middle
    return after


@cache
def _zone(name: str) -> ZoneInfo:
    if name not in shipped.zone_names():
        raise CountingError(f"there is no time zone `{name[:60]}`: write a name such as Asia/Shanghai")
    return ZoneInfo.from_file(BytesIO(shipped.zone_file(name)), key=name)
