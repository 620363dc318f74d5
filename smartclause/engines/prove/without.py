"""A verdict as it stands where sources of facts are missing, over the variables of the whole verdict.

`Without` takes each condition as it can be read then. At most: nothing that could still be known is left out, so that
what it never allows is never allowed. At least: nothing counts that might rest on what is missing, so that what it
allows is allowed without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias, assert_never

import z3

from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.missing import Missing
from smartclause.engines.prove.space import Space
from smartclause.logic import terms as t
from smartclause.logic.contract import Clause, Duty, EventTrigger, Repeated
from smartclause.logic.lookup import Lookup
from smartclause.rails.formula import Formula, Leaf, Owed, parts

UNKNOWN = t.Holds(t.Field("without", t.Type(t.Kind.FACT)))  # no type declares it: `without` is a word of the language
Touched = Callable[[str], bool]
Found: TypeAlias = t.LatestField | t.Count | t.CountDistinct | t.Total


@dataclass(frozen=True)
class Reader:
    """Reads conditions on acts of `type` by `party`. `touched`: whether what a clause obliges to rests on what is
    missing; `at_most` as the module says."""

    missing: Missing
    type: str
    party: str
    touched: Touched
    at_most: bool

    def term(self, term: t.Term) -> t.Term:
        """The same object where nothing of it is missing."""
        match term:
            case t.Not():
                inner = self.term(term.arg)
                return term if inner is term.arg else t.Not(inner)
            case t.All() | t.AnyOf() | t.AtLeast():
                args = tuple(self.term(a) for a in term.args)
                same = all(a is b for a, b in zip(args, term.args, strict=True))
                return term if same else replace(term, args=args)
            case t.Holds():
                value = self._value(term.value)
                return UNKNOWN if value is None else _kept(term, value=value)
            case t.Compare():
                return self._pair(term, "left", "right")
            case t.Covers():
                return self._pair(term, "broad", "narrow")
            case t.Some() | t.Every() | t.LatestHas() | t.EveryFollowed():
                return self._looked(term)
            case t.ClauseViolated():
                return self._violated(term)
            case t.ClauseStatus():
                return term
            case _:
                assert_never(term)

    def _pair(self, term: t.Compare | t.Covers, one: str, other: str) -> t.Term:
        values = {n: self._value(getattr(term, n)) for n in (one, other)}
        return UNKNOWN if None in values.values() else _kept(term, **values)

    # ---- values

    def _value(self, expression: t.Expression) -> t.Expression | None:
        """None: it cannot be known."""
        match expression:
            case t.Const() | t.Parameter():
                return expression
            case t.Field():
                return None if self.missing.fact(self.type, expression.name, self.party) else expression
            case t.LatestField():
                return self._latest(expression)
            case t.Count() | t.CountDistinct() | t.Total():
                return self._counted(expression)
            case _:
                assert_never(expression)

    def _latest(self, expression: t.LatestField) -> t.Expression | None:
        query, name = expression.query, expression.name
        seen = self._query(query)
        lacks = self.missing.fact(query.event, name) or (not self.at_most and self.missing.perhaps(query.event, name))
        if not self._keyed(query) or seen.nothing or lacks or not seen.sure:
            return None
        return self._either(expression, seen)

    def _counted(self, expression: t.Count | t.CountDistinct | t.Total) -> t.Expression | None:
        query = expression.query
        seen = self._query(query)
        if not self._keyed(query):
            return None
        if seen.nothing and self.type not in self.missing.lookup.relevant_types(query.event):
            return _none_of(expression.type)
        field = "" if isinstance(expression, t.Count) else expression.field
        if field and self.missing.perhaps(query.event, field):
            return expression if self.at_most else None
        return self._either(expression, seen)

    def _either(self, expression: Found, seen: _Seen) -> t.Expression | None:
        if not seen.changed:
            return expression
        if not self.at_most:
            return None
        return replace(expression, query=seen.query) if seen.sure else expression

    # ---- records

    def _looked(self, term: t.Some | t.Every | t.LatestHas | t.EveryFollowed) -> t.Term:
        seen = self._query(term.query)
        if not self._keyed(term.query):
            return UNKNOWN
        if seen.nothing:
            return t.FALSE
        changed, sure = seen.changed, seen.sure
        made: dict[str, object] = {"query": seen.query}
        match term:
            case t.Every() | t.LatestHas():
                has = self._inside(term.has, term.query.event)
                changed, sure = changed or has.changed, sure and has.may_hold
                made["has"] = has.term
            case t.EveryFollowed():
                answer = self._query(term.answer)
                changed, sure = changed or answer.changed, sure and answer.sure and not answer.nothing
                made["answer"] = answer.query
            case t.Some():
                pass
        if not changed:
            return term
        if not self.at_most:
            return UNKNOWN
        return replace(term, **made) if sure else t.All((term, UNKNOWN))  # type: ignore[arg-type]

    def _keyed(self, query: t.Query) -> bool:
        return not any(self.missing.fact(self.type, k, self.party) for k in query.keys)

    def _query(self, query: t.Query) -> _Seen:
        nothing, nobody = self.missing.nothing(query), self.missing.nobody(query, self.party)
        keyless = any(self.missing.fact(query.event, k) for k in query.keys)
        where = _Inside(t.TRUE) if query.where is None else self._inside(query.where, query.event)
        changed = where.changed or nobody or self.missing.touches(query)
        changed = changed or any(self.missing.perhaps(query.event, k) for k in query.keys)
        sure = where.may_hold and not nobody and not keyless
        read = replace(query, where=where.term) if where.term is not query.where and query.where is not None else query
        return _Seen(read, nothing, sure, changed)

    def _inside(self, term: t.Term, event: str) -> _Inside:
        """A condition on a record that is looked at: what of it can be known, and whether it can hold at all."""
        read = _OfRecord(self.missing, event).term(term)
        told = (n.name for n in t.walk(term) if isinstance(n, t.Field))
        return _Inside(read, any(self.missing.perhaps(event, n) for n in told), _may(read, True))

    # ---- duties

    def _violated(self, term: t.ClauseViolated) -> t.Term:
        if any(self.missing.fact(self.type, k, self.party) for k in term.keys):
            return UNKNOWN
        return UNKNOWN if self.touched(term.clause) and not self.at_most else term


@dataclass(frozen=True)
class _Seen:
    query: t.Query
    nothing: bool
    sure: bool
    changed: bool


@dataclass(frozen=True)
class _Inside:
    term: t.Term
    changed: bool = False
    may_hold: bool = True


@dataclass(frozen=True)
class _OfRecord:
    """Conditions on the facts of one record."""

    missing: Missing
    event: str

    def term(self, term: t.Term) -> t.Term:
        match term:
            case t.Not():
                inner = self.term(term.arg)
                return term if inner is term.arg else t.Not(inner)
            case t.All() | t.AnyOf() | t.AtLeast():
                args = tuple(self.term(a) for a in term.args)
                same = all(a is b for a, b in zip(args, term.args, strict=True))
                return term if same else replace(term, args=args)
            case _:
                lacks = any(isinstance(n, t.Field) and self.missing.fact(self.event, n.name) for n in t.walk(term))
                return UNKNOWN if lacks else term


def _may(term: t.Term, wanted: bool) -> bool:
    """Whether a condition can be true, or false, as far as its shape tells."""
    if term == UNKNOWN:
        return False
    match term:
        case t.Not():
            return _may(term.arg, not wanted)
        case t.All():
            parts = [_may(a, wanted) for a in term.args]
            return all(parts) if wanted else any(parts)
        case t.AnyOf():
            parts = [_may(a, wanted) for a in term.args]
            return any(parts) if wanted else all(parts)
        case t.AtLeast():
            enough = term.count if wanted else len(term.args) - term.count + 1
            return sum(_may(a, wanted) for a in term.args) >= enough
        case _:
            return True


def _kept(term: t.Holds | t.Compare | t.Covers, **values: object) -> t.Term:
    if all(getattr(term, n) is v for n, v in values.items()):
        return term
    return replace(term, **values)  # type: ignore[arg-type]


def _none_of(kind: t.Type) -> t.Const:
    zero = Decimal(0)
    return t.Const(t.Money(zero, kind.detail) if kind.kind is t.Kind.MONEY else zero, kind)


class Without(Space):
    """Of one space; its variables and rules are those of the whole."""

    def __init__(self, whole: Space, lookup: Lookup, reader: Reader) -> None:
        whole.lowered(lookup)
        self.__dict__.update(whole.__dict__)
        self.whole, self.reader = whole, reader
        self._rails, self._leaves = {}, {}
        self._same: dict[int, tuple[Formula, bool]] = {}

    def rails(self, formula: Formula, lookup: Lookup) -> Rails:
        """What rests on nothing missing stands as it stood."""
        return self.whole.rails(formula, lookup) if self._stands(formula) else super().rails(formula, lookup)

    def _stands(self, formula: Formula) -> bool:
        if id(formula) not in self._same:
            match formula:
                case Leaf():
                    stands = self.reader.term(formula.term) is formula.term
                case Owed():
                    stands = False
                case _:
                    stands = all(self._stands(p) for p in parts(formula))
            self._same[id(formula)] = (formula, stands)
        return self._same[id(formula)][1]

    def _leaf(self, leaf: Leaf, lookup: Lookup) -> Rails:
        read = self.reader.term(leaf.term)
        if read is leaf.term:
            return self.whole.rails(leaf, lookup)
        return self.world.reading(lookup).term(read, self.place, leaf.module, leaf.favour)

    def answers(self, lookup: Lookup, owed: tuple[Clause, Duty | Repeated], module: str) -> Rails | None:
        """What nobody can record opens no duty."""
        found = self.whole.answers(lookup, owed, module)
        clause, duty = owed
        if found is None or not self.reader.touched(clause.id):
            return found
        if not self.reader.at_most:
            return Rails(z3.BoolVal(False), z3.BoolVal(False))
        events = [x.event for x in duty.triggers if isinstance(x, EventTrigger)] if isinstance(duty, Duty) else []
        whole = isinstance(duty, Duty) and len(events) == len(duty.triggers) > 0
        if whole and all(self.reader.missing.nothing(t.Query(e)) for e in events):
            return Rails(z3.BoolVal(False), z3.BoolVal(True))
        return found
