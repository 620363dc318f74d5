"""What opens a duty (design 2.8): records of an event, the start of force, breaches of another clause."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from smartclause.logic.contract import BreachTrigger, EventTrigger
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.force import BEGINNING, force_begins
from smartclause.logic.instances import AFTER_ALL, Instance, nobody, violated
from smartclause.logic.terms import Term
from smartclause.logic.truth import Truth, between, every, negate
from smartclause.logic.world import Position, Record
from smartclause.rails.book.acts import Values
from smartclause.rails.book.conditions import Condition, Place
from smartclause.rails.book.log import Log
from smartclause.rails.book.matter import Asked, Matter, may_be_for, place_of
from smartclause.rails.book.obligation import Obligation
from smartclause.rails.book.opened import Opened
from smartclause.rails.rows import Row

if TYPE_CHECKING:
    from smartclause.rails.book.page import Page


class ByEvent:
    """The duties opened by records of one type."""

    def __init__(self, book: Page, obligation: Obligation, trigger: EventTrigger, log: Log) -> None:
        self._book, self._obligation = book, obligation
        lookup, self._clock = obligation.lookup, obligation.duty.clock
        self.kinds = {k: lookup.is_under(k, trigger.event) for k in lookup.relevant_types(trigger.event)}
        self._where = _condition(book, obligation, trigger.where, favour=False)
        self._applies = _condition(book, obligation, obligation.clause.applies, favour=False)
        self._lifted = _condition(book, obligation, obligation.duty.exception, favour=True)
        self.reads_past = any(c.past for c in (self._where, self._applies, self._lifted))
        self._log = log
        self.matters: list[Matter] = []
        self._of_record: dict[str, Matter] = {}
        self._of_key: dict[Values, dict[Matter, None]] = {}
        self.vague = False  # of one the keys were not all known

    def put(self, record: Record) -> None:
        """Judges a record, again if it was here before."""
        self.drop(record.event.id)
        opened = self._judged(record)
        if opened is None and not self.reads_past and not self._book.terminated:
            return
        matter = Matter((record.instant, record.event.index), record, opened)
        if not self.matters or self.matters[-1].place < matter.place:
            self.matters.append(matter)
        else:
            self.matters.insert(bisect_right(self.matters, matter.place, key=place_of), matter)
        self._of_record[record.event.id] = matter
        if opened is not None:
            self._of_key.setdefault(matter.values, {})[matter] = None
            self.vague = self.vague or None in matter.values
            self._log.add(matter.place, matter)

    def drop(self, record: str) -> None:
        matter = self._of_record.pop(record, None)
        if matter is None:
            return
        low = bisect_left(self.matters, matter.place, key=place_of)
        del self.matters[next(n for n in range(low, len(self.matters)) if self.matters[n] is matter)]
        if matter.opened is not None:
            matter.gone = True
            del self._of_key[matter.values][matter]
            self._log.add(matter.place, matter)

    def close(self, matter: Matter) -> None:
        """It can no longer change: kept no more."""
        if self._of_record.get(matter.record.event.id) is matter:
            del self._of_record[matter.record.event.id]
            del self._of_key[matter.values][matter]
            if not self._of_key[matter.values]:
                del self._of_key[matter.values]
            low = bisect_left(self.matters, matter.place, key=place_of)
            del self.matters[next(n for n in range(low, len(self.matters)) if self.matters[n] is matter)]

    def unsure(self) -> Iterator[Record]:
        if self.reads_past:
            yield from (m.record for m in self.matters if m.opened is not None and m.opened.holds is Truth.UNKNOWN)

    def of(self, values: Values | None) -> Iterator[Matter]:
        """Those of these keys, or that may be; None: all."""
        if values is None or self.vague:
            return (m for m in self.matters if m.opened is not None)
        return iter(self._of_key.get(values, ()))

    def records(self) -> Iterable[str]:
        return self._of_record.keys()

    def since(self, at: Instant) -> list[Record]:
        """Records kept here that stand at an instant or later."""
        return [m.record for m in self.matters[bisect_left(self.matters, (at, -AFTER_ALL), key=place_of) :]]

    def before(self, place: Place, asked: Asked) -> Iterator[Opened]:
        """What stands before a place, in order, and may be for the keys asked."""
        names = self._obligation.names
        if asked and names and not self.vague and all(n in asked for n in names):
            found: Iterable[Matter] = self._of_key.get(tuple([asked[n] for n in names]), ())
        else:
            found = self.matters[: bisect_left(self.matters, place, key=place_of)]
        for matter in found:
            opened = matter.opened
            if opened is not None and matter.place < place and may_be_for(opened.keys, asked):
                yield opened

    def _judged(self, record: Record) -> Opened | None:
        duty, book = self._obligation.duty, self._book
        claimed = _claimed_start(record, duty.party)
        force = book.in_force(self._obligation.module, self._obligation.clause, claimed)
        if force is Truth.FALSE:
            return None
        row = book.past.row(record, duty.party)
        asked = ((self._where, False), (self._applies, False), (self._lifted, True))
        truths = [_turned(c.truth(row, record.position, record.instant), turned) for c, turned in asked]
        exists = row.exists(doubt=False)
        holds = every((*truths, force, exists, between(self.kinds[record.event.type], True)))
        if holds is Truth.FALSE:
            return None
        reasons = tuple(
            r for (c, _), t in zip(asked, truths, strict=True) if t is Truth.UNKNOWN
            for r in c.reasons(row, record.position, record.instant)
        )  # fmt: skip
        if exists is Truth.UNKNOWN:
            reasons += (row.exists_why(doubt=False),)
        start, latest, late = self._started(row, claimed)
        keys = tuple([(name, row.facts.get(name)) for name in duty.keys])
        return self._obligation.opened(record, record, start, latest, holds, keys, reasons + late, claimed)

    def _started(self, row: Row, claimed: Instant) -> tuple[Instant, Instant | None, tuple[Reason, ...]]:
        """`from f`: an f later than the trigger counts only if its role showed it; not shown: an interval."""
        if not self._clock:
            return claimed, claimed, ()
        ft = self._obligation.lookup.field(row.event.type, self._clock)
        by_role = ft is not None and bool(ft.shown_by)
        value = row.facts.get(self._clock)
        if isinstance(value, int) and not isinstance(value, bool):
            moment = value if value <= claimed or by_role else claimed
            return moment, moment, ()
        why = () if self._clock in row.facts else (row.why(self._clock),)
        return BEGINNING, None if by_role else claimed, why


def _turned(truth: Truth, turned: bool) -> Truth:
    return negate(truth) if turned else truth


def _claimed_start(record: Record, debtor: str) -> Instant:
    """A trigger that the debtor recorded counts from its claimed time where that is earlier."""
    if record.event.time >= record.instant:
        return record.instant
    return record.event.time if any(s.party == debtor for s in record.event.signers) else record.instant


def _condition(book: Page, obligation: Obligation, term: Term, favour: bool) -> Condition:
    return Condition(book.past, book, term, obligation.module.name, obligation.duty.party, favour)


class Imposed:
    """Whether the clause applies and no exception holds, for a duty that no event opens: judged at its start."""

    def __init__(self, book: Page, obligation: Obligation) -> None:
        self._book, self._party = book, obligation.duty.party
        self._applies = _condition(book, obligation, obligation.clause.applies, favour=False)
        self._lifted = _condition(book, obligation, obligation.duty.exception, favour=True)
        self._known: dict[tuple[str, Instant], tuple[Truth, tuple[Reason, ...]]] = {}
        self._latest: Instant = BEGINNING
        self._always = self._applies.always is Truth.TRUE and self._lifted.always is Truth.FALSE

    def at(self, record: Record) -> tuple[Truth, tuple[Reason, ...]]:
        """At the instant of the record in view."""
        if self._always:
            return Truth.TRUE, ()
        key = (record.event.id, record.instant)
        if key not in self._known:
            self._known[key] = self._judged(record)
            self._latest = max(self._latest, record.instant)
        return self._known[key]

    def _judged(self, record: Record) -> tuple[Truth, tuple[Reason, ...]]:
        row, now = self._book.past.row(record, self._party), record.instant
        place = Position(now, AFTER_ALL)
        applies, lifted = self._applies.truth(row, place, now), self._lifted.truth(row, place, now)
        reasons = (*self._applies.reasons(row, place, now), *self._lifted.reasons(row, place, now))
        return every((applies, negate(lifted))), reasons

    def forget(self) -> None:
        """Something was recorded late or revised: judged anew when asked."""
        self._known.clear()

    def came(self, at: Instant) -> None:
        """What was judged after all records of an instant is judged anew when one more of that instant comes."""
        if at <= self._latest:
            self._known = {key: found for key, found in self._known.items() if key[1] < at}
            self._latest = max((instant for _, instant in self._known), default=BEGINNING)


class AtForce:
    """A duty that the start of force opens."""

    def __init__(self, book: Page, obligation: Obligation) -> None:
        self._book, self._obligation = book, obligation
        self.imposed = Imposed(book, obligation)

    def opened(self, now: Instant) -> Opened | None:
        start = force_begins(self._book.world, self._obligation.module)
        if start > now:
            return None
        view = nobody(self._obligation.duty.party, start)
        holds, reasons = self.imposed.at(view)
        if holds is Truth.FALSE:
            return None
        return self._obligation.opened(None, view, start, start, holds, (), reasons)


class ByBreach:
    """Fires once for each instance of another clause, at its due."""

    def __init__(self, book: Page, obligation: Obligation, trigger: BreachTrigger) -> None:
        self._book, self._obligation, self.trigger = book, obligation, trigger
        self.imposed = Imposed(book, obligation)

    def opened(self, breach: Instance, record: Record | None) -> Opened | None:
        """`record`: the one that had opened the breached duty."""
        truth = violated(breach, ever=True)
        if truth is Truth.FALSE:
            return None
        obligation, book = self._obligation, self._book
        start = breach.since if breach.since is not None else breach.due.earliest
        view = replace(record, instant=start) if record else nobody(obligation.duty.party, start)
        imposed, why = self.imposed.at(view)
        holds = every((truth, imposed, book.in_force(obligation.module, obligation.clause, start)))
        if holds is Truth.FALSE:
            return None
        held = dict(breach.keys)
        keys = tuple([(name, held.get(name)) for name in obligation.duty.keys])
        latest = start if truth is Truth.TRUE else breach.due.latest
        return obligation.opened(record, view, start, latest, holds, keys, breach.reasons + why)
