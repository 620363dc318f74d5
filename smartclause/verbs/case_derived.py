"""The files of a case that follow from the others: who exports writes them, who verifies makes them again.

Every byte of them is determined by contract, trust list, register, entries and the case itself.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from smartclause.engines.audit import AuditResult, Use
from smartclause.engines.prose import LANGUAGES, Lang, explain_contract, explain_duty, explain_verdict
from smartclause.evidence.envelope import base64_text
from smartclause.evidence.forms import canonical, timestamp
from smartclause.evidence.judged import JudgedEntry
from smartclause.evidence.merkle import prove_consistency, prove_inclusion
from smartclause.evidence.proof import Proof, proof_text
from smartclause.evidence.sequences import read_sequences
from smartclause.evidence.trust import record_of
from smartclause.logic.instances import Instance
from smartclause.logic.instants import FIRST, LAST
from smartclause.verbs.answers import audit_form
from smartclause.verbs.case_disputed import Disputed
from smartclause.verbs.case_entries import CaseEntry, Subtrees
from smartclause.verbs.case_forms import (
    Completeness,
    ConsistencyLine,
    Erased,
    GapForm,
    IssuerForm,
    Redactions,
    SequenceFaultForm,
    Withheld,
)
from smartclause.verbs.case_materials import Materials
from smartclause.verbs.completeness import sequences
from smartclause.verbs.holders import holders_of

COMPLETENESS = "completeness.json"
REDACTIONS = "redactions.json"
CONSISTENCY = "ledger/consistency.jsonl"


def derived(materials: Materials, found: Disputed) -> dict[str, bytes]:
    """By name. Raises EvidenceError, VerbError."""
    files: dict[str, bytes] = {}
    files.update(_texts(materials))
    files.update(_events(materials, found))
    files.update(_verdicts(found))
    files[CONSISTENCY] = b"".join(_consistency(materials))
    files[COMPLETENESS] = canonical(_completeness(materials)) + b"\n"
    files[REDACTIONS] = canonical(_redactions(materials)) + b"\n"
    return files


def _texts(materials: Materials) -> Iterator[tuple[str, bytes]]:
    for stated, bundle in materials.contracts:
        stem = text_stem(stated.file)
        for lang in LANGUAGES:
            yield f"{stem}.{lang}.md", explain_contract(bundle.lookup, lang).encode() + b"\n"


def text_stem(contract: str) -> str:
    """Of the file that has the words of the contract in this file."""
    return contract.removesuffix(".json").replace("contract/contract", "contract/text")


# ---- events and their proofs


def event_name(entry: CaseEntry) -> str:
    return f"events/{entry.index:06d}"


def _events(materials: Materials, found: Disputed) -> Iterator[tuple[str, bytes]]:
    subtrees, covered = Subtrees(materials.entries), materials.covered
    for entry in materials.entries_of(found.events):
        yield f"{event_name(entry)}.dsse.json", entry.raw
        if entry.index < covered:
            path = prove_inclusion(entry.index, covered, subtrees)
            proof = proof_text(Proof(entry.index, path, materials.notes[covered].decode()))
            yield f"{event_name(entry)}.tlog-proof", proof.encode()


def _consistency(materials: Materials) -> Iterator[bytes]:
    """From each signed checkpoint to the next, and from the last to the head."""
    count = len(materials.entries)
    sizes = sorted({size for size in (*materials.signed, count) if 0 < size <= count})
    subtrees = Subtrees(materials.entries)
    for old, size in pairwise(sizes):
        proof = tuple(base64_text(node) for node in prove_consistency(old, size, subtrees))
        yield canonical(ConsistencyLine(old=old, size=size, proof=proof)) + b"\n"


# ---- verdicts


def use_name(use: Use) -> str:
    return f"verdicts/{use.record.event.index:06d}.act"


def duty_name(number: int) -> str:
    return f"verdicts/{number:04d}.duty"


def _verdicts(found: Disputed) -> Iterator[tuple[str, bytes]]:
    for part, use in found.uses:
        one = replace(part, uses=(use,), duties=(), source="ledger", earlier=())
        yield f"{use_name(use)}.json", canonical(audit_form(one)) + b"\n"
        for lang in LANGUAGES:
            yield f"{use_name(use)}.{lang}.txt", explained_use(part, use, lang).encode() + b"\n"
    for number, (part, duty) in enumerate(found.duties, 1):
        one = replace(part, uses=(), duties=(duty,), source="ledger", earlier=())
        yield f"{duty_name(number)}.json", canonical(audit_form(one)) + b"\n"
        for lang in LANGUAGES:
            yield f"{duty_name(number)}.{lang}.txt", explained_duty(part, duty, lang).encode() + b"\n"


def explained_use(part: AuditResult, use: Use, lang: Lang) -> str:
    """The verdict of each file in words, with what is missing and who must show it."""
    texts = []
    for name, verdict in use.judged.members:
        text = explain_verdict(part.lookup, verdict, lang, records=part.world.by_id)
        texts.append(text if len(use.judged.members) == 1 else f"{name}\n{text}")
    return "\n\n".join(texts)


def explained_duty(part: AuditResult, duty: Instance, lang: Lang) -> str:
    return explain_duty(part.lookup, duty, lang)


# ---- completeness


def _completeness(materials: Materials) -> Completeness:
    """Over all entries, whatever the scope is."""
    by_issuer: dict[str, list[CaseEntry]] = defaultdict(list)
    for entry in materials.entries:
        by_issuer[entry.event.issuer].append(entry)
    recording = holders_of(materials.bundle, materials.store).recording_keys()
    return Completeness(
        ledger=materials.case.ledger.id,
        entries=len(materials.entries),
        signed_entries=materials.covered,
        issuers=tuple(_issuers(materials, by_issuer)),
        silent=tuple(sorted(set(recording) - set(by_issuer))),
    )


def _issuers(materials: Materials, by_issuer: dict[str, list[CaseEntry]]) -> Iterator[IssuerForm]:
    owed = read_sequences(_as_judged(materials.entries))
    marks = sequences(materials.records().opened)
    for issuer, entries in sorted(by_issuer.items()):
        record = record_of(materials.store, issuer)
        complete = marks[issuer].complete if issuer in marks else None
        numbers = [e.event.seq for e in entries]
        yield IssuerForm(
            key=issuer,
            party=None if record is None else record.party,
            events=len(entries),
            first=min(numbers),
            last=max(numbers),
            gaps=tuple(GapForm(first=g.first, last=g.last, void=g.void) for g in owed.gaps if g.issuer == issuer),
            faults=tuple(
                SequenceFaultForm(seq=f.seq, defect=f.defect.value, entries=f.entries)
                for f in owed.faults
                if f.issuer == issuer
            ),
            heartbeats=sum(e.event.type == "heartbeat" for e in entries),
            complete_to=None if complete is None or not FIRST < complete <= LAST else timestamp(complete),
            last_received=timestamp(max(e.received for e in entries)),
        )


def _as_judged(entries: Iterable[CaseEntry]) -> Iterator[JudgedEntry]:
    for e in entries:
        body = json.loads(e.parts.body)
        yield JudgedEntry(e.index, e.received, e.kind, e.earlier, e.body, body, (), e.raw)


def _redactions(materials: Materials) -> Redactions:
    opened = {o.body.id: tuple(sorted(o.disclosed)) for o in materials.records().opened}
    withheld = (
        Withheld(entry=e.index, event=e.event.id, commitments=e.event.sd, opened=opened.get(e.event.id, ()))
        for e in materials.entries
        if e.event.sd
    )
    erased = (
        Erased(file=name, by=r.by, at=r.at, subject=r.subject, ground=r.ground, facts=r.facts)
        for name, r in materials.redactions
    )
    return Redactions(withheld=tuple(withheld), erased=tuple(erased))
