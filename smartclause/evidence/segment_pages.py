"""What a Parquet file says of itself, read here before any library sees it.

A segment is written in one narrow way. Whatever else a file may hold (pages that unpack to gigabytes, statistics by
which a query would skip rows, columns in other files) is refused, so that reading takes bounded memory and every
reader sees the same rows. Hostile descriptions end here: libraries were seen to break on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.segment import MOST_EVENTS, PART, parts_of
from smartclause.evidence.thrift import Struct, ThriftError, read_struct

MAX_FOOTER = 16 * 2**20
MAX_PART = 256 * 2**20  # bytes of one part, unpacked
_MAGIC = b"PAR1"
_MOST_ITEMS = 1 << 21  # in the lists of one part
_ZSTD = 6
_PLAIN, _BY_DICTIONARY = {0, 3}, {0, 2, 3, 8}  # encodings: plain and run lengths; or by dictionary
_DATA, _DICTIONARY = 0, 2  # kinds of page
_LONGEST_HEADER = 4096

# Members of the structs that a segment's footer may have, by their numbers in the format.
_OF_FILE = {1, 2, 3, 4, 6, 7}
_OF_GROUP = {1, 2, 3, 5, 6, 7}
_OF_CHUNK = {2, 3}
_OF_COLUMN = {1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 16}
_STATISTICS = {12, 14, 15}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column as it is stored. `elements` is what the schema says of it, from the top."""

    path: tuple[bytes, ...]
    physical: int
    listed: bool
    by_dictionary: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """What columns a file must have: the elements of its schema in order, and the leaves among them."""

    elements: tuple[Mapping[int, Any], ...]
    leaves: tuple[Leaf, ...]


def check_file(file: BinaryIO, size: int, layout_of: Callable[[Sequence[str]], Layout]) -> tuple[str, ...]:
    """The names of its columns. `layout_of` says how columns of these names are stored.

    Raises EvidenceError EV32.
    """
    footer = _footer(file, size)
    try:
        names = _names(footer)
        layout = layout_of(names)
        _check_schema(footer, layout)
        _check_parts(file, size, footer, layout)
    except (KeyError, TypeError, AttributeError, IndexError, UnicodeDecodeError):
        raise EvidenceError("EV32", reason="what it says of itself has another form") from None
    return names


def _footer(file: BinaryIO, size: int) -> Struct:
    file.seek(0)
    beginning = file.read(4)
    file.seek(max(0, size - 8))
    ending = file.read(8)
    length = int.from_bytes(ending[:4], "little")
    if beginning != _MAGIC or ending[4:] != _MAGIC or length > size - 12:
        raise EvidenceError("EV32", reason="it is no whole Parquet file")
    if length > MAX_FOOTER:
        raise EvidenceError("EV32", reason="its description of itself is too large")
    file.seek(size - 8 - length)
    try:
        footer, end = read_struct(file.read(length))
    except ThriftError:
        raise EvidenceError("EV32", reason="what it says of itself has another form") from None
    if end != length or not footer.keys() <= _OF_FILE:
        raise EvidenceError("EV32", reason="what it says of itself has another form")
    return footer


def _names(footer: Any) -> tuple[str, ...]:
    """The columns at the top."""
    elements = footer[2]
    names, at = [], 1
    for _ in range(elements[0][5]):
        names.append(elements[at][4].decode())
        at = _after(elements, at, 0)
    return tuple(names)


def _after(elements: Any, at: int, depth: int) -> int:
    if depth > 4:
        raise TypeError
    children = elements[at].get(5, 0)
    at += 1
    for _ in range(children):
        at = _after(elements, at, depth + 1)
    return at


def _check_schema(footer: Any, layout: Layout) -> None:
    found = footer[2]
    for number, wanted in enumerate(layout.elements):
        if number >= len(found) or not _is(found[number], wanted):
            name = wanted[4].decode()
            raise EvidenceError("EV32", reason=f"it has another column where `{name}` belongs")
    if len(found) != len(layout.elements):
        more = found[len(layout.elements)][4].decode(errors="replace")[:60]
        raise EvidenceError("EV32", reason=f"it has the column `{more}` too many")


def _is(found: Any, wanted: Mapping[int, Any]) -> bool:
    """The newer way to say what a column holds (member 10) may be left out."""
    return found in (wanted, {name: value for name, value in wanted.items() if name != 10})


