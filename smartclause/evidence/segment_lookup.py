"""Events that a ledger holds in its segments, sought by their ids: only files that may hold one are opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import KeyId
from smartclause.evidence.ledger import Ledger
from smartclause.evidence.segment import PART
from smartclause.evidence.segment_file import SegmentFile, open_segment, part
from smartclause.evidence.segment_store import need_segment
from smartclause.evidence.segment_table import Held, with_ids_between
from smartclause.logic.canonical import digest_of_bytes


@dataclass(frozen=True, slots=True)
class Inside:
    """An event in a row of the segment at an entry, as its file has it."""

    position: int
    issuer: KeyId
    row: int
    body: str


Found: TypeAlias = dict[str, "Inside | EvidenceError"]
"""By id: where the event is, or why it cannot be told whether it is anywhere."""


def find_in_segments(ledger: Ledger, folder: Path, ids: Collection[str]) -> Found:
    """The first place of each id in a segment; ids that no segment holds are left out."""
    found: Found = {}
    if not ids:
        return found
    for held in with_ids_between(ledger.connection, min(ids), max(ids)):
        sought = [each for each in ids if held.low <= each <= held.high and each not in found]
        if not sought:
            continue
        try:
            found |= _in_file(need_segment(folder, held.file, f"entry {held.position}"), held, sought)
        except EvidenceError as error:
            found |= dict.fromkeys(sought, error)
    return found


def _in_file(path: Path, held: Held, sought: list[str]) -> Found:
    with open_segment(path) as file:
        return {
            event: Inside(held.position, held.issuer, row, digest_of_bytes(event_at(file, row)))
            for event, row in rows_with(file, pa.array(sought))
        }


def rows_with(file: SegmentFile, ids: pa.Array | pa.ChunkedArray) -> Iterator[tuple[str, int]]:
    """The rows whose event has one of these ids, unchecked. Raises EvidenceError EV32."""
    for number in range(file.parts):
        column = part(file, number, ["id"]).column("id")
        for at in pc.indices_nonzero(pc.is_in(column, ids)).to_pylist():
            yield column[at].as_py(), number * PART + at


def event_at(file: SegmentFile, row: int) -> bytes:
    """The bytes of the event in a row, unchecked. Raises EvidenceError EV32."""
    column = part(file, row // PART, ["body"]).column("body")
    return bytes(column[row % PART].as_py())
