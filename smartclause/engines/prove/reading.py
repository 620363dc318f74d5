"""Formulas and conditions as rails in the solver, over the facts of an act and what its past may hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

import z3

from smartclause.engines.prove.alike import Alike
from smartclause.engines.prove.codes import Codes
from smartclause.engines.prove.covers import Covering
from smartclause.engines.prove.facts import NO, YES, Facts, Yes
from smartclause.engines.prove.figures import (
    UNKNOWN,
    Number,
    Rails,
    Side,
    both,
    chosen,
    compared,
    of_fact,
    stated,
)
from smartclause.engines.prove.moments import Moments
from smartclause.engines.prove.past import Asked, Found, Past
from smartclause.logic import terms as t
from smartclause.logic.contract import ANYONE
from smartclause.rails.stretches import stated as stated_at


@dataclass(frozen=True)
class Place:
    """The record in view, and the stretch of its instant. `judged`: the act itself, which counts itself in numbers.

    `past` None: a record that is looked at, which sees nothing but itself.
    """

    facts: Facts
    stretch: Number
    type: str
    party: str
    past: Past | None = None
    judged: bool = False


class Reading:
    """Reads the terms of one contract, the `number`th of those that are compared."""

    def __init__(self, number: int, codes: Codes, moments: Moments) -> None:
        self.codes, self.moments = codes, moments
        self.lookup = codes.lookups[number]
        self.alike = Alike(codes.lookups, number)
        self._covering = Covering(self)

    # ---- conditions

    def term(self, term: t.Term, place: Place, module: str, favour: bool) -> Rails:
        """What the judged party alone recorded never helps it and always binds it."""
        match term:
            case t.Not():
                return self.term(term.arg, place, module, not favour).inverse()
            case t.All():
                return all_of([self.term(a, place, module, favour) for a in term.args])
            case t.AnyOf():
                return any_of([self.term(a, place, module, favour) for a in term.args])
            case t.AtLeast():
                return at_least(term.count, [self.term(a, place, module, favour) for a in term.args])
            case _:
                return self.leaf(term, place, module, favour)

    def leaf(self, term: t.Term, place: Place, module: str, favour: bool) -> Rails:
        helped = self._leaf(term, place, module, favour)
        if not any(isinstance(n, t.Query | t.ClauseViolated) for n in t.walk(term)):
            return helped
        return Rails(helped.yes, self._leaf(term, place, module, not favour).no)

    def _leaf(self, term: t.Term, place: Place, module: str, trusted: bool) -> Rails:
        """`trusted`: only what others say too is sure."""
        match term:
            case t.Holds(value=t.Field(name=name)):
                fact = place.facts.fact(name)
                if fact is None or fact.truth is None:
                    return UNKNOWN
                return Rails(z3.And(fact.known, fact.truth), z3.And(fact.known, z3.Not(fact.truth)))
            case t.Holds():
                side = self.side(term.value, place, module, trusted)
                return Rails(z3.And(side.exact, side.low == 1), z3.And(side.exact, side.low == 0))
            case t.Compare():
                left, right = (self.side(e, place, module, trusted) for e in (term.left, term.right))
                return compared(term.order, left, right)
            case t.Covers():
                return self._covering.covers(term, place, module, trusted)
            case t.Some():
                return self._some(term, place, module, trusted)
            case t.LatestHas():
                return self._latest_has(term, place, module, trusted)
            case t.Every() | t.EveryFollowed():
                found, keyed = self.found(term.query, place, module, term)
                pair = self._past(place).term(found, term)
                return (pair.trusted if trusted else pair.sure).given(keyed)
            case t.ClauseViolated():
                breach = self._past(place).violated(term, self.alike.clause(term.clause))
                return breach.trusted if trusted else breach.sure
            case t.ClauseStatus():
                return UNKNOWN
            case t.Not() | t.All() | t.AnyOf() | t.AtLeast():
                return self.term(term, place, module, trusted)
            case _:
                assert_never(term)

    # ---- the past

    @staticmethod
    def _past(place: Place) -> Past:
        assert place.past is not None
        return place.past

    def found(self, query: t.Query, place: Place, module: str, asking: t.Node | None = None) -> tuple[Found, Yes]:
        """What a query finds, and whether the act has its keys. `asking`: the term, where that asks more of each
        record."""
        facts = [place.facts.fact(k) for k in query.keys]
        known = both(*(f.known if f is not None else NO for f in facts))
        alike = self.alike.query(query, module, asking)
        return self._past(place).of(Asked(query, module, alike), self.lookup), known

    def _some(self, term: t.Some, place: Place, module: str, trusted: bool) -> Rails:
        found, keyed = self.found(term.query, place, module)
        low = found.trusted if trusted else found.low
        return Rails(low >= 1, z3.And(found.high == 0, z3.Not(found.open))).given(keyed)

    def _latest_has(self, term: t.LatestHas, place: Place, module: str, trusted: bool) -> Rails:
        found, keyed = self.found(term.query, place, module)
        latest = found.latest
        sure = latest.trusted if trusted else latest.settled
        inside = Place(latest.facts, latest.stretch, term.query.event, place.party)
        has = self.term(term.has, inside, module, trusted)
        none = z3.And(found.high == 0, z3.Not(found.open))
        return Rails(z3.And(sure, has.yes), z3.Or(none, z3.And(sure, has.no))).given(keyed)

    # ---- values

    def side(self, expression: t.Expression, place: Place, module: str, trusted: bool) -> Side:
        match expression:
            case t.Const():
                return stated(self.codes, expression.value, expression.type)
            case t.Parameter():
                return self._parameter(expression, place.stretch)
            case t.Field():
                return of_fact(place.facts.fact(expression.name), expression.type)
            case t.LatestField():
                return self._latest_field(expression, place, module, trusted)
            case t.Count():
                found, keyed = self.found(expression.query, place, module)
                low, high = self.itself(expression.query, place, module)
                scale = self.codes.scale
                least = found.trusted if trusted else found.low
                return _between((least + low) * scale, (found.high + high) * scale, found.open, keyed)
            case t.CountDistinct():
                return self._distinct(expression, place, module, trusted)
            case t.Total():
                return self._total(expression, place, module, trusted)
            case _:
                assert_never(expression)

    def _parameter(self, expression: t.Parameter, stretch: Number) -> Side:
        found: list[tuple[Yes, Side]] = []
        groups: dict[t.Value | None, list[int]] = {}
        for number, at in enumerate(self.moments.inside):
            groups.setdefault(stated_at(self.lookup, expression, at).value, []).append(number)
        for value, numbers in sorted(groups.items(), key=lambda g: -len(g[1])):
            when = z3.Or([stretch == n for n in numbers])
            found.append((when, stated(self.codes, value, expression.type)))
        return chosen([*found[1:], found[0]])

    def _latest_field(self, expression: t.LatestField, place: Place, module: str, trusted: bool) -> Side:
        found, keyed = self.found(expression.query, place, module)
        side = of_fact(found.latest.facts.fact(expression.name), expression.type)
        sure = both(keyed, found.latest.trusted if trusted else found.latest.settled)
        return replace(
            side, low_known=both(sure, side.low_known), high_known=both(sure, side.high_known),
            exact=both(sure, side.exact),
        )  # fmt: skip

    def itself(self, query: t.Query, place: Place, module: str) -> tuple[Number, Number]:
        """How often the judged act counts itself: surely, possibly."""
        counts = self.counts_itself(query, place, module)
        return z3.If(counts.yes, 1, 0), z3.If(counts.no, 0, 1)

    def counts_itself(self, query: t.Query, place: Place, module: str) -> Rails:
        lookup = self.lookup
        if not place.judged or place.type not in lookup.relevant_types(query.event):
            return Rails(NO, YES)
        wanted = query.by or (place.party if lookup.is_act(query.event) else ANYONE)
        if wanted not in (ANYONE, place.party):
            return Rails(NO, YES)
        surely = lookup.is_under(place.type, query.event)
        where = (
            Rails(YES, NO)
            if query.where is None
            else self.term(query.where, replace(place, judged=False), module, False)
        )
        return Rails(where.yes if surely else NO, where.no)

    def _distinct(self, expression: t.CountDistinct, place: Place, module: str, trusted: bool) -> Side:
        found, keyed = self.found(expression.query, place, module, expression)
        low, told, high, more = self._past(place).range(found, expression)
        least, scale = told if trusted else low, self.codes.scale
        own = self.counts_itself(expression.query, place, module)
        if not z3.is_true(own.no):
            adds = self._past(place).itself(found, expression, own)
            least, high = least + (adds.told if trusted else adds.low), high + adds.high
        return _between(least * scale, high * scale, more, keyed)

    def _total(self, expression: t.Total, place: Place, module: str, trusted: bool) -> Side:
        found, keyed = self.found(expression.query, place, module)
        low, told, high, more = self._past(place).range(found, expression)
        least = told if trusted else low
        own = self.counts_itself(expression.query, place, module)
        if not z3.is_true(own.no):
            smallest, largest, unbounded = self.amount(expression, place.facts)
            least = least + z3.If(own.yes, smallest, 0)
            high = high + z3.If(own.no, 0, largest)
            more = z3.Or(more, z3.And(z3.Not(own.no), unbounded))
        measure = self.codes.measure(expression.type.detail) if expression.type.kind is t.Kind.MONEY else 0
        return replace(_between(least, high, more, keyed), measure=z3.IntVal(measure))

    def amount(self, expression: t.Total, facts: Facts) -> tuple[Number, Number, Yes]:
        """Least and most that a record adds, and whether there is no most: an unknown amount counts with its bounds."""
        fact = facts.fact(expression.field)
        zero = z3.IntVal(0)
        if fact is None or fact.number is None:
            return zero, zero, YES
        agreed = self.codes.measure(expression.type.detail) if expression.type.kind is t.Kind.MONEY else 0
        known = fact.known if fact.measure is None else z3.And(fact.known, fact.measure == agreed)
        value = z3.If(fact.number > 0, fact.number, 0)
        low, high = (None if b is None else self._plain(b) for b in (fact.declared.low, fact.declared.high))
        least = z3.If(known, value, max(low or 0, 0))
        return least, z3.If(known, value, high or 0), NO if high is not None else z3.Not(known)

    def _plain(self, bound: t.Value) -> int:
        number = bound.amount if isinstance(bound, t.Money) else bound
        return int(number * self.codes.scale) if isinstance(number, Decimal) else 0


# ---- joining


def all_of(parts: list[Rails]) -> Rails:
    if len(parts) == 1:
        return parts[0]
    return Rails(z3.And([p.yes for p in parts]), z3.Or([p.no for p in parts]))


def any_of(parts: list[Rails]) -> Rails:
    if len(parts) == 1:
        return parts[0]
    return Rails(z3.Or([p.yes for p in parts]), z3.And([p.no for p in parts]))


def at_least(count: int, parts: list[Rails]) -> Rails:
    if count <= 0 or count > len(parts):
        return Rails(z3.BoolVal(count <= 0), z3.BoolVal(count > 0))
    return Rails(z3.AtLeast(*(p.yes for p in parts), count), z3.AtLeast(*(p.no for p in parts), len(parts) - count + 1))


def _between(low: Number, high: Number, more: Yes, keyed: Yes) -> Side:
    closed = both(keyed, z3.Not(more))
    return Side(low, high, keyed, closed, both(closed, low == high), z3.IntVal(0))
