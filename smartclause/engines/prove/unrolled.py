"""Duties in a built history, one instance for each record that may open them: which are answered in time or late,
which are breached, and what then follows. As many openings and answers as there are records; the reference has the
last word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import z3

from smartclause.engines.prove.facts import NO, YES, Fact, Yes, among
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.histories import Asker, Histories, Slot, same
from smartclause.engines.prove.owed import Owed
from smartclause.engines.prove.past import Past
from smartclause.engines.prove.reading import Place
from smartclause.logic.contract import Duty, Repeated
from smartclause.logic.counting import Instant, end_of_day
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.terms import FALSE, TRUE, Query, Term, walk

Due: TypeAlias = "Instant | z3.ArithRef | None"


@dataclass(frozen=True)
class Case:
    """If `when`, it began then and is due so."""

    when: Yes
    start: Instant
    due: Due


@dataclass(frozen=True)
class Opened:
    """One instance. `opener`: the record that opened it, or the one whose duty was breached."""

    owed: Owed
    opener: Slot | None
    keys: dict[str, Fact | None]
    holds: Rails
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Done:
    """Whether it was done: surely, and perhaps."""

    sure: Yes
    perhaps: Yes


class Unrolled:
    def __init__(self, history: Histories) -> None:
        self.history = history
        self.space, self.menu = history.space, history.menu
        self._read = 0
        self._known: dict[tuple[int, str, int, bool], list[Opened]] = {}

    def of(self, owed: Owed) -> list[Opened]:
        key = (id(owed.lookup), owed.clause.id, owed.duty.number, owed.second)
        if key not in self._known:
            self._known[key] = list(self._openings(owed))
        return self._known[key]

    # ---- what opens it

    def _openings(self, owed: Owed) -> Iterator[Opened]:
        if isinstance(owed.duty, Repeated):
            yield from self._periods(owed)
            return
        if not isinstance(owed.duty, Duty):
            return
        if not owed.duty.triggers:
            yield from self._at_force(owed)
        for slot in self.history.slots:
            if any(owed.lookup.is_under(slot.type, t.event) for t in owed.triggers):
                yield self._by_record(owed, slot)
        for before in owed.breached():
            for each in self.of(before):
                yield self._by_breach(owed, each)

    def _at_force(self, owed: Owed) -> Iterator[Opened]:
        start = force_start(owed.module.header)
        if start != BEGINNING and start <= self.menu.at:
            yield Opened(owed, None, {}, Rails(YES, NO), (Case(YES, start, owed.due(start)),))

    def _by_record(self, owed: Owed, slot: Slot) -> Opened:
        keys = {k: slot.facts.fact(k) for k in owed.keys}
        return Opened(owed, slot, keys, self._imposed(owed, slot), tuple(self._by_clock(owed, slot)))

    def _by_clock(self, owed: Owed, slot: Slot) -> Iterator[Case]:
        """By the instant of the record, or by the field of it from which the clock runs."""
        assert isinstance(owed.duty, Duty)
        end = slot.facts.fact(owed.end_field) if owed.end_field else None
        clock = slot.facts.fact(owed.duty.clock) if owed.duty.clock else None
        for number, at in enumerate(self.menu.instants):
            here = slot.when == number
            if not owed.duty.clock:
                yield Case(here, at, self._end(owed, at, end))
            elif clock is not None and clock.number is not None:
                later = z3.Or(clock.number == at, z3.And(clock.number >= at, here))
                counts = YES if clock.declared.shown_by else slot.when >= number
                exact = z3.And(clock.known, clock.number == at, counts)
                ignored = NO if clock.declared.shown_by else z3.And(clock.known, here, clock.number > at)
                yield Case(z3.And(later, z3.Or(exact, ignored)), at, self._end(owed, at, end))

    @staticmethod
    def _end(owed: Owed, start: Instant, end: Fact | None) -> Due:
        if not owed.end_field:
            return owed.due(start)
        return None if end is None else end.number

    def _by_breach(self, owed: Owed, each: Opened) -> Opened:
        """It begins when the other is due, for each instance that is breached; cured or not."""
        missed = self.missed(each)
        cases = (
            Case(c.when, c.due, owed.due(c.due))
            for c in each.cases
            if isinstance(c.due, int) and self._in_force_at(owed, c.due)
        )
        keys = {k: each.keys.get(k) for k in owed.keys}
        applies = self._said(owed.clause.applies, each.opener, owed, hindrance=True)
        lifted = self._said(_exception(owed), each.opener, owed, hindrance=False)
        holds = Rails(z3.And(missed.yes, applies.yes, lifted.no), z3.Or(missed.no, applies.no, lifted.yes))
        return Opened(owed, each.opener, keys, holds, tuple(cases))

    def next_step(self, owed: Owed, each: Opened) -> Opened | None:
        """What is owed otherwise, from when it was due."""
        then = owed.otherwise
        if then is None:
            return None
        cases = (Case(c.when, c.due, then.due(c.due)) for c in each.cases if isinstance(c.due, int))
        return Opened(then, each.opener, each.keys, self.missed(each), tuple(cases))

    # ---- repeated

    def _periods(self, owed: Owed) -> Iterator[Opened]:
        """One period from the start of force, one from each act; those between are breached if the first is."""
        start = force_start(owed.module.header)
        if start == BEGINNING:
            first = [self._earliest(s) for s in self.history.slots]
            cases = [
                Case(z3.And(f, s.when == n), at, owed.due(at))
                for s, f in zip(self.history.slots, first, strict=True)
                for n, at in enumerate(self.menu.instants)
            ]
            yield Opened(owed, None, {}, Rails(YES, NO), tuple(cases))
        elif start <= self.menu.at:
            yield Opened(owed, None, {}, Rails(YES, NO), (Case(YES, start, owed.due(start)),))
        for slot, done in self._acts(owed, None, {}):
            cases = [Case(slot.when == n, at, owed.due(at)) for n, at in enumerate(self.menu.instants) if at >= start]
            yield Opened(owed, slot, {}, Rails(done.sure, z3.Not(done.perhaps)), tuple(cases))

    def _earliest(self, slot: Slot) -> Yes:
        others = (s for s in self.history.slots if s is not slot)
        return z3.And(slot.present, *(z3.Implies(s.present, slot.before(s)) for s in others))

    # ---- conditions

    def _imposed(self, owed: Owed, slot: Slot) -> Rails:
        reading = [t for t in owed.triggers if owed.lookup.is_under(slot.type, t.event)]
        wheres = [self._said(t.where, slot, owed, hindrance=True) for t in reading]
        where = Rails(z3.Or([w.yes for w in wheres]), z3.And([w.no for w in wheres]))
        applies = self._said(owed.clause.applies, slot, owed, hindrance=True)
        lifted = self._said(_exception(owed), slot, owed, hindrance=False)
        force = self._in_force(owed, slot)
        sure = z3.And(slot.present, z3.Not(slot.shaky), force)
        yes = z3.And(sure, where.yes, applies.yes, lifted.no)
        return Rails(yes, z3.Or(z3.Not(slot.present), z3.Not(force), where.no, applies.no, lifted.yes))

    def _said(self, term: Term, slot: Slot | None, owed: Owed, hindrance: bool) -> Rails:
        """A condition at a record, with what it finds before that. Where no record opens it, it is taken to be no
        hindrance."""
        if term in (TRUE, FALSE):
            return Rails(YES, NO) if term == TRUE else Rails(NO, YES)
        if slot is None:
            return Rails(YES, NO) if hindrance else Rails(NO, YES)
        self._read += 1
        past = Past(self.space.world.codes, f"at{self._read}.", slot.stretch)
        place = Place(slot.facts, slot.stretch, slot.type, owed.duty.party, past)
        found = self.space.world.reading(owed.lookup).term(term, place, owed.module.name, not hindrance)
        self.history.rules += past.rules
        asker = Asker(slot.facts, owed.duty.party, slot)
        for each in past.found.values():
            self.history.bind(each, asker)
        return found

    def _in_force(self, owed: Owed, slot: Slot) -> Yes:
        instants = enumerate(self.menu.instants)
        inside = among(slot.when, (n for n, at in instants if self._in_force_at(owed, at)))
        if owed.clause.survives:
            return inside
        return z3.And(inside, z3.Not(self.history.ended(owed.module, slot).possible))

    @staticmethod
    def _in_force_at(owed: Owed, at: Instant) -> bool:
        header = owed.module.header
        over = header.until is not None and at > end_of_day(header.until, header.zone) and not owed.clause.survives
        return at >= force_start(header) and not over

    # ---- what answers it, and when

    def _acts(self, owed: Owed, opener: Slot | None, keys: dict[str, Fact | None]) -> Iterator[tuple[Slot, Done]]:
        for other in self.history.slots:
            if opener is not None and other.number == opener.number:
                continue
            for answer in owed.answers:
                if owed.lookup.is_under(other.type, answer.act):
                    where = self._where(answer.where, other, owed)
                    same_keys = [same(f, other.facts.fact(k)) for k, f in keys.items()]
                    done = z3.And(other.present, other.done_by(owed.duty.party), *same_keys)
                    yield other, Done(z3.And(done, where.yes, z3.Not(other.shaky)), z3.And(done, z3.Not(where.no)))

    def _where(self, term: Term, slot: Slot, owed: Owed) -> Rails:
        if any(isinstance(n, Query) for n in walk(term)):
            return self._said(term, slot, owed, hindrance=False)
        reading = self.space.world.reading(owed.lookup)
        return reading.term(term, self.history.view(slot), owed.module.name, True)

    def in_time(self, each: Opened) -> Done:
        return self._answered(each, late=False)

    def at_all(self, each: Opened) -> Done:
        return self._answered(each, late=True)

    def _answered(self, each: Opened, late: bool) -> Done:
        opener = each.opener if not each.owed.second else None
        acts = list(self._acts(each.owed, opener, each.keys))
        found = [(z3.And(c.when, self._inside(s, c, late)), d) for c in each.cases for s, d in acts]
        return Done(z3.Or([z3.And(i, d.sure) for i, d in found]), z3.Or([z3.And(i, d.perhaps) for i, d in found]))

    def _inside(self, slot: Slot, case: Case, late: bool) -> Yes:
        instants = self.menu.instants
        begun = [n for n, at in enumerate(instants) if at >= case.start]
        if late or case.due is None:
            return among(slot.when, begun)
        if isinstance(case.due, int):
            return among(slot.when, (n for n in begun if instants[n] <= case.due))
        return z3.Or([z3.And(slot.when == n, case.due >= instants[n]) for n in begun])

    def over(self, each: Opened) -> Yes:
        return z3.Or([z3.And(c.when, self._passed(c.due)) for c in each.cases])

    def _passed(self, due: Due) -> Yes:
        if due is None:
            return NO
        return z3.BoolVal(due < self.menu.at) if isinstance(due, int) else due < self.menu.at

    def missed(self, each: Opened) -> Rails:
        """Breached, whether it was cured since or not."""
        done, over = self.in_time(each), self.over(each)
        yes = z3.And(each.holds.yes, over, z3.Not(done.perhaps))
        return Rails(yes, z3.Or(each.holds.no, z3.Not(over), done.sure))

    def stands(self, owed: Owed, each: Opened) -> Rails:
        """Breached and not cured; a repeated duty until the next act."""
        missed = self.missed(each)
        if isinstance(owed.duty, Repeated):
            since = self.at_all(each)
            return Rails(z3.And(missed.yes, z3.Not(since.perhaps)), z3.Or(missed.no, since.sure))
        then = self.next_step(owed, each)
        if then is None:
            return missed
        cured = self.in_time(then)
        return Rails(z3.And(missed.yes, z3.Not(cured.perhaps)), z3.Or(missed.no, cured.sure))

    def still_owed(self, each: Opened) -> Rails:
        """Begun, and not done, in time or late."""
        done = self.at_all(each)
        begun = z3.Or([z3.And(c.when, z3.BoolVal(c.start <= self.menu.at)) for c in each.cases])
        yes = z3.And(each.holds.yes, begun, z3.Not(done.perhaps))
        return Rails(yes, z3.Or(each.holds.no, z3.Not(begun), done.sure))


def _exception(owed: Owed) -> Term:
    return owed.duty.exception if isinstance(owed.duty, Duty) else FALSE
