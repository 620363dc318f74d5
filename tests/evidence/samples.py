"""Sample statements for the tests of this floor."""

from __future__ import annotations

from typing import Any

from smartclause.evidence.event import EventBody, event_id, nonce
from smartclause.evidence.keys import SigningKey, make_key, public_key
from smartclause.evidence.trust import TrustStore, key_record

CONTRACT = "sha256:" + "c" * 64
LEDGER = "1" * 32
KEY = make_key()
OTHER = make_key("ecdsa-p256-sha256")


def event(issuer: SigningKey = KEY, **members: Any) -> EventBody:
    given: dict[str, Any] = {
        "id": event_id(),
        "type": "data_training.use",
        "time": "2026-02-01T08:00:00Z",
        "issuer": issuer.id,
        "by": "B",
        "asset": "voice-1",
        "ledger": LEDGER,
        "seq": 0,
        "contract": CONTRACT,
        "nonce": nonce(),
        "facts": {},
    }
    return EventBody(**(given | members))


def trust_of(*keys: SigningKey, **members: Any) -> TrustStore:
    records = [
        key_record(public_key(k.public.der, k.public.algorithm), "B", "2020-01-01T00:00:00Z", **members) for k in keys
    ]
    return TrustStore(version=1, keys=tuple(sorted(records, key=lambda record: record.id)))
