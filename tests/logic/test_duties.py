"""Duties: what opens them, what answers them, when, and what is never compliance (2.8)."""

from dataclasses import replace
from datetime import date

import pytest

from smartclause.logic.contract import Dated, Header
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.record import Event, Signer, Trust
from smartclause.logic.terms import ClauseViolated, Const
from smartclause.logic.truth import Truth
from tests.logic.builders import (
    DURATION,
    HOUR,
    INSTANT,
    TYPES,
    at,
    clause,
    complete,
    contract,
    days,
    duties_at,
    event,
    fact,
    figure,
    hours,
    in_force,
    judged,
    may,
    must,
    must_not,
    parameter,
    repeatedly,
    signed,
    silent,
    some_,
    status_at,
    use,
)

START = at("2026-03-01T09:00")
DUE = START + 24 * HOUR
MUCH_LATER = "2026-12-01"
BY_A, BY_BOTH = signed("A"), signed("A", "B")


def breach(time: int | str = START, incident: str = "i", signers=BY_A, **facts) -> Event:
    return event("breach", time, facts={"incident": incident, **facts}, signers=signers, id=f"breach-{incident}-{time}")


def notify(time: int | str, incident: str = "i", by: str = "B", to: str = "A", signers=BY_BOTH, **facts) -> Event:
    return event("notify", time, by, {"incident": incident, **facts}, signers, to=to, id=f"notify-{incident}-{time}")


NOTICE = contract(clause("1.1", must("B", "notify", hours(24), to="A")))


# ---- answering


@pytest.mark.rule("2.8")
@pytest.mark.parametrize(
    ("answer", "status"),
    [(START, "fulfilled"), (DUE - 1, "fulfilled"), (DUE, "fulfilled"), (DUE + 1, "violated"), (START - 1, "violated")],
)
def test_an_answer_counts_from_the_instant_of_the_trigger_up_to_the_last_instant(answer: int, status: str) -> None:
    assert status_at(NOTICE, MUCH_LATER, breach(), notify(answer)) == [status]


@pytest.mark.rule("2.8")
@pytest.mark.parametrize(("now", "status"), [(START, "open"), (DUE - 1, "open"), (DUE, "open"), (DUE + 1, "violated")])
def test_a_duty_is_open_up_to_its_due_and_violated_after(now: int, status: str) -> None:
    assert status_at(NOTICE, now, breach()) == [status]


@pytest.mark.rule("2.8")
@pytest.mark.parametrize(
    "wrong",
    [
        notify(START + 1, to="C"),
        notify(START + 1, to=""),
        notify(START + 1, incident="other"),
        notify(START + 1, by="A"),
        replace(notify(START + 1), type="m.erase"),
    ],
)
def test_an_act_to_another_for_another_by_another_or_of_another_kind_answers_nothing(wrong: Event) -> None:
    assert status_at(NOTICE, MUCH_LATER, breach(), wrong) == ["violated"]


@pytest.mark.rule("2.8")
def test_one_act_answers_every_instance_of_its_key_and_no_other() -> None:
    records = (breach(), breach(START + HOUR), breach(START, "j"), notify(START + 2 * HOUR))
    found = {(dict(i.keys)["incident"], i.start): i.status.value for i in duties_at(NOTICE, MUCH_LATER, *records)}
    assert found == {("i", START): "fulfilled", ("i", START + HOUR): "fulfilled", ("j", START): "violated"}


@pytest.mark.rule("2.8", "2.9")
def test_of_several_acts_that_would_answer_the_first_in_time_answers() -> None:
    """Whichever the sentence names first; with a repeated duty each of them opens a period."""
    erased, notified = (
        event(name, START + later, "B", {"incident": "i"}, BY_BOTH, id=name)
        for name, later in (("erase", HOUR), ("notify", 2 * HOUR))
    )
    once = contract(clause("1.1", must("B", "notify erase", hours(24))))
    found = duties_at(once, MUCH_LATER, breach(), erased, notified)
    assert [(i.answered, i.answered_at) for i in found] == [("erase", START + HOUR)]
    again = contract(clause("1.1", repeatedly("B", "notify erase", days(3))), header=in_force("2026-03-01"))
    starts = [i.start for i in duties_at(again, START + 3 * HOUR, erased, notified)]
    assert starts == [at("2026-03-01"), START + HOUR, START + 2 * HOUR]


