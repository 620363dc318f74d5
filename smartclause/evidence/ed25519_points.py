"""Which Ed25519 points are refused: those off the curve, spelled in a second way, or of small order.

The signature library accepts them: under the identity as public key anybody can forge.
"""

from __future__ import annotations

from functools import lru_cache

# RFC 8032, 5.1
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
_ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)

_LOW_255_BITS = 2**255 - 1


def fault_of_point(encoded: bytes) -> str | None:
    """Why the 32 bytes are not acceptable as public key or as R; None if they are. Needs no square root."""
    if len(encoded) != 32:
        return "it does not have 32 bytes"
    y = int.from_bytes(encoded, "little") & _LOW_255_BITS
    if y >= PRIME:
        return "its point is not spelled canonically"
    if y in _SMALL_ORDER:
        return "its point has small order"
    return None


@lru_cache(maxsize=4096)  # the same few keys come again with every group and every ledger
def fault_of_key(encoded: bytes) -> str | None:
    """As for a point; and the point must lie on the curve, in the group of prime order."""
    fault = fault_of_point(encoded)
    if fault:
        return fault
    y = int.from_bytes(encoded, "little") & _LOW_255_BITS
    x = x_of(y)
    if x is None:
        return "its point is not on the curve"
    if not _is_identity(_times(ORDER, (x, y, 1, x * y % PRIME))):
        return "its point is outside the group of prime order"
    return None


def fault_of_signature(signature: bytes) -> str | None:
    if len(signature) != 64:
        return "it does not have 64 bytes"
    if int.from_bytes(signature[32:], "little") >= ORDER:
        return "its number is not spelled canonically"
    return fault_of_point(signature[:32])


def x_of(y: int) -> int | None:
    """A square root of (y² - 1) / (d y² + 1). RFC 8032, 5.1.3."""
    u, v = (y * y - 1) % PRIME, (D * y * y + 1) % PRIME
    x = u * pow(v, 3, PRIME) * pow(u * pow(v, 7, PRIME), (PRIME - 5) // 8, PRIME) % PRIME
    if (v * x * x - u) % PRIME == 0:
        return x
    x = x * _ROOT_OF_MINUS_ONE % PRIME
    return x if (v * x * x - u) % PRIME == 0 else None


_Point = tuple[int, int, int, int]


def _sum(p: _Point, q: _Point) -> _Point:
    """Addition in extended coordinates. RFC 8032, 5.1.4."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c = 2 * p[3] * q[3] * D % PRIME
    d = 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def _times(factor: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        factor >>= 1
    return total


def _is_identity(point: _Point) -> bool:
    return point[0] % PRIME == 0 and (point[1] - point[2]) % PRIME == 0


def _small_orders() -> frozenset[int]:
    """The y of the eight points whose order divides 8: identity, order 2, two of order 4, four of order 8."""
    for y in range(2, 100):
        x = x_of(y)
        if x is None:
            continue
        torsion = _times(ORDER, (x, y, 1, x * y % PRIME))
        if not _is_identity(_times(4, torsion)):
            multiples = [_times(n, torsion) for n in range(8)]
            return frozenset(p[1] * pow(p[2], -1, PRIME) % PRIME for p in multiples)
    raise AssertionError("no point of order 8")


_SMALL_ORDER = _small_orders()
