"""How every duty stands at an instant: those that records open by SQL, the other kinds by the book of duties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.begun import BEGUN, Sentence, begun
from smartclause.engines.sql.database import Database, Row
from smartclause.engines.sql.duties import (
    ANSWERS,
    OPENED,
    STATUSES,
    WAIVERS,
    Standing,
    answering_formula,
    answers,
    as_lowered,
    from_begun,
    opened,
    opening_formula,
    together,
)
from smartclause.engines.sql.from_world import filled
from smartclause.engines.sql.ledgers import Ledgers
from smartclause.engines.sql.needs import Needs, needs_of
from smartclause.engines.sql.pieces import FOREVER, selected, source
from smartclause.engines.sql.sheet import RECORDS, Sheet
from smartclause.logic.answers import as_text, waives_any
from smartclause.logic.contract import Clause, Duty, EventTrigger, Module, Repeated
from smartclause.logic.contract import Standing as Ensured
from smartclause.logic.counting import Duration, Instant, Span, due
from smartclause.logic.instances import AFTER_ALL, DutyStatus, Instance
from smartclause.logic.truth import Truth, between
from smartclause.logic.world import Position, World
from smartclause.rails.book.book import Book
from smartclause.rails.refused import CannotDo
from smartclause.rails.stretches import stated

MISSED = "missed"
_TIMES = ("start", "began", "early", "late")
_PAST_DUE = ("violated", "awaiting records", "unproven")


def duties(world: World, database: Database, now: Instant) -> list[Instance]:
    """Every instance as it stands at the end of an instant. Raises CannotDo."""
    (found,) = duties_in_ledgers(Ledgers.of([world]), database, now)
    return found


def duties_in_ledgers(ledgers: Ledgers, database: Database, now: Instant) -> list[list[Instance]]:
    """Those of each. Raises CannotDo."""
    found: list[list[Instance]] = [[] for _ in ledgers.worlds]
    by_book: set[tuple[str, int]] = set()
    for place, told in duties_by_sql(ledgers, database, now):
        if told is None:
            by_book.add(place)
        for number, instance in told or ():
            found[number].append(instance)
    if by_book:
        place_asked = Position(now, AFTER_ALL)
        for number, world in enumerate(ledgers.worlds):
            told_here = Book.of(world).statuses(place_asked, now)
            found[number] += [i for i in told_here if (i.clause, i.sentence) in by_book]
    return found


def duties_by_sql(
    ledgers: Ledgers, database: Database, now: Instant
) -> Iterator[tuple[tuple[str, int], list[tuple[int, Instance]] | None]]:
    """Each sentence that obliges, by clause and number, with what was opened, by ledger, in the order of triggers and
    records; None where SQL does not follow it."""
    for module, clause in ledgers.shared.lookup.all_clauses():
        for sentence in clause.sentences:
            if isinstance(sentence, Duty | Repeated | Ensured):
                try:
                    told = _by_sql(ledgers, database, module, clause, sentence, now)
                except CannotDo:
                    told = None
                yield (clause.id, sentence.number), told


def _by_sql(
    ledgers: Ledgers, database: Database, module: Module, clause: Clause, duty: object, now: Instant
) -> list[tuple[int, Instance]]:
    if not isinstance(duty, Duty) or not duty.triggers:
        raise CannotDo("a duty that no record opens", clause.id)
    sentence = Sentence(module, clause, duty)
    found: list[tuple[int, Instance]] = []
    for trigger in duty.triggers:
        if not isinstance(trigger, EventTrigger):
            raise CannotDo("a duty that a breach opens", clause.id)
        found += _Run(ledgers, database, sentence, now).of_trigger(trigger)
    return found


@dataclass(frozen=True)
class _Run:
    ledgers: Ledgers
    database: Database
    sentence: Sentence
    now: Instant

    @property
    def world(self) -> World:
        return self.ledgers.shared

    @property
    def names(self) -> tuple[str, ...]:
        return self.sentence.duty.keys

    def of_trigger(self, trigger: EventTrigger) -> list[tuple[int, Instance]]:
        duty = self.sentence.duty
        kinds = self.world.lookup.relevant_types(trigger.event)
        if not any(r.event.type in kinds for r in self.ledgers.records):
            return []
        sheet = self._records(trigger)
        self.database.give(BEGUN, begun(self.ledgers, self.sentence, trigger))
        statement = opened(self.world, sheet, self.sentence, trigger, from_begun())
        self.database.keep(OPENED, statement)
        found = sorted(self._standing(sheet, duty), key=lambda row: row["n"])
        return [(self.ledgers.rows[row["n"]][0], self._told(row)) for row in found]

    def _records(self, trigger: EventTrigger) -> Sheet:
        chain = list(_chain(self.sentence.duty))
        formulas = [opening_formula(self.sentence, trigger)]
        formulas += [answering_formula(replace(self.sentence, duty=d), a) for d in chain for a in d.answers]
        needs = needs_of(self.world.lookup, [as_lowered(self.sentence.duty.party, f) for f in formulas])
        parties = tuple(dict.fromkeys(("", d.party) for d in chain))
        rows = filled(self.ledgers, _with_keys(needs, self.names), parties)
        self.database.give(RECORDS, rows.rows)
        return rows.sheet

    def _standing(self, sheet: Sheet, duty: Duty) -> list[Row]:
        """Of what the relation of openings holds."""
        sentence = replace(self.sentence, duty=duty)
        found = [answers(self.world, sheet, sentence, a, self.names) for a in duty.answers]
        self.database.keep(ANSWERS, together(found))
        waivers = self._waivers(duty)
        self.database.give(WAIVERS, waivers)
        clean = tuple(sheet.keys[duty.party, name].clean for name in self.names)
        clean += (True,) if self.ledgers.several else ()
        statement = Standing(self.world, sentence, clean, self.now, waivers.num_rows > 0).statement()
        rows = [{"duty": duty, "otherwise": None, **row} for row in self.database.ask(statement)]
        return self._with_otherwise(sheet, duty, rows)

    def _waivers(self, duty: Duty) -> pa.Table:
        lookup, module, clause = self.world.lookup, self.sentence.module, self.sentence.clause
        told = [(number, r) for number, world in enumerate(self.ledgers.worlds) for r in world.of_type("waiver")]
        judged = [(number, r, waives_any(lookup, module, clause, duty, r)) for number, r in told]
        found = [(number, r, t) for number, r, t in judged if t is not Truth.FALSE]
        columns = {
            f"k{i}": pa.array([as_text(r.event.facts.get(name)) for _, r, _ in found], pa.string())
            for i, name in enumerate(self.names)
        }
        if self.ledgers.several:
            columns[f"k{len(self.names)}"] = pa.array([str(number) for number, _, _ in found], pa.string())
        columns["instant"] = pa.array([r.instant for _, r, _ in found], pa.int64())
        columns["sure"] = pa.array([t is Truth.TRUE for _, _, t in found], pa.bool_())
        return pa.table(columns)

    # ---- the next step

    def _with_otherwise(self, sheet: Sheet, duty: Duty, rows: list[Row]) -> list[Row]:
        """It opens where the duty was missed, in doubt where it may have been; done in time it cures."""
        late = [row for row in rows if STATUSES[row["status"]] in _PAST_DUE]
        if duty.otherwise is None or not late:
            return rows
        if duty.otherwise.no_later_than is not None:
            raise CannotDo("a next step with a fixed end", self.sentence.place)
        self.database.give(MISSED, self._missed(duty.otherwise, late))
        self.database.keep(OPENED, selected([exp.Star()], source(MISSED)))
        steps = {row["n"]: row for row in self._standing(sheet, duty.otherwise)}
        return [{**row, "otherwise": steps.get(row["n"])} for row in rows]

    def _missed(self, step: Duty, late: list[Row]) -> pa.Table:
        found = [self._opened(step, row) for row in late]
        columns = {name: pa.array([row[name] for row in found], pa.int64()) for name in ("n", *_TIMES)}
        texts = {name: pa.array([row[name] for row in late], pa.string()) for name in ("id", *self._key_names())}
        return pa.table({**columns, **texts, "sure": pa.array([row["sure"] for row in found], pa.bool_())})

    def _opened(self, step: Duty, row: Row) -> Row:
        """Counted from due; where nobody knows whether it was missed, from anywhere in its interval."""
        sure = STATUSES[row["status"]] == DutyStatus.VIOLATED.value
        start, began = (row["late"], row["late"]) if sure else (row["early"], row["late"])
        first = self._due(step, start, start)
        latest = first.latest
        if began != start:
            latest = None if began >= FOREVER else self._due(step, began, start).latest
        late = FOREVER if latest is None else latest
        return {"n": row["n"], "start": start, "began": began, "early": first.earliest, "late": late, "sure": sure}

    def _due(self, step: Duty, start: Instant, dated: Instant) -> Span:
        value = None if step.period is None else stated(self.world.lookup, step.period, dated).value
        if not isinstance(value, Duration):
            return Span(start, None)
        return due(start, value, self.sentence.module.header.rule, self.sentence.module.header.zone)

    def _key_names(self) -> list[str]:
        return [f"k{i}" for i in range(len(self.names) + self.ledgers.several)]

    # ---- plain answers

    def _told(self, row: Row, is_otherwise: bool = False) -> Instance:
        duty: Duty = row["duty"]
        status = DutyStatus(STATUSES[row["status"]])
        latest = None if row["late"] >= FOREVER else row["late"]
        since = latest if status is DutyStatus.VIOLATED else None
        step = None if row["otherwise"] is None else self._told(row["otherwise"], is_otherwise=True)
        if since is not None and step is not None and step.status is DutyStatus.FULFILLED:
            status = DutyStatus.CURED
        began = None if row["began"] >= FOREVER else row["began"]
        return Instance(
            self.sentence.clause.id, duty.number, duty.party, duty.recipient,
            tuple((name, row[f"k{i}"]) for i, name in enumerate(self.names)), row["id"], row["start"],
            Span(row["early"], latest), between(row["sure"], True), status, since,
            row["answered"] or "", row["answered_at"], otherwise=step, is_otherwise=is_otherwise, latest_start=began,
            unsure_start=began != row["start"],
        )  # fmt: skip


def _chain(duty: Duty) -> Iterator[Duty]:
    yield duty
    if duty.otherwise is not None:
        yield from _chain(duty.otherwise)


def _with_keys(needs: Needs, names: Sequence[str]) -> Needs:
    return replace(needs, keys=tuple(dict.fromkeys((*needs.keys, *names))))
