"""The trust store: whose each key is, which roles it holds, for what and how long.

A key is judged at the ledger's own time of receipt, never at the time that an event claims. A store that names its
root counts only as a version of the history that the root signed.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeAlias

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
from smartclause.evidence.identity_chains import Acceptance, Window, windows
from smartclause.evidence.keys import Algorithm, KeyId, KeyRing, PublicKey, public_key
from smartclause.evidence.separation import Holder, conflict
from smartclause.logic.canonical import digest_of_bytes

MAX_TRUST_STORE = 16 * 2**20
MAX_TRUST_HISTORY = 256 * 2**20
ROOT = "root"
LEDGER = "ledger"


class Standing(Enum):
    """How far a key can be relied on at an instant, for a contract."""

    TRUSTED = "trusted"
    LAPSED = "lapsed"
    COMPROMISED = "compromised"
    UNKNOWN = "unknown"


class Accepted(Form):
    """A certificate that the keeper of the store accepts from `since` (included) to `until` (excluded)."""

    certificate: Base64
    since: Instant
    until: Instant | None = None


Accepteds: TypeAlias = Annotated[tuple[Accepted, ...], Field(max_length=100)]


class KeyRecord(Form):
    """`valid_from` is included, `valid_until` and `revoked` are not. Without `contracts` it holds for all."""

    WHAT: ClassVar[str] = "key record"

    id: Annotated[Digest, Field(description="Hash of the SubjectPublicKeyInfo in DER.")]
    algorithm: Algorithm
    public_key: Annotated[Base64, Field(description="SubjectPublicKeyInfo in DER.")]
    party: Name
    identity: Identity | None = None
    replaces: Annotated[Digest | None, Field(description="Earlier key of the same party, for which it stands.")] = None
    roles: Names = ()
    contracts: Annotated[Digests | None, Field(description="Document digests it is limited to.")] = None
    valid_from: Instant
    valid_until: Instant | None = None
    revoked: Instant | None = None
    compromised_since: Instant | None = None
    compromise_declared_by: Name | None = None
    certificates: Annotated[Accepteds, Field(description="Role certificates of authorities: signed envelopes.")] = ()
    chain: Annotated[
        tuple[Base64, ...] | None,
        Field(min_length=1, max_length=20, description="X.509 certificates of the key and of its issuers, in DER."),
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

    @model_validator(mode="after")
    def _a_root_key_does_nothing_else(self) -> KeyRecord:
        if ROOT in self.roles and self.roles != (ROOT,):
            raise ValueError("a root key holds no other role")
        return self

    @model_validator(mode="after")
    def _certificates_stand_in_order(self) -> KeyRecord:
        each_once((c.certificate for c in self.certificates), "certificates")
        if self.chain is not None and self.identity is None:
            raise ValueError("a certificate chain shows an identity, and the record names none")
        return self


class RootRole(Form):
    """Each version is signed by `threshold` of these keys, and by as many of those of the version before."""

    threshold: Annotated[int, Field(ge=1, le=100)]
    keys: Annotated[Digests, Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_reached(self) -> RootRole:
        if self.threshold > len(self.keys):
            raise ValueError("the root has fewer keys than must sign")
        return self


class TrustStore(SignedForm):
    """`previous` is the digest of the version before it, absent for version 1.

    With `root` it is a version of a signed history: `founded` is the digest of version 1, absent there, and
    `issued` the instant from which on the version may change anything. Without, it is its holder's own list.
    """

    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.smartclause.trust+json"
    WHAT: ClassVar[str] = "trust store"

    edition: Literal["trust 1"] = "trust 1"
    version: Annotated[int, Field(ge=1, le=2**53 - 1)]
    previous: Digest | None = None
    founded: Digest | None = None
    issued: Instant | None = None
    root: RootRole | None = None
    keys: Annotated[tuple[KeyRecord, ...], Field(max_length=10_000)]
    issuers: Annotated[Accepteds, Field(description="X.509 certificates of accepted issuers, in DER.")] = ()

    @model_validator(mode="after")
    def _is_in_order(self) -> TrustStore:
        each_once((k.id for k in self.keys), "keys")
        if (self.version == 1) != (self.previous is None):
            raise ValueError("version 1 has no `previous`; every later one has")
        each_once((i.certificate for i in self.issuers), "issuers")
        return self

    @model_validator(mode="after")
    def _a_root_is_whole(self) -> TrustStore:
        later = self.root is not None and self.version > 1
        if (self.root is None) != (self.issued is None) or later != (self.founded is not None):
            raise ValueError("a version with a root says when it was issued and, from version 2, how it began")
        held = {k.id for k in self.keys if ROOT in k.roles}
        if self.root is not None and not held.issuperset(self.root.keys):
            raise ValueError("a root key has no record with the role root")
        return self

    @model_validator(mode="after")
    def _a_key_replaces_one_of_its_own_party(self) -> TrustStore:
        known = {k.id: k for k in self.keys}
        for new in self.keys:
            old = None if new.replaces is None else known.get(new.replaces)
            if new.replaces is not None and (old is None or not _may_replace(new, old)):
                raise ValueError("a key replaces an earlier key of the same party, identity and roles")
        return self

    @model_validator(mode="after")
    def _nobody_judges_himself(self) -> TrustStore:
        found = conflict(holder_of(k) for k in self.keys)
        if found:
            raise ValueError(found)
        return self


def _may_replace(new: KeyRecord, old: KeyRecord) -> bool:
    later = instant(old.valid_from) < instant(new.valid_from)
    return later and (new.party, new.identity, new.roles) == (old.party, old.identity, old.roles)


def digest_of(store: TrustStore) -> str:
    return digest_of_bytes(canonical(store))


def root_of(store: TrustStore) -> str | None:
    """The digest of version 1 of the signed history; None for a list that nobody signed."""
    if store.root is None:
        return None
    return store.founded or digest_of(store)


def ring(store: TrustStore) -> KeyRing:
    """The keys that verify. Raises EvidenceError EV07 if one of them cannot be relied on."""
    return {record.id: key_of(record) for record in store.keys}


def key_of(record: KeyRecord) -> PublicKey:
    return public_key(_der(record), record.algorithm)


def standing(
    record: KeyRecord | None, at: int, contract: str | None = None, issuers: tuple[Accepted, ...] = ()
) -> Standing:
    """`at` in microseconds, by the ledger's clock; `contract` a document digest, None for any.

    `issuers` are those of the store: without them a key with a certificate chain is never trusted. A root key
    signs versions of the trust store and is unknown for everything else.
    """
    if record is None or ROOT in record.roles:
        return Standing.UNKNOWN
    if contract is not None and record.contracts is not None and contract not in record.contracts:
        return Standing.UNKNOWN
    shown = Standing.TRUSTED if record.chain is None else _shown(record, at, issuers)
    return shown if shown is Standing.UNKNOWN else _weaker(shown, standing_by_record(record, at))


def standing_by_record(record: KeyRecord, at: int) -> Standing:
    """What the record alone says, of a root key too; whether a certificate chain holds is not looked at."""
    if at < instant(record.valid_from):
        return Standing.UNKNOWN
    if record.compromised_since is not None and at >= instant(record.compromised_since):
        return Standing.COMPROMISED
    ends = [instant(end) for end in (record.valid_until, record.revoked) if end is not None]
    return Standing.LAPSED if ends and at >= min(ends) else Standing.TRUSTED


def _weaker(shown: Standing, stated: Standing) -> Standing:
    return shown if stated is Standing.TRUSTED else stated


def _shown(record: KeyRecord, at: int, issuers: tuple[Accepted, ...]) -> Standing:
    """Whether the certificate chain shows the key to be that person's at this instant."""
    found = chain_windows(record, issuers)
    if any(since <= at <= until for since, until in found):
        return Standing.TRUSTED
    return Standing.LAPSED if any(until < at for _, until in found) else Standing.UNKNOWN


