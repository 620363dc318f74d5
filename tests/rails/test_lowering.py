"""The lowering agrees with the reference: the same verdict, sentences and reasons, given the truth of each leaf."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.engines.audit import acts_of
from smartclause.logic.contract import Bar
from smartclause.logic.duties import Duties
from smartclause.logic.evaluate import View, judge
from smartclause.logic.finding import Reason
from smartclause.logic.force import holds_at, in_force
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import open_reasons
from smartclause.logic.owed import owed
from smartclause.logic.truth import Truth, at_least, every, negate, some
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import Record, World, build, place
from smartclause.rails.formula import (
    THIS_ACT,
    AtBestUnknown,
    AtLeast,
    Each,
    Either,
    Fixed,
    Force,
    Formula,
    Inverse,
    Leaf,
    Owed,
    grounds,
    parts,
)
from smartclause.rails.lowering import lower_verdict
from tests.agreement.worlds import case_of
from tests.logic.builders import DAY, NOON, clause, contract, event, may, must_not, no, signed, some_, use, world_of
from tests.strategies import Case, Maker, seeds

Looked = tuple[Truth, tuple[Reason, ...]]


def cases() -> st.SearchStrategy[Case]:
    def case(maker: Maker) -> Case:
        merged = maker.often(0.4)
        return maker.case(maker.merged_contract() if merged else maker.contract())

    return seeds().map(case)


def looking(world: World, act: Record) -> Callable[[Formula], Looked]:
    """What the reference finds at a leaf or gate."""
    duties = Duties(world, act.position, act.instant)

    def look(ground: Formula) -> Looked:
        match ground:
            case Fixed():
                return ground.truth, ground.reasons
            case Leaf():
                view = View(
                    world, ground.module, act, ground.party, act.position, act.instant, duties.breaches, ground.favour,
                    judged=ground.judged,
                )  # fmt: skip
                found = judge(ground.term, view)
                return found.truth, found.reasons
            case Force():
                module, clause = world.lookup.clauses[ground.clause]
                inside = in_force if ground.grants else holds_at
                return inside(world, module, clause, act.instant, act.position), ground.reasons
            case Owed():
                doubting = replace(duties, world=world.doubting(act.event.by))
                finding = owed(doubting, act, world.lookup.modules[ground.module])
                return finding.truth, open_reasons(finding)
            case _:
                raise AssertionError(ground)

    return look


def truth_of(formula: Formula, look: Callable[[Formula], Looked]) -> Truth:
    match formula:
        case Inverse():
            return negate(truth_of(formula.arg, look))
        case Each():
            return every([truth_of(a, look) for a in formula.args])
        case Either():
            return some([truth_of(a, look) for a in formula.args])
        case AtLeast():
            return at_least(formula.count, [truth_of(a, look) for a in formula.args])
        case AtBestUnknown():
            inner = truth_of(formula.arg, look)
            return Truth.UNKNOWN if inner is Truth.TRUE else inner
        case _:
            return look(formula)[0]


def reasons_of(formula: Formula, look: Callable[[Formula], Looked], act: str) -> set[Reason]:
    if truth_of(formula, look) is not Truth.UNKNOWN:
        return set()
    match formula:
        case AtBestUnknown() if truth_of(formula.arg, look) is Truth.TRUE:
            return {formula.reason}
        case Inverse() | Each() | Either() | AtLeast() | AtBestUnknown():
            return {r for part in parts(formula) for r in reasons_of(part, look, act)}
        case _:
            return {replace(r, event=act) if r.event == THIS_ACT else r for r in look(formula)[1]}


@given(cases(), st.sampled_from(["A", "B", "A B", ""]), st.booleans())
def test_the_formula_has_the_verdict_the_sentences_and_the_reasons_of_the_reference(
    case: Case, signers: str, nobody: bool
) -> None:
    lookup = Lookup(case.contract)
    parties = {p.name for m in lookup.modules.values() for p in m.parties}
    signed = {m: frozenset(parties if signers == "A B" else signers.split()) for m in lookup.modules}
    world = build(lookup, case.records, NOON, signed=signed)
    act = place(lookup, replace(case.act, by="") if nobody else case.act)
    agree(world, act)


def test_on_contracts_of_every_construct_too() -> None:
    """So many that a view that leans to the wrong side shows: then one's own word alone decides."""
    for seed in range(90):
        case = case_of(seed, 0)
        world = case.world()
        for act in acts_of(world):
            if act.event.type != "v.job":  # a long act is undecided by what does not come
                agree(world, replace(act, received=act.instant))


@pytest.mark.parametrize("bar", [must_not("B", "use", no(some_("consent"))), must_not("B", "use", some_("consent"))])
def test_ones_own_word_is_leaned_on_only_against_oneself(bar: Bar) -> None:
    """Under a `not` the other way round: what the party alone recorded lifts no prohibition, and founds one."""
    both = contract(clause("1", may("B", "use")), clause("2", bar))
    own = event("consent", NOON - DAY, "", {"subject": "s1"}, signed("B"))
    world = world_of(both, [own])
    act = place(world.lookup, use({"subject": "s1"}))
    assert judge_act(world, act).truth is not Truth.TRUE
    agree(world, act)


def agree(world: World, act: Record) -> None:
    verdict = judge_act(world, act)
    lowered = lower_verdict(world.lookup, act.event.type, act.event.by, world.signed, world.draft)
    look = looking(world, act)
    assert truth_of(lowered.verdict, look) is verdict.truth
    found = [n for c in verdict.clauses for n in c.norms]
    assert [(n.clause, n.norm.number) for n in found] == [(n.clause, n.number) for n in lowered.norms]
    for theirs, ours in zip(found, lowered.norms, strict=True):
        formulas = (ours.applies, ours.condition, ours.exception)
        for part, formula in zip(theirs.finding.parts, formulas, strict=False):
            assert [f.truth for f in part.leaves()] == [truth_of(g, look) for g in grounds(formula)]
        assert truth_of(ours.applies, look) is theirs.applies
        assert truth_of(ours.own, look) is theirs.own
        assert truth_of(ours.truth, look) is theirs.truth
    assert reasons_of(lowered.verdict, look, act.event.id) == set(open_reasons(verdict.finding))
