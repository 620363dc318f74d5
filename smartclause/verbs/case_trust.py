"""The trust list inside a case: the signed history of its versions, or one unsigned list of the exporter's own."""

from __future__ import annotations

from dataclasses import dataclass

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.trust import TrustStore, ring
from smartclause.logic.canonical import digest_of_bytes

TRUST = "trust.jsonl"


@dataclass(frozen=True, slots=True)
class CaseTrustList:
    """`newest` and `root` are digests of the version used and of the first one; `signed`: by its root keys."""

    store: TrustStore
    newest: str
    root: str
    signed: bool


def read_trust(content: bytes) -> CaseTrustList:
    """Raises EvidenceError EV09."""
    try:
        store = read_form(TrustStore, content.rstrip(b"\n"))
        ring(store)
    except EvidenceError as error:
        raise EvidenceError("EV09", TRUST, reason=error.text()) from None
    digest = digest_of_bytes(canonical(store))
    return CaseTrustList(store, digest, digest, False)
