"""Mutants that mean the same, by proof: no act whatever is judged otherwise, and no duty reads otherwise."""

from __future__ import annotations

from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.difference import difference
from smartclause.engines.prove.same_duties import with_same_duties
from smartclause.engines.prove.versions import versions
from smartclause.logic.contract import Contract

_EFFORT = Effort(steps=200_000, bound=1, tries=1, instants=1, likings=0)


def means_the_same(one: Contract, other: Contract) -> bool:
    """Proved of all verdicts, of what each clause permits or forbids, and of every duty; never where a figure
    differs."""
    told = with_same_duties(one, other, _EFFORT)
    if told is None:
        return False
    found = difference(versions(one, told), _EFFORT)
    return found.equal and all(c.shift.none for c in found.clauses)