@pytest.mark.rule("2.8")
def test_the_condition_of_an_answer_is_judged_at_that_act() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A", answer=fact("complete"))))
    found = [
        status_at(rules, MUCH_LATER, breach(), notify(START + 1, **f))
        for f in ({"complete": True}, {"complete": False}, {})
    ]
    assert found == [["fulfilled"], ["violated"], ["unproven"]]


@pytest.mark.rule("2.8")
def test_the_condition_of_an_answer_may_read_history() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A", answer=some_("consent"))))
    consent = event("consent", START + 2, signers=signed("A"))
    assert status_at(rules, MUCH_LATER, breach(), consent, notify(START + 3)) == ["fulfilled"]
    assert status_at(rules, MUCH_LATER, breach(), notify(START + 1), consent) == ["violated"]


@pytest.mark.rule("2.8", "2.2")
def test_a_broader_act_may_have_been_the_answer_and_is_no_proof() -> None:
    rules = contract(clause("1.1", must("B", "train", hours(24))))
    done = event("use", START + 1, "B", {"incident": "i"}, signed("A"))
    assert status_at(rules, MUCH_LATER, breach(), done) == ["unproven"]
    assert status_at(rules, MUCH_LATER, breach(), replace(done, type="m.train")) == ["fulfilled"]


@pytest.mark.rule("2.8")
def test_a_late_answer_leaves_the_breach_and_ends_the_owing() -> None:
    found = duties_at(NOTICE, MUCH_LATER, breach(), notify(DUE + 1))[0]
    assert (found.status.value, found.since, found.answered_at) == ("violated", DUE, DUE + 1)


# ---- opening


@pytest.mark.rule("2.8")
@pytest.mark.parametrize(
    ("facts", "statuses"), [({"severe": True}, ["violated"]), ({"severe": False}, []), ({}, ["unproven"])]
)
def test_an_instance_opens_unless_its_condition_is_false(facts, statuses) -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), where=fact("severe"), to="A")))
    assert status_at(rules, MUCH_LATER, breach(**facts)) == statuses


@pytest.mark.rule("2.8")
@pytest.mark.parametrize(
    ("facts", "statuses"), [({"severe": True}, []), ({"severe": False}, ["violated"]), ({}, ["unproven"])]
)
def test_an_instance_opens_unless_its_exception_is_true_at_the_trigger(facts, statuses) -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), except_=fact("severe"), to="A")))
    assert status_at(rules, MUCH_LATER, breach(**facts)) == statuses


@pytest.mark.rule("2.8")
def test_the_exception_is_judged_at_the_trigger_and_not_later() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), except_=some_("consent"), to="A")))
    consent = event("consent", START - 1, signers=signed("A"))
    assert status_at(rules, MUCH_LATER, consent, breach()) == []
    assert status_at(rules, MUCH_LATER, breach(), replace(consent, time=START + 1)) == ["violated"]


@pytest.mark.rule("2.8", "2.6")
def test_the_debtor_is_not_excused_by_its_own_records_and_is_bound_by_them() -> None:
    excused = contract(clause("1.1", must("B", "notify", hours(24), except_=some_("consent"), to="A")))
    consent = event("consent", START - 1, signers=signed("B"))
    assert status_at(excused, MUCH_LATER, consent, breach()) == ["unproven"]
    assert status_at(NOTICE, MUCH_LATER, breach(signers=signed("B"))) == ["violated"]


@pytest.mark.rule("2.8")
def test_a_trigger_that_cannot_be_relied_on_leaves_the_duty_unproven() -> None:
    assert status_at(NOTICE, MUCH_LATER, replace(breach(), unreliable=True)) == ["unproven"]
    assert status_at(NOTICE, MUCH_LATER, breach(signers=signed("A", trust=Trust.UNCERTAIN))) == ["unproven"]


