"""Hypothesis strategies over what can happen under a contract: values, events, acts, histories, cases.

Values lie at the figures of the contract and one step beside them, concepts are those that its sentences name and
what is opposed to them, instants lie where its periods end; facts are often not shown and records not reliable. What
is simplest comes first, so that examples shrink to few lines, few facts and the first value of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from smartclause.engines.suggested.material import DAY, HOUR, IDENTIFIERS, MINUTE
from smartclause.logic.contract import EventType, FieldType, Line, Module
from smartclause.logic.counting import Instant
from smartclause.logic.terms import Kind, Value
from smartclause.testing.subject import Case, Subject

_NOT_SHOWN = None
Wanted: TypeAlias = "str | EventType | None"


def values(of: Subject, event: str, field: str) -> SearchStrategy[Value]:
    """Values of a field at which something can turn; `event` by its name, bare where that is enough."""
    kind = type_of(of, event)
    return st.sampled_from(of.material.values(_field(kind, field)))


def events(
    of: Subject, event: Wanted = None, *, shown: bool = False, at: Instant | None = None
) -> SearchStrategy[Line]:
    """One record or act of a type, or of any that the contract looks at.

    Its keys are stated and name one of two things; each other fact is stated, or not shown. `shown`: everything is,
    and the record is reliable.
    """
    kinds = [type_of(of, event)] if event is not None else list(of.material.spoken)
    moment = of.material.opening if at is None else at
    made = {kind.name: _line(of, kind, moment, shown) for kind in kinds}
    return st.sampled_from(kinds).flatmap(lambda kind: made[kind.name])


def acts(of: Subject, event: Wanted = None, *, shown: bool = False) -> SearchStrategy[Line]:
    """An act that a sentence of the contract grants or bars, by the party of which it speaks."""
    pairs = [p for p in judged(of) if event is None or p[0] == type_of(of, event).name]
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
    last = acts(of, event, shown=shown) if judged(of) else st.just(Line(0))
    parts = st.tuples(histories(of, most=most, shown=shown), _distances(of), last)

    def made(found: tuple[tuple[Line, ...], int, Line]) -> Case:
        past, distance, act = found
        end = past[-1].at if past else of.material.opening
        return Case(of, (*past, replace(act, at=end + distance)))

    return st.deferred(lambda: parts.map(made))  # shown as this, not as all its values


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


def judged(of: Subject) -> tuple[tuple[str, str], ...]:
    """Acts that a sentence grants or bars, each with the party of which it speaks."""
    modules: Sequence[Module] = of.contract.modules
    pairs = (p for m in modules for c in m.clauses for p in of.material.acts_of(c) if p[0] in of.lookup.types)
    return tuple(dict.fromkeys(pairs))


def type_of(of: Subject, event: str | EventType) -> EventType:
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
