"""Verdicts of an audit that were kept, and whether they may be compared with those of today.

They are compared only on the same contract, read in the same way, and on a ledger that begins with the entries they
were judged on: a ledger that was rewritten corrects nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence import forms
from smartclause.evidence.files import read_limited
from smartclause.evidence.ledger import entry_of, open_ledger, rows
from smartclause.evidence.merkle import Frontier, append, leaf_hash, root_of
from smartclause.logic.canonical import MAX_BYTES
from smartclause.logic.counting import Instant
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Decision
from smartclause.verbs.answers import AuditForm, NoteForm, UseForm
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import read_as
from smartclause.verbs.sources import Records


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """`document` is the digest of the version of the contract under which the act was judged."""

    event: str
    type: str
    by: str
    document: str
    truth: Truth
    decision: Decision
    final: bool

    @property
    def settled(self) -> bool:
        return self.truth is not Truth.UNKNOWN


@dataclass(frozen=True, slots=True)
class Kept:
    """`inputs` of the verdicts by name, for each version of the contract by its digest; `unsigned`: who had not signed.

    `size` and `root` are the head at which they were judged, `checkpointed` as many entries as the keeper had signed
    for, `asked` the instant.
    """

    place: str
    asked: Instant
    closed: bool
    unsigned: tuple[str, ...]
    ledger: str
    size: int
    root: str
    checkpointed: int
    inputs: Mapping[str, Mapping[str, str]]
    verdicts: tuple[KeptVerdict, ...]


def read_kept(path: Path) -> Kept:
    """From the JSON of an audit of a ledger. Raises EvidenceError, VerbError VB12, VB35."""
    audit = read_as(AuditForm, read_limited(path, MAX_BYTES), str(path), "audit")
    parts = (*audit.earlier, audit)
    inputs = {each.get("document", ""): each for part in parts for each in [_named(part)]}
    head = _named(audit)
    counted = re.fullmatch("[0-9]{1,15}", head.get("size", ""))
    if "" in inputs or "ledger" not in head or "root" not in head or counted is None:
        raise VerbError("VB35", str(path), reason="it names no head of a ledger")
    notes = [n for part in parts for n in part.notes]
    return Kept(
        str(path),
        forms.instant(audit.asked),
        any(n.kind == "read as closed" for n in notes),
        tuple(sorted({n.detail for n in notes if n.kind == "unsigned"})),
        head["ledger"],
        int(head["size"]),
        head["root"],
        int(head["size"]) - sum(_not_covered(n) for n in audit.notes),
        inputs,
        tuple(_verdicts(parts)),
    )


def _not_covered(note: NoteForm) -> int:
    """Entries behind the last checkpoint of the keeper, as the audit noted them."""
    counted = note.kind == "after the last checkpoint" and re.fullmatch("[0-9]{1,15}", note.detail)
    return int(note.detail) if counted else 0


def _verdicts(parts: tuple[AuditForm, ...]) -> Iterator[KeptVerdict]:
    for part in parts:
        yield from (_verdict(use, _named(part)["document"]) for use in part.uses)


def _named(part: AuditForm) -> dict[str, str]:
    return {each.name: each.value for each in part.inputs}


def _verdict(use: UseForm, document: str) -> KeptVerdict:
    act, decision = use.act, Decision(use.decision)
    return KeptVerdict(act.event, act.type, act.by, document, Truth(use.truth), decision, use.final)


def refuse_other(kept: Kept, ledger: Path, records: Records, documents: frozenset[str], closed: bool) -> None:
    """Raises EvidenceError, VerbError VB34, VB35."""
    if kept.ledger != records.ledger:
        raise VerbError("VB34", kept.place, what="ledger", found=kept.ledger, wanted=records.ledger)
    other = next((d for d in kept.inputs if d not in documents), None)
    if other is not None:
        raise VerbError("VB34", kept.place, what="contract", found=other, wanted=", ".join(sorted(documents)))
    if kept.closed is not closed:
        reason = "its source was read as closed" if kept.closed else "its source was not read as closed"
        raise VerbError("VB35", kept.place, reason=reason)
    begins = root_at(ledger, kept.size) if kept.size <= records.size else ""
    if begins != kept.root:
        raise VerbError("VB34", kept.place, what="head", found=kept.root, wanted=begins or records.root)


def root_at(ledger: Path, size: int) -> str:
    """The root over the first `size` entries. Raises EvidenceError."""
    with open_ledger(ledger) as opened:
        frontier = append(Frontier(), (leaf_hash(entry_of(opened, row)) for row in rows(opened, 0, size)))
        return f"sha256:{root_of(frontier).hex()}"