@pytest.mark.rule("2.7", "2.8")
def test_a_compromise_that_the_party_itself_declares_leaves_what_speaks_against_it() -> None:
    disowned = signed("B", trust=Trust.DISOWNED)
    assert status_at(NOTICE, MUCH_LATER, breach(signers=disowned)) == ["violated"]
    assert status_at(NOTICE, MUCH_LATER, breach(signers=signed("B", trust=Trust.UNCERTAIN))) == ["unproven"]
    assert status_at(NOTICE, MUCH_LATER, breach(), notify(START + 1, signers=disowned)) == ["unproven"]
    barred = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", some_("breach"))))
    assert judged(barred, use(), breach(signers=disowned)) is Truth.FALSE


@pytest.mark.rule("2.6", "2.13")
def test_a_doubtful_signature_beside_its_own_does_not_free_a_party_from_its_record() -> None:
    junk = Signer("nobody", "", trust=Trust.UNCERTAIN)
    assert status_at(NOTICE, MUCH_LATER, breach(signers=(*signed("B"), junk))) == ["violated"]
    owing = contract(clause("1.1", must("B", "share", hours(24))))
    act = use({"incident": "i"}, START + 1, act="share")
    assert judged(owing, act, breach(signers=(*signed("B"), junk))) is Truth.UNKNOWN


@pytest.mark.rule("2.8", "2.3")
def test_a_clause_that_does_not_apply_imposes_nothing() -> None:
    applies = some_("consent", by="anyone")
    records = (breach(), event("consent", "2025-12-01", signers=signed("A")))
    for duty in (
        must("B", "notify", hours(24), to="A"),
        must("B", "notify", hours(24), to="A", breached="9.1"),
        must("B", "notify", hours(24), to="A", when="", key=""),
    ):
        other = clause("9.1", must("A", "notify", hours(24)))
        rules = contract(clause("1.1", duty, applies=applies), other, header=in_force("2026-01-01"))
        mine = lambda *r: [i.status.value for i in duties_at(rules, MUCH_LATER, *r) if i.clause == "m.1.1"]  # noqa: B023, E731
        assert mine(records[0]) == []
        assert mine(*records) == ["violated"]


@pytest.mark.rule("2.8")
def test_a_duty_without_trigger_runs_from_the_start_of_force() -> None:
    duty = must("B", "notify", days(10), when="", key="", to="A")
    rules = contract(clause("1.1", duty), header=in_force("2026-03-01"))
    assert status_at(rules, "2026-02-28") == []
    assert status_at(rules, "2026-03-11T23:59") == ["open"]
    assert status_at(rules, "2026-03-12") == ["violated"]
    assert status_at(rules, "2026-03-12", notify("2026-03-11T23:00")) == ["fulfilled"]


@pytest.mark.rule("2.8", "2.17")
def test_the_period_has_the_value_of_the_instant_of_the_trigger() -> None:
    period = figure(
        "p", DURATION,
        Dated(Duration(24, Unit.HOUR), until=date(2026, 3, 1)), Dated(Duration(1, Unit.HOUR), since=date(2026, 3, 2)),
    )  # fmt: skip
    rules = contract(clause("1.1", must("B", "notify", parameter("p", DURATION), to="A")), parameters=(period,))
    assert [i.due.latest for i in duties_at(rules, MUCH_LATER, breach())] == [DUE]
    later = at("2026-03-02T09:00")
    assert [i.due.latest for i in duties_at(rules, MUCH_LATER, breach(later))] == [later + HOUR]
    aware = contract(
        clause("1.1", must("B", "notify", parameter("p", DURATION), to="A", clock="aware_at")), parameters=(period,)
    )
    found = duties_at(aware, MUCH_LATER, breach(later, aware_at=START))[0]
    assert found.due.latest == START + HOUR


@pytest.mark.rule("2.8", "2.17")
def test_a_blank_period_is_never_met_for_sure_and_never_breached() -> None:
    rules = contract(
        clause("1.1", must("B", "notify", parameter("p", DURATION), to="A")), parameters=(figure("p", DURATION),)
    )
    assert status_at(rules, MUCH_LATER, breach()) == ["unproven"]


