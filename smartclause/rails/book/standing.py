"""Standing duties (design 2.9): for each key the stretches of a condition on history.

Judged where alone it can change; what was judged stays until something earlier is recorded or revised.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartclause.logic.contract import Clause, Module, Standing
from smartclause.logic.counting import Duration, Instant, Span, due
from smartclause.logic.finding import Reason
from smartclause.logic.force import force_begins
from smartclause.logic.instances import AFTER_ALL, DutyStatus, Instance
from smartclause.logic.record import Event
from smartclause.logic.terms import TRUE, AnyOf, ClauseViolated, Not, Query, Value, walk
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, Record
from smartclause.rails.book.changes import Changes
from smartclause.rails.book.conditions import Condition, Place
from smartclause.rails.book.matter import Asked
from smartclause.rails.stretches import stated

if TYPE_CHECKING:
    from smartclause.rails.book.obligation import Obligation
    from smartclause.rails.book.openings import Imposed
    from smartclause.rails.book.page import Page
    from smartclause.rails.book.sentences import Told

STATUS = {
    Truth.FALSE: DutyStatus.VIOLATED,
    Truth.UNKNOWN: DutyStatus.UNPROVEN,
    Truth.TRUE: DutyStatus.FULFILLED,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """The condition at one instant; `truth` None: the clause is not in force."""

    at: Instant
    truth: Truth | None
    reasons: tuple[Reason, ...] = ()


def _at(judged: Judged) -> Instant:
    return judged.at


@dataclass(slots=True)
class OfKey:
    """`seen`: the first record that states the key. `times`: where its own records may change the condition.
    `done`: judged at every instant up to this one."""

    seen: Place
    times: list[Instant] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    done: Instant = -AFTER_ALL

    def cut(self, at: Instant) -> None:
        """What was judged from this instant on counts no more."""
        if self.done >= at:
            del self.judged[bisect_left(self.judged, at, key=_at) :]
            self.done = at - 1

    def add(self, times: Iterable[Instant]) -> None:
        for time in times:
            include(self.times, time)


def include(times: list[Instant], time: Instant) -> None:
    if not times or times[-1] < time:
        times.append(time)
    elif times[bisect_left(times, time)] != time:
        insort(times, time)


class StandingSentence:
    """`for_each` empty: one key, None."""

    def __init__(self, book: Page, module: Module, clause: Clause, duty: Standing) -> None:
        self.module, self.clause, self.duty, self.number = module, clause, duty, duty.number
        self._book, lookup = book, book.world.lookup
        term = duty.condition if clause.applies == TRUE else AnyOf((Not(clause.applies), duty.condition))
        self._condition = Condition(book.past, book, term, module.name, duty.party, True)
        asked = [q for q in walk(duty.condition) if isinstance(q, Query)]
        self._type = asked[0].event if asked else ""
        self._key_kinds = {k for q in asked for k in lookup.relevant_types(q.event)}
        self._loose = any(isinstance(n, ClauseViolated) for n in walk(term))
        self.kinds: dict[str, list[Query]] = {}
        for query in (q for q in walk(term) if isinstance(q, Query)):
            for kind in lookup.relevant_types(query.event):
                self.kinds.setdefault(kind, []).append(query)
        self.reads_past = False  # nothing is kept of a record itself
        self._changes = Changes(book.world, module, term)
        self._first = self._begins()
        self._done: Instant = -AFTER_ALL  # no key was judged beyond
        self._common: list[Instant] = []
        self._keys: dict[Value | None, OfKey] = {} if duty.for_each else {None: OfKey((-AFTER_ALL, 0))}
        self.see()

    def obligations(self) -> Iterator[Obligation]:
        return iter(())

    def imposed(self) -> Iterator[Imposed]:
        return iter(())

    def keepers(self) -> Iterator[tuple[str, StandingSentence]]:
        return ((kind, self) for kind in self.kinds)

    def drop(self, record: str) -> None:
        """Where it stood the condition is judged again, once it is put anew."""

    def records(self) -> Iterable[str]:
        return ()

    def since(self, _at: Instant) -> list[Record]:
        return []

    def _begins(self) -> Instant:
        first, header = force_begins(self._book.world, self.module), self.module.header
        if self.duty.after is None:
            return first
        period = stated(self._book.world.lookup, self.duty.after, first).value
        return due(first, period, header.rule, header.zone).earliest + 1 if isinstance(period, Duration) else first

    # ---- what may change it

    def see(self) -> None:
        """Sources fell silent or were heard, or force may have ended: more instants, never fewer."""
        for time in (self._first, *self._changes.always(self._book.world)):
            include(self._common, time)

    def cut(self, at: Instant) -> None:
        if at <= self._done:
            for kept in self._keys.values():
                kept.cut(at)
            self._done = at - 1

    def put(self, record: Record) -> None:
        """New, or revised: what it may change is judged again when asked."""
        event, name, at = record.event, self.duty.for_each, record.instant
        stated_key = event.facts.get(name) if name else None
        if name and stated_key is not None and event.type in self._key_kinds:
            self._state(stated_key, (at, event.index))
        shared = False
        for query in self.kinds[event.type]:
            times = (at, *self._changes.run_outs(query, at))
            own = name in query.keys and not self._loose and stated_key is not None
            if own and self._book.past.row(record, self.duty.party).facts.get(name) == stated_key:
                if stated_key in self._keys:
                    self._keys[stated_key].add(times)
            else:
                shared = True
                for time in times:
                    include(self._common, time)
        if shared or stated_key is None:
            self.cut(at)
        elif stated_key in self._keys:
            self._keys[stated_key].cut(at)

    def _state(self, key: Value, place: Place) -> None:
        if key not in self._keys:
            self._keys[key] = OfKey(place)
        elif place < self._keys[key].seen:
            self._keys[key].seen = place

    def changes(self, instance: Instance, now: Instant) -> Iterator[Instant]:
        """Of a stretch that has not ended."""
        key = dict(instance.keys).get(self.duty.for_each)
        if instance.ended is None and key in self._keys:
            for times in (self._keys[key].times, self._common):
                yield from times[bisect_right(times, now) :][:1]

    # ---- asking

    def told(self, before: Place, now: Instant, asked: Asked | None = None) -> Iterator[Told]:
        """`asked`: only instances that may be for these keys."""
        only = (asked or {}).get(self.duty.for_each)
        keys = self._keys if only is None else [only] if only in self._keys else []
        for key in sorted((k for k in keys if self._keys[k].seen < before), key=str):
            for instance in self._stretches(key, before, now):
                yield instance, None

    def _stretches(self, key: Value | None, before: Place, now: Instant) -> Iterator[Instance]:
        current: tuple[Instant, Judged] | None = None
        for judged in self._line(key, before, now):
            if current is not None and current[1].truth is judged.truth:
                current = (current[0], judged)
                continue
            if current is not None:
                yield self._instance(key, *current, judged.at)
            current = None if judged.truth is None else (judged.at, judged)
        if current is not None:
            yield self._instance(key, *current, None)

    def _line(self, key: Value | None, before: Place, now: Instant) -> Iterator[Judged]:
        """What was judged before the place's instant is kept; from there on it depends on the place."""
        kept, last = self._keys[key], min(before[0] - 1, now)
        if kept.done < last:
            kept.judged.extend(self._judge(key, at, None) for at in self._times(kept, kept.done, last))
            kept.done = last
            self._done = max(self._done, last)
        yield from kept.judged[: bisect_right(kept.judged, last, key=_at)]
        for at in self._times(kept, last, now):
            yield self._judge(key, at, before)

    def _times(self, kept: OfKey, after: Instant, until: Instant) -> list[Instant]:
        """The instants after one, up to another, at which it is judged; none before the start agreed."""
        low = max(after, self._first - 1)
        both = (_between(kept.times, low, until), _between(self._common, low, until))
        return sorted({*both[0], *both[1]})

    def _judge(self, key: Value | None, at: Instant, before: Place | None) -> Judged:
        force = self._book.in_force(self.module, self.clause, at)
        if force is Truth.FALSE:
            return Judged(at, None)
        facts = {self.duty.for_each: key} if self.duty.for_each and key is not None else {}
        record = Record(Event("", self._type, at, self.duty.party, facts=facts), at, at)
        row = self._book.past.row(record, self.duty.party)
        place = Position(at, AFTER_ALL)
        if before is not None:
            place = min(place, Position(*before))
        truth = self._condition.truth(row, place, at)
        if truth is Truth.FALSE and force is Truth.UNKNOWN:
            return Judged(at, Truth.UNKNOWN, (Reason("not in force", detail=self.module.name),))
        reasons = self._condition.reasons(row, place, at) if truth is Truth.UNKNOWN else ()
        return Judged(at, truth, reasons)

    def _instance(self, key: Value | None, start: Instant, judged: Judged, end: Instant | None) -> Instance:
        assert judged.truth is not None
        status = STATUS[judged.truth]
        keys = ((self.duty.for_each, key),) if self.duty.for_each else ()
        since = start if status is DutyStatus.VIOLATED else None
        return Instance(
            self.clause.id, self.number, self.duty.party, "", keys, "", start, Span(start, start), Truth.TRUE, status,
            since=since, ended=end, reasons=judged.reasons,
        )  # fmt: skip


def _between(times: list[Instant], after: Instant, until: Instant) -> list[Instant]:
    return times[bisect_right(times, after) : bisect_right(times, until)]
