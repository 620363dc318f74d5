"""Laws of counting that hold for every rule, unit, zone and start."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from smartclause.logic.counting import (
    RULES,
    Duration,
    Span,
    Unit,
    due,
    end_of_day,
    format_instant,
    is_working_day,
    local_date,
    parse_instant,
    valid_until,
)

ELAPSED = (Unit.MINUTE, Unit.HOUR)
INFINITE = float("inf")

rules = st.sampled_from(sorted(RULES))
zones = st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/St_Johns"])
starts = st.integers(parse_instant("2022-06-01T00:00:00Z"), parse_instant("2029-01-01T00:00:00Z"))
known_starts = st.integers(parse_instant("2024-01-02T00:00:00Z"), parse_instant("2026-06-01T00:00:00Z"))
periods = st.builds(Duration, st.integers(0, 100), st.sampled_from(Unit))
gaps = st.integers(0, 40 * 86_400_000_000) | st.integers(0, 10)
countings = st.sampled_from([due, valid_until])


def latest(span: Span):
    return INFINITE if span.latest is None else span.latest


@given(starts, gaps, periods, rules, zones, countings)
def test_a_later_start_never_ends_earlier(start, gap, period, rule, zone, counted):
    before, after = counted(start, period, rule, zone), counted(start + gap, period, rule, zone)
    assert before.earliest <= after.earliest
    assert latest(before) <= latest(after)


@given(starts, periods, st.integers(0, 50), rules, zones, countings)
def test_a_longer_period_never_ends_earlier(start, period, more, rule, zone, counted):
    longer = replace(period, count=period.count + more)
    before, after = counted(start, period, rule, zone), counted(start, longer, rule, zone)
    assert before.earliest <= after.earliest
    assert latest(before) <= latest(after)


@given(starts, periods, rules, zones)
def test_a_deadline_is_never_before_the_end_without_a_move(start, period, rule, zone):
    moved, still = due(start, period, rule, zone), valid_until(start, period, rule, zone)
    assert moved.earliest >= still.earliest
    assert latest(moved) >= latest(still)


@given(starts, periods, rules, zones, countings)
def test_an_end_is_an_interval_after_its_start_and_an_open_one_has_reasons(start, period, rule, zone, counted):
    span = counted(start, period, rule, zone)
    assert start <= span.earliest <= latest(span)
    assert (span.reasons == ()) is (span.latest == span.earliest)


@given(starts, periods, rules, zones, countings)
def test_all_but_elapsed_time_ends_with_the_last_microsecond_of_a_day(start, period, rule, zone, counted):
    span = counted(start, period, rule, zone)
    for end in (span.earliest, span.latest):
        if end is not None and period.unit not in ELAPSED:
            assert end == end_of_day(local_date(end, zone), zone)


@given(starts, periods, rules, zones, countings)
def test_elapsed_time_and_windows_of_days_and_months_are_always_exact(start, period, rule, zone, counted):
    if period.unit in ELAPSED or (counted is valid_until and period.unit is not Unit.WORKING_DAY):
        span = counted(start, period, rule, zone)
        assert span.earliest == span.latest


@given(known_starts, periods, st.sampled_from(sorted(set(RULES) - {"plain"})), zones)
def test_where_the_calendar_is_known_the_end_is_exact_and_a_moved_end_works(start, period, rule, zone):
    span = due(start, replace(period, count=period.count % 5), rule, zone)
    if period.unit is Unit.YEAR and period.count % 5:
        return
    assert span.earliest == span.latest
    if period.unit in (Unit.DAY, Unit.MONTH) and rule != "us.federal":
        assert is_working_day(local_date(span.earliest, zone), rule)


@given(known_starts, st.integers(1, 100), st.sampled_from(sorted(set(RULES) - {"plain"})), zones)
def test_working_days_are_counted_one_by_one_after_the_day_of_the_event(start, count, rule, zone):
    end = local_date(due(start, Duration(count, Unit.WORKING_DAY), rule, zone).earliest, zone)
    first = local_date(start, zone) + timedelta(days=1)
    between = [first + timedelta(days=k) for k in range((end - first).days + 1)]
    assert sum(is_working_day(day, rule) is True for day in between) == count
    assert is_working_day(end, rule)


@given(starts, periods, rules, zones)
def test_the_last_instant_of_the_period_is_in_it_and_the_next_is_not(start, period, rule, zone):
    """The day of an end is the day counted to: one microsecond more is another day or another instant."""
    span = valid_until(start, period, rule, zone)
    if period.unit is Unit.DAY:
        day = local_date(start, zone) + timedelta(days=period.count)
        assert local_date(span.earliest, zone) == day
        assert local_date(span.earliest + 1, zone) > day
    if period.unit in ELAPSED:
        length = 60_000_000 * (60 if period.unit is Unit.HOUR else 1)
        assert span.earliest - start == period.count * length


@given(st.dates(date(2024, 1, 1), date(2026, 9, 1)), st.integers(0, 30), zones)
def test_a_period_from_any_instant_of_a_day_ends_alike(day, count, zone):
    begin, end = end_of_day(day - timedelta(days=1), zone) + 1, end_of_day(day, zone)
    for unit in (Unit.DAY, Unit.WORKING_DAY, Unit.MONTH):
        period = Duration(count % 3 if unit is Unit.MONTH else count, unit)
        ends = {due(start, period, "cn.civil_code", zone) for start in (begin, (begin + end) // 2, end)}
        assert len(ends) == 1, format_instant(begin, zone)
