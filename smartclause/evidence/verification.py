"""Verification of a whole ledger: every entry, the tree and the checkpoints recomputed from the stored envelopes.

It shows that nothing was changed, moved or removed since the last checkpoint whose signature was verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.entry import ALONE
from smartclause.evidence.envelope import Envelope
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import read_form
from smartclause.evidence.heading import Heading, read_heading, segment_heading
from smartclause.evidence.keys import PublicKey
from smartclause.evidence.ledger import (
    Ledger,
    Row,
    checkpoint_count,
    checkpoints,
    entry_of,
    latest_checkpoint,
    read_frontier,
    rows,
)
from smartclause.evidence.merkle import Frontier, leaf_hash, root_of
from smartclause.evidence.note import Checkpoint, note_key, read_checkpoint, read_note
from smartclause.evidence.segment import PAYLOAD_TYPES, SegmentStatement
from smartclause.evidence.segment_table import Held, held_of, holdings
from smartclause.evidence.store import check_pages, own_words, transaction
from smartclause.evidence.tiles import GrowingTree, ReadTile, TileAt, reading, tile_count, tiles_of
from smartclause.logic.canonical import digest_of_bytes

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many of how many entries are done."""


def _silent(_done: int, _all: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class VerifiedLedger:
    """`signed_size` counts the entries under a checkpoint whose signature was verified; those after it
    are consistent in themselves, but their keeper has not yet committed to them."""

    head: Checkpoint
    checkpoints: int
    signed_size: int


def verify_ledger(ledger: Ledger, key: PublicKey | None = None, progress: Progress | None = None) -> VerifiedLedger:
    """`key` is the ledger's key; without it no checkpoint counts as signed. Memory does not grow with the ledger.

    Raises EvidenceError EV07, EV17, EV18.
    """
    if key is not None and key.id != ledger.key_id:
        raise EvidenceError("EV07", reason="it is not the key of this ledger")
    with transaction(ledger.connection, writing=False):
        check_pages(ledger.connection)
        stated = _Stated(_checkpoints(ledger, key))
        frontier = _recompute(ledger, stated, progress or _silent)
        if frontier != read_frontier(ledger):
            raise EvidenceError("EV17", reason="the root of its entries is not the stored root")
        stated.end(frontier)
        found = checkpoint_count(ledger)
        signed = latest_checkpoint(ledger)[0] if key is not None else 0
    return VerifiedLedger(Checkpoint(ledger.origin, frontier.size, root_of(frontier)), found, signed)


def verified_rows(ledger: Ledger) -> Iterator[tuple[Row, Heading, Envelope, bytes]]:
    """Each entry with its event's heading, envelope and leaf hash, after its own checks. Raises EvidenceError EV17."""
    _check_kinds(ledger)
    last = 0
    for position, row in enumerate(rows(ledger)):
        if row.position != position:
            raise _damage(position, "an entry is missing")
        if row.received < last:
            raise _damage(position, "its time of receipt is before that of the entry before it")
        last = row.received
        event, parts = _event_of(ledger, row)
        yield row, event, parts, leaf_hash(entry_of(ledger, row, parts))


_BETWEEN_REPORTS = 1_000  # entries


def _recompute(ledger: Ledger, stated: _Stated, progress: Progress) -> Frontier:
    """The tree of the stored entries, whose hashes must be those that are stored."""
    tree, size = GrowingTree(), read_frontier(ledger).size
    stored, held = reading(ledger.connection), holdings(ledger.connection)
    stated.compare(tree)
    for row, _, parts, leaf in verified_rows(ledger):
        if is_segment(parts):
            _check_holdings(row.position, parts, held)
        tree.add((leaf,))
        stated.compare(tree)
        _compare_tiles(tree.changed, stored)
        if row.position % _BETWEEN_REPORTS == 0:
            progress(row.position, size)
    _compare_tiles(tree.settle(), stored)
    if next(held, None) is not None:
        raise EvidenceError("EV17", reason="its table of segments names one that it does not hold")
    if tile_count(ledger.connection) != tiles_of(tree.size):
        raise EvidenceError("EV17", reason="its stored hashes are more than those of its entries")
    progress(tree.size, size)
    return tree.frontier


def _compare_tiles(changed: dict[TileAt, bytes], stored: ReadTile) -> None:
    for (level, number), hashes in changed.items():
        if stored(level, number) != hashes:
            raise EvidenceError("EV17", reason="a stored hash of its tree is not that of its entries")
    changed.clear()


class _Stated:
    """Checkpoints in the order of their sizes, each compared when the tree has that size."""

    def __init__(self, checkpoints: Iterator[Checkpoint]) -> None:
        self.checkpoints = checkpoints
        self.next = next(checkpoints, None)

    def compare(self, tree: GrowingTree) -> None:
        while self.next is not None and self.next.size == tree.size:
            if self.next.root != tree.root:
                raise EvidenceError(
                    "EV17", reason=f"the first {tree.size} entries do not have the root of their checkpoint"
                )
            self.next = next(self.checkpoints, None)

    def end(self, frontier: Frontier) -> None:
        if self.next is not None:
            largest = max(each.size for each in chain((self.next,), self.checkpoints))
            raise EvidenceError("EV17", reason=f"a checkpoint counts {largest} entries; {frontier.size} are left")


def _event_of(ledger: Ledger, row: Row) -> tuple[Heading, Envelope]:
    """The event of a row, whose columns must repeat what the envelope says."""
    try:
        parts = envelopes.read(row.envelope)
        event = heading_of(parts)
    except EvidenceError as error:
        raise _damage(row.position, error.text()) from None
    stated = (row.event, row.issuer, row.seq, row.prev, row.body)
    if stated != (event.id, event.issuer, event.seq, event.prev, digest_of_bytes(parts.body)):
        raise _damage(row.position, "its columns do not repeat its envelope")
    if event.ledger != ledger.id or parts.payload_type not in PAYLOAD_TYPES:
        raise _damage(row.position, "it holds an envelope that is not of this ledger")
    if row.kind in ALONE and (row.kind == "segment") != is_segment(parts):
        raise _damage(row.position, "its kind does not fit its envelope")
    return event, parts


def heading_of(parts: Envelope) -> Heading:
    """Of an event, or of a segment. Raises EvidenceError EV01, EV08."""
    if is_segment(parts):
        return segment_heading(read_form(SegmentStatement, parts.body))
    return read_heading(parts.body)


def is_segment(parts: Envelope) -> bool:
    return parts.payload_type == SegmentStatement.PAYLOAD_TYPE


def _check_holdings(position: int, parts: Envelope, stored: Iterator[Held]) -> None:
    """The table of segments repeats their statements, in their order."""
    if next(stored, None) != held_of(position, read_form(SegmentStatement, parts.body)):
        raise _damage(position, "the table of segments does not repeat its statement")


# The first entry of each event stands alone; a later one names the first of its body, or else the first of the event.
_MISFIT = """
SELECT position FROM (
    SELECT position, kind, earlier,
        min(position) OVER (PARTITION BY event) AS first,
        min(position) OVER (PARTITION BY event, body) AS alike
    FROM entries
) AS entry WHERE NOT CASE
    WHEN alike < position THEN kind IS 'cosignature' AND earlier IS alike
    WHEN first < position THEN kind IS 'equivocation' AND earlier IS first
    ELSE kind IN ('event', 'segment') AND earlier IS NULL
END ORDER BY position LIMIT 1
"""


def _check_kinds(ledger: Ledger) -> None:
    """In one question, whose sorting the store does on the disk."""
    with own_words():
        misfit = ledger.connection.execute(_MISFIT).fetchone()
    if misfit is not None:
        raise _damage(misfit[0], "its kind does not fit the entries before it")


def _checkpoints(ledger: Ledger, key: PublicKey | None) -> Iterator[Checkpoint]:
    for size, note in checkpoints(ledger):
        text = note.rpartition("\n\n")[0] + "\n"
        if key is not None:
            text = read_note(note.encode(), [note_key(ledger.origin, key)]).text
        checkpoint = read_checkpoint(text)
        if (checkpoint.origin, checkpoint.size) != (ledger.origin, size):
            raise EvidenceError("EV18", reason="it is not of this ledger, or stands in the place of another")
        yield checkpoint


def _damage(position: object, reason: str) -> EvidenceError:
    return EvidenceError("EV17", f"entry {position}", reason=reason)
