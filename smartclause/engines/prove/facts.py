"""The facts of one record as variables: for each field whether it is known, and its value inside what is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import z3

from smartclause.engines.prove.codes import FRESH, WORDS, Codes
from smartclause.logic.contract import FieldType
from smartclause.logic.counting import Unit
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind, Money, Value

Yes: TypeAlias = z3.BoolRef
YES, NO = z3.BoolVal(True), z3.BoolVal(False)
_DAYS = 3_652_059  # the last ordinal day of a calendar


@dataclass(frozen=True)
class Fact:
    """`number` is its code or scaled figure, `members` the elements of a set; `measure` what it is measured in."""

    declared: FieldType
    known: Yes
    number: z3.ArithRef | None = None
    measure: z3.ArithRef | None = None
    truth: Yes | None = None
    members: dict[str, Yes] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        return self.number is None and self.truth is None


@dataclass
class Facts:
    """The fields of a record of a type, each made when it is first read."""

    codes: Codes
    tag: str
    declared: dict[str, FieldType]
    rules: list[Yes] = field(default_factory=list)
    made: dict[str, Fact] = field(default_factory=dict)

    def fact(self, name: str) -> Fact | None:
        """None where the type has no such field."""
        if name not in self.declared:
            return None
        if name not in self.made:
            self.made[name] = self._make(self.declared[name])
        return self.made[name]

    def _make(self, declared: FieldType) -> Fact:
        name = f"{self.tag}.{declared.name}"
        known = z3.Bool(f"{name}?")
        match declared.type.kind:
            case Kind.FACT:
                return Fact(declared, known, truth=z3.Bool(name))
            case Kind.CONCEPTS:
                members = {c: z3.Bool(f"{name}:{c}") for c in self._domain(declared)}
                self.rules.append(z3.Implies(known, z3.Or(list(members.values()))))
                return Fact(declared, known, members=members)
            case _:
                number = z3.Int(name)
                measure = self._measure(declared, name)
                made = Fact(declared, known, number, measure)
                self.rules.extend(self._bounds(declared, made))
                return made

    def _measure(self, declared: FieldType, name: str) -> z3.ArithRef | None:
        if declared.type.kind is Kind.MONEY:
            bound = next((b for b in (declared.low, declared.high) if isinstance(b, Money)), None)
            agreed = bound.currency if bound else declared.type.detail
            if agreed:
                return z3.IntVal(self.codes.measure(agreed))
            found = z3.Int(f"{name} in")
            self.rules += [found >= 0, found < len(self.codes.currencies)]
            return found
        if declared.type.kind is Kind.DURATION:
            found = z3.Int(f"{name} in")
            self.rules += [found >= 0, found <= 3]
            return found
        return None

    def _bounds(self, declared: FieldType, made: Fact) -> Iterator[Yes]:
        """A value outside its bounds is unknown: the same as none."""
        number = made.number
        assert number is not None
        match declared.type.kind:
            case Kind.CONCEPT:
                yield among(number, (self.codes.word(c) for c in self._domain(declared)))
            case Kind.TEXT | Kind.IDENTIFIER | Kind.PARTY:
                yield z3.And(number >= WORDS, number < FRESH + WORDS)
            case Kind.INSTANT:
                yield z3.And(number >= FIRST, number <= LAST)
            case Kind.DATE:
                yield z3.And(number >= 1, number <= _DAYS)
            case Kind.DURATION:
                yield z3.And(number >= 1, number < 100_000)
            case _:
                yield z3.And(number > -(10**15) * self.codes.scale, number < 10**15 * self.codes.scale)
        for bound, lowest in ((declared.low, True), (declared.high, False)):
            if bound is not None:
                figure, measure = self.codes.measured(bound)
                if declared.type.kind is Kind.DURATION and made.measure is not None:
                    yield made.measure == measure
                yield number >= figure if lowest else number <= figure

    def _domain(self, declared: FieldType) -> list[str]:
        """Concepts that may be told of the field: under its root, above it, or meeting it."""
        found: dict[str, None] = {}
        for lookup in self.codes.lookups:
            found.update(dict.fromkeys(related(lookup, declared.type.detail)))
        return list(found)


def related(lookup: Lookup, root: str) -> list[str]:
    """Concepts that can have to do with the root on any day: under it, above it, or above something under it."""
    edges = lookup.contract.vocabulary.edges
    known = [c.name for c in lookup.contract.vocabulary.concepts]
    if not root:
        return known
    below = _reached(root, ((e.parent, e.child) for e in edges))
    meeting = below.union(*(_reached(b, ((e.child, e.parent) for e in edges)) for b in below))
    return [n for n in known if n in meeting]


def _reached(start: str, steps: Iterable[tuple[str, str]]) -> set[str]:
    onward: dict[str, list[str]] = {}
    for one, other in steps:
        onward.setdefault(one, []).append(other)
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(onward.get(name, ()))
    return found


def among(number: z3.ArithRef, codes: Iterable[int]) -> Yes:
    """Whether a code is one of these: as few intervals as there are."""
    parts = [number == low if low == high else z3.And(number >= low, number <= high) for low, high in spans(codes)]
    return z3.Or(parts) if parts else NO


def spans(codes: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for code in sorted(set(codes)):
        if found and found[-1][1] + 1 == code:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found


__all__ = ["NO", "YES", "Fact", "Facts", "Unit", "Value", "Yes", "among", "related", "spans"]
