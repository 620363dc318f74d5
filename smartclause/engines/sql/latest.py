"""Leaves on the last record of a query: whether it counts, what it has, a value of it (design 2.6)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from smartclause.engines.sql.asking import Asking
from smartclause.engines.sql.clouds import Overcast
from smartclause.engines.sql.conditions import unknown
from smartclause.engines.sql.past import PastWhy, Whys
from smartclause.engines.sql.pieces import (
    Rails,
    Sql,
    both,
    chosen,
    either,
    inverse,
    is_yes,
    no,
    nothing,
    settled,
    text,
    whole,
    yes,
)
from smartclause.engines.sql.questions import Last, Question
from smartclause.engines.sql.readings import Reading, Why, family
from smartclause.logic.terms import Expression, Kind, LatestField, LatestHas


@dataclass(frozen=True)
class Latest(Asking):
    """The last possible record decides, if it surely counts and nothing unseen may follow it."""

    def _told(self, side: Expression) -> tuple[Sql, str]:
        if not isinstance(side, LatestField):
            return super()._told(side)
        question = self.past.ask(side.query, self)
        return self._last(question, question.row.column("type"), text("")), side.name

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
