"""From which files, as they were, a decider was opened: so that who holds one can see that it is behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited
from smartclause.evidence.ledger import head, open_ledger
from smartclause.evidence.trust import TrustSource
from smartclause.logic.canonical import digest_of_bytes
from smartclause.verbs.inputs import MAX_REGISTER


@dataclass(frozen=True, slots=True)
class OpenedFrom:
    """`files` with the digests of their bytes; `ledger` with the root of its tree and the number of its entries."""

    files: tuple[tuple[Path, str], ...] = ()
    ledger: Path | None = None
    head: str = ""

    def unchanged(self) -> bool:
        """False too where a file cannot be read any more."""
        same = all(_digest(path) == digest for path, digest in self.files)
        return same and (self.ledger is None or head_of(self.ledger) == self.head)


def opened_from(trust: TrustSource, files: Iterable[Path | None], ledger: Path | None) -> OpenedFrom:
    """To be taken before anything is read: what changes while it is read then shows.

    What cannot be read has no digest: who reads it says why.
    """
    store = trust if isinstance(trust, Path) else trust.path
    given = dict.fromkeys((store, *(f for f in files if f is not None)))
    return OpenedFrom(tuple((f, _digest(f)) for f in given), ledger, "" if ledger is None else head_of(ledger))


def head_of(ledger: Path) -> str:
    try:
        with open_ledger(ledger) as opened:
            found = head(opened)
            return f"{found.size} {found.root.hex()}"
    except EvidenceError:
        return ""


def _digest(path: Path) -> str:
    """A pipe is read once only, by who needs what it says."""
    try:
        return digest_of_bytes(read_limited(path, MAX_REGISTER)) if path.is_file() else ""
    except (OSError, EvidenceError):
        return ""
