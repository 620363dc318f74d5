"""Parquet files that say something else about themselves than they hold: refused before anything is unpacked."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smartclause.evidence import segment_pages
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.segment_check import file_digest, verified_parts
from smartclause.evidence.segment_file import open_segment

from .segment_samples import Made, chain, made, rewritten, rows_of, small

FLIPS = int(os.environ.get("SMARTCLAUSE_FLIPS", "150"))  # a deeper run: SMARTCLAUSE_FLIPS=20000


def refused(path: Path) -> EvidenceError:
    with pytest.raises(EvidenceError) as found, open_segment(path):
        pass
    assert found.value.code == "EV32"
    return found.value


OTHERWISE: dict[str, tuple[dict[str, Any], str]] = {
    "with statistics": ({"write_statistics": True}, "statistics"),
    "with an index of pages": ({"write_statistics": True, "write_page_index": True}, "statistics"),
    "unpacked": ({"compression": "none"}, "another way"),
    "packed by another program": ({"compression": "snappy"}, "another way"),
    "bytes by dictionary": ({"use_dictionary": True}, "another way"),
    "pages of the second version": ({"data_page_version": "2.0"}, "another way"),
    "by difference": ({"use_dictionary": False, "column_encoding": {"id": "DELTA_BYTE_ARRAY"}}, "another way"),
    "in small parts": ({"row_group_size": 2}, "not in parts"),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_file_that_is_packed_in_another_way_is_refused(name: str, tmp_path: Path) -> None:
    options, reason = OTHERWISE[name]
    segment = small(tmp_path)
    rewritten(segment.path, rows_of(segment.path), **options)
    assert reason in refused(segment.path).text()


def without(schema: pa.Schema, name: str) -> pa.Schema:
    return schema.remove(schema.get_field_index(name))


def retyped(schema: pa.Schema, name: str, kind: pa.DataType) -> pa.Schema:
    at = schema.get_field_index(name)
    return schema.set(at, pa.field(name, kind, nullable=schema.field(at).nullable))


SCHEMAS: dict[str, Callable[[pa.Schema], pa.Schema]] = {
    "a column missing": lambda s: without(s, "nonce"),
    "the bytes missing": lambda s: without(s, "body"),
    "a further column": lambda s: s.append(pa.field("more", pa.int64())),
    "a fact of no kind": lambda s: s.append(pa.field("fact_x_date", pa.date32())),
    "numbers as text": lambda s: retyped(s, "seq", pa.string()),
    "times as times": lambda s: retyped(s, "time", pa.timestamp("us")),
    "smaller numbers": lambda s: retyped(s, "seq", pa.int32()),
    "bytes as text": lambda s: retyped(s, "body", pa.string()),
    "what must be there, optional": lambda s: s.set(2, pa.field("id", pa.string())),
    "facts out of order": lambda s: pa.schema([*list(s)[:10], *reversed(list(s)[10:])]),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_file_with_other_columns_is_refused(name: str, tmp_path: Path) -> None:
    segment = small(tmp_path)
    rows = rows_of(segment.path)
    schema = SCHEMAS[name](pq.ParquetFile(segment.path).schema_arrow)
    if name == "numbers as text":
        rows = [row | {"seq": str(row["seq"])} for row in rows]
    if name == "bytes as text":
        rows = [row | {"body": row["body"].decode()} for row in rows]
    rewritten(segment.path, rows, schema=schema)
    assert "column" in refused(segment.path).text()


def test_a_parquet_file_of_somebody_else_is_no_segment(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": [1, 2]}), path)
    refused(path)
    path.write_bytes(b"PAR1" + b"\xff" * 100 + b"\xff\xff\xff\x7fPAR1")
    refused(path)
    path.write_bytes(b"PAR1" + b"\0" * 200 + (150).to_bytes(4, "little") + b"PAR1")
    refused(path)


def test_a_segment_without_rows_is_none(tmp_path: Path) -> None:
    segment = small(tmp_path)
    rewritten(segment.path, [])
    assert "it holds 0 events" in refused(segment.path).text()


def patched(path: Path, column: str, kind: int, wanted: int) -> None:
    """The page of this kind of the column then says that it has `wanted` bytes when it is unpacked."""
    content = bytearray(path.read_bytes())
    group = pq.ParquetFile(path).metadata.row_group(0)
    chunk = next(c for n in range(group.num_columns) if (c := group.column(n)).path_in_schema == column)
    at = chunk.dictionary_page_offset or chunk.data_page_offset
    at = chunk.data_page_offset if kind == 0 else at
    assert (content[at], content[at + 2]) == (0x15, 0x15)  # the kind of the page, then its unpacked size
    start = at + 3
    end = start
    while content[end] & 0x80:
        end += 1
    length = end + 1 - start
    value = wanted << 1
    spelled = bytes([*((value >> 7 * n & 0x7F) | 0x80 for n in range(length - 1)), value >> 7 * (length - 1) & 0x7F])
    assert int.from_bytes(spelled, "little")
    content[start : end + 1] = spelled
    path.write_bytes(content)


def test_a_page_that_would_unpack_to_too_much_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = made(tmp_path / "a.parquet", chain([{"f": "x" * 5_000}] * 50))
    monkeypatch.setattr(segment_pages, "MAX_PART", 200_000)
    assert "unpacks to too many bytes" in refused(segment.path).text()
    monkeypatch.setattr(segment_pages, "MAX_PART", 1_000_000)
    with open_segment(segment.path):
        pass
    patched(segment.path, "body", 0, 1_040_000)
    assert "unpacks to too many bytes" in refused(segment.path).text()


def test_a_page_that_says_a_wrong_size_is_refused_when_it_is_read(tmp_path: Path) -> None:
    segment = made(tmp_path / "a.parquet", chain([{"f": "x" * 5_000}] * 50))
    patched(segment.path, "body", 0, 1_000_000)
    with pytest.raises(EvidenceError) as found:
        list(verified_parts(segment.path, resigned(segment)))
    assert found.value.code == "EV32"


def resigned(segment: Made) -> Any:
    digest, size = file_digest(segment.path)
    return segment.statement.model_copy(update={"file": digest, "size": size})


def test_a_part_that_lies_about_its_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = small(tmp_path)
    read = segment_pages.read_struct
    for said in (4, 6, -1, 2**40):

        def lying(content: bytes, at: int = 0, said: int = said) -> Any:
            found: Any = read(content, at)
            if 4 in found[0]:
                found[0][4][0][3] = said
            return found

        monkeypatch.setattr(segment_pages, "read_struct", lying)
        error = refused(segment.path)
        assert error.place == "a.parquet: part 0"
        assert f"it says {said} rows; 5 belong there" in error.text()


def test_a_value_repeated_by_dictionary_takes_no_more_room_than_its_events(tmp_path: Path) -> None:
    """Ten thousand rows may name one long text in a few bytes: they are not believed before it is written out."""
    segment = made(tmp_path / "a.parquet", chain([{"f": "x"}] * 300))
    rows = [row | {"fact_f_text": "y" * 9_000} for row in rows_of(segment.path)]
    rewritten(segment.path, rows)
    with pytest.raises(EvidenceError) as found:
        list(verified_parts(segment.path, resigned(segment)))
    assert (found.value.code, found.value.place) == ("EV33", "a.parquet: row 0")


def test_a_flipped_bit_in_what_the_file_says_of_itself_is_harmless_or_seen(tmp_path: Path) -> None:
    segment = small(tmp_path, 3)
    original, before = segment.path.read_bytes(), rows_of(segment.path)
    start = len(original) - 8 - int.from_bytes(original[-8:-4], "little")
    chosen = random.Random(7)
    for _ in range(FLIPS):
        content = bytearray(original)
        content[chosen.randrange(start, len(content))] ^= 1 << chosen.randrange(8)
        segment.path.write_bytes(content)
        found: Any = None
        with suppress(EvidenceError):
            found = [row for each in verified_parts(segment.path, resigned(segment)) for row in each.rows.to_pylist()]
        assert found in (None, before)
