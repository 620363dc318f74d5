"""All that is asked of a contract before it is signed, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from smartclause.engines.prove.answer import NotProven, Proved, Refuted
from smartclause.engines.prove.clauses import dead, granted, settled
from smartclause.engines.prove.evidence import needed
from smartclause.engines.prove.obligations import obligations
from smartclause.engines.prove.parameters import figures
from smartclause.engines.prove.properties import properties
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.result import Check, Result
from smartclause.engines.prove.sentences import always_barred, clashes, redundant


def checks(prover: Prover) -> Iterator[Result]:
    """First whether there is anything to ask about: of nothing everything can be proved."""
    empty = [r for r in vacuous(prover) if not isinstance(r.answer, Refuted)]
    yield from empty
    if empty:
        return
    yield from properties(prover)
    idle = list(dead(prover))
    yield from idle
    yield from granted(prover)
    yield from settled(prover)
    yield from clashes(prover)
    yield from always_barred(prover, idle)
    yield from redundant(prover)
    yield from obligations(prover)
    yield from figures(prover)
    yield from needed(prover)


def vacuous(prover: Prover) -> Iterator[Result]:
    """Of each type and party: whether there is any act at all."""
    for act, party in prover.acts():
        asking = prover.asking(act, party)
        asking.space.verdict(prover.lookup)
        found = asking.possible(z3.BoolVal(True))
        answer = NotProven("limit") if found is None else Refuted() if found else Proved()
        yield Result(Check.VACUOUS, answer, act=act, party=party)
