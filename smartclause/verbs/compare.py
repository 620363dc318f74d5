"""`ledger compare`: do two views of one ledger agree? A split view is shown with both notes that its keeper signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited
from smartclause.evidence.growth import Growth, grew, read_growth
from smartclause.evidence.keys import PublicKey
from smartclause.evidence.ledger import Ledger, open_ledger, read_frontier
from smartclause.evidence.note import MAX_NOTE, Checkpoint, NoteKey, note_key, note_parts, read_checkpoint
from smartclause.evidence.proof import prove_growth, read_proof, root_at
from smartclause.evidence.served import served_checkpoints, signed_checkpoint
from smartclause.evidence.trust import TrustStore, key_of
from smartclause.evidence.verification import verify_ledger
from smartclause.logic.opening import beginning
from smartclause.verbs.inputs import need_trust
from smartclause.verbs.keepers import may_keep, need_keeper

_SQLITE = b"SQLite format 3\0"


class Agreement(Enum):
    """`BEGINNING`: all of the shorter view is in the longer one. `BEHIND`: a ledger has fewer entries than a
    checkpoint counts, and nothing shows more. `UNPROVEN`: two notes, and no proof joins them."""

    SAME = "same"
    BEGINNING = "beginning"
    SPLIT = "split"
    BEHIND = "behind"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class View:
    """What one side shows: how many entries, their root, and the note of its keeper (empty: none covers it)."""

    name: str
    point: Checkpoint
    note: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`size`: how many entries both have alike; of a split, the fewest entries for which they are known to differ."""

    agreement: Agreement
    origin: str
    size: int
    first: View
    second: View


@dataclass(frozen=True, slots=True)
class _Side:
    view: View
    key: PublicKey
    ledger: Ledger | None = None
    growth: Growth | None = None


def compare(first: Path, second: Path, *, trust: Path | None = None) -> Comparison:
    """Two of: a ledger, a checkpoint, a proof with its checkpoint. Raises EvidenceError, VerbError VB11."""
    store = need_trust(trust)
    with ExitStack() as opened:
        one, other = (opened.enter_context(_open(path, store)) for path in (first, second))
        if one.view.point.origin != other.view.point.origin or one.key.id != other.key.id:
            raise EvidenceError("EV18", second.name, reason="it is of another ledger")
        return _compared(one, other)


def compare_with(ledger: Ledger, head: Checkpoint, key: PublicKey, kept: Path) -> Comparison:
    """A ledger that was verified up to `head` with a checkpoint that the reader kept. Raises EvidenceError."""
    note, growth = _note_in(read_limited(kept, MAX_NOTE))
    side = _Side(_view_of_note(kept, note, ledger.origin, key), key, None, growth)
    return _compared(_Side(_view_of_ledger(ledger, head), key, ledger), side)


@contextmanager
def _open(path: Path, store: TrustStore) -> Iterator[_Side]:
    with ExitStack() as opened:
        if _is_ledger(path):
            ledger = opened.enter_context(open_ledger(path))
            key = need_keeper(ledger, store)
            yield _Side(_view_of_ledger(ledger, verify_ledger(ledger, key).head), key, ledger)
        else:
            note, growth = _note_in(read_limited(path, MAX_NOTE))
            signer = _signer(note, path, store)
            yield _Side(_view_of_note(path, note, signer.name, signer.key), signer.key, None, growth)


def _is_ledger(path: Path) -> bool:
    try:
        return beginning(path, len(_SQLITE)).startswith(_SQLITE)
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be read") from None


def _note_in(content: bytes) -> tuple[bytes, Growth | None]:
    """A note by itself, or the one in a proof of growth or of an entry."""
    if content.startswith(b"old "):
        growth = read_growth(content)
        return growth.note.encode(), growth
    if content.startswith(b"c2sp.org/tlog-proof"):
        return read_proof(content).checkpoint.encode(), None
    return content, None


def _signer(note: bytes, path: Path, store: TrustStore) -> NoteKey:
    """The key of the trust store that the signature line names. Raises EvidenceError EV06, EV18."""
    text, lines = note_parts(note)
    origin = read_checkpoint(text).origin
    named = {line.id for line in lines if line.name == origin}
    for record in store.keys:
        if record.algorithm == "ed25519" and may_keep(record, store):
            key = note_key(origin, key_of(record))
            if key.id in named:
                return key
    raise EvidenceError("EV06", path.name)


def _view_of_note(path: Path, note: bytes, origin: str, key: PublicKey) -> View:
    return View(path.name, signed_checkpoint(note, origin, key)[0], note.decode())


def _view_of_ledger(ledger: Ledger, head: Checkpoint) -> View:
    return View(ledger.path.name, head, _note_over(ledger, head.size))


def _note_over(ledger: Ledger, size: int) -> str:
    """The first stored checkpoint that covers so many entries."""
    return next((note for covered, note in served_checkpoints(ledger) if covered >= size), "")


def _compared(one: _Side, other: _Side) -> Comparison:
    short, long = sorted((one, other), key=lambda side: (side.view.point.size, side.ledger is not None))
    if long.ledger is not None:
        agreement, size = _in_ledger(short, long.ledger)
    elif short.view.point.size == long.view.point.size:
        size = long.view.point.size
        agreement = Agreement.SAME if short.view.point.root == long.view.point.root else Agreement.SPLIT
    else:
        agreement, size = _by_proof(short, long)
    return Comparison(agreement, one.view.point.origin, size, *(_shown(side, agreement, size) for side in (one, other)))


def _in_ledger(short: _Side, ledger: Ledger) -> tuple[Agreement, int]:
    point, head = short.view.point, read_frontier(ledger).size
    if root_at(ledger, point.size) == point.root:
        return (Agreement.SAME if point.size == head else Agreement.BEGINNING), point.size
    if short.ledger is None:
        return Agreement.SPLIT, point.size
    other = short.ledger
    return Agreement.SPLIT, _first(point.size, lambda n: root_at(other, n) != root_at(ledger, n))


def _first(size: int, differs: Callable[[int], bool]) -> int:
    """The fewest entries for which they differ; they are known to differ for `size`."""
    low, high = 0, size
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if differs(middle) else (middle, high)
    return high


def _by_proof(short: _Side, long: _Side) -> tuple[Agreement, int]:
    size = short.view.point.size
    if short.ledger is not None:
        return Agreement.BEHIND, size
    growth = long.growth
    if growth is not None and growth.old == size and grew(short.view.point, long.view.point, growth.proof):
        return Agreement.BEGINNING, size
    return Agreement.UNPROVEN, 0


def _shown(side: _Side, agreement: Agreement, size: int) -> View:
    """Of a ledger that splits from another, the first signed note over the first entry that differs."""
    if agreement is not Agreement.SPLIT or side.ledger is None:
        return side.view
    return View(side.view.name, side.view.point, _note_over(side.ledger, size))


def growth_from(path: Path, old: int) -> Growth:
    """The last checkpoint of a ledger, and the proof that it grew from its first `old` entries.

    Raises EvidenceError EV17-EV19.
    """
    with open_ledger(path) as ledger:
        size, note = max(served_checkpoints(ledger), default=(0, ""))
        if not note:
            raise EvidenceError("EV18", path.name, reason="no checkpoint was signed yet")
        if old > size or old < 0:
            raise EvidenceError("EV18", path.name, reason="it is not a beginning of the ledger")
        return Growth(old, prove_growth(ledger, old, size) if old else (), note)
