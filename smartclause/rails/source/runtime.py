"""What generated source calls where a test is no plain comparison. True, False, or None where it is not known."""

from __future__ import annotations

from smartclause.logic.order import sign
from smartclause.logic.terms import Value

Known = bool | None


def compare(how: str, one: Value | None, other: Value | None) -> Known:
    """`how` is the value of an Order. None where a value is, or where the two have no common measure."""
    if one is None or other is None:
        return None
    if how == "equal":
        return _equal(one, other)
    side = sign(one, other)
    if side is None:
        return None
    match how:
        case "at least":
            return side >= 0
        case "at most":
            return side <= 0
        case "exceeds":
            return side > 0
        case _:
            return side < 0


def _equal(one: Value, other: Value) -> Known:
    """Words are compared to the letter; sets that differ may still mean the same."""
    side = sign(one, other)
    if side is not None:
        return side == 0
    if isinstance(one, str | bool) and isinstance(other, str | bool):
        return type(one) is type(other) and one == other
    return True if type(one) is type(other) and one == other else None


def bounded(value: Value | None, low: Value | None, high: Value | None) -> Value | None:
    """The value if it lies inside its declared bounds. An empty set is no value."""
    if value is None or (isinstance(value, frozenset) and not value):
        return None
    above = low is None or sign(value, low) in (0, 1)
    below = high is None or sign(value, high) in (0, -1)
    return value if above and below else None
