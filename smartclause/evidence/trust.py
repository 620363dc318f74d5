"""The trust store: whose each key is, which roles it holds, for what and how long.

A key is judged at the ledger's own time of receipt, never at the time that an event claims.
"""

from __future__ import annotations

import base64
from enum import Enum
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited, write_whole
from smartclause.evidence.forms import (
    Base64,
    Digest,
    Digests,
    Form,
    Identity,
    Instant,
    Name,
    Names,
    SignedForm,
    canonical,
    each_once,
    instant,
    read_form,
)
from smartclause.evidence.keys import Algorithm, KeyId, KeyRing, PublicKey, public_key
from smartclause.logic.canonical import digest_of_bytes

MAX_TRUST_STORE = 16 * 2**20


class Standing(Enum):
    """How far a key can be relied on at an instant, for a contract."""

    TRUSTED = "trusted"
    LAPSED = "lapsed"
    COMPROMISED = "compromised"
    UNKNOWN = "unknown"


class KeyRecord(Form):
    """`valid_from` is included, `valid_until` and `revoked` are not. Without `contracts` it holds for all."""

    WHAT: ClassVar[str] = "key record"

    id: Annotated[Digest, Field(description="Hash of the SubjectPublicKeyInfo in DER.")]
    algorithm: Algorithm
    public_key: Annotated[Base64, Field(description="SubjectPublicKeyInfo in DER.")]
    party: Name
    identity: Identity | None = None
    roles: Names = ()
    contracts: Annotated[Digests | None, Field(description="Document digests it is limited to.")] = None
    valid_from: Instant
    valid_until: Instant | None = None
    revoked: Instant | None = None
    compromised_since: Instant | None = None
    compromise_declared_by: Name | None = None
    chain: Annotated[
        tuple[Base64, ...] | None,
        Field(max_length=10, description="X.509 chain in DER, own certificate first."),
    ] = None

    @model_validator(mode="after")
    def _the_number_is_that_of_the_key(self) -> KeyRecord:
        if digest_of_bytes(_der(self)) != self.id:
            raise ValueError("the key number is not the hash of the key")
        return self

    @model_validator(mode="after")
    def _a_compromise_has_an_author(self) -> KeyRecord:
        if (self.compromised_since is None) != (self.compromise_declared_by is None):
            raise ValueError("a compromise is stated with its beginning and with who declared it")
        return self


class TrustStore(SignedForm):
    """`previous` is the digest of the version before it, absent for version 1."""

    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.smartclause.trust+json"
    WHAT: ClassVar[str] = "trust store"

    edition: Literal["trust 1"] = "trust 1"
    version: Annotated[int, Field(ge=1, le=2**53 - 1)]
    previous: Digest | None = None
    keys: Annotated[tuple[KeyRecord, ...], Field(max_length=10_000)]

    @model_validator(mode="after")
    def _is_in_order(self) -> TrustStore:
        each_once((k.id for k in self.keys), "keys")
        if (self.version == 1) != (self.previous is None):
            raise ValueError("version 1 has no `previous`; every later one has")
        return self


def ring(store: TrustStore) -> KeyRing:
    """The keys that verify. Raises EvidenceError EV07 if one of them cannot be relied on."""
    return {record.id: key_of(record) for record in store.keys}


def key_of(record: KeyRecord) -> PublicKey:
    return public_key(_der(record), record.algorithm)


def standing(record: KeyRecord | None, at: int, contract: str | None = None) -> Standing:
    """`at` in microseconds, by the ledger's clock; `contract` a document digest, None for any."""
    if record is None or at < instant(record.valid_from):
        return Standing.UNKNOWN
    if contract is not None and record.contracts is not None and contract not in record.contracts:
        return Standing.UNKNOWN
    if record.compromised_since is not None and at >= instant(record.compromised_since):
        return Standing.COMPROMISED
    ends = [instant(end) for end in (record.valid_until, record.revoked) if end is not None]
    return Standing.LAPSED if ends and at >= min(ends) else Standing.TRUSTED


def record_of(store: TrustStore, key: KeyId) -> KeyRecord | None:
    return next((record for record in store.keys if record.id == key), None)


def key_record(
    key: PublicKey,
    party: str,
    valid_from: str,
    *,
    roles: tuple[str, ...] = (),
    identity: Identity | None = None,
    valid_until: str | None = None,
    contracts: tuple[str, ...] | None = None,
) -> KeyRecord:
    """Raises pydantic's ValidationError if an argument does not have its form."""
    return KeyRecord(
        id=key.id,
        algorithm=key.algorithm,
        public_key=base64.b64encode(key.der).decode(),
        party=party,
        identity=identity,
        roles=tuple(sorted(set(roles))),
        contracts=None if contracts is None else tuple(sorted(set(contracts))),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def trusting(store: TrustStore | None, record: KeyRecord) -> TrustStore:
    """The next version, with `record` added or put in the place of the record with its number."""
    kept = [] if store is None else [k for k in store.keys if k.id != record.id]
    keys = tuple(sorted([*kept, record], key=lambda k: k.id))
    if store is None:
        return TrustStore(version=1, keys=keys)
    return TrustStore(version=store.version + 1, previous=digest_of_bytes(canonical(store)), keys=keys)


def load_trust(path: Path) -> TrustStore:
    """Raises EvidenceError EV02, EV07, EV09, EV19."""
    try:
        store = read_form(TrustStore, read_limited(path, MAX_TRUST_STORE).rstrip(b"\n"))
    except EvidenceError as error:
        if error.code in ("EV01", "EV08"):
            raise EvidenceError("EV09", path.name, reason=error.text()) from None
        raise
    ring(store)
    return store


def save_trust(store: TrustStore, path: Path) -> None:
    """Raises EvidenceError EV07, EV19."""
    ring(store)
    write_whole(path, canonical(store) + b"\n")


def _der(record: KeyRecord) -> bytes:
    try:
        return base64.b64decode(record.public_key, validate=True)
    except ValueError:
        raise ValueError("the public key is no base64 text") from None
