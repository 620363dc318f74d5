"""Lines of JSON as rows of a table: each line is a plain act or occurrence, read as strictly as one that is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from smartclause.engines.sql.built_in_rows import NAMING, OF_TABLES
from smartclause.logic.counting import CountingError, parse_instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind, Value
from smartclause.verbs.errors import VerbError
from smartclause.verbs.lines import Line, each_line, lines_in
from smartclause.verbs.plain import PlainEvent, nearest, read_event, read_plain

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


def rows_of_lines(path: Path, lookup: Lookup, progress: Callable[[int, int], None] | None = None) -> Iterator[pa.Table]:
    """In batches. `progress`: bytes read of how many, about. Raises EvidenceError, VerbError with the line."""
    done = 0

    def told() -> Iterator[Line]:
        nonlocal done
        for line in each_line(path):
            done += line.size + 1
            yield line

    for rows, _ in _rows(told(), lookup, 0):
        yield rows
        if progress is not None:
            size = max(path.stat().st_size, 1)
            progress(min(done, size), size)


def rows_between(path: Path, lookup: Lookup, begin: int, end: int, before: int) -> Iterator[tuple[pa.Table, int]]:
    """Of the lines from one byte up to another, `before` lines being before them: each batch with the number of its
    last line. Raises OSError, EvidenceError, VerbError with the line."""
    with path.open("rb") as file:
        file.seek(begin)
        yield from _rows(lines_in(_UpTo(file, end - begin)), lookup, before)  # type: ignore[arg-type]


class _UpTo:
    """A file that ends so many bytes on, whatever is written behind."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size

    def readline(self, size: int) -> bytes:
        found = self._file.readline(min(size, self._left))
        self._left -= len(found)
        return found


def _rows(lines: Iterable[Line], lookup: Lookup, before: int) -> Iterator[tuple[pa.Table, int]]:
    import pyarrow as pa

    from smartclause.engines.sql.from_world import row_of_facts, schema_of_rows, table_of

    schema = schema_of_rows(lookup)
    for name in NAMING:
        schema = schema if name in schema.names else schema.append(pa.field(name, pa.string()))
    waiting: list[dict[str, Any]] = []
    last = before
    for number, line in enumerate(lines):
        last = before + line.number
        place = f"line {last}"
        event, known, naming = _read(line.needed(), lookup, place)
        row = {"type": event.type, "by": event.by or None, "to": event.to, "asset": event.asset, **naming}
        waiting.append({**row, "time": _instant(event.time, place), "file_row": number, **row_of_facts(known)})
        if len(waiting) == BATCH:
            yield table_of(waiting, schema), last
            waiting = []
    yield table_of(waiting, schema), last


def _read(content: bytes, lookup: Lookup, place: str) -> tuple[PlainEvent, dict[str, Value], dict[str, str]]:
    """Rows that end a contract or waive a duty also name it, and the keys of the duty. Raises VerbError VB05-VB08."""
    event = read_event(content, place)
    if event.type not in OF_TABLES:
        return *read_plain(content, lookup, place), {}
    keys = {f.name for t in lookup.types.values() for f in t.fields if f.type.kind is Kind.IDENTIFIER}
    texts = {name: str(value) for name, value in event.facts.items() if isinstance(value, str | int)}
    strange = [name for name in event.facts if name not in texts or name not in (*NAMING, *keys)]
    if strange:
        raise VerbError("VB07", f"{place} facts", name=strange[0], candidates=nearest(strange[0], (*NAMING, *keys)))
    known: dict[str, Value] = {n: v for n, v in texts.items() if n not in NAMING}
    return event, known, {n: v for n, v in texts.items() if n in NAMING}


def _instant(text: str | None, place: str) -> int:
    if text is None:
        raise VerbError("VB10", place, field="time")
    try:
        return parse_instant(text)
    except CountingError:
        raise VerbError("VB20", f"{place} time", text=text[:40]) from None
