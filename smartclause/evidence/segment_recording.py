"""Recording a segment: its file is compared with its statement, kept beside the ledger, and then one entry names it.

The file is on the disk before the entry: a ledger never names what was not there. Nothing else is left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.entry import Kind, entry_bytes
from smartclause.evidence.envelope import Envelope
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import read_form
from smartclause.evidence.heading import segment_heading
from smartclause.evidence.keys import KeyId, SigningKey
from smartclause.evidence.ledger import (
    Clock,
    Ledger,
    Recorded,
    entry_of,
    insert,
    of_issuer_between,
    open_tree,
    recorded,
    recorded_between,
    row_at,
    stored_envelope,
    system_clock,
    under,
    write_checkpoint,
    write_tree,
)
from smartclause.evidence.merkle import leaf_hash
from smartclause.evidence.recording import Place, Receipt, last_received
from smartclause.evidence.segment import SegmentStatement
from smartclause.evidence.segment_check import Part, verified_parts
from smartclause.evidence.segment_file import open_segment
from smartclause.evidence.segment_lookup import rows_with
from smartclause.evidence.segment_store import Draft, copied, need_segment
from smartclause.evidence.segment_table import held_of, hold, with_ids_between
from smartclause.evidence.store import transaction
from smartclause.evidence.trust import Standing, TrustStore, record_of, ring, standing
from smartclause.logic.canonical import digest_of_bytes

MAX_STATEMENT = 2**20

Admitted: TypeAlias = Callable[[SegmentStatement, Part], None]
"""Told of each part after it was compared; what it raises keeps the segment out."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed statement whose signatures were checked."""

    raw: bytes
    parts: Envelope
    signers: tuple[KeyId, ...]
    statement: SegmentStatement

    @property
    def body(self) -> str:
        return digest_of_bytes(self.parts.body)


@dataclass(frozen=True, slots=True)
class SegmentReceipt:
    """`known` counts events whose id the ledger held before: told again, or in another version."""

    receipt: Receipt
    statement: SegmentStatement
    known: int = 0


def read_sealed(raw: bytes, trust: TrustStore) -> Sealed:
    """Raises EvidenceError EV01-EV06, EV08, EV12."""
    parts = envelopes.read(raw, MAX_STATEMENT)
    verified = envelopes.check(parts, ring(trust), SegmentStatement.PAYLOAD_TYPE)
    statement = read_form(SegmentStatement, parts.body)
    if statement.issuer not in verified.signers:
        raise EvidenceError("EV12", issuer=statement.issuer)
    return Sealed(raw, parts, verified.signers, statement)


def record_segment(
    ledger: Ledger,
    folder: Path,
    path: Path,
    sealed: Sealed,
    trust: TrustStore,
    key: SigningKey | None = None,
    clock: Clock = system_clock,
    admitted: Admitted | None = None,
) -> SegmentReceipt:
    """The receipt of the segment in the file at `path`, of which a copy is kept in `folder`.

    Raises EvidenceError EV02, EV11, EV13-EV17, EV19, EV32-EV34, and what `admitted` raises.
    """
    statement = sealed.statement
    if statement.ledger != ledger.id:
        raise EvidenceError("EV11", found=statement.ledger, wanted=ledger.id)
    _refuse_untrusted(statement, trust, clock())
    ids: list[pa.Array] = []
    for each in verified_parts(path, statement):
        if admitted is not None:
            admitted(statement, each)
        ids.append(each.rows.column("id"))
    with copied(path, folder, statement.file) as draft:
        return _append(_Entry(ledger, folder, sealed, trust), draft, pa.chunked_array(ids), key, clock)


def _refuse_untrusted(statement: SegmentStatement, trust: TrustStore, at: int) -> None:
    record = record_of(trust, statement.issuer)
    if standing(record, at, statement.contract, trust.issuers) is Standing.UNKNOWN:
        raise EvidenceError("EV13", issuer=statement.issuer)


def _append(entry: _Entry, draft: Draft, ids: pa.ChunkedArray, key: SigningKey | None, clock: Clock) -> SegmentReceipt:
    new = False
    try:
        with transaction(entry.ledger.connection, writing=True):
            found = entry.admit(ids, clock())
            new = draft.settle()  # on the disk before the entry that names it
            if key is not None:
                write_checkpoint(entry.ledger, key)
    except BaseException:
        if new:
            draft.path.unlink(missing_ok=True)
        raise
    return found


