"""What generated source calls where a test is no plain comparison. True, False, or None where it is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from smartclause.logic.counting import Duration, Unit
from smartclause.logic.order import sign
from smartclause.logic.terms import Kind, Money, Value

Known = bool | None
_TEXT = frozenset({str})
_PLAIN: dict[Kind, type] = {
    Kind.FACT: bool,
    Kind.TEXT: str,
    Kind.PARTY: str,
    Kind.IDENTIFIER: str,
    Kind.CONCEPT: str,
    Kind.INSTANT: int,
    Kind.DATE: date,
}


# ---- what a program says is a value: one of its kind to the letter, or none


def fitting(value: object, kind: Kind) -> Value | None:
    """The value if it is one of the kind; None for everything else: another class, a class derived, no number."""
    match kind:
        case Kind.NUMBER | Kind.PERCENTAGE:
            return a_number(value)
        case Kind.MONEY:
            return a_sum(value)
        case Kind.DURATION:
            return a_period(value)
        case Kind.CONCEPTS:
            return a_set(value)
        case _:
            return value if type(value) is _PLAIN[kind] else None  # type: ignore[return-value]


def a_number(value: object) -> Decimal | None:
    """An exact number: not infinite, and not what is called no number."""
    return value if type(value) is Decimal and value.is_finite() else None


def a_sum(value: object) -> Money | None:
    """Money of an exact amount."""
    if type(value) is not Money or type(value.amount) is not Decimal or type(value.currency) is not str:
        return None
    return value if value.amount.is_finite() else None


def a_period(value: object) -> Duration | None:
    """A whole number of a unit."""
    fits = type(value) is Duration and type(value.count) is int and type(value.unit) is Unit
    return value if fits else None  # type: ignore[return-value]


def a_set(value: object) -> frozenset[str] | None:
    """Names, one at least: an empty set counts as not shown."""
    return value if type(value) is frozenset and value and _TEXT.issuperset(map(type, value)) else None


def numbers_of(facts: Mapping[str, Value]) -> Mapping[str, Value]:
    """The facts without what is said to be a number and is none."""
    return {name: value for name, value in facts.items() if type(value) is not Decimal or value.is_finite()}


def names_of(attested: Iterable[str]) -> frozenset[str]:
    """Raises TypeError for what is no collection of names: in a text any part of it would be found."""
    if isinstance(attested, frozenset | set | list | tuple) and all(type(name) is str for name in attested):
        return frozenset(attested)
    raise TypeError(f"`attested` is a set of names of facts, not {type(attested).__name__}")


# ---- tests


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
