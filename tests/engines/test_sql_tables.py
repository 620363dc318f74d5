"""Tables of plain rows: each row is judged as the reference judges the same record, by whatever shortcut."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings

from smartclause.engines.audit import acts_of
from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.printed import printed
from smartclause.engines.sql.sources import Opened
from smartclause.engines.sql.table import TableAudit, TableFigures
from smartclause.logic.contract import Contract, Norm
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.terms import ClauseViolated, Node, walk
from smartclause.logic.verdict import ClauseState, Decision, judge_act
from smartclause.logic.world import World, build
from smartclause.rails.refused import CannotDo
from tests.logic.builders import ALL, NOON, clause, contract, fact, latest_has, may, must_not
from tests.strategies import Case, Maker, seeds

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MODEST = settings(max_examples=max(settings().max_examples // 4, 5))  # a statement takes longer than a judgement
Judged = dict[int, tuple[str, dict[str, str]]]
COLUMNS = {
    "subject": pa.string(), "incident": pa.string(), "paid": pa.bool_(), "fresh": pa.bool_(), "approved": pa.bool_(),
    "purpose": pa.string(), "purposes": pa.list_(pa.string()), "size": pa.int32(), "secret": pa.bool_(),
    "given": pa.bool_(), "checked": pa.bool_(), "severe": pa.bool_(), "grave": pa.bool_(), "complete": pa.bool_(),
}  # fmt: skip


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.execute("SET threads = 1")
        yield found


def rows(maker: Maker, case: Case, count: int = 40) -> tuple[Event, ...]:
    """Records of few subjects, several at one instant, some facts missing and some outside their bounds."""
    found = list(case.records[:0])
    for n in range(count):
        one = maker.record(n)
        name = one.type.removeprefix("m.")
        facts = {k: v for k, v in maker.facts(name, False, maker.one(0.5, 0.9)).items() if k in COLUMNS}
        if "size" in facts and maker.often(0.1):
            facts["size"] = maker.one(facts["size"] * 0 - 1, facts["size"] * 0 + 5000)
        by = "" if maker.often(0.1) else one.by
        found.append(
            replace(one, id=f"r{n}", by=by, to="", facts=facts, signers=ALL, source="", index=n, unreliable=False)
        )
    return tuple(found)


def without_duties(given_: Contract) -> Contract:
    """Duties are no part of what a table answers."""
    modules = tuple(replace(m, clauses=tuple(c for c in m.clauses if c.id != "m.50")) for m in given_.modules)
    return replace(given_, modules=modules)


def nodes(given_: Contract) -> Iterator[Node]:
    for one in (c for m in given_.modules for c in m.clauses):
        terms = [one.applies, *(t for s in one.sentences if isinstance(s, Norm) for t in (s.condition, s.exception))]
        yield from (n for t in terms for n in walk(t))


def cases(maker: Maker) -> Case:
    case = maker.focused_case() if maker.often(0.6) else maker.case(maker.contract())
    return replace(case, contract=without_duties(case.contract))


def written(folder: Path, events: tuple[Event, ...], name: str = "rows.parquet", **other: Any) -> Path:
    table = {
        "type": pa.array([e.type for e in events], pa.string()),
        "time": pa.array([EPOCH + timedelta(microseconds=e.time) for e in events], pa.timestamp("us", tz="UTC")),
        "by": pa.array([e.by or None for e in events], pa.string()),
        **{n: pa.array([_cell(e.facts.get(n)) for e in events], kind) for n, kind in COLUMNS.items()},
        **other,
    }
    path = folder / name
    pq.write_table(pa.table({n: c for n, c in table.items() if c is not None}), path)
    return path


def _cell(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return int(value) if value is not None and not isinstance(value, str | bool) else value


def world_of(given_: Contract, events: tuple[Event, ...]) -> World:
    return build(Lookup(given_), events, NOON, draft=True)


def reference(world: World) -> Judged:
    found: Judged = {}
    for act in acts_of(world):
        verdict = judge_act(world, act)
        states = {c.clause: c.state.value for c in verdict.clauses}
        found[act.event.index] = (verdict.decision.value, states)
    return found


def audited(
    given_: Contract, path: Path, connection: duckdb.DuckDBPyConnection, out: Path | None = None
) -> TableFigures:
    audit = TableAudit(build(Lookup(given_), (), NOON, draft=True), connection, attested=True)
    prepared = audit.prepared(Opened.parquet(connection, path))
    figures = audit.figures(prepared)
    if out is not None:
        audit.write(prepared, out)
    return figures


def told(path: Path) -> Judged:
    return {r["row"] - 1: (r["decision"], _states(r)) for r in pq.read_table(path).to_pylist()}


def _states(row: dict[str, Any]) -> dict[str, str]:
    return {n: v for n, v in row.items() if n not in ("row", "type", "by", "decision")}


@MODEST
@given(seeds())
@example(Maker(542))  # a number of values that is missing, and one of amounts: neither is a yes or no
@example(Maker(589))
def test_each_row_is_judged_as_the_reference_judges_its_record(
    connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, maker: Maker
) -> None:
    case = cases(maker)
    events = rows(maker, case)
    folder = tmp_path_factory.mktemp("table")
    path = written(folder, events)
    try:
        figures = audited(case.contract, path, connection, folder / "told.parquet")
    except CannotDo:
        assert any(isinstance(n, ClauseViolated) for n in nodes(case.contract)), "only duties are refused"
        return
    expected = reference(world_of(case.contract, events))
    assert told(folder / "told.parquet") == expected
    for decision in Decision:
        assert figures.decisions.get(decision, 0) == sum(d == decision.value for d, _ in expected.values())
    for name, states in figures.clauses.items():
        for state in ClauseState:
            assert states.get(state, 0) == sum(s[name] == state.value for _, s in expected.values())


USES = contract(
    clause("1", may("B", "use", latest_has("consent", fact("given"), "subject"))),
    clause("2", must_not("B", "use", fact("paid"))),
)


def some_rows(count: int = 30) -> tuple[Event, ...]:
    return rows(Maker(7), Case(USES, (), Maker(7).act()), count)


def some_uses(count: int = 5) -> tuple[Event, ...]:
    return tuple(replace(e, type="m.use", by="B", facts={"subject": "s1"}) for e in some_rows(count))


@MODEST
@given(seeds())
def test_the_printed_statements_say_the_same_of_a_table_of_which_nothing_is_known(
    connection: duckdb.DuckDBPyConnection, maker: Maker
) -> None:
    case = cases(maker)
    events = rows(maker, case, 15)
    table = {
        "row": pa.array(range(len(events)), pa.int64()),
        "type": pa.array([e.type for e in events], pa.string()),
        "time": pa.array([e.time for e in events], pa.int64()),
        "by": pa.array([e.by or None for e in events], pa.string()),
        **{n: pa.array([_cell(e.facts.get(n)) for e in events], kind) for n, kind in _all_columns().items()},
    }
    connection.register("events", pa.table(table))
    expected = reference(world_of(case.contract, events))
    acts = {e.index: (e.type, e.by) for e in events}
    try:
        statements = list(printed(Lookup(case.contract), "duckdb", "events"))
    except CannotDo as refused:
        assert refused.construct in ("duties", "a window of calendar days outside a table that is read")  # noqa: PT017
        return
    for each in statements:
        result = connection.execute(each.text)
        names = [d[0] for d in result.description]
        answers = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        found = {r["row"] - 1: (r["decision"], _states(r)) for r in answers}
        assert found == {n: expected[n] for n, who in acts.items() if who == (each.type, each.party)}


def _all_columns() -> dict[str, pa.DataType]:
    money = pa.struct([("amount", pa.decimal128(18, 2)), ("currency", pa.string())])
    return {**COLUMNS, "price": money, "aware_at": pa.int64(), "found_at": pa.int64()}


def test_rows_that_are_no_records_are_counted(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    events = some_rows(6)
    types: list[str | None] = [e.type for e in events]
    types[1], types[2] = None, "heartbeat"
    path = written(tmp_path, events, type=pa.array(types, pa.string()), stray=pa.array([1] * 6, pa.int32()))
    figures = audited(USES, path, connection)
    assert {(r.reason, r.detail, r.rows) for r in figures.rejected} == {
        ("no type", "", 1),
        ("not of a table", "heartbeat", 1),
    }
    assert figures.rows == 6
    assert figures.unread == ("stray",)


def test_a_type_that_nobody_declares_is_refused_and_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    events = some_rows(4)
    path = written(tmp_path, events, type=pa.array(["m.unheard_of"] * 4, pa.string()))
    figures = audited(USES, path, connection)
    assert figures.undeclared == ("m.unheard_of",)
    assert figures.decisions == {Decision.REFUSED: 4}


def test_nulls_everywhere_decide_nothing(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    events = tuple(replace(e, type="m.use", by="B", facts={}) for e in some_rows(5))
    figures = audited(USES, written(tmp_path, events), connection)
    assert figures.decisions == {Decision.UNDECIDED: 5}


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("paid", pa.array(["yes"] * 5)),
        ("subject", pa.array([1] * 5, pa.int64())),
        ("time", pa.array(["2026-01-01"] * 5)),
        ("type", pa.array([1] * 5, pa.int64())),
    ],
)
def test_a_column_of_another_type_is_a_fault(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, column: str, values: pa.Array
) -> None:
    path = written(tmp_path, some_uses(), **{column: values})
    with pytest.raises(TableFault, match="wrong type"):
        audited(USES, path, connection)


def test_a_missing_column_is_named(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(TableFault, match="column missing"):
        audited(USES, written(tmp_path, some_rows(5), time=None), connection)
    figures = audited(USES, written(tmp_path, some_uses(), paid=None), connection)
    assert figures.absent == ("paid",)


def test_a_truncated_file_is_a_fault(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = written(tmp_path, some_rows(5))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(TableFault, match="unreadable"):
        audited(USES, path, connection)


def test_a_folder_of_parts_is_one_table(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    events = some_rows(30)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir(), parts.mkdir()
    written(whole, events)
    written(parts, events[:11], "a.parquet"), written(parts, events[11:], "b.parquet")
    audited(USES, whole, connection, tmp_path / "one.parquet")
    audited(USES, parts, connection, tmp_path / "two.parquet")
    assert told(tmp_path / "one.parquet") == told(tmp_path / "two.parquet") == reference(world_of(USES, events))


def test_what_cannot_be_written_whole_is_not_there(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    audit = TableAudit(build(Lookup(USES), (), NOON, draft=True), connection, attested=True)
    prepared = audit.prepared(Opened.parquet(connection, written(tmp_path, some_rows(5))))
    connection.execute("DROP VIEW parts")
    with pytest.raises(duckdb.Error):
        audit.write(prepared, tmp_path / "told.jsonl")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rows.parquet"]
