"""The proof of one event of a segment: it is in the segment's tree, and the segment's entry in the ledger's.

It is checked with the trust store alone, without the segment and without the ledger.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from smartclause.evidence.entry import LedgerEntry
from smartclause.evidence.envelope import Envelope, Signature
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import Base64, Count, Form, instant, read_form
from smartclause.evidence.judged import Signer, judge
from smartclause.evidence.ledger import origin
from smartclause.evidence.merkle import is_included, leaf_hash
from smartclause.evidence.note import Checkpoint, note_key, read_note
from smartclause.evidence.proof import check_proof, read_proof
from smartclause.evidence.segment import SegmentStatement, hash_of
from smartclause.evidence.trust import KeyRecord, Standing, TrustStore, keeps_ledgers, key_of, ring, standing
from smartclause.logic.canonical import digest_of_bytes

MAX_EVENT_PROOF = 2**22


class EventProof(Form):
    """`event`, `statement` and `entry` are the exact texts that were hashed: the body of the event, the signed
    statement of its segment, the ledger's record of it. `path` leads from the event, in its `row`, to the statement's
    root, the nearest hash first; `proof`, a tlog-proof, leads from the entry to the checkpoint that it brings."""

    WHAT: ClassVar[str] = "proof of an event"

    edition: Literal["event proof 1"] = "event proof 1"
    event: Annotated[str, Field(max_length=2**16)]
    row: Count
    path: Annotated[tuple[Base64, ...], Field(max_length=20)]
    statement: Annotated[str, Field(max_length=2**16)]
    entry: Annotated[str, Field(max_length=2**20)]
    proof: Annotated[str, Field(max_length=2**20)]


@dataclass(frozen=True, slots=True)
class Proved:
    """What a proof shows: the event, who signed for it as they stood at the receipt, and under which checkpoint."""

    event: EventBody
    statement: SegmentStatement
    entry: LedgerEntry
    row: int
    signers: tuple[Signer, ...]
    checkpoint: Checkpoint
    keeper: str


def read_event_proof(content: bytes) -> EventProof:
    """Raises EvidenceError EV01, EV02, EV08."""
    if len(content) > MAX_EVENT_PROOF:
        raise EvidenceError("EV02", what="the proof", size=len(content), limit=MAX_EVENT_PROOF)
    return read_form(EventProof, content.removesuffix(b"\n"))


def check_event_proof(proof: EventProof, trust: TrustStore, now: int) -> Proved:
    """By the keys of the trust store, as they stand `now`. Raises EvidenceError EV01, EV02, EV08, EV18, EV35."""
    entry = read_form(LedgerEntry, proof.entry.encode())
    body = proof.statement.encode()
    if (entry.payload_type, entry.body) != (SegmentStatement.PAYLOAD_TYPE, digest_of_bytes(body)):
        raise EvidenceError("EV35", reason="its entry is not of its statement")
    statement = read_form(SegmentStatement, body)
    event = read_form(EventBody, proof.event.encode())
    signers = _signers(entry, statement, body, trust)
    _refuse_other_place(proof, statement, event, entry)
    path = tuple(map(_decoded, proof.path))
    leaf = leaf_hash(proof.event.encode())
    if not is_included(leaf, proof.row, statement.count, path, hash_of(statement.root)):
        raise EvidenceError("EV35", reason="the event is not in the segment")
    checkpoint, keeper = _checkpoint(proof, entry, trust, now)
    return Proved(event, statement, entry, proof.row, signers, checkpoint, keeper)


def _signers(entry: LedgerEntry, statement: SegmentStatement, body: bytes, trust: TrustStore) -> tuple[Signer, ...]:
    signatures = tuple(Signature(each.keyid, _decoded(each.sig)) for each in entry.signatures)
    envelope = Envelope(entry.payload_type, body, signatures)
    records = {record.id: record for record in trust.keys}
    keys = ring(trust)
    signers = judge(envelope, keys, records, instant(entry.received), statement.contract, trust.issuers)
    if not any(signer.key == statement.issuer and signer.key in keys for signer in signers):
        raise EvidenceError("EV35", reason="the issuer's signature under the statement does not hold")
    return signers


def _refuse_other_place(proof: EventProof, statement: SegmentStatement, event: EventBody, entry: LedgerEntry) -> None:
    said = (event.issuer, event.ledger, event.contract, event.seq)
    if said != (statement.issuer, statement.ledger, statement.contract, statement.first + proof.row):
        raise EvidenceError("EV35", reason="its place is not that of the event")
    if entry.ledger != statement.ledger:
        raise EvidenceError("EV35", reason="its entry is not of its statement")


def _checkpoint(proof: EventProof, entry: LedgerEntry, trust: TrustStore, now: int) -> tuple[Checkpoint, str]:
    """Under the signature of a keeper of ledgers in whom the trust store trusts now."""
    shown = read_proof(proof.proof.encode())
    if shown.index != entry.index:
        raise EvidenceError("EV35", reason="it is of another entry")
    keepers = {note_key(origin(entry.ledger), key_of(r)): r.party for r in trust.keys if _keeps(r, trust, now)}
    try:
        signed = read_note(shown.checkpoint.encode(), keepers)
    except EvidenceError:
        reason = "no keeper of a ledger in the trust store signed its checkpoint"
        raise EvidenceError("EV35", reason=reason) from None
    key = signed.signers[0]
    return check_proof(shown, proof.entry.encode(), key), keepers[key]


def _keeps(record: KeyRecord, trust: TrustStore, now: int) -> bool:
    """A key of another algorithm signs no checkpoint; one that ended kept the ledger before."""
    if not keeps_ledgers(record) or record.algorithm != "ed25519":
        return False
    return standing(record, now, issuers=trust.issuers) in (Standing.TRUSTED, Standing.LAPSED)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise EvidenceError("EV35", reason="a text of it is no base64 text") from None
