"""`ledger`: begin one, verify it as a whole, sign a checkpoint, prove an entry, show what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence import envelope as envelopes
from smartclause.evidence import proof as proofs
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import read_form
from smartclause.evidence.judged import JudgedEntry, judged_entries
from smartclause.evidence.keys import KeyId, PublicKey, SigningKey
from smartclause.evidence.ledger import Clock, Ledger, create_ledger, last_of, open_ledger, row_at, system_clock
from smartclause.evidence.ledger import checkpoint as sign_checkpoint
from smartclause.evidence.segment import SegmentStatement
from smartclause.evidence.segment_table import holdings
from smartclause.evidence.sequences import Sequences, read_sequences
from smartclause.evidence.trust import TrustSource
from smartclause.evidence.verification import Progress, VerifiedLedger, is_segment, verify_ledger
from smartclause.logic.canonical import digest_of_bytes
from smartclause.verbs.compare import Agreement, Comparison, compare_with
from smartclause.verbs.inputs import need_trust
from smartclause.verbs.keepers import keeper
from smartclause.verbs.sign import Place
from smartclause.verbs.sources import in_line, kept_lines
from smartclause.verbs.stamps import Stamped, open_roots, stamps
from smartclause.verbs.witness import Quorum, open_policy, quorum


def make(path: Path, key: PublicKey, clock: Clock = system_clock) -> str:
    """A new ledger, kept by the holder of `key`; its id. Raises EvidenceError EV07, EV16, EV19."""
    return create_ledger(path, key, clock)


@dataclass(frozen=True, slots=True)
class Beside:
    """What else to check, by the reader's own files: a policy of witnesses, kept checkpoints, roots of authorities."""

    policy: Path | None = None
    kept: tuple[Path, ...] = ()
    roots: Path | None = None


@dataclass(frozen=True, slots=True)
class SegmentsFound:
    """The segments of a ledger: how many files fit, with how many events, and which are missing."""

    files: int
    events: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """`keeper` empty: the trust store does not know the ledger's key, so nobody vouches for its times.

    `holds`: all entries and the tree fit, the keeper's checkpoint covers them, and what was asked beside holds too:
    the quorum of witnesses over that checkpoint, each kept checkpoint, each time stamp.
    """

    ledger: str
    verified: VerifiedLedger
    keeper: str
    quorum: Quorum | None = None
    kept: tuple[Comparison, ...] = ()
    stamps: tuple[Stamped, ...] | None = None
    segments: SegmentsFound | None = None

    @property
    def holds(self) -> bool:
        covered = bool(self.keeper) and self.verified.signed_size == self.verified.head.size
        witnessed = self.quorum is None or self.quorum.size == self.verified.head.size
        grown = all(one.agreement in (Agreement.SAME, Agreement.BEGINNING) for one in self.kept)
        whole = self.segments is None or not self.segments.missing
        return covered and whole and witnessed and grown and all(one.holds for one in self.stamps or ())


def verify(
    path: Path,
    *,
    trust: TrustSource | None = None,
    clock: Clock = system_clock,
    beside: Beside | None = None,
    progress: Progress | None = None,
    segments: Path | None = None,
) -> LedgerCheck:
    """`segments` is the folder of its segments, if not beside it. Raises EvidenceError, VerbError VB11."""
    store, asked = need_trust(trust), beside or Beside()
    with open_ledger(path) as ledger:
        key, party = keeper(ledger, store, clock)
        verified = verify_ledger(ledger, key, progress)
        found = _segments(ledger, segments)
        if asked == Beside():
            return LedgerCheck(ledger.id, verified, party, segments=found)
        if key is None:
            raise EvidenceError("EV06", path.name)
        return LedgerCheck(
            ledger.id,
            verified,
            party,
            None if asked.policy is None else quorum(ledger, key, open_policy(asked.policy)),
            tuple(compare_with(ledger, verified.head, key, kept) for kept in asked.kept),
            None if asked.roots is None else tuple(stamps(ledger, key, open_roots(asked.roots))),
            found,
        )


def _segments(ledger: Ledger, folder: Path | None) -> SegmentsFound | None:
    """None of a ledger without any. Raises EvidenceError EV32, EV33 with the row."""
    held = {each.file: each.position for each in holdings(ledger.connection)}
    if not held:
        return None
    from smartclause.evidence.segment_check import verify_segment
    from smartclause.evidence.segment_store import file_name, segment_path, segments_folder

    files = events = 0
    missing = []
    for digest, position in held.items():
        path = segment_path(folder or segments_folder(ledger.path), digest)
        statement = read_form(SegmentStatement, envelopes.read(row_at(ledger, position).envelope).body)
        if path.is_file():
            verify_segment(path, statement)
            files, events = files + 1, events + statement.count
        else:
            missing.append(file_name(digest))
    return SegmentsFound(files, events, tuple(missing))


def checkpoint(path: Path, key: SigningKey) -> str:
    """Raises EvidenceError EV07, EV15-EV17."""
    with _verified(path) as ledger:
        return sign_checkpoint(ledger, key)


def prove(path: Path, index: int) -> str:
    """The proof that an entry stands under the last checkpoint. Raises EvidenceError EV17, EV18, EV19."""
    with open_ledger(path) as ledger:
        return proofs.proof_text(proofs.prove_entry(ledger, index))


def entries(path: Path, *, trust: TrustSource | None = None) -> tuple[JudgedEntry, ...]:
    """Raises EvidenceError, VerbError VB11."""
    store = need_trust(trust)
    with open_ledger(path) as ledger:
        return tuple(judged_entries(ledger, store))


def owed(found: tuple[JudgedEntry, ...]) -> Sequences:
    """Gaps and breaks in the issuers' sequences."""
    return read_sequences(found)


def next_place(path: Path, issuer: KeyId) -> Place:
    """Where the issuer's next event stands in this ledger. Raises EvidenceError."""
    with open_ledger(path) as ledger:
        last = last_of(ledger, issuer)
        if last is None:
            return Place(ledger.id)
        seq, body = last
        return Place(ledger.id, seq + 1, body)


@contextmanager
def _verified(path: Path) -> Iterator[Ledger]:
    """A checkpoint is signed only over what fits."""
    with open_ledger(path, writing=True) as ledger:
        verify_ledger(ledger)
        yield ledger


def place_after(path: Path, issuer: KeyId, after: Path | None) -> Place:
    """As `next_place`, behind events and segments that were signed and are not recorded yet. Raises EvidenceError."""
    where = next_place(path, issuer)
    for line in kept_lines(after) if after is not None else ():
        with in_line(line.number):
            sealed = envelopes.read(line.needed())
            number, last, head = _end_of(sealed)
        if head.issuer == issuer and head.ledger == where.ledger and number > where.seq:
            where = Place(where.ledger, number, last)
    return where


def _end_of(sealed: envelopes.Envelope) -> tuple[int, str, EventBody | SegmentStatement]:
    """The number after an event or a segment, and the digest that stands before it."""
    if is_segment(sealed):
        statement = read_form(SegmentStatement, sealed.body)
        return statement.end, statement.last, statement
    body = read_form(EventBody, sealed.body)
    return body.seq + 1, digest_of_bytes(sealed.body), body
