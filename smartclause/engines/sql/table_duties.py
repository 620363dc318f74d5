"""How the duties of a table stand at an instant, counted by status and told one by one.

Those that rows open go by SQL, where their conditions look at nothing but the row; all others by the book of duties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb
import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.begun import Sentence
from smartclause.engines.sql.column_types import instant_of
from smartclause.engines.sql.day_tables import DAY
from smartclause.engines.sql.duties import (
    ANSWERS,
    OPENED,
    WAIVERS,
    Standing,
    answering_formula,
    answers,
    as_lowered,
    opened,
    opening_formula,
    together,
)
from smartclause.engines.sql.duty_told import DutyRows
from smartclause.engines.sql.needs import Needs, is_of_history, needs_of
from smartclause.engines.sql.pieces import (
    Sql,
    column,
    named,
    nothing,
    one_of,
    selected,
    source,
    texts,
    yes,
)
from smartclause.engines.sql.plain_rows import Laying
from smartclause.engines.sql.profile import DIALECT, SOURCE, Profile, TypeCount, columns_of
from smartclause.engines.sql.sheet import Sheet
from smartclause.engines.sql.sources import Opened
from smartclause.engines.sql.table_book import SentencePlace, TableBook
from smartclause.engines.sql.table_clock import ELAPSED, Clock, Days, dues_of, length_of_hours, periods_of
from smartclause.engines.sql.table_next import FIRST_STEP, VIOLATED, WORDS, missed, with_next
from smartclause.engines.sql.table_records import RowRecords
from smartclause.logic.answers import as_text, waives_any
from smartclause.logic.contract import Duty, EventTrigger, Repeated
from smartclause.logic.contract import Standing as Ensured
from smartclause.logic.counting import Instant
from smartclause.logic.instances import DutyStatus
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Field
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record, World
from smartclause.rails.formula import Leaf, grounds
from smartclause.rails.refused import CannotDo

DUES, ROWS, WAIVER = "dues", "duty rows", "waiver"
MOST_DAYS = 366_000


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
            found.update(self._counted(sentence, trigger))
        return found

    def sentences(self) -> Iterator[tuple[Sentence, int, Duty | Repeated | Ensured]]:
        for module, clause in self.world.lookup.all_clauses():
            for duty in clause.sentences:
                if isinstance(duty, Duty | Repeated | Ensured):
                    yield Sentence(module, clause, duty), duty.number, duty  # type: ignore[arg-type]

    def _counted(self, sentence: Sentence, trigger: EventTrigger) -> Counter[DutyStatus]:
        relation = f"({self._statement(sentence, trigger)})"
        if self.kept is not None:
            relation = self.kept.take(sentence, relation)
        query = f"SELECT status, count(*) FROM {relation} GROUP BY status"
        return Counter({DutyStatus(WORDS[code]): n for code, n in self.connection.execute(query).fetchall()})

    def _statement(self, sentence: Sentence, trigger: EventTrigger) -> str:
        duty = sentence.duty
        sheet = self._rows(sentence, trigger)
        times = Clock(self.world, sentence, sheet, self.now).times(self._days(sentence))
        self._show(OPENED, opened(self.world, sheet, sentence, trigger, times, ROWS))
        exact = not duty.clock and times.early == times.late
        first = self._standing(sheet, sentence, duty.keys, exact).sql(DIALECT)
        if duty.otherwise is None:
            return first
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{FIRST_STEP}" AS {first}')
        second = replace(sentence, duty=duty.otherwise)
        keys = [f"k{n}" for n, _ in enumerate(duty.keys)]
        clock = Clock(self.world, second, sheet, self.now)
        self._show(OPENED, missed(clock, self._days_of_next(second), keys))
        return with_next(self._standing(sheet, second, duty.keys, False).sql(DIALECT), keys)

    def _standing(self, sheet: Sheet, sentence: Sentence, names: Sequence[str], exact: bool) -> exp.Select:
        """Of what the relation of openings holds."""
        duty = sentence.duty
        found = [answers(self.world, sheet, sentence, a, names, ROWS) for a in duty.answers]
        self._show(ANSWERS, together(found))
        cells = [sheet.keys[duty.party, name] for name in names]
        clean = tuple(key.clean or self._never_missing(key.stated) for key in cells)
        sure = all(_is_sure(each) for each in found)
        return Standing(self.world, sentence, clean, self.now, self._waived(sentence, names), exact, sure).statement()

    def _show(self, name: str, query: exp.Expression) -> None:
        self.connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {query.sql(DIALECT)}')

    def _never_missing(self, key: str) -> bool:
        """Whether every row that opens or answers states the key."""
        return self.connection.execute(f'SELECT count(*) - count("{key}") FROM "{ROWS}"').fetchall() == [(0,)]

    def _waived(self, sentence: Sentence, names: Sequence[str]) -> bool:
        """Whether some row may waive such a duty; then the relation of waivers holds it."""
        found = [
            (r, truth)
            for r in self._waivers
            if (truth := waives_any(self.world.lookup, sentence.module, sentence.clause, sentence.duty, r))
            is not Truth.FALSE
        ]
        columns = {
            f"k{n}": pa.array([as_text(r.event.facts.get(name)) for r, _ in found], pa.string())
            for n, name in enumerate(names)
        }
        columns["instant"] = pa.array([r.instant for r, _ in found], pa.int64())
        columns["sure"] = pa.array([t is Truth.TRUE for _, t in found], pa.bool_())
        if found:
            self.connection.register(WAIVERS, pa.table(columns))
        return bool(found)

    @cached_property
    def _waivers(self) -> tuple[Record, ...]:
        query = f"SELECT 1 FROM {SOURCE} WHERE type = '{WAIVER}' LIMIT 1"
        if not self.connection.execute(query).fetchall():
            return ()
        return tuple(RowRecords(self.connection, self.world.lookup, self.profile).of_type(WAIVER, self.now))

    def _rows(self, sentence: Sentence, trigger: EventTrigger) -> Sheet:
        """Only rows that may open or answer, read once; and those that nobody can follow here."""
        lookup, chain = self.world.lookup, list(_chain(sentence.duty))
        answering = [answering_formula(replace(sentence, duty=d), a) for d in chain for a in d.answers]
        formulas = [opening_formula(sentence, trigger), *answering]
        if any(isinstance(g, Leaf) and is_of_history(g.term) for f in formulas for g in grounds(f)):
            raise CannotDo("a duty whose conditions look back in time, over a table", sentence.place)
        needs = self._needs(needs_of(lookup, [as_lowered(sentence.duty.party, f) for f in formulas]), sentence.duty)
        parties = tuple(("", party) for party in dict.fromkeys(d.party for d in chain))
        laid = Laying(lookup, self.profile, needs, parties, self.attested).laid()
        spoken = (trigger.event, *(a.act for d in chain for a in d.answers))
        kinds = sorted({kind for event in spoken for kind in lookup.relevant_types(event)})
        query = laid.rows.copy().where(one_of(column("type"), texts(kinds)), copy=False)
        read = _read(laid.sheet)
        columns = [each for each in query.selects if each.alias_or_name in read]
        told = nothing("VARCHAR") if self.kept is None else exp.cast(column("file_row"), "VARCHAR")
        query.set("expressions", [*columns, named(told, "id")])
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{ROWS}" AS {query.sql(DIALECT)}')
        return laid.sheet

    def _needs(self, needs: Needs, duty: Duty) -> Needs:
        lookup = self.world.lookup
        keys = tuple(dict.fromkeys((*needs.keys, *duty.keys)))
        ends = [duty.no_later_than.name] if isinstance(duty.no_later_than, Field) else []
        names = (*keys, *ends, *([duty.clock] if duty.clock else []))
        declared = [lookup.field(t, name) for name in names for t in lookup.types]
        fields = [(ft.name, ft.type.kind) for ft in declared if ft is not None]
        return replace(needs, keys=keys, fields=tuple(dict.fromkeys((*needs.fields, *fields))))

    # ---- what time alone may change

    def unsettled_since(self, sentence: Sentence, limit: Instant) -> Instant | None:
        """Every duty that an earlier row opens is due before the limit at the latest; None: nobody knows."""
        duty = sentence.duty
        periods = [v for _, v in periods_of(self.world, duty)]
        if duty.clock or duty.no_later_than is not None or any(v is None for v in periods):
            return None
        lengths = [length_of_hours(v) for v in periods if v is not None and v.unit in ELAPSED]
        if len(lengths) == len(periods):
            return limit - max(lengths)
        first, last = self.reach()
        table, _ = dues_of(self.world, sentence, self._days_between(first, last, sentence))
        latest = [max(row) for row in zip(*(table.column(f"p{i}").to_pylist() for i in range(3)), strict=True)]
        late = [day for day, end in zip(table.column("day").to_pylist(), latest, strict=True) if end > limit]
        return FIRST + min(late) * DAY if late else LAST

    # ---- dues in days and months

    def _days(self, sentence: Sentence) -> Days:
        """The relation of dues by day, if the period is not one of hours."""
        if not self._by_days(sentence):
            return Days()
        if sentence.duty.clock:
            raise CannotDo("a period of days from an instant that the row states", sentence.place)
        return self._shown_days(sentence, *self.reach())

    def _days_of_next(self, sentence: Sentence) -> Days:
        """As from the dues of the first step."""
        if sentence.duty.no_later_than is not None:
            raise CannotDo("a next step with a fixed end", sentence.place)
        if not self._by_days(sentence):
            return Days()
        ends = f'SELECT min(late), max(late) FROM "{FIRST_STEP}" WHERE status = {VIOLATED}'
        ((first, last),) = self.connection.execute(ends).fetchall()
        return self._shown_days(sentence, *((FIRST, FIRST) if first is None else (first, last)))

    def _by_days(self, sentence: Sentence) -> bool:
        """Raises CannotDo where it is only sometimes."""
        if sentence.duty.no_later_than is not None:
            return False
        periods = [v for _, v in periods_of(self.world, sentence.duty)]
        if all(v is None or v.unit in ELAPSED for v in periods):
            return False
        if any(v is None or v.unit in ELAPSED for v in periods):
            raise CannotDo("a period that is one of days, and then another", sentence.place)
        return True

    def _shown_days(self, sentence: Sentence, first: Instant, last: Instant) -> Days:
        table, settled_ = dues_of(self.world, sentence, self._days_between(first, last, sentence))
        self.connection.register(DUES, table)
        return Days(DUES, settled_)

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


def _is_sure(query: exp.Select) -> bool:
    """Whether every row that may answer surely does."""
    return any(each.alias == "sure" and each.this == yes() for each in query.selects if isinstance(each, exp.Alias))


def triggers_of(duty: Duty | Repeated | Ensured, sentence: Sentence) -> Iterator[EventTrigger]:
    if not isinstance(duty, Duty) or not duty.triggers:
        raise CannotDo("a duty that no record opens", sentence.place)
    for trigger in duty.triggers:
        if not isinstance(trigger, EventTrigger):
            raise CannotDo("a duty that a breach opens", sentence.place)
        yield trigger


def _chain(duty: Duty) -> Iterator[Duty]:
    """A duty with its next step: whether that has another makes no difference to how the duty stands."""
    yield duty
    if duty.otherwise is not None:
        yield duty.otherwise
