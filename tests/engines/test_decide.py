"""Decide agrees with the reference: verdicts, clause statuses, every leaf, and why it is undecided."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from smartclause.engines.decide.answers import Ledger, of_world
from smartclause.engines.decide.decider import Decider
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import open_reasons
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict, judge_act
from smartclause.logic.world import World, build, place
from tests.logic.builders import NOON
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
