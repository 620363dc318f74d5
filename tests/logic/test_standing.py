"""Standing and repeated duties: every stretch of neglect is one breach, with its start and end (2.9)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from smartclause.logic.contract import Dated, Edge, Vocabulary
from smartclause.logic.record import Event
from smartclause.logic.terms import ClauseViolated, Covers, Order, Query, Some
from smartclause.logic.truth import Truth
from tests.logic.builders import (
    CONCEPT,
    TIMES,
    VOCABULARY,
    at,
    clause,
    compare,
    concept,
    contract,
    count,
    days,
    duties_at,
    ensure,
    event,
    fact,
    figure,
    hours,
    in_force,
    judged,
    latest,
    may,
    months,
    must_not,
    parameter,
    repeatedly,
    signed,
    silent,
    some_,
    use,
)

FORCE = in_force("2026-01-01")
BOTH = signed("A", "B")


def report(day: str | int, **more) -> Event:
    return event("notify", day, "B", {"incident": "i"}, BOTH, id=f"report-{day}", **more)


def monthly(**more):
    return contract(clause("1.1", repeatedly("B", "notify", months(1))), header=FORCE, **more)


def statuses(given, now: str, *records: Event, **more) -> list[str]:
    return [i.status.value for i in duties_at(given, now, *records, **more)]


# ---- repeated


@pytest.mark.rule("2.9")
def test_a_silent_year_of_monthly_reports_is_twelve_breaches() -> None:
    found = duties_at(monthly(), "2027-01-02")
    assert [i.status.value for i in found] == ["violated"] * 12 + ["open"]
    assert [i.since for i in found[:3]] == [at(d) - 1 for d in ("2026-02-02", "2026-03-02", "2026-04-02")]


@pytest.mark.rule("2.9")
def test_each_report_opens_the_next_period_and_does_not_answer_it() -> None:
    found = duties_at(monthly(), "2026-03-15", report("2026-01-20"), report("2026-02-10"))
    assert [(i.start, i.status.value) for i in found] == [
        (at("2026-01-01"), "fulfilled"), (at("2026-01-20"), "fulfilled"), (at("2026-02-10"), "violated"),
        (at("2026-03-11") - 1, "open"),
    ]  # fmt: skip


@pytest.mark.rule("2.9")
@pytest.mark.parametrize(("when", "first"), [(-1, "fulfilled"), (0, "fulfilled"), (1, "violated")])
def test_a_report_counts_up_to_the_last_instant_of_its_period(when: int, first: str) -> None:
    due = at("2026-02-02") - 1
    assert statuses(monthly(), "2026-02-15", report(due + when))[0] == first


@pytest.mark.rule("2.9", "2.8")
def test_a_repeated_duty_is_violated_until_the_next_act() -> None:
    rules = monthly()
    barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1")))
    ever = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1", ever=True)))
    own = rules.modules[0].clauses[0]
    late = report("2026-02-10")
    for test, after in ((barred, Truth.TRUE), (ever, Truth.FALSE)):
        given = contract(own, test, header=FORCE)
        assert judged(given, use(time="2026-02-01")) is Truth.TRUE
        assert judged(given, use(time="2026-02-09"), late) is Truth.FALSE
        assert judged(given, use(time="2026-02-11"), late) is after


@pytest.mark.rule("2.9")
def test_a_report_in_doubt_leaves_it_unknown_whether_the_duty_is_still_violated() -> None:
    own = monthly().modules[0].clauses[0]
    given = contract(own, clause("2.1", may("A", "use", ClauseViolated("m.1.1"))), header=FORCE)
    doubtful = replace(report("2026-02-10"), unreliable=True)
    act = use(time="2026-02-11", by="A")
    assert judged(given, act) is Truth.TRUE
    assert judged(given, act, doubtful) is Truth.UNKNOWN


@pytest.mark.rule("2.9", "2.11")
def test_after_the_end_of_force_no_new_period_opens() -> None:
    given = contract(clause("1.1", repeatedly("B", "notify", months(1))), header=in_force("2026-01-01", "2026-03-15"))
    assert len(duties_at(given, "2027-01-01")) == 3  # the one that is running lives on


@pytest.mark.rule("2.9", "2.3")
def test_a_repeated_duty_of_a_clause_that_does_not_apply_imposes_nothing() -> None:
    given = contract(clause("1.1", repeatedly("B", "notify", months(1)), applies=some_("breach")), header=FORCE)
    assert "violated" not in statuses(given, "2026-12-01")


@pytest.mark.rule("2.9")
def test_a_period_of_no_length_does_not_hang() -> None:
    given = contract(clause("1.1", repeatedly("B", "notify", hours(0))), header=in_force("2026-01-01", "2026-01-01"))
    assert len(duties_at(given, at("2026-01-01") + 5)) <= 7


@pytest.mark.rule("2.9")
def test_two_reports_of_one_instant_open_a_period_each_and_the_later_is_not_answered_by_the_earlier() -> None:
    day = at("2026-01-20")
    found = duties_at(monthly(), "2026-02-01", report(day), replace(report(day), id="another"))
    assert [(i.start, i.answered, i.status.value) for i in found] == [
        (at("2026-01-01"), f"report-{day}", "fulfilled"), (day, "another", "fulfilled"), (day, "", "open"),
    ]  # fmt: skip


# ---- standing

AUDITED = some_("consent", within=days(10))


def consent(day: str | int, subject: str = "s1", **more) -> Event:
    signers = more.pop("signers", signed("A"))
    facts = {"subject": subject, **more.pop("facts", {})}
    return event("consent", day, "", facts, signers, id=f"c-{subject}-{day}", **more)


def standing(that=AUDITED, header=FORCE, **more):
    parameters, vocabulary = more.pop("parameters", ()), more.pop("vocabulary", VOCABULARY)
    return contract(
        clause("1.1", ensure("B", that, **more)), header=header, parameters=parameters, vocabulary=vocabulary
    )


def breaches(given, now: str | int, *records: Event, **more) -> list[tuple[int, int | None]]:
    return [(i.since, i.ended) for i in duties_at(given, now, *records, **more) if i.status.value == "violated"]


@pytest.mark.rule("2.9")
def test_each_stretch_in_which_the_condition_is_false_is_one_breach_with_start_and_end() -> None:
    found = breaches(standing(), "2026-02-01", consent("2026-01-05T10:00"), consent("2026-01-20T10:00"))
    assert found == [
        (at("2026-01-01"), at("2026-01-05T10:00")),
        (at("2026-01-16"), at("2026-01-20T10:00")),  # ten days after the 5th end with the 15th
        (at("2026-01-31"), None),
    ]


@pytest.mark.rule("2.9")
def test_the_condition_is_judged_after_the_last_record_of_an_instant() -> None:
    two = (consent("2026-01-05", facts={"given": False}), consent("2026-01-05", "s2", facts={"given": True}))
    given = standing(compare(Order.AT_LEAST, count("consent", fact("given")), parameterless(1)))
    assert breaches(given, "2026-02-01", *two) == [(at("2026-01-01"), at("2026-01-05"))]


def parameterless(n: int):
    from tests.logic.builders import number

    return number(n, TIMES)


@pytest.mark.rule("2.9")
def test_it_is_judged_where_a_calendar_window_begins() -> None:
    found = breaches(standing(some_("consent", within="month")), "2026-02-20", consent("2026-01-01"))
    assert found == [(at("2026-02-01"), None)]


@pytest.mark.rule("2.9")
def test_it_is_judged_where_a_dated_value_begins_and_where_it_ends() -> None:
    least = figure("n", TIMES, Dated(Decimal(1), until=date(2026, 1, 31)), Dated(Decimal(2), since=date(2026, 3, 1)))
    given = standing(compare(Order.AT_LEAST, count("consent"), parameter("n", TIMES)), parameters=(least,))
    found = [(i.start, i.status.value) for i in duties_at(given, "2026-04-01", consent("2026-01-01"))]
    assert found == [
        (at("2026-01-01"), "fulfilled"), (at("2026-02-01"), "unproven"), (at("2026-03-01"), "violated"),
    ]  # fmt: skip


@pytest.mark.rule("2.9", "2.12")
def test_it_is_judged_where_a_dated_edge_begins_or_ends() -> None:
    edges = tuple(
        replace(e, since=date(2026, 2, 1), until=date(2026, 2, 28)) if e == Edge("v.pretraining", "v.training") else e
        for e in VOCABULARY.edges
    )
    dated = Vocabulary(VOCABULARY.concepts, edges, VOCABULARY.disjoint)
    given = standing(Covers(concept("training"), latest("consent", "purpose", kind=CONCEPT)), vocabulary=dated)
    record = consent("2025-12-31", facts={"purpose": "v.pretraining"})
    found = [(i.start, i.status.value) for i in duties_at(given, "2026-04-01", record)]
    assert found == [
        (at("2026-01-01"), "unproven"), (at("2026-02-01"), "fulfilled"), (at("2026-03-01"), "unproven"),
    ]  # fmt: skip


@pytest.mark.rule("2.9")
def test_for_each_key_it_is_judged_by_itself() -> None:
    given = standing(Some(Query("m.consent", fact("given"), ("subject",))), for_each="subject")
    records = (
        consent("2026-01-02", facts={"given": True}), consent("2026-01-02", "s2", facts={"given": False}),
        consent("2026-01-09", "s2", facts={"given": True}),
    )  # fmt: skip
    found = {
        (dict(i.keys)["subject"], i.start): i.ended for i in duties_at(given, "2026-02-01", *records)
        if i.status.value == "violated"
    }  # fmt: skip
    assert found == {("s1", at("2026-01-01")): at("2026-01-02"), ("s2", at("2026-01-01")): at("2026-01-09")}


@pytest.mark.rule("2.9")
def test_it_begins_after_the_period_agreed() -> None:
    given = standing(AUDITED, after=days(10))
    assert breaches(given, "2026-01-11T23:59") == []
    assert breaches(given, "2026-01-12") == [(at("2026-01-12"), None)]


@pytest.mark.rule("2.9", "2.11")
def test_a_standing_breach_ends_with_the_force_of_the_contract() -> None:
    given = standing(header=in_force("2026-01-01", "2026-01-31"))
    assert breaches(given, "2026-03-01") == [(at("2026-01-01"), at("2026-02-01"))]
    assert breaches(standing(), "2026-03-01") == [(at("2026-01-01"), None)]
    ends = [event("termination", "2026-01-20", p, {"contract": "m"}, signed(p), id=f"t{p}") for p in "AB"]
    assert breaches(standing(), "2026-03-01", *ends) == [(at("2026-01-01"), at("2026-01-20") + 1)]


@pytest.mark.rule("2.9")
def test_a_condition_in_doubt_is_unproven_and_never_compliance() -> None:
    doubtful = replace(consent("2026-01-01"), unreliable=True)
    assert statuses(standing(), "2026-01-05", doubtful) == ["unproven"]
    assert statuses(standing(), "2026-01-05", consent("2026-01-01", signers=signed("B"))) == ["unproven"]


@pytest.mark.rule("2.9", "2.8")
def test_a_standing_duty_is_violated_while_its_condition_is_false() -> None:
    barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1")))
    given = contract(clause("1.1", ensure("B", AUDITED)), barred, header=FORCE)
    record = consent("2026-01-05T10:00")
    days_and_truths = (("2026-01-04", Truth.FALSE), ("2026-01-06", Truth.TRUE), ("2026-01-16", Truth.FALSE))
    assert [judged(given, use(time=day), record) for day, _ in days_and_truths] == [t for _, t in days_and_truths]


@pytest.mark.rule("2.9", "2.8")
@pytest.mark.parametrize(("ever", "last"), [(False, Truth.TRUE), (True, Truth.UNKNOWN)])
def test_once_its_condition_surely_holds_again_a_standing_duty_is_not_violated_whatever_stays_unproven(
    ever: bool, last: Truth
) -> None:
    """Whether the stretch that nobody can judge was a breach or not: it is over. Whether there ever was one is not."""
    barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1", ever=ever)))
    given = contract(clause("1.1", ensure("B", AUDITED)), barred, header=FORCE)
    gap = replace(silent("A", "2026-01-08"), until=at("2026-01-09"))
    records = (consent("2025-12-31"), consent("2026-01-15T10:00"))
    days_and_truths = (
        ("2026-01-07", Truth.TRUE), ("2026-01-12", Truth.UNKNOWN), ("2026-01-16", last), ("2026-02-01", Truth.FALSE),
    )  # fmt: skip
    for day, truth in days_and_truths:
        assert judged(given, use(time=day), *records, clouds=(gap,)) is truth, day


@pytest.mark.rule("2.9", "2.3")
def test_a_standing_duty_of_a_clause_that_does_not_apply_imposes_nothing() -> None:
    given = contract(clause("1.1", ensure("B", AUDITED), applies=some_("breach")), header=FORCE)
    assert breaches(given, "2026-02-01") == []
    assert breaches(given, "2026-02-01", event("breach", "2026-01-10", facts={"incident": "i"})) == [
        (at("2026-01-10"), None)
    ]


@pytest.mark.rule("2.9", "2.7")
def test_a_silent_source_leaves_a_standing_duty_unproven_from_then() -> None:
    found = duties_at(standing(), "2026-01-20", clouds=(silent("A", "2026-01-03"),))
    assert [(i.start, i.status.value) for i in found] == [
        (at("2026-01-01"), "violated"), (at("2026-01-03"), "unproven"),
    ]  # fmt: skip


@pytest.mark.rule("2.9", "2.7")
def test_a_gap_leaves_a_standing_duty_unproven_until_it_falls_out_of_the_window() -> None:
    gap = replace(silent("A", "2026-01-03"), until=at("2026-01-04"))
    found = duties_at(standing(), "2026-02-01", clouds=(gap,))
    assert [(i.start, i.status.value) for i in found] == [
        (at("2026-01-01"), "violated"), (at("2026-01-03"), "unproven"), (at("2026-01-15"), "violated"),
    ]  # fmt: skip


@pytest.mark.rule("2.9", "2.7")
def test_a_gap_leaves_a_standing_duty_unproven_until_its_calendar_window_is_over() -> None:
    gap = replace(silent("A", "2026-01-03"), until=at("2026-01-04"))
    given = standing(some_("consent", within="month"))
    for records in ((), (consent("2026-03-10"),)):
        found = duties_at(given, "2026-03-20", *records, clouds=(gap,))
        assert [(i.start, i.status.value) for i in found][:3] == [
            (at("2026-01-01"), "violated"), (at("2026-01-03"), "unproven"), (at("2026-02-01"), "violated"),
        ]  # fmt: skip
