"""A case without what nothing in it names: types, fields, figures, concepts. The answers stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from smartclause.logic.contract import (
    Answer,
    BreachTrigger,
    Contract,
    Duty,
    EventTrigger,
    EventType,
    Repeated,
    Standing,
)
from smartclause.logic.record import Event
from smartclause.logic.terms import Const, CountDistinct, Field, Kind, LatestField, Node, Parameter, Query, Total, walk
from smartclause.logic.walking import terms_of
from tests.agreement.worlds import Case


def trimmed(case: Case) -> Case:
    contract = case.contract
    nodes = [n for t in terms_of(contract) for n in walk(t)]
    nodes += [n for s in _sentences(contract) for n in _periods(s)]
    kinds = set(_types(case, nodes))
    types = {t.name: t for t in contract.types}
    kinds |= {above for k in list(kinds) for above in _above(k, types)}
    fields = set(_fields(case, nodes))
    figures = {n.name for n in nodes if isinstance(n, Parameter)}
    kept = tuple(_less(t, fields) for t in contract.types if t.name in kinds)
    parameters = tuple(p for p in contract.parameters if p.name in figures)
    told = {f.type.kind for t in kept for f in t.fields} | {p.type.kind for p in parameters}
    words = contract.vocabulary if told & {Kind.CONCEPT, Kind.CONCEPTS} else type(contract.vocabulary)()
    return replace(case, contract=replace(contract, types=kept, parameters=parameters, vocabulary=words))


def _sentences(contract: Contract) -> Iterator[object]:
    for module in contract.modules:
        for clause in module.clauses:
            for sentence in clause.sentences:
                yield sentence
                if isinstance(sentence, Duty) and sentence.otherwise is not None:
                    yield sentence.otherwise


def _periods(sentence: object) -> Iterator[Node]:
    for name in ("period", "no_later_than", "after"):
        value = getattr(sentence, name, None)
        if isinstance(value, Parameter | Field | Const):
            yield value


def _types(case: Case, nodes: list[Node]) -> Iterator[str]:
    yield from (e.type for e in (*case.records, *case.proposed))
    yield from (n.event for n in nodes if isinstance(n, Query))
    for sentence in _sentences(case.contract):
        yield from getattr(sentence, "acts", ())
        yield from (a.act for a in getattr(sentence, "answers", ()) if isinstance(a, Answer))
        yield from (t.event for t in getattr(sentence, "triggers", ()) if not isinstance(t, BreachTrigger))


def _above(name: str, types: dict[str, EventType]) -> Iterator[str]:
    while name in types:
        yield name
        kind = types[name]
        yield from (k for k in (kind.checkpoint, kind.end) if k)
        name = kind.parent


def _fields(case: Case, nodes: list[Node]) -> Iterator[str]:
    for event in (*case.records, *case.proposed):
        yield from event.facts
        yield str(event.facts.get("field", ""))
    for node in nodes:
        match node:
            case Field() | LatestField():
                yield node.name
            case CountDistinct() | Total():
                yield node.field
            case Query():
                yield from node.keys
            case _:
                yield from getattr(node, "keys", ())
    for sentence in _sentences(case.contract):
        if isinstance(sentence, Duty):
            yield from (*sentence.keys, sentence.clock)
        if isinstance(sentence, Standing):
            yield sentence.for_each


def _less(kind: EventType, fields: set[str]) -> EventType:
    return replace(kind, fields=tuple(f for f in kind.fields if f.name in fields or f.name == kind.run))


__all__ = ["EventTrigger", "Repeated", "trimmed"]


def read_only(case: Case) -> Case:
    """Records with no facts but those that some term reads, keys, and what is told of other records."""
    nodes = [n for t in terms_of(case.contract) for n in walk(t)]
    bare = replace(case, records=(), proposed=())
    wanted = {*_fields(bare, nodes), "run", *_named(case)}
    return replace(
        case,
        records=tuple(_told(e, wanted) for e in case.records),
        proposed=tuple(_told(e, wanted) for e in case.proposed),
    )


def _named(case: Case) -> Iterator[str]:
    for sentence in _sentences(case.contract):
        for name in ("no_later_than",):
            value = getattr(sentence, name, None)
            if isinstance(value, Field):
                yield value.name


def _told(event: Event, wanted: set[str]) -> Event:
    if "." not in event.type:
        return event
    return replace(event, facts={n: v for n, v in event.facts.items() if n in wanted})
