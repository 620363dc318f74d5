"""A table audited again after one percent of new rows, beside the audit of all of it: the same figures, less time.

The contract of the stream with its four properties; what is new stands in a part of its own, as a day's rows would.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from smartclause.logic.counting import parse_instant
from smartclause.verbs.table import AuditedTable, audit_table
from tests.bench import table_rows
from tests.bench.timing import Timed, seconds_in_turn
from tests.bench.uses import FOLDER

RUNS = 3
ASKED = "2026-03-20T00:00:00Z"
WHOLE = "four properties of a stream, every row"


def measure(connection: Any, folder: Path, rows: int) -> Iterator[Timed]:
    parts, kept = folder / "parts", folder / "kept"
    parts.mkdir()
    new = _split(connection, folder, parts, rows)
    _audited(parts, kept)
    new.rename(parts / "b.parquet")
    before = folder / "before"
    shutil.copytree(kept, before)
    whole, again = _audited(parts), _audited(parts, kept)
    if _figures(whole) != _figures(again):
        raise SystemExit(f"audited again it counts {_figures(again)}, as a whole {_figures(whole)}")

    def repeated() -> None:
        shutil.copytree(before, kept, dirs_exist_ok=True)
        _audited(parts, kept)

    one, other = (median(times) for times in seconds_in_turn([lambda: _audited(parts), repeated], RUNS, process_time))
    assert again.repeated is not None
    note = f"{again.repeated.judged:,} of {again.figures.uses:,} acts judged"
    yield Timed(WHOLE, one, 1, "table", note=f"{whole.figures.rows:,} rows")
    yield Timed("repeated audit after one percent of new rows", other, 1, "table", WHOLE, 1.0, note)


def _split(connection: Any, folder: Path, parts: Path, rows: int) -> Path:
    """Rows in the order of time: all but the last of a hundred and one, and those."""
    every = table_rows.write_history(connection, folder / "every.parquet", rows + rows // 100)
    ((count,),) = connection.execute(f"SELECT count(*) FROM '{every}'").fetchall()
    cut = count * 100 // 101
    numbered = f"SELECT * EXCLUDE (file_row_number) FROM read_parquet('{every}', file_row_number = true)"
    for path, here in ((parts / "a.parquet", f"< {cut}"), (folder / "b.parquet", f">= {cut}")):
        query = f"{numbered} WHERE file_row_number {here}"
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 122880)")
    every.unlink()
    return folder / "b.parquet"


def _audited(parts: Path, state: Path | None = None) -> AuditedTable:
    return audit_table(FOLDER / "stream.clause", parts, draft=True, state=state, clock=lambda: parse_instant(ASKED))


def _figures(found: AuditedTable) -> object:
    clauses = {c: {s: n for s, n in states.items() if n} for c, states in found.figures.clauses.items()}
    duties = {place: {s: n for s, n in counts.items() if n} for place, counts in found.duties.counts.items()}
    return found.figures.rows, {d: n for d, n in found.figures.decisions.items() if n}, clauses, duties
