"""Two contracts over the same acts: everything that the one allows, the other allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import z3

from smartclause.engines.prove.answer import Answer
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.result import Check, Result
from smartclause.engines.prove.witness import replayed
from smartclause.logic.contract import Contract, Track
from smartclause.logic.lookup import Lookup
from smartclause.logic.truth import Truth


def refines(prover: Prover) -> Iterator[Result]:
    """For each act that the second contract declares, and narrower ones: what the first allows, the second allows."""
    first, second = prover.lookups
    for act, party in shared_acts(first, second):
        yield Result(Check.PROPERTY, allowed_by_one(prover, act, party), act=act, party=party)


def shared_acts(first: Lookup, second: Lookup) -> list[tuple[str, str]]:
    """Controlled acts of any party that both know."""
    parties = [p.name for m in second.contract.modules for p in m.parties]
    known = [
        t
        for t in first.types
        if first.is_act(t) and any(second.is_under(a, a) and a in second.types for a in first.types_above(t))
    ]
    return [(t, p) for t in known if first.is_controlled(t) for p in dict.fromkeys(parties)]


def allowed_by_one(prover: Prover, act: str, party: str) -> Answer:
    """Refuted by an act that the first contract allows and the second does not."""
    first, second = prover.lookups
    asking = prover.asking(act, party)
    claim = z3.And(asking.space.verdict(first).yes, z3.Not(asking.space.verdict(second).yes))
    return asking.shown(
        first, claim,
        lambda w: w.verdict.truth is Truth.TRUE and replayed(second, w.lines).verdict.truth is not Truth.TRUE,
    )  # fmt: skip


def standing_alone(whole: Contract, name: str) -> Contract:
    """A file that a contract imports as a contract of its own, with what it uses; figures as the importer set them."""
    lookup = Lookup(whole)
    uses = lookup.uses(name)
    merged = {m for t in whole.tracks if name in t.modules for m in t.modules} & uses
    own = Track(name, next(t.closed for t in whole.tracks if name in t.modules), (name, *sorted(merged - {name})))
    others = tuple(t for t in whole.tracks if t.module in uses and not set(t.modules) & set(own.modules))
    return replace(
        whole, module=name, modules=tuple(m for m in whole.modules if m.name in uses), tracks=(own, *others),
        scenarios=(), properties=(),
    )  # fmt: skip
