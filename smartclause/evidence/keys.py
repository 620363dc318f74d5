"""Keys that sign and keys that verify. The algorithm comes from the key, never from a message.

Keys and signatures that other tools read in two ways, or under which anybody can sign, are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, assert_never

from smartclause.evidence import primitives
from smartclause.evidence.ed25519_points import fault_of_key, fault_of_signature
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.primitives import Family, PrivateHandle, PublicHandle
from smartclause.logic.canonical import digest_of_bytes

Algorithm: TypeAlias = Literal["ed25519", "ecdsa-p256-sha256", "ecdsa-p256-sha256-p1363"]
"""The two kinds of ECDSA differ in the signature only: DER, as openssl writes it, or r and s side by side."""

KeyId: TypeAlias = str  # sha256:… of the SubjectPublicKeyInfo in DER


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key found acceptable by `public_key`."""

    id: KeyId
    algorithm: Algorithm
    der: bytes
    handle: PublicHandle = field(repr=False, compare=False)


KeyRing: TypeAlias = Mapping[KeyId, PublicKey]


@dataclass(frozen=True, slots=True)
class SigningKey:
    public: PublicKey
    handle: PrivateHandle = field(repr=False, compare=False)

    @property
    def id(self) -> KeyId:
        return self.public.id


def make_key(algorithm: Algorithm = "ed25519") -> SigningKey:
    return signing_key(primitives.make_private(_family(algorithm)), algorithm)


def signing_key(handle: PrivateHandle, algorithm: Algorithm) -> SigningKey:
    der = primitives.spelled(primitives.public_of(handle))
    return SigningKey(public_key(der, algorithm), handle)


def public_key(der: bytes, algorithm: Algorithm) -> PublicKey:
    """The key whose SubjectPublicKeyInfo is `der`. Raises EvidenceError EV07."""
    try:
        handle = primitives.read_public(der)
    except ValueError as error:
        raise EvidenceError("EV07", reason=str(error)) from None
    fault = _fault(handle, der, _family(algorithm))
    if fault:
        raise EvidenceError("EV07", reason=fault)
    return PublicKey(digest_of_bytes(der), algorithm, der, handle)


def _fault(handle: PublicHandle, der: bytes, family: Family) -> str | None:
    if primitives.family(handle) != family:
        return "it is no Ed25519 key" if family == "ed25519" else "it is no ECDSA key on the curve P-256"
    # INVARIANT: one key, one id. A key in a second spelling would have a second id.
    spelled = primitives.spelled(handle)
    fault = fault_of_key(spelled[-32:]) if family == "ed25519" else None
    return fault or (None if spelled == der else "it is not spelled canonically")


def _family(algorithm: Algorithm) -> Family:
    match algorithm:
        case "ed25519":
            return "ed25519"
        case "ecdsa-p256-sha256" | "ecdsa-p256-sha256-p1363":
            return "p256"
        case _:
            assert_never(algorithm)


def sign(key: SigningKey, message: bytes) -> bytes:
    signature = primitives.sign(key.handle, message)
    if key.public.algorithm != "ecdsa-p256-sha256-p1363":
        return signature
    r, s = primitives.numbers_of(signature)
    return r.to_bytes(32) + s.to_bytes(32)


def verify(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether `key` signed `message`; false for every malformed signature, never an exception."""
    match key.algorithm:
        case "ed25519":
            return fault_of_signature(signature) is None and primitives.verify(key.handle, message, signature)
        case "ecdsa-p256-sha256":
            return primitives.verify(key.handle, message, signature)
        case "ecdsa-p256-sha256-p1363":
            return len(signature) == 64 and primitives.verify(key.handle, message, _der_of(signature))
        case _:
            assert_never(key.algorithm)


def _der_of(signature: bytes) -> bytes:
    return primitives.der_of(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