# ---- clocks


@pytest.mark.rule("2.8")
@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"aware_at": START - HOUR}, DUE - HOUR),  # known before it was recorded
        ({"aware_at": START}, DUE),
        ({"aware_at": START + HOUR}, DUE),  # later, on nobody's word but the recorder's
    ],
)
def test_a_clock_field_later_than_the_trigger_counts_only_if_its_role_shows_it(facts, due: int) -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A", clock="aware_at")))
    assert [i.due.latest for i in duties_at(rules, MUCH_LATER, breach(**facts))] == [due]


@pytest.mark.rule("2.8", "2.13")
def test_a_clock_field_shown_by_its_role_may_be_later_and_unsigned_is_unknown() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A", clock="found_at")))
    auditor = Signer("x", "X", frozenset({"auditor"}))
    shown = breach(found_at=START + HOUR, signers=(*signed("A"), auditor))
    assert [i.due.latest for i in duties_at(rules, MUCH_LATER, shown)] == [DUE + HOUR]
    assert status_at(rules, MUCH_LATER, breach(found_at=START + HOUR)) == ["unproven"]


@pytest.mark.rule("2.8")
def test_a_clock_field_not_shown_makes_due_an_interval_and_nothing_before_the_trigger_answers_for_sure() -> None:
    rules = contract(
        clause("1.1", must("B", "notify", hours(24), to="A", clock="aware_at")), header=in_force("2026-01-01")
    )
    assert status_at(rules, MUCH_LATER, breach()) == ["violated"]
    assert status_at(rules, DUE, breach()) == ["unproven"]
    for answer in (START - 1, START + 1, DUE):
        assert status_at(rules, MUCH_LATER, breach(), notify(answer)) == ["unproven"]
    assert status_at(rules, MUCH_LATER, breach(), notify(DUE + 1)) == ["violated"]


@pytest.mark.rule("2.8", "2.2")
def test_a_trigger_recorded_late_by_the_debtor_counts_from_the_time_it_claims() -> None:
    own = replace(breach(START - 48 * HOUR, signers=signed("B")), received=START)
    theirs = replace(breach(START - 48 * HOUR, signers=signed("A")), received=START)
    assert [i.due.latest for i in duties_at(NOTICE, MUCH_LATER, own)] == [DUE - 48 * HOUR]
    assert [i.due.latest for i in duties_at(NOTICE, MUCH_LATER, theirs)] == [DUE]


@pytest.mark.rule("2.8", "2.11")
def test_a_debtor_does_not_leave_force_by_recording_late() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A")), header=in_force("2026-01-01", "2026-03-01"))
    own = replace(breach(START, signers=signed("B")), received=START + 48 * HOUR)
    theirs = replace(own, signers=signed("A"))
    assert status_at(rules, MUCH_LATER, own) == ["violated"]
    assert status_at(rules, MUCH_LATER, theirs) == []


# ---- otherwise, cure, breach triggers

CURE = contract(clause("1.1", must("B", "notify", hours(24), to="A", otherwise=must("B", "erase", hours(24), when=""))))


def erase(time: int, incident: str = "i") -> Event:
    return event("erase", time, "B", {"incident": incident}, signed("A", "B"), id=f"erase-{time}")


@pytest.mark.rule("2.8")
@pytest.mark.parametrize(
    ("when", "status"),
    [(DUE - 1, "violated"), (DUE, "cured"), (DUE + 24 * HOUR, "cured"), (DUE + 24 * HOUR + 1, "violated")],
)
def test_the_otherwise_opens_at_due_is_counted_from_due_and_cures_in_time(when: int, status: str) -> None:
    assert status_at(CURE, MUCH_LATER, breach(), erase(when)) == [status]


@pytest.mark.rule("2.8")
def test_the_otherwise_must_carry_the_same_key() -> None:
    assert status_at(CURE, MUCH_LATER, breach(), erase(DUE + 1, "j")) == ["violated"]


