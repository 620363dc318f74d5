"""What a printed program needs beside its contract. Nothing but Python's own library; printed as it stands."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation  # noqa: F401 (for the functions that are printed after this)
from enum import Enum
from typing import Any

ALLOWED, REFUSED, UNDECIDED = "allowed", "refused", "undecided"
INAPPLICABLE, SET_ASIDE, FORBIDDEN, UNKNOWN = "inapplicable", "set aside", "forbidden", "unknown"
PERMITTED, MET, SILENT = "permitted", "met", "silent"


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str


class Unit(Enum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Duration:
    count: int
    unit: Unit


_MEASURES = {
    Unit.MINUTE: ("elapsed", 1),
    Unit.HOUR: ("elapsed", 60),
    Unit.DAY: ("days", 1),
    Unit.WORKING_DAY: ("working days", 1),
    Unit.MONTH: ("months", 1),
    Unit.YEAR: ("months", 12),
}


def sign(one: Any, other: Any) -> int | None:
    """-1, 0, 1 as `one` is below, equal to or above `other`; None where they have no common measure."""
    if type(one) is not type(other) or isinstance(one, bool | str | frozenset | None):
        return None
    if isinstance(one, Money):
        return sign(one.amount, other.amount) if one.currency == other.currency else None
    if isinstance(one, Duration):
        (family, length), (others, measure) = _MEASURES[one.unit], _MEASURES[other.unit]
        return sign(one.count * length, other.count * measure) if family == others else None
    return int(one > other) - int(one < other)


_SIDES = {"equal": (0,), "at least": (0, 1), "at most": (-1, 0), "exceeds": (1,), "below": (-1,)}


def compare(how: str, one: Any, other: Any) -> bool | None:
    """None where a value is missing, or where the two have no common measure."""
    if one is None or other is None:
        return None
    side = sign(one, other)
    if side is not None:
        return side in _SIDES[how]
    if how != "equal":
        return None
    if isinstance(one, str | bool) and isinstance(other, str | bool):
        return type(one) is type(other) and one == other
    return True if type(one) is type(other) and one == other else None


def bounded(value: Any, low: Any, high: Any) -> Any:
    """The value if it lies inside its declared bounds. An empty set is no value."""
    if value is None or (isinstance(value, frozenset) and not value):
        return None
    above = low is None or sign(value, low) in (0, 1)
    return value if above and (high is None or sign(value, high) in (0, -1)) else None


# ---- what counts as a value of its kind


def a_number(value: Any) -> Decimal | None:
    """An exact number: not infinite, and not what is called no number."""
    return value if type(value) is Decimal and value.is_finite() else None


def a_sum(value: Any) -> Money | None:
    """Money of an exact amount."""
    return value if type(value) is Money and type(value.amount) is Decimal and value.amount.is_finite() else None


def a_period(value: Any) -> Duration | None:
    """A whole number of a unit."""
    return value if type(value) is Duration and type(value.count) is int else None


def a_set(value: Any) -> frozenset[str] | None:
    """Names, one at least."""
    return value if type(value) is frozenset and value and all(type(name) is str for name in value) else None


def numbers_of(facts: Any) -> dict[str, Any]:
    """The facts without what is said to be a number and is none."""
    return {name: value for name, value in facts.items() if type(value) is not Decimal or value.is_finite()}


def names_of(attested: Any) -> frozenset[str]:
    """Raises TypeError for a text: any part of it would be found in it."""
    if isinstance(attested, str | bytes | dict):
        raise TypeError("`attested` is a set of names of facts")
    return frozenset(attested)


# ---- values as JSON spells them

_DECIMAL = re.compile(r"0|-?[1-9][0-9]{0,30}|-?(0|[1-9][0-9]{0,30})\.[0-9]{0,17}[1-9]")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,5}[1-9])?Z")
_START = datetime.fromisoformat("1970-01-01T00:00:00Z")


def value_of(spelled: Any, kind: str, detail: str) -> Any:
    """The value of a fact. Raises ValueError where it is spelled as no value of its kind."""
    read = _READERS[kind](spelled, detail) if kind in _READERS else _text(spelled, detail)
    if read is None:
        raise ValueError(f"{json.dumps(spelled)[:80]} is no {kind}")
    return read


def _fact(spelled: Any, _detail: str) -> bool | None:
    return spelled if isinstance(spelled, bool) else None


def _text(spelled: Any, _detail: str) -> str | None:
    return spelled if isinstance(spelled, str) else None


def _number(spelled: Any, _detail: str) -> Decimal | None:
    if isinstance(spelled, int) and not isinstance(spelled, bool) and abs(spelled) < 2**53:
        return Decimal(spelled)
    fits = isinstance(spelled, str) and _DECIMAL.fullmatch(spelled) and "." in spelled
    return Decimal(spelled) if fits else None


def _percentage(spelled: Any, _detail: str) -> Decimal | None:
    return Decimal(spelled) if isinstance(spelled, str) and _DECIMAL.fullmatch(spelled) else None


def _money(spelled: Any, currency: str) -> Money | None:
    if not isinstance(spelled, dict) or set(spelled) != {"amount", "currency"}:
        return None
    amount, other = _percentage(spelled["amount"], ""), spelled["currency"]
    return None if amount is None or not isinstance(other, str) or other != currency else Money(amount, other)


def _instant(spelled: Any, _detail: str) -> int | None:
    if not isinstance(spelled, str) or not _INSTANT.fullmatch(spelled):
        return None
    return (datetime.fromisoformat(spelled) - _START) // timedelta(microseconds=1)


def _date(spelled: Any, _detail: str) -> date | None:
    fits = isinstance(spelled, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", spelled)
    return date.fromisoformat(spelled) if fits else None


def _duration(spelled: Any, _detail: str) -> Duration | None:
    if not isinstance(spelled, dict) or set(spelled) != {"count", "unit"} or not isinstance(spelled["count"], int):
        return None
    return Duration(spelled["count"], Unit(spelled["unit"]))


def _concepts(spelled: Any, _detail: str) -> frozenset[str] | None:
    listed = isinstance(spelled, list) and all(isinstance(v, str) for v in spelled)
    return frozenset(spelled) if listed else None


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "fact": _fact,
    "number": _number,
    "percentage": _percentage,
    "money": _money,
    "instant": _instant,
    "date": _date,
    "duration": _duration,
    "set of concept": _concepts,
}


def read_act(text: str) -> dict[str, Any]:
    """An act from JSON. Raises ValueError: members given twice, numbers that are not whole, anything but an object."""
    act = json.loads(text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    if not isinstance(act, dict):
        raise ValueError("an act is a JSON object")
    return act


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a member is given twice")
    return dict(pairs)


def _refuse(spelled: str) -> Any:
    raise ValueError(f"{spelled[:40]} is not exact: write it as text")
