"""Recording: envelopes are checked, ordered by their receipt and written in groups, each whole or not at all.

A receipt is given only for what is on the disk. What has been recorded is never changed or removed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.entry import Kind, entry_bytes
from smartclause.evidence.envelope import Envelope
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.heading import Heading, read_heading
from smartclause.evidence.keys import KeyId, KeyRing, SigningKey
from smartclause.evidence.ledger import (
    Clock,
    Columns,
    Ledger,
    Recorded,
    Row,
    entry_of,
    insert,
    last_entry,
    last_of,
    open_tree,
    recorded,
    row_at,
    stored_envelope,
    system_clock,
    under,
    write_checkpoint,
    write_tree,
)
from smartclause.evidence.merkle import leaf_hash
from smartclause.evidence.segment_table import has_segments
from smartclause.evidence.store import transaction
from smartclause.evidence.trust import Standing, TrustStore, ring, standing
from smartclause.logic.canonical import digest_of_bytes

if TYPE_CHECKING:
    from smartclause.evidence.segment_lookup import Inside

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
    segments: Path | None = None,
) -> tuple[Receipt | Refusal, ...]:
    """Records a group of envelopes at once: all that are admitted, or none if the store fails.

    With the ledger's own `key` a checkpoint is signed in the same step. `segments` is the folder of its segments, if
    it is not beside the ledger. Raises EvidenceError EV15, EV16, EV17.
    """
    keys = ring(trust)
    read = _read_all(ledger.id, sealed, keys)
    with transaction(ledger.connection, writing=True):
        events = list(dict.fromkeys(r.event.id for r in read if not isinstance(r, Refusal)))
        group = _Group(ledger, trust, keys, clock, events, in_segments(ledger, segments, events))
        outcomes = tuple(r if isinstance(r, Refusal) else group.admit(r) for r in read)
        group.settle()
        if key is not None:
            write_checkpoint(ledger, key)
    return outcomes


class _Submitted(NamedTuple):
    number: int
    raw: bytes
    parts: Envelope
    signers: tuple[KeyId, ...]
    event: Heading
    body: str


_STRETCH = 50  # envelopes that one thread takes at a time


def _read_all(ledger: str, sealed: Sequence[bytes], keys: KeyRing) -> list[_Submitted | Refusal]:
    """In the order given. Signatures are verified beside each other: their library lets other threads run."""
    stretches = [range(n, min(n + _STRETCH, len(sealed))) for n in range(0, len(sealed), _STRETCH)]

    def read(stretch: range) -> list[_Submitted | Refusal]:
        return [_read(ledger, number, sealed[number], keys) for number in stretch]

    threads = min(len(stretches), _processors())
    if threads < 2:
        return [submitted for stretch in stretches for submitted in read(stretch)]
    with ThreadPoolExecutor(threads) as pool:
        return [submitted for stretch in pool.map(read, stretches) for submitted in stretch]


def _processors() -> int:
    """Those that this process may use, where the system says."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _read(ledger: str, number: int, raw: bytes, keys: KeyRing) -> _Submitted | Refusal:
    """All checks that need no look at the ledger."""
    try:
        parts = envelopes.read(raw, MAX_EVENT)
        verified = envelopes.check(parts, keys, EventBody.PAYLOAD_TYPE)
        event = read_heading(parts.body)
        if event.ledger != ledger:
            raise EvidenceError("EV11", found=event.ledger, wanted=ledger)
        if event.issuer not in verified.signers:
            raise EvidenceError("EV12", issuer=event.issuer)
    except EvidenceError as error:
        return Refusal(number, error)
    return _Submitted(number, raw, parts, verified.signers, event, digest_of_bytes(parts.body))


def in_segments(ledger: Ledger, folder: Path | None, events: list[str]) -> Mapping[str, Inside | EvidenceError]:
    """Which of the events stand in segments; the reader of their files is loaded only where there are any."""
    if not has_segments(ledger.connection):
        return {}
    from smartclause.evidence.segment_lookup import find_in_segments
    from smartclause.evidence.segment_store import segments_folder

    return find_in_segments(ledger, folder or segments_folder(ledger.path), events)


