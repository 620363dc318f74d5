"""`segment` and `record --segment`: make a segment, compare it with its statement, record it, prove one event of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.event_proof import MAX_EVENT_PROOF, EventProof, Proved, check_event_proof, read_event_proof
from smartclause.evidence.files import read_limited, write_whole
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.ledger import Clock, head, open_ledger, system_clock
from smartclause.evidence.segment import SegmentStatement
from smartclause.evidence.segment_check import Part, claimed_span, verify_segment
from smartclause.evidence.segment_making import make_segment
from smartclause.evidence.segment_proof import place_of, prove_event
from smartclause.evidence.segment_recording import (
    MAX_STATEMENT,
    Sealed,
    SegmentReceipt,
    read_sealed,
    record_segment,
)
from smartclause.evidence.segment_store import segments_folder
from smartclause.evidence.trust import TrustSource, TrustStore
from smartclause.logic.canonical import digest_of_bytes
from smartclause.logic.counting import Instant
from smartclause.logic.record import Event
from smartclause.logic.world import lag_of
from smartclause.verbs.admission import refuse_misfit
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import need_trust, open_contract
from smartclause.verbs.ledger import place_after
from smartclause.verbs.lines import each_line
from smartclause.verbs.matter import Changes, matter_of
from smartclause.verbs.segment_admission import refuse_misfits
from smartclause.verbs.sign import Place, event_body
from smartclause.verbs.sources import in_line

Progress: TypeAlias = Callable[[int, int], None]


def statement_path(segment: Path) -> Path:
    """Where the signed statement of a segment's file stands."""
    return segment.with_name(f"{segment.name}.signed")


@dataclass(frozen=True, slots=True)
class MadeSegment:
    statement: SegmentStatement
    digest: str
    file: Path
    signed: Path


def make(
    contract: Path,
    events: Path,
    key: SigningKey,
    ledger: Path,
    out: Path,
    *,
    after: Path | None = None,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
    progress: Progress | None = None,
) -> MadeSegment:
    """Writes the file `out`, and beside it the statement that the key signed. `events` are lines of plain JSON, or of
    event bodies whose numbers follow each other; memory does not grow with them.

    Raises EvidenceError, VerbError VB05-VB10.
    """
    bundle, signed = open_contract(contract, folders), statement_path(out)
    if signed.exists():
        raise EvidenceError("EV19", name=signed.name, reason="it exists already")
    where = place_after(ledger, key.id, after)
    bodies = _bodies(bundle, events, key, where, clock(), progress)
    sealed = make_segment(out, bodies, key)
    try:
        write_whole(signed, sealed + b"\n", replace=False)
    except EvidenceError:
        out.unlink(missing_ok=True)
        raise
    return MadeSegment(*_stated(sealed), out, signed)


def _stated(sealed: bytes) -> tuple[SegmentStatement, str]:
    from smartclause.evidence.envelope import read

    body = read(sealed).body
    return read_form(SegmentStatement, body), digest_of_bytes(body)


_BODY = b'"edition":"event 1"'


def _bodies(
    bundle: Bundle, events: Path, key: SigningKey, where: Place, now: Instant, progress: Progress | None
) -> Iterator[tuple[bytes, EventBody]]:
    size = events.stat().st_size if events.is_file() else 0
    done = 0
    for line in each_line(events):
        content, at = line.needed(), f"line {line.number}"
        if _BODY in content:  # plain JSON has no edition
            with in_line(line.number):
                body = read_form(EventBody, content)
            signed = content
            if body.contract == bundle.document:
                refuse_misfit(body, bundle.lookup, at)
        else:
            body = event_body(bundle, content, key, where, now, at)
            signed = canonical(body)
        yield signed, body
        where = Place(where.ledger, body.seq + 1, digest_of_bytes(signed))
        done += line.size + 1
        if progress is not None and line.number % 1_000 == 0:
            progress(done, size)


# ---- comparing and recording


