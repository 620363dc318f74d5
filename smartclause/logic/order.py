"""How two values stand to each other. What has no common measure is not ordered: never a guess, never an error."""

from decimal import Decimal

from smartclause.logic.counting import Duration, compare
from smartclause.logic.terms import Money, Value


def sign(one: Value | None, other: Value | None) -> int | None:
    """-1, 0, 1 as `one` is below, equal to or above `other`; None where they cannot be ordered."""
    match one, other:
        case Duration(), Duration():
            return compare(one, other)
        case Money(), Money():
            return None if one.currency != other.currency else sign(one.amount, other.amount)
        case (bool(), _) | (_, bool()) | (str(), _) | (_, str()) | (None, _) | (_, None):
            return None
        case (frozenset(), _) | (_, frozenset()):
            return None
        case _:
            if isinstance(one, Decimal) is not isinstance(other, Decimal) or type(one) is not type(other):
                return None
            return (one > other) - (one < other)  # type: ignore[operator]
