"""Answers about keys, signatures, registers and what was recorded as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.entry import Kind
from smartclause.evidence.errors import Lang
from smartclause.evidence.forms import Count, Digest, Form, Instant, timestamp
from smartclause.evidence.keys import Algorithm, KeyId, PublicKey
from smartclause.evidence.register import Entry, Member, Register
from smartclause.evidence.segment import SegmentStatement
from smartclause.evidence.trust import KeyRecord, Standing, TrustStore
from smartclause.logic.canonical import digest_of_bytes, parse
from smartclause.logic.verdict import Decision
from smartclause.verbs.answers import SecondValueForm, second_value_form
from smartclause.verbs.answers_error import Shown
from smartclause.verbs.errors import in_parts

if TYPE_CHECKING:
    from smartclause.verbs.record import Recorded, Recording
    from smartclause.verbs.register import Why
    from smartclause.verbs.segments import RecordedSegment
    from smartclause.verbs.verify import Verification


class NewKeyForm(Form):
    """A key that was made, and where its two files are."""

    edition: Literal["new key 1"] = "new key 1"
    id: Digest
    algorithm: Algorithm
    private_key: Annotated[Shown, Field(description="The file with the encrypted private key.")]
    public_key: Annotated[Shown, Field(description="The file that others may have.")]


class TrustChangeForm(Form):
    """The trust store after a change: the list itself, or the version of a signed history that waits for its root."""

    edition: Literal["trust change 1"] = "trust change 1"
    file: Shown
    version: Count
    keys: Count


class ListedKey(Form):
    standing: Standing
    record: KeyRecord


class KeysForm(Form):
    """The keys of a trust store, with their standing now."""

    edition: Literal["keys 1"] = "keys 1"
    keys: tuple[ListedKey, ...]


class SigningForm(Form):
    """What was signed: the `digests` of the bodies; the `envelopes` where they were not written to `file`."""

    edition: Literal["signing 1"] = "signing 1"
    signed: Literal["contract", "event", "envelope"]
    key: Digest
    digests: tuple[Digest, ...]
    file: Shown = ""
    envelopes: Annotated[tuple[Any, ...] | None, Field(description="DSSE envelopes.")] = None


class SignerForm(Form):
    """`party` empty: a key that the trust store does not hold, whose signature was not checked."""

    key: Shown
    party: str
    roles: tuple[str, ...]
    standing: Standing


class SourceForm(Form):
    """`fits` is left out where there was no file to compare."""

    name: str
    digest: Digest
    fits: bool | None = None


class VerificationForm(Form):
    """Who signed, and whose signature does not count yet (`missing`).

    `recompiles` is left out where the sources are not all there.
    """

    edition: Literal["verification 1"] = "verification 1"
    kind: str
    holds: bool
    digest: Digest
    meaning_digest: Digest | None = None
    signers: tuple[SignerForm, ...]
    signed_by: tuple[str, ...]
    missing: tuple[str, ...]
    recompiles: bool | None = None
    sources: tuple[SourceForm, ...]


class RecordedLine(Form):
    """A line with its receipt, or the code and sentences of its refusal; for an act the decision before and here.

    `second_value`: the line states another value for a known fact, and fills nothing.
    `already`: the same bytes were in the ledger before; nothing was added, and the receipt is the old one.
    """

    line: Count
    recorded: bool
    already: bool
    index: Count | None = None
    received: Instant | None = None
    event: str | None = None
    leaf: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    kind: Kind | None = None
    code: str | None = None
    place: Shown | None = None
    message: Shown | None = None
    help: Shown | None = None
    before: Decision | None = None
    at_place: Decision | None = None
    second_value: SecondValueForm | None = None


class SegmentReceiptForm(Form):
    """The receipt of a segment. `known` counts events whose id the ledger held before.

    `already`: the same statement was in the ledger before; nothing was added, and the receipt is the old one.
    """

    file: Shown
    already: bool
    index: Count
    received: Instant
    leaf: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    kind: Kind
    place: Literal["continues", "gap", "broken", "forked"] | None = None
    known: Count
    statement: SegmentStatement


class RecordingForm(Form):
    """What became of each line, or of the segment, and the head of the ledger after it."""

    edition: Literal["recording 1"] = "recording 1"
    ledger: str
    size: Count
    root: Digest
    lines: tuple[RecordedLine, ...]
    segment: SegmentReceiptForm | None = None


class RegisterChangeForm(Form):
    """The register after an entry was added and it was signed anew."""

    edition: Literal["register change 1"] = "register change 1"
    file: Shown
    keeper: str
    dated: Instant
    entries: Count


class StandsUnderForm(Form):
    """What an asset stands under at an instant.

    No `entry`: it is not registered then, and every use of it undecided.
    """

    edition: Literal["stands under 1"] = "stands under 1"
    asset: str
    at: Instant
    entry: Entry | None = None
    members: tuple[Member, ...]
    register_digest: Digest


# ---- writing


def new_key_form(key: PublicKey, private: Path, public: Path) -> NewKeyForm:
    return NewKeyForm(id=key.id, algorithm=key.algorithm, private_key=str(private), public_key=str(public))


def trust_change_form(store: TrustStore, path: Path) -> TrustChangeForm:
    return TrustChangeForm(file=str(path), version=store.version, keys=len(store.keys))


def keys_form(listed: Sequence[tuple[KeyRecord, Standing]]) -> KeysForm:
    return KeysForm(keys=tuple(ListedKey(standing=standing, record=record) for record, standing in listed))


def contract_signing_form(document: str, key: KeyId, out: Path) -> SigningForm:
    return SigningForm(signed="contract", key=key, digests=(document,), file=str(out))


def signing_form(
    signed: Literal["event", "envelope"], sealed: Sequence[bytes], key: KeyId, out: Path | None
) -> SigningForm:
    return SigningForm(
        signed=signed,
        key=key,
        digests=tuple(digest_of_bytes(envelopes.read(each).body) for each in sealed),
        file=str(out or ""),
        envelopes=tuple(map(parse, sealed)) if out is None else None,
    )


def verification_form(found: Verification) -> VerificationForm:
    return VerificationForm(
        kind=found.kind,
        holds=found.holds,
        digest=found.digest,
        meaning_digest=found.meaning or None,
        signers=tuple(SignerForm(key=s.key, party=s.party, roles=s.roles, standing=s.standing) for s in found.signers),
        signed_by=found.signed_by,
        missing=found.missing,
        recompiles=found.recompiles,
        sources=tuple(SourceForm(name=s.name, digest=s.digest, fits=s.fits) for s in found.sources),
    )


def recording_form(found: Recording, lang: Lang) -> RecordingForm:
    lines = tuple(recorded_line(line, lang) for line in found.lines)
    return RecordingForm(ledger=found.ledger, size=found.size, root=found.root, lines=lines)


def segment_recording_form(found: RecordedSegment) -> RecordingForm:
    receipt = found.receipt.receipt
    told = SegmentReceiptForm(
        file=str(found.file),
        already=found.already,
        index=receipt.index,
        received=timestamp(receipt.received),
        leaf=receipt.leaf.hex(),
        kind=receipt.kind,
        place=None if receipt.place is None else receipt.place.value,
        known=found.receipt.known,
        statement=found.receipt.statement,
    )
    return RecordingForm(ledger=found.ledger, size=found.size, root=found.root, lines=(), segment=told)


def recorded_line(line: Recorded, lang: Lang) -> RecordedLine:
    told: dict[str, Any] = {}
    if line.receipt is not None:
        receipt = line.receipt
        told |= {"index": receipt.index, "received": timestamp(receipt.received), "event": receipt.event}
        told |= {"leaf": receipt.leaf.hex(), "kind": receipt.kind}
    if line.fault is not None:
        told |= in_parts(line.fault, lang)
    if line.before is not None and line.at_place is not None:
        told |= {"before": line.before.decision, "at_place": line.at_place.decision}
    if line.second_value is not None:
        told |= {"second_value": second_value_form(line.second_value)}
    already = line.receipt is not None and line.receipt.place is None
    return RecordedLine(line=line.line, recorded=line.receipt is not None, already=already, **told)


def register_change_form(register: Register, path: Path) -> RegisterChangeForm:
    return RegisterChangeForm(
        file=str(path), keeper=register.keeper, dated=register.dated, entries=len(register.entries)
    )


def stands_under_form(found: Why) -> StandsUnderForm:
    return StandsUnderForm(
        asset=found.asset,
        at=timestamp(found.at),
        entry=found.entry,
        members=found.members,
        register_digest=found.register.digest,
    )
