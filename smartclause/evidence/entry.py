"""The ledger entry: the ledger's own record of what it received, and when. Its bytes are the leaves of the tree.

An envelope can be spelled in many ways; the entry names only what was signed, by whom, and the time of receipt.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from smartclause.evidence.envelope import Envelope, Signature, base64_text
from smartclause.evidence.forms import Base64, Count, Digest, Form, Instant, LedgerId, timestamp
from smartclause.logic.canonical import Json, digest_of_bytes, dumps

Kind = Literal["event", "equivocation", "cosignature"]
"""An equivocation: the issuer signed other bytes under the same event number. A cosignature: further keys
signed the same bytes. Both name the earlier entry."""


class EntrySignature(Form):
    keyid: Annotated[str, Field(max_length=200)]
    sig: Base64


class EarlierEntry(Form):
    index: Count
    body: Digest
    signatures: Annotated[tuple[EntrySignature, ...], Field(min_length=1)]


class LedgerEntry(Form):
    WHAT: ClassVar[str] = "ledger entry"

    edition: Literal["ledger-entry 1"] = "ledger-entry 1"
    ledger: LedgerId
    index: Count
    received: Instant
    kind: Kind
    payload_type: Annotated[str, Field(min_length=1, max_length=200)]
    body: Annotated[Digest, Field(description="Hash of the signed body.")]
    signatures: Annotated[tuple[EntrySignature, ...], Field(min_length=1)]
    earlier: EarlierEntry | None = None

    @model_validator(mode="after")
    def _only_an_event_stands_alone(self) -> LedgerEntry:
        if (self.kind == "event") != (self.earlier is None):
            raise ValueError("an equivocation or cosignature names the earlier entry, an event does not")
        return self


def entry_bytes(
    ledger: str,
    index: int,
    received: int,
    kind: Kind,
    envelope: Envelope,
    earlier: tuple[int, Envelope] | None = None,
) -> bytes:
    """The leaf, in canonical JSON, of the form LedgerEntry."""
    entry: dict[str, Json] = {
        "edition": "ledger-entry 1",
        "ledger": ledger,
        "index": index,
        "received": timestamp(received),
        "kind": kind,
        "payload_type": envelope.payload_type,
        "body": digest_of_bytes(envelope.body),
        "signatures": _signatures(envelope.signatures),
    }
    if earlier is not None:
        entry["earlier"] = {
            "index": earlier[0],
            "body": digest_of_bytes(earlier[1].body),
            "signatures": _signatures(earlier[1].signatures),
        }
    return dumps(entry)


def _signatures(signatures: Iterable[Signature]) -> list[Json]:
    return [{"keyid": s.key, "sig": base64_text(s.sig)} for s in sorted(set(signatures))]
