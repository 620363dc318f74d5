"""Answers about a ledger as JSON: begun, verified, under a checkpoint, proved, listed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field

from smartclause.evidence.entry import Kind
from smartclause.evidence.forms import Count, Digest, Form, Instant, timestamp
from smartclause.evidence.judged import JudgedEntry
from smartclause.evidence.sequences import Defect, Sequences
from smartclause.verbs.answers_error import Shown
from smartclause.verbs.answers_evidence import SignerForm
from smartclause.verbs.answers_witness import QuorumForm, StampForm, ViewsForm, quorum_form, stamp_form, views_form

if TYPE_CHECKING:
    from smartclause.verbs.ledger import LedgerCheck

NoteKind: TypeAlias = Literal["checkpoint", "proof", "growth", "verifier key", "policy"]


class NewLedgerForm(Form):
    """A ledger that was begun."""

    edition: Literal["new ledger 1"] = "new ledger 1"
    ledger: str
    file: Shown


class SegmentsForm(Form):
    """The files of segments that fit, with how many events, and those that are missing."""

    files: Count
    events: Count
    missing: tuple[Shown, ...]


class LedgerCheckForm(Form):
    """Whether a ledger holds. `signed_size`: entries under a checkpoint that its keeper signed.

    `keeper` empty: nobody in the trust store vouches for its times.
    """

    edition: Literal["ledger check 1"] = "ledger check 1"
    ledger: str
    holds: bool
    keeper: str
    size: Count
    root: Digest
    signed_size: Count
    quorum: QuorumForm | None = None
    kept: tuple[ViewsForm, ...] = ()
    stamps: tuple[StampForm, ...] | None = None
    segments: SegmentsForm | None = None


class NoteForm(Form):
    """A text that other tools read: a checkpoint, a proof, a key, a policy. `file`: where it was written."""

    edition: Literal["note 1"] = "note 1"
    kind: NoteKind
    text: str
    file: Shown = ""


class EntryForm(Form):
    """`earlier`: the entry that an equivocation or cosignature speaks of."""

    index: Count
    received: Instant
    kind: Kind
    earlier: Count | None = None
    digest: Digest
    signers: tuple[SignerForm, ...]
    event: Annotated[dict[str, Any], Field(description="As signed: by event.schema.json, or by segment.schema.json.")]


class GapForm(Form):
    """Numbers of an issuer that were never received, between two entries. `void`: nothing is owed under them."""

    issuer: str
    first: Count
    last: Count
    after: Count | None = None
    before: Count
    void: bool


class FaultForm(Form):
    issuer: str
    seq: Count
    defect: Defect
    entries: tuple[Count, ...]


class EntriesForm(Form):
    """What the ledger holds, and what issuers still owe."""

    edition: Literal["ledger entries 1"] = "ledger entries 1"
    entries: tuple[EntryForm, ...]
    gaps: tuple[GapForm, ...]
    faults: tuple[FaultForm, ...]


# ---- writing


def new_ledger_form(ledger: str, path: Path) -> NewLedgerForm:
    return NewLedgerForm(ledger=ledger, file=str(path))


def ledger_check_form(found: LedgerCheck) -> LedgerCheckForm:
    head, segments = found.verified.head, found.segments
    return LedgerCheckForm(
        ledger=found.ledger,
        holds=found.holds,
        keeper=found.keeper,
        size=head.size,
        root=f"sha256:{head.root.hex()}",
        signed_size=found.verified.signed_size,
        quorum=None if found.quorum is None else quorum_form(found.quorum),
        kept=tuple(map(views_form, found.kept)),
        stamps=None if found.stamps is None else tuple(map(stamp_form, found.stamps)),
        segments=None
        if segments is None
        else SegmentsForm(files=segments.files, events=segments.events, missing=segments.missing),
    )


def note_form(kind: NoteKind, text: str, out: Path | None) -> NoteForm:
    return NoteForm(kind=kind, text=text, file=str(out or ""))


def entries_form(found: Sequence[JudgedEntry], owed: Sequences) -> EntriesForm:
    return EntriesForm(
        entries=tuple(map(_entry, found)),
        gaps=tuple(
            GapForm(issuer=g.issuer, first=g.first, last=g.last, after=g.after, before=g.before, void=g.void)
            for g in owed.gaps
        ),
        faults=tuple(FaultForm(issuer=f.issuer, seq=f.seq, defect=f.defect, entries=f.entries) for f in owed.faults),
    )


def _entry(entry: JudgedEntry) -> EntryForm:
    signers = (SignerForm(key=s.key, party=s.party, roles=s.roles, standing=s.standing) for s in entry.signers)
    return EntryForm(
        index=entry.index,
        received=timestamp(entry.received),
        kind=entry.kind,
        earlier=entry.earlier,
        digest=entry.digest,
        signers=tuple(signers),
        event=entry.body,
    )
