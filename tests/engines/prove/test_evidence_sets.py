"""The smallest sets of missing facts that the reference finds by trying are those that the solver finds."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import combinations

import pytest
import z3

from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.prover import Prover
from smartclause.logic.finding import Finding
from smartclause.logic.needs import smallest_sets
from smartclause.logic.terms import Node
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import Record, World, build, place
from tests.engines.prove.test_soundness import looks_back, pinned, plain
from tests.logic.builders import NOON
from tests.strategies import Maker

SEEDS = range(6_000 if os.environ.get("SMARTCLAUSE_DEEP") else 400)
MOST = 3  # facts in a set that is compared


def by_trying(world: World, act: Record, terms: tuple[Node, ...]) -> set[frozenset[str]]:
    def judged(assumed) -> Finding:
        return judge_act(world.assuming(assumed), act).finding

    found = smallest_sets(world.lookup, judge_act(world, act).finding, terms, {"subject": frozenset({"s1"})}, judged)
    return {frozenset(f.field for f in one) for one in found.sets if len(one) <= MOST}


def by_solving(asking: Asking, prover: Prover, world: World, act: Record) -> set[frozenset[str]]:
    """Smallest first: with these known, the other missing ones unknown, some values allow the act."""
    allowed = asking.space.verdict(prover.lookup).yes
    facts = asking.space.facts.made
    told = list(pinned(asking, world, act))
    missing = [n for n, f in facts.items() if any(p.eq(z3.Not(f.known)) for p in told)]
    kept = [p for p in told if not any(p.eq(z3.Not(facts[n].known)) for n in missing)]
    found: list[frozenset[str]] = []
    for size in range(1, MOST + 1):
        for names in map(frozenset, combinations(missing, size)):
            claim = [facts[n].known == z3.BoolVal(n in names) for n in missing]
            smaller = any(one <= names for one in found)
            if not smaller and asking.possible(z3.And(allowed, *kept, *claim)):
                found.append(names)
    return set(found)


@pytest.mark.parametrize("part", range(2))
def test_the_smallest_sets_of_missing_facts_are_the_same(part):
    compared = 0
    for seed in list(SEEDS)[part::2]:
        maker = Maker(seed)
        case = maker.case(maker.contract())
        prover = Prover(case.contract)
        world = build(prover.lookup, [], NOON, draft=True)
        act = place(world.lookup, plain(replace(case.act, facts=dict(list(case.act.facts.items())[:2]))))
        verdict = judge_act(world, act)
        norms = [n.norm for c in verdict.clauses for n in c.norms]
        if not act.event.by or verdict.truth is not Truth.UNKNOWN or any(looks_back(prover, n) for n in norms):
            continue
        asking = prover.asking(act.event.type, act.event.by)
        asking.space.verdict(prover.lookup)
        if asking.space.past.open:
            continue
        terms = tuple(t for _, c in prover.lookup.all_clauses() for s in c.sentences for t in _terms(s)) + tuple(
            c.applies for _, c in prover.lookup.all_clauses()
        )
        assert by_trying(world, act, terms) == by_solving(asking, prover, world, act), seed
        compared += 1
    assert compared > 3


def _terms(sentence) -> tuple[Node, ...]:
    return tuple(getattr(sentence, n) for n in ("condition", "exception") if hasattr(sentence, n))