class _Group:
    """One transaction: rows, then the tree that commits to them."""

    def __init__(
        self,
        ledger: Ledger,
        trust: TrustStore,
        keys: KeyRing,
        clock: Clock,
        events: list[str],
        inside: Mapping[str, Inside | EvidenceError],
    ) -> None:
        self.ledger = ledger
        self.records = {record.id: record for record in trust.keys}
        self.issuers = trust.issuers
        self.keys = keys
        self.clock = clock
        self.tree = open_tree(ledger)
        self.last = last_received(ledger, self.tree.size)
        self.sequences = _Numbers(ledger)
        self.known: dict[str, list[Recorded]] = {}
        self.inside = inside
        for entry in recorded(ledger, events):
            self.known.setdefault(entry.event, []).append(entry)
        self.rows: list[Columns] = []
        self.leaves: list[bytes] = []

    def admit(self, submitted: _Submitted) -> Receipt | Refusal:
        self.last = max(self.clock(), self.last)  # INVARIANT: the time of receipt never runs backwards
        event = submitted.event
        same = self.known.get(event.id)
        if same is not None:
            return self._admit_again(submitted, same)
        inside = self.inside.get(event.id)
        if inside is not None and (known := self._in_segment(submitted, inside)) is not None:
            return known
        return self._add(submitted, "event", None) if self._is_trusted(event) else _untrusted(submitted)

    def _in_segment(self, submitted: _Submitted, inside: Inside | EvidenceError) -> Receipt | Refusal | None:
        """None: the issuer itself signed another version in a segment, and this one is recorded beside it."""
        if isinstance(inside, EvidenceError):
            return Refusal(submitted.number, inside)
        if inside.issuer != submitted.event.issuer:
            return Refusal(submitted.number, EvidenceError("EV14", id=submitted.event.id))
        if inside.body != submitted.body:
            return None
        row = row_at(self.ledger, inside.position)
        leaf = leaf_hash(entry_of(self.ledger, row))
        return Receipt(row.position, row.received, row.kind, submitted.event.id, submitted.body, leaf, None)

    def _admit_again(self, submitted: _Submitted, same: list[Recorded]) -> Receipt | Refusal:
        alike = [entry for entry in same if entry.body == submitted.body]
        old = self._recorded(submitted, alike)
        if old is not None:
            return _old_receipt(self.ledger, old)
        if same[0].issuer != submitted.event.issuer:
            return Refusal(submitted.number, EvidenceError("EV14", id=submitted.event.id))
        if not self._is_trusted(submitted.event):
            return _untrusted(submitted)
        return self._add(submitted, "cosignature" if alike else "equivocation", (alike or same)[0])

    def _is_trusted(self, event: Heading) -> bool:
        return standing(self.records.get(event.issuer), self.last, event.contract, self.issuers) is not Standing.UNKNOWN

    def _recorded(self, submitted: _Submitted, alike: list[Recorded]) -> Row | None:
        """The first entry of the same bytes that carries all valid signatures of the submitted envelope."""
        wanted = set(submitted.signers)
        rows = (self._row(entry.position) for entry in alike)
        return next((row for row in rows if wanted <= self._signers_of(row)), None)

    def _signers_of(self, row: Row) -> set[KeyId]:
        return set(envelopes.check_signatures(stored_envelope(row), self.keys).signers)

    def _row(self, position: int) -> Row:
        self._write_rows()
        return row_at(self.ledger, position)

    def _add(self, submitted: _Submitted, kind: Kind, first: Recorded | None) -> Receipt:
        event, body, parts = submitted.event, submitted.body, submitted.parts
        position = self.tree.size + len(self.leaves)
        earlier = None if first is None else (first.position, stored_envelope(self._row(first.position)))
        leaf = leaf_hash(entry_bytes(self.ledger.id, position, self.last, kind, parts, earlier, body))
        place = self.sequences.place(event, body)
        at = None if first is None else first.position
        row = (position, self.last, kind, at, event.id, event.issuer, event.seq, event.prev, body, submitted.raw)
        self.rows.append(row)
        self.leaves.append(leaf)
        self.known.setdefault(event.id, []).append(Recorded(event.id, position, event.issuer, body))
        return Receipt(position, self.last, kind, event.id, body, leaf, place)

    def _write_rows(self) -> None:
        insert(self.ledger, self.rows)
        self.rows.clear()

    def settle(self) -> None:
        self._write_rows()
        self.tree.add(self.leaves)
        write_tree(self.ledger, self.tree)


_Under: TypeAlias = tuple[tuple[str, str], ...]  # event and body of what has one number


class _Numbers:
    """The numbers of each issuer: those of the ledger, and those of the group."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.last: dict[KeyId, int] = {}  # in the ledger, before the group
        self.here: dict[KeyId, dict[int, _Under]] = {}

    def place(self, event: Heading, body: str) -> Place:
        """Where a new entry stands, which is counted from here on."""
        issuer, seq = event.issuer, event.seq
        here = self.here.get(issuer)
        if here is None:
            here = self._begin(issuer)
        of_group = here.get(seq, ())
        same, before = of_group, here.get(seq - 1, ())
        if seq <= self.last[issuer] + 1:
            same, before = same + under(self.ledger, issuer, seq), before + under(self.ledger, issuer, seq - 1)
        here[seq] = (*of_group, (event.id, body))
        if same and any(other != event.id for other, _ in same):
            return Place.FORKED
        if seq == 0 or any(digest == event.prev for _, digest in before):
            return Place.CONTINUES
        return Place.BROKEN if before else Place.GAP

    def _begin(self, issuer: KeyId) -> dict[int, _Under]:
        last = last_of(self.ledger, issuer)
        self.last[issuer] = -1 if last is None else last[0]
        self.here[issuer] = {}
        return self.here[issuer]


def _untrusted(submitted: _Submitted) -> Refusal:
    return Refusal(submitted.number, EvidenceError("EV13", issuer=submitted.event.issuer))


def _old_receipt(ledger: Ledger, row: Row) -> Receipt:
    leaf = leaf_hash(entry_of(ledger, row))
    return Receipt(row.position, row.received, row.kind, row.event, row.body, leaf, None)


def last_received(ledger: Ledger, size: int) -> int:
    """Raises EvidenceError EV17 if entries and tree do not end alike."""
    position, received = last_entry(ledger) or (-1, 0)
    if position != size - 1:
        raise EvidenceError("EV17", reason=f"{size} entries are expected; {position + 1} are left")
    return received
