"""Tests of a record's own facts as Python: what must hold for the test to be true, and what for it to be false.

A missing value fails both; so does one outside its bounds, of another kind, or too broad to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from smartclause.logic.contract import FieldType
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import (
    ClauseViolated,
    Compare,
    Const,
    Covers,
    Expression,
    Field,
    Holds,
    Kind,
    Order,
    Parameter,
    Query,
    Term,
    Value,
    walk,
)
from smartclause.logic.truth import Truth
from smartclause.rails.formula import Leaf
from smartclause.rails.refused import CannotDo
from smartclause.rails.source.code import NO, YES, Code, Member, both
from smartclause.rails.source.constants import Constants
from smartclause.rails.source.covering import Sets, broader_of, covered, elements, narrower_of
from smartclause.rails.source.figures import FLIPPED, Figure
from smartclause.rails.source.runtime import compare
from smartclause.rails.stretches import of_concepts, of_parameter, stated, stretches

Found = TypeVar("Found")
_WORDS = (Kind.TEXT, Kind.PARTY, Kind.IDENTIFIER)
_CLASSES = dict.fromkeys((*_WORDS, Kind.CONCEPT), "str") | {
    Kind.FACT: "bool",
    Kind.NUMBER: "Decimal",
    Kind.PERCENTAGE: "Decimal",
    Kind.MONEY: "Money",
    Kind.INSTANT: "int",
    Kind.DATE: "date",
    Kind.DURATION: "Duration",
    Kind.CONCEPTS: "frozenset",
}
_CHECKED = {Kind.MONEY: "a_sum", Kind.DURATION: "a_period", Kind.CONCEPTS: "a_set"}  # see the runtime
_Stated = Const | Parameter


@dataclass(frozen=True, slots=True)
class Test:
    """`sure`: it is true; `against`: it is false. `loads`: by name, the statement that must stand before."""

    sure: Code
    against: Code
    loads: Mapping[str, str] = field(default_factory=dict)


UNSETTLED = Test(NO, NO)


def reads_the_past(term: Term) -> bool:
    """Of other records or of duties, not only of the record in view."""
    return any(isinstance(node, Query | ClauseViolated) for node in walk(term))


@dataclass
class Leaves:
    """Tests of the fields of records of `type`. `relied`: the facts are known to be shown and inside their bounds."""

    lookup: Lookup
    type: str
    constants: Constants
    relied: bool = False
    _number: int = 0

    def test(self, leaf: Leaf) -> Test:
        """Of the record in view alone: see `reads_the_past`."""
        match leaf.term:
            case Holds():
                return self._holds(leaf.term.value)
            case Compare():
                return self._compare(leaf.term)
            case Covers():
                return self._covers(leaf, leaf.term)
            case _:
                raise CannotDo("a condition that reads other records", leaf.module)

    # ---- a yes-or-no value

    def _holds(self, value: Expression) -> Test:
        if isinstance(value, Const | Parameter):
            return self._settled((value,), lambda at: _truth_of(stated(self.lookup, value, at).value))
        field_ = self._field(value)
        if field_ is None:
            return UNSETTLED
        name = _local(field_.name)
        return Test(Code(f"{name} is True"), Code(f"{name} is False"), self._load(field_))

    # ---- comparisons

    def _compare(self, term: Compare) -> Test:
        left, right, order = term.left, term.right, term.order
        if isinstance(left, Const | Parameter):
            if isinstance(right, Const | Parameter):
                return self._settled((left, right), partial(self._constants_compared, order, left, right))
            left, right, order = right, left, FLIPPED[order]
        if isinstance(right, Const | Parameter):
            return self._against_stated(order, left, right)
        return self._two_fields(term)

    def _constants_compared(self, order: Order, left: _Stated, right: _Stated, at: Instant) -> Truth:
        found = compare(order.value, stated(self.lookup, left, at).value, stated(self.lookup, right, at).value)
        return Truth.UNKNOWN if found is None else Truth.TRUE if found else Truth.FALSE

    def _against_stated(self, order: Order, one: Expression, other: _Stated) -> Test:
        field_ = self._field(one)
        if field_ is None:
            return UNSETTLED
        cuts, values = self._values(other)
        if cuts:
            return self._generic(order, field_, self._dated(other, cuts, values))
        value = values[0]
        if value is None:
            return UNSETTLED
        plain = self._plain(order, field_, value)
        if plain is not None:
            return Test(*plain, self._load(field_))
        return self._generic(order, field_, (self.constants.of(value), {}))

    def _plain(self, order: Order, field_: FieldType, value: Value) -> tuple[Code, Code] | None:
        name = _local(field_.name)
        if field_.type.kind in _WORDS and isinstance(value, str) and order is Order.EQUAL and not _limited(field_):
            word = repr(value)
            return Code(f"{name} == {word}"), both((self._is_known(field_), Code(f"{name} != {word}")))
        bare = FieldType(field_.name, field_.type) if self.relied else field_
        return Figure(name, bare, self.constants, self._is_known(field_), self.relied).test(order, value)

    def _is_known(self, field_: FieldType) -> Code:
        """What is read of an act is a value of its kind or None; of records it need not be."""
        name = _local(field_.name)
        return Code(f"type({name}) is {_CLASSES[field_.type.kind]}" if self.relied else f"{name} is not None")

    def _two_fields(self, term: Compare) -> Test:
        one, other = self._field(term.left), self._field(term.right)
        if one is None or other is None:
            return UNSETTLED
        return self._generic(term.order, one, (self._inside_bounds(other), self._load(other)))

    def _generic(self, order: Order, field_: FieldType, other: tuple[str, Mapping[str, str]]) -> Test:
        text = f'compare("{order.value}", {self._inside_bounds(field_)}, {other[0]})'
        return Test(Code(f"{text} is True"), Code(f"{text} is False"), {**self._load(field_), **other[1]})

    def _inside_bounds(self, field_: FieldType) -> str:
        """The value, or None where it is of another kind or outside its bounds."""
        name, low, high = _local(field_.name), field_.low, field_.high
        if self.relied:
            return f"({name} if type({name}) is {_CLASSES[field_.type.kind]} else None)"
        if field_.type.kind is Kind.FACT:  # read as it stands, since a yes is tested for itself
            name = f"({name} if type({name}) is bool else None)"
        if field_.type.kind in (Kind.NUMBER, Kind.PERCENTAGE):
            name = f"a_number({name})"
        if low is None and high is None:
            return name
        bounds = ("None" if bound is None else self.constants.of(bound) for bound in (low, high))
        return f"bounded({name}, {', '.join(bounds)})"

    # ---- concepts

    def _covers(self, leaf: Leaf, term: Covers) -> Test:
        broad, narrow = term.broad, term.narrow
        zone = self.lookup.modules[leaf.module].header.zone
        if isinstance(broad, Const | Parameter) and isinstance(narrow, Const | Parameter):
            return self._settled((broad, narrow), partial(self._both_stated, broad, narrow, zone), zone)
        if isinstance(broad, Const | Parameter):
            return self._narrow_field(narrow, broad, zone)
        if isinstance(narrow, Const):
            return self._broad_field(broad, narrow, zone)
        raise CannotDo("a field tested to be in another field or in a dated value", leaf.module)

    def _both_stated(self, broad: _Stated, narrow: _Stated, zone: str, at: Instant) -> Truth:
        concepts = self.lookup.concepts(at, zone)
        return covered(concepts, stated(self.lookup, broad, at), stated(self.lookup, narrow, at))

    def _narrow_field(self, narrow: Expression, broad: _Stated, zone: str) -> Test:
        """A value or each of a set of values, in what is stated."""
        field_ = self._field(narrow)
        if field_ is None or (_limited(field_) and not self.relied):
            return UNSETTLED
        hint = broad.name if isinstance(broad, Parameter) else "_".join(elements(broad.value))
        sets = self._sets(hint.rpartition(".")[2], zone, (broad,), partial(self._narrower, broad, zone))
        name = _local(field_.name)
        load = {**self._load(field_), **sets.loads}
        if field_.type.kind is Kind.CONCEPTS:
            inside, outside = self._subset(name, sets.sure), self._subset(name, sets.against)
        else:
            inside, outside = self._one_of(name, sets.sure), self._one_of(name, sets.against)
        return Test(inside, outside, load)

    def _narrower(self, broad: _Stated, zone: str, at: Instant) -> Sets:
        return narrower_of(self.lookup.concepts(at, zone), stated(self.lookup, broad, at))

    def _one_of(self, name: str, names: Code) -> Code:
        """`names` holds the set, as `_set` gives it, or the local that does."""
        if names == NO:
            return NO
        member = names.member
        return Code(f"{name} in {names.text}") if member is None else replace(member, value=name).code()

    def _subset(self, name: str, names: Code) -> Code:
        if names == NO:
            return NO
        known = (name, f"type({name}) is frozenset") if self.relied else (f"{name} is not None",)
        return both(Code(t) for t in (*known, f"{name} <= {names.text}"))

    def _broad_field(self, broad: Expression, narrow: Const, zone: str) -> Test:
        """The field covers each of the concepts stated; of a set of values one suffices for each."""
        field_ = self._field(broad)
        if field_ is None or (_limited(field_) and not self.relied):
            return UNSETTLED
        sure: list[Code] = []
        against: list[Code] = []
        loads = dict(self._load(field_))
        name, several = _local(field_.name), field_.type.kind is Kind.CONCEPTS
        for item in elements(narrow.value):
            sets = self._sets(f"covers_{item.rpartition('.')[2]}", zone, (), partial(self._broader, item, zone))
            loads |= sets.loads
            sure.append(self._some_of(name, sets.sure, several))
            against.append(self._none_of(name, sets.against, several))
        return Test(both(sure), both(against), loads)

    def _broader(self, item: str, zone: str, at: Instant) -> Sets:
        return broader_of(self.lookup.concepts(at, zone), item)

    def _some_of(self, name: str, names: Code, several: bool) -> Code:
        if names == NO or not several:
            return self._one_of(name, names)
        known = Code(f"type({name}) is frozenset" if self.relied else f"{name} is not None")
        return both((known, Code(f"not {name}.isdisjoint({names.text})", "not")))

    def _none_of(self, name: str, names: Code, several: bool) -> Code:
        return self._subset(name, names) if several else self._one_of(name, names)

    def _sets(self, hint: str, zone: str, read: tuple[_Stated, ...], at: Callable[[Instant], Sets]) -> Test:
        """The names of the two sets; where they change with the calendar, locals that hold those of the instant."""
        changes = [c for p in read if isinstance(p, Parameter) for c in of_parameter(self.lookup, p.name)]
        cuts, found = _merged(*self._over([*changes, *of_concepts(self.lookup, zone)], at))
        if not cuts:
            return Test(self._set(f"in_{hint}", found[0].inside), self._set(f"not_in_{hint}", found[0].outside))
        inside = [self.constants.concepts(f"in_{hint}", s.inside) for s in found]
        outside = [self.constants.concepts(f"not_in_{hint}", s.outside) for s in found]
        rows = [f"({i}, {o})" for i, o in zip(inside, outside, strict=True)]
        number = self._next()
        chosen = self._chosen(f"dated_{hint}", cuts, rows)
        load = {f"_{number}_in": f"_{number}_in, _{number}_out = {chosen}"}
        return Test(Code(f"_{number}_in"), Code(f"_{number}_out"), load)

    def _set(self, hint: str, names: frozenset[str]) -> Code:
        """NO for none: nothing is in it."""
        if not names:
            return NO
        named = self.constants.concepts
        return Code(named(hint, names), "", Member("", names, hint, named))

    # ---- what the calendar settles

    def _settled(self, read: tuple[_Stated, ...], truth: Callable[[Instant], Truth], zone: str = "") -> Test:
        """No field is read: known before the act is, but for its instant."""
        changes = [c for p in read if isinstance(p, Parameter) for c in of_parameter(self.lookup, p.name)]
        changes += of_concepts(self.lookup, zone) if zone else []
        cuts, found = _merged(*self._over(changes, truth))
        if not cuts:
            return Test(YES if found[0] is Truth.TRUE else NO, YES if found[0] is Truth.FALSE else NO)
        rows = [{Truth.TRUE: "True", Truth.FALSE: "False", Truth.UNKNOWN: "None"}[t] for t in found]
        number = self._next()
        load = {f"_{number}_then": f"_{number}_then = {self._chosen('dated', cuts, rows)}"}
        return Test(Code(f"_{number}_then is True"), Code(f"_{number}_then is False"), load)

    def _values(self, expression: _Stated) -> tuple[tuple[Instant, ...], tuple[Value | None, ...]]:
        changes = of_parameter(self.lookup, expression.name) if isinstance(expression, Parameter) else ()
        return _merged(*self._over(list(changes), lambda at: stated(self.lookup, expression, at).value))

    def _dated(
        self, expression: _Stated, cuts: tuple[Instant, ...], values: tuple[Value | None, ...]
    ) -> tuple[str, Mapping[str, str]]:
        rows = ["None" if v is None else self.constants.of(v) for v in values]
        hint = expression.name.rpartition(".")[2] if isinstance(expression, Parameter) else "value"
        name = f"_{self._next()}_then"
        return name, {name: f"{name} = {self._chosen(f'dated_{hint}', cuts, rows)}"}

    def _over(self, changes: list[Instant], at: Callable[[Instant], Found]) -> tuple[tuple[Instant, ...], list[Found]]:
        cuts, inside = stretches(changes)
        return cuts, [at(i) for i in inside]

    def _chosen(self, hint: str, cuts: tuple[Instant, ...], rows: list[str]) -> str:
        since = self.constants.table(f"{hint}_since", [self.constants.instant(c) for c in cuts])
        return f"{self.constants.table(hint, rows)}[bisect({since}, at)]"

    def _next(self) -> int:
        self._number += 1
        return self._number

    # ---- fields

    def _field(self, expression: Expression) -> FieldType | None:
        """None: a narrower act would have it, the type judged does not."""
        assert isinstance(expression, Field), expression
        return self.lookup.field(self.type, expression.name)

    def _load(self, field_: FieldType) -> Mapping[str, str]:
        name, text = _local(field_.name), repr(field_.name)
        if self.relied:
            return {name: f"{name} = get({text})"}
        value = f"get({text}) if {text} in attested else None" if field_.shown_by else f"get({text})"
        return {name: _read(name, value, field_.type.kind)}


def _read(name: str, value: str, kind: Kind) -> str:
    """What a program says of the act counts only if it is a value of its kind (see `fitting` in the runtime)."""
    if kind is Kind.FACT:
        return f"{name} = {value}"
    if kind in _CHECKED:
        return f"{name} = {_CHECKED[kind]}({value})"
    return f"{name} = {value}\nif type({name}) is not {_CLASSES[kind]}:\n    {name} = None"


def _local(name: str) -> str:
    """No field begins with a line."""
    return f"_{name}"


def _limited(field_: FieldType) -> bool:
    """Bounds on what has no order: no value is inside."""
    return field_.low is not None or field_.high is not None


def _truth_of(value: Value | None) -> Truth:
    if not isinstance(value, bool):
        return Truth.UNKNOWN
    return Truth.TRUE if value else Truth.FALSE


def _merged(cuts: tuple[Instant, ...], found: list[Found]) -> tuple[tuple[Instant, ...], tuple[Found, ...]]:
    """Without the cuts at which nothing changes."""
    kept = [n for n in range(1, len(found)) if found[n] != found[n - 1]]
    return tuple(cuts[n - 1] for n in kept), (found[0], *(found[n] for n in kept))
