"""How many records, how much of them and how many different values: surely at least, possibly at most (design 2.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, floor
from typing import assert_never

from sqlglot import exp

from smartclause.engines.sql.asking import Asking
from smartclause.engines.sql.bounds import amounts
from smartclause.engines.sql.conditions import unknown
from smartclause.engines.sql.covering import pair
from smartclause.engines.sql.dated import by_stretch, changes_of_vocabulary, stretches
from smartclause.engines.sql.needs import distinct_type
from smartclause.engines.sql.past import PastWhy, Whys
from smartclause.engines.sql.pieces import (
    Rails,
    Sql,
    added,
    both,
    chosen,
    either,
    inverse,
    is_yes,
    no,
    one_of,
    settled,
    text,
    texts,
    truth,
    whole,
    yes,
)
from smartclause.engines.sql.questions import Counted, Distinct, Question, Reaches, length_of
from smartclause.engines.sql.reader import Row
from smartclause.engines.sql.readings import Reading, Why, family
from smartclause.logic.contract import ANYONE
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Compare, Const, Count, CountDistinct, Kind, Order, Parameter, Total
from smartclause.rails.formula import Leaf
from smartclause.rails.refused import CannotDo


@dataclass(frozen=True)
class Numbers(Asking):
    """The judged act counts with the others where it is such an act."""

    def amount(self, node: Count | Total | CountDistinct, judged: bool) -> tuple[Reading, tuple[PastWhy, ...]]:
        question = self.past.ask(node.query, self, _needs_joining(self.lookup, node))
        unseen = self._overcast(question)
        own = self._itself(question) if judged else None
        match node:
            case Count():
                low, high = self._counted(question, own)
                past: list[PastWhy] = []
                mine: list[Why] = []
            case Total():
                low, high, past, mine = self._totalled(question, node, own)
            case CountDistinct():
                low, high, past, mine = self._distinct(question, node, own)
            case _:
                assert_never(node)
        ready, closed = question.ready(), both(question.ready(), inverse(unseen.any()))
        bound = _present(closed, high)
        open_ = both(ready.copy(), inverse(settled(exp.EQ(this=low.copy(), expression=bound.copy()))))
        whys = list(question.key_whys()) if not is_yes(ready) else []
        whys += [replace(w, holds=both(open_.copy(), w.holds)) for w in unseen.whys()]
        whys += self._own_whys(own, open_)
        whys += [replace(w, holds=both(open_.copy(), w.holds)) for w in mine]
        past = [replace(p, holds=both(open_.copy(), p.holds)) for p in past]
        past += self._unsure_whys(question, open_)
        kind, unit = family(node.type.kind), None
        if node.type.kind is Kind.MONEY:
            unit = text(node.type.detail)
        reading = Reading(kind, _present(ready, low), bound, unit, point=False, whys=tuple(whys))
        return reading, tuple(past)

    def _figure(self, term: Compare) -> tuple[Count, Decimal, Order] | None:
        """A count held against one figure, the count on the left."""
        for one, other, order_ in ((term.left, term.right, term.order), (term.right, term.left, MIRRORED[term.order])):
            if isinstance(one, Count) and isinstance(other, Const | Parameter):
                value = self.read(other).constant
                if isinstance(value, Decimal) and value.is_finite():
                    return one, value, order_
        return None

    def _count_compared(self, node: Count, value: Decimal, how: Order, leaf: Leaf) -> tuple[Rails, Whys]:
        """Only whether there are so many matters, not how many there are."""
        question = self.past.ask(node.query, self)
        unseen = self._overcast(question)
        own = self._itself(question) if leaf.judged else None
        least, more = ceil(value), floor(value) + 1
        closed = inverse(unseen.any())

        def sure(number: int) -> Sql:
            return self._reaches(question, own, number, True)

        def few(number: int) -> Sql:
            return both(closed.copy(), inverse(self._reaches(question, own, number, False)))

        match how:
            case Order.AT_LEAST:
                rails = Rails(sure(least), few(least))
            case Order.EXCEEDS:
                rails = Rails(sure(more), few(more))
            case Order.AT_MOST:
                rails = Rails(few(more), sure(more))
            case Order.BELOW:
                rails = Rails(few(least), sure(least))
            case Order.EQUAL:
                exact = both(sure(least), few(more)) if least < more else no()
                rails = Rails(exact, either(few(least), sure(more)))
            case _:
                assert_never(how)
        whys: list[Why | PastWhy] = [*self._own_whys(own, yes()), *unseen.whys()]
        whys += self._unsure_whys(question, yes())
        return self._asked(question, rails, tuple(whys))

    def _reaches(self, question: Question, own: Own | None, number: int, sure: bool) -> Sql:
        """At least so many, the judged act among them."""
        condition = question.sure(self.doubt) if sure else question.possible
        itself = no() if own is None else (own.sure if sure else own.possible).copy()
        return either(
            both(itself, self._at_least(question, condition, number - 1, sure)),
            self._at_least(question, condition, number, sure),
        )

    def _at_least(self, question: Question, condition: Sql, number: int, sure: bool) -> Sql:
        if number <= 0:
            return yes()
        return no() if condition == no() else question.told(Reaches(condition.copy(), sure, number))

    def _itself(self, question: Question) -> Own | None:
        """The judged act, counted with the others if it is such an act and meets `where`."""
        mine = replace(question, row=replace(self, alias=self.alias), measures=[])
        rails = mine.where.rails
        kind = self.past.act_type
        is_type = self.lookup.is_under(kind, question.query.event)
        known = question.wanted == ANYONE or (self.party != "" and self.party == question.wanted)
        may_by = known or not self.party
        plain = is_type and known
        sure = both(truth(plain), rails.is_true.copy())
        may = both(truth(kind in question.types and may_by), inverse(rails.is_false.copy()))
        return Own(mine, sure, may, plain) if may != no() else None

    def _own_whys(self, own: Own | None, open_: Sql) -> list[Why]:
        if own is None:
            return []
        mine = both(open_, own.possible, inverse(own.sure))
        here = unknown(own.question.where.rails)
        found = [replace(w, holds=both(mine.copy(), here.copy(), w.holds.copy())) for w in own.question.where.whys]
        narrower = Why(both(mine.copy(), truth(not own.plain)), text("narrower act"), self.column("type"), role="")
        return [*found, narrower]

    def _number(self, question: Question, condition: Sql, sure: bool, amount: Sql | None = None) -> Sql:
        if condition == no():
            return whole(0)
        return question.told(Counted(condition, sure, amount))

    def _counted(self, question: Question, own: Own | None) -> tuple[Sql, Sql]:
        low = self._number(question, question.sure(self.doubt), True)
        high = self._number(question, question.possible, False)
        if own is None:
            return low, high
        one, none = whole(1), whole(0)
        return (
            exp.Paren(this=added(low, chosen([(own.sure.copy(), one)], none))),
            exp.Paren(this=added(high, chosen([(own.possible.copy(), one.copy())], none.copy()))),
        )

    def _totalled(self, question: Question, node: Total, own: Own | None) -> tuple[Sql, Sql, list[PastWhy], list[Why]]:
        """An unknown amount counts with its declared bounds, and at least 0."""
        own_whys: list[Why] = []
        least, most, open_, whys = amounts(question.row, question.types, node)
        low = self._number(question, question.sure(self.doubt), True, least)
        high = self._number(question, question.possible, False, most)
        unbounded = self._exists(question, both(question.possible, open_), False)
        if own is not None:
            my_least, my_most, my_open, my_whys = amounts(own.question.row, question.types, node)
            low = exp.Paren(this=added(low, chosen([(own.sure.copy(), my_least)], whole(0))))
            high = exp.Paren(this=added(high, chosen([(own.possible.copy(), my_most)], whole(0))))
            unbounded = either(unbounded, both(own.possible.copy(), my_open))
            own_whys = [replace(w, holds=both(own.possible.copy(), w.holds)) for w in my_whys]
        high = _present(inverse(unbounded), high)
        past = [PastWhy(question, yes(), w) for w in whys]
        return low, high, past, own_whys

    def _distinct(
        self, question: Question, node: CountDistinct, own: Own | None
    ) -> tuple[Sql, Sql, list[PastWhy], list[Why]]:
        """Different values: surely at least, possibly at most. A concept that is no leaf may be any under it."""
        own_whys: list[Why] = []
        value, settled_, whys = self._settled(question.row, node)
        vague = inverse(settled_)
        sure, may = question.sure(self.doubt), question.possible
        low = question.told(Distinct(both(sure, settled_), True, value))
        vague_low = self._exists(question, both(sure.copy(), vague), True)
        high = question.told(Distinct(both(may, settled_.copy()), False, value.copy()))
        vague_high = self._number(question, both(may.copy(), vague.copy()), False)
        if own is not None:
            mine, mine_settled, my_whys = self._settled(own.question.row, node)
            own_whys = [replace(w, holds=both(own.possible.copy(), w.holds)) for w in my_whys]
            same = settled(exp.EQ(this=value.copy(), expression=mine))
            among_sure = self._exists(question, both(sure.copy(), settled_.copy(), same), True)
            among_may = self._exists(question, both(may.copy(), settled_.copy(), same.copy()), False)
            low = _plus(low, both(own.sure, mine_settled, inverse(among_sure)))
            vague_low = either(vague_low, both(own.sure.copy(), inverse(mine_settled.copy())))
            high = _plus(high, both(own.possible, mine_settled.copy(), inverse(among_may)))
            vague_high = _plus(vague_high, both(own.possible.copy(), inverse(mine_settled.copy())))
        at_least_one = both(vague_low, exp.EQ(this=low.copy(), expression=whole(0)))
        low = chosen([(at_least_one, whole(1))], low)
        past = [PastWhy(question, yes(), w) for w in whys]
        return low, exp.Paren(this=added(high, vague_high)), past, own_whys

    def _settled(self, row: Row, node: CountDistinct) -> tuple[Sql, Sql, tuple[Why, ...]]:
        """The value, whether it is one value and no other, and why it is unknown. Leaves are those of the act's day."""
        kind = distinct_type(self.lookup, node).kind
        reading = row.field(node.field, kind)
        if reading.low is None or kind is Kind.DURATION:
            raise CannotDo("different durations of past records", node.query.event)
        value = reading.low
        if reading.unit is not None:
            amount = exp.cast(value.copy(), "VARCHAR")
            value = pair(amount, reading.unit)
        if kind is not Kind.CONCEPT:
            return value, reading.known, reading.whys
        found = [(s, self.lookup.concepts(s.some_instant, self.zone)) for s in stretches(self._turns())]
        leaves = [(s, one_of(value.copy(), texts(n for n in sorted(c.names) if c.is_leaf(n)))) for s, c in found]
        return value, both(reading.known, settled(by_stretch(self.now, leaves))), reading.whys

    def _turns(self) -> list[int]:
        return changes_of_vocabulary(self.lookup, self.zone)


@dataclass(frozen=True)
class Own:
    question: Question
    sure: Sql
    possible: Sql
    plain: bool  # surely such an act of the party asked for


def _plus(number: Sql, one_more: Sql) -> Sql:
    return exp.Paren(this=added(number, chosen([(one_more, whole(1))], whole(0))))


MIRRORED = {
    Order.AT_LEAST: Order.AT_MOST,
    Order.AT_MOST: Order.AT_LEAST,
    Order.EXCEEDS: Order.BELOW,
    Order.BELOW: Order.EXCEEDS,
    Order.EQUAL: Order.EQUAL,
}


def _needs_joining(lookup: Lookup, node: Count | Total | CountDistinct) -> bool:
    """Different values, and amounts inside a window that is not of hours."""
    return isinstance(node, CountDistinct) or (
        node.query.within is not None and length_of(lookup, node.query.within) is None
    )


def _present(condition: Sql, value: Sql) -> Sql:
    return value if is_yes(condition) else exp.Case(ifs=[exp.If(this=condition, true=value)])
