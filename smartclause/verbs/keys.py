"""`keys`: make a key pair, list and change the trust store. Private keys are stored encrypted."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationError, model_validator

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited, write_whole
from smartclause.evidence.forms import Base64, Digest, Form, Identity, canonical, read_form, timestamp
from smartclause.evidence.identity_chains import certificates_in
from smartclause.evidence.key_files import MAX_KEY_FILE, load_private, save_private
from smartclause.evidence.keys import Algorithm, PublicKey, SigningKey, make_key, public_key
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.role_certificates import RoleCertificate, certified, read_role_certificate
from smartclause.evidence.role_certificates import certify as sign_certificate
from smartclause.evidence.trust import (
    ROOT,
    Accepted,
    KeyRecord,
    RootRole,
    Standing,
    TrustStore,
    key_record,
    record_of,
    standing,
    standing_by_record,
    with_record,
)
from smartclause.logic.canonical import digest_of_bytes, dumps
from smartclause.logic.counting import Instant
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import unfit
from smartclause.verbs.trust_drafts import changed


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
    """Whose key it is, and what for. Instants as text, `valid_from` None: now; `contracts` None: for all."""

    party: str
    valid_from: str | None = None
    identity: Identity | None = None
    roles: tuple[str, ...] = ()
    valid_until: str | None = None
    contracts: tuple[str, ...] | None = None
    chain: tuple[bytes, ...] = ()


def trust(store: Path, key: Path, person: Person, clock: Clock = system_clock) -> TrustStore:
    """The store with the key added or changed; a store that is not there is begun. Raises EvidenceError, VerbError."""
    public = read_public(key)

    def change(base: TrustStore | None, now: str) -> Mapping[str, object]:
        return {"keys": _with(base, _record(public, person, now, str(key)))}

    return changed(store, change, clock())


def _record(public: PublicKey, person: Person, now: str, place: str, replaces: str | None = None) -> KeyRecord:
    try:
        return key_record(
            public,
            person.party,
            person.valid_from or now,
            roles=person.roles,
            identity=person.identity,
            valid_until=person.valid_until,
            contracts=person.contracts,
            chain=tuple(base64.b64encode(c).decode() for c in person.chain) or None,
            replaces=replaces,
        )
    except ValidationError as error:
        raise unfit(error, KeyRecord, place, "key record") from None


def _with(base: TrustStore | None, record: KeyRecord) -> tuple[KeyRecord, ...]:
    return (record,) if base is None else with_record(base, record)


def rotate(
    store: Path,
    old: str,
    new: Path,
    at: str | None = None,
    chain: tuple[bytes, ...] = (),
    clock: Clock = system_clock,
) -> TrustStore:
    """A new key of the same party, roles and contracts from `at` on, where the old one ends.

    Raises EvidenceError, VerbError VB07, VB12.
    """
    public = read_public(new)

    def change(base: TrustStore | None, now: str) -> Mapping[str, object]:
        record, since = _known(base, old, store), at or now
        person = Person(record.party, since, record.identity, record.roles, None, record.contracts, chain)
        after = _record(public, person, now, str(new), record.id)
        ended = _changed_record(record, {"revoked": since} if record.revoked is None else {})
        keys = {r.id: r for r in (*(base.keys if base else ()), ended, after)}
        root = None if base is None or base.root is None else _root_after(base.root, record.id, after.id)
        return {"keys": tuple(keys[i] for i in sorted(keys)), **({} if root is None else {"root": root})}

    return changed(store, change, clock())


def _root_after(root: RootRole, old: str, new: str) -> RootRole:
    """A root key that is replaced leaves its place to the new one."""
    return (
        root
        if old not in root.keys
        else RootRole(threshold=root.threshold, keys=tuple(sorted({*root.keys, new} - {old})))
    )


def revoke(
    store: Path,
    key: str,
    at: Instant | None = None,
    *,
    compromised_since: str | None = None,
    declared_by: str | None = None,
    clock: Clock = system_clock,
) -> TrustStore:
    """From `at` on the key counts for nothing new; since a compromise nothing is sure. `at` None: now.

    Raises EvidenceError, VerbError VB07, VB12.
    """

    def change(base: TrustStore | None, now: str) -> Mapping[str, object]:
        record = _known(base, key, store)
        changes = {"revoked": now if at is None else timestamp(at)}
        if compromised_since is not None and record.revoked is not None:
            changes = {}  # it has ended already: only what it did before is at stake
        if compromised_since is not None:
            changes |= {"compromised_since": compromised_since, "compromise_declared_by": declared_by or record.party}
        return {"keys": _with(base, _changed_record(record, changes))}

    return changed(store, change, clock())


def _known(base: TrustStore | None, key: str, store: Path) -> KeyRecord:
    number = key_number(key)
    record = None if base is None else record_of(base, number)
    if record is None:
        known = () if base is None else base.keys
        raise VerbError("VB07", str(store), name=number, candidates=", ".join(k.id for k in known) or "-")
    return record


def key_number(key: str) -> str:
    """A number as it is, or that of a public key file. Raises EvidenceError."""
    return read_public(Path(key)).id if Path(key).is_file() else key


def _changed_record(record: KeyRecord, changes: Mapping[str, object]) -> KeyRecord:
    stated = {**record.model_dump(mode="json", exclude_none=True), **changes}
    return read_form(KeyRecord, dumps(stated))


# ---- certificates


def certify(
    public: Path, authority: SigningKey, roles: tuple[str, ...], *, valid_from: str | None = None,
    valid_until: str | None = None, contracts: tuple[str, ...] | None = None, clock: Clock = system_clock,
) -> bytes:  # fmt: skip
    """The authority's signed word that the key holds the roles. Raises EvidenceError, VerbError VB12."""
    try:
        certificate = RoleCertificate(
            authority=authority.id,
            key=read_public(public).id,
            roles=tuple(sorted(set(roles))),
            contracts=None if contracts is None else tuple(sorted(set(contracts))),
            valid_from=valid_from or timestamp(clock()),
            valid_until=valid_until,
        )
    except ValidationError as error:
        raise unfit(error, RoleCertificate, str(public), "role certificate") from None
    return sign_certificate(certificate, authority)


