"""A figure of a record compared with a constant, inside the declared bounds of the field: one interval each way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from smartclause.logic.contract import FieldType
from smartclause.logic.terms import Kind, Money, Order, Value
from smartclause.rails.source.code import NO, Code, both
from smartclause.rails.source.constants import Constants

_Figure = Decimal | int | date
_KINDS = {
    Kind.NUMBER: "Decimal",
    Kind.PERCENTAGE: "Decimal",
    Kind.INSTANT: "int",
    Kind.DATE: "date",
    Kind.MONEY: "Money",
}
FLIPPED = {
    Order.AT_LEAST: Order.AT_MOST,
    Order.AT_MOST: Order.AT_LEAST,
    Order.EXCEEDS: Order.BELOW,
    Order.BELOW: Order.EXCEEDS,
    Order.EQUAL: Order.EQUAL,
}
INVERSE = {
    Order.AT_LEAST: Order.BELOW,
    Order.BELOW: Order.AT_LEAST,
    Order.AT_MOST: Order.EXCEEDS,
    Order.EXCEEDS: Order.AT_MOST,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """`name` holds the value of the field in generated source; `known`: that it is one of its kind. `relied`: it is
    surely finite; otherwise one that is no number ends the comparison (see `Body.text`), and one without end has none.
    """

    name: str
    field: FieldType
    constants: Constants
    known: Code
    relied: bool = False

    def test(self, order: Order, other: Value) -> tuple[Code, Code] | None:
        """Surely so, surely not; None where this is no plain comparison of figures."""
        wanted = _KINDS.get(self.field.type.kind, "")
        values = [v for v in (other, self.field.low, self.field.high) if v is not None]
        if not wanted or any(type(v).__name__ != wanted for v in values):
            return None
        guard, read = self.known, self.name
        if isinstance(other, Money):
            if any(isinstance(v, Money) and v.currency != other.currency for v in values):
                return NO, NO
            guard = Code(f"{guard.text} and {self.name}.currency == {other.currency!r}", "and")
            read = f"{self.name}.amount"
        return self._inside(order, other, guard, read), self._against(order, other, guard, read)

    def _against(self, order: Order, other: Value, guard: Code, read: str) -> Code:
        if order is not Order.EQUAL:
            return self._inside(INVERSE[order], other, guard, read)
        differs = Code(f"{read} != {self._named(_plain(other))}")
        bounds = self._chain(read, _bound(self.field.low), _bound(self.field.high))
        return both((guard, *(bounds or self._finite(read)), differs))

    def _inside(self, order: Order, other: Value, guard: Code, read: str) -> Code:
        low, high, plain = _bound(self.field.low), _bound(self.field.high), _plain(other)
        if order is Order.EQUAL:
            fits = (low is None or low <= plain) and (high is None or plain <= high)  # type: ignore[operator]
            return both((guard, Code(f"{read} == {self._named(plain)}"))) if fits else NO
        if order in (Order.AT_LEAST, Order.EXCEEDS):
            return self._from(order, plain, low, high, guard, read)
        return self._up_to(order, plain, low, high, guard, read)

    def _from(
        self, order: Order, least: _Figure, low: _Figure | None, high: _Figure | None, guard: Code, read: str
    ) -> Code:
        strict = order is Order.EXCEEDS
        if high is not None and (least > high or (strict and least == high)):  # type: ignore[operator]
            return NO
        if low is not None and (least < low or (not strict and least == low)):  # type: ignore[operator]
            return both((guard, *self._chain(read, low, high)))
        return both((guard, *self._chain(read, least, high, strict_low=strict)))

    def _up_to(
        self, order: Order, most: _Figure, low: _Figure | None, high: _Figure | None, guard: Code, read: str
    ) -> Code:
        strict = order is Order.BELOW
        if low is not None and (most < low or (strict and most == low)):  # type: ignore[operator]
            return NO
        if high is not None and (most > high or (not strict and most == high)):  # type: ignore[operator]
            return both((guard, *self._chain(read, low, high)))
        return both((guard, *self._chain(read, low, most, strict_high=strict)))

    def _chain(
        self, read: str, low: _Figure | None, high: _Figure | None, strict_low: bool = False, strict_high: bool = False
    ) -> tuple[Code, ...]:
        if low is None and high is None:
            return ()
        left = "" if low is None else f"{self._named(low)} {'<' if strict_low else '<='} "
        right = "" if high is None else f" {'<' if strict_high else '<='} {self._named(high)}"
        if not right:
            return (*self._finite(read), Code(f"{read} {'>' if strict_low else '>='} {self._named(low)}"))
        return (*(() if left else self._finite(read)), Code(f"{left}{read}{right}"))

    def _finite(self, read: str) -> tuple[Code, ...]:
        decimal = self.field.type.kind in (Kind.NUMBER, Kind.PERCENTAGE)
        return (Code(f"{read}.is_finite()"),) if decimal and not self.relied else ()

    def _named(self, value: _Figure | None) -> str:
        assert value is not None
        return self.constants.of(value)


def _bound(value: Value | None) -> _Figure | None:
    return None if value is None else _plain(value)


def _plain(value: Value) -> _Figure:
    figure = value.amount if isinstance(value, Money) else value
    assert isinstance(figure, Decimal | int | date)
    return figure
