"""What one record adds to a total: an unknown amount counts with its declared bounds, and at least 0 (design 2.7)."""

from __future__ import annotations

from decimal import Decimal

from sqlglot import exp

from smartclause.engines.sql.pieces import Sql, both, chosen, decimal, inverse, one_of, settled, text, texts, whole
from smartclause.engines.sql.reader import Row
from smartclause.engines.sql.readings import Why
from smartclause.logic.terms import Kind, Money, Total, Value


def amounts(row: Row, types: tuple[str, ...], node: Total) -> tuple[Sql, Sql, Sql, tuple[Why, ...]]:
    """Least and most that one record adds, where there is no most, and why the amount is unknown."""
    reading = row.field(node.field, node.type.kind)
    assert reading.low is not None
    fits = reading.known
    if node.type.kind is Kind.MONEY:
        assert reading.unit is not None
        fits = both(fits, settled(exp.EQ(this=reading.unit.copy(), expression=text(node.type.detail))))
    value = exp.Greatest(this=reading.low.copy(), expressions=[whole(0)])
    lows = [(_bound(row, t, node.field, low=True), t) for t in types]
    highs = [(_bound(row, t, node.field, low=False), t) for t in types]
    least = chosen([(fits.copy(), value), *_by_type(row, lows)], whole(0))
    most = chosen([(fits.copy(), value.copy()), *_by_type(row, highs)], whole(0))
    unbounded = [t for bound, t in highs if bound is None]
    open_ = both(inverse(fits.copy()), one_of(row.column("type"), texts(unbounded)))
    return least, most, open_, reading.whys


def _bound(row: Row, type_: str, name: str, low: bool) -> Decimal | None:
    ft = row.lookup.field(type_, name)
    value: Value | None = None if ft is None else (ft.low if low else ft.high)
    number = value.amount if isinstance(value, Money) else value
    if not isinstance(number, Decimal):
        return None
    return max(number, Decimal(0)) if low else number


def _by_type(row: Row, bounds: list[tuple[Decimal | None, str]]) -> list[tuple[Sql, Sql]]:
    found: dict[Decimal, list[str]] = {}
    for bound, type_ in bounds:
        if bound is not None and bound != 0:
            found.setdefault(bound, []).append(type_)
    return [(one_of(row.column("type"), texts(names)), decimal(bound)) for bound, names in found.items()]
