"""Duties in a built history: which of them some record opens, whether another answers it, whether its end has passed.

Only duties that a record opens and whose period runs from it are read here; of others the truth is left free, and the
reference says whether what was built shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import z3

from smartclause.engines.prove.facts import NO, YES, Yes, among
from smartclause.engines.prove.figures import Rails, both
from smartclause.engines.prove.histories import Histories, Slot, same
from smartclause.engines.prove.past import Open
from smartclause.engines.prove.reading import Reading
from smartclause.logic.contract import Answer, Clause, Duty, EventTrigger, Module, Repeated
from smartclause.logic.counting import Duration, Instant, due
from smartclause.logic.force import force_start
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import FALSE, TRUE, ClauseViolated, Const, Query, Term, walk
from smartclause.rails.stretches import stated


@dataclass(frozen=True)
class Owed:
    """A duty at its place."""

    lookup: Lookup
    module: Module
    clause: Clause
    duty: Duty | Repeated

    @property
    def plain(self) -> bool:
        """Opened by records alone, with a period that runs from them."""
        duty = self.duty
        if isinstance(duty, Repeated):
            return False
        by_records = bool(duty.triggers) and all(isinstance(t, EventTrigger) for t in duty.triggers)
        return by_records and not duty.clock and duty.no_later_than is None and duty.period is not None

    @property
    def triggers(self) -> tuple[EventTrigger, ...]:
        if isinstance(self.duty, Repeated):
            return ()
        return tuple(t for t in self.duty.triggers if isinstance(t, EventTrigger))

    @property
    def keys(self) -> tuple[str, ...]:
        return () if isinstance(self.duty, Repeated) else self.duty.keys

    def types(self) -> Iterator[str]:
        """Of the records that open it, and of those that answer it."""
        if self.plain:
            yield from (t.event for t in self.triggers)
            yield from (a.act for a in self.duty.answers)

    def due(self, start: Instant) -> Instant | None:
        period = self.duty.period
        value = None if period is None else stated(self.lookup, period, start).value
        if not isinstance(value, Duration):
            return None
        return due(start, value, self.module.header.rule, self.module.header.zone).earliest


def duties_of(lookup: Lookup, clause: str, sentence: int = 0) -> list[Owed]:
    module, found = lookup.clauses[clause]
    owed = (s for s in found.sentences if isinstance(s, Duty | Repeated) and sentence in (0, s.number))
    return [Owed(lookup, module, found, s) for s in owed]


def of_open(lookup: Lookup, asked: Open) -> Owed:
    return duties_of(lookup, asked.clause, asked.sentence)[0]


def periods(owed: Iterable[Owed]) -> Iterator[Duration]:
    for each in owed:
        period = each.duty.period
        if isinstance(period, Const) and isinstance(period.value, Duration):
            yield period.value
        elif period is not None and not isinstance(period, Const):
            values = (d.value for d in each.lookup.parameters[period.name].values)
            yield from (v for v in values if isinstance(v, Duration))


class Owing:
    """Binds what is open and what is violated to the records of a history."""

    def __init__(self, history: Histories) -> None:
        self.history = history
        self.space = history.space

    def bind_breach(self, lookup: Lookup, term: ClauseViolated, truth: Rails) -> None:
        owed = duties_of(lookup, term.clause, term.sentence)
        _, clause = lookup.clauses[term.clause]
        every = [s for s in clause.sentences if term.sentence in (0, s.number)]
        if not owed or any(not o.plain for o in owed) or len(owed) < len([s for s in every if hasattr(s, "period")]):
            return
        found = [self._violated(o, slot, term) for o in owed for slot in self._opening(o)]
        yes, maybe = z3.Or([f.yes for f in found]), z3.Or([z3.Not(f.no) for f in found])
        known = both(*(f.known if (f := self.space.facts.fact(k)) is not None else NO for k in term.keys))
        self.history.rules += [truth.yes == both(known, yes), truth.no == both(known, z3.Not(maybe))]

    def bind_open(self, lookup: Lookup, asked: Open, truth: Rails) -> None:
        owed = of_open(lookup, asked)
        if asked.otherwise:
            return
        if isinstance(owed.duty, Repeated):
            begun = self.history.menu.at >= force_start(owed.module.header)
            self.history.rules += [truth.yes == z3.BoolVal(begun), truth.no == z3.BoolVal(not begun)]
            return
        if not owed.plain:
            return
        found = [self._still_open(owed, slot) for slot in self._opening(owed)]
        self.history.rules += [truth.yes == z3.Or(found), truth.no == z3.Not(z3.Or(found))]

    # ---- one record that opens it

    def _opening(self, owed: Owed) -> list[Slot]:
        events = {t.event for t in owed.triggers}
        return [s for s in self.history.slots if any(owed.lookup.is_under(s.type, e) for e in events)]

    def _opens(self, owed: Owed, slot: Slot) -> Rails:
        reading = self.space.world.reading(owed.lookup)
        wheres = [
            self._said(reading, t.where, slot, owed) for t in owed.triggers if owed.lookup.is_under(slot.type, t.event)
        ]
        where = Rails(z3.Or([w.yes for w in wheres]), z3.And([w.no for w in wheres]))
        assert isinstance(owed.duty, Duty)
        applies = self._said(reading, owed.clause.applies, slot, owed)
        lifted = self._said(reading, owed.duty.exception, slot, owed)
        yes = z3.And(slot.present, z3.Not(slot.shaky), where.yes, applies.yes, lifted.no, self._in_force(owed, slot))
        return Rails(yes, z3.Or(z3.Not(slot.present), where.no, applies.no, lifted.yes))

    def _said(self, reading: Reading, term: Term, slot: Slot, owed: Owed) -> Rails:
        """What looks further than the record is taken to be no hindrance; the reference has the last word."""
        if term == TRUE or (term != FALSE and any(isinstance(n, Query | ClauseViolated) for n in walk(term))):
            return Rails(YES, NO) if term == TRUE else Rails(NO, YES)
        return reading.term(term, self.history.view(slot), owed.module.name, False)

    def _in_force(self, owed: Owed, slot: Slot) -> Yes:
        start = force_start(owed.module.header)
        return among(slot.when, (n for n, at in enumerate(self.history.menu.instants) if at >= start))

    def _violated(self, owed: Owed, slot: Slot, term: ClauseViolated) -> Rails:
        opens = self._opens(owed, slot)
        ends = [owed.due(at) for at in self.history.menu.instants]
        over = among(slot.when, (n for n, end in enumerate(ends) if end is not None and end < self.history.menu.at))
        keys = [same(self.space.facts.fact(k), slot.facts.fact(k)) for k in term.keys]
        answers = list(self._answers(owed, slot))
        in_time = z3.Or([z3.And(a, self._in_time(slot, other, ends)) for other, a in answers])
        late = NO if term.ever else z3.Or([a for _, a in answers])
        stands = z3.And(over, *keys, z3.Not(in_time), z3.Not(late))
        return Rails(z3.And(opens.yes, stands), z3.Or(opens.no, z3.Not(stands)))

    def _in_time(self, slot: Slot, other: Slot, ends: list[Instant | None]) -> Yes:
        instants = self.history.menu.instants
        pairs = []
        for number, end in enumerate(ends):
            inside = [n for n, at in enumerate(instants) if end is not None and at <= end]
            pairs.append(z3.And(slot.when == number, among(other.when, inside)))
        return z3.Or(pairs)

    def _still_open(self, owed: Owed, slot: Slot) -> Yes:
        """Not answered yet, and its keys are those of the act."""
        keys = [same(self.space.facts.fact(k), slot.facts.fact(k)) for k in owed.keys]
        answered = z3.Or([a for _, a in self._answers(owed, slot)])
        return z3.And(self._opens(owed, slot).yes, *keys, z3.Not(answered))

    def _answers(self, owed: Owed, slot: Slot) -> Iterator[tuple[Slot, Yes]]:
        for other in self.history.slots:
            for answer in owed.duty.answers:
                if other.number != slot.number and owed.lookup.is_under(other.type, answer.act):
                    yield other, self._answering(owed, answer, slot, other)

    def _answering(self, owed: Owed, answer: Answer, slot: Slot, other: Slot) -> Yes:
        reading = self.space.world.reading(owed.lookup)
        where = self._said(reading, answer.where, other, owed)
        keys = [same(slot.facts.fact(k), other.facts.fact(k)) for k in owed.keys]
        done = other.done_by(owed.duty.party)
        return z3.And(other.present, z3.Not(other.shaky), done, where.yes, slot.before(other), *keys)
