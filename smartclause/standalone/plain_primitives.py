"""The arithmetic of signatures in plain Python: checks what `evidence.primitives` checks, and signs nothing.

Not in constant time, which only matters where there is a secret.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256, sha512
from typing import Literal, Never, NoReturn, TypeAlias

from smartclause.evidence.ed25519_points import ORDER, PRIME, D, x_of

Family: TypeAlias = Literal["ed25519", "p256"]

_ED25519_HEAD = bytes.fromhex("302a300506032b6570032100")  # RFC 8410, 4
_P256_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")  # RFC 5480, 2


@dataclass(frozen=True, slots=True)
class Ed25519Key:
    encoded: bytes


@dataclass(frozen=True, slots=True)
class P256Key:
    x: int
    y: int


PublicHandle: TypeAlias = Ed25519Key | P256Key
PrivateHandle: TypeAlias = Never


def read_public(der: bytes) -> PublicHandle:
    """From a SubjectPublicKeyInfo in its canonical spelling. Raises ValueError unless it is of one of the two."""
    if der.startswith(_ED25519_HEAD) and len(der) == len(_ED25519_HEAD) + 32:
        return Ed25519Key(der[-32:])
    if der.startswith(_P256_HEAD) and len(der) == len(_P256_HEAD) + 64:
        key = P256Key(int.from_bytes(der[-64:-32]), int.from_bytes(der[-32:]))
        if _is_on_p256(key.x, key.y):
            return key
    raise ValueError("it is no public key of a known kind")


def family(handle: PublicHandle) -> Family:
    return "ed25519" if isinstance(handle, Ed25519Key) else "p256"


def spelled(handle: PublicHandle) -> bytes:
    """The canonical SubjectPublicKeyInfo, in DER."""
    if isinstance(handle, Ed25519Key):
        return _ED25519_HEAD + handle.encoded
    return _P256_HEAD + handle.x.to_bytes(32) + handle.y.to_bytes(32)


def make_private(kind: Family) -> NoReturn:
    raise NotImplementedError(f"no {kind} key is made here")


def public_of(handle: Never) -> NoReturn:
    raise NotImplementedError("there are no private keys here")


def sign(handle: Never, message: bytes) -> NoReturn:
    raise NotImplementedError("nothing is signed here")


def verify(handle: PublicHandle, message: bytes, signature: bytes) -> bool:
    """Never an exception. P-256 takes its signature in DER only."""
    if isinstance(handle, Ed25519Key):
        return len(signature) == 64 and _verify_ed25519(handle.encoded, message, signature)
    try:
        r, s = numbers_of(signature)
    except ValueError:
        return False
    return _verify_p256(handle, message, r, s)


# ---- signatures in DER (X.690, 8.3 and 10.1)


def numbers_of(signature: bytes) -> tuple[int, int]:
    """The r and s of a signature in DER. Raises ValueError."""
    body = _content(signature, 0x30, len(signature))
    size = body[1] if len(body) > 1 else 0
    r, s = (_integer(part) for part in (body[: size + 2], body[size + 2 :]))
    return r, s


def der_of(r: int, s: int) -> bytes:
    body = b"".join(_tagged(0x02, n.to_bytes(n.bit_length() // 8 + 1)) for n in (r, s))
    return _tagged(0x30, body)


def _integer(element: bytes) -> int:
    content = _content(element, 0x02, len(element))
    number = int.from_bytes(content)
    if len(content) != number.bit_length() // 8 + 1:  # longer than needed, or negative
        raise ValueError
    return number


def _content(element: bytes, tag: int, size: int) -> bytes:
    # No signature of P-256 is as long as 128 bytes: the length is always one byte.
    if not 2 <= size < 0x82 or element[0] != tag or element[1] != size - 2:
        raise ValueError
    return element[2:]


def _tagged(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


# ---- Ed25519 (RFC 8032, 5.1.7)

_Extended: TypeAlias = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
_Summand: TypeAlias = tuple[int, int, int, int]  # Y - X, Y + X, 2 d T, 2 Z


def _verify_ed25519(encoded: bytes, message: bytes, signature: bytes) -> bool:
    """Whether R is spelled as S B - k A: without the cofactor, as other libraries do it."""
    multiples = _multiples_of_minus(encoded)
    number = int.from_bytes(signature[32:], "little")
    if multiples is None or number >= ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + encoded + message).digest(), "little") % ORDER
    return _encoded(_combined(number, challenge, multiples)) == signature[:32]


def _combined(base_factor: int, factor: int, multiples: tuple[_Summand, ...]) -> _Extended:
    """`base_factor` times the base point, and `factor` times another, in one pass of doublings."""
    point: _Extended = (0, 1, 1, 0)
    base = _base_multiples()
    for left, right in _in_step(base_factor, 8, factor, 5):
        point = _doubled(point)
        if left:
            point = _sum(point, base, left)
        if right:
            point = _sum(point, multiples, right)
    return point


def _doubled(point: _Extended) -> _Extended:
    x, y, z, _ = point
    a, b = x * x % PRIME, y * y % PRIME
    h = a + b
    e = h - (x + y) * (x + y)
    g = a - b
    f = 2 * z * z + g
    e, f = e % PRIME, f % PRIME
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def _sum(point: _Extended, multiples: tuple[_Summand, ...], digit: int) -> _Extended:
    """`point` and the multiple `digit`, which is odd."""
    x, y, z, t = point
    minus, plus, t2, z2 = multiples[abs(digit) >> 1]
    if digit < 0:
        minus, plus, t2 = plus, minus, -t2
    a, b, c, d = (y - x) * minus % PRIME, (y + x) * plus % PRIME, t * t2 % PRIME, z * z2 % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def _summand(point: _Extended) -> _Summand:
    x, y, z, t = point
    return (y - x, y + x, 2 * D * t % PRIME, 2 * z)


def _odd_multiples(x: int, y: int, count: int) -> tuple[_Summand, ...]:
    point: _Extended = (x, y, 1, x * y % PRIME)
    twice = (_summand(_doubled(point)),)
    points = [point]
    while len(points) < count:
        points.append(_sum(points[-1], twice, 1))
    return tuple(map(_summand, points))


@cache
def _base_multiples() -> tuple[_Summand, ...]:
    y = 4 * pow(5, -1, PRIME) % PRIME
    x = x_of(y)
    assert x is not None
    return _odd_multiples(PRIME - x if x & 1 else x, y, 64)


@lru_cache(maxsize=4096)
def _multiples_of_minus(encoded: bytes) -> tuple[_Summand, ...] | None:
    """Odd multiples of the point's opposite; None if it is not on the curve."""
    number = int.from_bytes(encoded, "little")
    y, odd = number & (2**255 - 1), number >> 255
    x = x_of(y) if y < PRIME else None
    if x is None or (x == 0 and odd):
        return None
    return _odd_multiples(PRIME - x if x & 1 == odd else x, y, 8)


