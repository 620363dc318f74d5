"""Pieces of SQL trees: two-valued conditions that fold what is known beforehand. Text of users never becomes SQL:
what they wrote stands in literals that the writer of the dialect escapes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from sqlglot import exp

Sql: TypeAlias = exp.Expression

FOREVER = 2**61  # an instant after all others
NEVER = -(2**61)


@dataclass(frozen=True, slots=True)
class Rails:
    """When a condition is true and when it is false: both classical, never both."""

    is_true: Sql
    is_false: Sql

    def inverse(self) -> Rails:
        return Rails(self.is_false, self.is_true)


def yes() -> Sql:
    return exp.Boolean(this=True)


def no() -> Sql:
    return exp.Boolean(this=False)


def truth(value: bool) -> Sql:
    return exp.Boolean(this=value)


def is_yes(condition: Sql) -> bool:
    return isinstance(condition, exp.Boolean) and bool(condition.this)


def is_no(condition: Sql) -> bool:
    return isinstance(condition, exp.Boolean) and not condition.this


def column(name: str, table: str = "") -> Sql:
    inside = exp.Identifier(this=table, quoted=True) if table else None
    return exp.Column(this=exp.Identifier(this=name, quoted=True), table=inside)


def text(value: str) -> Sql:
    return exp.Literal.string(value)


def whole(value: int) -> Sql:
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def decimal(value: Decimal) -> Sql:
    """An exact number: never through a binary one."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    scale = max(-exponent, 0)
    width = max(len(digits) + max(exponent, 0), scale + 1)
    if scale == 0 and width <= 18:
        return whole(int(value))
    return exp.cast(exp.Literal.string(f"{value:f}"), f"DECIMAL({width}, {scale})")


def nothing(kind: str = "") -> Sql:
    return exp.cast(exp.Null(), kind) if kind else exp.Null()


def _enclosed(condition: Sql) -> Sql:
    return exp.Paren(this=condition) if isinstance(condition, exp.Connector | exp.Predicate | exp.Not) else condition


def both(*conditions: Sql) -> Sql:
    """True of nothing."""
    return _joined(exp.And, conditions, neutral=True)


def either(*conditions: Sql) -> Sql:
    """False of nothing."""
    return _joined(exp.Or, conditions, neutral=False)


def _joined(how: type[exp.And] | type[exp.Or], conditions: Iterable[Sql], neutral: bool) -> Sql:
    kept: list[Sql] = []
    for each in conditions:
        if isinstance(each, exp.Boolean):
            if bool(each.this) is not neutral:
                return truth(not neutral)
        elif each not in kept:
            kept.append(each)
    if not kept:
        return truth(neutral)
    found: Sql = kept[0] if len(kept) == 1 else _enclosed(kept[0])
    for each in kept[1:]:
        found = how(this=found, expression=_enclosed(each))
    return found


def inverse(condition: Sql) -> Sql:
    if isinstance(condition, exp.Boolean):
        return truth(not condition.this)
    if isinstance(condition, exp.Not):
        inner = condition.this
        found: Sql = inner.this if isinstance(inner, exp.Paren) else inner
        return found
    return exp.Not(this=_enclosed(condition))


def settled(condition: Sql, never_null: bool = False) -> Sql:
    """Where the engine would say NULL: no."""
    if never_null or isinstance(condition, exp.Boolean):
        return condition
    return exp.Coalesce(this=condition, expressions=[no()])


def compared(how: type[exp.Binary], one: Sql, other: Sql) -> Sql:
    found = how(this=one.copy(), expression=other.copy())
    assert isinstance(found, exp.Expression)
    return found


def is_null(value: Sql) -> Sql:
    return exp.Is(this=value, expression=exp.Null())


def one_of(value: Sql, among: Sequence[Sql]) -> Sql:
    """Never an empty list."""
    if not among:
        return no()
    if len(among) == 1:
        return exp.EQ(this=value, expression=among[0])
    return exp.In(this=value, expressions=list(among))


def texts(values: Iterable[str]) -> list[Sql]:
    return [text(v) for v in values]


def chosen(branches: Sequence[tuple[Sql, Sql]], otherwise: Sql) -> Sql:
    """The first that fits; conditions known beforehand are folded."""
    kept: list[tuple[Sql, Sql]] = []
    for condition, value in branches:
        if is_no(condition):
            continue
        if is_yes(condition):
            otherwise = value
            break
        kept.append((condition, value))
    if not kept or all(v == otherwise for _, v in kept):
        return otherwise
    return exp.Case(ifs=[exp.If(this=c, true=v) for c, v in kept], default=otherwise)


def where(condition: Sql, value: Sql) -> Sql:
    """The value where the condition holds, else nothing."""
    return value if is_yes(condition) else exp.Case(ifs=[exp.If(this=condition, true=value)])


def grouped(value: Sql) -> Sql:
    return exp.Paren(this=value)


def added(one: Sql, other: Sql) -> Sql:
    return exp.Add(this=one, expression=other)


def named(value: Sql, name: str) -> Sql:
    return exp.Alias(this=value, alias=exp.Identifier(this=name, quoted=True))


def source(name: str, alias: str = "") -> exp.Table:
    other = exp.TableAlias(this=exp.Identifier(this=alias, quoted=True)) if alias else None
    return exp.Table(this=exp.Identifier(this=name, quoted=True), alias=other)


def selected(columns: Iterable[Sql], origin: exp.Expression) -> exp.Select:
    return exp.Select().select(*columns, copy=False).from_(origin, copy=False)


def joining(found: exp.Select, relation: exp.Expression, on: Sql, side: str = "") -> exp.Select:
    return found.join(relation, on=on, join_type=side or None, copy=False)


def only(found: exp.Select, condition: Sql) -> exp.Select:
    return found if is_yes(condition) else found.where(condition, copy=False)
