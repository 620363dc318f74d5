"""Values of facts between their signed spelling and the contract's types.

What does not have the type that the contract declares is never accepted: it is None here, and unknown later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import assert_never

from smartclause.evidence import forms
from smartclause.logic.canonical import Json
from smartclause.logic.contract import Contract
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.terms import Kind, Money, Type, Value
from smartclause.logic.written import exact

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUALIFIED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+")
_IDENTIFIER = re.compile(r"[!-~]{1,200}")
_DECIMAL = re.compile(forms.DECIMAL[1:-1])

# How each kind is written in a signed event; shown to who wrote it otherwise.
SPELLINGS: Mapping[Kind, str] = {
    Kind.FACT: "true or false",
    Kind.TEXT: '"text"',
    Kind.NUMBER: 'a whole number such as 5, or text such as "2.5"',
    Kind.PERCENTAGE: 'text such as "12.5"',
    Kind.MONEY: '{"amount":"100.5","currency":"CNY"}',
    Kind.INSTANT: '"2026-03-01T09:00:00Z"',
    Kind.DATE: '"2026-03-01"',
    Kind.DURATION: '{"count":24,"unit":"hour"}',
    Kind.PARTY: '"B"',
    Kind.IDENTIFIER: "ASCII text without spaces",
    Kind.CONCEPT: "a qualified concept under the declared one",
    Kind.CONCEPTS: "a sorted list of qualified concepts under the declared one",
}


def typed(value: forms.Value, kind: Type, tree: ConceptTree) -> Value | None:
    """The value as the contract's type, or None where it has another type, unit, currency or root."""
    return _READERS[kind.kind](value, kind, tree)


def _fact(value: forms.Value, _kind: Type, _tree: ConceptTree) -> Value | None:
    return value if isinstance(value, bool) else None


def _text(value: forms.Value, _kind: Type, _tree: ConceptTree) -> Value | None:
    return value if isinstance(value, str) else None


def _number(value: forms.Value, _kind: Type, _tree: ConceptTree) -> Value | None:
    """A whole number as an integer, any other as decimal text: one value, one spelling."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value) and "." in value:
        return Decimal(value)
    return None


def _percentage(value: forms.Value, _kind: Type, _tree: ConceptTree) -> Value | None:
    return Decimal(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else None


def _money(value: forms.Value, kind: Type, _tree: ConceptTree) -> Value | None:
    if not isinstance(value, forms.Money) or (kind.detail and value.currency != kind.detail):
        return None
    return Money(Decimal(value.amount), value.currency)


def _instant(value: forms.Value, _kind: Type, _tree: ConceptTree) -> Value | None:
    return _parsed(forms.instant, value)


def _date(value: forms.Value, _kind: Type, _tree: ConceptTree) -> Value | None:
    return _parsed(forms.calendar_date, value)


def _parsed(parse: Callable[[str], Value], value: forms.Value) -> Value | None:
    try:
        return parse(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def _duration(value: forms.Value, _kind: Type, _tree: ConceptTree) -> Value | None:
    return Duration(value.count, Unit(value.unit)) if isinstance(value, forms.Period) else None


def _party(value: forms.Value, _kind: Type, _tree: ConceptTree) -> Value | None:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def _identifier(value: forms.Value, _kind: Type, _tree: ConceptTree) -> Value | None:
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else None


def _concept(value: forms.Value, kind: Type, tree: ConceptTree) -> Value | None:
    fits = isinstance(value, str) and _QUALIFIED.fullmatch(value) and _may_stand_under(value, kind.detail, tree)
    return value if fits and isinstance(value, str) else None


def _concepts(value: forms.Value, kind: Type, tree: ConceptTree) -> Value | None:
    if not isinstance(value, tuple) or any(_concept(v, kind, tree) is None for v in value):
        return None
    return frozenset(value)


def _may_stand_under(name: str, root: str, tree: ConceptTree) -> bool:
    """Under the root at some date. A concept that nobody declared may be anything: it stays, and is unknown."""
    return not root or name not in tree.declared or root in tree.above(name)


@dataclass(frozen=True)
class ConceptTree:
    """The concepts of a contract, whatever the date."""

    declared: frozenset[str]
    parents: Mapping[str, tuple[str, ...]]

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {}

    def above(self, name: str) -> frozenset[str]:
        """The concept itself and all it ever stands under."""
        if name not in self._known:
            self._known[name] = self._walk(name)
        return self._known[name]

    def _walk(self, name: str) -> frozenset[str]:
        found: set[str] = set()
        waiting = [name]
        while waiting:
            concept = waiting.pop()
            if concept not in found:
                found.add(concept)
                waiting.extend(self.parents.get(concept, ()))
        return frozenset(found)


def concept_tree(contract: Contract) -> ConceptTree:
    parents: dict[str, tuple[str, ...]] = {}
    for edge in contract.vocabulary.edges:
        parents[edge.child] = (*parents.get(edge.child, ()), edge.parent)
    return ConceptTree(frozenset(c.name for c in contract.vocabulary.concepts), parents)


def spelled(value: Value) -> Json:
    """The value as signed events spell it; numbers as exact text."""
    match value:
        case bool() | str():
            return value
        case int():
            return forms.timestamp(value)
        case Decimal():
            return exact(value)
        case Money():
            return {"amount": exact(value.amount), "currency": value.currency}
        case date():
            return value.isoformat()
        case Duration():
            return {"count": value.count, "unit": value.unit.value}
        case frozenset():
            return [*sorted(value)]
        case _:
            assert_never(value)


_READERS: Mapping[Kind, Callable[[forms.Value, Type, ConceptTree], Value | None]] = {
    Kind.FACT: _fact,
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.PERCENTAGE: _percentage,
    Kind.MONEY: _money,
    Kind.INSTANT: _instant,
    Kind.DATE: _date,
    Kind.DURATION: _duration,
    Kind.PARTY: _party,
    Kind.IDENTIFIER: _identifier,
    Kind.CONCEPT: _concept,
    Kind.CONCEPTS: _concepts,
}
