"""When the clock of a duty of a table starts and ends, as columns: by hours, or by a relation of dues for each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.begun import Sentence
from smartclause.engines.sql.dated import Stretch, by_stretch, changes_of_parameter, parameter_at, stretches
from smartclause.engines.sql.day_tables import DAY, cut, cuts_of_day, day_of
from smartclause.engines.sql.duties import Times
from smartclause.engines.sql.gates import force
from smartclause.engines.sql.joining import ACT
from smartclause.engines.sql.pieces import (
    FOREVER,
    Sql,
    added,
    both,
    chosen,
    column,
    inverse,
    is_null,
    nothing,
    settled,
    whole,
    yes,
)
from smartclause.engines.sql.sheet import Sheet
from smartclause.logic.contract import Duty
from smartclause.logic.counting import Duration, Instant, Unit, due, end_of_day
from smartclause.logic.force import BEGINNING
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.terms import Const, Field, Kind, Parameter, Type, Value
from smartclause.logic.world import World
from smartclause.rails.formula import Force
from smartclause.rails.refused import CannotDo
from smartclause.rails.stretches import stated

ELAPSED = {Unit.MINUTE: 60_000_000, Unit.HOUR: 3_600_000_000}


@dataclass(frozen=True, slots=True)
class Days:
    """The relation of dues, none for periods of hours. `exact`: every due is one instant."""

    name: str = ""
    exact: bool = True


@dataclass(frozen=True)
class Clock:
    world: World
    sentence: Sentence
    sheet: Sheet
    now: Instant

    def times(self, days: Days) -> Times:
        """Who made the table signed nothing: no row counts from an earlier time because the debtor recorded it."""
        duty, at = self.sentence.duty, column("instant", ACT)
        start, began = self._from(duty, at) if duty.clock else (at, at.copy())
        early, late = self._fixed(start) if duty.no_later_than is not None else self.ends(days, start, began, at)
        inside = force(self.world, Force(self.sentence.module.name, self.sentence.clause.id, True), ACT)
        same_day = exp.EQ(this=column("day", days.name), expression=day_of(at.copy())) if days.name else yes()
        seen = exp.LTE(this=column("instant", ACT), expression=whole(self.now))
        kept = both(inverse(inside.is_false), seen)
        return Times(start, began, early, late, inside.is_true, kept, days.name, same_day)

    def _from(self, duty: Duty, at: Sql) -> tuple[Sql, Sql]:
        """An instant later than the row counts only where its role shows it; one not stated leaves an interval."""
        kinds = [t for t in self.world.lookup.types if self.world.lookup.field(t, duty.clock) is not None]
        roles = {bool(ft.shown_by) for t in kinds if (ft := self.world.lookup.field(t, duty.clock)) is not None}
        cell = self.sheet.cells[duty.party, duty.clock, Kind.INSTANT]
        value, by_role = column(cell.value, ACT), roles == {True}
        if len(roles) > 1:
            raise CannotDo("a clock that only some kinds of rows leave to a role", self.sentence.place)
        counts = yes() if by_role else settled(exp.LTE(this=value.copy(), expression=at.copy()))
        missing = is_null(value.copy())
        stated = chosen([(counts, value)], at)
        return (
            chosen([(missing, whole(BEGINNING))], stated),
            chosen([(missing.copy(), whole(FOREVER) if by_role else at.copy())], stated.copy()),
        )

    def _fixed(self, start: Sql) -> tuple[Sql, Sql]:
        """An end that is not shown leaves an interval without one."""
        moment = self._end()
        missing = is_null(moment.copy())
        return chosen([(missing, start.copy())], moment), chosen([(missing.copy(), whole(FOREVER))], moment.copy())

    def _end(self) -> Sql:
        match self.sentence.duty.no_later_than:
            case Const() as constant:
                return self._moment(constant.value)
            case Parameter() as parameter:
                found = stretches(changes_of_parameter(self.world.lookup, parameter.name))
                values = [(s, parameter_at(self.world.lookup, parameter.name, s.some_instant)[1]) for s in found]
                return by_stretch(column("instant", ACT), [(s, self._moment(v)) for s, v in values])
            case Field(name=name, type=Type(kind=Kind.INSTANT)):
                return column(self.sheet.cells[self.sentence.duty.party, name, Kind.INSTANT].value, ACT)
            case _:
                raise CannotDo("an end on a day that the row states, or that is read from history", self.sentence.place)

    def _moment(self, value: Value | None) -> Sql:
        if isinstance(value, date):
            return whole(end_of_day(value, self.sentence.module.header.zone))
        return whole(value) if isinstance(value, int) and not isinstance(value, bool) else nothing("BIGINT")

    def ends(self, days: Days, start: Sql, began: Sql, at: Sql) -> tuple[Sql, Sql]:
        """From the earliest and the latest start, by the period of an instant."""
        if days.name:
            return cut(days.name, "s", at.copy()), cut(days.name, "s" if days.exact else "p", at.copy())
        found = [(s, v) for s, v in periods_of(self.world, self.sentence.duty)]
        early = [(s, start.copy() if v is None else added(start.copy(), whole(length_of_hours(v)))) for s, v in found]
        if start == began and all(v is not None for _, v in found):
            return by_stretch(at.copy(), early), by_stretch(at.copy(), early)
        late = [(s, whole(FOREVER) if v is None else _until(began, length_of_hours(v))) for s, v in found]
        return by_stretch(at.copy(), early), by_stretch(at.copy(), late)


def _until(began: Sql, length: int) -> Sql:
    never = exp.GTE(this=began.copy(), expression=whole(FOREVER))
    return chosen([(never, whole(FOREVER))], added(began.copy(), whole(length)))


def length_of_hours(period: Duration) -> int:
    return period.count * ELAPSED[period.unit]


def periods_of(world: World, duty: Duty) -> list[tuple[Stretch, Duration | None]]:
    """By stretch of time: a blank period leaves the due open."""
    match duty.period:
        case None:
            return [(s, None) for s in stretches([])]
        case Const() as constant:
            value = constant.value if isinstance(constant.value, Duration) else None
            return [(s, value) for s in stretches([])]
        case Parameter() as parameter:
            found = stretches(changes_of_parameter(world.lookup, parameter.name))
            values = [(s, parameter_at(world.lookup, parameter.name, s.some_instant)[1]) for s in found]
            return [(s, v if isinstance(v, Duration) else None) for s, v in values]


def dues_of(world: World, sentence: Sentence, days: range) -> tuple[pa.Table, bool]:
    """For each day: when a duty that rows of its parts open is due. And whether all these are single instants."""
    header, duty = sentence.module.header, sentence.duty
    changes = changes_of_parameter(world.lookup, duty.period.name) if isinstance(duty.period, Parameter) else []
    rows: dict[str, list[int]] = {n: [] for n in ("day", "c1", "c2", *(f"{m}{i}" for m in "sp" for i in range(3)))}
    for day in days:
        start = max(FIRST + day * DAY, FIRST)
        cuts = cuts_of_day(header.zone, changes, start, min(start + DAY - 1, LAST))
        if len(cuts) > 2:
            raise CannotDo("a period whose length changes more than twice in a day", sentence.place)
        points = [start, *cuts, *[cuts[-1] if cuts else start] * (2 - len(cuts))]
        rows["day"].append(day)
        rows["c1"].append(cuts[0] if cuts else FOREVER)
        rows["c2"].append(cuts[1] if len(cuts) > 1 else FOREVER)
        for i, point in enumerate(points):
            early, late = _due_at(world, sentence, point)
            rows[f"s{i}"].append(early)
            rows[f"p{i}"].append(late)
    exact = all(rows[f"s{i}"] == rows[f"p{i}"] for i in range(3))
    return pa.table({name: pa.array(values, pa.int64()) for name, values in rows.items()}), exact


def _due_at(world: World, sentence: Sentence, at: Instant) -> tuple[int, int]:
    period = None if sentence.duty.period is None else stated(world.lookup, sentence.duty.period, at).value
    if not isinstance(period, Duration):
        return at, FOREVER
    span = due(at, period, sentence.module.header.rule, sentence.module.header.zone)
    return span.earliest, FOREVER if span.latest is None else span.latest
