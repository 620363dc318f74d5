"""The signatures of certificates in plain Python: RSA (PKCS #1 v1.5 and PSS), ECDSA on three curves, Ed25519.

Slow and plain: a certificate is checked now and then, not thousands of times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from smartclause.evidence.der import (
    INTEGER,
    NULL,
    OCTETS,
    OID,
    SEQUENCE,
    Element,
    Fields,
    elements,
    integer,
    oid,
    one,
    spell,
    spell_oid,
)
from smartclause.standalone import plain_primitives

_BITS = 0x03
_RSA, _EC, _ED25519 = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1", "1.3.101.112"
_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_RSA_HASHES = {"1.2.840.113549.1.1.11": "sha256", "1.2.840.113549.1.1.12": "sha384", "1.2.840.113549.1.1.13": "sha512"}
_EC_HASHES = {"1.2.840.10045.4.3.2": "sha256", "1.2.840.10045.4.3.3": "sha384", "1.2.840.10045.4.3.4": "sha512"}
_HASHES = {"2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}

_LEAST_BITS, _MOST_BITS = 2048, 8192


@dataclass(frozen=True, slots=True)
class Curve:
    """y² = x³ - 3x + b modulo p, with the base point and its order (SP 800-186, 3.2.1)."""

    p: int
    b: int
    base: tuple[int, int]
    order: int


CURVES: Mapping[str, Curve] = {
    "1.2.840.10045.3.1.7": Curve(
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        (
            0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
            0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        ),
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    ),
    "1.3.132.0.34": Curve(
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        (
            0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
            0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
        ),
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    ),
    "1.3.132.0.35": Curve(
        2**521 - 1,
        0x51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00,
        (
            0xC6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
            0x11839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650,
        ),
        0x1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RsaKey:
    modulus: int
    exponent: int

    @property
    def size(self) -> int:
        return (self.modulus.bit_length() + 7) // 8


@dataclass(frozen=True, slots=True)
class EcKey:
    curve: Curve
    point: tuple[int, int]


Key: TypeAlias = RsaKey | EcKey | plain_primitives.PublicHandle


def key_of(spki: bytes) -> Key:
    """The key of a SubjectPublicKeyInfo. Raises ValueError if it is unknown or too weak."""
    fields = Fields(one(spki, SEQUENCE).content)
    algorithm, bits = fields.take(SEQUENCE), fields.take(_BITS).content
    fields.end()
    name, parameters = _algorithm(algorithm)
    if not bits or bits[0] != 0:
        raise ValueError
    if name == _RSA and _is_null(parameters):
        return _rsa_key(bits[1:])
    if name == _EC and parameters is not None and parameters.tag == OID:
        return _ec_key(oid(parameters.content), bits[1:])
    if name == _ED25519 and parameters is None:
        return plain_primitives.read_public(spki)
    raise ValueError


def is_signature(spki: bytes, algorithm: Element, message: bytes, signature: bytes) -> bool:
    """The algorithm is stated in the certificate; it must be one of the issuer's kind of key. Raises ValueError."""
    key = key_of(spki)
    name, parameters = _algorithm(algorithm)
    match key:
        case RsaKey() if name in _RSA_HASHES and _is_null(parameters):
            return _is_pkcs1(key, _RSA_HASHES[name], message, signature)
        case RsaKey() if name == _PSS and parameters is not None:
            return _is_pss(key, *_pss_parameters(parameters), message, signature)
        case EcKey() if name in _EC_HASHES and parameters is None:
            return _is_ecdsa(key, _EC_HASHES[name], message, signature)
        case plain_primitives.Ed25519Key() if name == _ED25519 and parameters is None:
            return plain_primitives.verify(key, message, signature)
        case _:
            return False


def has_strong_hash(algorithm: Element) -> bool:
    """Raises ValueError."""
    name, parameters = _algorithm(algorithm)
    if name == _PSS and parameters is not None:
        return bool(_pss_parameters(parameters))
    return name in _RSA_HASHES or name in _EC_HASHES or name == _ED25519


def _algorithm(element: Element) -> tuple[str, Element | None]:
    found = elements(element.content)
    if element.tag != SEQUENCE or not 1 <= len(found) <= 2 or found[0].tag != OID:
        raise ValueError
    return oid(found[0].content), found[1] if len(found) == 2 else None


def _is_null(parameters: Element | None) -> bool:
    return parameters is not None and parameters.whole == spell(NULL)


# ---- RSA (RFC 8017)


def _rsa_key(content: bytes) -> RsaKey:
    fields = Fields(one(content, SEQUENCE).content)
    key = RsaKey(integer(fields.take(INTEGER).content), integer(fields.take(INTEGER).content))
    fields.end()
    bits = key.modulus.bit_length() if key.modulus > 0 else 0
    if not _LEAST_BITS <= bits <= _MOST_BITS or not key.modulus & key.exponent & 1 or not 3 <= key.exponent < 2**64:
        raise ValueError
    return key


def _opened(key: RsaKey, signature: bytes) -> bytes | None:
    number = int.from_bytes(signature)
    if len(signature) != key.size or number >= key.modulus:
        return None
    return pow(number, key.exponent, key.modulus).to_bytes(key.size)


def _is_pkcs1(key: RsaKey, name: str, message: bytes, signature: bytes) -> bool:
    """8.2.2: the only encoding is compared as a whole."""
    dotted = next(d for d, n in _HASHES.items() if n == name)
    digest = hashlib.new(name, message).digest()
    stated = spell(SEQUENCE, spell(SEQUENCE, spell_oid(dotted), spell(NULL)), spell(OCTETS, digest))
    return _opened(key, signature) == b"\0\x01" + b"\xff" * (key.size - len(stated) - 3) + b"\0" + stated


