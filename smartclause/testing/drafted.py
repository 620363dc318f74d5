"""Hypothesis strategies for terms, and for contracts with sentences of their own over the words of a given one.

Every construct that a clause file can hold is drawn: permissions, limits and prohibitions with conditions, exceptions
and priorities; duties that records open, repeated and standing ones; conditions on the past and on breaches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from smartclause.logic.contract import (
    Answer,
    Bar,
    Clause,
    Duty,
    EventTrigger,
    EventType,
    FieldType,
    Grant,
    Limit,
    Repeated,
    Sentence,
    Standing,
)
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    AtLeast,
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
    Kind,
    LatestField,
    LatestHas,
    Not,
    Order,
    Query,
    Some,
    Term,
    Total,
    Type,
    Value,
    walk,
)
from smartclause.logic.walking import terms_of
from smartclause.testing.strategies import judged, type_of
from smartclause.testing.subject import Subject

Judging: TypeAlias = Grant | Bar | Limit
_MEASURED = (Kind.NUMBER, Kind.PERCENTAGE, Kind.MONEY, Kind.INSTANT, Kind.DATE)
_TIMES = Type(Kind.NUMBER, "times")
_LENGTH = Type(Kind.DURATION)
_PERIODS = tuple(Const(Duration(n, u), _LENGTH) for n, u in ((1, Unit.DAY), (24, Unit.HOUR), (3, Unit.DAY)))


def terms(of: Subject, event: str, *, history: bool = True, depth: int = 2) -> SearchStrategy[Term]:
    """Conditions on an event of this type: its own facts, and with `history` what is recorded about the same thing."""
    kind = type_of(of, event)
    leaves = _facts(of, kind)
    if history:
        leaves = st.one_of(leaves, _past(of, _keys(kind)))
    found = leaves
    for _ in range(depth):
        found = st.one_of(found, _joined(found))
    return found


@st.composite
def contracts(draw: DrawFn, of: Subject, *, most: int = 4) -> Subject:
    """Contracts over the types, parties, words and figures of this one, with sentences of their own.

    At least one sentence grants; up to `most` of them judge acts, and up to two oblige. They are made of the meaning,
    not of text, and print in words.
    """
    if not judged(of):
        raise ValueError(f"no sentence of `{of.contract.module}` grants or bars an act")
    name = of.contract.module
    wanted = draw(st.integers(0, 2)) if _can_owe(of) else 0
    owed = [draw(_owed(of)) for _ in range(wanted)]
    duties = [Clause(f"{name}.d{n}", f"d{n}", f"duty_{n}", sentences=(s,)) for n, s in enumerate(owed, 1)]
    norms = draw(st.lists(_norms(of, tuple(duties)), min_size=1, max_size=most))
    if not any(isinstance(n, Grant) for n, _ in norms):
        first, _ = norms[0]
        norms = [(Grant(1, first.party, first.acts, first.condition), TRUE), *norms]
    clauses = [_clause(name, n, *found) for n, found in enumerate(norms, 1)]
    clauses = [draw(_ranked(clause, clauses[:n])) for n, clause in enumerate(clauses)]
    whole = (*clauses, *duties)
    modules = tuple(replace(m, clauses=whole) if m.name == name else m for m in of.contract.modules)
    return Subject(replace(of.contract, modules=modules, scenarios=(), properties=()))


def _clause(module: str, number: int, norm: Judging, applies: Term) -> Clause:
    return Clause(f"{module}.{number}", str(number), f"clause_{number}", sentences=(norm,), applies=applies)


# ---- sentences


@st.composite
def _norms(draw: DrawFn, of: Subject, duties: tuple[Clause, ...]) -> tuple[Judging, Term]:
    """A sentence, and where its clause applies."""
    act, party = draw(st.sampled_from(judged(of)))
    forms: tuple[type[Grant] | type[Bar] | type[Limit], ...] = (Grant, Bar, Limit)
    form = draw(st.sampled_from(forms))
    condition = terms(of, act)
    breaches = [_breached(d, type_of(of, act)) for d in duties]
    if breaches:
        condition = st.one_of(condition, st.sampled_from(breaches))
    bare = draw(st.booleans()) if form is Grant else False
    few = st.one_of(st.just(FALSE), st.just(FALSE), terms(of, act, depth=0))
    scope = st.one_of(st.just(TRUE), st.just(TRUE), terms(of, act, history=False, depth=0))
    return form(1, party, (act,), TRUE if bare else draw(condition), draw(few)), draw(scope)


def _breached(clause: Clause, kind: EventType) -> Term:
    (sentence,) = clause.sentences
    keys = sentence.keys if isinstance(sentence, Duty) else ()
    return ClauseViolated(clause.id, keys=tuple(k for k in keys if k in _keys(kind)))


@st.composite
def _ranked(draw: DrawFn, clause: Clause, before: list[Clause]) -> Clause:
    """A permission may set aside a prohibition on the same act that stands before it."""
    (norm,) = clause.sentences
    if not isinstance(norm, Grant):
        return clause
    barred = [
        c.id
        for c in before
        for s in c.sentences
        if isinstance(s, Bar | Limit) and (s.party, s.acts) == (norm.party, norm.acts)
    ]
    if not barred or not draw(st.booleans()):
        return clause
    ranked: tuple[Sentence, ...] = (replace(norm, despite=(draw(st.sampled_from(barred)),)),)
    return replace(clause, sentences=ranked)


@dataclass(frozen=True)
class _Owing:
    """What can be owed: a record that opens, an act of a party that answers, the keys that both have."""

    of: Subject

    @cached_property
    def pairs(self) -> tuple[tuple[EventType, EventType, tuple[str, ...]], ...]:
        kinds = self.of.material.spoken
        found = ((t, a, tuple(k for k in _keys(t) if k in _keys(a))) for t in kinds for a in kinds if t is not a)
        return tuple((t, a, k) for t, a, k in found if k and self._is_done(a))

    def _is_done(self, kind: EventType) -> bool:
        return self.of.lookup.is_act(kind.name) and bool(self.of.material.doer(kind))


def _can_owe(of: Subject) -> bool:
    return bool(_Owing(of).pairs)


def _owed(of: Subject) -> SearchStrategy[Sentence]:
    return st.one_of(_duties(of), _repeated(of), _standing(of))


@st.composite
def _duties(draw: DrawFn, of: Subject) -> Duty:
    trigger, answer, keys = draw(st.sampled_from(_Owing(of).pairs))
    opened = draw(st.one_of(st.just(TRUE), terms(of, trigger.name, history=False, depth=1)))
    done = draw(st.one_of(st.just(TRUE), terms(of, answer.name, history=False, depth=0)))
    lifted = draw(st.one_of(st.just(FALSE), terms(of, trigger.name, depth=0)))
    period = draw(st.sampled_from((*_PERIODS, *_windows(of))).filter(lambda w: not isinstance(w, str)))
    return Duty(
        1, of.material.doer(answer), (EventTrigger(trigger.name, opened),), (Answer(answer.name, done),),
        period=period, keys=keys, exception=lifted,
    )  # fmt: skip


@st.composite
def _repeated(draw: DrawFn, of: Subject) -> Repeated:
    _, answer, _ = draw(st.sampled_from(_Owing(of).pairs))
    period = Const(Duration(draw(st.sampled_from((7, 30))), Unit.DAY), _LENGTH)
    return Repeated(1, of.material.doer(answer), (Answer(answer.name),), period)


@st.composite
def _standing(draw: DrawFn, of: Subject) -> Standing:
    _, answer, _ = draw(st.sampled_from(_Owing(of).pairs))
    return Standing(1, of.material.doer(answer), draw(_past(of, frozenset())))


# ---- conditions


def _joined(inner: SearchStrategy[Term]) -> SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    two_of_three = st.lists(inner, min_size=3, max_size=3).map(lambda found: AtLeast(2, tuple(found)))
    return st.one_of(inner.map(Not), several.map(All), several.map(AnyOf), two_of_three)


def _keys(kind: EventType) -> frozenset[str]:
    return frozenset(f.name for f in kind.fields if f.type.kind is Kind.IDENTIFIER)


def _facts(of: Subject, kind: EventType) -> SearchStrategy[Term]:
    fields = [f for f in kind.fields if f.type.kind is not Kind.IDENTIFIER]
    if not fields:
        return st.just(TRUE)
    return st.sampled_from(fields).flatmap(lambda f: _test(of, f, Field(f.name, f.type)))


def _test(of: Subject, field: FieldType, read: Expression) -> SearchStrategy[Term]:
    given = st.sampled_from(of.material.values(field))
    match field.type.kind:
        case Kind.FACT:
            return st.just(Holds(read))
        case Kind.CONCEPT | Kind.CONCEPTS:
            return given.map(lambda v: Covers(_concept(v), read))
        case kind if kind in _MEASURED:
            order = st.sampled_from(tuple(Order))
            return st.tuples(order, given).map(lambda p: Compare(p[0], read, Const(p[1], field.type)))
        case _:
            return given.map(lambda v: Compare(Order.EQUAL, read, Const(v, field.type)))


def _concept(value: Value) -> Const:
    name = min(value) if isinstance(value, frozenset) else str(value)
    return Const(name, Type(Kind.CONCEPT, name))


def _past(of: Subject, mine: frozenset[str]) -> SearchStrategy[Term]:
    """What is recorded, with the same keys as this event where the record has them."""
    return st.sampled_from(of.material.spoken).flatmap(lambda other: _of_records(of, other, mine))


def _of_records(of: Subject, other: EventType, mine: frozenset[str]) -> SearchStrategy[Term]:
    keys = tuple(f.name for f in other.fields if f.name in mine & _keys(other))
    has = _facts(of, other)
    query = st.builds(
        Query, st.just(other.name), st.one_of(st.none(), has), st.just(keys), st.sampled_from((None, *_windows(of)))
    )
    plain = query.map(lambda q: replace(q, where=None))
    forms: list[SearchStrategy[Term]] = [
        query.map(Some),
        st.builds(Every, plain, has),
        st.builds(LatestHas, plain, has),
    ]
    forms += [_counted(st.builds(Count, query, st.just(_TIMES)))]
    forms += [_of_field(of, plain, f) for f in other.fields if f.type.kind is not Kind.IDENTIFIER]
    forms += [_total(of, plain, f) for f in other.fields if _adds_up(f)]
    forms += [_counted(st.builds(CountDistinct, query, st.just(f.name), st.just(_TIMES))) for f in other.fields]
    followers = [k for k in of.material.spoken if keys and set(keys) <= _keys(k)]
    if followers:
        bare = query.map(lambda q: replace(q, within=None))
        after = st.sampled_from(followers).map(lambda k: Query(k.name, None, keys, _PERIODS[0]))
        forms.append(st.builds(EveryFollowed, bare, after))
    return st.one_of(forms)


def _counted(figure: SearchStrategy[Any]) -> SearchStrategy[Term]:
    number = st.integers(0, 3).map(lambda n: Const(Decimal(n), _TIMES))
    return st.builds(Compare, st.sampled_from(tuple(Order)), figure, number)


def _of_field(of: Subject, plain: SearchStrategy[Query], field: FieldType) -> SearchStrategy[Term]:
    """Its value in the latest record."""
    return plain.flatmap(lambda q: _test(of, field, LatestField(q, field.name, field.type)))


def _total(of: Subject, plain: SearchStrategy[Query], field: FieldType) -> SearchStrategy[Term]:
    return plain.flatmap(lambda q: _test(of, field, Total(q, field.name, field.type)))


def _adds_up(field: FieldType) -> bool:
    """A total must not fall by recording more."""
    return field.type.kind is Kind.NUMBER and isinstance(field.low, Decimal) and field.low >= 0


def _windows(of: Subject) -> tuple[Any, ...]:
    """Every period that the contract names somewhere in its history."""
    found = (n.within for term in terms_of(of.contract) for n in walk(term) if isinstance(n, Query))
    return tuple(dict.fromkeys(w for w in found if w is not None))