@pytest.mark.rule("2.8")
def test_a_cured_breach_is_violated_no_more_but_has_ever_been() -> None:
    for ever, truth in ((False, Truth.TRUE), (True, Truth.FALSE)):
        barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1", ever=ever)))
        rules = contract(*CURE.modules[0].clauses, barred)
        assert judged(rules, use(), breach(), erase(DUE + 1)) is truth


@pytest.mark.rule("2.8")
def test_a_cure_in_doubt_leaves_it_unknown_whether_the_clause_is_violated() -> None:
    remedy = clause("2.1", may("A", "use", ClauseViolated("m.1.1")))
    rules = contract(*CURE.modules[0].clauses, remedy)
    doubtful = replace(erase(DUE + 1), unreliable=True)
    soon, late = use(time=DUE + 2, by="A"), use(time=DUE + 48 * HOUR, by="A")
    opened = breach(signers=signed("A", "B"))
    assert judged(rules, soon, opened) is Truth.TRUE
    assert judged(rules, soon, opened, doubtful) is Truth.UNKNOWN
    assert judged(rules, late, opened, doubtful) is Truth.UNKNOWN


@pytest.mark.rule("2.8", "2.10")
def test_while_a_breach_is_unproven_its_otherwise_is_owed_in_doubt() -> None:
    rules = contract(
        clause("1.1", must("B", "notify", hours(24), to="A", otherwise=must("B", "share", hours(24), when="")))
    )
    act = use({"incident": "i"}, DUE + 2, act="share")
    doubtful = replace(notify(START + 1), unreliable=True)
    assert judged(rules, act, breach()) is Truth.TRUE
    assert judged(rules, act, breach(), doubtful) is Truth.UNKNOWN
    assert judged(rules, act, breach(), notify(START + 1)) is Truth.FALSE


@pytest.mark.rule("2.3", "2.8")
def test_a_breach_as_trigger_fires_once_for_each_instance_at_its_due() -> None:
    rules = contract(
        clause("1.1", must("B", "notify", hours(24), to="A")),
        clause("1.2", must("B", "erase", hours(24), breached="1.1")),
    )
    records = (breach(), breach(START, "j"), breach(START, "k"), notify(START + 1, "k"), erase(DUE + 1))
    found = [i for i in duties_at(rules, MUCH_LATER, *records) if i.clause == "m.1.2"]
    assert [(dict(i.keys)["incident"], i.start, i.status.value) for i in found] == [
        ("i", DUE, "fulfilled"), ("j", DUE, "violated"),
    ]  # fmt: skip


@pytest.mark.rule("2.8")
def test_a_running_deadline_violates_nothing() -> None:
    barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1")))
    rules = contract(*NOTICE.modules[0].clauses, barred)
    assert judged(rules, use(time=DUE), breach()) is Truth.TRUE
    assert judged(rules, use(time=DUE + 1), breach()) is Truth.FALSE


@pytest.mark.rule("2.8")
def test_a_single_sentence_of_a_clause_can_be_asked_for() -> None:
    two = clause("1.1", must("B", "notify", hours(24), to="A"), must("B", "erase", hours(24)))
    for sentence, truth in ((0, Truth.FALSE), (1, Truth.TRUE), (2, Truth.FALSE)):
        barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1", sentence)))
        assert judged(contract(two, barred), use(), breach(), notify(START + 1)) is truth


@pytest.mark.rule("2.8")
def test_with_the_same_key_only_its_own_breach_matters() -> None:
    barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1", keys=("incident",))))
    rules = contract(*NOTICE.modules[0].clauses, barred)
    assert judged(rules, use({"incident": "i"}), breach()) is Truth.FALSE
    assert judged(rules, use({"incident": "j"}), breach()) is Truth.TRUE