def _pss_parameters(parameters: Element) -> tuple[str, int]:
    """Hash and length of the salt; the same hash makes the mask. Raises ValueError."""
    fields = Fields(parameters.content)
    name = _hash_in(one(fields.take(0xA0).content, SEQUENCE))
    mask, inner = _algorithm(one(fields.take(0xA1).content, SEQUENCE))
    stated = fields.take_if(0xA2)
    fields.end()
    salt = 20 if stated is None else integer(one(stated.content, INTEGER).content)
    if mask != _MGF1 or inner is None or _hash_in(inner) != name or not 0 <= salt <= 1024:
        raise ValueError
    return name, salt


def _hash_in(element: Element) -> str:
    name, parameters = _algorithm(element)
    if name not in _HASHES or not (parameters is None or _is_null(parameters)):
        raise ValueError
    return _HASHES[name]


def _is_pss(key: RsaKey, name: str, salt_size: int, message: bytes, signature: bytes) -> bool:
    """9.1.2, with the letters of the standard."""
    opened = _opened(key, signature)
    bits = key.modulus.bit_length() - 1
    size, hash_size = (bits + 7) // 8, hashlib.new(name).digest_size
    if opened is None or size < hash_size + salt_size + 2 or any(opened[: key.size - size]):
        return False
    encoded = opened[key.size - size :]
    masked, h = encoded[: size - hash_size - 1], encoded[size - hash_size - 1 : -1]
    spare = 8 * size - bits
    if encoded[-1] != 0xBC or masked[0] >> (8 - spare):
        return False
    db = int.from_bytes(masked) ^ int.from_bytes(_mask(h, len(masked), name))
    opened_db = (db & ((1 << (8 * len(masked) - spare)) - 1)).to_bytes(len(masked))
    start = len(masked) - salt_size
    if opened_db[:start] != bytes(start - 1) + b"\x01":
        return False
    prime = bytes(8) + hashlib.new(name, message).digest() + opened_db[start:]
    return hashlib.new(name, prime).digest() == h


def _mask(seed: bytes, size: int, name: str) -> bytes:
    found = b""
    while len(found) < size:
        counter = (len(found) // hashlib.new(name).digest_size).to_bytes(4)
        found += hashlib.new(name, seed + counter).digest()
    return found[:size]


# ---- ECDSA (FIPS 186-5, 6.4.2)

_Jacobian: TypeAlias = tuple[int, int, int]


def _ec_key(name: str, content: bytes) -> EcKey:
    curve = CURVES.get(name)
    size = 0 if curve is None else (curve.p.bit_length() + 7) // 8
    if curve is None or content[:1] != b"\x04" or len(content) != 1 + 2 * size:
        raise ValueError
    x, y = int.from_bytes(content[1 : 1 + size]), int.from_bytes(content[1 + size :])
    if x >= curve.p or y >= curve.p or (y * y - x * x * x + 3 * x - curve.b) % curve.p:
        raise ValueError
    return EcKey(curve, (x, y))


def _is_ecdsa(key: EcKey, name: str, message: bytes, signature: bytes) -> bool:
    fields = Fields(one(signature, SEQUENCE).content)
    r, s = integer(fields.take(INTEGER).content), integer(fields.take(INTEGER).content)
    fields.end()
    order, p = key.curve.order, key.curve.p
    if not (0 < r < order and 0 < s < order):
        return False
    digest = int.from_bytes(hashlib.new(name, message).digest())
    digest >>= max(0, 8 * hashlib.new(name).digest_size - order.bit_length())
    inverse = pow(s, -1, order)
    left = _times(key.curve, digest * inverse % order, key.curve.base)
    x, _, z = _sum(key.curve, left, _times(key.curve, r * inverse % order, key.point))
    if z == 0:
        return False
    return x * pow(z, -2, p) % p % order == r


def _times(curve: Curve, factor: int, point: tuple[int, int]) -> _Jacobian:
    total: _Jacobian = (1, 1, 0)
    for bit in f"{factor:b}":
        total = _doubled(curve, total)
        if bit == "1":
            total = _sum(curve, total, (*point, 1))
    return total


def _doubled(curve: Curve, point: _Jacobian) -> _Jacobian:
    x, y, z = point
    p = curve.p
    a, b = 3 * (x - z * z) * (x + z * z) % p, 4 * x * y * y % p
    new_x = (a * a - 2 * b) % p
    return (new_x, (a * (b - new_x) - 8 * y**4) % p, 2 * y * z % p)


def _sum(curve: Curve, left: _Jacobian, right: _Jacobian) -> _Jacobian:
    (x1, y1, z1), (x2, y2, z2), p = left, right, curve.p
    if z1 == 0 or z2 == 0:
        return right if z1 == 0 else left
    u1, u2, s1, s2 = x1 * z2 * z2 % p, x2 * z1 * z1 % p, y1 * z2**3 % p, y2 * z1**3 % p
    if u1 == u2:
        return _doubled(curve, left) if s1 == s2 else (1, 1, 0)
    h, r = u2 - u1, s2 - s1
    x = (r * r - h**3 - 2 * u1 * h * h) % p
    return (x, (r * (u1 * h * h - x) - s1 * h**3) % p, h * z1 * z2 % p)
