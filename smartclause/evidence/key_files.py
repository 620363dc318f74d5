"""Private keys at rest: PKCS#8, encrypted under a passphrase, readable by their owner only and by openssl."""

from __future__ import annotations

import base64
import re
import secrets
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import PRIVATE, read_limited, write_whole
from smartclause.evidence.keys import Algorithm, SigningKey, signing_key

MAX_KEY_FILE = 64 * 1024

# RFC 7914: 16 MiB for each attempt at the passphrase, five times over; openssl's default limit is 32 MiB.
_COST, _BLOCK, _REPEAT = 2**14, 8, 5

_PBES2 = bytes.fromhex("06092a864886f70d01050d")  # RFC 8018, A.4
_SCRYPT = bytes.fromhex("06092b06010401da47040b")  # RFC 7914, 7
_AES_256_CBC = bytes.fromhex("060960864801650304012a")


def save_private(key: SigningKey, path: Path, passphrase: str) -> None:
    """Writes a new file; never over an existing one. Raises EvidenceError EV10, EV19."""
    if not passphrase:
        raise EvidenceError("EV10", path.name, reason="a private key needs a passphrase")
    plain = key.handle.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    write_whole(path, _pem(_encrypted(plain, passphrase.encode())), PRIVATE, replace=False)


def load_private(path: Path, passphrase: str, algorithm: Algorithm | None = None) -> SigningKey:
    """`algorithm` is needed for ECDSA with r and s side by side. Raises EvidenceError EV02, EV10, EV19."""
    pem = read_limited(path, MAX_KEY_FILE)
    if b"BEGIN ENCRYPTED PRIVATE KEY" not in pem:
        raise EvidenceError("EV10", path.name, reason="it is no encrypted private key")
    try:
        handle = load_pem_private_key(pem, passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm, MemoryError):
        raise EvidenceError("EV10", path.name, reason="the passphrase is wrong or the file is damaged") from None
    return _of_known_kind(handle, path, algorithm)


def _of_known_kind(handle: object, path: Path, algorithm: Algorithm | None) -> SigningKey:
    if isinstance(handle, Ed25519PrivateKey) and algorithm in (None, "ed25519"):
        return signing_key(handle, "ed25519")
    if isinstance(handle, ec.EllipticCurvePrivateKey) and algorithm != "ed25519":
        return signing_key(handle, algorithm or "ecdsa-p256-sha256")
    raise EvidenceError("EV10", path.name, reason="it is a key of another kind")


def _encrypted(plain: bytes, passphrase: bytes) -> bytes:
    """EncryptedPrivateKeyInfo by hand: the library's own is 2,048 rounds of PBKDF2, too few today."""
    salt, start = secrets.token_bytes(16), secrets.token_bytes(16)
    key = Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_REPEAT).derive(passphrase)
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    hidden = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    derivation = _sequence(_SCRYPT, _sequence(_octets(salt), *map(_integer, (_COST, _BLOCK, _REPEAT))))
    scheme = _sequence(_PBES2, _sequence(derivation, _sequence(_AES_256_CBC, _octets(start))))
    return _sequence(scheme, _octets(hidden))


def _sequence(*parts: bytes) -> bytes:
    return _tagged(0x30, b"".join(parts))


def _octets(content: bytes) -> bytes:
    return _tagged(0x04, content)


def _integer(number: int) -> bytes:
    return _tagged(0x02, number.to_bytes(number.bit_length() // 8 + 1))


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def _pem(der: bytes) -> bytes:
    lines = re.findall("..{0,63}", base64.b64encode(der).decode())
    frame = "-----{} ENCRYPTED PRIVATE KEY-----"
    return "\n".join([frame.format("BEGIN"), *lines, frame.format("END"), ""]).encode()
