"""Mutants that mean the same, by proof: no act whatever is judged otherwise, and no duty reads otherwise."""

from __future__ import annotations

from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.difference import difference
from smartclause.engines.prove.versions import versions
from smartclause.logic.contract import Contract, Norm, Sentence

_EFFORT = Effort(steps=200_000, bound=1, tries=1, instants=1, likings=0)


def means_the_same(one: Contract, other: Contract) -> bool:
    """Proved of all verdicts and of what each clause permits or forbids; never where a duty or a figure differs."""
    if one.parameters != other.parameters or _duties(one) != _duties(other):
        return False
    found = difference(versions(one, other), _EFFORT)
    return found.equal and all(c.shift.none for c in found.clauses)


def _duties(contract: Contract) -> list[tuple[str, Sentence]]:
    """With where each applies: everything that is no norm."""
    return [
        (f"{clause.id} {clause.applies}", sentence)
        for module in contract.modules
        for clause in module.clauses
        for sentence in clause.sentences
        if not isinstance(sentence, Norm)
    ]
