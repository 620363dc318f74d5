"""Verification of a whole ledger: every entry, the tree and the checkpoints recomputed from the stored envelopes.

It shows that nothing was changed, moved or removed since the last checkpoint whose signature was verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.entry import Kind
from smartclause.evidence.envelope import Envelope
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import read_form
from smartclause.evidence.keys import PublicKey
from smartclause.evidence.ledger import (
    Ledger,
    Row,
    checkpoints,
    entry_of,
    read_frontier,
    rows,
    rows_of_event,
)
from smartclause.evidence.merkle import Frontier, append, leaf_hash, root_of
from smartclause.evidence.note import Checkpoint, note_key, read_checkpoint, read_note
from smartclause.evidence.store import transaction
from smartclause.logic.canonical import digest_of_bytes


@dataclass(frozen=True, slots=True)
class VerifiedLedger:
    """`signed_size` counts the entries under a checkpoint whose signature was verified; those after it
    are consistent in themselves, but their keeper has not yet committed to them."""

    head: Checkpoint
    checkpoints: int
    signed_size: int


def verify_ledger(ledger: Ledger, key: PublicKey | None = None) -> VerifiedLedger:
    """`key` is the ledger's key; without it no checkpoint counts as signed. Raises EvidenceError EV07, EV17, EV18."""
    if key is not None and key.id != ledger.key_id:
        raise EvidenceError("EV07", reason="it is not the key of this ledger")
    with transaction(ledger.connection, writing=False):
        stated = {c.size: c for c in _checkpoints(ledger, key)}
        frontier = _recompute(ledger, stated)
        if frontier != read_frontier(ledger):
            raise EvidenceError("EV17", reason="the root of its entries is not the stored root")
    beyond = [size for size in stated if size > frontier.size]
    if beyond:
        raise EvidenceError("EV17", reason=f"a checkpoint counts {max(beyond)} entries; {frontier.size} are left")
    signed = max(stated, default=0) if key is not None else 0
    return VerifiedLedger(Checkpoint(ledger.origin, frontier.size, root_of(frontier)), len(stated), signed)


def verified_rows(ledger: Ledger) -> Iterator[tuple[Row, EventBody, Envelope, bytes]]:
    """Each entry with its event, envelope and leaf hash, after its own checks. Raises EvidenceError EV17."""
    last = 0
    for position, row in enumerate(rows(ledger)):
        if row.position != position:
            raise _damage(position, "an entry is missing")
        if row.received < last:
            raise _damage(position, "its time of receipt is before that of the entry before it")
        last = row.received
        event, parts = _event_of(ledger, row)
        yield row, event, parts, leaf_hash(entry_of(ledger, row, parts))


def _recompute(ledger: Ledger, stated: dict[int, Checkpoint]) -> Frontier:
    frontier = Frontier()
    _compare(frontier, stated)
    for _, _, _, leaf in verified_rows(ledger):
        frontier = append(frontier, (leaf,))
        _compare(frontier, stated)
    return frontier


def _compare(frontier: Frontier, stated: dict[int, Checkpoint]) -> None:
    checkpoint = stated.get(frontier.size)
    if checkpoint is not None and checkpoint.root != root_of(frontier):
        raise EvidenceError(
            "EV17", reason=f"the first {frontier.size} entries do not have the root of their checkpoint"
        )


def _event_of(ledger: Ledger, row: Row) -> tuple[EventBody, Envelope]:
    """The event of a row, whose columns must repeat what the envelope says."""
    try:
        parts = envelopes.read(row.envelope)
        event = read_form(EventBody, parts.body)
    except EvidenceError as error:
        raise _damage(row.position, error.text()) from None
    stated = (row.event, row.issuer, row.seq, row.prev, row.body)
    if stated != (event.id, event.issuer, event.seq, event.prev, digest_of_bytes(parts.body)):
        raise _damage(row.position, "its columns do not repeat its envelope")
    if event.ledger != ledger.id or parts.payload_type != EventBody.PAYLOAD_TYPE:
        raise _damage(row.position, "it holds an envelope that is not of this ledger")
    if (row.kind, row.earlier) != _expected_kind(ledger, row):
        raise _damage(row.position, "its kind does not fit the entries before it")
    return event, parts


def _expected_kind(ledger: Ledger, row: Row) -> tuple[Kind, int | None]:
    before = [other for other in rows_of_event(ledger, row.event) if other.position < row.position]
    if not before:
        return "event", None
    alike = [other for other in before if other.body == row.body]
    if alike:
        return "cosignature", alike[0].position
    return "equivocation", before[0].position


def _checkpoints(ledger: Ledger, key: PublicKey | None) -> Iterator[Checkpoint]:
    for size, note in checkpoints(ledger):
        text = note.rpartition("\n\n")[0] + "\n"
        if key is not None:
            text = read_note(note.encode(), [note_key(ledger.origin, key)]).text
        checkpoint = read_checkpoint(text)
        if (checkpoint.origin, checkpoint.size) != (ledger.origin, size):
            raise EvidenceError("EV18", reason="it is not of this ledger, or stands in the place of another")
        yield checkpoint


def _damage(position: int, reason: str) -> EvidenceError:
    return EvidenceError("EV17", f"entry {position}", reason=reason)
