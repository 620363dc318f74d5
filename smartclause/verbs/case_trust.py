"""The trust list inside a case: the signed history of its versions, or one unsigned list of the exporter's own."""

from __future__ import annotations

from dataclasses import dataclass

from smartclause.evidence.trust import TrustStore, digest_of, ring
from smartclause.evidence.trust import read_trust as read_list
from smartclause.evidence.trust_history import is_history, read_history

TRUST = "trust.jsonl"


@dataclass(frozen=True, slots=True)
class CaseTrustList:
    """`newest` and `root` are digests of the version used and of the first one; `signed`: by its root keys.

    `versions` holds every version, oldest first; of a list that nobody signed only the one there is.
    """

    store: TrustStore
    newest: str
    root: str
    signed: bool
    versions: tuple[TrustStore, ...]


def read_trust(content: bytes) -> CaseTrustList:
    """Raises EvidenceError with the line of the version that does not hold."""
    if not is_history(content):
        store = read_list(content, TRUST)
        return CaseTrustList(store, digest_of(store), digest_of(store), False, (store,))
    history = read_history(content, TRUST)
    ring(history.newest)
    versions = tuple(v.store for v in history.versions)
    return CaseTrustList(history.newest, history.versions[-1].digest, history.founded, True, versions)
