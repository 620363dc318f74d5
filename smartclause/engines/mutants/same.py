"""Whether two readings of a clause say the same, as far as that shows without looking at any event."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

from smartclause.engines.coverage.possible import can_be
from smartclause.engines.coverage.questions import Asked, Question, truth_of
from smartclause.logic.answers import waivers
from smartclause.logic.contract import Clause, Duty, Module
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import All, AnyOf, AtLeast, Not, Term
from smartclause.logic.truth import Truth

MOST = 3**6  # combinations of truths


def same_clause(lookup: Lookup, one: Clause, other: Clause) -> bool:
    """Equal but for conditions that come out alike whatever their leaves are, and for naming whoever may waive
    anyway."""
    module, _ = lookup.clauses[one.id]
    return same(lookup, _spelled_out(module, one), _spelled_out(module, other))


def _spelled_out(module: Module, clause: Clause) -> Clause:
    return replace(
        clause, sentences=tuple(_waivable(module, s) if isinstance(s, Duty) else s for s in clause.sentences)
    )


def _waivable(module: Module, duty: Duty) -> Duty:
    return replace(duty, waived_by=" ".join(sorted(waivers(module, duty))))


def same(lookup: Lookup, one: Any, other: Any) -> bool:
    if one == other:
        return True
    if isinstance(one, Term) and isinstance(other, Term) and _joins(one, other):
        return same_truth(lookup, one, other)
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(same(lookup, a, b) for a, b in zip(one, other, strict=True))
    if is_dataclass(one):
        return all(same(lookup, getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return False


def _joins(one: Term, other: Term) -> bool:
    return isinstance(one, All | AnyOf | AtLeast | Not) or isinstance(other, All | AnyOf | AtLeast | Not)


def same_truth(lookup: Lookup, one: Term, other: Term) -> bool:
    """Equal truth for all truths that the conditions can have; False where there are too many to try."""
    leaves = tuple(dict.fromkeys(c for t in (one, other) for c in Question("", 0, Asked.ACT, t).conditions))
    can: list[tuple[Truth, ...]] = [tuple(can_be(lookup, leaf)) for leaf in leaves]
    total = 1
    for each in can:
        total *= len(each)
    if total > MOST:
        return False
    given = (dict(zip(leaves, truths, strict=True)) for truths in product(*can))
    return all(truth_of(one, g) is truth_of(other, g) for g in given)