def verify(file: Path, *, statement: Path | None = None, trust: TrustSource | None = None) -> Sealed:
    """The file against its statement. Raises EvidenceError, VerbError VB11."""
    sealed = read_statement(statement or statement_path(file), need_trust(trust))
    verify_segment(file, sealed.statement)
    return sealed


def read_statement(path: Path, trust: TrustStore) -> Sealed:
    """Raises EvidenceError EV01-EV06, EV08, EV12, EV19."""
    return read_sealed(read_limited(path, MAX_STATEMENT).removesuffix(b"\n"), trust)


@dataclass(frozen=True, slots=True)
class RecordedSegment:
    receipt: SegmentReceipt
    file: Path
    ledger: str
    size: int
    root: str

    @property
    def already(self) -> bool:
        """It was in the ledger before: nothing was added, and the receipt is the old one."""
        return self.receipt.receipt.place is None


def record(
    ledger: Path,
    file: Path,
    *,
    statement: Path | None = None,
    trust: TrustSource | None = None,
    contract: Path | None = None,
    members: tuple[Path, ...] = (),
    key: SigningKey | None = None,
    segments: Path | None = None,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
    progress: Progress | None = None,
) -> RecordedSegment:
    """`contract`, or a member, is the one that the segment names: it says which lag was agreed, and what an event is.

    Raises EvidenceError, VerbError VB07-VB11, VB50.
    """
    store = need_trust(trust)
    sealed = read_statement(statement or statement_path(file), store)
    given = tuple(open_contract(each, folders) for each in (*((contract,) if contract else ()), *members))
    bundle = next((each for each in given if each.document == sealed.statement.contract), None)
    if bundle is None:
        raise VerbError("VB11", file.name, what=f"contract {sealed.statement.contract}", option="--contract FILE")
    refuse_long_span(sealed, bundle, store, clock())

    def admitted(statement: SegmentStatement, part: Part) -> None:
        refuse_misfits(part, bundle.lookup)
        if progress is not None:
            progress(part.start + len(part.bodies), statement.count)

    with open_ledger(ledger, writing=True) as opened:
        folder = segments or segments_folder(ledger)
        receipt = record_segment(opened, folder, file, sealed, store, key, clock, admitted)
        point = head(opened)
        return RecordedSegment(receipt, file, opened.id, point.size, f"sha256:{point.root.hex()}")


def refuse_long_span(sealed: Sealed, bundle: Bundle, trust: TrustStore, now: Instant) -> None:
    """An event that is received later than its source may record stands where it was received: a segment that spans
    more than the agreed lag would lose the times of its events (design 5). Raises VerbError VB50.
    """
    matter = matter_of(bundle, trust, changes=Changes((), now))
    signers = matter.main.reader.holders.signers(sealed.signers, now)
    span, lag = claimed_span(sealed.statement), lag_of(bundle.lookup, Event("", "", now, signers=signers))
    if span > lag:
        raise VerbError("VB50", span=length_text(span), lag=length_text(lag))


def length_text(microseconds: int) -> str:
    """Hours, minutes and seconds, a part of a second counted as one."""
    seconds = -(-microseconds // 1_000_000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


# ---- proof of one event


def prove(ledger: Path, event: str | tuple[int, int], out: Path, *, segments: Path | None = None) -> EventProof:
    """Writes the proof that a segment of the ledger holds the event, named by its id or by entry and row.

    Raises EvidenceError EV17-EV19, EV32-EV35.
    """
    folder = segments or segments_folder(ledger)
    with open_ledger(ledger) as opened:
        entry, row = place_of(opened, folder, event) if isinstance(event, str) else event
        proof = prove_event(opened, folder, entry, row)
    write_whole(out, canonical(proof) + b"\n")
    return proof


def check(proof: Path, *, trust: TrustSource | None = None, clock: Clock = system_clock) -> Proved:
    """Without ledger and segment. Raises EvidenceError, VerbError VB11."""
    store = need_trust(trust)
    return check_event_proof(read_event_proof(read_limited(proof, MAX_EVENT_PROOF)), store, clock())
