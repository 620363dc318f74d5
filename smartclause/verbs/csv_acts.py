"""Acts as rows of a CSV file: the form that `prove --needs --csv` writes, filled in.

The first row names the columns: type, by, to, asset, then facts. A row whose first cell begins with `#` is a note. An
empty cell says nothing: the fact is not known.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.recording import MAX_EVENT
from smartclause.logic.contract import FieldType
from smartclause.logic.lookup import Lookup
from smartclause.logic.opening import opened
from smartclause.verbs.csv_cells import Cells
from smartclause.verbs.errors import VerbError
from smartclause.verbs.plain import nearest

COLUMNS = ("type", "by", "to", "asset")
NOTE = "#"
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """`number` of its last line, as an editor counts. `needed` is the act as plain JSON; raises VerbError VB05."""

    number: int
    needed: Callable[[], bytes]


def each_row(path: Path, lookup: Lookup) -> Iterator[Row]:
    """Raises EvidenceError EV19, VerbError VB71, VB72."""
    place = path.name
    cells, lines = Cells(lookup), _lines(path)
    first = next(lines, "")
    reader = csv.reader(_from(first, lines), delimiter=_separator(first), strict=True)
    columns: list[str] = []
    while True:
        try:
            row = [cell.strip() for cell in next(reader)]
        except StopIteration:
            break
        except csv.Error:
            reason = "a cell is not closed, or is too long"
            raise VerbError("VB71", f"{place} {reader.line_num}", reason=reason) from None
        if not any(row) or row[0].startswith(NOTE):
            continue
        if not columns:
            columns = _header(row, lookup, place)
            continue
        yield Row(reader.line_num, partial(_act, row, columns, lookup, cells))
    if not columns:
        raise VerbError("VB71", place, reason="it has no header")


def _lines(path: Path) -> Iterator[str]:
    """Text by lines, each bounded."""
    try:
        with opened(path) as file:
            lines = iter(lambda: file.readline(MAX_EVENT), b"")
            for number, line in enumerate(lines):
                if len(line) == MAX_EVENT:
                    raise VerbError("VB71", path.name, reason="a line is too long")
                yield line.decode("utf-8-sig" if number == 0 else "utf-8")
    except UnicodeDecodeError:
        raise VerbError("VB71", path.name, reason="the text is not UTF-8") from None
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be read") from None


def _from(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _separator(line: str) -> str:
    """Spreadsheets of some countries separate cells by semicolons."""
    return max(_SEPARATORS, key=line.count)


def _header(row: list[str], lookup: Lookup, place: str) -> list[str]:
    known = {f.name for t in lookup.types.values() if lookup.is_act(t.name) for f in t.fields}
    if "type" not in row or "by" not in row:
        raise VerbError("VB71", place, reason="its first row does not name the columns `type` and `by`")
    for name in (n for n in row if n):
        if name not in COLUMNS and name not in known:
            raise VerbError("VB72", place, name=name, known=nearest(name, (*COLUMNS, *known)))
        if row.count(name) > 1:
            raise VerbError("VB71", place, reason=f"the column `{name}` is given twice")
    return row


def _act(row: list[str], columns: list[str], lookup: Lookup, cells: Cells) -> bytes:
    told = {}
    for number, cell in enumerate(row):
        if cell and (number >= len(columns) or not columns[number]):
            raise VerbError("VB05", reason="the row has a cell under no name")
        if cell:
            told[columns[number]] = cell
    kind = told.get("type", "")
    act: dict[str, object] = {n: told[n] for n in COLUMNS if n in told}
    act["facts"] = {n: cells.value(v, _field(lookup, kind, n)) for n, v in told.items() if n not in COLUMNS}
    return json.dumps(act, ensure_ascii=False).encode()


def _field(lookup: Lookup, kind: str, name: str) -> FieldType | None:
    """Of the type named in full, or by the last part of its name."""
    types = [kind] if kind in lookup.types else [t for t in lookup.types if t.rpartition(".")[2] == kind]
    return lookup.field(types[0], name) if len(types) == 1 else None
