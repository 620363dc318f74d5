"""Conditions on one record's own facts: `where` and `has`, and what a sentence asks of the act itself.

Written beside the reference: only a fact that is in the row counts, and a comparison is settled only if it holds
throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from smartclause.logic.concepts import Concepts
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reading, Reason, in_words
from smartclause.logic.lookup import Lookup
from smartclause.logic.order import sign
from smartclause.logic.terms import (
    All,
    AnyOf,
    AtLeast,
    ClauseStatus,
    Compare,
    Const,
    Covers,
    Expression,
    Field,
    Holds,
    Not,
    Order,
    Parameter,
    Term,
    Value,
)
from smartclause.logic.truth import Truth, at_least, between, every, negate, some
from smartclause.logic.world import FactKey
from smartclause.rails.dated import Dated
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Row

Test: TypeAlias = Callable[[Row, Instant], Truth]
Why: TypeAlias = Callable[[Row, Instant], "frozenset[Reason]"]

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
NOTHING: frozenset[Reason] = frozenset()
UNREAD = Reading()


class OwnFacts:
    """Makes the tests of one contract; `module` gives the zone."""

    def __init__(self, lookup: Lookup, dated: Dated | None = None) -> None:
        self.lookup = lookup
        self.dated = Dated(lookup) if dated is None else dated

    # ---- is it so

    def test(self, term: Term, module: str) -> Test:
        """Raises CannotDo where the condition looks at more than one record."""
        match term:
            case Not():
                inner = self.test(term.arg, module)
                return lambda row, now: negate(inner(row, now))
            case All():
                return _each([self.test(a, module) for a in term.args])
            case AnyOf():
                return _either([self.test(a, module) for a in term.args])
            case AtLeast():
                tests, count = [self.test(a, module) for a in term.args], term.count
                return lambda row, now: at_least(count, [t(row, now) for t in tests])
            case ClauseStatus():
                return lambda _row, _now: U
            case Holds(value=Field(name=name)):
                return _holds(name)
            case Holds() | Compare() | Covers():
                return self._leaf(term, module)
            case _:
                raise CannotDo("a condition on one record that looks at others", type(term).__name__)

    def _leaf(self, term: Holds | Compare | Covers, module: str) -> Test:
        match term:
            case Holds():
                value = self.expression(term.value)
                return lambda row, now: held(value(row, now))
            case Compare():
                left, right, how = self.expression(term.left), self.expression(term.right), term.order
                return lambda row, now: compared(how, left(row, now), right(row, now))
            case Covers():
                broad, narrow, zone = self.expression(term.broad), self.expression(term.narrow), self.dated.zone(module)
                concepts = self.dated.concepts
                return lambda row, now: covered(broad(row, now), narrow(row, now), concepts(now, zone))[0]

    def expression(self, node: Expression) -> Callable[[Row, Instant], Reading]:
        """The value without its reasons."""
        match node:
            case Const():
                constant = Reading(node.value, node.value, node.value)
                return lambda _row, _now: constant
            case Field():
                return _field(node.name)
            case Parameter():
                name, value = node.name, self.dated.value
                return lambda _row, now: value(name, now)
            case _:
                raise CannotDo("a condition on one record that looks at others", type(node).__name__)

    # ---- and if not known, why

    def why(self, term: Term, module: str) -> Why:
        test = self.test(term, module)
        found = self._why(term, module)
        return lambda row, now: found(row, now) if test(row, now) is U else NOTHING

    def _why(self, term: Term, module: str) -> Why:
        match term:
            case Not():
                return self.why(term.arg, module)
            case All() | AnyOf() | AtLeast():
                parts = [self.why(a, module) for a in term.args]
                return lambda row, now: NOTHING.union(*(p(row, now) for p in parts))
            case ClauseStatus():
                return lambda _row, _now: frozenset({Reason("only in properties", detail=term.clause)})
            case Holds() | Compare() | Covers():
                zone = self.dated.zone(module)
                concepts = self.dated.concepts
                return lambda row, now: why_unknown(
                    term, lambda node: self.reading(node, row, now), concepts(now, zone)
                )
            case _:
                raise CannotDo("a condition on one record that looks at others", type(term).__name__)

    def reading(self, node: Expression, row: Row, now: Instant) -> Reading:
        """The value with its reasons and what was read."""
        if isinstance(node, Field):
            return read_field(row, node.name)
        return self.expression(node)(row, now)


def read_field(row: Row, name: str) -> Reading:
    value = row.facts.get(name)
    if value is None:
        return Reading(reasons=(row.why(name),), reads=row.told(name))
    return Reading(value, value, value, reads=row.told(name))


# ---- forms


def _holds(name: str) -> Test:
    def test(row: Row, _: Instant) -> Truth:
        value = row.facts.get(name)
        if value is True:
            return T
        return F if value is False else U

    return test


def _field(name: str) -> Callable[[Row, Instant], Reading]:
    def value(row: Row, _: Instant) -> Reading:
        found = row.facts.get(name)
        return UNREAD if found is None else Reading(found, found, found)

    return value


def _each(tests: list[Test]) -> Test:
    def test(row: Row, now: Instant) -> Truth:
        least = T
        for part in tests:
            truth = part(row, now)
            if truth is F:
                return F
            if truth is U:
                least = U
        return least

    return test


def _either(tests: list[Test]) -> Test:
    def test(row: Row, now: Instant) -> Truth:
        most = F
        for part in tests:
            truth = part(row, now)
            if truth is T:
                return T
            if truth is U:
                most = U
        return most

    return test


# ---- leaves


def held(reading: Reading) -> Truth:
    if reading.value is True:
        return T
    return F if reading.value is False else U


def compared(how: Order, left: Reading, right: Reading) -> Truth:
    """`between(surely, possibly)` over the bounds of both sides; a side without bounds settles nothing."""
    match how:
        case Order.AT_LEAST:
            return between(_not_below(left.low, right.high), not _below(left.high, right.low))
        case Order.AT_MOST:
            return between(_not_below(right.low, left.high), not _below(right.high, left.low))
        case Order.BELOW:
            return between(_below(left.high, right.low), not _not_below(left.low, right.high))
        case Order.EXCEEDS:
            return between(_below(right.high, left.low), not _not_below(right.low, left.high))
        case Order.EQUAL:
            return _equal(left, right)


def _not_below(one: Value | None, other: Value | None) -> bool:
    return sign(one, other) in (0, 1)


def _below(one: Value | None, other: Value | None) -> bool:
    return sign(one, other) == -1


def _equal(left: Reading, right: Reading) -> Truth:
    one, other = left.value, right.value
    if isinstance(one, str | bool) and isinstance(other, str | bool) and one != other:
        return F
    if _below(left.high, right.low) or _below(right.high, left.low):
        return F
    same = one is not None and type(one) is type(other) and (one == other or sign(one, other) == 0)
    return T if same else U


def covered(broad: Reading, narrow: Reading, concepts: Concepts) -> tuple[Truth, list[str]]:
    """Whether each element of the narrow side is covered; and of what kind the doubts are."""
    if broad.value is None or narrow.value is None:
        return U, []
    cells = [_cell(broad, item, concepts) for item in _elements(narrow.value)]
    truths = [truth for truth, _ in cells]
    truth = between(every(truths) is T, some(truths) is not F)
    return truth, list(dict.fromkeys(kind for cell, kind in cells if cell is U and kind)) if truth is U else []


def _cell(broad: Reading, item: str, concepts: Concepts) -> tuple[Truth, str]:
    found = [concepts.covers(one, item) for one in _elements(broad.value or "")]
    best = some(truth for truth, _ in found)
    if best is F and broad.open_list:
        return U, "open list"
    return best, next((kind for truth, kind in found if truth is U), "")


def _elements(value: Value) -> list[str]:
    return sorted(value) if isinstance(value, frozenset) else [str(value)]


def why_unknown(
    term: Holds | Compare | Covers, read: Callable[[Expression], Reading], concepts: Concepts
) -> frozenset[Reason]:
    """The reasons of a leaf that is unknown."""
    match term:
        case Holds():
            return frozenset(read(term.value).reasons)
        case Compare():
            return frozenset((*read(term.left).reasons, *read(term.right).reasons))
        case Covers():
            broad, narrow = read(term.broad), read(term.narrow)
            if broad.value is None or narrow.value is None:
                return frozenset((*broad.reasons, *narrow.reasons))
            kinds = covered(broad, narrow, concepts)[1] or ["too broad"]
            return frozenset(_uncovered(kind, narrow) for kind in kinds)


def _uncovered(kind: str, narrow: Reading) -> Reason:
    """Only a narrower value of the covered side would settle it."""
    if not narrow.reads:
        return Reason(kind)
    told = narrow.reads[-1]
    supply = FactKey(told.event, told.field) if kind == "too broad" else None
    return Reason(kind, told.field, told.type, event=told.event, detail=in_words(told.value), supply=supply)
