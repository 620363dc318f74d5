"""Values as whole numbers: words and concepts by code, figures scaled without loss. Concepts follow their tree, so
that what stands under one of them is an interval or a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property

from smartclause.logic.counting import Duration, Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Kind, Money, Node, Type, Value, walk

WORDS = 1_000_000  # codes of texts, identifiers and parties begin here
FRESH = 2_000_000  # and from here stand for words that no file names
_OF_DAYS, _OF_INSTANTS = 10, 11
_SPARE = 2  # decimal places beyond those of any figure named: room between two of them

_FAMILIES: dict[Unit, tuple[int, int]] = {
    Unit.MINUTE: (0, 1), Unit.HOUR: (0, 60), Unit.DAY: (1, 1), Unit.WORKING_DAY: (2, 1), Unit.MONTH: (3, 1),
    Unit.YEAR: (3, 12),
}  # fmt: skip
_UNITS = {0: Unit.MINUTE, 1: Unit.DAY, 2: Unit.WORKING_DAY, 3: Unit.MONTH}


class Codes:
    """Of one contract, or of several that are compared."""

    def __init__(self, lookups: Iterable[Lookup]) -> None:
        self.lookups = tuple(lookups)
        self._codes: dict[str, int] = {}
        self._names: dict[int, str] = {}
        for number, name in enumerate(_in_tree_order(self.lookups)):
            self._keep(name, number)
        self.concepts = len(self._codes)

    def _keep(self, name: str, code: int) -> int:
        self._codes[name], self._names[code] = code, name
        return code

    # ---- words

    def word(self, text: str) -> int:
        """Of a text, identifier, party or concept."""
        known = self._codes.get(text)
        return known if known is not None else self._keep(text, WORDS + len(self._codes))

    def spelled(self, code: int) -> str:
        """The word of a code; of a fresh one a word that nobody used."""
        if code in self._names:
            return self._names[code]
        number = len([c for c in self._names if c >= FRESH]) + 1
        while f"x{number}" in self._codes:
            number += 1
        self._keep(f"x{number}", code)
        return f"x{number}"

    # ---- figures

    @cached_property
    def scale(self) -> int:
        places = max((_places(v) for v in self._figures()), default=0)
        return int(10 ** (min(places, 18) + _SPARE))

    def _figures(self) -> Iterator[Decimal]:
        for lookup in self.lookups:
            for each in nodes(lookup):
                if isinstance(each, Const):
                    yield from _decimals(each.value)
            for parameter in lookup.contract.parameters:
                for value in (*(d.value for d in parameter.values), parameter.low, parameter.high):
                    yield from _decimals(value)
            for field in (f for t in lookup.contract.types for f in t.fields):
                yield from _decimals(field.low)
                yield from _decimals(field.high)

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        values = [n.value for k in self.lookups for n in nodes(k) if isinstance(n, Const)]
        values += [d.value for k in self.lookups for p in k.contract.parameters for d in p.values]
        found = {v.currency for v in values if isinstance(v, Money)}
        fields = [f.type for k in self.lookups for t in k.contract.types for f in t.fields]
        found |= {t.detail for t in fields if t.kind is Kind.MONEY}
        return tuple(sorted(found - {""})) or ("CNY",)

    def measured(self, value: Value) -> tuple[int, int]:
        """The number of a value and what it is measured in: only equal measures are ordered."""
        match value:
            case bool():
                return int(value), 0
            case Decimal():
                return int(value * self.scale), 0
            case Money():
                return int(value.amount * self.scale), self.measure(value.currency)
            case Duration():
                family, length = _FAMILIES[value.unit]
                return value.count * length, family
            case date():
                return value.toordinal(), _OF_DAYS
            case int():
                return value, _OF_INSTANTS
            case str():
                return self.word(value), 0
            case frozenset():
                raise TypeError("a set has no number")

    @staticmethod
    def usual(kind: Kind) -> int:
        """What figures of a kind are measured in where that is not told by the value."""
        return {Kind.DATE: _OF_DAYS, Kind.INSTANT: _OF_INSTANTS}.get(kind, 0)

    def measure(self, currency: str) -> int:
        return self.currencies.index(currency) if currency in self.currencies else 1000 + self.word(currency)

    def value(self, number: int, measure: int, kind: Type) -> Value:
        """The value of such a number."""
        match kind.kind:
            case Kind.FACT:
                return bool(number)
            case Kind.NUMBER | Kind.PERCENTAGE:
                return _decimal(number, self.scale)
            case Kind.MONEY:
                return Money(_decimal(number, self.scale), self.currencies[measure])
            case Kind.DURATION:
                return _duration(number, measure)
            case Kind.DATE:
                return date.fromordinal(number)
            case Kind.INSTANT:
                return number
            case _:
                return self.spelled(number)


def nodes(lookup: Lookup) -> Iterator[Node]:
    """Every node of every condition of the contract and its properties."""
    from smartclause.engines.prove.conditions import conditions

    for term in conditions(lookup):
        yield from walk(term)


def _duration(number: int, family: int) -> Duration:
    if family == 0 and number % 60 == 0:
        return Duration(number // 60, Unit.HOUR)
    return Duration(number, _UNITS[family])


def _decimal(number: int, scale: int) -> Decimal:
    found = (Decimal(number) / scale).normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _decimals(value: Value | None) -> Iterator[Decimal]:
    if isinstance(value, Decimal):
        yield value
    elif isinstance(value, Money):
        yield value.amount


def _in_tree_order(lookups: tuple[Lookup, ...]) -> list[str]:
    """Each concept before what stands under it."""
    children: dict[str, list[str]] = {}
    names: dict[str, None] = {}
    below: set[str] = set()
    for lookup in lookups:
        names.update(dict.fromkeys(c.name for c in lookup.contract.vocabulary.concepts))
        for edge in lookup.contract.vocabulary.edges:
            children.setdefault(edge.parent, []).append(edge.child)
            below.add(edge.child)
    order: dict[str, None] = {}
    waiting = [n for n in reversed(names) if n not in below]
    while waiting:
        name = waiting.pop()
        if name not in order:
            order[name] = None
            waiting.extend(reversed(children.get(name, [])))
    return [*order, *(n for n in names if n not in order)]
