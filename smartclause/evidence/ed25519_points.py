"""Which Ed25519 points are refused: those off the curve, spelled in a second way, or of small order.

The signature library accepts them: under the identity as public key anybody can forge.
"""

from __future__ import annotations

# RFC 8032, 5.1
_PRIME = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _PRIME) % _PRIME
_ROOT_OF_MINUS_ONE = pow(2, (_PRIME - 1) // 4, _PRIME)

_LOW_255_BITS = 2**255 - 1


def fault_of_point(encoded: bytes) -> str | None:
    """Why the 32 bytes are not acceptable as public key or as R; None if they are. Needs no square root."""
    if len(encoded) != 32:
        return "it does not have 32 bytes"
    y = int.from_bytes(encoded, "little") & _LOW_255_BITS
    if y >= _PRIME:
        return "its point is not spelled canonically"
    if y in _SMALL_ORDER:
        return "its point has small order"
    return None


def fault_of_key(encoded: bytes) -> str | None:
    """As for a point; and the point must lie on the curve, in the group of prime order."""
    fault = fault_of_point(encoded)
    if fault:
        return fault
    y = int.from_bytes(encoded, "little") & _LOW_255_BITS
    x = _x_of(y)
    if x is None:
        return "its point is not on the curve"
    if not _is_identity(_times(_ORDER, (x, y, 1, x * y % _PRIME))):
        return "its point is outside the group of prime order"
    return None


def fault_of_signature(signature: bytes) -> str | None:
    if len(signature) != 64:
        return "it does not have 64 bytes"
    if int.from_bytes(signature[32:], "little") >= _ORDER:
        return "its number is not spelled canonically"
    return fault_of_point(signature[:32])


def _x_of(y: int) -> int | None:
    """A square root of (y² - 1) / (d y² + 1). RFC 8032, 5.1.3."""
    u, v = (y * y - 1) % _PRIME, (_D * y * y + 1) % _PRIME
    x = u * pow(v, 3, _PRIME) * pow(u * pow(v, 7, _PRIME), (_PRIME - 5) // 8, _PRIME) % _PRIME
    if (v * x * x - u) % _PRIME == 0:
        return x
    x = x * _ROOT_OF_MINUS_ONE % _PRIME
    return x if (v * x * x - u) % _PRIME == 0 else None


_Point = tuple[int, int, int, int]


def _sum(p: _Point, q: _Point) -> _Point:
    """Addition in extended coordinates. RFC 8032, 5.1.4."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % _PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % _PRIME
    c = 2 * p[3] * q[3] * _D % _PRIME
    d = 2 * p[2] * q[2] % _PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _PRIME, g * h % _PRIME, f * g % _PRIME, e * h % _PRIME)


def _times(factor: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        factor >>= 1
    return total


def _is_identity(point: _Point) -> bool:
    return point[0] % _PRIME == 0 and (point[1] - point[2]) % _PRIME == 0


def _small_orders() -> frozenset[int]:
    """The y of the eight points whose order divides 8: identity, order 2, two of order 4, four of order 8."""
    for y in range(2, 100):
        x = _x_of(y)
        if x is None:
            continue
        torsion = _times(_ORDER, (x, y, 1, x * y % _PRIME))
        if not _is_identity(_times(4, torsion)):
            multiples = [_times(n, torsion) for n in range(8)]
            return frozenset(p[1] * pow(p[2], -1, _PRIME) % _PRIME for p in multiples)
    raise AssertionError("no point of order 8")


_SMALL_ORDER = _small_orders()
