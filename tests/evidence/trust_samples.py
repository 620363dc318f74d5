"""Signed histories of trust stores, and certificates of made-up authorities, for the tests of this floor."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from smartclause.evidence.envelope import seal
from smartclause.evidence.forms import Identity, canonical
from smartclause.evidence.keys import SigningKey, make_key, signing_key
from smartclause.evidence.trust import KeyRecord, RootRole, TrustStore, digest_of, key_record

FIRST = "2026-01-01T00:00:00Z"
SECOND = "2026-02-01T00:00:00Z"
THIRD = "2026-03-01T00:00:00Z"
ROOTS = tuple(sorted((make_key() for _ in range(4)), key=lambda k: k.id))


def root_record(key: SigningKey, since: str = FIRST, **members: Any) -> KeyRecord:
    return key_record(key.public, "registrar", since, roles=("root",)).model_copy(update=members)


def root_role(threshold: int, *keys: SigningKey) -> RootRole:
    return RootRole(threshold=threshold, keys=tuple(sorted(k.id for k in keys)))


def first_version(
    *records: KeyRecord, roots: Sequence[SigningKey] = ROOTS[:3], threshold: int = 2, **members: Any
) -> TrustStore:
    keys = sorted([*records, *(root_record(k) for k in roots)], key=lambda r: r.id)
    return TrustStore(version=1, issued=FIRST, root=root_role(threshold, *roots), keys=tuple(keys), **members)


def following(
    before: TrustStore, issued: str = SECOND, records: Iterable[KeyRecord] = (), **members: Any
) -> TrustStore:
    """The next version; each record is added, or put in the place of the one of its number."""
    kept = {r.id: r for r in before.keys} | {r.id: r for r in records}
    stated = {
        **members_of(before), "version": before.version + 1, "previous": digest_of(before), "issued": issued,
        "founded": before.founded or digest_of(before), "keys": tuple(sorted(kept.values(), key=lambda r: r.id)),
    }  # fmt: skip
    return TrustStore.model_validate(stated | members)


def members_of(store: TrustStore) -> dict[str, Any]:
    return {name: getattr(store, name) for name in TrustStore.model_fields}


def line(store: TrustStore, *signers: SigningKey) -> bytes:
    return seal(canonical(store), signers or ROOTS[:2], TrustStore.PAYLOAD_TYPE)


def lines(*stores: TrustStore) -> bytes:
    return b"".join(line(s) + b"\n" for s in stores)


# ---- certificates

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
ACME = Identity(name="Acme Ltd", scheme="lei", value="5493001KJTIIGC8Y1R12")


@dataclass(frozen=True)
class Authority:
    name: str
    handle: Any
    certificate: x509.Certificate

    @property
    def text(self) -> str:
        return text_of(self.certificate)


def text_of(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def name_of(common: str, **attributes: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    parts += [x509.NameAttribute(getattr(NameOID, oid), value) for oid, value in attributes.items()]
    return x509.Name(parts)


def authority(name: str = "CA", above: Authority | None = None, handle: Any = None, **options: Any) -> Authority:
    handle = handle or ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(False, False, False, False, False, options.pop("may_sign", True), True, False, False)
    extensions = options.pop("extensions", [(usage, True)])
    constraints = x509.BasicConstraints(options.pop("ca", True), options.pop("path_length", None))
    certificate = issue(
        handle.public_key(), name_of(name), above or Authority(name, handle, None),  # type: ignore[arg-type]
        extensions=[(constraints, True), *extensions], **options,
    )  # fmt: skip
    return Authority(name, handle, certificate)


def issue(
    public: Any, subject: x509.Name, by: Authority, *, start: datetime = START, end: datetime = END,
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (), hash_: Any = None,
) -> x509.Certificate:  # fmt: skip
    issuer = name_of(by.name) if by.certificate is None else by.certificate.subject
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    ed = isinstance(by.handle, Ed25519PrivateKey)
    return builder.sign(by.handle, None if ed else hash_ or SHA256())


def person(by: Authority, key: SigningKey, value: str = "LEIXG-" + ACME.value, **options: Any) -> x509.Certificate:
    """The certificate of a key, in the name of Acme unless told otherwise."""
    subject = options.pop("subject", None) or name_of("Acme Ltd", ORGANIZATION_IDENTIFIER=value)
    return issue(key.handle.public_key(), subject, by, **options)


def p256_key() -> SigningKey:
    return signing_key(ec.generate_private_key(ec.SECP256R1()), "ecdsa-p256-sha256")


def is_deep() -> bool:
    """Every byte rather than a sample of them: `HYPOTHESIS_PROFILE=nightly`."""
    return os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
