"""What a Parquet file says of its own sizes, looked at before anything in it is unpacked.

A segment is written in one narrow way. Whatever else a file may hold (pages that unpack to gigabytes, statistics by
which a query would skip rows, columns in other files) is refused, so that reading takes bounded memory and every
reader sees the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.segment import PART, parts_of

MAX_FOOTER = 16 * 2**20
MAX_PART = 256 * 2**20  # bytes of one part, unpacked
_MAGIC = b"PAR1"
_MOST_ITEMS = 1 << 21  # in the lists of one part
_ENCODINGS = {"PLAIN", "RLE", "RLE_DICTIONARY", "PLAIN_DICTIONARY"}
_PLAIN, _BY_DICTIONARY = {0, 3}, {0, 2, 8}  # numbers of encodings: plain or run lengths; plain or by dictionary
_DATA, _DICTIONARY = 0, 2  # kinds of page
_LONGEST_HEADER = 4096


def check_footer(file: BinaryIO, size: int) -> None:
    """Raises EvidenceError EV32 if the file does not end as Parquet does, or its footer is too large."""
    file.seek(0)
    beginning = file.read(4)
    file.seek(max(0, size - 8))
    ending = file.read(8)
    length = int.from_bytes(ending[:4], "little")
    if beginning != _MAGIC or ending[4:] != _MAGIC or length > size - 12:
        raise EvidenceError("EV32", reason="it is no whole Parquet file")
    if length > MAX_FOOTER:
        raise EvidenceError("EV32", reason="its description of itself is too large")


def check_pages(file: BinaryIO, size: int, metadata: pq.FileMetaData, repeated: frozenset[str]) -> None:
    """`repeated` are the columns that may be stored by dictionary. Raises EvidenceError EV32."""
    rows = metadata.num_rows
    if metadata.num_row_groups != parts_of(rows):
        raise EvidenceError("EV32", reason=f"its {rows} rows are not in parts of {PART}")
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        wanted = min(PART, rows - number * PART)
        if group.num_rows != wanted:
            raise EvidenceError("EV32", _part(number), reason=f"it says {group.num_rows} rows; {wanted} belong there")
        _check_part(file, size, group, number, repeated)


def _check_part(file: BinaryIO, size: int, group: Any, number: int, repeated: frozenset[str]) -> None:
    room = MAX_PART
    for place in range(group.num_columns):
        chunk = group.column(place)
        fault = _strange(chunk)
        if fault:
            raise EvidenceError("EV32", f"{_part(number)}, column {chunk.path_in_schema[:60]}", reason=fault)
        by_dictionary = chunk.path_in_schema in repeated
        for page in _pages(file, size, chunk, number):
            room -= page.unpacked
            fault = _odd(page, chunk.num_values, by_dictionary) or ("" if room >= 0 else "it unpacks to too many bytes")
            if fault:
                raise EvidenceError("EV32", f"{_part(number)}, column {chunk.path_in_schema[:60]}", reason=fault)


def _strange(chunk: Any) -> str:
    """What a part of a column carries that a segment has no use for; empty if nothing."""
    if chunk.file_path:
        return "it stands in another file"
    if chunk.is_stats_set or chunk.has_offset_index or chunk.has_column_index or chunk.bloom_filter_offset is not None:
        return "it carries statistics, by which readers skip rows"
    if chunk.compression != "ZSTD" or not set(chunk.encodings) <= _ENCODINGS:
        return "it is packed in another way than segments are"
    if not 0 <= chunk.num_values <= _MOST_ITEMS:
        return "it says too many values"
    return ""


@dataclass(frozen=True, slots=True)
class Page:
    kind: int
    unpacked: int
    values: int
    encoding: int


def _odd(page: Page, values: int, by_dictionary: bool) -> str:
    if page.kind == _DICTIONARY:
        fits = by_dictionary and page.encoding in (0, 2)
    else:
        fits = page.kind == _DATA and page.encoding in (_BY_DICTIONARY if by_dictionary else _PLAIN)
    if not fits:
        return "it is packed in another way than segments are"
    return "" if 0 <= page.values <= max(values, 1) else "it says too many values"


def _pages(file: BinaryIO, size: int, chunk: Any, number: int) -> Iterator[Page]:
    """The pages of a part of a column, by their own headers, which must follow each other to its end."""
    at = chunk.data_page_offset
    if chunk.has_dictionary_page and chunk.dictionary_page_offset:
        at = min(at, chunk.dictionary_page_offset)
    end = at + chunk.total_compressed_size
    if not 4 <= at <= end <= size - 8:
        raise EvidenceError("EV32", _part(number), reason="a column lies outside the file")
    while at < end:
        file.seek(at)
        try:
            page, length, packed = _header(file.read(min(_LONGEST_HEADER, end - at)))
        except (IndexError, KeyError, TypeError, ValueError):
            raise EvidenceError("EV32", _part(number), reason="a page of it has no proper header") from None
        if page.unpacked < 0 or packed < 0:
            raise EvidenceError("EV32", _part(number), reason="a page of it has no proper header")
        yield page
        at += length + packed
    if at != end:
        raise EvidenceError("EV32", _part(number), reason="its pages do not end where it ends")


def _part(number: int) -> str:
    return f"part {number}"


# ---- page headers, in Thrift's compact protocol as far as they need it


def _header(content: bytes) -> tuple[Page, int, int]:
    """The page, the length of its header and that of what follows it."""
    members, end = _struct(content, 0, 0)
    kind, unpacked, packed = (members[n] for n in (1, 2, 3))
    inner = members[5 if kind == _DATA else 7] if kind in (_DATA, _DICTIONARY) else {1: 0, 2: -1}
    return Page(kind, unpacked, inner[1], inner[2]), end, packed


def _struct(content: bytes, at: int, depth: int) -> tuple[dict[int, Any], int]:
    if depth > 4:
        raise ValueError
    members: dict[int, Any] = {}
    field = 0
    while content[at] != 0:
        delta, kind = content[at] >> 4, content[at] & 0xF
        at += 1
        if delta:
            field += delta
        else:
            field, at = _integer(content, at)
        members[field], at = _value(content, at, kind, depth)
    return members, at + 1


def _value(content: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    match kind:
        case 1 | 2:
            return kind == 1, at
        case 3:
            return content[at], at + 1
        case 4 | 5 | 6:
            return _integer(content, at)
        case 8:
            length, at = _varint(content, at)
            return None, at + length
        case 12:
            return _struct(content, at, depth + 1)
        case _:
            raise ValueError


def _integer(content: bytes, at: int) -> tuple[int, int]:
    number, at = _varint(content, at)
    return (number >> 1) ^ -(number & 1), at


def _varint(content: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = content[at]
        number |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return number, at
        shift += 7
        if shift > 63:
            raise ValueError


Faults = (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError)
"""What the Parquet library raises on a file that it cannot read."""
