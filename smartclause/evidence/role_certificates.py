"""Role certificates: an authority that a contract names says which key holds a role, for what and how long."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import Digest, Digests, Instant, Names, SignedForm, canonical, instant, read_form
from smartclause.evidence.keys import KeyId, SigningKey
from smartclause.evidence.trust import KeyRecord, Standing, TrustStore, key_of, record_of, standing

MAX_ROLE_CERTIFICATE = 14_000  # what a store holds in base64


class RoleCertificate(SignedForm):
    """`valid_from` is included, `valid_until` is not. Without `contracts` it holds for all."""

    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.smartclause.role+json"
    WHAT: ClassVar[str] = "role certificate"

    edition: Literal["role 1"] = "role 1"
    authority: Annotated[Digest, Field(description="Key number of the authority, which signs.")]
    key: Annotated[Digest, Field(description="Key number of the key that holds the roles.")]
    roles: Annotated[Names, Field(min_length=1)]
    contracts: Annotated[Digests | None, Field(description="Document digests it is limited to.")] = None
    valid_from: Instant
    valid_until: Instant | None = None


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate whose signature is valid and which the store accepts; `until` is excluded, None for no end."""

    authority: KeyRecord
    roles: tuple[str, ...]
    contracts: tuple[str, ...] | None
    since: int
    until: int | None

    def covers(self, at: int, contract: str) -> bool:
        if self.contracts is not None and contract not in self.contracts:
            return False
        return self.since <= at and (self.until is None or at < self.until)


def certify(certificate: RoleCertificate, authority: SigningKey) -> bytes:
    return envelopes.seal(canonical(certificate), [authority], RoleCertificate.PAYLOAD_TYPE)


def read_role_certificate(content: bytes) -> RoleCertificate:
    """As stated: whose signature it bears is not looked at. Raises EvidenceError EV01-EV04, EV08."""
    sealed = envelopes.read(content, MAX_ROLE_CERTIFICATE)
    if sealed.payload_type != RoleCertificate.PAYLOAD_TYPE:
        raise EvidenceError("EV04", found=sealed.payload_type, wanted=RoleCertificate.PAYLOAD_TYPE)
    return read_form(RoleCertificate, sealed.body)


def certified(record: KeyRecord, store: TrustStore) -> tuple[Certified, ...]:
    """What the certificates of the record are worth; one that is not whole is worth nothing."""
    return tuple(_certified(record, store))


def _certified(record: KeyRecord, store: TrustStore) -> Iterator[Certified]:
    for accepted in record.certificates:
        try:
            content = base64.b64decode(accepted.certificate, validate=True)
            stated = read_role_certificate(content)
            authority = record_of(store, stated.authority)
            if authority is None or stated.key != record.id or stated.authority == record.id:
                continue
            envelopes.unseal(content, {authority.id: key_of(authority)}, RoleCertificate.PAYLOAD_TYPE)
        except (EvidenceError, ValueError):
            continue
        since = max(instant(stated.valid_from), instant(accepted.since))
        ends = [instant(end) for end in (stated.valid_until, accepted.until) if end is not None]
        yield Certified(authority, stated.roles, stated.contracts, since, min(ends, default=None))


def holds_role(
    found: Collection[Certified], role: str, authorities: Collection[KeyId], at: int, contract: str, store: TrustStore
) -> bool:
    """Whether an authority that stands `at` this instant certifies the role for the contract then."""
    return any(
        role in each.roles
        and each.authority.id in authorities
        and each.covers(at, contract)
        and standing(each.authority, at, contract, store.issuers) is Standing.TRUSTED
        for each in found
    )
