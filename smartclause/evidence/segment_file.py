"""The file of a segment: Parquet, in parts of 16384 rows, exact bytes beside typed columns.

It is read part by part, so that memory does not grow with the file, and only after its own sizes were looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.segment_columns import (
    Fact,
    facts_named,
    layout_for,
    row_of,
    schema_for,
    stored_by_dictionary,
)
from smartclause.evidence.segment_pages import check_file

MAX_BODY = 2**16
MAX_FILE = 16 * 2**30


Faults = (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError)
"""What the Parquet library raises on a file that it cannot read."""


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """An open file whose sizes and columns are those of a segment; nothing in its rows has been checked."""

    name: str
    parquet: pq.ParquetFile
    facts: tuple[Fact, ...]

    @property
    def rows(self) -> int:
        return int(self.parquet.metadata.num_rows)

    @property
    def parts(self) -> int:
        return int(self.parquet.metadata.num_row_groups)


@contextmanager
def open_segment(path: Path, name: str = "") -> Iterator[SegmentFile]:
    """`name` as messages call it. Raises EvidenceError EV19, EV32."""
    name = name or path.name
    with opened_file(path) as file, in_file(name):
        size = os.fstat(file.fileno()).st_size
        names = check_file(file, size, layout_for)
        with unpacking():
            parquet = _parquet(file, [name for name in names if stored_by_dictionary(name)])
        facts = facts_named(names)
        yield SegmentFile(name, parquet, facts)


def _parquet(file: BinaryIO, repeated: list[str]) -> pq.ParquetFile:
    file.seek(0)
    return pq.ParquetFile(
        file, read_dictionary=repeated, pre_buffer=False, arrow_extensions_enabled=False,
        thrift_string_size_limit=2**20, thrift_container_size_limit=2**17,
    )  # fmt: skip


@contextmanager
def opened_file(path: Path) -> Iterator[BinaryIO]:
    """Raises EvidenceError EV02, EV19."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_FILE:
                raise EvidenceError("EV02", path.name, what="the file", size=size, limit=MAX_FILE)
            yield file
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be read") from None


@contextmanager
def in_file(name: str) -> Iterator[None]:
    """Whatever is refused here is refused with the file."""
    try:
        yield
    except EvidenceError as error:
        if error.place.startswith(name):
            raise
        raise EvidenceError(error.code, f"{name}: {error.place}".rstrip(": "), **error.values) from None


@contextmanager
def unpacking() -> Iterator[None]:
    try:
        yield
    except Faults as error:
        reason = "it cannot be unpacked" if "\n" in str(error) else f"it cannot be unpacked ({str(error)[:100]})"
        raise EvidenceError("EV32", reason=reason) from None


def part(file: SegmentFile, number: int, columns: Sequence[str] | None = None) -> pa.RecordBatch:
    """The rows of one part, text checked to be text. Raises EvidenceError EV32."""
    with in_file(file.name), unpacking():
        table = file.parquet.read_row_group(number, columns=columns, use_threads=False)
        batches = table.combine_chunks().to_batches()
        if len(batches) != 1 or len(batches[0]) != file.parquet.metadata.row_group(number).num_rows:
            raise EvidenceError("EV32", f"part {number}", reason="it has other rows than it says")
        batches[0].validate(full=True)
        return batches[0]


# ---- writing


def write_segment(path: Path, parts: Iterable[Sequence[tuple[bytes, EventBody]]], facts: Iterable[Fact]) -> None:
    """Each part has 16384 events, the last one those that are left. Raises EvidenceError EV19, EV32."""
    facts = sorted(facts)
    schema = schema_for(facts)
    options: dict[str, Any] = {
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": [name for name in schema.names if stored_by_dictionary(name)],
        "write_statistics": False,  # a reader of the columns that trusted them could be made to skip rows
        "store_schema": False,
        "data_page_version": "1.0",
        "version": "2.6",
    }
    try:
        with path.open("xb") as file:
            with pq.ParquetWriter(file, schema, **options) as writer:
                for events in parts:
                    writer.write_batch(_batch(schema, events), row_group_size=len(events))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be written") from None


def _batch(schema: pa.Schema, events: Sequence[tuple[bytes, EventBody]]) -> pa.RecordBatch:
    columns: dict[str, list[Any]] = {name: [None] * len(events) for name in schema.names}
    for at, (body, event) in enumerate(events):
        columns["body"][at] = body
        for name, value in row_of(event).items():
            columns[name][at] = value
    return pa.RecordBatch.from_pydict(columns, schema=schema)
