"""Contracts that were drawn by lot: what is proved of them no history denies, and each act shown holds when pasted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from smartclause.engines.audit import acts_of
from smartclause.engines.prove.answer import Proved
from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.result import Check, Result
from smartclause.language.load import load
from smartclause.logic.evaluate import View
from smartclause.logic.history import field_of
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import holds
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict, judge_act
from smartclause.logic.world import Record, World
from smartclause.verbs.check import Checked
from smartclause.verbs.prove import Proven, prove_checked
from tests.agreement.spelled import files_of
from tests.agreement.worlds import case_of
from tests.engines.prove.test_soundness import plain

DEEP = os.environ.get("SMARTCLAUSE_DEEP")
SEEDS = range(200 if DEEP else 6)
HISTORIES = 20 if DEEP else 6
QUICK = Effort(bound=2, tries=2, instants=2)


def proven(seed: int, folder: Path) -> tuple[Proven, str] | None:
    """None where the contract cannot be written as it stands."""
    contract = case_of(seed, 0).contract
    for name, text in files_of(contract).items():
        (folder / f"{name}.clause").write_text(text, "utf-8")
    path = folder / f"{contract.module}.clause"
    loaded = load(path)
    if loaded.contract is None:
        return None
    return prove_checked(Checked(path, loaded), QUICK), path.read_text("utf-8")


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_proved_no_history_denies_and_what_is_shown_can_be_pasted(seed, tmp_path):
    found = proven(seed, tmp_path)
    if found is None:
        pytest.skip("this draw is no file that reads without an error")
    told, text = found
    assert pasted(told, text, tmp_path) == []
    results = [t.result for t in told.told if isinstance(t.result.answer, Proved)]
    for number in range(HISTORIES):
        for verdict, facts in judged(seed, number, told.lookup):
            assert [r for r in results if denied(r, verdict, facts)] == []


def pasted(told: Proven, text: str, folder: Path) -> list[str]:
    """Names of the scenarios that do not hold at the end of the file."""
    scenarios = [t.scenario for t in told.told if t.scenario]
    again = load("\n\n".join([text, *scenarios]), name="m", beside=folder)
    assert again.contract is not None, [d.message for d in again.diagnostics if d.is_error]
    assert len(again.contract.scenarios) == len(scenarios)
    return [s.name for s in again.contract.scenarios if not holds(told.lookup, s)]


def judged(seed: int, number: int, lookup: Lookup) -> Iterator[tuple[Verdict, dict[str, object]]]:
    """By the contract that was asked about: what was written and read again may mean less than what was drawn."""
    case = case_of(seed, number)
    case = replace(case, records=tuple(map(plain, case.records)), proposed=tuple(map(plain, case.proposed)))
    world = replace(case.world(), draft=True, lookup=lookup)
    for act in () if world.earlier is not None else acts_of(world):
        if act.event.type != "v.job":
            yield judge_act(world, replace(act, received=act.instant)), known(world, act)


def known(world: World, act: Record) -> dict[str, object]:
    """Its facts, with what was supplied later."""
    view = View(world, world.lookup.contract.module, act, act.event.by, act.position, act.instant, lambda *_: None)
    names = [f.name for f in world.lookup.types[act.event.type].fields] if act.event.type in world.lookup.types else []
    return {n: v for n in names if (v := field_of(act, n, view).value) is not None}


def denied(result: Result, verdict: Verdict, facts: dict[str, object]) -> bool:
    """Whether a verdict of the reference shows that what was proved is not so."""
    norms = [n for c in verdict.clauses for n in c.norms if n.clause == result.clause]
    mine = [n for n in norms if n.norm.number == result.sentence]
    ours = verdict.type == result.act and verdict.party == result.party
    match result.check:
        case Check.NEVER_APPLIES:
            return any(n.applies is Truth.TRUE for n in norms)
        case Check.NEVER_DECIDES:
            return any(n.truth is Truth.TRUE for n in mine)
        case Check.NEVER_GRANTED:
            return ours and verdict.truth is Truth.TRUE
        case Check.ALWAYS_UNKNOWN:
            return ours and verdict.truth is not Truth.UNKNOWN
        case Check.ALWAYS_BARRED:
            barred = any(not n.grants and n.truth is Truth.TRUE for c in verdict.clauses for n in c.norms)
            return any(n.truth is Truth.TRUE for n in mine) and not barred
        case Check.NEEDS:
            return ours and verdict.truth is Truth.TRUE and "." not in result.name and result.name not in facts
        case _:
            return False
