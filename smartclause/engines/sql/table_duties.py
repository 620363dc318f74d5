"""How the duties of a table stand at an instant, counted by status and told one by one.

Only duties that rows open are followed in a table; every other one is named among those that are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.begun import Sentence
from smartclause.engines.sql.column_types import instant_of
from smartclause.engines.sql.dated import Stretch, by_stretch, changes_of_parameter, parameter_at, stretches
from smartclause.engines.sql.day_tables import DAY, cut, cuts_of_day, day_of
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
from smartclause.engines.sql.duty_told import DutyRows
from smartclause.engines.sql.gates import force
from smartclause.engines.sql.joining import ACT
from smartclause.engines.sql.needs import Needs, is_of_history, needs_of
from smartclause.engines.sql.pieces import (
    FOREVER,
    Sql,
    added,
    both,
    chosen,
    column,
    inverse,
    is_null,
    named,
    nothing,
    one_of,
    selected,
    settled,
    source,
    texts,
    whole,
    yes,
)
from smartclause.engines.sql.plain_rows import Laying
from smartclause.engines.sql.profile import DIALECT, SOURCE, Profile, TypeCount, columns_of
from smartclause.engines.sql.sheet import Sheet
from smartclause.engines.sql.sources import Opened
from smartclause.engines.sql.table_book import SentencePlace, TableBook
from smartclause.logic.contract import Duty, EventTrigger, Repeated
from smartclause.logic.contract import Standing as Ensured
from smartclause.logic.counting import Duration, Instant, Unit, due
from smartclause.logic.force import BEGINNING
from smartclause.logic.instances import DutyStatus
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Kind, Parameter
from smartclause.logic.world import World
from smartclause.rails.formula import Force, Leaf, grounds
from smartclause.rails.refused import CannotDo
from smartclause.rails.stretches import stated

DUES, ROWS, WAIVER = "dues", "duty rows", "waiver"
MOST_DAYS = 366_000
_ELAPSED = {Unit.MINUTE: 60_000_000, Unit.HOUR: 3_600_000_000}


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

    @property
    def totals(self) -> Mapping[DutyStatus, int]:
        found: Counter[DutyStatus] = Counter()
        for counts in self.counts.values():
            found.update(counts)
        return found

    def of_clause(self, clause: str) -> Mapping[DutyStatus, int]:
        found: Counter[DutyStatus] = Counter()
        for (name, _), counts in self.counts.items():
            found.update(counts if name == clause else {})
        return found


def sketched(connection: duckdb.DuckDBPyConnection, lookup: Lookup, file: Opened) -> Profile:
    """What a file says of itself, without a look at its rows: any type by anyone may be there."""
    bare = columns_of(connection)
    counts = tuple(TypeCount(kind, None, 1, {}) for kind in (*lookup.types, None))
    bare = replace(bare, never_null=file.never_null, ranges=file.ranges)
    return replace(bare, counts=counts, timeless=0 if bare.never_timeless else 1)


def _read(sheet: Sheet) -> set[str]:
    """The columns that conditions read, and not why a value is missing."""
    cells = {name for cell in sheet.cells.values() for name in (cell.value, cell.unit)}
    flags = {each.flag for each in sheet.existence.values()}
    keys = {key.stated for key in sheet.keys.values()}
    return {"n", "idx", "type", "by", "to", "instant", *cells, *flags, *keys}


@dataclass(frozen=True)
class TableDuties:
    """Over the rows that a connection shows as its source. `kept`: a relation that gets every instance, too."""

    world: World
    connection: duckdb.DuckDBPyConnection
    profile: Profile
    now: Instant
    attested: bool = False
    kept: DutyRows | None = None

    def figures(self, only: Collection[SentencePlace] | None = None) -> DutyFigures:
        """By SQL where it knows the kind, else by the book of duties, row by row. `only`: of no other sentences."""
        counts: dict[SentencePlace, Counter[DutyStatus]] = {}
        others: list[SentencePlace] = []
        for sentence, number, duty in self.sentences():
            place = (sentence.clause.id, number)
            if only is not None and place not in only:
                continue
            try:
                counts[place] = self.counted(sentence, duty)
            except CannotDo:
                others.append(place)
                if self.kept is not None:
                    self.kept.forget(sentence)
        try:
            counts |= self.by_book(others)
        except CannotDo as refusal:
            return DutyFigures(counts, tuple(NotFollowed(*place, refusal.construct) for place in others))
        return DutyFigures(counts)

    def by_book(self, places: Sequence[SentencePlace]) -> dict[SentencePlace, Counter[DutyStatus]]:
        """Raises CannotDo."""
        counts: dict[SentencePlace, Counter[DutyStatus]] = {place: Counter() for place in places}
        if not places:
            return counts
        instances = TableBook(self.world, self.connection, self.profile).instances(places, self.now)
        for each in instances:
            counts[each.clause, each.sentence][each.status] += 1
        if self.kept is not None:
            self.kept.add(instances)
        return counts

    def counted(self, sentence: Sentence, duty: Duty | Repeated | Ensured) -> Counter[DutyStatus]:
        """Raises CannotDo."""
        found: Counter[DutyStatus] = Counter()
        for trigger in triggers_of(duty, sentence):
            found.update(self._counted(replace(sentence, duty=followed_of(duty, sentence)), trigger))
        return found

    def sentences(self) -> Iterator[tuple[Sentence, int, Duty | Repeated | Ensured]]:
        for module, clause in self.world.lookup.all_clauses():
            for duty in clause.sentences:
                if isinstance(duty, Duty | Repeated | Ensured):
                    yield Sentence(module, clause, duty), duty.number, duty  # type: ignore[arg-type]

    def _counted(self, sentence: Sentence, trigger: EventTrigger) -> Counter[DutyStatus]:
        relation = f"({self._statement(sentence, trigger).sql(DIALECT)})"
        if self.kept is not None:
            relation = self.kept.take(sentence, relation)
        query = f"SELECT status, count(*) FROM {relation} GROUP BY status"
        return Counter({DutyStatus(STATUSES[code]): n for code, n in self.connection.execute(query).fetchall()})

    def _statement(self, sentence: Sentence, trigger: EventTrigger) -> exp.Select:
        sheet = self._rows(sentence, trigger)
        times = _Clock(self.world, sentence, sheet, self.now).times(self._days(sentence))
        self._show(OPENED, opened(self.world, sheet, sentence, trigger, times, ROWS))
        duty = sentence.duty
        found = [answers(self.world, sheet, sentence, a, duty.keys, ROWS) for a in duty.answers]
        self._show(ANSWERS, together(found))
        keys = [sheet.keys[duty.party, name] for name in duty.keys]
        clean = tuple(key.clean or self._never_missing(key.stated) for key in keys)
        exact, sure = not duty.clock and times.early == times.late, all(_is_sure(each) for each in found)
        return Standing(self.world, sentence, clean, self.now, False, exact, sure).statement()

    def _show(self, name: str, query: exp.Expression) -> None:
        self.connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {query.sql(DIALECT)}')

    def _never_missing(self, key: str) -> bool:
        """Whether every row that opens or answers states the key."""
        return self.connection.execute(f'SELECT count(*) - count("{key}") FROM "{ROWS}"').fetchall() == [(0,)]

    def _rows(self, sentence: Sentence, trigger: EventTrigger) -> Sheet:
        """Only rows that may open or answer, read once; and those that nobody can follow here."""
        lookup, duty = self.world.lookup, sentence.duty
        formulas = [opening_formula(sentence, trigger), *(answering_formula(sentence, a) for a in duty.answers)]
        if any(isinstance(g, Leaf) and is_of_history(g.term) for f in formulas for g in grounds(f)):
            raise CannotDo("a duty whose conditions look back in time, over a table", sentence.place)
        needs = self._needs(needs_of(lookup, [as_lowered(duty.party, f) for f in formulas]), duty)
        laid = Laying(lookup, self.profile, needs, (("", duty.party),), self.attested).laid()
        spoken = (trigger.event, *(a.act for a in duty.answers))
        kinds = sorted({kind for event in spoken for kind in lookup.relevant_types(event)} | {WAIVER})
        query = laid.rows.copy().where(one_of(column("type"), texts(kinds)), copy=False)
        read = _read(laid.sheet)
        columns = [each for each in query.selects if each.alias_or_name in read]
        told = nothing("VARCHAR") if self.kept is None else exp.cast(column("file_row"), "VARCHAR")
        query.set("expressions", [*columns, named(told, "id")])
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{ROWS}" AS {query.sql(DIALECT)}')
        if self.connection.execute(f"SELECT 1 FROM \"{ROWS}\" WHERE type = '{WAIVER}' LIMIT 1").fetchall():
            # Who waived is shown by a signature, which a table has not.
            raise CannotDo("waivers in a table", sentence.place)
        return laid.sheet

    def _needs(self, needs: Needs, duty: Duty) -> Needs:
        lookup = self.world.lookup
        keys = tuple(dict.fromkeys((*needs.keys, *duty.keys)))
        names = (*keys, duty.clock) if duty.clock else keys
        declared = [lookup.field(t, name) for name in names for t in lookup.types]
        fields = [(ft.name, ft.type.kind) for ft in declared if ft is not None]
        return replace(needs, keys=keys, fields=tuple(dict.fromkeys((*needs.fields, *fields))))

    # ---- what time alone may change

    def unsettled_since(self, sentence: Sentence, limit: Instant) -> Instant | None:
        """Every duty that an earlier row opens is due before the limit at the latest; None: nobody knows."""
        duty = sentence.duty
        periods = [v for _, v in _periods(self.world, duty)]
        if duty.clock or any(v is None for v in periods):
            return None
        lengths = [_length(v) for v in periods if v is not None and v.unit in _ELAPSED]
        if len(lengths) == len(periods):
            return limit - max(lengths)
        first, last = self.reach()
        table, _ = _dues(self.world, sentence, self._days_between(first, last, sentence))
        latest = [max(row) for row in zip(*(table.column(f"p{i}").to_pylist() for i in range(3)), strict=True)]
        late = [day for day, end in zip(table.column("day").to_pylist(), latest, strict=True) if end > limit]
        return FIRST + min(late) * DAY if late else LAST

    # ---- dues in days and months

    def _days(self, sentence: Sentence) -> _Days:
        """The relation of dues by day, if the period is not one of hours."""
        periods = [v for _, v in _periods(self.world, sentence.duty)]
        if all(v is None or v.unit in _ELAPSED for v in periods):
            return _Days()
        if sentence.duty.clock:
            raise CannotDo("a period of days from an instant that the row states", sentence.place)
        first, last = self.reach()
        table, settled_ = _dues(self.world, sentence, self._days_between(first, last, sentence))
        self.connection.register(DUES, table)
        return _Days(DUES, settled_)

    def _days_between(self, first: Instant, last: Instant, sentence: Sentence) -> range:
        days = range((first - FIRST) // DAY, (last - FIRST) // DAY + 1)
        if len(days) > MOST_DAYS:
            raise CannotDo("rows over more than a thousand years", sentence.place)
        return days

    def reach(self) -> tuple[Instant, Instant]:
        """The first and the last instant of the table, which a Parquet file says of itself."""
        name = self.profile.clock
        ends: list[Sql] = [exp.Min(this=column(name)), exp.Max(this=column(name))]
        query = selected([instant_of(end, name, self.profile.columns[name]) for end in ends], source(SOURCE))
        ((first, last),) = self.connection.execute(query.sql(DIALECT)).fetchall()
        return (FIRST, FIRST) if first is None else (first, last)


@dataclass(frozen=True, slots=True)
class _Days:
    """The relation of dues, none for periods of hours. `exact`: every due is one instant."""

    name: str = ""
    exact: bool = True


@dataclass(frozen=True)
class _Clock:
    world: World
    sentence: Sentence
    sheet: Sheet
    now: Instant

    def times(self, days: _Days) -> Times:
        """Who made the table signed nothing: no row counts from an earlier time because the debtor recorded it."""
        duty, at = self.sentence.duty, column("instant", ACT)
        if duty.no_later_than is not None:
            raise CannotDo("a duty with a fixed end", self.sentence.place)
        start, began = self._from(duty, at) if duty.clock else (at, at.copy())
        early, late = self._ends(days, start, began)
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

    def _ends(self, days: _Days, start: Sql, began: Sql) -> tuple[Sql, Sql]:
        at = column("instant", ACT)
        if days.name:
            return cut(days.name, "s", at), cut(days.name, "s" if days.exact else "p", at.copy())
        found = [(s, v) for s, v in _periods(self.world, self.sentence.duty)]
        early = [(s, start.copy() if v is None else added(start.copy(), whole(_length(v)))) for s, v in found]
        if not self.sentence.duty.clock and all(v is not None for _, v in found):
            return by_stretch(at, early), by_stretch(at.copy(), early)
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


def _is_sure(query: exp.Select) -> bool:
    """Whether every row that may answer surely does."""
    return any(each.alias == "sure" and each.this == yes() for each in query.selects if isinstance(each, exp.Alias))


def _dues(world: World, sentence: Sentence, days: range) -> tuple[pa.Table, bool]:
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


def triggers_of(duty: Duty | Repeated | Ensured, sentence: Sentence) -> Iterator[EventTrigger]:
    if not isinstance(duty, Duty) or not duty.triggers:
        raise CannotDo("a duty that no record opens", sentence.place)
    for trigger in duty.triggers:
        if not isinstance(trigger, EventTrigger):
            raise CannotDo("a duty that a breach opens", sentence.place)
        yield trigger


def followed_of(duty: Duty | Repeated | Ensured, sentence: Sentence) -> Duty:
    if not isinstance(duty, Duty) or duty.otherwise is not None:
        raise CannotDo("a duty with a next step", sentence.place)
    return duty
