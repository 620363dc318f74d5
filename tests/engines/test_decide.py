"""Decide agrees with the reference: verdicts, clause statuses, every leaf, and why it is undecided."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.engines.decide.answers import Ledger, of_world
from smartclause.engines.decide.decider import Decider
from smartclause.language.load import load
from smartclause.logic.contract import FieldType
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import open_reasons
from smartclause.logic.scenario import run
from smartclause.logic.terms import Compare, Kind, Money, Order, Value
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision, Verdict, judge_act
from smartclause.logic.world import Record, World, build, place
from tests.logic.builders import (
    DAY,
    NOON,
    TIMES,
    TYPES,
    clause,
    contract,
    count,
    event,
    hours,
    in_force,
    may,
    must_not,
    number,
    size,
    some_,
    use,
    within_limit,
)
from tests.strategies import Case, Maker, seeds


def cases() -> st.SearchStrategy[Case]:
    def case(maker: Maker) -> Case:
        return maker.case(maker.merged_contract() if maker.often(0.4) else maker.contract())

    return seeds().map(case)


def leaves_of(verdict: Verdict) -> dict[tuple[str, int, str, int], Truth]:
    parts = ("applies", "condition", "exception")
    return {
        (n.clause, n.norm.number, name, place): leaf.truth
        for c in verdict.clauses
        for n in c.norms
        for name, part in zip(parts, n.finding.parts[:3], strict=True)
        for place, leaf in enumerate(part.leaves())
    }


def agree(world: World, case: Case, nobody: bool = False, past: Callable[[World], Ledger] = of_world) -> None:
    act = place(world.lookup, replace(case.act, by="") if nobody else case.act)
    theirs = judge_act(world, act)
    decider = Decider(world.lookup, world.signed, draft=world.draft, past=past(world))
    ours = decider.judge(act)
    assert ours.decision is theirs.decision
    assert dict(ours.statuses) == {c.clause: c.state for c in theirs.clauses}
    assert ours.leaves == leaves_of(theirs)
    assert ours.reasons == set(open_reasons(theirs.finding))
    alone = decider.at_place(act)
    assert alone.verdict() is theirs.decision
    assert alone.statuses().decision is theirs.decision
    assert dict(alone.statuses()) == {c.clause: c.state for c in theirs.clauses}


@given(cases(), st.sampled_from(["A", "A B", "A B", "A B", ""]), st.booleans())
def test_verdict_statuses_leaves_and_reasons_are_those_of_the_reference(case: Case, signers: str, nobody: bool) -> None:
    lookup = Lookup(case.contract)
    parties = {p.name for m in lookup.modules.values() for p in m.parties}
    signed = {m: frozenset(parties if signers == "A B" else signers.split()) for m in lookup.modules}
    agree(build(lookup, case.records, NOON, signed=signed), case, nobody)


@pytest.mark.parametrize("unreliable", [False, True])
@pytest.mark.parametrize("by", ["A", "B"])
@pytest.mark.parametrize("enders", [(), ("A",)])
def test_whether_a_contract_was_ended_is_asked_of_the_past(unreliable: bool, by: str, enders: tuple[str, ...]) -> None:
    given_ = contract(clause("1", may("B", "use")), header=in_force("2026-01-01", "2026-12-31", enders=enders))
    end = event("termination", NOON - 5, by, {"contract": "m"}, id="end", index=1, unreliable=unreliable)
    signed = {"m": frozenset({"A", "B"})}
    ended = build(Lookup(given_), [end], NOON, signed=signed)
    agree(ended, Case(given_, (end,), use()))
    found = Decider(ended.lookup, signed, past=of_world(ended)).verdict("m.use", "B", {}, NOON)
    sure = Decision.UNDECIDED if unreliable else Decision.REFUSED
    assert found is (sure if by in enders else Decision.ALLOWED)
    assert Decider(ended.lookup, signed).verdict("m.use", "B", {}, NOON) is Decision.UNDECIDED
    assert Decider(ended.lookup, draft=True).verdict("m.use", "B", {}, NOON) is Decision.ALLOWED
    outside = Decider(ended.lookup, draft=True)
    for at, expected in (
        (NOON, Decision.ALLOWED),
        (2**51, Decision.REFUSED),
        (0, Decision.REFUSED),
        (NOON, Decision.ALLOWED),
    ):
        assert outside.verdict("m.use", "B", {}, at) is expected


def test_what_a_contract_does_not_name_is_not_kept() -> None:
    decider = Decider(Lookup(contract(clause("1", may("B", "use")))), draft=True)
    for n in range(50):
        assert decider.verdict("m.use", f"stranger{n}", {}, NOON) is Decision.REFUSED
        assert decider.verdict(f"other.act{n}", "B", {}, NOON) is Decision.REFUSED
        assert decider.verdict_of("m.use", f"stranger{n}")({}) is Decision.REFUSED
    assert len(decider._functions) == 0


def test_statuses_name_every_clause_and_no_other() -> None:
    other = clause("2", may("B", "share"))
    decider = Decider(Lookup(contract(clause("1", may("B", "use")), other)), draft=True)
    found = decider.statuses("m.use", "B", {}, NOON)
    assert found == {"m.1": ClauseState.PERMITTED, "m.2": ClauseState.INAPPLICABLE}
    assert found.concerned == {"m.1": ClauseState.PERMITTED}
    assert len(found) == 2
    with pytest.raises(KeyError):
        found["m.3"]


# ---- never a permission without evidence

SHIPPED = Path(__file__).parents[2] / "contracts" / "commercial_training" / "commercial_training.clause"


def values_of(lookup: Lookup, field: FieldType) -> list[Value]:
    """Everything at which a test may change: both answers, every concept, each figure and its neighbours."""
    match field.type.kind:
        case Kind.FACT:
            return [True, False]
        case Kind.CONCEPT:
            return sorted(
                c.name for c in lookup.contract.vocabulary.concepts if under(lookup, c.name, field.type.detail)
            )
        case Kind.CONCEPTS:
            names = [c.name for c in lookup.contract.vocabulary.concepts if under(lookup, c.name, field.type.detail)]
            return [frozenset({n}) for n in names]
        case Kind.NUMBER | Kind.PERCENTAGE:
            return [Decimal(n) for n in (0, 1, 10, 10_000, 10_001)]
        case Kind.INSTANT:
            return [NOON - DAY, NOON]
        case Kind.DATE:
            return [date(2026, 1, 1)]
        case Kind.MONEY:
            return [Money(Decimal(1), field.type.detail)]
        case Kind.DURATION:
            return [Duration(1, Unit.DAY)]
        case _:
            return ["B"]


def under(lookup: Lookup, name: str, root: str) -> bool:
    return not root or root in lookup.concepts(NOON, "UTC").above(name)


def test_in_the_scenarios_of_a_shipped_contract_no_allowed_act_can_lack_a_fact_on_which_it_hangs() -> None:
    contract_ = load(SHIPPED).contract
    assert contract_ is not None
    lookup, allowed, dropped = Lookup(contract_), 0, 0
    for scenario in contract_.scenarios:
        played = run(contract_, scenario, lookup)
        if played.verdict is None:
            continue
        act = played.world.by_id[played.verdict.event]
        decider = Decider(lookup, draft=True, past=of_world(played.world))
        assert decider.at_place(act).verdict() is played.verdict.decision
        assert dict(decider.judge(act).statuses) == {c.clause: c.state for c in played.verdict.clauses}
        if played.verdict.decision is Decision.ALLOWED:
            allowed += 1
            dropped += sum(lacks(decider, act, name) for name in act.event.facts)
    assert allowed > 5
    assert dropped > 5


def lacks(decider: Decider, act: Record, name: str) -> bool:
    """Whether the act is not allowed without the fact; if it is, every value of the fact allows it."""
    facts = {n: v for n, v in act.event.facts.items() if n != name}

    def decided(told: dict[str, Value]) -> Decision:
        return decider.at_place(replace(act, event=replace(act.event, facts=told))).verdict()

    if decided(facts) is not Decision.ALLOWED:
        return True
    field = decider.lookup.field(act.event.type, name)
    assert field is not None
    assert all(decided(facts | {name: v}) is Decision.ALLOWED for v in values_of(decider.lookup, field))
    return False


# ---- a service asks from many threads


def test_threads_that_ask_at_once_get_the_answers_of_one_that_asks_alone() -> None:
    """Functions are made when first asked: no thread ever gets the function of another act."""
    types = tuple(replace(t, name=f"{module}.use") for t in TYPES[:1] for module in ("a", "b", "c", "d", "e", "f"))
    acts = [f"{module}.use" for module in "abcdef"]
    clauses = [clause(str(n), may("B", act, within_limit(size(), n))) for n, act in enumerate(acts)]
    for _ in range(20):
        lookup = Lookup(contract(*clauses, types=types))
        alone, shared = (Decider(lookup, draft=True) for _ in range(2))
        asked = [(act, Decimal(n)) for act in acts for n in range(7)] * 2
        expected = [alone.verdict(act, "B", {"size": n}, NOON) for act, n in asked]
        with ThreadPoolExecutor(8) as threads:
            asking = [threads.submit(shared.verdict, act, "B", {"size": n}, NOON) for act, n in asked]
        found = [each.result() for each in asking]
        assert found == expected
        assert {Decision.ALLOWED, Decision.REFUSED} == set(expected)


def test_threads_that_ask_one_ledger_at_once_get_the_answers_of_one_that_asks_alone() -> None:
    """What was counted for one question is kept for the next: threads never see it half done."""
    few = Compare(Order.AT_MOST, count("use", None, "subject", within=hours(24)), number(3, TIMES))
    given_ = contract(clause("1", may("B", "use", few)), clause("2", must_not("B", "use", some_("breach"))))
    records = [use({"subject": f"s{n % 5}"}, NOON - 1000 * n, id=f"e{n}", index=200 - n) for n in range(12)]
    world = build(Lookup(given_), records, NOON, draft=True)
    asked = [({"subject": f"s{n % 7}"}, NOON + DAY * (n % 3) // 2) for n in range(120)]
    alone, shared = (Decider(world.lookup, draft=True, past=of_world(world)) for _ in range(2))
    expected = [alone.explain("m.use", "B", facts, at) for facts, at in asked]
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(shared.explain, "m.use", "B", facts, at) for facts, at in asked]
    found = [each.result() for each in waiting]
    assert [(f.decision, f.leaves, f.reasons) for f in found] == [(e.decision, e.leaves, e.reasons) for e in expected]
    assert {Decision.ALLOWED, Decision.REFUSED} <= {e.decision for e in expected}
