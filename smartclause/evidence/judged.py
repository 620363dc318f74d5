"""Ledger entries as plain data, with every signer as it stood at the ledger's time of receipt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.entry import Kind
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import KeyId, KeyRing
from smartclause.evidence.ledger import Ledger
from smartclause.evidence.store import transaction
from smartclause.evidence.trust import Accepted, KeyRecord, Standing, TrustStore, ring, standing
from smartclause.evidence.verification import verified_rows
from smartclause.logic.canonical import Json, digest_of_bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """`party` and `roles` as the trust store names them, empty for an unknown key.

    `declared_by` is who declared the compromise, empty where there is none.
    """

    key: KeyId
    party: str
    roles: tuple[str, ...]
    standing: Standing
    declared_by: str = ""


@dataclass(frozen=True, slots=True)
class JudgedEntry:
    """`received` in microseconds since 1970, UTC. `body` is the event as signed, `digest` that of its bytes.

    An equivocation or cosignature names the `earlier` entry it speaks of; only an event stands for itself.
    """

    index: int
    received: int
    kind: Kind
    earlier: int | None
    digest: str
    body: dict[str, Json]
    signers: tuple[Signer, ...]
    envelope: bytes


def judged_entries(ledger: Ledger, trust: TrustStore, first: int = 0, end: int | None = None) -> Iterator[JudgedEntry]:
    """The entries from `first` (included) to `end` (excluded), of one state of the ledger.

    Entry by entry they are verified; that none was removed or moved is what `verify_ledger` shows.
    Raises EvidenceError EV05, EV17.
    """
    keys, records = ring(trust), {record.id: record for record in trust.keys}
    with transaction(ledger.connection, writing=False):
        for row, event, parts, _leaf in verified_rows(ledger):
            if end is not None and row.position >= end:
                return
            if row.position >= first:
                signers = judge(parts, keys, records, row.received, event.contract, trust.issuers)
                if event.issuer not in {s.key for s in signers}:
                    raise EvidenceError("EV05", f"entry {row.position}", key=event.issuer)
                yield JudgedEntry(
                    row.position,
                    row.received,
                    row.kind,
                    row.earlier,
                    digest_of_bytes(parts.body),
                    json.loads(parts.body),
                    signers,
                    row.envelope,
                )


def judge(
    envelope: envelopes.Envelope,
    keys: KeyRing,
    records: dict[KeyId, KeyRecord],
    at: int,
    contract: str | None,
    issuers: tuple[Accepted, ...] = (),
) -> tuple[Signer, ...]:
    """Each key whose signature is valid, or that the trust store does not hold; wrong signatures are left out."""
    checked = envelopes.check_signatures(envelope, keys)
    unknown: Iterable[KeyId] = (key for key in checked.unknown if key and key not in checked.signers)
    known = (_signer(records[key], at, contract, issuers) for key in checked.signers)
    return (*known, *(Signer(key, "", (), Standing.UNKNOWN) for key in unknown))


def _signer(record: KeyRecord, at: int, contract: str | None, issuers: tuple[Accepted, ...]) -> Signer:
    declared_by = record.compromise_declared_by or ""
    return Signer(record.id, record.party, record.roles, standing(record, at, contract, issuers), declared_by)
