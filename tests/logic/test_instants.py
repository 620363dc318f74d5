"""Instants and the days of a zone, where clocks jump too."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.logic.instants import (
    FIRST,
    LAST,
    CountingError,
    end_of_day,
    format_instant,
    known_zone,
    local_date,
    parse_instant,
    start_of_day,
    window_start,
    zone_edition,
)

BERLIN = "Europe/Berlin"
# Clocks that jump over midnight, back over midnight, into midnight, by a whole day, by odd seconds.
ODD_ZONES = [
    BERLIN,
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Toronto",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Shanghai",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "UTC",
]
HOUR = 3_600_000_000

zones = st.sampled_from(ODD_ZONES)
days = st.dates()
recent_days = st.dates(date(1900, 1, 1), date(2040, 1, 1))
instants = st.integers(FIRST, LAST)


@given(recent_days, zones)
def test_days_follow_one_another_without_gap_or_overlap(day, zone):
    assert end_of_day(day, zone) + 1 == start_of_day(day + timedelta(days=1), zone)


@given(instants | st.integers(-(10**15), 2 * 10**15), zones)
def test_an_instant_lies_inside_its_day(at, zone):
    day = local_date(at, zone)
    assert start_of_day(day, zone) <= at <= end_of_day(day, zone)


@given(st.integers(-(10**15), 2 * 10**15), st.integers(0, 10**12), zones)
def test_a_later_instant_never_has_an_earlier_day(at, later, zone):
    assert local_date(at, zone) <= local_date(at + later, zone)


@given(days, zones)
def test_every_day_of_the_calendar_has_bounds_in_range(day, zone):
    assert FIRST <= start_of_day(day, zone) <= LAST
    assert end_of_day(day, zone) <= LAST


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_from_the_start_of_a_day_on_clocks_show_no_earlier_date(zone):
    for day in (date(y, m, d) for y in (1919, 1993, 2006, 2011, 2026) for m in range(1, 13) for d in (1, 28)):
        start = start_of_day(day, zone)
        assert format_instant(start - 1, zone)[:10] < day.isoformat()
        assert all(format_instant(start + k * HOUR, zone)[:10] >= day.isoformat() for k in range(48))


def test_a_day_of_23_and_of_25_hours_in_berlin():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert end_of_day(spring, BERLIN) - start_of_day(spring, BERLIN) + 1 == 23 * HOUR
    assert end_of_day(autumn, BERLIN) - start_of_day(autumn, BERLIN) + 1 == 25 * HOUR


def test_a_midnight_that_never_was_starts_the_day_at_one():
    start = start_of_day(date(2018, 11, 4), "America/Sao_Paulo")
    assert format_instant(start, "America/Sao_Paulo") == "2018-11-04T01:00:00-02:00"


def test_a_midnight_jumped_from_half_an_hour_before_starts_the_day_at_the_jump():
    start = start_of_day(date(1919, 3, 31), "America/Toronto")
    assert format_instant(start, "America/Toronto") == "1919-03-31T00:30:00-04:00"


def test_a_midnight_met_twice_starts_the_day_at_the_first_in_havana():
    start = start_of_day(date(2025, 11, 2), "America/Havana")
    assert format_instant(start, "America/Havana") == "2025-11-02T00:00:00-04:00"


def test_clocks_set_back_over_midnight_leave_the_minute_before_to_the_old_day():
    # St John's, 2006-10-29: 00:00 and 00:00:59 are shown, then 23:01 of the 28th again.
    zone = "America/St_Johns"
    start = start_of_day(date(2006, 10, 29), zone)
    assert format_instant(start, zone) == "2006-10-29T00:00:00-03:30"
    shown_on_the_29th_before_the_change = start - HOUR
    assert format_instant(shown_on_the_29th_before_the_change, zone) == "2006-10-29T00:00:00-02:30"
    assert local_date(shown_on_the_29th_before_the_change, zone) == date(2006, 10, 28)


def test_a_day_left_out_of_the_calendar_is_empty():
    skipped = date(2011, 12, 30)
    assert start_of_day(skipped, "Pacific/Apia") == end_of_day(skipped, "Pacific/Apia") + 1


def test_the_same_instant_has_another_day_in_shanghai_and_in_utc():
    before, midnight = parse_instant("2026-03-01T23:59:59+08:00"), parse_instant("2026-03-01T16:00:00Z")
    assert midnight - before == 1_000_000
    assert local_date(before, "Asia/Shanghai") == date(2026, 3, 1)
    assert local_date(midnight, "Asia/Shanghai") == date(2026, 3, 2)
    assert local_date(midnight, "UTC") == date(2026, 3, 1)


def test_windows_start_with_the_day_the_month_and_the_year_of_the_zone():
    at = parse_instant("2026-03-31T22:30:00Z")  # 00:30 of 1 April in Berlin, summer time
    assert format_instant(window_start(at, "day", BERLIN), BERLIN) == "2026-04-01T00:00:00+02:00"
    assert format_instant(window_start(at, "month", BERLIN), BERLIN) == "2026-04-01T00:00:00+02:00"
    assert format_instant(window_start(at, "year", BERLIN), BERLIN) == "2026-01-01T00:00:00+01:00"
    assert format_instant(window_start(at, "month", "UTC")) == "2026-03-01T00:00:00Z"


@given(instants, zones, st.sampled_from(["day", "month", "year"]))
def test_a_window_starts_at_or_before_the_instant_and_is_its_own_window(at, zone, window):
    start = window_start(at, window, zone)
    assert start <= at
    assert window_start(start, window, zone) == start


@given(instants, zones)
def test_parse_undoes_format(at, zone):
    assert parse_instant(format_instant(at, zone)) == at


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("2026-02-01T10:00+08:00", "2026-02-01T02:00:00Z"),
        ("2026-02-01T10:00:00.5Z", "2026-02-01T10:00:00.5Z"),
        ("2026-02-01T10:00:00.000001Z", "2026-02-01T10:00:00.000001Z"),
        ("2026-02-01T10:00:00.100000-03:30", "2026-02-01T13:30:00.1Z"),
    ],
)
def test_an_instant_has_one_spelling_in_utc(text, canonical):
    assert format_instant(parse_instant(text)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-01",
        "2026-02-01T10:00:00",
        "2026-02-30T10:00:00Z",
        "2026-02-01T24:00:00Z",
        "2026-02-01T10:00:60Z",
        "2026-02-01T10:00:00.1234567Z",
        "2026-02-01T10:00.5Z",
        "2026-02-01 10:00:00Z",
        "2026-02-01T10:00:00z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "２０２６-02-01T10:00:00Z",
        "2026-02-01T10:00:00Z\n",
        "2026-02-01T10:00:00+25:00",
        "9" * 100_000,
    ],
)
def test_what_is_no_instant_is_our_error(text):
    with pytest.raises(CountingError):
        parse_instant(text)


@given(st.text(max_size=40))
def test_any_text_is_an_instant_or_our_error(text):
    with suppress(CountingError):
        assert FIRST <= parse_instant(text) <= LAST


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "Europe",
        "europe/berlin",
        "../etc/passwd",
        "/etc/localtime",
        "localtime",
        "posixrules",
        "right/Europe/Berlin",
        "Europe/Berlin\0",
        "x" * 10_000,
    ],
)
def test_an_unknown_zone_is_our_error(zone):
    assert not known_zone(zone)
    with pytest.raises(CountingError):
        local_date(0, zone)


def test_zones_are_known_by_name_and_their_data_by_release():
    assert known_zone("Asia/Shanghai")
    assert known_zone("UTC")
    assert zone_edition()


@pytest.mark.parametrize("at", [FIRST - 1, LAST + 1, 10**40, -(10**40)])
def test_an_instant_beyond_the_calendar_is_our_error(at):
    with pytest.raises(CountingError):
        local_date(at, "UTC")
    with pytest.raises(CountingError):
        format_instant(at)
