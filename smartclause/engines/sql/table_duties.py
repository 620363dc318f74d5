"""How the duties of a table stand at an instant, counted by status and told one by one.

Only duties that rows open are followed in a table; every other one is named among those that are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.begun import Sentence
from smartclause.engines.sql.dated import Stretch, by_stretch, changes_of_parameter, parameter_at, stretches
from smartclause.engines.sql.duties import (
    ANSWERS,
    OPENED,
    STATUSES,
    Standing,
    Times,
    answering_formula,
    answers,
    as_lowered,
    opened,
    opening_formula,
    together,
)
from smartclause.engines.sql.gates import force
from smartclause.engines.sql.joining import ACT
from smartclause.engines.sql.needs import Needs, needs_of
from smartclause.engines.sql.pieces import (
    FOREVER,
    Sql,
    added,
    chosen,
    column,
    inverse,
    is_null,
    one_of,
    settled,
    source,
    texts,
    whole,
    yes,
)
from smartclause.engines.sql.plain_rows import DAY, Laying, cut, cuts_of_day, day_of
from smartclause.engines.sql.profile import DIALECT, Profile
from smartclause.engines.sql.sheet import RECORDS, Sheet
from smartclause.logic.contract import Duty, EventTrigger, Repeated
from smartclause.logic.contract import Standing as Ensured
from smartclause.logic.counting import Duration, Instant, Unit, due
from smartclause.logic.force import BEGINNING
from smartclause.logic.instances import DutyStatus
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.terms import Const, Kind, Parameter
from smartclause.logic.world import World
from smartclause.rails.formula import Force
from smartclause.rails.refused import CannotDo
from smartclause.rails.stretches import stated

DUES = "dues"
_ELAPSED = {Unit.MINUTE: 60_000_000, Unit.HOUR: 3_600_000_000}
SentencePlace = tuple[str, int]  # clause, sentence


@dataclass(frozen=True, slots=True)
class NotFollowed:
    """A duty that a table cannot show, and why."""

    clause: str
    sentence: int
    reason: str


@dataclass(frozen=True)
class DutyFigures:
    counts: Mapping[SentencePlace, Mapping[DutyStatus, int]]
    not_followed: tuple[NotFollowed, ...] = ()


@dataclass(frozen=True)
class TableDuties:
    """Over the rows that a connection shows as its source."""

    world: World
    connection: duckdb.DuckDBPyConnection
    profile: Profile
    now: Instant
    attested: bool = False

    def figures(self) -> DutyFigures:
        counts: dict[SentencePlace, Counter[DutyStatus]] = {}
        refused: list[NotFollowed] = []
        for sentence, number, duty in self._sentences():
            try:
                self._refuse_waivers(sentence)
                found: Counter[DutyStatus] = Counter()
                for trigger in _triggers(duty, sentence):
                    found.update(self._counted(replace(sentence, duty=_followed(duty, sentence)), trigger))
                counts[sentence.clause.id, number] = found
            except CannotDo as refusal:
                refused.append(NotFollowed(sentence.clause.id, number, refusal.construct))
        return DutyFigures(counts, tuple(refused))

    def _refuse_waivers(self, sentence: Sentence) -> None:
        """Who waived is shown by a signature, which a table has not."""
        if self.profile.rows_of(["waiver"]):
            raise CannotDo("waivers in a table", sentence.place)

    def _sentences(self) -> Iterator[tuple[Sentence, int, Duty | Repeated | Ensured]]:
        for module, clause in self.world.lookup.all_clauses():
            for duty in clause.sentences:
                if isinstance(duty, Duty | Repeated | Ensured):
                    yield Sentence(module, clause, duty), duty.number, duty  # type: ignore[arg-type]

    def _counted(self, sentence: Sentence, trigger: EventTrigger) -> Counter[DutyStatus]:
        query = f"SELECT status, count(*) FROM ({self._statement(sentence, trigger).sql(DIALECT)}) GROUP BY status"
        return Counter({DutyStatus(STATUSES[code]): n for code, n in self.connection.execute(query).fetchall()})

    def _statement(self, sentence: Sentence, trigger: EventTrigger) -> exp.Select:
        sheet = self._records(sentence, trigger)
        times = _Clock(self.world, sentence, sheet).times(self._days(sentence, trigger))
        self._keep(OPENED, opened(self.world, sheet, sentence, trigger, times))
        duty = sentence.duty
        found = [answers(self.world, sheet, sentence, a, duty.keys) for a in duty.answers]
        self._keep(ANSWERS, together(found))
        clean = tuple(sheet.keys[duty.party, name].clean for name in duty.keys)
        return Standing(self.world, sentence, clean, self.now, waived=False).statement()

    def _keep(self, name: str, query: exp.Expression) -> None:
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {query.sql(DIALECT)}')

    def _records(self, sentence: Sentence, trigger: EventTrigger) -> Sheet:
        duty = sentence.duty
        formulas = [opening_formula(sentence, trigger), *(answering_formula(sentence, a) for a in duty.answers)]
        needs = self._needs(needs_of(self.world.lookup, [as_lowered(duty.party, f) for f in formulas]), duty)
        laid = Laying(self.world.lookup, self.profile, needs, (("", duty.party),), self.attested).laid()
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {RECORDS} AS {laid.rows.sql(DIALECT)}")
        return laid.sheet

    def _needs(self, needs: Needs, duty: Duty) -> Needs:
        if needs.windows:
            raise CannotDo("a duty whose conditions look back in time", "a table")
        lookup = self.world.lookup
        keys = tuple(dict.fromkeys((*needs.keys, *duty.keys)))
        names = (*keys, duty.clock) if duty.clock else keys
        declared = [lookup.field(t, name) for name in names for t in lookup.types]
        fields = [(ft.name, ft.type.kind) for ft in declared if ft is not None]
        return replace(needs, keys=keys, fields=tuple(dict.fromkeys((*needs.fields, *fields))))

    # ---- dues in days and months

    def _days(self, sentence: Sentence, trigger: EventTrigger) -> str:
        """The relation of dues by day, if the period is not one of hours."""
        periods = [v for _, v in _periods(self.world, sentence.duty)]
        if all(v is None or v.unit in _ELAPSED for v in periods):
            return ""
        if sentence.duty.clock:
            raise CannotDo("a period of days from an instant that the row states", sentence.place)
        kinds = texts(self.world.lookup.relevant_types(trigger.event))
        day = exp.Select().select(day_of(column("instant")), copy=False).from_(source(RECORDS), copy=False).distinct()
        query = day.where(one_of(column("type"), kinds), copy=False)
        days = sorted(int(row[0]) for row in self.connection.execute(query.sql(DIALECT)).fetchall())
        self.connection.register(DUES, _dues(self.world, sentence, days))
        return DUES


@dataclass(frozen=True)
class _Clock:
    world: World
    sentence: Sentence
    sheet: Sheet

    def times(self, days: str) -> Times:
        """Who made the table signed nothing: no row counts from an earlier time because the debtor recorded it."""
        duty, at = self.sentence.duty, column("instant", ACT)
        if duty.no_later_than is not None:
            raise CannotDo("a duty with a fixed end", self.sentence.place)
        start, began = self._from(duty, at) if duty.clock else (at, at.copy())
        early, late = self._ends(days, start, began)
        inside = force(self.world, Force(self.sentence.module.name, self.sentence.clause.id, True), ACT)
        same_day = exp.EQ(this=column("day", days), expression=day_of(at.copy())) if days else yes()
        return Times(start, began, early, late, inside.is_true, inverse(inside.is_false), days, same_day)

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

    def _ends(self, days: str, start: Sql, began: Sql) -> tuple[Sql, Sql]:
        if days:
            at = column("instant", ACT)
            return cut(days, "s", at), cut(days, "p", at.copy())
        at = column("instant", ACT)
        found = [(s, v) for s, v in _periods(self.world, self.sentence.duty)]
        early = [(s, start.copy() if v is None else added(start.copy(), whole(_length(v)))) for s, v in found]
        late = [(s, whole(FOREVER) if v is None else _until(began, _length(v))) for s, v in found]
        return by_stretch(at, early), by_stretch(at.copy(), late)


def _until(began: Sql, length: int) -> Sql:
    never = exp.GTE(this=began.copy(), expression=whole(FOREVER))
    return chosen([(never, whole(FOREVER))], added(began.copy(), whole(length)))


def _length(period: Duration) -> int:
    return period.count * _ELAPSED[period.unit]


def _periods(world: World, duty: Duty) -> list[tuple[Stretch, Duration | None]]:
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


def _dues(world: World, sentence: Sentence, days: list[int]) -> pa.Table:
    """For each day: when a duty that rows of its parts open is due."""
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
    return pa.table({name: pa.array(values, pa.int64()) for name, values in rows.items()})


def _due_at(world: World, sentence: Sentence, at: Instant) -> tuple[int, int]:
    period = None if sentence.duty.period is None else stated(world.lookup, sentence.duty.period, at).value
    if not isinstance(period, Duration):
        return at, FOREVER
    span = due(at, period, sentence.module.header.rule, sentence.module.header.zone)
    return span.earliest, FOREVER if span.latest is None else span.latest


def _triggers(duty: Duty | Repeated | Ensured, sentence: Sentence) -> Iterator[EventTrigger]:
    if not isinstance(duty, Duty) or not duty.triggers:
        raise CannotDo("a duty that no record opens", sentence.place)
    for trigger in duty.triggers:
        if not isinstance(trigger, EventTrigger):
            raise CannotDo("a duty that a breach opens", sentence.place)
        yield trigger


def _followed(duty: Duty | Repeated | Ensured, sentence: Sentence) -> Duty:
    if not isinstance(duty, Duty) or duty.otherwise is not None:
        raise CannotDo("a duty with a next step", sentence.place)
    return duty