@pytest.mark.rule("2.8", "2.5")
def test_an_unseen_trigger_that_could_be_past_due_leaves_the_test_unknown() -> None:
    barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1")))
    rules = contract(*NOTICE.modules[0].clauses, barred)
    now = use(time=DUE + 1)
    assert judged(rules, now, clouds=(silent("A", START),)) is Truth.UNKNOWN
    assert judged(rules, now, clouds=(silent("A", START + 2),)) is Truth.TRUE


# ---- silence


@pytest.mark.rule("2.8")
def test_past_due_the_records_of_the_debtor_are_awaited_until_it_is_complete_or_silent_too_long() -> None:
    def status(now: int, known: int) -> list[str]:
        return status_at(NOTICE, now, breach(), sources=(complete("A", 2**60), complete("B", known)))

    assert status(DUE + HOUR, DUE - 1) == ["awaiting records"]
    assert status(DUE + HOUR, DUE) == ["violated"]
    assert status(DUE + 24 * HOUR - 1, START) == ["awaiting records"]
    assert status(DUE + 24 * HOUR, START) == ["violated"]


@pytest.mark.rule("2.8")
def test_the_header_says_how_long_records_are_awaited() -> None:
    header = Header(records_due=Duration(1, Unit.HOUR))
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A")), header=header)
    sources = (complete("A", 2**60), complete("B", START))
    assert status_at(rules, DUE + HOUR - 1, breach(), sources=sources) == ["awaiting records"]
    assert status_at(rules, DUE + HOUR, breach(), sources=sources) == ["violated"]


@pytest.mark.rule("2.8")
def test_a_receipt_that_another_may_hold_back_is_awaited_until_its_source_is_complete() -> None:
    def status(known: int) -> list[str]:
        return status_at(NOTICE, MUCH_LATER, breach(), sources=(complete("A", known), complete("B", 2**60)))

    assert status(DUE - 1) == ["awaiting records"]
    assert status(DUE) == ["violated"]


@pytest.mark.rule("2.7", "2.8")
def test_a_gap_in_which_the_other_may_have_recorded_the_answer_leaves_the_breach_unproven() -> None:
    gap = replace(silent("A", START + 1), until=START + HOUR)
    assert status_at(NOTICE, MUCH_LATER, breach(), clouds=(gap,)) == ["unproven"]
    before = replace(gap, since=START - HOUR, until=START - 1)
    assert status_at(NOTICE, MUCH_LATER, breach(), clouds=(before,)) == ["violated"]


@pytest.mark.rule("2.8")
def test_a_gap_of_the_debtors_own_making_does_not_help_it_for_ever() -> None:
    gap = replace(silent("B", START + 1), until=START + HOUR)
    assert status_at(NOTICE, MUCH_LATER, breach(), clouds=(gap,)) == ["violated"]


@pytest.mark.rule("2.8")
def test_unproven_names_who_must_show_what() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), where=fact("grave"), to="A")))
    grave = replace(rules, types=TYPES)
    found = duties_at(grave, MUCH_LATER, breach())[0]
    assert [(r.kind, r.field) for r in found.reasons] == [("missing", "grave")]


@pytest.mark.rule("2.8")
@pytest.mark.parametrize(("day", "status"), [("2026-04-01T23:59", "open"), ("2026-04-02", "violated")])
def test_a_fixed_day_ends_with_its_last_instant(day: str, status: str) -> None:
    from smartclause.logic.terms import Kind, Type

    fixed = Const(date(2026, 4, 1), Type(Kind.DATE))
    rules = contract(clause("1.1", must("B", "notify", to="A", no_later_than=fixed)))
    assert status_at(rules, day, breach()) == [status]
    assert status_at(rules, MUCH_LATER, breach(), notify("2026-04-01T23:00")) == ["fulfilled"]


@pytest.mark.rule("2.8")
def test_an_end_that_is_not_shown_is_unproven() -> None:
    from smartclause.logic.terms import Field

    rules = contract(clause("1.1", must("B", "notify", to="A", no_later_than=Field("found_at", INSTANT))))
    assert status_at(rules, MUCH_LATER, breach()) == ["unproven"]


