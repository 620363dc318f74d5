"""Comparisons in the solver: two rails of a test of values, each settled only if it holds throughout both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import z3

from smartclause.engines.prove.codes import Codes
from smartclause.engines.prove.facts import NO, YES, Fact, Yes, among
from smartclause.logic.terms import Kind, Order, Type, Value

Number: TypeAlias = z3.ArithRef


@dataclass(frozen=True, slots=True)
class Rails:
    """Is it surely so; is it surely not."""

    yes: Yes
    no: Yes

    def inverse(self) -> Rails:
        return Rails(self.no, self.yes)

    def given(self, condition: Yes) -> Rails:
        """Unknown unless the condition holds."""
        return self if condition is YES else Rails(z3.And(condition, self.yes), z3.And(condition, self.no))


UNKNOWN = Rails(NO, NO)


@dataclass(frozen=True, slots=True)
class Side:
    """A figure, or what is known of it: its lower end counts where `low_known`, its upper where `high_known`.

    `measure`: only figures of one measure are ordered. `exact`: the value itself is known. `word`: compared to the
    letter, never ordered.
    """

    low: Number
    high: Number
    low_known: Yes
    high_known: Yes
    exact: Yes
    measure: Number
    word: bool = False


def stated(codes: Codes, value: Value | None, kind: Type) -> Side:
    if value is None or isinstance(value, frozenset):
        zero = z3.IntVal(0)
        return Side(zero, zero, NO, NO, NO, zero, is_word(kind))
    number, measure = codes.measured(value)
    found = z3.IntVal(number)
    return Side(found, found, YES, YES, YES, z3.IntVal(measure), is_word(kind))


def of_fact(fact: Fact | None, kind: Type) -> Side:
    if fact is None:
        zero = z3.IntVal(0)
        return Side(zero, zero, NO, NO, NO, zero, is_word(kind))
    number = z3.If(fact.truth, 1, 0) if fact.truth is not None else fact.number
    assert number is not None
    measure = fact.measure if fact.measure is not None else z3.IntVal(Codes.usual(kind.kind))
    return Side(number, number, fact.known, fact.known, fact.known, measure, is_word(kind))


def is_word(kind: Type) -> bool:
    return kind.kind in (Kind.FACT, Kind.TEXT, Kind.PARTY, Kind.IDENTIFIER, Kind.CONCEPT)


def chosen(sides: list[tuple[Yes, Side]]) -> Side:
    """The side of the first condition that holds; the last stands for all others."""
    found = sides[-1][1]
    for when, side in reversed(sides[:-1]):
        found = Side(
            z3.If(when, side.low, found.low), z3.If(when, side.high, found.high),
            z3.If(when, side.low_known, found.low_known), z3.If(when, side.high_known, found.high_known),
            z3.If(when, side.exact, found.exact), z3.If(when, side.measure, found.measure), side.word,
        )  # fmt: skip
    return found


def compared(how: Order, left: Side, right: Side) -> Rails:
    if left.word or right.word:
        if how is not Order.EQUAL or left.word is not right.word:
            return UNKNOWN
        known = both(left.exact, right.exact)
        return Rails(z3.And(known, left.low == right.low), z3.And(known, left.low != right.low))
    same = left.measure == right.measure
    match how:
        case Order.AT_LEAST:
            return Rails(both(same, _not_below(left, right)), both(same, _below(left, right)))
        case Order.AT_MOST:
            return Rails(both(same, _not_below(right, left)), both(same, _below(right, left)))
        case Order.BELOW:
            return Rails(both(same, _below(left, right)), both(same, _not_below(left, right)))
        case Order.EXCEEDS:
            return Rails(both(same, _below(right, left)), both(same, _not_below(right, left)))
        case Order.EQUAL:
            apart = z3.Or(_below(left, right), _below(right, left))
            return Rails(both(same, left.exact, right.exact, left.low == right.low), both(same, apart))


def _not_below(one: Side, other: Side) -> Yes:
    """Nowhere: not even the lower end of the one stands below the upper end of the other."""
    return both(one.low_known, other.high_known, one.low >= other.high)


def _below(one: Side, other: Side) -> Yes:
    return both(one.high_known, other.low_known, one.high < other.low)


def both(*parts: Yes) -> Yes:
    found = [p for p in parts if p is not YES and not z3.is_true(p)]
    if not found:
        return YES
    return found[0] if len(found) == 1 else z3.And(found)


# ---- concepts


def covered_one(number: Number, known: Yes, inside: Iterable[int], outside: Iterable[int]) -> Rails:
    return Rails(both(known, among(number, inside)), both(known, among(number, outside)))


def covered_members(fact: Fact, inside: frozenset[str], outside: frozenset[str]) -> Rails:
    """Each element covered; each element apart."""
    stray_in = [m for name, m in fact.members.items() if name not in inside]
    stray_out = [m for name, m in fact.members.items() if name not in outside]
    return Rails(z3.And(fact.known, z3.Not(z3.Or(stray_in))), z3.And(fact.known, z3.Not(z3.Or(stray_out))))


def in_turn(stretch: Number, found: list[Rails]) -> Rails:
    """By stretch of time; stretches with the same answer are one."""
    return Rails(_in_turn(stretch, [r.yes for r in found]), _in_turn(stretch, [r.no for r in found]))


def _in_turn(stretch: Number, found: list[Yes]) -> Yes:
    groups: list[tuple[Yes, list[int]]] = []
    for number, each in enumerate(found):
        known = next((g for g in groups if g[0].eq(each)), None)
        if known is None:
            groups.append((each, [number]))
        else:
            known[1].append(number)
    result = groups[-1][0]
    for each, numbers in groups[:-1]:
        result = z3.If(among(stretch, numbers), each, result)
    return result


Cover: TypeAlias = Callable[[int], Rails]
