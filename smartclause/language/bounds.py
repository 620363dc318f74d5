"""Bounds of parameters and fields: what lies inside, and how findings say them."""

from smartclause.language.literals import shown
from smartclause.language.wording import Both
from smartclause.logic.counting import Duration, compare, convertible
from smartclause.logic.terms import Money, Value


def convert(one: Value, other: Value) -> bool:
    if isinstance(one, Duration) and isinstance(other, Duration):
        return convertible(one.unit, other.unit)
    return True


def inside(value: Value, low: Value | None, high: Value | None) -> bool:
    """Whether low <= value <= high; a bound that cannot be compared holds nothing back nor lets pass: False."""
    return (low is None or _order(low, value) in (-1, 0)) and (high is None or _order(value, high) in (-1, 0))


def _order(one: Value, other: Value) -> int | None:
    if isinstance(one, Duration) and isinstance(other, Duration):
        return compare(one, other)
    if isinstance(one, Money) and isinstance(other, Money):
        return _sign(one.amount, other.amount) if one.currency == other.currency else None
    return _sign(one, other) if type(one) is type(other) else None


def _sign(one: object, other: object) -> int:
    above: bool = one > other  # type: ignore[operator]
    below: bool = one < other  # type: ignore[operator]
    return above - below


def described(low: Value | None, high: Value | None) -> Both:
    en = [f"at least {shown(low)}"] if low is not None else []
    zh = [f"不少于{shown(low)}"] if low is not None else []
    en += [f"at most {shown(high)}"] if high is not None else []
    zh += [f"不超过{shown(high)}"] if high is not None else []
    return Both(", ".join(en), "、".join(zh))
