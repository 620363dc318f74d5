"""What is owed is allowed: exactly the act that answers, for as long as it is surely owed, bars apart (2.10)."""

from dataclasses import replace

import pytest

from smartclause.logic.contract import ModuleKind
from smartclause.logic.record import Event
from smartclause.logic.truth import Truth
from tests.logic.builders import (
    HOUR,
    NOON,
    clause,
    contract,
    event,
    fact,
    file,
    hours,
    in_force,
    judged,
    may,
    months,
    must,
    must_not,
    repeatedly,
    signed,
    some_,
    use,
)

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
START = NOON - HOUR


def breach(**more) -> Event:
    facts = {"incident": "i", **more.pop("facts", {})}
    return event("breach", START, facts=facts, signers=signed("A"), id="b", **more)


def share(facts=None, time: int = NOON, to: str = "A", **more) -> Event:
    return use({"incident": "i", **(facts or {})}, time, act="share", to=to, **more)


def owing(**more) -> object:
    return contract(clause("1.1", must("B", "share", hours(24), to="A", **more)))


@pytest.mark.rule("2.10")
@pytest.mark.parametrize(
    ("act", "truth"),
    [
        (share(), T),
        (share(to="C"), F),
        (share(to=""), F),
        (share(by="C"), F),
        (replace(share(), type="m.use"), F),
        (share({"incident": "j"}), F),
        (replace(share(), facts={}), U),
        (replace(share(), type="x.invented"), F),
    ],
)
def test_only_the_act_that_answers_is_granted(act: Event, truth: Truth) -> None:
    assert judged(owing(), act, breach()) is truth


@pytest.mark.rule("2.10")
@pytest.mark.parametrize(("facts", "truth"), [({"paid": True}, T), ({"paid": False}, F), ({}, U)])
def test_the_act_must_meet_the_condition_of_the_answer(facts, truth: Truth) -> None:
    assert judged(owing(answer=fact("paid")), share(facts), breach()) is truth


@pytest.mark.rule("2.10")
@pytest.mark.parametrize(("facts", "truth"), [({"severe": True}, T), ({"severe": False}, F), ({}, U)])
def test_it_is_granted_with_the_truth_of_its_trigger_and_exception(facts, truth: Truth) -> None:
    assert judged(owing(where=fact("severe")), share(), breach(facts=facts)) is truth
    opposite = {T: F, F: T, U: U}[truth]
    assert judged(owing(except_=fact("severe")), share(), breach(facts=facts)) is opposite


@pytest.mark.rule("2.10")
def test_nothing_is_owed_before_the_trigger_or_without_it() -> None:
    assert judged(owing(), share()) is F
    assert judged(owing(), share(time=START - 1), breach()) is F
    assert judged(owing(), share(), breach(unreliable=True)) is U


@pytest.mark.rule("2.10")
def test_once_surely_answered_it_is_owed_no_more_and_in_doubt_it_is_unknown() -> None:
    done = replace(share(time=START + 1), id="done", signers=signed("A", "B"), index=5)
    assert judged(owing(), share(), breach(), done) is F
    assert judged(owing(), share(), breach(), replace(done, unreliable=True)) is U
    assert judged(owing(), share(), breach(), replace(done, signers=signed("B"))) is U
    late = replace(done, time=START + 30 * HOUR)
    later = share(time=START + 40 * HOUR)
    assert judged(owing(), later, breach()) is T
    assert judged(owing(), later, breach(), late) is F


@pytest.mark.rule("2.10")
def test_it_is_owed_late_too() -> None:
    assert judged(owing(), share(time=START + 1000 * HOUR), breach()) is T


@pytest.mark.rule("2.10")
def test_bars_still_hold() -> None:
    rules = contract(
        clause("1.1", must("B", "share", hours(24), to="A")), clause("1.2", must_not("B", "share", fact("paid")))
    )
    assert [judged(rules, share(f), breach()) for f in ({"paid": True}, {"paid": False}, {})] == [F, T, U]


@pytest.mark.rule("2.10")
def test_the_second_step_is_owed_once_the_first_was_missed() -> None:
    rules = contract(
        clause("1.1", must("B", "notify", hours(24), to="A", otherwise=must("B", "share", hours(24), when="")))
    )
    before, after = share(time=START + 24 * HOUR), share(time=START + 24 * HOUR + 1)
    assert judged(rules, before, breach()) is F
    assert judged(rules, after, breach()) is T


@pytest.mark.rule("2.10", "2.9")
def test_a_repeated_duty_grants_its_act() -> None:
    rules = contract(clause("1.1", repeatedly("B", "share", months(1))), header=in_force("2026-06-01"))
    assert judged(rules, share()) is T
    assert judged(rules, share(time=NOON - 100 * 24 * HOUR)) is F


@pytest.mark.rule("2.10")
def test_a_duty_of_another_party_grants_nothing() -> None:
    rules = contract(clause("1.1", must("A", "share", hours(24))))
    assert judged(rules, share(), breach()) is F
    assert judged(rules, share(by="A", to=""), replace(breach(), signers=signed("B"))) is T


@pytest.mark.rule("2.10", "2.3")
def test_a_remedy_rests_on_a_breach_that_surely_happened() -> None:
    rules = contract(
        clause("1.1", must("A", "notify", hours(1))), clause("1.2", must("B", "share", hours(24), breached="1.1"))
    )
    mine, both = signed("B"), signed("A", "B")
    late = share(time=START + 5 * HOUR)
    assert judged(rules, late, replace(breach(), signers=both)) is T
    assert judged(rules, late, replace(breach(), signers=mine)) is U
    notice = event("notify", START + 1, "A", {"incident": "i"}, both)
    assert judged(rules, late, replace(breach(), signers=both), notice) is F
    assert judged(rules, late, replace(breach(), signers=both), replace(notice, unreliable=True)) is U


@pytest.mark.rule("2.10", "2.4")
def test_what_a_pack_imposes_needs_a_signed_contract_that_imports_it() -> None:
    pack = file(
        clause("1.1", must("B", "share", hours(24), to="A"), module="p"), name="p", kind=ModuleKind.PACK, parties="B"
    )
    rules = contract(clause("1.1", may("B", "use")), others=(pack,))
    assert judged(rules, share(), breach(), draft=False, signed={"m": frozenset("AB")}) is T
    assert judged(rules, share(), breach(), draft=False, signed={"m": frozenset("B"), "p": frozenset("AB")}) is U
    alone = contract(clause("1.1", must("B", "share", hours(24), to="A")), kind=ModuleKind.PACK)
    assert judged(alone, share(), breach()) is U


@pytest.mark.rule("2.10", "2.6")
def test_the_condition_of_an_answer_is_not_met_by_own_records_alone() -> None:
    rules = owing(answer=some_("consent"))
    consent = event("consent", START + 1, signers=signed("A"))
    assert judged(rules, share(), breach(), consent) is T
    assert judged(rules, share(), breach(), replace(consent, signers=signed("B"))) is U