def chain_windows(record: KeyRecord, issuers: tuple[Accepted, ...]) -> tuple[Window, ...]:
    """The spans of time in which the certificate chain of the record holds; none where it has no chain."""
    if record.chain is None or record.identity is None:
        return ()
    accepted = tuple(
        Acceptance(i.certificate, instant(i.since), None if i.until is None else instant(i.until)) for i in issuers
    )
    return windows(record.chain, _der(record), record.identity.scheme, record.identity.value, accepted)


def holder_of(record: KeyRecord, functions: Iterable[str] = ()) -> Holder:
    """`functions` beside those that the record states; a party by the name of a function has it."""
    return Holder(record.party, record.identity, frozenset({*record.roles, record.party, *functions}), record.id)


def keeps_ledgers(record: KeyRecord) -> bool:
    """A ledger's key is known as one: the party `ledger`, or the role."""
    return record.party == LEDGER or LEDGER in record.roles


def record_of(store: TrustStore, key: KeyId) -> KeyRecord | None:
    return next((record for record in store.keys if record.id == key), None)


def replaced(store: TrustStore, key: KeyId) -> tuple[KeyId, ...]:
    """The key, and those that it stands for since their party changed keys, newest first."""
    known = {record.id: record.replaces for record in store.keys}
    found = [key]
    while (earlier := known.get(found[-1])) is not None and earlier not in found:
        found.append(earlier)
    return tuple(found)


