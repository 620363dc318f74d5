"""The arithmetic of signatures: a narrow face over the library that does it.

Judges neither keys nor spellings beyond what the arithmetic needs: that is for `keys`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Literal, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

PublicHandle: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey
PrivateHandle: TypeAlias = Ed25519PrivateKey | ec.EllipticCurvePrivateKey
Family: TypeAlias = Literal["ed25519", "p256"]


def read_public(der: bytes) -> PublicHandle:
    """From a SubjectPublicKeyInfo. Raises ValueError unless it is a key of one of the two families."""
    with suppress(ValueError, UnsupportedAlgorithm):
        handle = load_der_public_key(der)
        if isinstance(handle, Ed25519PublicKey):
            return handle
        if isinstance(handle, ec.EllipticCurvePublicKey) and isinstance(handle.curve, ec.SECP256R1):
            return handle
    raise ValueError("it is no public key of a known kind")


def family(handle: PublicHandle | PrivateHandle) -> Family:
    return "ed25519" if isinstance(handle, Ed25519PublicKey | Ed25519PrivateKey) else "p256"


def spelled(handle: PublicHandle) -> bytes:
    """The canonical SubjectPublicKeyInfo, in DER."""
    return handle.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def make_private(kind: Family) -> PrivateHandle:
    return Ed25519PrivateKey.generate() if kind == "ed25519" else ec.generate_private_key(ec.SECP256R1())


def public_of(handle: PrivateHandle) -> PublicHandle:
    return handle.public_key()


def sign(handle: PrivateHandle, message: bytes) -> bytes:
    """64 bytes for Ed25519, DER for P-256 with SHA-256."""
    if isinstance(handle, Ed25519PrivateKey):
        return handle.sign(message)
    return handle.sign(message, ec.ECDSA(SHA256()))


def verify(handle: PublicHandle, message: bytes, signature: bytes) -> bool:
    """Never an exception. P-256 takes its signature in DER only."""
    try:
        if isinstance(handle, Ed25519PublicKey):
            handle.verify(signature, message)
        else:
            handle.verify(signature, message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def numbers_of(signature: bytes) -> tuple[int, int]:
    """The r and s of a signature in DER. Raises ValueError."""
    return utils.decode_dss_signature(signature)


def der_of(r: int, s: int) -> bytes:
    return utils.encode_dss_signature(r, s)
