"""`keys`: make a key pair, list and change the trust store. Private keys are stored encrypted."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationError, model_validator

from smartclause.evidence.files import read_limited, write_whole
from smartclause.evidence.forms import Base64, Digest, Form, Identity, canonical, read_form, timestamp
from smartclause.evidence.key_files import MAX_KEY_FILE, load_private, save_private
from smartclause.evidence.keys import Algorithm, PublicKey, SigningKey, make_key, public_key
from smartclause.evidence.trust import (
    KeyRecord,
    Standing,
    TrustStore,
    key_record,
    load_trust,
    record_of,
    save_trust,
    standing,
    trusting,
)
from smartclause.logic.canonical import digest_of_bytes, dumps
from smartclause.logic.counting import Instant
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import unfit


class PublicKeyFile(Form):
    """What a party hands to the others: its public key, and nothing that must be believed."""

    WHAT: ClassVar[str] = "public key file"

    edition: Literal["public key 1"] = "public key 1"
    id: Digest
    algorithm: Algorithm
    public_key: Annotated[Base64, Field(description="SubjectPublicKeyInfo in DER.")]

    @model_validator(mode="after")
    def _the_number_is_that_of_the_key(self) -> PublicKeyFile:
        if digest_of_bytes(base64.b64decode(self.public_key)) != self.id:
            raise ValueError("the key number is not the hash of the key")
        return self


def public_path(private: Path) -> Path:
    return private.with_name(f"{private.name}.pub")


def make(path: Path, passphrase: str, algorithm: Algorithm = "ed25519") -> PublicKey:
    """Writes the encrypted private key and, beside it, the public one. Raises EvidenceError EV10, EV19."""
    key = make_key(algorithm)
    save_private(key, path, passphrase)
    write_public(key.public, public_path(path))
    return key.public


def write_public(key: PublicKey, path: Path) -> None:
    form = PublicKeyFile(id=key.id, algorithm=key.algorithm, public_key=base64.b64encode(key.der).decode())
    write_whole(path, canonical(form) + b"\n")


def read_public(path: Path) -> PublicKey:
    """Raises EvidenceError EV01, EV07, EV08, EV19."""
    form = read_form(PublicKeyFile, read_limited(path, MAX_KEY_FILE).rstrip(b"\n"))
    return public_key(base64.b64decode(form.public_key), form.algorithm)


def open_key(path: Path, passphrase: str) -> SigningKey:
    """Raises EvidenceError EV02, EV10, EV19."""
    return load_private(path, passphrase)


@dataclass(frozen=True, slots=True)
class Person:
    """Whose key it is, and what for. Instants as text; `contracts` None: for all."""

    party: str
    valid_from: str
    identity: Identity | None = None
    roles: tuple[str, ...] = ()
    valid_until: str | None = None
    contracts: tuple[str, ...] | None = None


def trust(store: Path, key: Path, person: Person) -> TrustStore:
    """The store with the key added or changed; a store that is not there is begun. Raises EvidenceError, VerbError."""
    old = load_trust(store) if store.exists() else None
    try:
        record = key_record(
            read_public(key),
            person.party,
            person.valid_from,
            roles=person.roles,
            identity=person.identity,
            valid_until=person.valid_until,
            contracts=person.contracts,
        )
        new = trusting(old, record)
    except ValidationError as error:
        raise unfit(error, KeyRecord, str(key), "key record") from None
    save_trust(new, store)
    return new


def revoke(
    store: Path, key: str, at: Instant, *, compromised_since: str | None = None, declared_by: str | None = None
) -> TrustStore:
    """From `at` on the key counts for nothing new; since a compromise nothing is sure.

    Raises EvidenceError, VerbError VB07, VB12.
    """
    old = load_trust(store)
    record = record_of(old, key)
    if record is None:
        raise VerbError("VB07", str(store), name=key, candidates=", ".join(k.id for k in old.keys))
    changes = {"revoked": timestamp(at)}
    if compromised_since is not None:
        changes |= {"compromised_since": compromised_since, "compromise_declared_by": declared_by or record.party}
    stated = record.model_dump(mode="json", exclude_none=True) | changes
    new = trusting(old, read_form(KeyRecord, dumps(stated)))
    save_trust(new, store)
    return new


def listed(store: TrustStore, now: Instant) -> tuple[tuple[KeyRecord, Standing], ...]:
    return tuple((record, standing(record, now)) for record in store.keys)
