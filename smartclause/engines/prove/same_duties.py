"""Duties of two contracts that are proved to be the same: alike in form, and each condition in them comes out alike on
every act and record whatever, with whatever past.

Parties, acts, keys, periods, recipients and waivers must be equal as they stand; a period that a figure gives, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import z3

from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.prover import Prover
from smartclause.logic.contract import (
    Answer,
    BreachTrigger,
    Clause,
    Contract,
    Duty,
    EventTrigger,
    Norm,
    Repeated,
    Sentence,
    Standing,
)
from smartclause.logic.terms import TRUE, Query, Term, walk


def with_same_duties(one: Contract, other: Contract, effort: Effort) -> Contract | None:
    """The second contract with the duties of the first, in the first's words; None unless all are proved the same.

    Both have the same figures, words, types and clauses.
    """
    if one.parameters != other.parameters or one.vocabulary != other.vocabulary or one.types != other.types:
        return None
    if [(m.name, [c.id for c in m.clauses]) for m in one.modules] != [
        (m.name, [c.id for c in m.clauses]) for m in other.modules
    ]:
        return None
    same = _Same(Prover(one, other, effort=effort))
    modules = []
    for here, there in zip(one.modules, other.modules, strict=True):
        clauses = [same.clause(here.name, a, b) for a, b in zip(here.clauses, there.clauses, strict=True)]
        if None in clauses:
            return None
        modules.append(replace(there, clauses=tuple(c for c in clauses if c is not None)))
    return replace(other, modules=tuple(modules))


class _Same:
    def __init__(self, prover: Prover) -> None:
        self.prover = prover

    def clause(self, module: str, one: Clause, other: Clause) -> Clause | None:
        """The second with the duties of the first."""
        if one == other or all(isinstance(s, Norm) for s in (*one.sentences, *other.sentences)):
            return other
        if len(one.sentences) != len(other.sentences):
            return None
        told: list[Sentence] = []
        for a, b in zip(one.sentences, other.sentences, strict=True):
            if isinstance(a, Norm) and isinstance(b, Norm):
                told.append(b)
            elif self._sentence(module, (one.applies, a), (other.applies, b)):
                told.append(a)
            else:
                return None
        return replace(other, sentences=tuple(told))

    def _sentence(self, module: str, one: tuple[Term, Sentence], other: tuple[Term, Sentence]) -> bool:
        match one, other:
            case (applies, Duty() as a), (applied, Duty() as b):
                return self._opened(module, (applies, a), (applied, b)) and self._duty(module, a, b)
            case (applies, Repeated() as a), (applied, Repeated() as b):
                form = replace(a, answers=()) == replace(b, answers=())
                return form and applies == applied and self._answers(module, a, b)
            case (applies, Standing() as a), (applied, Standing() as b):
                form = replace(a, condition=TRUE) == replace(b, condition=TRUE)
                return form and all(
                    self._state(module, a.party, *p) for p in ((applies, applied), (a.condition, b.condition))
                )
            case _:
                return one == other

    def _opened(self, module: str, one: tuple[Term, Duty], other: tuple[Term, Duty]) -> bool:
        """What opens it: where the clause applies, and what excepts, are judged at the trigger."""
        (applies, a), (applied, b) = one, other
        if len(a.triggers) != len(b.triggers):
            return False
        given = ((applies, applied), (a.exception, b.exception))
        if not a.triggers:
            return all(x == y for x, y in given)
        return all(self._trigger(module, a.party, *p, given) for p in zip(a.triggers, b.triggers, strict=True))

    def _trigger(
        self,
        module: str,
        party: str,
        one: EventTrigger | BreachTrigger,
        other: EventTrigger | BreachTrigger,
        given: Iterable[tuple[Term, Term]],
    ) -> bool:
        match one, other:
            case EventTrigger(), EventTrigger():
                same = (self._alike(module, party, one.event, *p) for p in (*given, (one.where, other.where)))
                return one.event == other.event and all(same)
            case _:
                return one == other and all(a == b for a, b in given)

    def _duty(self, module: str, one: Duty, other: Duty) -> bool:
        """All but what opens it."""
        if _form(one) != _form(other) or not self._answers(module, one, other):
            return False
        if one.otherwise is None or other.otherwise is None:
            return one.otherwise == other.otherwise
        second = (one.otherwise, other.otherwise)
        return second[0].exception == second[1].exception and self._duty(module, *second)

    def _answers(self, module: str, one: Duty | Repeated, other: Duty | Repeated) -> bool:
        def same(a: Answer, b: Answer) -> bool:
            return a.act == b.act and self._alike(module, one.party, a.act, a.where, b.where)

        return len(one.answers) == len(other.answers) and all(map(same, one.answers, other.answers))

    def _state(self, module: str, party: str, one: Term, other: Term) -> bool:
        """What is to be kept is asked of no record: nothing names a key."""
        if one == other:
            return True
        keyed = any(isinstance(n, Query) and n.keys for t in (one, other) for n in walk(t))
        return not keyed and self._in_space(module, party, "", one, other)

    def _alike(self, module: str, party: str, type_: str, one: Term, other: Term) -> bool:
        """On every record of the type, or of a narrower one."""
        narrower = self.prover.narrower(type_)
        return one == other or all(self._in_space(module, party, t, one, other) for t in narrower)

    def _in_space(self, module: str, party: str, type_: str, one: Term, other: Term) -> bool:
        asking = self.prover.asking(type_, party)
        space, (first, second) = asking.space, self.prover.lookups
        place = replace(space.place, judged=False)
        differ = []
        for favour in (True, False):
            a = space.world.reading(first).term(one, place, module, favour)
            b = space.world.reading(second).term(other, place, module, favour)
            differ += [a.yes != b.yes, a.no != b.no]
        return asking.possible(z3.Or(differ)) is False


def _form(duty: Duty) -> Duty:
    return replace(duty, triggers=(), answers=(), exception=TRUE, otherwise=None)
