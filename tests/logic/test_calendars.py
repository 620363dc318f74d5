"""Working days, day by day beside two independent packages, and what is said where no data exist."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.logic.calendars import (
    ANY_DAY,
    MEMBER_STATES,
    NAMES,
    Days,
    calendar,
    from_bytes,
    nth_working_day,
)
from smartclause.logic.counting import RULES, calendar_digest, is_working_day


def days_of(first, last):
    return [date(first, 1, 1) + timedelta(days=k) for k in range((date(last + 1, 1, 1) - date(first, 1, 1)).days)]


VERIFIED = days_of(2024, 2026)


def test_china_agrees_with_chinesecalendar_on_every_day():
    ours = [is_working_day(day, "cn.civil_code") for day in VERIFIED]
    assert ours == [chinese_calendar.is_workday(day) for day in VERIFIED]


def test_china_agrees_with_holidays_on_every_day():
    package = holidays.country_holidays("CN", years=range(2024, 2027))
    ours = [is_working_day(day, "cn.civil_code") for day in VERIFIED]
    assert ours == [package.is_working_day(day) for day in VERIFIED]


@pytest.mark.parametrize(
    ("year", "working", "off", "made_up"), [(2024, 251, 19, 8), (2025, 248, 18, 5), (2026, 248, 19, 6)]
)
def test_china_has_the_totals_of_the_notices(year, working, off, made_up):
    cn = calendar("cn")
    assert sum(cn.surely_works(day) for day in days_of(year, year)) == working
    assert len([day for day in cn.off if day.year == year]) == off
    assert len([day for day in cn.work if day.year == year]) == made_up


@pytest.mark.parametrize("state", MEMBER_STATES)
def test_member_states_agree_with_holidays_but_for_days_off_by_swap(state):
    package = holidays.country_holidays(state, years=range(2023, 2029), language="en_US")
    public = {day for day, name in package.items() if "substituted" not in name}
    for day in days_of(2024, 2027):
        assert is_working_day(day, f"eu.reg_1182_71.{state}") is (day.weekday() < 5 and day not in public), day


def test_the_united_states_agree_with_holidays():
    package = holidays.country_holidays("US", years=range(2023, 2029))
    for day in days_of(2024, 2027):
        assert is_working_day(day, "us.federal") is (day.weekday() < 5 and day not in package), day


def test_singapore_leaves_out_sundays_and_public_holidays_only():
    package = holidays.country_holidays("SG", years=range(2024, 2027))
    for day in VERIFIED:
        assert is_working_day(day, "sg.interpretation_act") is (day.weekday() < 6 and day not in package), day


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "plain"])
def test_a_year_outside_the_data_is_not_known(rule):
    assert is_working_day(date(2023, 12, 31), rule) is None
    assert is_working_day(date(2024, 1, 1), rule) is not None
    last = 2026 if rule.startswith(("cn.", "sg.")) else 2027
    assert is_working_day(date(last, 12, 31), rule) is not None
    assert is_working_day(date(last + 1, 1, 1), rule) is None


@given(st.dates())
def test_the_plain_rule_knows_no_working_day(day):
    assert is_working_day(day, "plain") is None


@pytest.mark.parametrize("name", NAMES)
def test_a_data_file_lists_consecutive_years_and_true_exceptions_only(name):
    read = calendar(name)
    years = sorted(read.years)
    assert read.name == name
    assert years == list(range(years[0], years[-1] + 1))
    assert all(read.years.values())
    assert {day.year for day in read.off | read.work} == set(years)
    assert not read.off & read.work
    assert all(day.weekday() not in read.rest for day in read.off)
    assert all(day.weekday() in read.rest for day in read.work)


def test_digests_name_the_calendar_and_nothing_else():
    assert calendar_digest("plain") is None
    digests = [calendar_digest(rule) for rule in RULES if rule != "plain"]
    assert len(set(digests)) == len(digests)
    spelled = b'{"calendar":"x","rest_weekdays":["sunday"],"rest_weekdays_may_work":false,"years":[]}'
    spaced = spelled.replace(b",", b",\n  ")
    assert from_bytes(spelled).digest == from_bytes(spaced).digest
    assert from_bytes(spelled).digest != from_bytes(spelled.replace(b'"x"', b'"y"')).digest


def test_the_working_day_wanted_may_be_the_first_day_itself():
    cn, monday = calendar("cn"), date(2026, 3, 2)
    assert nth_working_day(cn, monday, 1) == Days(monday, monday)
    assert nth_working_day(cn, monday, 5) == Days(date(2026, 3, 6), date(2026, 3, 6))
    assert nth_working_day(cn, monday, 6) == Days(date(2026, 3, 9), date(2026, 3, 9))


def test_the_last_working_day_of_a_whole_year_is_in_that_year():
    cn, first = calendar("cn"), date(2024, 12, 31)  # one working day, then the 248 of 2025
    assert nth_working_day(cn, first, 248).latest == date(2025, 12, 30)
    assert nth_working_day(cn, first, 249).latest == date(2025, 12, 31)
    assert nth_working_day(cn, first, 250).latest == date(2026, 1, 4)


def test_an_unknown_year_counts_each_day_that_a_notice_could_make_a_working_day():
    # 2027-01-01 is a Friday. A Chinese notice may turn any weekend day into a working day, German law none.
    first = date(2027, 1, 1)
    assert nth_working_day(calendar("cn"), first, 3).earliest == date(2027, 1, 3)
    german = nth_working_day(calendar("eu.DE"), date(2028, 1, 1), 3)  # a Saturday
    assert german == Days(date(2028, 1, 5), None, ("calendar eu.DE has no year 2028",))


def test_an_unknown_year_before_the_data_delays_the_latest_end_to_the_data():
    found = nth_working_day(calendar("cn"), date(2023, 12, 29), 1)
    assert found == Days(date(2023, 12, 29), date(2024, 1, 2), ("calendar cn has no year 2023",))


def test_years_without_data_on_both_sides_are_both_named():
    found = nth_working_day(calendar("cn"), date(2022, 12, 1), 2200)
    assert found.latest is None
    assert found.reasons == ("calendar cn has no years 2022 to 2023", "calendar cn has no years 2027 to 2029")


def test_more_working_days_than_the_calendar_holds_have_no_end():
    for days in (calendar("cn"), calendar("eu.FR"), calendar("sg"), ANY_DAY):
        assert nth_working_day(days, date(2026, 1, 1), 10**30).earliest is None


@given(st.sampled_from(NAMES), st.dates(date(2015, 1, 1), date(2045, 1, 1)), st.integers(1, 3000))
def test_skipping_whole_years_counts_as_day_by_day(name, first, number):
    days = calendar(name)
    for works, found in (
        (days.possibly_works, nth_working_day(days, first, number).earliest),
        (days.surely_works, nth_working_day(days, first, number).latest),
    ):
        counted, day = 0, first
        while counted < number and day.year < 2060:
            counted += works(day)
            day += timedelta(days=1)
        assert found == (day - timedelta(days=1) if counted == number else None)
