"""Whose key keeps a ledger, as far as the trust store vouches for it."""

from __future__ import annotations

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import PublicKey
from smartclause.evidence.ledger import Clock, Ledger, system_clock
from smartclause.evidence.trust import KeyRecord, Standing, TrustStore, keeps_ledgers, key_of, record_of, standing


def may_keep(record: KeyRecord, store: TrustStore, clock: Clock = system_clock) -> bool:
    """A key that lapsed or was compromised once kept ledgers; one that is not known at all never did."""
    return keeps_ledgers(record) and standing(record, clock(), issuers=store.issuers) is not Standing.UNKNOWN


def keeper(ledger: Ledger, store: TrustStore, clock: Clock = system_clock) -> tuple[PublicKey | None, str]:
    """The ledger's key and its party; no key if nobody ever vouched for it, no party if nobody does since a compromise.

    Under a compromised key a ledger can still be compared, and shown to be older by witnesses and time stamps.
    """
    record = record_of(store, ledger.key_id)
    if record is None or not may_keep(record, store, clock):
        return None, ""
    compromised = standing(record, clock(), issuers=store.issuers) is Standing.COMPROMISED
    return key_of(record), "" if compromised else record.party


def need_keeper(ledger: Ledger, store: TrustStore, clock: Clock = system_clock) -> PublicKey:
    """Raises EvidenceError EV06."""
    key, _ = keeper(ledger, store, clock)
    if key is None:
        raise EvidenceError("EV06", ledger.path.name)
    return key
