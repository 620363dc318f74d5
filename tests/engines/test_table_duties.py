"""Duties of tables: each instance stands as the reference says of the same events, counted and told."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from smartclause.engines.sql.duty_told import DutyRows
from smartclause.engines.sql.profile import columns_of, counted
from smartclause.engines.sql.sources import Opened
from smartclause.engines.sql.table_duties import DutyFigures, TableDuties
from smartclause.logic.contract import Contract, Duty
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.terms import FALSE
from smartclause.logic.world import Position, build
from tests.engines.test_sql_tables import COLUMNS, EPOCH, MODEST, written
from tests.logic.builders import (
    ALL,
    DAY,
    HOUR,
    NOON,
    clause,
    contract,
    days,
    ensure,
    fact,
    hours,
    latest_has,
    must,
    repeatedly,
    some_,
)
from tests.strategies import LISTS, Maker, seeds

TIMES = tuple(NOON - 6 * DAY + step + off for step in range(0, 3 * DAY, 6 * HOUR) for off in (0, 0, HOUR, -1, 1))
KINDS = ("breach", "breach", "loss", "notify", "notify", "share", "train", "use")
MOMENTS = ("aware_at", "found_at")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.execute("SET threads = 1")
        yield found


def a_duty(maker: Maker) -> Duty:
    duty = maker.duty()
    assert isinstance(duty, Duty)
    period = maker.one(hours(1), hours(24), days(2), days(1))
    otherwise, clock = duty.otherwise if maker.often(0.3) else None, maker.one("", duty.clock)
    return replace(duty, period=period, otherwise=otherwise, clock=clock)


def rows(maker: Maker, count: int = 30) -> tuple[Event, ...]:
    found = []
    for n in range(count):
        name = maker.one(*KINDS)
        facts = maker.facts(name, maker.often(0.95), 0.8)
        facts = {k: v for k, v in facts.items() if k in COLUMNS or k in MOMENTS}
        facts |= {k: maker.one(*TIMES) for k in MOMENTS if k in facts}
        by, to = maker.one("A", "B", "B", ""), maker.one("A", "B", "")
        found.append(Event(f"r{n}", f"m.{name}", maker.one(*TIMES), by, to, "set-1", facts, ALL, "", index=n))
    return tuple(found)


def table(folder: Path, events: tuple[Event, ...], name: str = "rows.parquet", **more: Any) -> Path:
    moments = {n: pa.array([_moment(e.facts.get(n)) for e in events], pa.timestamp("us", tz="UTC")) for n in MOMENTS}
    return written(folder, events, name, to=pa.array([e.to or None for e in events], pa.string()), **moments, **more)


def _moment(value: Any) -> datetime | None:
    return None if value is None else EPOCH + timedelta(microseconds=value)


def followed(
    given_: Contract, path: Path, connection: duckdb.DuckDBPyConnection, now: Instant, out: Path | None = None
) -> DutyFigures:
    world = build(Lookup(given_), (), now, draft=True)
    Opened.parquet(connection, path)
    bare = columns_of(connection)
    profile = counted(connection, bare, bare.facts, timed=False)
    kept = None if out is None else DutyRows(connection).begin()
    figures = TableDuties(world, connection, profile, now, True, kept).figures()
    if out is not None and kept is not None:
        kept.write(out)
    return figures


def reference(given_: Contract, events: tuple[Event, ...], now: Instant) -> list[Instance]:
    world = build(Lookup(given_), events, now, draft=True)
    return list(Duties(world, Position(now, LAST_INDEX), now).all())


def as_row(one: Instance) -> tuple[object, ...]:
    """What the file of results says of an instance; only a settled one names its answer."""
    keys = tuple((k, v) for k, v in one.keys)
    settled = one.status in (DutyStatus.FULFILLED, DutyStatus.VIOLATED, DutyStatus.CURED)
    return (
        one.clause, one.sentence, one.party, one.recipient, keys, int(one.trigger[1:]) + 1, one.due.earliest,
        one.due.latest, one.status.value, one.since, int(one.answered[1:]) + 1 if settled and one.answered else None,
        one.answered_at if settled else None,
    )  # fmt: skip


def told(path: Path) -> list[tuple[object, ...]]:
    return [
        (
            r["clause"], r["sentence"], r["party"], r["recipient"] or "", tuple(r["keys"]), r["row"], _us(r["due"]),
            _us(r["due_latest"]), r["status"], _us(r["since"]), r["answered_row"], _us(r["answered_at"]),
        )
        for r in pq.read_table(path).to_pylist()
    ]  # fmt: skip


def _us(value: datetime | None) -> Instant | None:
    return None if value is None else (value - EPOCH) // timedelta(microseconds=1)


@MODEST
@given(seeds())
def test_each_duty_stands_as_the_reference_says(
    connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, maker: Maker
) -> None:
    given_ = contract(clause("50", a_duty(maker)), parameters=LISTS)
    events = rows(maker)
    folder = tmp_path_factory.mktemp("duties")
    now = maker.one(NOON, NOON - 3 * DAY, NOON - 4 * DAY + 1, NOON - 5 * DAY)
    figures = followed(given_, table(folder, events), connection, now, folder / "told.parquet")
    expected = reference(given_, events, now)
    assert not figures.not_followed
    assert figures.totals == Counter(i.status for i in expected)
    assert sorted(told(folder / "told.parquet"), key=repr) == sorted(map(as_row, expected), key=repr)


NOTICE = contract(clause("1", must("B", "notify", hours(24), to="A")))


def test_a_row_after_the_instant_of_asking_opens_nothing_yet(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    breach = Event("r0", "m.breach", NOON, "", facts={"incident": "s1"}, signers=ALL, index=0)
    path = table(tmp_path, (breach,))
    assert followed(NOTICE, path, connection, NOON - 1).totals == {}
    assert followed(NOTICE, path, connection, NOON).totals == {DutyStatus.OPEN: 1}


@pytest.mark.parametrize(
    "sentence",
    [
        repeatedly("B", "notify", days(1)),
        ensure("B", some_("consent")),
        must("B", "notify", hours(1), when=""),
        must("B", "notify", hours(1), otherwise=must("B", "erase", hours(1), when="")),
        must("B", "notify", hours(1), except_=latest_has("consent", fact("given"))),
    ],
)
def test_a_duty_that_keys_alone_do_not_settle_is_followed_row_by_row(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, sentence: Any
) -> None:
    events = rows(Maker(1), 12)
    given_ = contract(clause("1", sentence))
    figures = followed(given_, table(tmp_path, events), connection, NOON, tmp_path / "told.parquet")
    expected = reference(given_, events, NOON)
    assert figures.totals == Counter(i.status for i in expected)
    assert len(told(tmp_path / "told.parquet")) == len(expected) > 0


def test_who_waives_a_duty_in_a_table_is_who_the_row_says(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    breaches = [
        Event(f"r{n}", "m.breach", NOON, "", facts={"incident": k}, index=n) for n, k in enumerate(("s1", "s2"))
    ]
    for by, status in (("A", DutyStatus.WAIVED), ("B", DutyStatus.VIOLATED), ("", DutyStatus.VIOLATED)):
        waiver = Event("r2", "waiver", NOON + HOUR, by, facts={"incident": "s1", "clause": "m.1"}, index=2)
        path = table(tmp_path, (*breaches, waiver), clause=["", "", "m.1"])
        found = followed(NOTICE, path, connection, NOON + 9 * DAY).totals
        assert found == Counter([DutyStatus.VIOLATED, status])


FIRST_DUE = NOON - 5 * DAY + HOUR


@pytest.mark.parametrize("looks_back", [False, True], ids=["by SQL", "row by row"])
@pytest.mark.parametrize(
    ("done", "status"),
    [
        (FIRST_DUE - 1, DutyStatus.VIOLATED),  # before the first step was missed it answers nothing
        (FIRST_DUE, DutyStatus.CURED),
        (FIRST_DUE + 2 * HOUR, DutyStatus.CURED),
        (FIRST_DUE + 2 * HOUR + 1, DutyStatus.VIOLATED),
    ],
)
def test_a_next_step_counts_from_the_due_and_cures_in_time(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, done: Instant, status: DutyStatus, looks_back: bool
) -> None:
    lifted = latest_has("consent", fact("given")) if looks_back else FALSE
    step = must("B", "erase", hours(2), when="")
    given_ = contract(clause("1", must("B", "notify", hours(1), to="A", otherwise=step, except_=lifted)))
    breach = Event("r0", "m.breach", FIRST_DUE - HOUR, "", facts={"incident": "s1"}, signers=ALL, index=0)
    late = Event("r1", "m.notify", FIRST_DUE + 9 * HOUR, "B", "A", facts={"incident": "s1"}, signers=ALL, index=1)
    cure = Event("r2", "m.erase", done, "B", facts={"incident": "s1"}, signers=ALL, index=2)
    for events in ((breach, late, cure), (breach, cure)):
        events = tuple(replace(e, id=f"r{n}", index=n) for n, e in enumerate(events))
        found = followed(given_, table(tmp_path, events), connection, NOON, tmp_path / "told.parquet")
        assert found.totals == {status: 1}
        assert told(tmp_path / "told.parquet") == [as_row(one) for one in reference(given_, events, NOON)]
