"""When the clock of a duty starts and ends for each record that may open it, as a relation: settled before SQL by the
rules of counting, which no database knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from smartclause.engines.sql.ledgers import Ledgers
from smartclause.engines.sql.pieces import FOREVER
from smartclause.logic.contract import Clause, Duty, EventTrigger, Module
from smartclause.logic.counting import Duration, Instant, Span, due, end_of_day
from smartclause.logic.force import BEGINNING, in_force
from smartclause.logic.terms import Const, Field, Parameter, Value
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record, World
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Row, Rows
from smartclause.rails.stretches import stated

BEGUN = "begun"  # columns: n, start, began (the latest start), early, late, sure (the file is surely in force)


@dataclass(frozen=True)
class Sentence:
    """A duty with the clause and file it stands in."""

    module: Module
    clause: Clause
    duty: Duty

    @property
    def place(self) -> str:
        return self.clause.id


def begun(ledgers: Ledgers, sentence: Sentence, trigger: EventTrigger) -> pa.Table:
    """Of every record that may be such a trigger inside the force of the file. Raises CannotDo."""
    found = [
        row for before, world in ledgers.offsets() for row in _Begun(world, sentence, Rows(world)).rows(trigger, before)
    ]
    names = ("n", "start", "began", "early", "late")
    columns = {name: pa.array([row[i] for row in found], pa.int64()) for i, name in enumerate(names)}
    return pa.table({**columns, "sure": pa.array([row[5] for row in found], pa.bool_())})


@dataclass(frozen=True)
class _Begun:
    world: World
    sentence: Sentence
    by_party: Rows

    def rows(
        self, trigger: EventTrigger, before: int
    ) -> Iterator[tuple[int, Instant, Instant, Instant, Instant, bool]]:
        kinds = self.world.lookup.relevant_types(trigger.event)
        for n, record in enumerate(self.world.records, before):
            if record.event.type not in kinds:
                continue
            claimed = self._claimed(record)
            force = in_force(self.world, self.sentence.module, self.sentence.clause, claimed)
            if force is not Truth.FALSE:
                row = self.by_party.of(record, self.sentence.duty.party)
                start, began = self._clock(row, claimed)
                span = self._span(row, start, began, claimed)
                late = FOREVER if span.latest is None else span.latest
                yield n, start, began, span.earliest, late, force is Truth.TRUE

    def _claimed(self, record: Record) -> Instant:
        """What the debtor itself recorded counts from its claimed time where that is earlier."""
        own = any(s.party == self.sentence.duty.party for s in record.event.signers)
        return min(record.instant, record.event.time) if own else record.instant

    def _clock(self, row: Row, claimed: Instant) -> tuple[Instant, Instant]:
        name = self.sentence.duty.clock
        if not name:
            return claimed, claimed
        ft = self.world.lookup.field(row.event.type, name)
        by_role = ft is not None and bool(ft.shown_by)
        moment = _instant(row.facts.get(name))
        if moment is None:
            return BEGINNING, FOREVER if by_role else claimed
        return (moment, moment) if moment <= claimed or by_role else (claimed, claimed)

    def _span(self, row: Row, start: Instant, began: Instant, claimed: Instant) -> Span:
        duty = self.sentence.duty
        if duty.no_later_than is not None:
            return self._fixed(row, start)
        first = self._due(start, claimed)
        if began == start:
            return first
        return Span(first.earliest, None if began == FOREVER else self._due(began, claimed).latest)

    def _due(self, start: Instant, dated: Instant) -> Span:
        """A blank period leaves it open."""
        period = self.sentence.duty.period
        value = None if period is None else stated(self.world.lookup, period, dated).value
        if not isinstance(value, Duration):
            return Span(start, None)
        return due(start, value, self.sentence.module.header.rule, self.sentence.module.header.zone)

    def _fixed(self, row: Row, start: Instant) -> Span:
        value = self._end(row)
        if isinstance(value, date):
            value = end_of_day(value, self.sentence.module.header.zone)
        moment = _instant(value)
        return Span(start, None) if moment is None else Span(moment, moment)

    def _end(self, row: Row) -> Value | None:
        match self.sentence.duty.no_later_than:
            case Const() as constant:
                return constant.value
            case Parameter() as parameter:
                return stated(self.world.lookup, parameter, row.instant).value
            case Field() as field:
                return row.facts.get(field.name)
            case _:
                raise CannotDo("an end that is read from history", self.sentence.place)


def _instant(value: Value | None) -> Instant | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
