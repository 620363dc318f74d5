"""Duties of two contracts that are proved to be the same: the same opens them, answers them, at the same time, on every
record whatever and with whatever past. So each instance of the one stands as that of the other, in every history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import z3

from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.owed import Owed, duties_of
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.reading import Place
from smartclause.logic.contract import Answer, BreachTrigger, Duty, EventTrigger, Module, Repeated, Standing
from smartclause.logic.counting import Duration
from smartclause.logic.identity import meaning_of
from smartclause.logic.terms import (
    TRUE,
    All,
    ClauseViolated,
    Const,
    CountDistinct,
    Covers,
    Expression,
    Not,
    Parameter,
    Query,
    Term,
    walk,
)
from smartclause.rails.stretches import stated

_Part = TypeVar("_Part")
_READ = (Parameter, Covers, CountDistinct, ClauseViolated)  # what two versions may give another value


class EqualDuties:
    """Of the first two contracts of a prover; clauses of the same id belong together."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self.one, self.other = prover.lookups[:2]
        self._clauses: dict[tuple[str, int], bool] = {}

    def __call__(self, a: Owed, b: Owed) -> bool:
        """Only what is proved: False says nothing."""
        return self._frame(a, b) and self._opened(a, b) and self._answered(a, b)

    # ---- around it

    def _frame(self, a: Owed, b: Owed) -> bool:
        """Time, force, parties, and the types of all records that it looks at."""
        if _file(a.module) != _file(b.module) or a.clause.survives != b.clause.survives:
            return False
        kinds = {t for o in (a, b) for e in o.types() for t in o.lookup.relevant_types(e)}
        return all(meaning_of(self.one.types.get(t)) == meaning_of(self.other.types.get(t)) for t in kinds)

    # ---- what opens it

    def _opened(self, a: Owed, b: Owed) -> bool:
        match a.duty, b.duty:
            case Duty() as one, Duty() as other:
                return self._triggers(a, one, b, other)
            case Repeated(), Repeated():
                return self._nowhere(a, a.clause.applies, b, b.clause.applies)
            case Standing() as one, Standing() as other:
                return self._kept(a, one, b, other)
        return False

    def _triggers(self, a: Owed, one: Duty, b: Owed, other: Duty) -> bool:
        if (one.keys, one.clock) != (other.keys, other.clock) or bool(one.triggers) != bool(other.triggers):
            return False
        if not one.triggers:
            same = self._nowhere(a, a.clause.applies, b, b.clause.applies)
            return same and self._nowhere(a, one.exception, b, other.exception)
        return _matched(one.triggers, other.triggers, lambda x, y: self._trigger(a, x, b, y))

    def _trigger(
        self, a: Owed, one: EventTrigger | BreachTrigger, b: Owed, other: EventTrigger | BreachTrigger
    ) -> bool:
        match one, other:
            case EventTrigger(), EventTrigger():
                return one.event == other.event and self._on_record(
                    one.event, a, _opening(a, one.where), b, _opening(b, other.where), False
                )
            case BreachTrigger(), BreachTrigger():
                same = (one.clause, one.sentence) == (other.clause, other.sentence)
                return same and _opening(a) == _opening(b) and self._reads_alike(_opening(a)) and self._breached(one)
        return False

    def _breached(self, trigger: BreachTrigger) -> bool:
        """Whether what is breached is the same duty."""
        key = (trigger.clause, trigger.sentence)
        if key not in self._clauses:
            first, second = (duties_of(k, *key) for k in (self.one, self.other))
            self._clauses[key] = bool(first) and _matched(first, second, self)
        return self._clauses[key]

    def _kept(self, a: Owed, one: Standing, b: Owed, other: Standing) -> bool:
        if one.party != other.party or one.for_each != other.for_each:
            return False
        terms = ((a.clause.applies, one.condition), (b.clause.applies, other.condition))
        events = [{n.event for t in both for n in walk(t) if isinstance(n, Query)} for both in terms]
        holder = self._holder(one.for_each)
        if events[0] != events[1] or holder is None or not self._same_time(a, one.after, b, other.after):
            return False
        pairs = zip(*terms, strict=True)
        return all(self._in_space(holder, a, x, b, y, True) for x, y in pairs)

    def _holder(self, key: str) -> str | None:
        """A type whose records have the key."""
        holders = (t.name for t in self.one.types.values() if any(f.name == key for f in t.fields))
        return next(holders, None) if key else ""

    # ---- what answers it, and when

    def _answered(self, a: Owed, b: Owed) -> bool:
        match a.duty, b.duty:
            case Standing(), Standing():
                return True
            case (Duty() | Repeated()) as one, (Duty() | Repeated()) as other:
                form = one.party == other.party and one.recipient == other.recipient
                form = form and self._same_time(a, one.period, b, other.period)
                acts = form and _matched(one.answers, other.answers, lambda x, y: self._answer(a, x, b, y))
                return acts and self._more(a, one, b, other)
        return False

    def _answer(self, a: Owed, one: Answer, b: Owed, other: Answer) -> bool:
        return one.act == other.act and self._on_record(one.act, a, one.where, b, other.where, True)

    def _more(self, a: Owed, one: Duty | Repeated, b: Owed, other: Duty | Repeated) -> bool:
        """Waivers, a fixed end, and what is owed otherwise."""
        if not isinstance(one, Duty) or not isinstance(other, Duty):
            return True
        if one.waived_by != other.waived_by or not self._same_end(one.no_later_than, other.no_later_than):
            return False
        first, second = a.otherwise, b.otherwise
        if first is None or second is None:
            return first is second
        return self._answered(first, second)

    def _same_end(self, one: Expression | None, other: Expression | None) -> bool:
        return one == other and not isinstance(one, Parameter)

    def _same_time(self, a: Owed, one: Const | Parameter | None, b: Owed, other: Const | Parameter | None) -> bool:
        """The same period on every day."""
        if one is None or other is None:
            return one is other
        for at in self.prover.world.moments.inside:
            first, second = stated(a.lookup, one, at).value, stated(b.lookup, other, at).value
            if first != second or not isinstance(first, Duration):
                return False
        return True

    # ---- conditions

    def _on_record(self, kind: str, a: Owed, one: Term, b: Owed, other: Term, favour: bool) -> bool:
        """Alike on each record that may be taken for one of the type."""
        kinds = dict.fromkeys((*self.one.relevant_types(kind), *self.other.relevant_types(kind)))
        return all(self._in_space(t, a, one, b, other, favour) for t in kinds)

    def _nowhere(self, a: Owed, one: Term, b: Owed, other: Term) -> bool:
        """Asked of no record."""
        return self._in_space("", a, one, b, other, True) and self._in_space("", a, one, b, other, False)

    def _in_space(self, kind: str, a: Owed, one: Term, b: Owed, other: Term, favour: bool) -> bool:
        if one == other and not any(isinstance(n, _READ) for n in walk(one)):
            return True
        asking = self.prover.asking(kind, a.duty.party)
        space = asking.space
        place = replace(space.place, judged=False)
        first, second = self._read(a, one, place, favour), self._read(b, other, place, favour)
        return asking.possible(z3.Or(first.yes != second.yes, first.no != second.no)) is False

    def _read(self, owed: Owed, term: Term, place: Place, favour: bool) -> Rails:
        return self.prover.world.reading(owed.lookup).term(term, place, owed.module.name, favour)

    def _reads_alike(self, term: Term) -> bool:
        """Whether equal words mean the same."""
        return not any(isinstance(n, _READ) for n in walk(term))


def _opening(owed: Owed, where: Term = TRUE) -> Term:
    """All that must hold at what opens it."""
    assert isinstance(owed.duty, Duty)
    return All((where, owed.clause.applies, Not(owed.duty.exception)))


def _file(module: Module) -> object:
    return meaning_of((module.kind, replace(module.header, authoritative=""), module.parties))


def _matched(one: Sequence[_Part], other: Sequence[_Part], same: Callable[[_Part, _Part], bool]) -> bool:
    """Whether each has one of its own among the others, in whatever order."""
    left = list(other)
    for each in one:
        found = next((n for n, x in enumerate(left) if same(each, x)), None)
        if found is None:
            return False
        del left[found]
    return not left