def key_record(
    key: PublicKey,
    party: str,
    valid_from: str,
    *,
    roles: tuple[str, ...] = (),
    identity: Identity | None = None,
    valid_until: str | None = None,
    contracts: tuple[str, ...] | None = None,
    chain: tuple[str, ...] | None = None,
    replaces: str | None = None,
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
        chain=chain,
        replaces=replaces,
    )


def trusting(store: TrustStore | None, record: KeyRecord) -> TrustStore:
    """The next version of a list, with `record` added or put in the place of the record with its number."""
    if store is None:
        return TrustStore(version=1, keys=(record,))
    return TrustStore(
        version=store.version + 1, previous=digest_of(store), keys=with_record(store, record), issuers=store.issuers
    )


def with_record(store: TrustStore, record: KeyRecord) -> tuple[KeyRecord, ...]:
    kept = [k for k in store.keys if k.id != record.id]
    return tuple(sorted([*kept, record], key=lambda k: k.id))


@dataclass(frozen=True, slots=True)
class Pinned:
    """A trust store with what its reader knows of it: the digest of version 1, and the newest version seen."""

    path: Path
    root: str | None = None
    version: int | None = None


TrustSource: TypeAlias = Path | Pinned


def load_trust(source: TrustSource, root: str | None = None) -> TrustStore:
    """The newest version of a signed history, or the list that its holder keeps unsigned.

    Raises EvidenceError EV02, EV07, EV09, EV19, and EV24-EV28 for a history. With a `root` or version known, a list
    is refused.
    """
    pin = source if isinstance(source, Pinned) else Pinned(source)
    content = read_limited(pin.path, MAX_TRUST_HISTORY)
    return read_trust(content, pin.path.name, root or pin.root, pin.version)


def read_trust(content: bytes, name: str, root: str | None = None, version: int | None = None) -> TrustStore:
    """As `load_trust`, from the bytes of the file `name`."""
    from smartclause.evidence.trust_history import is_history, read_history

    if is_history(content):
        store = read_history(content, name, root, version).newest
    else:
        store = _read_list(content, name)
        if root is not None or version is not None:
            raise EvidenceError("EV24", name)
    ring(store)
    return store


def _read_list(content: bytes, name: str) -> TrustStore:
    store = read_store(content.rstrip(b"\n"), name)
    if store.root is not None:
        raise EvidenceError("EV25", name, number=store.version, found=0, wanted=store.root.threshold)
    return store


def read_store(body: bytes, place: str) -> TrustStore:
    """One version, as stated and unverified. Raises EvidenceError EV02, EV09."""
    if len(body) > MAX_TRUST_STORE:
        raise EvidenceError("EV02", place, what="the trust store", size=len(body), limit=MAX_TRUST_STORE)
    try:
        return read_form(TrustStore, body)
    except EvidenceError as error:
        raise EvidenceError("EV09", place, reason=error.text()) from None


def save_trust(store: TrustStore, path: Path) -> None:
    """Raises EvidenceError EV07, EV19."""
    ring(store)
    write_whole(path, canonical(store) + b"\n")


def _der(record: KeyRecord) -> bytes:
    try:
        return base64.b64decode(record.public_key, validate=True)
    except ValueError:
        raise ValueError("the public key is no base64 text") from None
