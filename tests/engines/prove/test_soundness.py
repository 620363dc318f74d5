"""What the solver takes for possible holds every world there is: nothing proved meets a world that denies it.

Contracts, histories and acts are those of the agreement suite and of the laws of the meaning: records doubted,
withheld, told by one side alone, late, unseen. Where only the act itself is read, the solver says exactly what the
reference says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
import z3

from smartclause.engines.audit import acts_of
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.facts import Fact, Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.prover import Prover
from smartclause.logic.contract import Norm
from smartclause.logic.evaluate import View, judge
from smartclause.logic.history import Candidate, candidates, clouds, field_of
from smartclause.logic.terms import ClauseViolated, Query, walk
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict, judge_act
from smartclause.logic.world import Record, World, build, place
from smartclause.rails.formula import Fixed, grounds
from tests.agreement.worlds import case_of
from tests.logic.builders import NOON
from tests.rails.test_lowering import looking
from tests.strategies import Maker

DEEP = os.environ.get("SMARTCLAUSE_DEEP")
SEEDS = range(1200 if DEEP else 60)
NOWHERE = {"v.unlisted", "v.stray"}  # such concepts are refused where events are read


def possible(world: World, act: Record, prover: Prover) -> None:
    """The reference's verdict, with the truth of every sentence, is a possible act of the space."""
    verdict = judge_act(world, act)
    asking = prover.asking(act.event.type, act.event.by)
    leaves = list(grounded(asking, prover, world, act))
    before = list(recorded(asking, world, act))
    told = z3.And(*pinned(asking, world, act), *found(asking, prover, verdict), *leaves, *before)
    assert asking.possible(told) is True, (act.event, verdict.truth)
    looking_back = any(looks_back(prover, n.norm) for c in verdict.clauses for n in c.norms)
    may_have_ended = world.clouds or any(r.event.type == "termination" for r in world.records)
    if not (looking_back or may_have_ended or asking.space.past.open):
        lasting = [e.no for e in asking.space.past.ended.values()]
        otherwise = z3.Not(z3.And(*found(asking, prover, verdict), *leaves))
        assert asking.possible(z3.And(*pinned(asking, world, act), otherwise, *lasting)) is False


def recorded(asking: Asking, world: World, act: Record) -> Iterator[Yes]:
    """Of every question to the past: how many records surely count, also where the party's own word is none, and how
    many can."""
    by = partial(View, world, record=act, party=act.event.by, before=act.position, now=act.instant)
    for asked, found in asking.space.past.found.items():
        views = [by(module=asked.module, breaches=lambda *_: None, doubt=doubt) for doubt in (False, True)]
        own, told = (candidates(asked.query, v, judge) for v in views)
        if isinstance(own, list) and isinstance(told, list):
            yield found.low == _sure(own)
            yield found.trusted == _sure(told)
            yield found.high == len(own)
            yield found.open == z3.BoolVal(bool(clouds(asked.query, views[0])))


def _sure(counted: list[Candidate]) -> int:
    return sum(c.counts is Truth.TRUE for c in counted)


def looks_back(prover: Prover, norm: Norm) -> bool:
    clauses = [c for _, c in prover.lookup.all_clauses()]
    terms = [t for c in clauses for t in (c.applies,)] + [norm.condition, norm.exception]
    terms += [t for c in clauses for s in c.sentences if isinstance(s, Norm) for t in (s.condition, s.exception)]
    return any(isinstance(n, Query | ClauseViolated) for t in terms for n in walk(t))


def pinned(asking: Asking, world: World, act: Record) -> list[Yes]:
    """The facts of the act as the judged party may rely on them, and its instant."""
    space = asking.space
    view = View(world, world.lookup.contract.module, act, act.event.by, act.position, act.instant, lambda *_: None)
    stretch = space.stretch == space.world.moments.stretch(act.instant)
    return [stretch, *(_pinned(asking, f, field_of(act, n, view).value) for n, f in list(space.facts.made.items()))]


def _pinned(asking: Asking, fact: Fact, value) -> Yes:
    if value is None:
        return z3.Not(fact.known)
    if fact.truth is not None:
        return z3.And(fact.known, fact.truth == z3.BoolVal(value))
    if fact.is_set:
        return z3.And(fact.known, *(m == z3.BoolVal(n in value) for n, m in fact.members.items()))
    number, measure = asking.space.world.codes.measured(value)
    same = z3.BoolVal(True) if fact.measure is None else fact.measure == measure
    return z3.And(fact.known, fact.number == number, same)


def found(asking: Asking, prover: Prover, verdict: Verdict) -> list[Yes]:
    space, lookup = asking.space, prover.lookup
    norms = [n for c in verdict.clauses for n in c.norms]
    lowered = space.lowered(lookup).norms
    assert [(n.clause, n.norm.number) for n in norms] == [(n.clause, n.number) for n in lowered]
    parts = [is_(space.rails(n.truth, lookup), f.truth) for n, f in zip(lowered, norms, strict=True)]
    parts += [is_(space.rails(n.applies, lookup), f.applies) for n, f in zip(lowered, norms, strict=True)]
    return [*parts, is_(space.verdict(lookup), verdict.truth)]


def grounded(asking: Asking, prover: Prover, world: World, act: Record) -> Iterator[Yes]:
    """Every leaf and gate that the verdict rests on."""
    look = looking(world, act)
    for ground in dict.fromkeys(grounds(asking.space.lowered(prover.lookup).verdict)):
        if not isinstance(ground, Fixed):
            yield is_(asking.space.rails(ground, prover.lookup), look(ground)[0])


def is_(rails: Rails, truth: Truth) -> Yes:
    match truth:
        case Truth.TRUE:
            return z3.And(rails.yes, z3.Not(rails.no))
        case Truth.FALSE:
            return z3.And(rails.no, z3.Not(rails.yes))
        case _:
            return z3.Not(z3.Or(rails.yes, rails.no))


def plain(event):
    """Without facts that are refused where events are read."""
    return replace(event, facts={n: v for n, v in event.facts.items() if v != frozenset() and not named(v) & NOWHERE})


def named(value: object) -> set[object]:
    return set(value) if isinstance(value, frozenset) else {value}


@pytest.mark.parametrize("part", range(4))
def test_every_world_of_the_agreement_suite_is_possible(part):
    for seed in list(SEEDS)[part::4]:
        case = case_of(seed, 0)
        case = replace(case, records=tuple(map(plain, case.records)), proposed=tuple(map(plain, case.proposed)))
        world = replace(case.world(), draft=True)
        if world.earlier is not None:
            continue
        prover = Prover(world.lookup.contract)
        for act in list(acts_of(world))[:6]:
            if act.event.type != "v.job" and act.event.by:
                possible(world, replace(act, received=act.instant), prover)


@pytest.mark.parametrize("part", range(2))
def test_every_world_of_the_laws_is_possible(part):
    for seed in range(part, len(SEEDS) * 3, 2):
        maker = Maker(seed)
        case = maker.case(maker.merged_contract() if seed % 3 == 0 else maker.contract())
        prover = Prover(case.contract)
        world = _world(case, prover)
        act = place(world.lookup, plain(case.act))
        if act.event.by:
            possible(world, replace(act, received=act.instant), prover)


def _world(case, prover: Prover) -> World:
    return build(prover.lookup, [plain(r) for r in case.records], NOON, draft=True)
