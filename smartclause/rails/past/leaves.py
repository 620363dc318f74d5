"""Readers of leaves: made once for each, specialised for the form, short where questions come in order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias, assert_never

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reading
from smartclause.logic.terms import (
    ClauseViolated,
    Compare,
    Const,
    Count,
    CountDistinct,
    Covers,
    Every,
    EveryFollowed,
    Expression,
    Field,
    Holds,
    LatestField,
    LatestHas,
    Money,
    Order,
    Parameter,
    Some,
    Total,
    Value,
)
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position
from smartclause.rails.formula import Leaf
from smartclause.rails.own_facts import UNREAD, OwnFacts, compared, covered, held
from smartclause.rails.past.entries import Place
from smartclause.rails.past.forms import as_amount
from smartclause.rails.past.quick import Bounds, latest, measured, told
from smartclause.rails.past.terms import HistoryTerm, HistoryValue, Node
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Row

Reader: TypeAlias = Callable[[Row, Position, Instant], Truth]
_Value: TypeAlias = Callable[[Row, Place, Instant, bool], Reading]
_Point: TypeAlias = Callable[[Row, Place, Instant, bool], "Value | None"]
_Rail: TypeAlias = Callable[[Row, Place, Instant, bool], Truth]
NodeOf: TypeAlias = Callable[["HistoryTerm | HistoryValue"], Node]

MOST_KNOWN = 10_000
T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
MIRRORED = {
    Order.AT_LEAST: Order.AT_MOST, Order.AT_MOST: Order.AT_LEAST, Order.BELOW: Order.EXCEEDS,
    Order.EXCEEDS: Order.BELOW, Order.EQUAL: Order.EQUAL,
}  # fmt: skip


class Leaves:
    """Makes the readers of one past. `node_of` finds the index of a form for the leaf at hand."""

    def __init__(self, leaf: Leaf, node_of: NodeOf, own: OwnFacts) -> None:
        self._leaf = leaf
        self._node_of = node_of
        self._own = own
        self._against = F if leaf.favour else T

    def reader(self) -> Reader:
        """Raises CannotDo for `clause N is violated`."""
        term = self._leaf.term
        match term:
            case Some() | Every() | EveryFollowed() | LatestHas():
                return self._history(self._node_of(term))
            case Holds() if _is_point(term.value):
                point = self.point(term.value)
                return self._both(lambda *at: _told(point(*at)), _looks_back(term))
            case Holds():  # a number is neither so nor not
                value = self.value(term.value)
                return self._both(lambda *at: held(value(*at)), _looks_back(term))
            case Compare():
                return self._number(term) or self._compare(term)
            case Covers():
                return self._covers(term)
            case ClauseViolated():
                raise CannotDo("whether a clause is violated", term.clause)

    def _both(self, rail: _Rail, looks_back: bool) -> Reader:
        """The reading on the word of the party judged where that speaks against it, else the one without."""
        against = self._against

        def read(row: Row, before: Position, now: Instant) -> Truth:
            place = (before.instant, before.index)
            with_word = rail(row, place, now, False)
            return with_word if with_word is against else rail(row, place, now, True)

        return read if looks_back else lambda row, _, now: rail(row, (0, 0), now, False)

    def _history(self, node: Node) -> Reader:
        quick, names, against = told(node), node.node.query.keys, self._against

        def read(row: Row, before: Position, now: Instant) -> Truth:
            facts = row.facts
            for name in names:
                if name not in facts:
                    return U
            place = (before.instant, before.index)
            found = quick(row, place, now)
            if found is None:
                found = tuple([node.told(row, place, now, doubt)[0] for doubt in (False, True)])  # type: ignore[assignment]
                assert found is not None
            return found[0] if found[0] is against else found[1]

        return read

    # ---- comparisons

    def _compare(self, term: Compare) -> Reader:
        if _is_point(term.left) and _is_point(term.right):
            return self._points(term)
        left, right, how = self.value(term.left), self.value(term.right), term.order
        return self._both(
            lambda row, place, now, doubt: compared(how, left(row, place, now, doubt), right(row, place, now, doubt)),
            _looks_back(term),
        )

    def _points(self, term: Compare) -> Reader:
        """Two single values; one that is not known settles nothing."""
        left, right, how, test = self.point(term.left), self.point(term.right), term.order, TESTS[term.order]

        def rail(row: Row, place: Place, now: Instant, doubt: bool) -> Truth:
            one, other = left(row, place, now, doubt), right(row, place, now, doubt)
            if one is None or other is None:
                return U
            if one.__class__ is other.__class__ is Decimal:
                return test(one, one, other)
            return compared(how, Reading(one, one, one), Reading(other, other, other))

        return self._both(rail, _looks_back(term))

    def _covers(self, term: Covers) -> Reader:
        if not _is_point(term.broad) or not _is_point(term.narrow):
            raise CannotDo("whether a number is in a list", self._leaf.module)
        broad, narrow = self.point(term.broad), self.point(term.narrow)
        dated, zone, value = self._own.dated, self._own.dated.zone(self._leaf.module), self.value(term.broad)
        known: dict[tuple[int, bool, Value, Value], Truth] = {}

        def rail(row: Row, place: Place, now: Instant, doubt: bool) -> Truth:
            one, other = broad(row, place, now, doubt), narrow(row, place, now, doubt)
            if one is None or other is None:
                return U
            open_list = isinstance(term.broad, Parameter) and value(row, place, now, doubt).open_list
            asked = (dated.era(now, zone), open_list, one, other)
            if asked not in known:
                if len(known) > MOST_KNOWN:
                    known.clear()
                sides = Reading(one, one, one, open_list=open_list), Reading(other, other, other)
                known[asked] = covered(*sides, dated.concepts(now, zone))[0]
            return known[asked]

        return self._both(rail, _looks_back(term))

    def _number(self, term: Compare) -> Reader | None:
        """A number from history against a number from elsewhere."""
        left, right, how = term.left, term.right, term.order
        if isinstance(right, Count | CountDistinct | Total):
            left, right, how = right, left, MIRRORED[how]
        if not isinstance(left, Count | CountDistinct | Total) or not isinstance(right, Const | Field | Parameter):
            return None
        node, judged, against = self._node_of(left), self._leaf.judged, self._against
        names, quick, test = left.query.keys, measured(node, judged), TESTS[how]
        other, currency = self._own.expression(right), left.type.detail if _is_money(left) else None
        constant = _amount_of(right.value, currency) if isinstance(right, Const) else None
        long = self._compare(term)

        def read(row: Row, before: Position, now: Instant) -> Truth:
            facts = row.facts
            for name in names:
                if name not in facts:
                    return U
            limit = constant or _amount_of(other(row, now).value, currency)
            bounds = None if limit is None else quick(row, (before.instant, before.index), now)
            if limit is None or bounds is None:
                return long(row, before, now)
            low, firm, high = bounds
            with_word = test(low, high, limit)
            return with_word if with_word is against else test(firm, high, limit)

        return read

    # ---- values

    def point(self, expression: Expression) -> _Point:
        """A single value; None: not known."""
        match expression:
            case Const():
                constant = expression.value
                return lambda _row, _place, _now, _doubt: constant
            case Field():
                name = expression.name
                return lambda row, _place, _now, _doubt: row.facts.get(name)
            case LatestField():
                return _latest_field(self._node_of(expression), expression)
            case _:
                read = self.value(expression)
                return lambda *at: read(*at).value

    def value(self, expression: Expression) -> _Value:
        """Without its reasons."""
        match expression:
            case Const() | Field() | Parameter():
                read = self._own.expression(expression)
                return lambda row, _place, now, _doubt: read(row, now)
            case LatestField():
                point = self.point(expression)
                return lambda *at: _exactly(point(*at))
            case Count() | CountDistinct() | Total():
                return _bounds(self._node_of(expression), expression, self._leaf.judged)


def _looks_back(term: Holds | Compare | Covers) -> bool:
    match term:
        case Holds():
            sides: tuple[Expression, ...] = (term.value,)
        case Compare():
            sides = (term.left, term.right)
        case Covers():
            sides = (term.broad, term.narrow)
        case _:
            assert_never(term)
    return not all(isinstance(s, Const | Field | Parameter) for s in sides)


def _is_money(node: Count | CountDistinct | Total) -> bool:
    return isinstance(node, Total) and isinstance(as_amount(Decimal(0), node), Money)


def _amount_of(value: Value | None, currency: str | None) -> Decimal | None:
    """The number to compare with; None where it is none, or of another currency."""
    if isinstance(value, Money):
        return value.amount if value.currency == currency else None
    return value if isinstance(value, Decimal) and currency is None else None


def _is_point(expression: Expression) -> bool:
    return isinstance(expression, Const | Field | Parameter | LatestField)


def _told(value: Value | None) -> Truth:
    if value is True:
        return T
    return F if value is False else U


def _exactly(value: Value | None) -> Reading:
    return UNREAD if value is None else Reading(value, value, value)


def _latest_field(node: Node, term: LatestField) -> _Point:
    last_of, names, name = latest(node), term.query.keys, term.name

    def read(row: Row, place: Place, now: Instant, doubt: bool) -> Value | None:
        for key in names:
            if key not in row.facts:
                return None
        entry, more = last_of(row, place, now) or (None, False)
        if entry is None:
            return node.reading(row, place, now, doubt, False).value
        if more or entry.sure_until < now or not (entry.firm if doubt else entry.sure):
            return None
        return entry.row.facts.get(name)

    return read


def _bounds(node: Node, term: Count | CountDistinct | Total, judged: bool) -> _Value:
    quick, names = measured(node, judged), term.query.keys

    def read(row: Row, place: Place, now: Instant, doubt: bool) -> Reading:
        for key in names:
            if key not in row.facts:
                return UNREAD
        found = quick(row, place, now)
        return node.reading(row, place, now, doubt, judged) if found is None else _between(found, term, doubt)

    return read


def _between(found: Bounds, term: Count | CountDistinct | Total, doubt: bool) -> Reading:
    low, high = _typed(found[1] if doubt else found[0], term), _typed(found[2], term)
    return Reading(low if low == high else None, low, high)


def _typed(number: int | Decimal | None, term: Count | CountDistinct | Total) -> Value | None:
    if number is None:
        return None
    exact = Decimal(number)
    return as_amount(exact, term) if isinstance(term, Total) else exact


# ---- tests of a number between bounds against a limit: true if it holds throughout, false if nowhere

_Number: TypeAlias = int | Decimal


def _at_least(low: _Number, high: _Number | None, limit: Decimal) -> Truth:
    if low >= limit:
        return T
    return U if high is None or high >= limit else F


def _at_most(low: _Number, high: _Number | None, limit: Decimal) -> Truth:
    if high is not None and high <= limit:
        return T
    return U if low <= limit else F


def _below(low: _Number, high: _Number | None, limit: Decimal) -> Truth:
    if high is not None and high < limit:
        return T
    return U if low < limit else F


def _exceeds(low: _Number, high: _Number | None, limit: Decimal) -> Truth:
    if low > limit:
        return T
    return U if high is None or high > limit else F


def _equal(low: _Number, high: _Number | None, limit: Decimal) -> Truth:
    if low > limit or (high is not None and high < limit):
        return F
    return T if high is not None and low == high == limit else U


TESTS: dict[Order, Callable[[_Number, _Number | None, Decimal], Truth]] = {
    Order.AT_LEAST: _at_least, Order.AT_MOST: _at_most, Order.BELOW: _below, Order.EXCEEDS: _exceeds,
    Order.EQUAL: _equal,
}  # fmt: skip
