"""Hypothesis strategies over what can happen under a contract.

Values lie at the figures of the contract and one step beside them, concepts are those that its sentences name and
what is opposed to them, instants lie where its periods end; facts are often not shown and records not reliable. What
is simplest comes first, so that examples shrink to few lines, few facts and the first value of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from smartclause.engines.suggested.material import DAY, HOUR, IDENTIFIERS, MINUTE
from smartclause.logic.contract import (
    Bar,
    Clause,
    EventType,
    FieldType,
    Grant,
    Limit,
    Line,
    Module,
)
from smartclause.logic.counting import Instant
from smartclause.logic.terms import (
    TRUE,
    All,
    AnyOf,
    Compare,
    Const,
    Count,
    Covers,
    Every,
    Field,
    Holds,
    Kind,
    LatestHas,
    Not,
    Order,
    Query,
    Some,
    Term,
    Type,
    Value,
    walk,
)
from smartclause.logic.walking import terms_of
from smartclause.testing.subject import Case, Subject

_NOT_SHOWN = None
_MEASURED = (Kind.NUMBER, Kind.PERCENTAGE, Kind.MONEY, Kind.INSTANT, Kind.DATE)
Wanted: TypeAlias = "str | EventType | None"


def values(of: Subject, event: str, field: str) -> SearchStrategy[Value]:
    """Values of a field at which something can turn; `event` by its name, bare where that is enough."""
    kind = _type(of, event)
    return st.sampled_from(of.material.values(_field(kind, field)))


def events(
    of: Subject, event: Wanted = None, *, shown: bool = False, at: Instant | None = None
) -> SearchStrategy[Line]:
    """One record or act of a type, or of any that the contract looks at.

    Its keys are stated and name one of two things; each other fact is stated, or not shown. `shown`: everything is,
    and the record is reliable.
    """
    kinds = [_type(of, event)] if event is not None else list(of.material.spoken)
    moment = of.material.opening if at is None else at
    made = {kind.name: _line(of, kind, moment, shown) for kind in kinds}
    return st.sampled_from(kinds).flatmap(lambda kind: made[kind.name])


def acts(of: Subject, event: Wanted = None, *, shown: bool = False) -> SearchStrategy[Line]:
    """An act that a sentence of the contract grants or bars, by the party of which it speaks."""
    pairs = [p for p in _judged(of) if event is None or p[0] == _type(of, event).name]
    if not pairs:
        raise ValueError(f"no sentence of `{of.contract.module}` grants or bars {event or 'any act'}")
    made = {pair: _by(events(of, pair[0], shown=shown), pair[1]) for pair in pairs}
    return st.sampled_from(pairs).flatmap(lambda pair: made[pair])


def _by(lines: SearchStrategy[Line], party: str) -> SearchStrategy[Line]:
    return lines.map(lambda line: replace(line, by=party, unreliable=False))


def histories(of: Subject, *, most: int = 5, shown: bool = False) -> SearchStrategy[tuple[Line, ...]]:
    """Up to `most` records in the order of time, at distances at which periods and windows of the contract end."""
    return st.lists(st.tuples(events(of, shown=shown), _distances(of)), max_size=most).map(lambda p: _placed(of, p))


def cases(of: Subject, event: Wanted = None, *, most: int = 5, shown: bool = False) -> SearchStrategy[Case]:
    """A history, then an act that the contract judges; of a contract that judges no act, a later instant.

    A case knows its verdict and its duties, and prints as a scenario that can be pasted into the file.
    """
    last = acts(of, event, shown=shown) if _judged(of) else st.just(Line(0))
    parts = st.tuples(histories(of, most=most, shown=shown), _distances(of), last)

    def made(found: tuple[tuple[Line, ...], int, Line]) -> Case:
        past, distance, act = found
        end = past[-1].at if past else of.material.opening
        return Case(of, (*past, replace(act, at=end + distance)))

    return st.deferred(lambda: parts.map(made))  # shown as this, not as all its values


# ---- contracts


def terms(of: Subject, event: str, *, history: bool = True, depth: int = 2) -> SearchStrategy[Term]:
    """Conditions on an event of this type: its own facts, and with `history` what is recorded about the same thing."""
    kind = _type(of, event)
    leaves = _facts(of, kind)
    if history:
        leaves = st.one_of(leaves, _past(of, kind))
    found = leaves
    for _ in range(depth):
        found = st.one_of(found, _joined(found))
    return found


@st.composite
def contracts(draw: DrawFn, of: Subject, *, most: int = 4) -> Subject:
    """Contracts over the types, parties, words and figures of this one, with sentences of their own.

    At least one sentence grants. They are made of the meaning, not of text, and print in words.
    """
    norms = draw(st.lists(_norms(of), min_size=1, max_size=most))
    if not any(isinstance(n, Grant) for n in norms):
        first = norms[0]
        norms = [Grant(1, first.party, first.acts, first.condition), *norms]
    name = of.contract.module
    clauses = tuple(
        Clause(f"{name}.{n}", str(n), f"clause_{n}", sentences=(replace(norm, number=1),))
        for n, norm in enumerate(norms, 1)
    )
    modules = tuple(replace(m, clauses=clauses) if m.name == name else m for m in of.contract.modules)
    return Subject(replace(of.contract, modules=modules, scenarios=(), properties=()))


@st.composite
def _norms(draw: DrawFn, of: Subject) -> Grant | Bar | Limit:
    pairs = _judged(of)
    if not pairs:
        raise ValueError(f"no sentence of `{of.contract.module}` grants or bars an act")
    act, party = draw(st.sampled_from(pairs))
    forms: tuple[type[Grant] | type[Bar] | type[Limit], ...] = (Grant, Bar, Limit)
    form = draw(st.sampled_from(forms))
    condition = draw(terms(of, act))
    bare = draw(st.booleans()) if form is Grant else False
    return form(1, party, (act,), TRUE if bare else condition)


def _joined(inner: SearchStrategy[Term]) -> SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(inner.map(Not), several.map(All), several.map(AnyOf))


def _facts(of: Subject, kind: EventType) -> SearchStrategy[Term]:
    fields = [f for f in kind.fields if f.type.kind is not Kind.IDENTIFIER]
    if not fields:
        return st.just(TRUE)
    return st.sampled_from(fields).flatmap(lambda f: _test(of, f))


def _test(of: Subject, field: FieldType) -> SearchStrategy[Term]:
    read = Field(field.name, field.type)
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


def _past(of: Subject, kind: EventType) -> SearchStrategy[Term]:
    """What is recorded, with the same keys as this event where the record has them."""
    mine = {f.name for f in kind.fields if f.type.kind is Kind.IDENTIFIER}
    return st.sampled_from(of.material.spoken).flatmap(lambda other: _of_records(of, other, mine))


def _of_records(of: Subject, other: EventType, mine: set[str]) -> SearchStrategy[Term]:
    keys = tuple(f.name for f in other.fields if f.type.kind is Kind.IDENTIFIER and f.name in mine)
    has = _facts(of, other)
    query = st.builds(
        Query, st.just(other.name), st.one_of(st.none(), has), st.just(keys), st.sampled_from((None, *_windows(of)))
    )
    times = Type(Kind.NUMBER, "times")
    number = st.integers(0, 3).map(lambda n: Const(Decimal(n), times))
    counted = st.builds(lambda o, q, n: Compare(o, Count(q, times), n), st.sampled_from(tuple(Order)), query, number)
    plain = query.map(lambda q: replace(q, where=None))
    return st.one_of(query.map(Some), st.builds(Every, plain, has), st.builds(LatestHas, plain, has), counted)


def _windows(of: Subject) -> tuple[Any, ...]:
    """Every period that the contract names somewhere in its history."""
    found = (n.within for term in terms_of(of.contract) for n in walk(term) if isinstance(n, Query))
    return tuple(dict.fromkeys(w for w in found if w is not None))


# ---- parts


def _line(of: Subject, kind: EventType, at: Instant, shown: bool) -> SearchStrategy[Line]:
    facts = {f.name: _stated(of, f, shown) for f in kind.fields}
    doubt = st.just(False) if shown else st.integers(0, 7).map(lambda n: n == 7)

    def made(stated: dict[str, Value | None], unreliable: bool) -> Line:
        known = tuple((n, v) for n, v in stated.items() if v is not _NOT_SHOWN)
        hidden = tuple(n for n, v in stated.items() if v is _NOT_SHOWN)
        return Line(at, kind.name, of.material.doer(kind), "", "", known, hidden, unreliable)

    return st.builds(made, st.fixed_dictionaries(facts), doubt)


def _stated(of: Subject, field: FieldType, shown: bool) -> SearchStrategy[Value | None]:
    if field.type.kind is Kind.IDENTIFIER:
        return st.sampled_from((IDENTIFIERS[0], IDENTIFIERS[0], IDENTIFIERS[1]))
    known: Sequence[Value | None] = of.material.values(field)
    return st.sampled_from(known if shown else (*known, *[_NOT_SHOWN] * max(1, len(known) // 3)))


def _distances(of: Subject) -> SearchStrategy[int]:
    clauses = (c for m in of.contract.modules for c in m.clauses)
    found = {d for c in clauses for d in of.material.distances(c) if d > 0}
    return st.sampled_from((HOUR, MINUTE, DAY, *sorted(found)))


def _placed(of: Subject, pairs: list[tuple[Line, int]]) -> tuple[Line, ...]:
    at, lines = of.material.opening, []
    for line, distance in pairs:
        lines.append(replace(line, at=at))
        at += distance
    return tuple(lines)


def _judged(of: Subject) -> tuple[tuple[str, str], ...]:
    modules: Sequence[Module] = of.contract.modules
    pairs = (p for m in modules for c in m.clauses for p in of.material.acts_of(c) if p[0] in of.lookup.types)
    return tuple(dict.fromkeys(pairs))


def _type(of: Subject, event: str | EventType) -> EventType:
    """Raises ValueError for a name that is none or several."""
    if isinstance(event, EventType):
        return event
    found = [k for k in of.contract.types if event in (k.name, k.name.rpartition(".")[2])]
    if len(found) != 1:
        raise ValueError(f"`{event}` is {'no event' if not found else 'several events'} of `{of.contract.module}`")
    return found[0]


def _field(kind: EventType, name: str) -> FieldType:
    found = next((f for f in kind.fields if f.name == name), None)
    if found is None:
        raise ValueError(f"`{kind.name}` has no field `{name}`")
    return found
