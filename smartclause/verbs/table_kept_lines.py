"""Lines of JSON that grow, kept as Parquet in the folder of a state: only the lines that came are read."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from smartclause.engines.sql.writing import taking_its_name
from smartclause.evidence.errors import EvidenceError
from smartclause.logic.lookup import Lookup
from smartclause.verbs.table_lines import rows_between
from smartclause.verbs.table_state import ROWS, LinesForm, PartForm, TableStateForm, digest_of_file

if TYPE_CHECKING:
    import pyarrow as pa


def lines_as_parts(
    source: Path, lookup: Lookup, folder: Path, form: TableStateForm | None
) -> tuple[list[Path], LinesForm]:
    """The rows of the lines, as files in their order. Raises EvidenceError, VerbError."""
    try:
        size = source.stat().st_size
        if form is not None and form.lines is not None and _goes_on(source, size, folder, form.lines, form.parts):
            known = [folder / part.name for part in form.parts]
            return _more(source, size, lookup, folder, known, form.lines)
        rows, lines = _kept(folder, 0, rows_between(source, lookup, 0, size, 0))
        return [rows], LinesForm(size=size, lines=lines, digest=digest_of_file(source, size))
    except OSError as error:
        raise EvidenceError("EV19", name=source.name, reason=error.strerror or "it cannot be read") from None


def _goes_on(source: Path, size: int, folder: Path, read: LinesForm, parts: tuple[PartForm, ...]) -> bool:
    """It begins with what was read, up to the end of a line, and the rows of that are still here."""
    if size < read.size or digest_of_file(source, read.size) != read.digest:
        return False
    if size > read.size and not _ends_a_line(source, read.size):
        return False
    if not all(ROWS.fullmatch(p.name) for p in parts):
        return False
    return all((folder / p.name).is_file() and digest_of_file(folder / p.name) == p.digest for p in parts)


def _ends_a_line(source: Path, size: int) -> bool:
    if size == 0:
        return True
    with source.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"


def _more(
    source: Path, size: int, lookup: Lookup, folder: Path, known: list[Path], read: LinesForm
) -> tuple[list[Path], LinesForm]:
    if size == read.size:
        return known, read
    rows, lines = _kept(folder, len(known), rows_between(source, lookup, read.size, size, read.lines))
    return [*known, rows], LinesForm(size=size, lines=lines, digest=digest_of_file(source, size))


def _kept(folder: Path, number: int, batches: Iterator[tuple[pa.Table, int]]) -> tuple[Path, int]:
    """The file, and up to which line it goes."""
    import pyarrow.parquet as pq

    path = folder / f"kept-rows-{number:06}-{secrets.token_hex(4)}.parquet"
    lines = 0
    with taking_its_name(path) as draft:
        writer = None
        try:
            for batch, line in batches:
                rows, lines = batch.drop_columns(["file_row"]), max(lines, line)
                writer = pq.ParquetWriter(draft, rows.schema, compression="zstd") if writer is None else writer
                writer.write_table(rows)
        finally:
            if writer is not None:
                writer.close()
    return path, lines
