"""The facts of an act that can be relied on, and why those that cannot leave a test open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from smartclause.logic.contract import FieldType
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason, in_words
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Compare, Const, Covers, Expression, Field, Holds, Kind, Parameter, Value
from smartclause.logic.truth import Truth
from smartclause.logic.world import FactKey
from smartclause.rails.formula import Force, Leaf, Owed
from smartclause.rails.source.formulas import Gate
from smartclause.rails.source.leaves import reads_the_past
from smartclause.rails.source.runtime import bounded, fitting
from smartclause.rails.stretches import Stated, stated

NOTHING: frozenset[str] = frozenset()
NO_LEDGER = Reason("no ledger")
OF_ANOTHER_KIND = "of another kind"  # said by a program, and no value of what is declared
ASKED = "asked"  # the number of an act that has none; no recorded event can have it


class Shown(Protocol):
    """An act as it can be relied on: known values, and for each other field why it has none."""

    @property
    def id(self) -> str: ...

    @property
    def at(self) -> Instant: ...

    def known(self, name: str) -> Value | None: ...

    def why(self, name: str) -> Reason: ...

    def asked(self, gate: Leaf | Owed, /) -> Iterable[Reason]:
        """Why what the past was asked is unknown."""


@dataclass
class FactsOf:
    """The fields of a type, with the reasons of those that are missing."""

    lookup: Lookup
    type: str
    _missing: dict[str, Reason] = field(default_factory=dict)

    def field(self, name: str) -> FieldType | None:
        return self.lookup.field(self.type, name)

    def fits(self, name: str, value: object) -> bool:
        """Whether a program may mean it as the fact; an empty set is one of its kind, though nothing is in it."""
        ft = self.field(name)
        if ft is None:
            return False
        none_of_them = type(value) is frozenset and not value and ft.type.kind is Kind.CONCEPTS
        return none_of_them or fitting(value, ft.type.kind) is not None

    def missing(self, name: str) -> Reason:
        """Of an act that has no number yet."""
        if name not in self._missing:
            self._missing[name] = self.reason("missing", name, ASKED)
        return self._missing[name]

    def reason(self, kind: str, name: str, act: str) -> Reason:
        ft = self.field(name)
        if ft is None:
            return Reason("narrower act", name, self.type, event=act)
        return Reason(kind, name, self.type, ft.shown_by, act, supply=FactKey(act, name))


class Told:
    """What a caller says of an act. `attested`: what it verified; what a role must show counts only among that."""

    __slots__ = ("_attested", "_fields", "_told", "at")
    id = ASKED

    def __init__(self, fields: FactsOf, told: Mapping[str, Value], at: Instant, attested: frozenset[str]) -> None:
        self._fields = fields
        self._told = told
        self._attested = attested
        self.at = at

    def known(self, name: str) -> Value | None:
        ft = self._fields.field(name)
        if ft is None or (ft.shown_by and name not in self._attested):
            return None
        return bounded(fitting(self._told.get(name), ft.type.kind), ft.low, ft.high)

    def why(self, name: str) -> Reason:
        ft = self._fields.field(name)
        told = None if ft is None or (ft.shown_by and name not in self._attested) else self._told.get(name)
        if ft is None or told is None:
            return self._fields.missing(name)
        fits = self._fields.fits(name, told)
        return self._fields.reason("outside its bounds" if fits else OF_ANOTHER_KIND, name, ASKED)

    def asked(self, _gate: Leaf | Owed, /) -> Iterable[Reason]:
        return (NO_LEDGER,)


Why = Callable[[Shown], Iterable[Reason]]


def why_open(lookup: Lookup, type_: str, gate: Gate) -> Why:
    """Tells, of an act of the type, why the gate is unknown."""
    match gate:
        case Force():
            return lambda _: gate.reasons
        case Leaf() if not reads_the_past(gate.term):
            return _of_own(lookup, type_, gate)
        case _:
            return lambda act: act.asked(gate)


def _of_own(lookup: Lookup, type_: str, leaf: Leaf) -> Why:
    match leaf.term:
        case Holds():
            return _of(lookup, leaf.term.value)
        case Compare():
            left, right = _of(lookup, leaf.term.left), _of(lookup, leaf.term.right)
            return lambda act: (*left(act), *right(act))
        case Covers():
            return _Covering(lookup, type_, leaf.module, leaf.term).why
        case _:
            return lambda _: ()


def _of(lookup: Lookup, expression: Expression) -> Why:
    """Why an expression has no value; nothing where it has."""
    match expression:
        case Field():
            name = expression.name
            return lambda act: () if act.known(name) is not None else (act.why(name),)
        case Parameter():
            blank = not lookup.parameters[expression.name].values
            reason = Reason("blank parameter" if blank else "no value at this instant", detail=expression.name)
            return lambda act: () if stated(lookup, expression, act.at).value is not None else (reason,)
        case _:
            return lambda _: ()


@dataclass(frozen=True)
class _Covering:
    lookup: Lookup
    type: str
    module: str
    term: Covers

    def why(self, act: Shown) -> Iterable[Reason]:
        broad, narrow = self._value(self.term.broad, act), self._value(self.term.narrow, act)
        if broad.value is None or narrow.value is None:
            sides = (self.term.broad, self.term.narrow)
            return [r for side in sides for r in _of(self.lookup, side)(act)]
        cells = [self._cell(broad, item, act.at) for item in _elements(narrow.value)]
        kinds = dict.fromkeys(kind for truth, kind in cells if truth is Truth.UNKNOWN and kind)
        return [self._reason(kind, narrow.value, act) for kind in kinds or ("too broad",)]

    def _value(self, expression: Expression, act: Shown) -> Stated:
        match expression:
            case Field():
                return Stated(act.known(expression.name))
            case Const() | Parameter():
                return stated(self.lookup, expression, act.at)
            case _:
                return Stated(None)

    def _cell(self, broad: Stated, item: str, at: Instant) -> tuple[Truth, str]:
        concepts = self.lookup.concepts(at, self.lookup.modules[self.module].header.zone)
        cells = [concepts.covers(b, item) for b in _elements(broad.value or "")]
        truths = [t for t, _ in cells]
        if Truth.TRUE in truths:
            return Truth.TRUE, ""
        if Truth.UNKNOWN in truths:
            return Truth.UNKNOWN, next(kind for t, kind in cells if t is Truth.UNKNOWN)
        return (Truth.UNKNOWN, "open list") if broad.open_list else (Truth.FALSE, "")

    def _reason(self, kind: str, value: Value, act: Shown) -> Reason:
        """Only a narrower value of the covered side can be supplied."""
        narrow = self.term.narrow
        if not isinstance(narrow, Field):
            return Reason(kind)
        supply = FactKey(act.id, narrow.name) if kind == "too broad" else None
        return Reason(kind, narrow.name, self.type, event=act.id, detail=in_words(value), supply=supply)


def _elements(value: Value) -> list[str]:
    return sorted(value) if isinstance(value, frozenset) else [str(value)]
