"""Before, at and after the last instant of every kind of period: in history, in duties, in repeated duties (2.17)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.logic.contract import Header
from smartclause.logic.counting import Duration, Unit, due, parse_instant, valid_until
from smartclause.logic.terms import Const
from smartclause.logic.truth import Truth
from tests.logic.builders import (
    DAY,
    DURATION,
    clause,
    contract,
    duties_at,
    event,
    judged_term,
    must,
    repeatedly,
    signed,
    some_,
    use,
)

BOTH = signed("A", "B")
RULES = ("plain", "cn.civil_code", "us.federal", "sg.interpretation_act", "eu.reg_1182_71.DE")
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York")
UNITS, WORKED = tuple(Unit), Unit.WORKING_DAY


def moment(text: str) -> int:
    return parse_instant(text)


def period(count: int, unit: Unit) -> Const:
    return Const(Duration(count, unit), DURATION)


def header(rule: str, zone: str) -> Header:
    return Header(rule=rule, zone=zone, since=date(2020, 1, 1))


def breach(start: int):
    return event("breach", start, facts={"incident": "i"}, signers=signed("A"), id="b")


def notify(time: int):
    return event("notify", time, "B", {"incident": "i"}, BOTH, id=f"n{time}")


# Last instants that a lawyer finds with a calendar: (rule, zone, start, period, end of a duty).
BY_HAND = [
    ("plain", "UTC", "2026-03-01T09:00:00Z", period(24, Unit.HOUR), "2026-03-02T09:00:00Z"),
    ("plain", "UTC", "2026-03-01T09:00:00Z", period(90, Unit.MINUTE), "2026-03-01T10:30:00Z"),
    ("plain", "UTC", "2026-03-01T00:00:00Z", period(3, Unit.DAY), "2026-03-04T23:59:59.999999Z"),
    ("plain", "UTC", "2026-01-31T10:00:00Z", period(1, Unit.MONTH), "2026-02-28T23:59:59.999999Z"),
    ("plain", "UTC", "2024-02-29T10:00:00Z", period(1, Unit.YEAR), "2025-02-28T23:59:59.999999Z"),
    # The day is that of the zone: in Shanghai it is the 2nd already.
    ("plain", "Asia/Shanghai", "2026-03-01T16:00:00Z", period(1, Unit.DAY), "2026-03-03T15:59:59.999999Z"),
    # National Day 2026: 1 to 7 October are rest days, Saturday 10 October is worked.
    ("cn.civil_code", "Asia/Shanghai", "2026-09-30T01:00:00Z", period(3, Unit.DAY), "2026-10-08T15:59:59.999999Z"),
    ("cn.civil_code", "Asia/Shanghai", "2026-09-28T01:00:00Z", period(5, WORKED), "2026-10-10T15:59:59.999999Z"),
    # Easter 2026: a period of two days contains two working days (Regulation 1182/71, 3(5)).
    ("eu.reg_1182_71.DE", "Europe/Berlin", "2026-04-02T08:00:00Z", period(2, Unit.DAY), "2026-04-08T21:59:59.999999Z"),
    ("eu.reg_1182_71.DE", "Europe/Berlin", "2026-04-02T08:00:00Z", period(72, Unit.HOUR), "2026-04-05T08:00:00Z"),
    ("us.federal", "America/New_York", "2026-07-02T15:00:00Z", period(1, WORKED), "2026-07-07T03:59:59.999999Z"),
]  # fmt: skip


@pytest.mark.rule("2.17", "2.8")
@pytest.mark.parametrize(("rule", "zone", "start", "length", "last"), BY_HAND)
def test_a_duty_is_met_up_to_its_last_instant_and_breached_from_the_next(rule, zone, start, length, last) -> None:
    rules = contract(clause("1.1", must("B", "notify", length)), header=header(rule, zone))
    begun, end = moment(start), moment(last)
    for offset, status in ((-1, "fulfilled"), (0, "fulfilled"), (1, "violated")):
        found = duties_at(rules, end + 400 * DAY, breach(begun), notify(end + offset))[0]
        assert (found.status.value, found.due.latest) == (status, end)
    for offset, status in ((-1, "open"), (0, "open"), (1, "violated")):
        assert duties_at(rules, end + offset, breach(begun))[0].status.value == status


@pytest.mark.rule("2.17", "2.8", "2.6")
@given(
    st.sampled_from(RULES), st.sampled_from(ZONES), st.sampled_from(UNITS), st.integers(0, 40),
    st.integers(moment("2024-06-01T00:00:00Z"), moment("2026-06-01T00:00:00Z")),
)  # fmt: skip
def test_every_kind_of_period_ends_for_duties_and_windows_with_the_instant_that_counting_gives(
    rule: str, zone: str, unit: Unit, length: int, start: int
) -> None:
    length = min(length, 3) if unit is Unit.YEAR else length
    span = due(start, Duration(length, unit), rule, zone)
    rules = contract(clause("1.1", must("B", "notify", period(length, unit))), header=header(rule, zone))
    for offset in (-1, 0, 1):
        at_end = span.earliest + offset
        if at_end < start:
            continue
        found = duties_at(rules, span.earliest + 3000 * DAY, breach(start), notify(at_end))[0]
        if span.latest is None or span.latest != span.earliest:
            sure = {"fulfilled"} if offset <= 0 else {"unproven"}
            assert found.status.value in sure
        else:
            assert found.status.value == ("fulfilled" if offset <= 0 else "violated")
    window = valid_until(start, Duration(length, unit), rule, zone)
    inside = some_("consent", within=period(length, unit))
    consent = event("consent", start, signers=BOTH)
    for offset, truth in ((-1, Truth.TRUE), (0, Truth.TRUE), (1, Truth.FALSE)):
        if window.earliest + offset > start and window.latest == window.earliest:
            act = use(time=window.earliest + offset)
            assert judged_term(inside, act, consent, given=contract(header=header(rule, zone))) is truth


@pytest.mark.rule("2.17", "2.9")
@pytest.mark.parametrize(
    ("rule", "count", "unit"),
    [
        ("plain", 36, Unit.HOUR), ("plain", 5, Unit.DAY), ("plain", 1, Unit.MONTH), ("cn.civil_code", 5, Unit.DAY),
        ("cn.civil_code", 1, Unit.MONTH), ("cn.civil_code", 10, Unit.WORKING_DAY),
    ],
)  # fmt: skip
def test_a_repeated_duty_is_met_up_to_the_last_instant_of_its_period(rule: str, count: int, unit: Unit) -> None:
    start = moment("2026-03-01T00:00:00Z")
    rules = contract(
        clause("1.1", repeatedly("B", "notify", period(count, unit))),
        header=Header(rule=rule, since=date(2026, 3, 1)),
    )
    end = due(start, Duration(count, unit), rule, "UTC").earliest
    for offset, status in ((-1, "fulfilled"), (0, "fulfilled"), (1, "violated")):
        assert duties_at(rules, end + DAY, notify(end + offset))[0].status.value == status


@pytest.mark.rule("2.17", "2.4")
def test_each_sentence_keeps_the_counting_rule_and_zone_of_its_own_file() -> None:
    from smartclause.logic.contract import ModuleKind
    from tests.logic.builders import file

    gdpr = file(
        clause("1.1", must("B", "notify", period(2, Unit.DAY)), module="eu"), name="eu", kind=ModuleKind.PACK,
        parties="B", header=header("eu.reg_1182_71.DE", "Europe/Berlin"),
    )  # fmt: skip
    own = clause("1.1", must("B", "notify", period(2, Unit.DAY)))
    rules = contract(own, others=(gdpr,), header=header("cn.civil_code", "Asia/Shanghai"))
    ends = {
        i.clause: i.due.latest
        for i in duties_at(rules, moment("2026-05-01T00:00:00Z"), breach(moment("2026-04-02T08:00:00Z")))
    }
    assert ends == {
        "m.1.1": moment("2026-04-07T15:59:59.999999Z"),  # Qingming: 4 to 6 April 2026
        "eu.1.1": moment("2026-04-08T21:59:59.999999Z"),
    }


@pytest.mark.rule("2.17")
@pytest.mark.parametrize("unit", [Unit.DAY, Unit.WORKING_DAY])
def test_a_year_without_a_calendar_gives_an_interval_and_never_a_breach_by_guess(unit: Unit) -> None:
    rules = contract(
        clause("1.1", must("B", "notify", period(10, unit))), header=header("cn.civil_code", "Asia/Shanghai")
    )
    start = moment("2090-03-01T00:00:00Z")
    first = due(start, Duration(10, unit), "cn.civil_code", "Asia/Shanghai").earliest
    assert duties_at(rules, first, breach(start))[0].status.value == "open"
    missed = duties_at(rules, first + 900 * DAY, breach(start))[0]
    assert missed.status.value == "unproven"
    assert "no calendar" in {r.kind for r in missed.reasons}
    assert duties_at(rules, first + 900 * DAY, breach(start), notify(first))[0].status.value == "fulfilled"
    assert duties_at(rules, first + 900 * DAY, breach(start), notify(first + 1))[0].status.value == "unproven"
