"""Ends of periods at their last instant and one after, rule by rule."""

from datetime import date, timedelta

import pytest

from smartclause.logic.counting import (
    RULES,
    CountingError,
    Duration,
    Span,
    Unit,
    compare,
    convertible,
    due,
    end_of_day,
    format_instant,
    known_rule,
    local_date,
    parse_instant,
    valid_until,
)

CN, SHANGHAI = "cn.civil_code", "Asia/Shanghai"
DE, BERLIN = "eu.reg_1182_71.DE", "Europe/Berlin"
US, NEW_YORK = "us.federal", "America/New_York"
SG, SINGAPORE = "sg.interpretation_act", "Asia/Singapore"
ZONES = {CN: SHANGHAI, DE: BERLIN, US: NEW_YORK, SG: SINGAPORE, "plain": "UTC"}

MINUTE, HOUR, DAY, WORKING, MONTH, YEAR = Unit


def at(text):
    return parse_instant(text)


def ends(start, count, unit, rule, *, counted=due):
    """The local date and time at which a certain end is reached."""
    span = counted(at(start), Duration(count, unit), rule, ZONES[rule])
    assert span.latest == span.earliest
    assert span.reasons == ()
    return format_instant(span.earliest, ZONES[rule])


def last_day(start, count, unit, rule, *, counted=due):
    """The local date whose last microsecond is the end."""
    text = ends(start, count, unit, rule, counted=counted)
    assert text[10:26] == "T23:59:59.999999"
    return text[:10]


# Elapsed time


def test_hours_run_from_the_moment_and_their_last_instant_is_in_time():
    start = at("2026-03-02T10:20:30.000001+08:00")
    end = due(start, Duration(24, HOUR), CN, SHANGHAI)
    assert end == Span(start + 86_400_000_000, start + 86_400_000_000)
    assert format_instant(end.earliest, SHANGHAI) == "2026-03-03T10:20:30.000001+08:00"


@pytest.mark.parametrize("rule", RULES)
def test_72_hours_end_on_a_weekend_or_a_holiday_under_every_rule(rule):
    start = at("2026-09-30T12:00:00Z")  # ends on Saturday in the National Day holiday
    for counted in (due, valid_until):
        span = counted(start, Duration(72, HOUR), rule, "UTC")
        assert span == Span(at("2026-10-03T12:00:00Z"), at("2026-10-03T12:00:00Z"))


def test_72_hours_of_the_gdpr_are_elapsed_time_when_clocks_go_forward_or_back():
    assert ends("2026-03-27T10:00:00+01:00", 72, HOUR, DE) == "2026-03-30T11:00:00+02:00"
    assert ends("2026-10-23T10:00:00+02:00", 72, HOUR, DE) == "2026-10-26T09:00:00+01:00"


def test_the_hour_shown_twice_in_berlin_is_two_hours():
    first, second = "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"
    assert ends(first, 1, HOUR, DE) == second
    assert ends(first, 60, MINUTE, DE) == second


def test_minutes_run_from_the_moment():
    assert ends("2026-03-02T23:59:00+08:00", 1, MINUTE, CN) == "2026-03-03T00:00:00+08:00"


# Days


@pytest.mark.parametrize("event", ["2026-03-02T00:00:00+08:00", "2026-03-02T23:59:59.999999+08:00"])
def test_the_day_of_the_event_is_not_counted_and_the_last_day_ends_at_24_hours(event):
    assert ends(event, 3, DAY, CN) == "2026-03-05T23:59:59.999999+08:00"


def test_one_second_around_midnight_is_one_day_and_utc_says_the_same():
    assert last_day("2026-03-02T23:59:59+08:00", 1, DAY, CN) == "2026-03-03"
    assert last_day("2026-03-03T00:00:00+08:00", 1, DAY, CN) == "2026-03-04"
    assert last_day("2026-03-02T15:59:59Z", 1, DAY, CN) == "2026-03-03"
    assert last_day("2026-03-02T16:00:00Z", 1, DAY, CN) == "2026-03-04"


