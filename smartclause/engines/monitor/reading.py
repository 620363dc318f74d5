"""Why something is not known, found out only when it is not: reasons of conditions on a record's own facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smartclause.engines.monitor.conditions import Facts, Known
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.terms import Term
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, Record
from smartclause.rails.formula import Fixed, Force, Formula, Leaf, Owed, grounds
from smartclause.rails.lowering import lower_term
from smartclause.rails.past.past import Past
from smartclause.rails.source.leaves import reads_the_past

SHOWN = (Signer("the caller", EVERYONE),)
OfPast = Callable[[Leaf, str, Facts, Instant, str], tuple[Known, tuple[Reason, ...]]]


@dataclass(frozen=True)
class Reasons:
    """`past` has no records: it is asked about one record's own facts only."""

    lookup: Lookup
    past: Past

    def of_term(self, term: Term, module: str, type_: str, facts: Facts, at: Instant, name: str) -> tuple[Reason, ...]:
        """Why a condition on a record's own facts is not known."""
        formula = lower_term(term, module, "", favour=True, judged=False)
        return self.of_formula(formula, type_, "", facts, at, name, lambda *_: (True, ()))

    def of_formula(
        self, formula: Formula, type_: str, by: str, facts: Facts, at: Instant, name: str, of_past: OfPast
    ) -> tuple[Reason, ...]:
        found: dict[Reason, None] = {}
        for ground in grounds(formula):
            match ground:
                case Leaf() if reads_the_past(ground.term):
                    known, why = of_past(ground, by, facts, at, name)
                    found.update(dict.fromkeys(why if known is None else ()))
                case Leaf():
                    found.update(dict.fromkeys(self.of_leaf(ground, type_, by, facts, at, name)))
                case Fixed() if ground.truth is Truth.UNKNOWN:
                    found.update(dict.fromkeys(ground.reasons))
                case Fixed() | Force() | Owed():
                    pass
        return tuple(found)

    def of_leaf(self, leaf: Leaf, type_: str, by: str, facts: Facts, at: Instant, name: str) -> tuple[Reason, ...]:
        event = Event(name, type_, at, by, facts=facts, signers=SHOWN)
        row = self.past.row(Record(event, at, at), leaf.party)
        return tuple(self.past.reasons(leaf, row, Position(at, 0), at))
