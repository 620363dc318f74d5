"""Leaves that ask the past of the judged act: each form from few measures of its candidates (design 2.6, 2.7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import ceil, floor
from typing import TypeAlias, assert_never

from sqlglot import exp

from smartclause.engines.sql.clouds import Overcast, overcast
from smartclause.engines.sql.conditions import Looked, unknown
from smartclause.engines.sql.covering import pair
from smartclause.engines.sql.dated import by_stretch, changes_of_vocabulary, stretches
from smartclause.engines.sql.joining import PAIR
from smartclause.engines.sql.needs import distinct_type, is_of_history
from smartclause.engines.sql.pieces import (
    Rails,
    Sql,
    added,
    both,
    chosen,
    column,
    decimal,
    either,
    inverse,
    is_yes,
    no,
    nothing,
    one_of,
    settled,
    text,
    texts,
    truth,
    whole,
    yes,
)
from smartclause.engines.sql.questions import (
    ANSWER,
    CANDIDATE,
    Counted,
    Distinct,
    Exists,
    Followed,
    Last,
    Question,
    Reaches,
    length_of,
)
from smartclause.engines.sql.reader import Row
from smartclause.engines.sql.readings import Reading, Why, family, holds, order
from smartclause.logic.contract import ANYONE
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import (
    Compare,
    Const,
    Count,
    CountDistinct,
    Covers,
    Every,
    EveryFollowed,
    Expression,
    Holds,
    Kind,
    LatestField,
    LatestHas,
    Money,
    Order,
    Parameter,
    Query,
    Some,
    Term,
    Total,
    Value,
)
from smartclause.logic.world import Cloud
from smartclause.rails.formula import Leaf
from smartclause.rails.refused import CannotDo


@dataclass(frozen=True, slots=True)
class PastWhy:
    """A reason that candidates of a question give: `of` speaks of the candidate, `holds` of the judged act."""

    question: Question
    holds: Sql
    of: Why


@dataclass
class Past:
    """All questions of a group of acts, each asked once."""

    clouds: tuple[Cloud, ...]
    act_type: str = ""
    runs: bool = False  # each act stands at one place only, so that rows can be read in their order
    questions: list[Question] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)

    def follow(self, question: Question, answer: Query) -> Followed:
        for known in self.followed:
            if known.question is question and known.answer.query == answer:
                return known
        row = replace(question.row, alias=ANSWER, now=column("instant", ANSWER))
        asked = Question(-1, answer, row, question.row)
        unseen = overcast(question.row.lookup, self.clouds, answer, question.row.module, question.act.now)
        found = Followed(len(self.followed), question, asked, unseen)
        self.followed.append(found)
        return found

    def ask(self, query: Query, act: Row, by_joining: bool = False) -> Question:
        for known in self.questions:
            if known.query == query and known.act.module == act.module and not (by_joining and known.runs):
                return known
        row = Row(act.lookup, act.sheet, CANDIDATE, act.party, act.module, column("instant", CANDIDATE))
        found = Question(len(self.questions), query, row, act, self.act_type)
        found.runs = self.runs and not by_joining and found.may_run()
        self.questions.append(found)
        return found


@dataclass(frozen=True)
class AnswerWhy:
    """A reason of a record that should be followed, or (`answered`) of what may follow it."""

    followed: Followed
    holds: Sql
    of: Why
    answered: bool = False


Whys: TypeAlias = "tuple[Why | PastWhy | AnswerWhy, ...]"


@dataclass(frozen=True)
class Act(Row):
    """The judged act: its own facts, and its past as far as one reading of doubt goes."""

    past: Past = field(default_factory=lambda: Past(()))
    doubt: bool = False

    # ---- leaves

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

    def _told(self, side: Expression) -> tuple[Sql, str]:
        if not isinstance(side, LatestField):
            return super()._told(side)
        question = self.past.ask(side.query, self)
        return self._last(question, question.row.column("type"), text("")), side.name

    # ---- what every form shares

    def _overcast(self, question: Question) -> Overcast:
        return overcast(self.lookup, self.past.clouds, question.query, self.module, self.now)

    def _exists(self, question: Question, condition: Sql, sure: bool) -> Sql:
        if condition == no():
            return no()
        return question.told(Exists(condition, sure))

    def _sure(self, question: Question) -> Sql:
        return self._exists(question, question.sure(self.doubt), True)

    def _possible(self, question: Question) -> Sql:
        return self._exists(question, question.possible, False)

    def _asked(self, question: Question, rails: Rails, whys: Whys) -> tuple[Rails, Whys]:
        """Unknown where the act lacks a key, whatever the past."""
        ready = question.ready()
        found = Rails(both(ready, rails.is_true), both(ready.copy(), rails.is_false))
        if is_yes(ready):
            return found, whys
        here = tuple(replace(w, holds=both(ready.copy(), w.holds.copy())) for w in whys)
        return found, (*question.key_whys(), *here)

    def _unsure_whys(self, question: Question, holds_: Sql, also: Sql | None = None) -> Iterator[PastWhy]:
        """Reasons of candidates that are possible and not sure; `also` narrows the candidates."""
        surely, _ = question.same_keys()
        doubtful = replace(self, doubt=True)
        sure = both(question.sure(doubtful.doubt), surely.copy(), question.inside(True, self.now))
        for why in question.candidate_whys(self.now, surely.copy()):
            of = replace(why, holds=both(inverse(sure.copy()), also.copy() if also is not None else yes(), why.holds))
            yield PastWhy(question, holds_.copy(), of)

    # ---- forms

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

    # ---- the last record

    def _last(self, question: Question, value: Sql, instead: Sql) -> Sql:
        return question.told(Last(value, instead))

    def _flag(self, question: Question, condition: Sql) -> Sql:
        """A condition on the last record."""
        if is_yes(condition) or condition == no():
            return both(self._possible(question), condition)
        last = self._last(question, chosen([(condition, whole(1))], whole(0)), whole(0))
        return settled(exp.EQ(this=last, expression=whole(1)))

    def _last_counts(self, question: Question, unseen: Overcast) -> Sql:
        """The last possible record surely counts, and nothing unseen may follow it."""
        same = yes() if question.runs else question.same_keys()[0]
        surely = self._flag(question, both(question.sure(self.doubt), same))
        until = question.until(True)
        if until is not None:
            last = self._last(question, until, whole(0))
            surely = both(surely, settled(exp.LTE(this=self.now.copy(), expression=last)))
        if not unseen.found:
            return surely
        instant = self._last(question, question.row.column("instant"), whole(0))
        return both(surely, inverse(settled(unseen.reaching(instant))))

    def latest_has(self, term: LatestHas) -> tuple[Rails, Whys]:
        question = self.past.ask(term.query, self)
        unseen = self._overcast(question)
        has = question.row.condition(term.has)
        counts = self._last_counts(question, unseen)
        none = both(inverse(self._possible(question)), inverse(unseen.any()))
        rails = Rails(
            both(counts, self._flag(question, has.rails.is_true)),
            either(none, both(counts.copy(), self._flag(question, has.rails.is_false))),
        )
        doubtful = replace(self, doubt=True)._last_counts(question, unseen)
        whys: list[Why | PastWhy] = [*self._unsure_whys(question, inverse(doubtful))]
        whys += [replace(w, holds=both(inverse(doubtful.copy()), w.holds)) for w in unseen.whys()]
        here = unknown(has.rails)
        whys += [self._why_of_last(question, doubtful, here, w) for w in has.whys]
        return self._asked(question, rails, tuple(whys))

    def _why_of_last(self, question: Question, counts: Sql, here: Sql, why: Why) -> PastWhy:
        """A reason of the last record alone: its number tells it."""
        number = self._last(question, question.row.column("n"), whole(-1))
        mine = exp.EQ(this=question.row.column("n"), expression=number)
        return PastWhy(question, counts.copy(), replace(why, holds=both(mine, here.copy(), why.holds.copy())))

    def latest_field(self, node: LatestField) -> tuple[Reading, tuple[PastWhy, ...]]:
        question = self.past.ask(node.query, self)
        unseen = self._overcast(question)
        reading = question.row.field(node.name, node.type.kind)
        assert reading.low is not None
        counts = both(question.ready(), self._last_counts(question, unseen))
        usable = both(counts, self._flag(question, reading.known))
        default = _default(node.type.kind)
        value = chosen([(usable.copy(), self._last(question, reading.low, default))], nothing())
        unit = None
        if reading.unit is not None:
            unit = chosen([(usable.copy(), self._last(question, reading.unit, text("")))], nothing())
        whys = list(question.key_whys()) if not is_yes(question.ready()) else []
        doubtful = replace(self, doubt=True)._last_counts(question, unseen)
        ready = question.ready()
        there = either(self._possible(question), unseen.any())
        ft = self.lookup.field(node.query.event, node.name)
        role = ft.shown_by if ft else ""
        absent = both(ready.copy(), inverse(there.copy()))
        whys.append(Why(absent, text("no such record"), text(node.query.event), node.name, role))
        open_ = both(ready.copy(), inverse(doubtful.copy()))
        whys += [replace(w, holds=both(open_.copy(), w.holds)) for w in unseen.whys()]
        past = list(self._unsure_whys(question, open_))
        past += [self._why_of_last(question, both(ready.copy(), doubtful.copy()), yes(), w) for w in reading.whys]
        return Reading(reading.family, value, value.copy(), unit, whys=tuple(whys)), tuple(past)

    # ---- amounts

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

    # ---- followed

    def every_followed(self, term: EveryFollowed) -> tuple[Rails, Whys]:
        """An answer follows the record with the record's own keys, and stands before the act."""
        question = self.past.ask(term.query, self)
        followed = self.past.follow(question, term.answer)
        unseen = self._overcast(question)
        name = followed.alias

        def flag(mark: str, doubt: bool) -> Sql:
            return settled(exp.EQ(this=self.column(f"{name}{mark}{int(doubt)}"), expression=whole(1)))

        rails = Rails(
            both(self._sure(question), inverse(flag("o", self.doubt)), inverse(unseen.any())),
            either(both(inverse(self._possible(question)), inverse(unseen.any())), flag("x", self.doubt)),
        )
        whys: list[Why | PastWhy | AnswerWhy] = [*self._followed_whys(followed), *unseen.whys()]
        return self._asked(question, rails, tuple(whys))

    def _followed_whys(self, followed: Followed) -> Iterator[AnswerWhy]:
        """Of pairs that fail to be true: why the record may not count, and why it may not be followed."""
        question, answer, after = followed.question, followed.answer, followed.unseen
        hanging = inverse(column("t1", PAIR))
        surely, _ = question.same_keys()
        sure = both(question.sure(True), surely.copy(), question.inside(True, self.now))
        failing = both(hanging, inverse(both(sure, column("f", PAIR))))
        for why in question.candidate_whys(self.now, surely.copy()):
            holds_ = both(failing.copy(), inverse(sure.copy()), why.holds)
            yield AnswerWhy(followed, yes(), replace(why, holds=holds_))
        open_ = both(failing.copy(), inverse(column("f", PAIR)))
        unknown_key = inverse(column("ready", PAIR))
        yield AnswerWhy(
            followed, yes(), Why(both(open_.copy(), unknown_key), text("uncertain record"), text(""), role="")
        )
        ready = both(open_.copy(), column("ready", PAIR))
        instant = column("instant", CANDIDATE)
        for (cloud, matters), why in zip(after.found, after.whys(), strict=True):
            reaches = exp.GTE(this=whole(cloud.until), expression=instant.copy())
            yield AnswerWhy(followed, yes(), replace(why, holds=both(ready.copy(), matters.copy(), reaches)))
        known, _ = answer.same_keys(CANDIDATE)
        for why in answer.candidate_whys(self.now, known):
            yield AnswerWhy(followed, yes(), replace(why, holds=both(ready.copy(), why.holds)), answered=True)


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