def test_no_days_end_with_the_day_of_the_event():
    assert last_day("2026-03-02T10:00:00+08:00", 0, DAY, CN) == "2026-03-02"
    assert last_day("2026-03-02T10:00:00+08:00", 0, WORKING, CN) == "2026-03-02"
    assert last_day("2026-03-02T10:00:00+08:00", 0, MONTH, CN) == "2026-03-02"


def test_a_day_of_23_or_25_hours_is_one_day():
    assert last_day("2026-03-28T10:00:00+01:00", 2, DAY, DE) == "2026-03-31"
    assert ends("2026-03-28T10:00:00+01:00", 1, DAY, DE, counted=valid_until) == "2026-03-29T23:59:59.999999+02:00"
    assert ends("2026-10-24T10:00:00+02:00", 1, DAY, DE, counted=valid_until) == "2026-10-25T23:59:59.999999+01:00"


# Months and years


@pytest.mark.parametrize(
    ("event", "months", "last"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2024-02-28", 1, "2024-03-28"),
        ("2024-02-29", 1, "2024-03-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-12-15", 24, "2027-12-15"),
    ],
)
@pytest.mark.parametrize("rule", ["plain", CN, DE, US, SG])
def test_months_end_on_the_same_date_or_the_last_day_of_the_month(event, months, last, rule):
    noon = format_instant(end_of_day(date.fromisoformat(event), ZONES[rule]))
    assert last_day(noon, months, MONTH, rule, counted=valid_until) == last


def test_a_year_from_a_leap_day_ends_on_the_last_of_february():
    assert last_day("2024-02-29T10:00:00Z", 1, YEAR, "plain") == "2025-02-28"
    assert last_day("2024-02-29T10:00:00Z", 4, YEAR, "plain") == "2028-02-29"
    assert last_day("2024-02-29T10:00:00Z", 12, MONTH, "plain") == "2025-02-28"


def test_a_month_that_ends_on_a_rest_day_moves():
    # 31 January 2026 and one month: Saturday 28 February, which is a make-up working day in China.
    assert last_day("2026-01-31T10:00:00+08:00", 1, MONTH, CN) == "2026-02-28"
    assert last_day("2026-01-31T10:00:00+01:00", 1, MONTH, DE) == "2026-03-02"
    assert last_day("2026-01-31T10:00:00-05:00", 1, MONTH, US) == "2026-02-28"


# China


