"""Batches in memory: each row is judged as the reference judges it, or nothing is said; no past is guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise, product

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given

from smartclause.engines.sql.batches import BatchAudit
from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.needs import is_of_history
from smartclause.logic.contract import Contract
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.terms import ClauseViolated, Const, Field, Order, Value
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import build
from smartclause.rails.refused import CannotDo
from tests.engines.test_sql_tables import (
    COLUMNS,
    EPOCH,
    MODEST,
    USES,
    _cell,
    cases,
    nodes,
    reference,
    rows,
    some_rows,
    world_of,
)
from tests.logic.builders import IDENTIFIER, NOON, clause, compare, contract, fact, is_in, may, must_not, number, size
from tests.strategies import Maker, seeds

PLAIN = contract(
    clause("1", may("B", "use", fact("paid"))),
)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.execute("SET threads = 1")
        yield found


def batch(events: tuple[Event, ...], coded: bool = False, **other: pa.Array) -> pa.Table:
    columns = {
        "type": pa.array([e.type for e in events], pa.string()),
        "time": pa.array([EPOCH + timedelta(microseconds=e.time) for e in events], pa.timestamp("us", tz="UTC")),
        "by": pa.array([e.by or None for e in events], pa.string()),
        **{n: pa.array([_cell(e.facts.get(n)) for e in events], kind) for n, kind in COLUMNS.items()},
        **other,
    }
    text = {n for n, c in columns.items() if coded and pa.types.is_string(c.type)}
    return pa.table({n: c.dictionary_encode() if n in text else c for n, c in columns.items()})


def held(given_: Contract, connection: duckdb.DuckDBPyConnection) -> BatchAudit:
    return BatchAudit(build(Lookup(given_), (), NOON, draft=True), connection, attested=True)


@MODEST
@given(seeds())
def test_each_row_of_a_batch_is_judged_as_the_reference_judges_its_record(
    connection: duckdb.DuckDBPyConnection, maker: Maker
) -> None:
    case = cases(maker)
    events = rows(maker, case)
    expected = reference(world_of(case.contract, events))
    audit = held(case.contract, connection)
    for kind in dict.fromkeys((e.type, e.by) for e in events):
        mine = tuple(e for e in events if (e.type, e.by) == kind)
        wanted = [expected.get(e.index) for e in mine]
        for coded in (False, True):
            try:
                figures = audit.figures(batch(mine, coded))
                found = audit.decisions(batch(mine, coded)).to_pylist()
            except CannotDo:
                assert any(is_of_history(n) or isinstance(n, ClauseViolated) for n in nodes(case.contract))
                break
            assert found == [w and w[0] for w in wanted]
            told = [w for w in wanted if w is not None]
            for name, states in figures.clauses.items():
                assert states == Counter(ClauseState(w[1][name]) for w in told)
            assert figures.decisions == Counter(Decision(w[0]) for w in told)


def test_rows_of_several_kinds_are_told_in_their_order(connection: duckdb.DuckDBPyConnection) -> None:
    events = some_rows(60)
    expected = reference(world_of(PLAIN, events))
    audit = held(PLAIN, connection)
    wanted = [expected[e.index][0] if e.index in expected else None for e in events]
    assert len({w for w in wanted if w}) > 1
    for coded in (False, True):
        assert audit.decisions(batch(events, coded)).to_pylist() == wanted
        figures = audit.figures(batch(events, coded))
        assert figures.decisions == Counter(Decision(w) for w in wanted if w)
        assert figures.rows == len(events)


def test_a_later_batch_of_other_columns_is_read_by_its_own(connection: duckdb.DuckDBPyConnection) -> None:
    events = tuple(replace(e, type="m.use", by="B", facts={"paid": n % 2 == 0}) for n, e in enumerate(some_rows(6)))
    audit = held(PLAIN, connection)
    before = audit.decisions(batch(events)).to_pylist()
    assert "allowed" in before
    assert "allowed" not in audit.decisions(batch(events).drop_columns(["paid"])).to_pylist()
    assert audit.decisions(batch(events)).to_pylist() == before
    assert audit.decisions(batch(events).slice(0, 0)).to_pylist() == []


def test_rows_that_are_no_records_are_counted_and_not_judged(connection: duckdb.DuckDBPyConnection) -> None:
    events = tuple(e for e in some_rows(60) if e.type == "m.use")[:6]
    types = pa.array([None, "heartbeat", *(e.type for e in events[2:])], pa.string())
    times = pa.array([EPOCH, EPOCH, None, *(EPOCH + timedelta(microseconds=e.time) for e in events[3:])])
    table = batch(events, type=types, time=times.cast(pa.timestamp("us", tz="UTC")))
    audit = held(PLAIN, connection)
    assert [d is None for d in audit.decisions(table).to_pylist()] == [True, True, True, False, False, False]
    rejected = {(r.reason, r.detail, r.rows) for r in audit.figures(table).rejected}
    assert rejected == {("no type", "", 1), ("not of a table", "heartbeat", 1), ("no time", "", 1)}


def test_a_contract_that_asks_the_past_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    events = tuple(e for e in some_rows(60) if e.type == "m.use" and e.by == "B")
    with pytest.raises(CannotDo):
        held(USES, connection).decisions(batch(events))


def test_a_record_that_ends_a_contract_is_no_row_of_a_batch(connection: duckdb.DuckDBPyConnection) -> None:
    events = some_rows(4)
    types = pa.array(["termination", *(e.type for e in events[1:])], pa.string())
    with pytest.raises(CannotDo):
        held(PLAIN, connection).figures(batch(events, type=types))


@pytest.mark.parametrize("column", ["paid", "time", "type"])
def test_a_column_of_another_type_is_refused(connection: duckdb.DuckDBPyConnection, column: str) -> None:
    events = tuple(e for e in some_rows(60) if e.type == "m.use")
    with pytest.raises(TableFault):
        held(PLAIN, connection).figures(batch(events, **{column: pa.array([0.5] * len(events))}))


def test_what_is_remembered_is_the_answer_of_the_first_asking(connection: duckdb.DuckDBPyConnection) -> None:
    events = some_rows(60)
    audit = held(PLAIN, connection)
    first = audit.decisions(batch(events)).to_pylist()
    assert audit.decisions(batch(events[::-1])).to_pylist() == first[::-1]


def test_kinds_beyond_those_that_are_remembered_are_judged_too(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartclause.engines.sql.batches.MOST_KINDS", 2)
    monkeypatch.setattr("smartclause.engines.sql.act_kinds.MOST_REMEMBERED", 1)
    events = tuple(
        replace(e, type="m.use", by=("B", "C", "D", "E")[n % 4], facts={"paid": n % 3 == 0})
        for n, e in enumerate(some_rows(24))
    )
    expected = reference(world_of(PLAIN, events))
    audit = held(PLAIN, connection)
    for _ in range(2):
        assert audit.decisions(batch(events)).to_pylist() == [expected[e.index][0] for e in events]
        assert audit.figures(batch(events)).uses == len(events)


def stated(names: tuple[str, ...], values: tuple[Value | None, ...]) -> dict[str, Value]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


SUBJECT, WANTED = Field("subject", type=IDENTIFIER), Const("s1", IDENTIFIER)
VALUES = contract(
    clause("1", may("B", "use", compare(Order.EQUAL, SUBJECT, WANTED))),
    clause("2", may("B", "use", is_in("finetuning"))),
    clause("3", must_not("B", "use", compare(Order.EXCEEDS, size(), number(10)))),
    clause("4", must_not("B", "use", fact("paid"))),
)


@pytest.mark.parametrize("coded", [False, True])
def test_every_kind_of_value_has_the_class_that_the_reference_gives_it(
    connection: duckdb.DuckDBPyConnection, coded: bool
) -> None:
    """Missing, named and unnamed texts; numbers at, below, above and outside; facts."""
    purposes = (None, "v.finetuning", "v.training", "v.resale", "v.elsewhere")
    sizes = (None, Decimal(9), Decimal(10), Decimal(11), Decimal(-1), Decimal(1001))
    every = product((None, "s1", "s2"), purposes, sizes, (None, False, True))
    (first,) = some_rows(1)
    names = ("subject", "purpose", "size", "paid")
    events = tuple(
        replace(first, id=f"r{n}", index=n, type="m.use", by="B", facts=stated(names, values))
        for n, values in enumerate(every)
    )
    expected = reference(world_of(VALUES, events))
    audit = held(VALUES, connection)
    assert audit.decisions(batch(events, coded)).to_pylist() == [expected[e.index][0] for e in events]
    alone = [audit.decisions(batch((e,), coded)).to_pylist()[0] for e in events[::7]]
    assert alone == [expected[e.index][0] for e in events[::7]]


def test_once_all_keys_are_judged_beforehand_the_answers_are_the_same(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartclause.engines.sql.act_kinds.PATIENCE", 1)
    events = tuple(replace(e, type="m.use", by="B", index=n) for n, e in enumerate(some_rows(80)))
    expected = reference(world_of(VALUES, events))
    audit = held(VALUES, connection)
    audit.figures(batch(events[:4]))
    (kind,) = audit._kinds.values()
    assert kind is not None
    assert kind._every is not None
    assert audit.decisions(batch(events)).to_pylist() == [expected[e.index][0] for e in events]
    figures = audit.figures(batch(events))
    assert figures.decisions == Counter(Decision(expected[e.index][0]) for e in events)
    for name, states in figures.clauses.items():
        assert states == Counter(ClauseState(expected[e.index][1][name]) for e in events)


SAME: dict[str, Value] = {"subject": "s1", "paid": False}


@pytest.mark.parametrize("sizes", [*pairwise(range(8, 13)), (0, 0), (-1, 0), (1000, 1001)])
def test_numbers_on_one_side_of_a_figure_are_one_class_and_no_others(
    connection: duckdb.DuckDBPyConnection, sizes: tuple[int, int]
) -> None:
    (first,) = some_rows(1)
    events = tuple(
        replace(first, id=f"r{n}", index=n, type="m.use", by="B", facts={**SAME, "size": Decimal(value)})
        for n, value in enumerate(sizes)
    )
    expected = reference(world_of(VALUES, events))
    assert held(VALUES, connection).decisions(batch(events)).to_pylist() == [expected[e.index][0] for e in events]