@pytest.mark.rule("2.8")
def test_what_opened_a_duty_never_answers_it() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), when="notify")))
    assert status_at(rules, MUCH_LATER, notify(START)) == ["violated"]
    assert status_at(rules, DUE + 1, notify(START), notify(START + 1)) == ["fulfilled", "open"]


@pytest.mark.rule("2.8", "2.7")
def test_a_gap_that_may_hide_the_first_breach_of_a_chain_leaves_the_second_unknown() -> None:
    chain = (
        clause("1.1", must("B", "notify", hours(24), to="A")),
        clause("1.2", must("B", "erase", hours(1), breached="1.1")),
    )
    barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.2")))
    rules = contract(*chain, barred)
    assert judged(rules, use(), clouds=(silent("A", START),)) is Truth.UNKNOWN
    assert judged(rules, use()) is Truth.TRUE


@pytest.mark.rule("2.8", "2.7")
def test_a_gap_of_a_source_that_may_not_record_the_trigger_hides_none() -> None:
    barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1")))
    rules = contract(clause("1.1", must("B", "notify", hours(24), when="audit", key="subject")), barred)
    assert judged(rules, use(time=DUE + 1), clouds=(silent("B", START),)) is Truth.TRUE
    assert judged(rules, use(time=DUE + 1), clouds=(silent("X", START, {"auditor"}),)) is Truth.UNKNOWN


@pytest.mark.rule("2.8", "2.17")
def test_an_unseen_trigger_may_have_had_a_shorter_period() -> None:
    period = figure(
        "p", DURATION,
        Dated(Duration(900, Unit.HOUR), until=date(2026, 3, 5)), Dated(Duration(1, Unit.HOUR), since=date(2026, 3, 6)),
    )  # fmt: skip
    barred = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1")))
    duty = clause("1.1", must("B", "notify", parameter("p", DURATION), to="A"))
    rules = contract(duty, barred, parameters=(period,))
    assert judged(rules, use(time="2026-03-10"), clouds=(silent("A", START),)) is Truth.UNKNOWN


@pytest.mark.rule("2.8")
def test_a_bare_number_in_a_waiver_means_a_clause_of_the_file_judged_or_the_only_one_so_numbered() -> None:
    from tests.logic.builders import file

    other = file(clause("1.1", must("B", "notify", hours(24), to="A"), module="o"), name="o")
    same = contract(clause("1.1", may("B", "use")), others=(other,), merged=("o",))
    alone = contract(clause("1.2", may("B", "use")), others=(other,), merged=("o",))
    bare = event("waiver", START + 1, "", {"clause": "1.1", "incident": "i"}, signed("A"))
    full = replace(bare, facts={**bare.facts, "clause": "o.1.1"})
    assert status_at(same, MUCH_LATER, breach(), bare) == ["violated"]
    assert status_at(same, MUCH_LATER, breach(), full) == ["waived"]
    assert status_at(alone, MUCH_LATER, breach(), bare) == ["waived"]


@pytest.mark.rule("2.7", "2.8")
@pytest.mark.parametrize("other", [{"clause": "1.2"}, {"incident": "j"}])
def test_a_waiver_in_two_versions_waives_nothing_for_sure(other) -> None:
    waiver = event("waiver", START + 1, "", {"clause": "1.1", "incident": "i"}, signed("A"), id="w")
    assert status_at(NOTICE, MUCH_LATER, breach(), waiver) == ["waived"]
    again = replace(waiver, facts={**waiver.facts, **other})
    assert status_at(NOTICE, MUCH_LATER, breach(), waiver, again) == ["unproven"]


@pytest.mark.rule("2.7", "2.8")
def test_a_gap_in_which_the_other_may_have_waived_leaves_the_breach_unproven() -> None:
    types = tuple(replace(t, by="B") if t.name == "m.notify" else t for t in TYPES)
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A")), types=types)
    gap = replace(silent("A", START + 1), until=START + HOUR)
    assert status_at(rules, MUCH_LATER, breach(), clouds=(gap,)) == ["unproven"]
    assert status_at(rules, MUCH_LATER, breach(), clouds=(replace(gap, source=silent("C", 0).source),)) == ["violated"]
