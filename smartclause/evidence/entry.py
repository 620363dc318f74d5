"""The ledger entry: the ledger's own record of what it received, and when. Its bytes are the leaves of the tree.

An envelope can be spelled in many ways; the entry names only what was signed, by whom, and the time of receipt.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from smartclause.evidence.envelope import Envelope, Signature, base64_text
from smartclause.evidence.forms import Base64, Count, Digest, Form, Instant, LedgerId, timestamp
from smartclause.logic.canonical import MAX_INTEGER, CanonicalError, digest_of_bytes, spelled_text

Kind = Literal["event", "segment", "equivocation", "cosignature"]
"""A segment: the statement of many events in one file. An equivocation: the issuer signed other bytes under the same
number. A cosignature: further keys signed the same bytes. The last two name the earlier entry."""
ALONE: tuple[Kind, ...] = ("event", "segment")


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
    def _only_what_was_new_stands_alone(self) -> LedgerEntry:
        if (self.kind in ALONE) != (self.earlier is None):
            raise ValueError("an equivocation or cosignature names the earlier entry, an event or segment does not")
        return self


def entry_bytes(
    ledger: str,
    index: int,
    received: int,
    kind: Kind,
    envelope: Envelope,
    earlier: tuple[int, Envelope] | None = None,
    body: str | None = None,
) -> bytes:
    """The leaf, in canonical JSON, of the form LedgerEntry. `body` is the digest of the body where it is known.

    Raises CanonicalError, OverflowError for an index or a time that has no form.
    """
    if not 0 <= index <= MAX_INTEGER:
        raise CanonicalError("the number is outside the range of 53 bits; write it as text", "index")
    # Members in canonical order, as `dumps` would write them.
    return (
        f'{{"body":"{body or digest_of_bytes(envelope.body)}",{_earlier(earlier)}"edition":"ledger-entry 1",'
        f'"index":{index},"kind":"{kind}","ledger":{_spelled(ledger)},"payload_type":{_spelled(envelope.payload_type)},'
        f'"received":"{timestamp(received)}","signatures":{_signatures(envelope.signatures)}}}'
    ).encode()


def _earlier(earlier: tuple[int, Envelope] | None) -> str:
    if earlier is None:
        return ""
    index, envelope = earlier
    body, signatures = digest_of_bytes(envelope.body), _signatures(envelope.signatures)
    return f'"earlier":{{"body":"{body}","index":{index},"signatures":{signatures}}},'


def _signatures(signatures: Sequence[Signature]) -> str:
    in_order = signatures if len(signatures) == 1 else sorted(set(signatures))
    spelled = (f'{{"keyid":{_spelled(s.key)},"sig":"{base64_text(s.sig)}"}}' for s in in_order)
    return f"[{','.join(spelled)}]"


@lru_cache(maxsize=1024)  # the same ledger, type and keys stand in entry after entry
def _spelled(text: str) -> str:
    return spelled_text(text)
