"""Lines of JSON as rows of a table: each line is a plain act or occurrence, read as strictly as one that is decided."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smartclause.logic.counting import CountingError, parse_instant
from smartclause.logic.lookup import Lookup
from smartclause.verbs.errors import VerbError
from smartclause.verbs.lines import each_line
from smartclause.verbs.plain import read_plain

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 20_000


def is_table(path: Path) -> bool:
    """Parquet, a folder of its parts, or lines of JSON that are plain rows and no signed envelopes."""
    if path.suffix == ".parquet" or path.is_dir():
        return True
    if path.suffix not in (".jsonl", ".ndjson") or not path.is_file():
        return False
    with path.open("rb") as file:
        return b'"payloadType"' not in file.read(2**16)


def rows_of_lines(path: Path, lookup: Lookup) -> Iterator[pa.Table]:
    """In batches. Raises EvidenceError, VerbError with the line."""
    from smartclause.engines.sql.from_world import row_of_facts, schema_of_rows, table_of

    schema = schema_of_rows(lookup)
    waiting: list[dict[str, Any]] = []
    for number, line in enumerate(each_line(path)):
        place = f"line {line.number}"
        event, known = read_plain(line.needed(), lookup, place)
        row = {"type": event.type, "by": event.by or None, "to": event.to, "asset": event.asset}
        waiting.append({**row, "time": _instant(event.time, place), "file_row": number, **row_of_facts(known)})
        if len(waiting) == BATCH:
            yield table_of(waiting, schema)
            waiting = []
    yield table_of(waiting, schema)


def _instant(text: str | None, place: str) -> int:
    if text is None:
        raise VerbError("VB10", place, field="time")
    try:
        return parse_instant(text)
    except CountingError:
        raise VerbError("VB20", f"{place} time", text=text[:40]) from None
