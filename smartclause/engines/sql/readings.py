"""What an expression says in SQL: a value or bounds, whether it is known, and why not. And how two compare.

A comparison is settled only if it holds throughout both intervals; what has no common measure is not ordered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias, assert_never

from sqlglot import exp

from smartclause.engines.sql.from_world import measure
from smartclause.engines.sql.pieces import (
    Rails,
    Sql,
    both,
    compared,
    decimal,
    either,
    inverse,
    is_null,
    no,
    settled,
    text,
    truth,
    whole,
    yes,
)
from smartclause.logic.counting import Duration
from smartclause.logic.terms import Kind, Money, Order, Value

ORDERED = frozenset({"number", "money", "instant", "date", "duration"})


@dataclass(frozen=True, slots=True)
class Why:
    """A reason that holds where `holds` is true. `role` None: the text of `kind` is `kind|role`."""

    holds: Sql
    kind: Sql
    type: Sql
    field: str = ""
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Known: `value`, and both bounds are it. `full`: known for every row. `high` None: no bound anywhere."""

    family: str
    low: Sql | None = None
    high: Sql | None = None
    unit: Sql | None = None
    full: bool = False
    point: bool = True
    constant: Value | None = None
    whys: tuple[Why, ...] = ()

    @property
    def known(self) -> Sql:
        if self.full:
            return yes()
        if self.low is None or self.high is None:
            return no()
        there = inverse(is_null(self.high.copy()))
        if self.point:
            return there
        return both(there, settled(compared(exp.EQ, self.low, self.high)))


def family(kind: Kind) -> str:
    match kind:
        case Kind.FACT:
            return "fact"
        case Kind.TEXT | Kind.PARTY | Kind.IDENTIFIER | Kind.CONCEPT:
            return "words"
        case Kind.NUMBER | Kind.PERCENTAGE:
            return "number"
        case Kind.MONEY:
            return "money"
        case Kind.INSTANT:
            return "instant"
        case Kind.DATE:
            return "date"
        case Kind.DURATION:
            return "duration"
        case Kind.CONCEPTS:
            return "set"
        case _:
            assert_never(kind)


def literal(value: Value) -> tuple[str, Sql, Sql | None]:
    """Family, value and unit."""
    match value:
        case bool():
            return "fact", truth(value), None
        case str():
            return "words", text(value), None
        case Decimal():
            return "number", decimal(value), None
        case Money():
            return "money", decimal(value.amount), text(value.currency)
        case Duration():
            length, unit = measure(value)
            return "duration", whole(length), text(unit)
        case frozenset():
            return "set", exp.Array(expressions=[text(v) for v in sorted(value)]), None
        case date():
            return "date", whole(value.toordinal()), None
        case int():
            return "instant", whole(value), None
        case _:
            assert_never(value)


def constant(value: Value) -> Reading:
    kind, sql, unit = literal(value)
    return Reading(kind, sql, sql, unit, full=True, constant=value)


def unknown_reading(kind: str, *whys: Why) -> Reading:
    return Reading(kind, whys=whys)


Side: TypeAlias = "tuple[Sql | None, Reading]"


def order(how: Order, left: Reading, right: Reading) -> Rails:
    match how:
        case Order.AT_LEAST:
            return Rails(
                _stand(exp.GTE, (left.low, left), (right.high, right)),
                _stand(exp.LT, (left.high, left), (right.low, right)),
            )
        case Order.AT_MOST:
            return order(Order.AT_LEAST, right, left)
        case Order.EXCEEDS:
            return order(Order.BELOW, right, left)
        case Order.BELOW:
            return Rails(
                _stand(exp.LT, (left.high, left), (right.low, right)),
                _stand(exp.GTE, (left.low, left), (right.high, right)),
            )
        case Order.EQUAL:
            return _equal(left, right)
        case _:
            assert_never(how)


def _stand(how: type[exp.Binary], one: Side, other: Side) -> Sql:
    """Whether the one stands so to the other; no where either is open or they have no common measure."""
    (a, left), (b, right) = one, other
    if a is None or b is None or left.family != right.family or left.family not in ORDERED:
        return no()
    return settled(both(compared(how, a, b), _same_unit(left, right)), left.full and right.full)


def _same_unit(left: Reading, right: Reading) -> Sql:
    if left.unit is None or right.unit is None:
        return yes()
    return compared(exp.EQ, left.unit, right.unit)


def _equal(left: Reading, right: Reading) -> Rails:
    below = _stand(exp.LT, (left.high, left), (right.low, right))
    above = _stand(exp.LT, (right.high, right), (left.low, left))
    return Rails(_same(left, right), either(below, above, _differ(left, right)))


def _same(left: Reading, right: Reading) -> Sql:
    if left.family != right.family or left.low is None or right.low is None:
        return no()
    known = both(*(r.known for r in (left, right) if not r.point))
    equal = both(compared(exp.EQ, left.low, right.low), _same_unit(left, right))
    return both(known, settled(equal, left.full and right.full))


def _differ(left: Reading, right: Reading) -> Sql:
    """Words and facts are compared to the letter."""
    words = {left.family, right.family} <= {"words", "fact"}
    if not words or left.low is None or right.low is None:
        return no()
    if left.family != right.family:
        return both(left.known, right.known)
    return settled(compared(exp.NEQ, left.low, right.low), left.full and right.full)


def holds(reading: Reading) -> Rails:
    if reading.family != "fact" or reading.low is None:
        return Rails(no(), no())
    value = reading.low
    return Rails(settled(value.copy(), reading.full), settled(inverse(value.copy()), reading.full))
