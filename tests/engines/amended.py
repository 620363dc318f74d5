"""Contracts with an amendment, drawn: the version before loses or changes some clauses, in the midst of a history."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from smartclause.logic.contract import BreachTrigger, Clause, Contract, Duty, Grant, Module
from smartclause.logic.identity import document_digest
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseStatus, ClauseViolated, walk
from smartclause.logic.versions import Version, between
from smartclause.logic.walking import terms_of
from smartclause.logic.world import World, build
from tests.agreement.worlds import Case


def amended(contract: Contract, random: Random) -> Contract:
    """Clauses that nothing else names may be struck or loosened; others survive or do not."""
    named = _named(contract)
    root = next(m for m in contract.modules if m.name == contract.module)
    changed = replace(root, clauses=tuple(c for old in root.clauses for c in _changed(old, named, random)))
    modules = tuple(changed if m is root else m for m in contract.modules)
    return replace(contract, modules=modules, properties=(), scenarios=(), amends=document_digest(contract))


def _named(contract: Contract) -> set[str]:
    sentences = [s for m in contract.modules for c in m.clauses for s in c.sentences]
    found = {n.clause for t in terms_of(contract) for n in walk(t) if isinstance(n, ClauseViolated | ClauseStatus)}
    found |= {t.clause for s in sentences if isinstance(s, Duty) for t in s.triggers if isinstance(t, BreachTrigger)}
    return found | {clause for s in sentences if isinstance(s, Grant) for clause in s.despite}


def _changed(clause: Clause, named: set[str], random: Random) -> list[Clause]:
    draw = random.random()
    if draw < 0.2:
        return [replace(clause, survives=not clause.survives)]
    if clause.id in named or draw > 0.6:
        return [clause]
    if draw < 0.4:
        return []
    kept = tuple(s for s in clause.sentences if random.random() < 0.6)
    return [replace(clause, sentences=kept)] if kept else []


def _world(case: Case, contract: Contract) -> World:
    return build(
        Lookup(contract), case.records, case.asked, sources=case.sources, clouds=case.clouds, signed=case.signed,
        draft=case.draft,
    )  # fmt: skip


def versions(case: Case, seed: str) -> tuple[World, ...]:
    """The worlds of two or three versions, each with those before it; the last is in force when it is asked."""
    random = Random(f"amended {seed}")
    contracts = [case.contract]
    for _ in range(random.choice((1, 1, 2))):
        contracts.append(amended(contracts[-1], random))
    instants = sorted(r.instant for r in _world(case, case.contract).records) or [case.asked]
    days = sorted(min(case.asked, random.choice(instants) + random.choice((-1, 0, 0, 1))) for _ in contracts[1:])
    begins = [None, *(Version(str(n), day, day + random.choice((0, 0, 5))) for n, day in enumerate(days))]
    found: list[World] = []
    for number, contract in enumerate(contracts):
        ends = begins[number + 1] if number + 1 < len(begins) else None
        earlier = found[-1] if found else None
        found.append(between(_world(case, contract), earlier, begins[number], ends))
    return tuple(found)


def root_of(contract: Contract) -> Module:
    return next(m for m in contract.modules if m.name == contract.module)
