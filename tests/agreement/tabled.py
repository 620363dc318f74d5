"""The audit of plain rows on the cases of the suite: each use with its clauses, what is open, duties by status.

Rows are what the caller vouches for, so a case is read as rows say it: everybody shows everything, and nothing was
received later. A table tells no leaves, and of duties how many stand how.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from smartclause.engines.audit import MissingFact
from smartclause.engines.monitor.reading import SHOWN
from smartclause.engines.sql.built_in_rows import NAMING
from smartclause.engines.sql.duty_told import INSTANCES, DutyRows
from smartclause.engines.sql.from_world import row_of_facts, schema_of_rows
from smartclause.engines.sql.printed import printed
from smartclause.engines.sql.sources import Opened
from smartclause.engines.sql.table import Prepared, TableAudit
from smartclause.engines.sql.table_duties import TableDuties
from smartclause.logic.contract import Clause, Contract, Duty, Repeated, Standing
from smartclause.logic.counting import Duration
from smartclause.logic.duties import Duties
from smartclause.logic.force import BEGINNING
from smartclause.logic.instances import Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event
from smartclause.logic.terms import TRUE, ClauseViolated, walk
from smartclause.logic.truth import Truth
from smartclause.logic.walking import terms_of_sentence
from smartclause.logic.world import World, build
from tests.agreement import setting as s
from tests.agreement.answers import Told, at_end_of, reference_acts, without_events
from tests.agreement.comparing import Difference
from tests.agreement.monitored import without_runs
from tests.agreement.worlds import Case

NAME = "table"
NOT_PRINTED = ("duties", "a window of calendar days outside a table that is read")
DECISIONS = {Truth.TRUE: "allowed", Truth.FALSE: "refused", Truth.UNKNOWN: "undecided"}
Opening = Callable[[duckdb.DuckDBPyConnection, pa.Table, Path], Opened]


def in_rows(case: Case, shuffled: Random) -> Case:
    """The case as rows say it, in any order; rows have no durations."""
    seen: set[str] = set()
    kept = []
    for event in case.records:
        if event.id in seen or not (event.type in s.BY_NAME or event.type in ("termination", "waiver", "x.mystery")):
            continue
        seen.add(event.id)
        facts = {n: v for n, v in event.facts.items() if not isinstance(v, Duration)}
        told = {n: v for n, v in facts.items() if event.type in s.BY_NAME or n in NAMING or event.type == "waiver"}
        by = next((x.party for x in event.signers if x.party != EVERYONE), "A") if event.type == "waiver" else event.by
        kept.append(
            replace(event, by=by, facts=told, asset="set-1", signers=SHOWN, caller=frozenset(), unreliable=False,
                    received=None, source="")
        )  # fmt: skip
    shuffled.shuffle(kept)
    if shuffled.random() < 0.4:
        kept = _of_one_kind(kept)
    holes = shuffled.random() < 0.3
    numbers = sorted(shuffled.sample(range(len(kept) + 3), len(kept))) if holes else range(len(kept))
    rows = tuple(replace(event, index=number) for number, event in zip(numbers, kept, strict=True))
    times = [e.time for e in rows] or [case.asked]
    last = max(times) if shuffled.random() < 0.5 else max(case.asked, *times)
    return replace(
        case, contract=without_runs(case.contract), records=rows, proposed=(), sources=(), clouds=(), asked=last
    )


def _of_one_kind(events: list[Event]) -> list[Event]:
    """A table of one kind of act by one doer: what a file says of itself then shortens the statements most."""
    acts = Counter((e.type, e.by) for e in events if e.type in s.ACTS and e.by)
    often = acts.most_common(1)
    return [e for e in events if (e.type, e.by) == often[0][0]] if often else events


def without_duties(contract: Contract) -> Contract:
    """Acts are judged in a table where no verdict asks what is owed or was missed."""
    modules = (replace(m, clauses=tuple(map(_without_duties, m.clauses))) for m in contract.modules)
    return replace(contract, modules=tuple(modules))


def _without_duties(clause: Clause) -> Clause:
    kept = tuple(
        x for x in clause.sentences
        if not isinstance(x, Duty | Repeated | Standing)
        and not any(isinstance(n, ClauseViolated) for t in terms_of_sentence(x) for n in walk(t))
    )  # fmt: skip
    asks = any(isinstance(n, ClauseViolated) for n in walk(clause.applies))
    return replace(clause, sentences=kept, applies=TRUE if asks else clause.applies)


# ---- the rows


def rows_of(events: Iterable[Event], lookup: Lookup) -> pa.Table:
    """Each at its place; the places between are rows that are no records."""
    schema = schema_of_rows(lookup)
    for name in NAMING:
        schema = schema.append(pa.field(name, pa.string()))
    placed = {e.index: e for e in events}
    rows = [
        {**_row(placed[n]), "file_row": n} if n in placed else {**_NO_RECORDS[n % 2], "file_row": n}
        for n in range(max(placed, default=-1) + 1)
    ]
    return pa.Table.from_pylist(rows, schema)


_NO_RECORDS: tuple[dict[str, Any], ...] = ({"type": None, "time": s.NOON}, {"type": "v.use", "time": None, "by": "B"})


def _row(e: Event) -> dict[str, Any]:
    heads = {"type": e.type, "time": e.time, "by": e.by or None, "to": e.to or None, "asset": e.asset}
    naming = {name: None if name not in e.facts else str(e.facts[name]) for name in NAMING}
    return {**heads, **row_of_facts(e.facts), **naming}


def _plainer(rows: pa.Table) -> pa.Table:
    """As a warehouse would write it: whole numbers as such, times as times, no column without a value."""
    for name in rows.column_names:
        column = rows[name]
        if column.null_count == len(column) and name not in ("type", "time", "by"):
            rows = rows.drop_columns([name])
        elif pa.types.is_decimal(column.type):
            rows = rows.set_column(rows.column_names.index(name), name, column.cast(pa.int64()))
    times = rows["time"].cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))
    return rows.set_column(rows.column_names.index("time"), "time", times)


def as_lines(connection: duckdb.DuckDBPyConnection, rows: pa.Table, _folder: Path) -> Opened:
    """A line without a type or a time is refused before it is a row."""
    rows = rows.filter(pc.and_(pc.is_valid(rows["type"]), pc.is_valid(rows["time"])))
    return Opened.batches(connection, [rows.slice(0, 7), rows.slice(7)] if rows.num_rows > 7 else [rows])


def as_parquet(connection: duckdb.DuckDBPyConnection, rows: pa.Table, folder: Path) -> Opened:
    """What a file says of itself shortens its statements."""
    pq.write_table(_plainer(rows.drop_columns(["file_row"])), folder / "rows.parquet", row_group_size=11)
    return Opened.parquet(connection, folder / "rows.parquet")


def as_parts(connection: duckdb.DuckDBPyConnection, rows: pa.Table, folder: Path) -> Opened:
    half = rows.num_rows // 2
    for name, part in (("a", rows.slice(0, half)), ("b", rows.slice(half))):
        pq.write_table(part.drop_columns(["file_row"]), folder / f"{name}.parquet")
    return Opened.parquet(connection, folder)


WAYS: tuple[Opening, ...] = (as_lines, as_parquet, as_parts)


@contextmanager
def opened(case: Case, way: Opening) -> Iterator[tuple[duckdb.DuckDBPyConnection, Opened, Path]]:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        (Path(folder) / "in").mkdir()
        yield connection, way(connection, rows_of(case.records, case.world().lookup), Path(folder) / "in"), Path(folder)


# ---- what differs


def table_differences(case: Case, way: Opening) -> Iterator[Difference]:
    """`case` as `in_rows` gives it."""
    with opened(case, way) as (connection, file, folder):
        audit = TableAudit(_world(case), connection, attested=True)
        prepared = audit.prepared(file)
        yield from _of_acts(case, audit, prepared, folder / "told.parquet")
        yield from _of_duties(case, prepared, connection)


def _world(case: Case) -> World:
    """As an audit of rows builds it: of records only those that end the contract."""
    ends = [e for e in case.records if e.type == "termination"]
    return build(Lookup(case.contract), ends, case.asked, signed=case.signed, draft=case.draft)


def _of_acts(case: Case, audit: TableAudit, prepared: Prepared, out: Path) -> Iterator[Difference]:
    audit.write(prepared, out)
    wanted = {case_row(case, told.event): told for told in reference_acts(case.world())}
    yield from _each(wanted, pq.read_table(out).to_pylist())
    yield from _counted(wanted, audit, prepared)


def case_row(case: Case, event: str) -> int:
    return next(e.index for e in case.records if e.id == event)


def _each(wanted: dict[int, Told], found: list[dict[str, Any]]) -> Iterator[Difference]:
    rows = {row["row"] - 1: row for row in found}
    if set(rows) != set(wanted):
        yield Difference(NAME, "which rows are judged", sorted(wanted), sorted(rows))
        return
    for number, want in wanted.items():
        row = rows[number]
        if row["decision"] != DECISIONS[want.truth]:
            yield Difference(NAME, f"verdict on row {number} ({want.event})", want.truth, row["decision"])
        for clause, state in want.clauses.items():
            if row[clause] != state.value:
                yield Difference(NAME, f"clause {clause} for row {number} ({want.event})", state.value, row[clause])


def _counted(wanted: dict[int, Told], audit: TableAudit, prepared: Prepared) -> Iterator[Difference]:
    figures = audit.figures(prepared, reasons=True)
    decided = Counter(DECISIONS[w.truth] for w in wanted.values())
    told = Counter({d.value: n for d, n in figures.decisions.items() if n})
    if decided != told:
        yield Difference(NAME, "uses by decision", decided, told)
    for clause, counts in figures.clauses.items():
        states = Counter(w.clauses[clause].value for w in wanted.values())
        if states != Counter({state.value: n for state, n in counts.items() if n}):
            yield Difference(NAME, f"uses by state of {clause}", states, counts)
    reasons = Counter(
        (r.kind, r.type, r.field, r.role)
        for w in wanted.values() if w.truth is Truth.UNKNOWN for r in without_events(w.reasons)
    )  # fmt: skip
    if reasons != _by_reason(figures.reasons):
        yield Difference(NAME, "uses by what is open", reasons - _by_reason(figures.reasons), figures.reasons)


def _by_reason(missing: Iterable[MissingFact]) -> Counter[tuple[str, str, str, str]]:
    return Counter({(m.kind, m.type, m.field, m.role): m.uses for m in missing})


def _of_duties(case: Case, prepared: Prepared, connection: duckdb.DuckDBPyConnection) -> Iterator[Difference]:
    kept = DutyRows(connection).begin()
    figures = TableDuties(_world(case), connection, prepared.profile, case.asked, attested=True, kept=kept).figures()
    for each in figures.not_followed:
        yield Difference(NAME, f"duties of {each.clause}", "followed", each.reason)
    owed = list(Duties(case.world(), at_end_of(case.asked), case.asked).all())
    counts = Counter((i.clause, i.sentence, i.status) for i in owed)
    told = Counter({(*place, s): n for place, found in figures.counts.items() for s, n in found.items() if n})
    if counts != told:
        yield Difference(NAME, "duties by status", counts - told, told - counts)
    wanted, found = Counter(_said(case, i) for i in owed), Counter(_shown(connection))
    if wanted != found:
        yield Difference(NAME, "duties one by one", wanted - found, found - wanted)


def _said(case: Case, one: Instance) -> tuple[Any, ...]:
    def row(event: str) -> int | None:
        return case_row(case, event) + 1 if event else None

    keys = tuple((name, None if value is None else str(value)) for name, value in one.keys)
    start = one.start if one.start > BEGINNING else None
    return (
        one.clause, one.sentence, one.party, one.recipient or None, keys, row(one.trigger), start, one.due.earliest,
        one.due.latest, one.status.value, one.since, row(one.answered), one.answered_at,
    )  # fmt: skip


def _shown(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    for row in connection.execute(f'SELECT * FROM "{INSTANCES}"').fetchall():
        yield (*row[:4], tuple((row[4] or {}).items()), *row[5:])


# ---- the printed statements


def printed_differences(case: Case) -> Iterator[Difference]:
    """Statements that know nothing of the table; a draft. Raises CannotDo."""
    numbered = tuple(replace(e, index=n) for n, e in enumerate(x for x in case.records if x.type != "termination"))
    draft = replace(
        case, contract=without_duties(case.contract), draft=True, signed={},
        records=numbered,
    )  # fmt: skip
    lookup = Lookup(draft.contract)
    wanted = {told.event: told for told in reference_acts(draft.world())}
    rows = rows_of(draft.records, lookup).drop_columns(["file_row"])
    with_rows = rows.append_column("row", pa.array(range(rows.num_rows), pa.int64()))
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.register("events", with_rows)
        for each in printed(lookup, "duckdb", "events"):
            result = connection.execute(each.text)
            names = [d[0] for d in result.description]
            found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
            mine = {
                n: wanted[e.id]
                for n, e in enumerate(draft.records)
                if (e.type, e.by) == (each.type, each.party) and e.id in wanted
            }
            yield from (replace(d, engine="printed statements") for d in _each(mine, found))