def _check_parts(file: BinaryIO, size: int, footer: Any, layout: Layout) -> None:
    rows, groups = footer[3], footer[4]
    if not 0 < rows <= MOST_EVENTS:
        raise EvidenceError("EV32", reason=f"it holds {rows} events, not 1 to {MOST_EVENTS}")
    if len(groups) != parts_of(rows):
        raise EvidenceError("EV32", reason=f"its {rows} rows are not in parts of {PART}")
    for number, group in enumerate(groups):
        wanted = min(PART, rows - number * PART)
        if group[3] != wanted:
            raise EvidenceError("EV32", _part(number), reason=f"it says {group[3]} rows; {wanted} belong there")
        if not group.keys() <= _OF_GROUP or len(group[1]) != len(layout.leaves):
            raise EvidenceError("EV32", _part(number), reason="what it says of itself has another form")
        _check_part(file, size, group, number, layout)


def _check_part(file: BinaryIO, size: int, group: Any, number: int, layout: Layout) -> None:
    room, last = MAX_PART, 4
    for chunk, leaf in zip(group[1], layout.leaves, strict=True):
        place = f"{_part(number)}, column {b'.'.join(leaf.path).decode()}"
        column = chunk[3]
        fault = _strange(chunk, column, leaf, group[3])
        if fault:
            raise EvidenceError("EV32", place, reason=fault)
        start = min(column[9], column.get(11, column[9]))
        if start < last:
            raise EvidenceError("EV32", place, reason="a column lies outside the file")
        values = 0
        for page in _pages(file, size, start, column[7], place):
            room -= page.unpacked
            values += page.values if page.kind == _DATA else 0
            fault = _odd(page, column[5], leaf) or ("" if room >= 0 else "it unpacks to too many bytes")
            if fault:
                raise EvidenceError("EV32", place, reason=fault)
        if values != column[5]:
            raise EvidenceError("EV32", place, reason="its pages hold other values than it says")
        last = start + column[7]


def _strange(chunk: Any, column: Any, leaf: Leaf, rows: int) -> str:
    """What a part of a column carries that a segment has no use for; empty if nothing."""
    if not column.keys().isdisjoint(_STATISTICS) or not chunk.keys().isdisjoint({4, 5, 6, 7}):
        return "it carries statistics, by which readers skip rows"
    if not chunk.keys() <= _OF_CHUNK or not column.keys() <= _OF_COLUMN:
        return "what it says of itself has another form"
    encodings = _BY_DICTIONARY if leaf.by_dictionary else _PLAIN
    if column[4] != _ZSTD or not set(column[2]) <= encodings:
        return "it is packed in another way than segments are"
    if tuple(column[3]) != leaf.path or column[1] != leaf.physical:
        return "what it says of itself has another form"
    if not rows <= column[5] <= (_MOST_ITEMS if leaf.listed else rows):
        return "it says too many values"
    return "" if column[7] > 0 and column[6] > 0 else "a column lies outside the file"


@dataclass(frozen=True, slots=True)
class Page:
    kind: int
    unpacked: int
    values: int
    encoding: int


def _odd(page: Page, values: int, leaf: Leaf) -> str:
    if page.kind == _DICTIONARY:
        fits = leaf.by_dictionary and page.encoding in (0, 2)
    else:
        fits = page.kind == _DATA and page.encoding in (_BY_DICTIONARY if leaf.by_dictionary else _PLAIN)
    if not fits:
        return "it is packed in another way than segments are"
    return "" if 0 <= page.values <= values else "it says too many values"


def _pages(file: BinaryIO, size: int, at: int, length: int, place: str) -> Iterator[Page]:
    """The pages of a part of a column, by their own headers, which must follow each other to its end."""
    end = at + length
    if end > size - 8:
        raise EvidenceError("EV32", place, reason="a column lies outside the file")
    while at < end:
        file.seek(at)
        try:
            page, header, packed = _header(file.read(min(_LONGEST_HEADER, end - at)))
        except (ThriftError, KeyError, TypeError):
            raise EvidenceError("EV32", place, reason="a page of it has no proper header") from None
        if page.unpacked < 0 or packed < 0:
            raise EvidenceError("EV32", place, reason="a page of it has no proper header")
        yield page
        at += header + packed
    if at != end:
        raise EvidenceError("EV32", place, reason="its pages do not end where it ends")


def _header(content: bytes) -> tuple[Page, int, int]:
    """The page, the length of its header and that of what follows it."""
    members: Any
    members, end = read_struct(content)
    kind, unpacked, packed = (members[n] for n in (1, 2, 3))
    inner = members[5 if kind == _DATA else 7] if kind in (_DATA, _DICTIONARY) else {1: 0, 2: -1}
    if inner.get(5):  # statistics of the page
        raise KeyError
    return Page(kind, unpacked, inner[1], inner[2]), end, packed


def _part(number: int) -> str:
    return f"part {number}"
