"""A table that has grown: whatever was audited before, the audit of what came then says what the audit of all says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from smartclause.engines.sql.duty_told import DutyRows
from smartclause.engines.sql.profile import columns_of
from smartclause.engines.sql.sources import Opened, parts_of
from smartclause.engines.sql.table import TableAudit, TableFigures
from smartclause.engines.sql.table_again import NEW, OLD, Again, Anew, Kept
from smartclause.engines.sql.table_duties import DutyFigures, TableDuties
from smartclause.engines.sql.table_parts import Table
from smartclause.engines.sql.table_results import Moved, duties_again, uses_again
from smartclause.logic.contract import Contract, Duty
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.terms import FALSE, Order, Term
from smartclause.logic.world import build
from smartclause.rails.refused import CannotDo
from tests.engines.test_sql_tables import COLUMNS
from tests.engines.test_table_duties import TIMES, a_duty, rows, table
from tests.logic.builders import (
    ALL,
    DAY,
    HOUR,
    NOON,
    clause,
    compare,
    contract,
    count,
    fact,
    hours,
    latest_has,
    may,
    must,
    number,
)
from tests.logic.builders import TIMES as COUNTED
from tests.strategies import LISTS, Maker, seeds


@dataclass(frozen=True)
class Found:
    """All that an audit says, and its results."""

    figures: TableFigures
    duties: DutyFigures
    uses: list[dict[str, object]]
    instances: list[dict[str, object]]


K = TypeVar("K")


def comparable(figures: TableFigures, duties: DutyFigures) -> object:
    """Without what is none, and in no order."""
    return (
        replace(figures, decisions=_some(figures.decisions), clauses={c: _some(s) for c, s in figures.clauses.items()},
                reasons=tuple(sorted(figures.reasons, key=repr))),
        {place: _some(counts) for place, counts in duties.counts.items()},
        duties.not_followed,
    )  # fmt: skip


def _some(counts: Mapping[K, int]) -> dict[K, int]:
    return {key: n for key, n in counts.items() if n}


def results(path: Path) -> list[dict[str, object]]:
    if not path.exists():
        return []
    if path.suffix == ".parquet":
        rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
        return rows
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@dataclass(frozen=True)
class Auditor:
    """Audits the parts of a folder."""

    contract: Contract
    folder: Path
    suffix: str = ".parquet"

    def whole(self, connection: duckdb.DuckDBPyConnection, now: Instant, out: str) -> Found:
        world = build(Lookup(self.contract), (), now, draft=True)
        opened = Opened.parquet(connection, self.folder)
        audit = TableAudit(world, connection, attested=True)
        prepared = audit.prepared(opened)
        figures = audit.figures(prepared, reasons=True)
        kept = DutyRows(connection).begin()
        duties = TableDuties(world, connection, prepared.profile, now, True, kept).figures()
        uses, instances = self._paths(out)
        audit.write(prepared, uses)
        kept.write(instances)
        return Found(figures, duties, results(uses), results(instances))

    def again(
        self, connection: duckdb.DuckDBPyConnection, old: dict[str, int], kept: Kept, now: Instant, out: str
    ) -> tuple[Found, int]:
        """`old`: the parts that were audited before, in their order, with their rows. The results are rewritten."""
        world = build(Lookup(self.contract), (), now, draft=True)
        opened = Opened.parquet(connection, self.folder)
        query = "SELECT file_name, num_rows FROM parquet_file_metadata(?)"
        counted = dict(connection.execute(query, [[str(p) for p in parts_of(self.folder)]]).fetchall())
        firsts: dict[str, int] = {}
        for part in parts_of(self.folder):
            firsts[part.name] = sum(counted[str(p)] for p in parts_of(self.folder) if p < part)
        told = Table(connection, world.lookup, columns_of(connection))
        told.show(OLD, {self.folder / name: firsts[name] for name in old})
        told.show(NEW, {self.folder / name: first for name, first in firsts.items() if name not in old})
        again = Again(world, told, opened, kept, reasons=True)
        figures, judged = again.figures()
        duties = again.duties(told=True)
        before = 0
        moved = []
        for name, size in old.items():
            moved.append((before + size, firsts[name] - before))
            before += size
        uses, instances = self._paths(out)
        uses_again(connection, world.lookup, uses, Moved(tuple(moved)))
        duties_again(connection, instances, Moved(tuple(moved)))
        return Found(figures, duties, results(uses), results(instances)), judged

    def _paths(self, out: str) -> tuple[Path, Path]:
        beside = self.folder.parent
        return beside / f"{out}{self.suffix}", beside / f"{out}.duties{self.suffix}"


def parts(maker: Maker, events: tuple[Event, ...]) -> dict[str, tuple[Event, ...]]:
    """The same rows in files; the order of the files is theirs."""
    cuts = sorted({0, len(events), *(maker.randint(0, len(events)) for _ in range(maker.randint(1, 3)))})
    return {f"p{n}.parquet": events[a:b] for n, (a, b) in enumerate(pairwise(cuts)) if b > a}


def a_contract(maker: Maker) -> Contract:
    case = maker.focused_case() if maker.often(0.5) else maker.case(maker.contract())
    kept = tuple(c for m in case.contract.modules for c in m.clauses if c.id != "m.50")
    duty = a_duty(maker)
    duty = replace(duty, otherwise=None if duty.otherwise is None else _unrestricted(duty.otherwise))
    return contract(*kept, clause("50", replace(_unrestricted(duty), exception=FALSE)), parameters=LISTS)


def _unrestricted(duty: Duty) -> Duty:
    """What a duty allows that needs a permission makes every row be judged."""
    needs_one = any(kind in str(duty.answers) for kind in ("share", "train"))
    return replace(duty, answers=tuple(replace(a, act="m.notify") for a in duty.answers)) if needs_one else duty


def wide_rows(maker: Maker) -> tuple[Event, ...]:
    """Those of duties, and others that histories read."""
    some = rows(maker, 25)
    others = []
    for n in range(15):
        one = maker.record(n)
        name = one.type.removeprefix("m.")
        facts = {k: v for k, v in maker.facts(name, maker.often(0.9), 0.8).items() if k in COLUMNS}
        at = maker.one(*TIMES)
        others.append(replace(one, time=at, facts=facts, signers=ALL, source="", unreliable=False, to=""))
    mixed = [*some, *others]
    maker.shuffle(mixed)
    return tuple(replace(e, id=f"r{n}", index=n) for n, e in enumerate(mixed))


def check(maker: Maker, folder: Path, suffix: str = ".parquet") -> str:
    """What was compared, or why nothing was."""
    given_, events = a_contract(maker), wide_rows(maker)
    maker_parts = parts(maker, events)
    mine = folder / "rows"
    mine.mkdir()
    first = set(maker.sample(sorted(maker_parts), maker.randint(1, len(maker_parts))))
    auditor = Auditor(given_, mine, suffix)
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        for name in first:
            table(mine, maker_parts[name], name)
        then, now = sorted(maker.one(*TIMES, NOON, NOON + 9 * DAY) for _ in range(2))
        try:
            before = auditor.whole(connection, then, "told")
        except CannotDo as refused:
            return refused.construct
        old = {name: len(maker_parts[name]) for name in sorted(first)}
        for name in set(maker_parts) - first:
            table(mine, maker_parts[name], name)
        try:
            all_of_it = auditor.whole(connection, now, "whole")
        except CannotDo as refused:
            return refused.construct
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        try:
            found, _ = auditor.again(connection, old, Kept(before.figures, before.duties, then), now, "told")
        except Anew as anew:
            assert anew.why == "duties"  # noqa: PT017 (all is judged then, as in every other audit)
            return anew.why
    assert comparable(found.figures, found.duties) == comparable(all_of_it.figures, all_of_it.duties)
    assert found.uses == all_of_it.uses
    assert found.instances == all_of_it.instances
    return ""


@settings(max_examples=max(settings().max_examples // 15, 4))
@given(seeds())
def test_old_rows_and_new_ones_make_what_all_of_them_make(
    tmp_path_factory: pytest.TempPathFactory, maker: Maker
) -> None:
    check(maker, tmp_path_factory.mktemp("again"), maker.one(".parquet", ".jsonl"))


CONSENT = may("B", "use", latest_has("consent", fact("given"), "subject"))
FEW = compare(Order.AT_MOST, count("use", None, within=hours(24)), number(3, COUNTED))
DUE = must("B", "notify", hours(24), to="A")


def act(kind: str, at: Instant, n: int, subject: str | None = "s1", **facts: object) -> Event:
    told = {"subject": subject, **facts} if kind in ("use", "consent") else {"incident": subject, **facts}
    return Event(f"r{n}", f"m.{kind}", at, "B", "", "set-1", told, ALL, "", index=n)  # type: ignore[arg-type]


OLD_ROWS = (
    act("consent", NOON - 9 * DAY, 0, given=True),
    act("use", NOON - 8 * DAY, 1),
    act("use", NOON - 4 * DAY, 2),
    act("use", NOON - 4 * DAY, 3, "s2"),
    act("breach", NOON - 4 * DAY, 4, "i1"),
    act("breach", NOON - 4 * DAY, 5, "i2"),
)


@pytest.mark.parametrize(
    ("condition", "new", "judged"),
    [
        (CONSENT.condition, (), 0),
        (CONSENT.condition, (act("use", NOON, 6),), 1),
        (CONSENT.condition, (act("consent", NOON, 6, given=False),), 0),
        (CONSENT.condition, (act("consent", NOON - 5 * DAY, 6, given=False),), 1),
        (CONSENT.condition, (act("consent", NOON - 8 * DAY, 6, given=False),), 2),
        (CONSENT.condition, (act("consent", NOON - 8 * DAY - 1, 6, "s2", given=False),), 1),
        (CONSENT.condition, (act("consent", NOON - 20 * DAY, 6, None, given=False),), 3),  # it may be about anybody
        (FEW, (act("use", NOON, 6),), 1),
        (FEW, (act("use", NOON - 5 * DAY, 6, "s9"),), 3),
        (fact("paid"), (act("use", NOON - 20 * DAY, 6),), 1),
    ],
)
def test_only_acts_that_new_rows_may_turn_are_judged(
    tmp_path: Path, condition: Term, new: tuple[Event, ...], judged: int
) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    auditor = Auditor(contract(clause("1", may("B", "use", condition)), clause("2", DUE)), folder)
    table(folder, OLD_ROWS, "a.parquet")
    with duckdb.connect() as connection:
        before = auditor.whole(connection, NOON, "told")
        if new:
            table(folder, new, "b.parquet")
        old = {"a.parquet": len(OLD_ROWS)}
        kept = Kept(before.figures, before.duties, NOON)
        expected = auditor.whole(connection, NOON + DAY, "whole")
    with duckdb.connect() as connection:
        found, count_ = auditor.again(connection, old, kept, NOON + DAY, "told")
    assert count_ == judged
    assert comparable(found.figures, found.duties) == comparable(expected.figures, expected.duties)
    assert (found.uses, found.instances) == (expected.uses, expected.instances)


def test_time_alone_turns_a_duty(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    auditor = Auditor(contract(clause("2", DUE)), folder)
    late = replace(act("notify", NOON + 9 * DAY, 2, "i2"), to="A")  # of a time that has not come
    table(folder, (act("breach", NOON, 0, "i1"), act("breach", NOON, 1, "i2"), late), "a.parquet")
    due = NOON + 24 * HOUR
    instants = (NOON - 1, NOON, due, due + 1, due + 24 * HOUR, due + 24 * HOUR + 1, NOON + 9 * DAY)
    with duckdb.connect() as connection:
        expected = {now: auditor.whole(connection, now, f"told{now}") for now in instants}
    for then, now in pairwise(instants):
        with duckdb.connect() as connection:
            kept = Kept(expected[then].figures, expected[then].duties, then)
            found, _ = auditor.again(connection, {"a.parquet": 3}, kept, now, f"told{then}")
        assert comparable(found.figures, found.duties) == comparable(expected[now].figures, expected[now].duties)
        assert found.instances == expected[now].instances


def test_a_new_row_that_ends_a_contract_makes_all_be_judged(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    auditor = Auditor(contract(clause("1", CONSENT)), folder)
    table(folder, OLD_ROWS, "a.parquet")
    with duckdb.connect() as connection:
        before = auditor.whole(connection, NOON, "told")
        ends = Event("r6", "termination", NOON, "A", facts={}, signers=ALL, index=6)
        table(folder, (ends,), "b.parquet")
        with pytest.raises(Anew, match="built-in"):
            auditor.again(connection, {"a.parquet": 6}, Kept(before.figures, before.duties, NOON), NOON, "told")