def accept(store: Path, file: Path, since: str | None = None, clock: Clock = system_clock) -> TrustStore:
    """A role certificate joins the record of its key; X.509 certificates become accepted issuers of chains.

    Raises EvidenceError, VerbError VB07, VB12.
    """
    content = read_limited(file, MAX_KEY_FILE).rstrip(b"\n")

    def change(base: TrustStore | None, now: str) -> Mapping[str, object]:
        if content.startswith(b"{"):
            return {"keys": _with(base, _certified(base, content, since or now, store))}
        accepted = {a.certificate: a for a in (base.issuers if base else ())}
        for der in certificates_of(content, file.name):
            text = base64.b64encode(der).decode()
            accepted.setdefault(text, Accepted(certificate=text, since=since or now))
        return {"issuers": tuple(accepted[text] for text in sorted(accepted))}

    return changed(store, change, clock())


def certificates_of(content: bytes, name: str) -> tuple[bytes, ...]:
    """Raises EvidenceError EV19."""
    try:
        return certificates_in(content)
    except ValueError:
        raise EvidenceError("EV19", name=name, reason="it holds no certificate") from None


def _certified(base: TrustStore | None, content: bytes, since: str, store: Path) -> KeyRecord:
    record = _known(base, read_role_certificate(content).key, store)
    text = base64.b64encode(content).decode()
    found = {a.certificate: a for a in record.certificates}
    found.setdefault(text, Accepted(certificate=text, since=since))
    accepted = tuple(found[t] for t in sorted(found))
    alone = record.model_copy(update={"certificates": (found[text],)})
    if base is None or not certified(alone, base):
        raise EvidenceError("EV06")
    return record.model_copy(update={"certificates": accepted})


def listed(store: TrustStore, now: Instant) -> tuple[tuple[KeyRecord, Standing], ...]:
    """What each stands for; a root key only for versions of the store."""
    return tuple((r, _standing(r, now, store)) for r in store.keys)


def _standing(record: KeyRecord, now: Instant, store: TrustStore) -> Standing:
    if ROOT in record.roles:
        return standing_by_record(record, now)
    return standing(record, now, issuers=store.issuers)