@dataclass(frozen=True, slots=True)
class _Entry:
    """One transaction."""

    ledger: Ledger
    folder: Path
    sealed: Sealed
    trust: TrustStore

    def admit(self, ids: pa.ChunkedArray, now: int) -> SegmentReceipt:
        tree = open_tree(self.ledger)
        received = max(now, last_received(self.ledger, tree.size))
        same = list(recorded(self.ledger, [self.sealed.statement.id]))
        alike = [entry for entry in same if entry.body == self.sealed.body]
        old = self._recorded(alike)
        if old is not None:
            return SegmentReceipt(old, self.sealed.statement)
        if same and same[0].issuer != self.sealed.statement.issuer:
            raise EvidenceError("EV14", id=self.sealed.statement.id)
        _refuse_untrusted(self.sealed.statement, self.trust, received)
        known = 0 if alike else self._known(ids)
        kind: Kind = "cosignature" if alike else "equivocation" if same else "segment"
        receipt = self._add(tree.size, received, kind, next(iter(alike or same), None))
        tree.add((receipt.leaf,))
        write_tree(self.ledger, tree)
        return SegmentReceipt(receipt, self.sealed.statement, known)

    def _recorded(self, alike: list[Recorded]) -> Receipt | None:
        """The old receipt, if all valid signatures of the envelope were recorded before."""
        wanted = set(self.sealed.signers)
        for entry in alike:
            row = row_at(self.ledger, entry.position)
            if wanted <= set(envelopes.check_signatures(stored_envelope(row), ring(self.trust)).signers):
                leaf = leaf_hash(entry_of(self.ledger, row))
                return Receipt(row.position, row.received, row.kind, row.event, row.body, leaf, None)
        return None

    def _add(self, position: int, received: int, kind: Kind, first: Recorded | None) -> Receipt:
        sealed, ledger = self.sealed, self.ledger
        earlier = None if first is None else (first.position, stored_envelope(row_at(ledger, first.position)))
        leaf = leaf_hash(entry_bytes(ledger.id, position, received, kind, sealed.parts, earlier, sealed.body))
        place = self._place()
        head = segment_heading(sealed.statement)
        at = None if first is None else first.position
        row = (position, received, kind, at, head.id, head.issuer, head.seq, head.prev, sealed.body, sealed.raw)
        insert(ledger, [row])
        hold(ledger.connection, held_of(position, sealed.statement))
        return Receipt(position, received, kind, head.id, sealed.body, leaf, place)

    def _place(self) -> Place:
        stated = self.sealed.statement
        if of_issuer_between(self.ledger, stated.issuer, stated.first, stated.end - 1):
            return Place.FORKED
        before = under(self.ledger, stated.issuer, stated.first - 1) if stated.first else ()
        if stated.first == 0 or any(digest == stated.prev for _, digest in before):
            return Place.CONTINUES
        return Place.BROKEN if before else Place.GAP

    # ---- events that are there already

    def _known(self, ids: pa.ChunkedArray) -> int:
        """How many ids the ledger holds already. Raises EvidenceError EV14 where one is another issuer's, EV34 if a
        file that could tell is missing.
        """
        stated, known = self.sealed.statement, 0
        for entry in _among(ids, recorded_between(self.ledger, stated.low, stated.high)):
            self._refuse_of_other(entry.event, entry.issuer)
            known += 1
        for held in with_ids_between(self.ledger.connection, stated.low, stated.high):
            with open_segment(need_segment(self.folder, held.file, f"entry {held.position}")) as file:
                for event, _ in rows_with(file, ids):
                    self._refuse_of_other(event, held.issuer)
                    known += 1
        return known

    def _refuse_of_other(self, event: str, issuer: KeyId) -> None:
        if issuer != self.sealed.statement.issuer:
            raise EvidenceError("EV14", id=event)


def _among(ids: pa.ChunkedArray, entries: Iterator[Recorded]) -> Iterator[Recorded]:
    """Those of the entries whose event is among the ids."""
    while group := list(islice(entries, 10_000)):
        marks = pc.is_in(pa.array([entry.event for entry in group]), ids)
        yield from (entry for entry, mark in zip(group, marks.to_pylist(), strict=True) if mark)
