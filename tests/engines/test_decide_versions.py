"""Amended contracts: each version is decided as the reference decides it, with what lives on under those before."""

from __future__ import annotations

from inspect import signature

import pytest

from smartclause.engines.decide.answers import is_amended, of_world, versions_before
from smartclause.engines.decide.decider import Decider
from smartclause.logic.record import Event
from smartclause.logic.verdict import Verdict, judge_act
from smartclause.logic.world import Record, World
from tests.agreement.answers import Told, reference_proposed, told_of
from tests.agreement.engines import TRUTHS, plain_reference
from tests.agreement.worlds import case_of
from tests.engines.amended import versions
from tests.logic import test_versions

CASES = [(seed, number) for seed in range(60) for number in range(2)]


def decider_of(world: World) -> Decider:
    return Decider(
        world.lookup, world.signed, draft=world.draft, past=of_world(world), earlier=versions_before(world),
        amended=is_amended(world),
    )  # fmt: skip


def told(decider: Decider, act: Record) -> Told:
    found = decider.judge(act)
    placed = decider.at_place(act)
    assert placed.verdict() is placed.statuses().decision is found.decision
    return Told(act.event.id, TRUTHS[found.decision], dict(found.statuses), dict(found.leaves), found.reasons)


def asked(decider: Decider, act: Event, at: int) -> Told:
    given = (act.type, act.by, act.facts, at, act.caller)
    found = decider.explain(*given)
    assert decider.verdict(*given) is decider.statuses(*given).decision is found.decision
    return Told(act.id, TRUTHS[found.decision], dict(found.statuses), dict(found.leaves), found.reasons)


def test_every_version_is_decided_as_the_reference_decides_it() -> None:
    compared = 0
    for seed, number in CASES:
        case = case_of(seed, number)
        for world in versions(case, f"{seed}/{number}"):
            decider = decider_of(world)
            for act in case.acts_asked(world):
                assert told(decider, act) == reference_proposed(world, act), f"case {seed}/{number}"
                compared += 1
            for proposed in case.proposed:
                ours, theirs = asked(decider, proposed, case.asked), plain_reference(world, proposed, case.asked)
                assert ours.truth is theirs.truth, f"case {seed}/{number}, asked plainly"
                assert (ours.clauses, ours.leaves) == (theirs.clauses, theirs.leaves), f"case {seed}/{number}"
    assert compared > 300


ALONE = [
    name
    for name in dir(test_versions)
    if name.startswith("test_") and not signature(getattr(test_versions, name)).parameters
]


@pytest.mark.parametrize("name", ALONE)
def test_what_is_said_of_versions_holds_of_the_decider_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(world: World, act: Record) -> Verdict:
        verdict = judge_act(world, act)
        if act.received == act.instant:
            assert told(decider_of(world), act) == told_of(verdict)
        return verdict

    monkeypatch.setattr(test_versions, "judge_act", compared)
    getattr(test_versions, name)()
