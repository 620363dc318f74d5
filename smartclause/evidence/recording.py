"""Recording: envelopes are checked, ordered by their receipt and written in groups, each whole or not at all.

A receipt is given only for what is on the disk. What has been recorded is never changed or removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.entry import Kind
from smartclause.evidence.envelope import Envelope, Verified
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import read_form
from smartclause.evidence.keys import KeyId, KeyRing, SigningKey
from smartclause.evidence.ledger import (
    Clock,
    Ledger,
    Row,
    entry_of,
    insert,
    neighbours,
    read_frontier,
    rows_of_event,
    system_clock,
    write_checkpoint,
)
from smartclause.evidence.merkle import append, leaf_hash
from smartclause.evidence.store import transaction
from smartclause.evidence.trust import KeyRecord, Standing, TrustStore, ring, standing
from smartclause.logic.canonical import digest_of_bytes

MAX_EVENT = 2**20


class Place(Enum):
    """How a new entry stands in its issuer's sequence. Only reported: a record is not refused for it."""

    CONTINUES = "continues"
    GAP = "gap"  # the number before it has not been received
    BROKEN = "broken"  # the number before it was received, with other bytes than `prev` says
    FORKED = "forked"  # another event has the same number


@dataclass(frozen=True, slots=True)
class Receipt:
    """Without `place` the same bytes had been recorded before, and this is the old receipt."""

    index: int
    received: int
    kind: Kind
    event: str
    body: str
    leaf: bytes
    place: Place | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """`number` counts the envelopes of the call from 0."""

    number: int
    error: EvidenceError


def record(
    ledger: Ledger,
    sealed: Sequence[bytes],
    trust: TrustStore,
    key: SigningKey | None = None,
    clock: Clock = system_clock,
) -> tuple[Receipt | Refusal, ...]:
    """Records a group of envelopes at once: all that are admitted, or none if the store fails.

    With the ledger's own `key` a checkpoint is signed in the same step. Raises EvidenceError EV15, EV16, EV17.
    """
    keys = ring(trust)
    read = [_read(ledger.id, number, envelope, keys) for number, envelope in enumerate(sealed)]
    with transaction(ledger.connection, writing=True):
        group = _Group(ledger, {r.id: r for r in trust.keys}, keys, clock)
        outcomes = tuple(r if isinstance(r, Refusal) else group.admit(r) for r in read)
        group.settle()
        if key is not None:
            write_checkpoint(ledger, key)
    return outcomes


@dataclass(frozen=True, slots=True)
class _Submitted:
    number: int
    raw: bytes
    parts: Envelope
    verified: Verified
    event: EventBody
    body: str


def _read(ledger: str, number: int, raw: bytes, keys: KeyRing) -> _Submitted | Refusal:
    """All checks that need no look at the ledger."""
    try:
        parts = envelopes.read(raw, MAX_EVENT)
        verified = envelopes.check(parts, keys, EventBody.PAYLOAD_TYPE)
        event = read_form(EventBody, verified.body)
        if event.ledger != ledger:
            raise EvidenceError("EV11", found=event.ledger, wanted=ledger)
        if event.issuer not in verified.signers:
            raise EvidenceError("EV12", issuer=event.issuer)
    except EvidenceError as error:
        return Refusal(number, error)
    return _Submitted(number, raw, parts, verified, event, digest_of_bytes(verified.body))


class _Group:
    """One transaction: rows, then the tree that commits to them."""

    def __init__(self, ledger: Ledger, records: dict[KeyId, KeyRecord], keys: KeyRing, clock: Clock) -> None:
        self.ledger = ledger
        self.records = records
        self.keys = keys
        self.clock = clock
        self.frontier = read_frontier(ledger)
        self.last = _last_received(ledger)
        self.leaves: list[bytes] = []

    def admit(self, submitted: _Submitted) -> Receipt | Refusal:
        self.last = max(self.clock(), self.last)  # INVARIANT: the time of receipt never runs backwards
        event = submitted.event
        same = rows_of_event(self.ledger, event.id)
        alike = [row for row in same if row.body == submitted.body]
        known = self._recorded(submitted, alike)
        if known is not None:
            return _receipt_of(self.ledger, known, None)
        if same and same[0].issuer != event.issuer:
            return Refusal(submitted.number, EvidenceError("EV14", id=event.id))
        if standing(self.records.get(event.issuer), self.last, event.contract) is Standing.UNKNOWN:
            return Refusal(submitted.number, EvidenceError("EV13", issuer=event.issuer))
        kind: Kind = "cosignature" if alike else "equivocation" if same else "event"
        return self._add(submitted, kind, next(iter(alike or same), None))

    def _recorded(self, submitted: _Submitted, alike: list[Row]) -> Row | None:
        """The first entry of the same bytes that carries all valid signatures of the submitted envelope."""
        wanted = set(submitted.verified.signers)
        return next((row for row in alike if wanted <= self._signers_of(row)), None)

    def _signers_of(self, row: Row) -> set[KeyId]:
        return set(envelopes.check_signatures(envelopes.read(row.envelope), self.keys).signers)

    def _add(self, submitted: _Submitted, kind: Kind, earlier: Row | None) -> Receipt:
        event, position = submitted.event, self.frontier.size + len(self.leaves)
        row = Row(
            position,
            self.last,
            kind,
            None if earlier is None else earlier.position,
            event.id,
            event.issuer,
            event.seq,
            event.prev,
            submitted.body,
            submitted.raw,
        )
        place = _place_in_sequence(self.ledger, row)
        insert(self.ledger, row)
        receipt = _receipt_of(self.ledger, row, place, submitted.parts)
        self.leaves.append(receipt.leaf)
        return receipt

    def settle(self) -> None:
        grown = append(self.frontier, self.leaves)
        written = (grown.size, b"".join(grown.roots))
        self.ledger.connection.execute("UPDATE tree SET size = ?, roots = ?", written)


def _receipt_of(ledger: Ledger, row: Row, place: Place | None, parts: Envelope | None = None) -> Receipt:
    leaf = leaf_hash(entry_of(ledger, row, parts))
    return Receipt(row.position, row.received, row.kind, row.event, row.body, leaf, place)


def _place_in_sequence(ledger: Ledger, row: Row) -> Place:
    near = neighbours(ledger, row.issuer, row.seq)
    if any(seq == row.seq and event != row.event for seq, event, _ in near):
        return Place.FORKED
    before = [body for seq, _, body in near if seq == row.seq - 1]
    if row.seq == 0 or row.prev in before:
        return Place.CONTINUES
    return Place.BROKEN if before else Place.GAP


def _last_received(ledger: Ledger) -> int:
    last = ledger.connection.execute("SELECT max(received) FROM entries").fetchone()[0]
    return last if isinstance(last, int) else 0