def _default(kind: Kind) -> Sql:
    match family(kind):
        case "fact":
            return no()
        case "words":
            return text("")
        case "set":
            return exp.Array(expressions=[])
        case _:
            return whole(0)


def amounts(row: Row, types: tuple[str, ...], node: Total) -> tuple[Sql, Sql, Sql, tuple[Why, ...]]:
    """Least and most that one record adds, where there is no most, and why the amount is unknown."""
    reading = row.field(node.field, node.type.kind)
    assert reading.low is not None
    fits = reading.known
    if node.type.kind is Kind.MONEY:
        assert reading.unit is not None
        fits = both(fits, settled(exp.EQ(this=reading.unit.copy(), expression=text(node.type.detail))))
    value = exp.Greatest(this=reading.low.copy(), expressions=[whole(0)])
    lows = [(_bound(row, t, node.field, low=True), t) for t in types]
    highs = [(_bound(row, t, node.field, low=False), t) for t in types]
    least = chosen([(fits.copy(), value), *_by_type(row, lows)], whole(0))
    most = chosen([(fits.copy(), value.copy()), *_by_type(row, highs)], whole(0))
    unbounded = [t for bound, t in highs if bound is None]
    open_ = both(inverse(fits.copy()), one_of(row.column("type"), texts(unbounded)))
    return least, most, open_, reading.whys


def _bound(row: Row, type_: str, name: str, low: bool) -> Decimal | None:
    ft = row.lookup.field(type_, name)
    value: Value | None = None if ft is None else (ft.low if low else ft.high)
    number = value.amount if isinstance(value, Money) else value
    if not isinstance(number, Decimal):
        return None
    return max(number, Decimal(0)) if low else number


def _by_type(row: Row, bounds: list[tuple[Decimal | None, str]]) -> list[tuple[Sql, Sql]]:
    found: dict[Decimal, list[str]] = {}
    for bound, type_ in bounds:
        if bound is not None and bound != 0:
            found.setdefault(bound, []).append(type_)
    return [(one_of(row.column("type"), texts(names)), decimal(bound)) for bound, names in found.items()]
