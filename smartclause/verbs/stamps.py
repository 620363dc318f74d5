"""`ledger stamp`: ask an authority for a time stamp on a checkpoint, verify its answer and keep it with the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited
from smartclause.evidence.keys import PublicKey
from smartclause.evidence.ledger import Ledger, checkpoints, open_ledger, row_at
from smartclause.evidence.note import note_key
from smartclause.evidence.served import keep_timestamp, kept_timestamps, plain_note
from smartclause.evidence.timestamp_chain import MAX_CERTIFICATE_FILE, Roots, read_roots
from smartclause.evidence.timestamp_token import MAX_TOKEN
from smartclause.evidence.timestamps import TimeStamp, read_request, verify_timestamp, write_request
from smartclause.verbs.inputs import need_trust
from smartclause.verbs.keepers import need_keeper

CLOCKS_APART = 60 * 1_000_000  # microseconds by which honest clocks may differ


@dataclass(frozen=True, slots=True)
class Stamped:
    """A time stamp on the checkpoint of the first `size` entries.

    `fault`: why it does not count. `late`: the entries under it say that they were received after its time.
    """

    size: int
    stamp: TimeStamp | None
    fault: EvidenceError | None = None
    late: bool = False

    @property
    def holds(self) -> bool:
        return self.stamp is not None and not self.late


def request(path: Path, *, size: int | None = None, algorithm: str = "sha256", trust: Path | None = None) -> bytes:
    """The request file for the last checkpoint, or for that of `size`. Raises EvidenceError, VerbError VB11."""
    store = need_trust(trust)
    with open_ledger(path) as ledger:
        stored = dict(checkpoints(ledger))
        wanted = max(stored, default=0) if size is None else size
        if wanted not in stored:
            raise EvidenceError("EV18", path.name, reason="no checkpoint was signed yet")
        return write_request(stamped_bytes(ledger, stored[wanted], need_keeper(ledger, store)), algorithm)


def keep(path: Path, answer: Path, roots: Path, *, request: Path | None = None, trust: Path | None = None) -> Stamped:
    """Verifies the authority's answer and keeps it beside the checkpoint that it stamps.

    Raises EvidenceError, VerbError VB11.
    """
    store = need_trust(trust)
    token, chain = read_limited(answer, MAX_TOKEN), open_roots(roots)
    asked = None if request is None else read_request(read_limited(request, MAX_TOKEN))
    with open_ledger(path, writing=True) as ledger:
        key = need_keeper(ledger, store)
        last = EvidenceError("EV18", path.name, reason="no checkpoint was signed yet")
        for size, note in sorted(checkpoints(ledger), reverse=True):
            try:
                stamp = verify_timestamp(token, stamped_bytes(ledger, note, key), chain, asked)
            except EvidenceError as error:
                last = error
                if error.values.get("reason") == "it stamps other bytes":
                    continue
                break
            keep_timestamp(ledger, size, token)
            return Stamped(size, stamp, None, _is_late(ledger, size, stamp))
        raise last


def open_roots(path: Path) -> Roots:
    """Raises EvidenceError EV02, EV19, EV21."""
    return read_roots(read_limited(path, MAX_CERTIFICATE_FILE))


def stamps(ledger: Ledger, key: PublicKey, roots: Roots) -> Iterator[Stamped]:
    """Every kept time stamp, verified again. Raises EvidenceError EV17, EV18."""
    notes = dict(checkpoints(ledger))
    for size, token in kept_timestamps(ledger):
        try:
            if size not in notes:
                raise EvidenceError("EV21", reason="it stamps other bytes")
            stamp = verify_timestamp(token, stamped_bytes(ledger, notes[size], key), roots)
        except EvidenceError as error:
            yield Stamped(size, None, error)
        else:
            yield Stamped(size, stamp, None, _is_late(ledger, size, stamp))


def stamped_bytes(ledger: Ledger, note: str, key: PublicKey) -> bytes:
    """The exact bytes of the signed checkpoint without cosignatures."""
    return plain_note(note, note_key(ledger.origin, key)).encode()


def _is_late(ledger: Ledger, size: int, stamp: TimeStamp) -> bool:
    """What stood under a stamped checkpoint was there at its time, whatever its entries say."""
    latest = stamp.time + (stamp.accuracy or 0) + CLOCKS_APART
    return size > 0 and row_at(ledger, size - 1).received > latest
