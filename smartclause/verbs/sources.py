"""Where records come from: a ledger, verified as a whole before it is read, or lines of JSON without attested times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import KeyId, PublicKey
from smartclause.evidence.ledger import checkpoints, open_ledger, rows
from smartclause.evidence.recording import MAX_EVENT
from smartclause.evidence.trust import KeyRecord, Standing, TrustStore, keeps_ledgers, key_of, record_of, standing
from smartclause.evidence.verification import is_segment, verify_ledger
from smartclause.logic.counting import Instant
from smartclause.logic.opening import beginning
from smartclause.verbs.lines import Line, each_line
from smartclause.verbs.reading import Absent, Opened, Received, open_events

MAX_LINES_FILE = 2**30
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Records:
    """What was read. `ledger` empty: lines of JSON, whose times nobody attests.

    `size` and `root` are the head; `last` is the last receipt (or claimed time), 0 if there is nothing.
    `checkpointed` counts the entries under a checkpoint signed by the ledger's key, as the trust store knows it,
    of entries that came while that key stood.
    """

    opened: tuple[Opened, ...]
    ledger: str = ""
    size: int = 0
    root: str = ""
    last: Instant = 0
    checkpointed: int = 0
    attested: bool = False
    numbers: tuple[tuple[str, str], ...] = ()  # event number and digest of its body
    disclosures: str = ""  # digest of the disclosures that were given
    keeper: KeyId = ""  # the ledger's key, where the trust store vouches for it
    absent: tuple[Absent, ...] = ()  # segments whose file is missing
    events: int | None = None  # places in the order of events, where entries hold many

    @property
    def next_index(self) -> int:
        """The place of the next event."""
        return self.size if self.events is None else self.events

    @property
    def next_entry(self) -> int | None:
        """The entry of the next event, where it is another number."""
        return None if self.events is None else self.size

    @property
    def deposits(self) -> Mapping[str, Instant]:
        """Signed contracts by the digest of their envelope, and when the ledger first received that, as it signed."""
        found: dict[str, Instant] = {}
        for each in self.opened:
            if each.body.type == "deposit" and each.received is not None and each.at_entry < self.checkpointed:
                digest = str(each.body.facts["envelope"])
                found[digest] = min(each.received, found.get(digest, each.received))
        return found

    @property
    def vouched(self) -> bool:
        """The keeper signed for every receipt: behind its last checkpoint anyone could write another time."""
        return self.attested and self.checkpointed >= self.size


def is_ledger(path: Path) -> bool:
    try:
        return path.is_file() and beginning(path, len(_SQLITE)).startswith(_SQLITE)  # of a pipe nothing is taken
    except OSError:
        return False


def read_ledger(
    path: Path, trust: TrustStore, now: Instant, until: Instant | None = None, segments: Path | None = None
) -> Records:
    """All entries, or those received up to `until`; `segments` is the folder of its segments, if not beside it.

    Times of receipt are the word of the ledger's keeper: they count only if the trust store holds the ledger's key.
    Raises EvidenceError.
    """
    with open_ledger(path) as ledger:
        key = keeper_of(trust, ledger.key_id, now)
        verified = verify_ledger(ledger, key)
        kept = [r for r in rows(ledger, 0, verified.head.size) if until is None or r.received <= until]
        received = [
            Received(envelopes.read(r.envelope), r.received if key else None, r.position, r.kind, f"entry {r.position}")
            for r in kept
        ]
        root = f"sha256:{verified.head.root.hex()}"
        absent: tuple[Absent, ...] = ()
        events: int | None = None
        if any(is_segment(item.envelope) for item in received):
            from smartclause.verbs.segment_reading import open_with_segments, segments_folder

            opened, absent, events = open_with_segments(received, trust, now, segments or segments_folder(path))
        else:
            opened = open_events(received, trust, now)
        last = max((r.received for r in kept), default=0)
        size, signed = verified.head.size, verified.signed_size
        if key is not None and signed:
            stood = while_standing(trust, key.id, (r.received for r in rows(ledger, 0, signed)))
            signed = max((n for n, _ in checkpoints(ledger) if n <= stood), default=0)
        return Records(
            tuple(opened),
            ledger.id,
            size,
            root,
            last,
            signed,
            key is not None,
            _numbers(opened),
            keeper=key.id if key else "",
            absent=absent,
            events=events,
        )


def keeper_of(trust: TrustStore, key: KeyId, now: Instant) -> PublicKey | None:
    """The ledger's key, if the trust store vouches for it: then, and only then, its times of receipt count."""
    record = record_of(trust, key)
    if record is None or not keeps_ledgers(record):
        return None
    if standing(record, now, issuers=trust.issuers) not in (Standing.TRUSTED, Standing.LAPSED):
        return None
    return key_of(record)


def while_standing(trust: TrustStore, keeper: KeyId, received: Iterable[Instant]) -> int:
    """How many entries, from the first, came before the end of the keeper's key. Whoever still has it may go on."""
    record = record_of(trust, keeper)
    return sum(1 for _ in takewhile(lambda at: not _has_ended(record, at, trust), received))


def _has_ended(record: KeyRecord | None, at: Instant, trust: TrustStore) -> bool:
    if record is None or (record.valid_until or record.revoked or record.chain) is None:
        return False
    return standing(record, at, issuers=trust.issuers) is Standing.LAPSED


def read_lines(path: Path, trust: TrustStore, now: Instant, until: Instant | None = None) -> Records:
    """Signed envelopes, one on each line. Raises EvidenceError with the line."""
    received = [
        Received(envelope, None, number, place=f"line {line}")
        for number, (line, envelope) in enumerate(_envelopes(path), 1)
    ]
    opened = open_events(received, trust, now)
    if until is not None:
        opened = [o for o in opened if o.instant <= until]
    return Records(
        tuple(opened), size=len(opened), last=max((o.instant for o in opened), default=0), numbers=_numbers(opened)
    )


def _envelopes(path: Path) -> Iterator[tuple[int, envelopes.Envelope]]:
    """With the number of the line."""
    for line in kept_lines(path):
        with in_line(line.number):
            envelope = envelopes.read(line.needed(), MAX_EVENT)
        yield line.number, envelope


@contextmanager
def in_line(number: int) -> Iterator[None]:
    """Whatever is refused here is refused with the line."""
    try:
        yield
    except EvidenceError as error:
        place = error.place.removeprefix(f"line {number}").strip()
        raise EvidenceError(error.code, on_line(number, place), **error.values) from None


def on_line(number: int, place: str) -> str:
    """The place in a file of lines: a line is one JSON text, so its own line is always the first."""
    return f"line {number} {place.removeprefix('line 1 ')}".strip()


def lines_of(path: Path) -> list[bytes]:
    """The lines that are not empty; a file that is one JSON value over several lines is one line.

    Raises EvidenceError EV02, EV19.
    """
    return [line.needed() for line in kept_lines(path)]


def kept_lines(path: Path) -> Iterator[Line]:
    """Lines that are kept in memory all together."""
    size = 0
    for line in each_line(path):
        size += len(line.content)
        if size > MAX_LINES_FILE:
            raise EvidenceError("EV02", path.name, what="the file", size=f"more than {size}", limit=MAX_LINES_FILE)
        yield line


def read_records(
    path: Path, trust: TrustStore, now: Instant, until: Instant | None = None, segments: Path | None = None
) -> Records:
    if is_ledger(path):
        return read_ledger(path, trust, now, until, segments)
    return read_lines(path, trust, now, until)


def _numbers(opened: list[Opened]) -> tuple[tuple[str, str], ...]:
    return tuple((o.body.id, o.digest) for o in opened)
