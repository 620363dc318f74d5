"""Leaves that ask the past of the judged act: each form from few measures of its candidates (design 2.6, 2.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from smartclause.engines.sql.conditions import Looked, unknown
from smartclause.engines.sql.following import Following
from smartclause.engines.sql.latest import Latest
from smartclause.engines.sql.needs import is_of_history
from smartclause.engines.sql.numbers import Numbers
from smartclause.engines.sql.past import AnswerWhy, PastWhy, Whys
from smartclause.engines.sql.pieces import Rails, both, either, inverse, yes
from smartclause.engines.sql.readings import Reading, Why, holds, order
from smartclause.logic.terms import (
    Compare,
    Count,
    CountDistinct,
    Covers,
    Every,
    EveryFollowed,
    Expression,
    Holds,
    LatestField,
    LatestHas,
    Some,
    Term,
    Total,
)
from smartclause.rails.formula import Leaf
from smartclause.rails.refused import CannotDo


@dataclass(frozen=True)
class Act(Latest, Numbers, Following):
    """The judged act: its own facts, and its past."""

    def leaf(self, leaf: Leaf) -> tuple[Looked, tuple[PastWhy | AnswerWhy, ...]]:
        """What the judged party alone recorded never helps it and always binds it (design 2.6)."""
        if not is_of_history(leaf.term):
            return self.own(leaf.term), ()
        told, against = replace(self, doubt=leaf.favour), replace(self, doubt=not leaf.favour)
        rails = Rails(told.judge(leaf.term, leaf)[0].is_true, against.judge(leaf.term, leaf)[0].is_false)
        _, found = replace(self, doubt=True).judge(leaf.term, leaf)
        plain = tuple(w for w in found if isinstance(w, Why))
        return Looked(rails, plain), tuple(w for w in found if not isinstance(w, Why))

    def judge(self, term: Term, leaf: Leaf) -> tuple[Rails, Whys]:
        match term:
            case Holds():
                reading, past = self.value(term.value, leaf)
                return holds(reading), (*reading.whys, *past)
            case Compare() if (figure := self._figure(term)) is not None:
                return self._count_compared(*figure, leaf)
            case Compare():
                left, of_left = self.value(term.left, leaf)
                right, of_right = self.value(term.right, leaf)
                return order(term.order, left, right), (*left.whys, *right.whys, *of_left, *of_right)
            case Covers():
                return self._covers(term, leaf)
            case Some():
                return self.some(term)
            case Every():
                return self.every(term)
            case LatestHas():
                return self.latest_has(term)
            case EveryFollowed():
                return self.every_followed(term)
            case _:
                raise CannotDo("this condition", leaf.module)

    def _covers(self, term: Covers, leaf: Leaf) -> tuple[Rails, Whys]:
        if is_of_history(term.broad):
            broad, of_broad = self.value(term.broad, leaf)
            narrow, of_narrow = self.value(term.narrow, leaf)
            looked = self.covers_from_record(broad, narrow, term.narrow)
            return looked.rails, (*looked.whys, *of_broad, *of_narrow)
        reading, past = self.value(term.narrow, leaf)
        looked = self.covers(term, reading)
        return looked.rails, (*looked.whys, *past)

    def value(self, node: Expression, leaf: Leaf) -> tuple[Reading, tuple[PastWhy, ...]]:
        match node:
            case LatestField():
                return self.latest_field(node)
            case Count() | Total() | CountDistinct():
                return self.amount(node, leaf.judged)
            case _:
                return self.read(node), ()

    # ---- some, every

    def some(self, term: Some) -> tuple[Rails, Whys]:
        question = self.past.ask(term.query, self)
        unseen = self._overcast(question)
        rails = Rails(self._sure(question), both(inverse(self._possible(question)), inverse(unseen.any())))
        whys: list[Why | PastWhy] = [*self._unsure_whys(question, yes()), *unseen.whys()]
        return self._asked(question, rails, tuple(whys))

    def every(self, term: Every) -> tuple[Rails, Whys]:
        """False where nothing is recorded; false if one that surely counts fails."""
        question = self.past.ask(term.query, self)
        unseen = self._overcast(question)
        has = question.row.condition(term.has)
        open_ = self._exists(question, both(question.possible, inverse(has.rails.is_true)), False)
        failing = self._exists(question, both(question.sure(self.doubt), has.rails.is_false), True)
        rails = Rails(
            both(self._sure(question), inverse(open_), inverse(unseen.any())),
            either(both(inverse(self._possible(question)), inverse(unseen.any())), failing),
        )
        undecided = inverse(has.rails.is_true.copy())
        whys: list[Why | PastWhy] = [*self._unsure_whys(question, yes(), undecided), *unseen.whys()]
        here = unknown(has.rails)
        whys += [PastWhy(question, yes(), replace(w, holds=both(here.copy(), w.holds.copy()))) for w in has.whys]
        return self._asked(question, rails, tuple(whys))
