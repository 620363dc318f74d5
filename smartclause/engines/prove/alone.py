"""Conditions that make no difference alone, by proof: on no act or record whatever, complete or not, does the condition
have one truth while another one, all else equal, would change what comes out.

Only what is denied is told: what the solver thinks possible may still be out of reach of every history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import z3

from smartclause.engines.coverage.questions import Asked, Question
from smartclause.engines.prove.asking import Asking, Effort
from smartclause.engines.prove.facts import NO, YES, Yes
from smartclause.engines.prove.figures import UNKNOWN, Rails
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.reading import all_of, any_of, at_least
from smartclause.logic.contract import Contract, Duty, Norm, Repeated
from smartclause.logic.terms import All, AnyOf, AtLeast, Not, Term
from smartclause.logic.truth import Truth

_EFFORT = Effort(steps=2_000_000)
Leaves = Mapping[Term, Rails]


class Alone:
    """Of the conditions of one contract."""

    def __init__(self, contract: Contract) -> None:
        self.prover = Prover(contract, effort=_EFFORT)
        self._known: dict[tuple[Question, int, Truth, Truth], bool] = {}

    def never(self, question: Question, place: int, is_: Truth, were: Truth) -> bool:
        """Proved: nowhere is the condition at this place `is_` where `were` would bring out something else."""
        key = (question, place, is_, were)
        if key not in self._known:
            self._known[key] = self._never(*key)
        return self._known[key]

    def _never(self, question: Question, place: int, is_: Truth, were: Truth) -> bool:
        found = [self._possible(asking, question, place, is_, were) for asking in self._spaces(question)]
        return bool(found) and all(each is False for each in found)

    def _possible(self, asking: Asking, question: Question, place: int, is_: Truth, were: Truth) -> bool | None:
        leaves = self._leaves(asking, question)
        term = question.conditions[place]
        mine = leaves[term]
        as_it_is, otherwise = (value(question.term, {**leaves, term: _fixed(t)}) for t in (is_, were))
        return asking.possible(
            z3.And(_has(mine, is_), z3.Or(as_it_is.yes != otherwise.yes, as_it_is.no != otherwise.no))
        )

    def _leaves(self, asking: Asking, question: Question) -> dict[Term, Rails]:
        lookup, space = self.prover.lookup, asking.space
        module = lookup.clauses[question.clause][0].name
        at = replace(space.place, judged=question.asked is Asked.ACT)
        reading = space.world.reading(lookup)

        def leaf(term: Term) -> Rails:
            """As in scenarios, where nobody's word stands alone."""
            return Rails(reading.leaf(term, at, module, False).yes, reading.leaf(term, at, module, True).no)

        return {c: leaf(c) for c in question.conditions}

    def _spaces(self, question: Question) -> Iterator[Asking]:
        """Of every type and party of which it is asked; none of a state, which is asked of no record."""
        _, clause = self.prover.lookup.clauses[question.clause]
        sentence = next(s for s in clause.sentences if s.number == question.sentence)
        if not isinstance(sentence, Norm | Duty | Repeated) or question.asked is Asked.STATE:
            return
        for type_ in dict.fromkeys(n for t in question.types for n in self.prover.narrower(t)):
            yield self.prover.asking(type_, sentence.party)


def value(term: Term, leaves: Leaves) -> Rails:
    """What comes out where the conditions are these."""
    match term:
        case Not():
            return value(term.arg, leaves).inverse()
        case All():
            return all_of([value(a, leaves) for a in term.args]) if term.args else Rails(YES, NO)
        case AnyOf():
            return any_of([value(a, leaves) for a in term.args]) if term.args else Rails(NO, YES)
        case AtLeast():
            return at_least(term.count, [value(a, leaves) for a in term.args])
        case _:
            return leaves[term]


def _fixed(truth: Truth) -> Rails:
    match truth:
        case Truth.TRUE:
            return Rails(YES, NO)
        case Truth.FALSE:
            return Rails(NO, YES)
        case Truth.UNKNOWN:
            return UNKNOWN


def _has(rails: Rails, truth: Truth) -> Yes:
    match truth:
        case Truth.TRUE:
            return rails.yes
        case Truth.FALSE:
            return rails.no
        case Truth.UNKNOWN:
            return z3.And(z3.Not(rails.yes), z3.Not(rails.no))
