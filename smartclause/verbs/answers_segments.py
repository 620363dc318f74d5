"""Answers about segments as JSON: made, compared, one event proved, a proof checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from smartclause.evidence.entry import LedgerEntry
from smartclause.evidence.forms import Count, Digest, EventId, Form, Instant, read_form
from smartclause.evidence.segment import SegmentStatement
from smartclause.logic.canonical import digest_of_bytes, parse
from smartclause.verbs.answers_error import Shown
from smartclause.verbs.answers_evidence import SignerForm

if TYPE_CHECKING:
    from smartclause.evidence.event_proof import EventProof, Proved
    from smartclause.evidence.segment_recording import Sealed
    from smartclause.verbs.segments import MadeSegment


class SegmentForm(Form):
    """A segment that was made, or that fits its statement. `digest` is that of the signed statement."""

    edition: Literal["segment answer 1"] = "segment answer 1"
    file: Shown
    signed: Shown
    digest: Digest
    statement: SegmentStatement


class EventProofFileForm(Form):
    """The proof of an event of a segment, as it was written."""

    edition: Literal["event proof file 1"] = "event proof file 1"
    entry: Count
    row: Count
    file: Shown


class EventProvedForm(Form):
    """What a proof shows. `entry` of the ledger was received when said; `size` and `root` are the checkpoint's, which
    `keeper` signed; `event` is as signed, in its `row` of the segment."""

    edition: Literal["event proved 1"] = "event proved 1"
    ledger: str
    entry: Count
    row: Count
    received: Instant
    signers: tuple[SignerForm, ...]
    keeper: str
    size: Count
    root: Digest
    segment: EventId
    event: Annotated[dict[str, Any], Field(description="As signed: by event.schema.json.")]


def made_form(found: MadeSegment) -> SegmentForm:
    return SegmentForm(file=str(found.file), signed=str(found.signed), digest=found.digest, statement=found.statement)


def compared_form(found: Sealed, file: Path, signed: Path) -> SegmentForm:
    digest = digest_of_bytes(found.parts.body)
    return SegmentForm(file=str(file), signed=str(signed), digest=digest, statement=found.statement)


def event_proof_form(proof: EventProof, out: Path) -> EventProofFileForm:
    entry = read_form(LedgerEntry, proof.entry.encode())
    return EventProofFileForm(entry=entry.index, row=proof.row, file=str(out))


def proved_form(found: Proved, event: bytes) -> EventProvedForm:
    body = parse(event)
    assert isinstance(body, dict)
    return EventProvedForm(
        ledger=found.entry.ledger,
        entry=found.entry.index,
        row=found.row,
        received=found.entry.received,
        signers=tuple(SignerForm(key=s.key, party=s.party, roles=s.roles, standing=s.standing) for s in found.signers),
        keeper=found.keeper,
        size=found.checkpoint.size,
        root=f"sha256:{found.checkpoint.root.hex()}",
        segment=found.statement.id,
        event=body,
    )