@pytest.mark.parametrize(
    ("event", "days", "last"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # a make-up Saturday
        ("2026-02-13", 2, "2026-02-24"),  # first day of the Spring Festival holiday
        ("2026-02-13", 10, "2026-02-24"),  # its last day
        ("2026-02-13", 11, "2026-02-24"),  # the working day after it
        ("2026-02-13", 12, "2026-02-25"),
        ("2026-02-26", 2, "2026-02-28"),  # a make-up Saturday
        ("2026-02-26", 3, "2026-03-02"),  # a plain Sunday
        ("2025-09-26", 1, "2025-09-28"),  # Saturday, then a make-up Sunday
        ("2025-09-26", 2, "2025-09-28"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-12-31", 1, "2026-01-04"),  # New Year, then a make-up Sunday
    ],
)
def test_a_last_day_moves_over_the_holiday_to_the_next_working_day(event, days, last):
    assert last_day(f"{event}T10:00:00+08:00", days, DAY, CN) == last


def test_history_windows_do_not_move():
    assert last_day("2026-02-13T10:00:00+08:00", 2, DAY, CN, counted=valid_until) == "2026-02-15"
    assert last_day("2025-11-21T10:00:00+01:00", 1, MONTH, DE, counted=valid_until) == "2025-12-21"


@pytest.mark.parametrize(
    ("event", "days", "last"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-18", 1, "2026-02-24"),
        ("2026-02-24", 4, "2026-02-28"),
        ("2026-02-24", 5, "2026-03-02"),
        ("2025-09-26", 1, "2025-09-28"),
        ("2025-12-25", 10, "2026-01-09"),
    ],
)
def test_working_days_count_make_up_days_and_leave_out_the_holiday(event, days, last):
    assert last_day(f"{event}T10:00:00+08:00", days, WORKING, CN) == last
    assert last_day(f"{event}T10:00:00+08:00", days, WORKING, CN, counted=valid_until) == last


# A year without a calendar


def test_a_year_without_a_notice_gives_an_interval_and_its_reason():
    span = due(at("2026-12-30T10:00:00+08:00"), Duration(3, WORKING), CN, SHANGHAI)
    assert format_instant(span.earliest, SHANGHAI) == "2027-01-02T23:59:59.999999+08:00"
    assert span.latest is None
    assert span.reasons == ("calendar cn has no year 2027",)


def test_a_last_day_in_a_year_without_a_notice_may_stay_and_may_move_without_bound():
    span = due(at("2027-01-01T10:00:00+08:00"), Duration(1, DAY), CN, SHANGHAI)  # Saturday
    assert local_date(span.earliest, SHANGHAI) == date(2027, 1, 2)
    assert span.latest is None
    exact = valid_until(at("2027-01-01T10:00:00+08:00"), Duration(1, DAY), CN, SHANGHAI)
    assert exact.earliest == exact.latest == span.earliest


def test_a_weekend_of_a_member_state_rests_in_any_year():
    span = due(at("2028-03-02T10:00:00+01:00"), Duration(1, MONTH), DE, BERLIN)  # Sunday 2 April
    assert local_date(span.earliest, BERLIN) == date(2028, 4, 3)
    assert span.latest is None
    assert span.reasons == ("calendar eu.DE has no year 2028",)


def test_the_last_certain_and_the_first_uncertain_day_of_the_chinese_calendar():
    assert last_day("2026-12-30T10:00:00+08:00", 1, WORKING, CN) == "2026-12-31"
    assert due(at("2026-12-31T10:00:00+08:00"), Duration(1, WORKING), CN, SHANGHAI).latest is None


def test_working_days_under_the_plain_rule_are_not_known():
    span = due(at("2026-03-02T10:00:00Z"), Duration(3, WORKING), "plain", "UTC")
    assert local_date(span.earliest, "UTC") == date(2026, 3, 5)
    assert span.latest is None
    assert span.reasons == ("rule plain has no calendar of working days",)


# European Union


@pytest.mark.parametrize(
    ("event", "days", "last"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday: Saturday moves to Monday
        ("2026-11-20", 2, "2026-11-24"),  # two days contain two working days
        ("2026-11-20", 3, "2026-11-24"),
        ("2026-11-20", 4, "2026-11-24"),
        ("2026-11-20", 5, "2026-11-25"),
        ("2026-11-19", 2, "2026-11-23"),  # Friday and Monday
        ("2026-12-23", 2, "2026-12-28"),  # Thursday and Monday; Friday is a holiday
        ("2026-12-24", 2, "2026-12-29"),
        ("2026-04-02", 1, "2026-04-07"),  # Good Friday to Easter Monday
    ],
)
def test_a_period_of_the_regulation_moves_and_contains_two_working_days(event, days, last):
    assert last_day(f"{event}T10:00:00+01:00", days, DAY, DE) == last


def test_public_holidays_are_those_of_the_member_state():
    event = "2026-07-13T10:00:00+02:00"  # the day before the French National Day
    assert last_day(event, 1, DAY, DE) == "2026-07-14"
    span = due(at(event), Duration(1, DAY), "eu.reg_1182_71.FR", "Europe/Paris")
    assert local_date(span.earliest, "Europe/Paris") == date(2026, 7, 15)


def test_a_month_for_a_request_moves_over_christmas():
    assert last_day("2026-11-25T10:00:00+01:00", 1, MONTH, DE) == "2026-12-28"


# United States and Singapore


def test_federal_days_do_not_move_and_business_days_leave_out_holidays():
    assert last_day("2026-06-30T10:00:00-04:00", 3, DAY, US) == "2026-07-03"
    assert last_day("2026-06-30T10:00:00-04:00", 4, DAY, US) == "2026-07-04"
    assert last_day("2026-07-02T10:00:00-04:00", 1, WORKING, US) == "2026-07-06"
    assert last_day("2026-11-24T10:00:00-05:00", 2, WORKING, US) == "2026-11-27"


def test_singapore_moves_from_a_sunday_or_a_holiday_but_not_from_a_saturday():
    assert last_day("2026-03-06T10:00:00+08:00", 1, DAY, SG) == "2026-03-07"
    assert last_day("2026-03-06T10:00:00+08:00", 2, DAY, SG) == "2026-03-09"
    assert last_day("2026-02-16T10:00:00+08:00", 1, DAY, SG) == "2026-02-19"
    assert last_day("2026-02-16T10:00:00+08:00", 3, DAY, SG) == "2026-02-19"


# What cannot be counted


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("rule", ["plain", CN, DE, US, SG])
@pytest.mark.parametrize("counted", [due, valid_until])
def test_a_period_beyond_the_year_9999_has_no_end(unit, rule, counted):
    for count in (10**9, 10**40):
        span = counted(at("2026-03-02T10:00:00Z"), Duration(count * 60, unit), rule, ZONES[rule])
        assert span.earliest == at("9999-12-31T23:59:59.999999Z")
        assert span.latest is None
        assert "the period ends after the year 9999" in span.reasons


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("zone", ["UTC", SHANGHAI, NEW_YORK])
def test_the_first_and_the_last_instants_of_all_can_be_counted_from(unit, zone):
    first, last = at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59.999999Z")
    for start in (first, last):
        for count in (0, 1, 40):
            span = due(start, Duration(count, unit), CN, zone)
            assert start <= span.earliest <= last


def test_the_last_countable_hour_and_one_more():
    start = at("9999-12-31T22:59:59.999999Z")
    assert due(start, Duration(1, HOUR), "plain", "UTC").latest == at("9999-12-31T23:59:59.999999Z")
    assert due(start, Duration(61, MINUTE), "plain", "UTC").latest is None


@pytest.mark.parametrize(
    ("start", "count", "rule", "zone"),
    [
        (0, -1, CN, SHANGHAI),
        (0, 1, "cn", SHANGHAI),
        (0, 1, "eu.reg_1182_71", BERLIN),
        (0, 1, "eu.reg_1182_71.XX", BERLIN),
        (0, 1, "", SHANGHAI),
        (0, 1, CN, "Mars/Olympus"),
        (10**30, 1, CN, SHANGHAI),
    ],
)
@pytest.mark.parametrize("unit", Unit)
def test_what_cannot_be_counted_is_our_error(start, count, rule, zone, unit):
    with pytest.raises(CountingError):
        due(start, Duration(count, unit), rule, zone)
    with pytest.raises(CountingError):
        valid_until(start, Duration(count, unit), rule, zone)


# Rules and units


def test_rules_are_known_by_name_and_described():
    assert all(known_rule(name) and text for name, text in RULES.items())
    assert known_rule("eu.reg_1182_71.DE")
    assert not any(map(known_rule, ("eu.reg_1182_71", "eu.reg_1182_71.GB", "cn.Civil_Code", "")))


def test_units_convert_inside_their_family_only():
    families = [{MINUTE, HOUR}, {DAY}, {WORKING}, {MONTH, YEAR}]
    for a in Unit:
        for b in Unit:
            assert convertible(a, b) is any(a in family and b in family for family in families)


@pytest.mark.parametrize(
    ("a", "b", "order"),
    [
        (Duration(60, MINUTE), Duration(1, HOUR), 0),
        (Duration(61, MINUTE), Duration(1, HOUR), 1),
        (Duration(59, MINUTE), Duration(1, HOUR), -1),
        (Duration(12, MONTH), Duration(1, YEAR), 0),
        (Duration(11, MONTH), Duration(1, YEAR), -1),
        (Duration(2, DAY), Duration(1, DAY), 1),
        (Duration(24, HOUR), Duration(1, DAY), None),
        (Duration(1, MONTH), Duration(30, DAY), None),
        (Duration(5, WORKING), Duration(5, DAY), None),
    ],
)
def test_durations_compare_where_they_convert(a, b, order):
    assert compare(a, b) == order
    assert compare(b, a) == (None if order is None else -order)


def test_an_act_at_the_end_is_in_time_and_a_microsecond_later_it_is_late():
    end = due(at("2026-03-02T10:00:00+08:00"), Duration(1, DAY), CN, SHANGHAI).latest
    assert local_date(end, SHANGHAI) == date(2026, 3, 3)
    assert local_date(end + 1, SHANGHAI) == date(2026, 3, 3) + timedelta(days=1)
