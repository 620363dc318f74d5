"""Keys that sign and keys that verify. The algorithm comes from the key, never from a message.

Keys and signatures that other tools read in two ways, or under which anybody can sign, are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, assert_never

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from smartclause.evidence.ed25519_points import fault_of_key, fault_of_signature
from smartclause.evidence.errors import EvidenceError
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
    handle: Ed25519PublicKey | ec.EllipticCurvePublicKey = field(repr=False, compare=False)


KeyRing: TypeAlias = Mapping[KeyId, PublicKey]


@dataclass(frozen=True, slots=True)
class SigningKey:
    public: PublicKey
    handle: Ed25519PrivateKey | ec.EllipticCurvePrivateKey = field(repr=False, compare=False)

    @property
    def id(self) -> KeyId:
        return self.public.id


def make_key(algorithm: Algorithm = "ed25519") -> SigningKey:
    match algorithm:
        case "ed25519":
            return signing_key(Ed25519PrivateKey.generate(), algorithm)
        case "ecdsa-p256-sha256" | "ecdsa-p256-sha256-p1363":
            return signing_key(ec.generate_private_key(ec.SECP256R1()), algorithm)
        case _:
            assert_never(algorithm)


def signing_key(handle: Ed25519PrivateKey | ec.EllipticCurvePrivateKey, algorithm: Algorithm) -> SigningKey:
    der = handle.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(public_key(der, algorithm), handle)


def public_key(der: bytes, algorithm: Algorithm) -> PublicKey:
    """The key whose SubjectPublicKeyInfo is `der`. Raises EvidenceError EV07."""
    try:
        handle = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        raise EvidenceError("EV07", reason="it is no public key") from None
    if algorithm == "ed25519":
        return PublicKey(digest_of_bytes(der), algorithm, der, _sound_ed25519(handle, der))
    return PublicKey(digest_of_bytes(der), algorithm, der, _sound_p256(handle, der))


def _sound_ed25519(handle: object, der: bytes) -> Ed25519PublicKey:
    if not isinstance(handle, Ed25519PublicKey):
        raise EvidenceError("EV07", reason="it is no Ed25519 key")
    fault = fault_of_key(handle.public_bytes_raw())
    if fault:
        raise EvidenceError("EV07", reason=fault)
    _require_one_spelling(handle, der)
    return handle


def _sound_p256(handle: object, der: bytes) -> ec.EllipticCurvePublicKey:
    if not isinstance(handle, ec.EllipticCurvePublicKey) or not isinstance(handle.curve, ec.SECP256R1):
        raise EvidenceError("EV07", reason="it is no ECDSA key on the curve P-256")
    _require_one_spelling(handle, der)
    return handle


def _require_one_spelling(handle: Ed25519PublicKey | ec.EllipticCurvePublicKey, der: bytes) -> None:
    # INVARIANT: one key, one id. A key in a second spelling would have a second id.
    if handle.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != der:
        raise EvidenceError("EV07", reason="it is not spelled canonically")


def sign(key: SigningKey, message: bytes) -> bytes:
    if isinstance(key.handle, Ed25519PrivateKey):
        return key.handle.sign(message)
    signature = key.handle.sign(message, ec.ECDSA(SHA256()))
    if key.public.algorithm == "ecdsa-p256-sha256":
        return signature
    r, s = utils.decode_dss_signature(signature)
    return r.to_bytes(32) + s.to_bytes(32)


def verify(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether `key` signed `message`; false for every malformed signature, never an exception."""
    try:
        match key.algorithm:
            case "ed25519":
                return _verify_ed25519(key, message, signature)
            case "ecdsa-p256-sha256":
                return _verify_p256(key, message, signature)
            case "ecdsa-p256-sha256-p1363":
                return len(signature) == 64 and _verify_p256(key, message, _der_of(signature))
            case _:
                assert_never(key.algorithm)
    except (InvalidSignature, ValueError):
        return False


def _verify_ed25519(key: PublicKey, message: bytes, signature: bytes) -> bool:
    if fault_of_signature(signature) or not isinstance(key.handle, Ed25519PublicKey):
        return False
    key.handle.verify(signature, message)
    return True


def _verify_p256(key: PublicKey, message: bytes, signature: bytes) -> bool:
    if not isinstance(key.handle, ec.EllipticCurvePublicKey):
        return False
    key.handle.verify(signature, message, ec.ECDSA(SHA256()))
    return True


def _der_of(signature: bytes) -> bytes:
    return utils.encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
