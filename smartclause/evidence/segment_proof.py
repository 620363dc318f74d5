"""Making the proof of one event of a segment: two paths, of which the first needs only one part of the file."""

from __future__ import annotations

import base64
from pathlib import Path

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event_proof import EventProof
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.ledger import Ledger, entry_of, row_at, stored_envelope
from smartclause.evidence.merkle import leaf_hash, prove_inclusion
from smartclause.evidence.proof import proof_text, prove_entry
from smartclause.evidence.segment import PART, SegmentStatement, hash_of, joined_root
from smartclause.evidence.segment_file import open_segment, part
from smartclause.evidence.segment_lookup import find_in_segments
from smartclause.evidence.segment_store import need_segment
from smartclause.evidence.verification import is_segment


def place_of(ledger: Ledger, folder: Path, event: str) -> tuple[int, int]:
    """Entry and row of an event, by its id. Raises EvidenceError EV32, EV34, EV35."""
    found = find_in_segments(ledger, folder, [event]).get(event)
    if found is None:
        raise EvidenceError("EV35", reason=f"no segment of the ledger holds the event {event}")
    if isinstance(found, EvidenceError):
        raise found
    return found.position, found.row


def prove_event(ledger: Ledger, folder: Path, entry: int, row: int) -> EventProof:
    """Raises EvidenceError EV17, EV18, EV32-EV35."""
    stored = row_at(ledger, entry)
    parts = stored_envelope(stored)
    statement = read_form(SegmentStatement, parts.body) if is_segment(parts) else None
    if statement is None or not 0 <= row < statement.count:
        raise EvidenceError("EV35", f"entry {entry}", reason=f"it is no segment with a row {row}")
    body, path = _path(need_segment(folder, statement.file, f"entry {entry}"), statement, row)
    return EventProof(
        event=body.decode(),
        row=row,
        path=tuple(base64.b64encode(node).decode() for node in path),
        statement=canonical(statement).decode(),
        entry=entry_of(ledger, stored).decode(),
        proof=proof_text(prove_entry(ledger, entry)),
    )


def _path(file: Path, statement: SegmentStatement, row: int) -> tuple[bytes, tuple[bytes, ...]]:
    """From the event to the root: through its part, whose leaves are at hand, then over the parts."""
    number = row // PART
    start = number * PART
    with open_segment(file) as opened:
        bodies = part(opened, number, ["body"]).column("body").to_pylist()
    leaves, roots = list(map(leaf_hash, bodies)), list(map(hash_of, statement.parts))
    if joined_root(leaves) != roots[number]:
        reason = "other events stand there than were sealed"
        raise EvidenceError("EV33", f"{file.name}: rows {start} to {start + len(bodies) - 1}", reason=reason)

    def subtree(first: int, end: int) -> bytes:
        if end - first > PART or (first % PART == 0 and end in (first + PART, statement.count)):
            return joined_root(roots[first // PART : -(-end // PART)])
        return joined_root(leaves[first - start : end - start])

    return bodies[row - start], prove_inclusion(row, statement.count, subtree)