def _encoded(point: _Extended) -> bytes:
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


# ---- ECDSA on P-256 with SHA-256 (FIPS 186-5, 6.4.2; SP 800-186, 3.2.1.3)

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

_Affine: TypeAlias = tuple[int, int]
_Jacobian: TypeAlias = tuple[int, int, int]  # x = X/Z², y = Y/Z³; Z = 0 at infinity


def _is_on_p256(x: int, y: int) -> bool:
    return x < _P and y < _P and (y * y - x * x * x + 3 * x - _B) % _P == 0


def _verify_p256(key: P256Key, message: bytes, r: int, s: int) -> bool:
    if not (0 < r < _N and 0 < s < _N):
        return False
    inverse = pow(s, -1, _N)
    digest = int.from_bytes(sha256(message).digest())
    x, _, z = _combined_p256(digest * inverse % _N, r * inverse % _N, _p256_multiples(key.x, key.y, 8))
    # r is the x modulo the order, which is a little less than the prime.
    return any((candidate * z * z - x) % _P == 0 for candidate in (r, r + _N) if z and candidate < _P)


def _combined_p256(base_factor: int, factor: int, multiples: tuple[_Affine, ...]) -> _Jacobian:
    point: _Jacobian = (1, 1, 0)
    base = _p256_multiples(*_BASE, 64)
    for left, right in _in_step(base_factor, 8, factor, 5):
        point = _doubled_p256(point)
        if left:
            point = _sum_p256(point, base, left)
        if right:
            point = _sum_p256(point, multiples, right)
    return point


def _doubled_p256(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    delta, gamma = z * z % _P, y * y % _P
    beta = x * gamma % _P
    alpha = 3 * (x - delta) * (x + delta) % _P
    new_x = (alpha * alpha - 8 * beta) % _P
    return (new_x, (alpha * (4 * beta - new_x) - 8 * gamma * gamma) % _P, 2 * y * z % _P)


def _sum_p256(point: _Jacobian, multiples: tuple[_Affine, ...], digit: int) -> _Jacobian:
    """`point` and the multiple `digit`, which is odd."""
    x1, y1, z1 = point
    x2, y2 = multiples[abs(digit) >> 1]
    if digit < 0:
        y2 = _P - y2
    if z1 == 0:
        return (x2, y2, 1)
    square = z1 * z1 % _P
    h, r = (x2 * square - x1) % _P, (y2 * square * z1 - y1) % _P
    if h == 0:
        return _doubled_p256(point) if r == 0 else (1, 1, 0)
    h2 = h * h % _P
    h3, v = h * h2 % _P, x1 * h2 % _P
    x3 = (r * r - h3 - 2 * v) % _P
    return (x3, (r * (v - x3) - y1 * h3) % _P, z1 * h % _P)


@lru_cache(maxsize=4096)
def _p256_multiples(x: int, y: int, count: int) -> tuple[_Affine, ...]:
    twice = (_affine(_doubled_p256((x, y, 1))),)
    points: list[_Affine] = [(x, y)]
    while len(points) < count:
        points.append(_affine(_sum_p256((*points[-1], 1), twice, 1)))
    return tuple(points)


def _affine(point: _Jacobian) -> _Affine:
    inverse = pow(point[2], -1, _P)
    square = inverse * inverse % _P
    return point[0] * square % _P, point[1] * square * inverse % _P


# ---- factors as digits


def _in_step(first: int, first_width: int, second: int, second_width: int) -> Iterator[tuple[int, int]]:
    """The signed digits of both numbers, the highest first."""
    left, right = _digits(first, first_width), _digits(second, second_width)
    size = max(len(left), len(right))
    left += [0] * (size - len(left))
    right += [0] * (size - len(right))
    return zip(reversed(left), reversed(right), strict=True)


def _digits(number: int, width: int) -> list[int]:
    """Base 2, lowest first: each digit 0 or odd and less than 2^(width-1) in size, few of them not 0."""
    found = []
    full, half = 1 << width, 1 << (width - 1)
    while number:
        digit = 0
        if number & 1:
            digit = number & (full - 1)
            digit = digit - full if digit >= half else digit
            number -= digit
        found.append(digit)
        number >>= 1
    return found
