"""Ten million rows of Parquet: SQL written by hand for DuckDB, beside the audit engine, both on two threads.

Results have to be equal before timing counts.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial as given
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from smartclause.logic.lookup import Lookup
from smartclause.verbs.table_batches import open_table_audit
from tests.bench import decide_rows, generated, table_again, table_by_hand, table_ours, table_rows, uses
from tests.bench.timing import Skipped, Timed, seconds_in_turn

THREADS = 2
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
CLAUSES = 200
BATCH = 50_000
WARM = 10  # batches before the first that is measured
LIMITS = {"stateless": 1.3, "history": 1.8, "clauses": 12.0, "batch": 0.1}
Counts = Counter[str]


def measure() -> Iterator[Timed | Skipped]:
    rows = int(os.environ.get("BENCH_ROWS", table_rows.ROWS))
    with TemporaryDirectory() as name:
        folder, connection = Path(name), connected()
        policy = table_rows.write_uses(connection, folder / "uses", rows) / "uses-000.parquet"
        yield from _pair("the policy of eleven conditions", table_by_hand.STATELESS, policy, rows, "stateless")
        yield from _generated(policy, rows)
        yield from _batch(folder)
        policy.unlink()
        history = table_rows.write_history(connection, folder / "history.parquet", rows)
        yield from _pair("consent before use", table_by_hand.CONSENT, history, rows, "history", "consent")
        yield from _duty("deletion within 15 days", table_by_hand.DELETION, history, "deletion")
        yield from _duty("notice within 72 hours", table_by_hand.NOTICE, history, "notice")
        yield from _pair("24-hour count", table_by_hand.COUNT, history, rows, "history", "count")
        history.unlink()
        yield from table_again.measure(connection, folder, rows)


def connected() -> Any:
    connection = import_module("duckdb").connect()
    connection.execute(f"SET threads = {THREADS}")
    connection.execute("SET enable_progress_bar = false")
    return connection


def _pair(what: str, query: str, path: Path, rows: int, limit: str, clause: str = "") -> Iterator[Timed]:
    contract = table_ours.alone(clause) if clause else uses.contract()
    hand = given(by_hand, query, path)
    ours = given(ours_on, contract, path)
    expected = hand()
    same(what, ours(), expected)
    one, other = in_turn([hand, ours])
    yield Timed(f"{what}, by hand", one, 1, "table", note=_told(expected))
    yield Timed(f"{what}, audit", other, 1, "table", f"{what}, by hand", LIMITS[limit], f"{rows:,} rows")


def _duty(what: str, query: str, path: Path, clause: str) -> Iterator[Timed | Skipped]:
    hand, ours = given(by_hand, query, path), given(table_ours.statuses, table_ours.alone(clause), path)
    expected = hand()
    same(what, ours(connected()), expected)
    one, other = in_turn([hand, lambda: ours(connected())])
    yield Timed(f"{what}, by hand", one, 1, "table", note=_told(expected))
    yield Timed(f"{what}, audit", other, 1, "table", f"{what}, by hand", LIMITS["history"])


def _told(counts: Counts) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))


def _generated(path: Path, rows: int) -> Iterator[Timed]:
    one, many = (given(ours_on, generated.contract(count), path) for count in (1, CLAUSES))
    few, lots = in_turn([one, many], 1)
    first = "one generated clause, audit"
    yield Timed(first, few, 1, "table", note=f"{rows:,} rows")
    yield Timed(f"{CLAUSES} generated clauses, audit", lots, 1, "table", first, LIMITS["clauses"])


def _batch(folder: Path) -> Iterator[Timed]:
    """Of one contract held ready, as a decider is: reading and planning it is not counted for either. Each batch is
    another one, in memory as Arrow, its texts as dictionaries (as Parquet stores them)."""
    rounds = 9
    path = table_rows.write_uses(connected(), folder / "batch", BATCH * (WARM + rounds)) / "uses-000.parquet"
    batches = iter(list(table_rows.batches(path, BATCH)))
    typing = uses.Typing(Lookup(uses.contract()))
    asked = [typing.of(facts) for facts in uses.partial()]
    told = decide_rows.Told(Lookup(uses.contract()))
    with open_table_audit(uses.FOLDER / "use.clause", draft=True) as audit:
        for _ in range(WARM):
            audit.figures(next(batches))
        one, batch = in_turn([given(_each, told.statuses, asked), lambda: audit.figures(next(batches))], rounds - 1)
    name = "one decision with statuses"
    yield Timed(name, one, len(asked), "decision")
    yield Timed(f"a batch of {BATCH:,} uses, audit", batch, BATCH, "use", name, LIMITS["batch"])


def _each(work: Callable[[Any], object], events: list[Any]) -> None:
    for event in events:
        work(event)


def by_hand(query: str, path: Path) -> Counts:
    asked = "(SELECT max(time) FROM events)"
    found = connected().execute(query.format(path=path, asked=asked)).fetchall()
    return Counter({name: count for name, count in found if count})


def ours_on(contract: Any, path: Path) -> Counts:
    return table_ours.verdicts(contract, path, connected())


def in_turn(works: list[Callable[[], object]], runs: int = RUNS) -> list[float]:
    """Of the processors' time, all threads together: what else runs here counts less. The first look at a file is not
    counted: it fills the cache of the machine."""
    return [median(times) for times in seconds_in_turn(works, runs, process_time)]


def same(what: str, found: Counts, expected: Counts) -> None:
    if found != expected:
        raise SystemExit(f"{what}: the audit counts {dict(found)}, the SQL written by hand {dict(expected)}")
