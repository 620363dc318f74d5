"""The values of a fact that a matrix tells, and which of them the contract cannot tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smartclause.engines.prove.codes import Codes, nodes
from smartclause.engines.prove.matrix.result import Axis, Shown
from smartclause.logic.contract import FieldType
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Kind, Value

TOLD = frozenset({Kind.CONCEPT, Kind.CONCEPTS, Kind.FACT})


def axis(lookup: Lookup, codes: Codes, fact: FieldType) -> Axis:
    """Concepts under the one declared, itself included; yes and no; and that nothing is shown."""
    if fact.type.kind is Kind.FACT:
        return Axis(fact, (True, False, None), (frozenset(),) * 3)
    names = sorted(_under(lookup, fact.type.detail), key=codes.word)
    place = {name: number for number, name in enumerate(names)}
    under = [frozenset(place[n] for n in _below(lookup, name) - {name} if n in place) for name in names]
    return Axis(fact, (*names, None), (*under, frozenset()))


def _under(lookup: Lookup, root: str) -> set[str]:
    """Of places what stands in a complete table; a vocabulary without one lists no places."""
    known = lookup.contract.vocabulary
    roots = [root] if root else list(known.complete)
    found = set().union(*(_below(lookup, r) for r in roots)) if roots else {c.name for c in known.concepts}
    return found & {c.name for c in known.concepts}


def _below(lookup: Lookup, root: str) -> set[str]:
    """The concept and what stands under it on any day."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [e.child for e in lookup.contract.vocabulary.edges if e.parent == name]
    return found


def alike(lookup: Lookup, axes: Iterable[Axis]) -> tuple[tuple[int, ...], ...]:
    """For each axis the number of the value that stands for each. Two leaves under the same concepts, in the same
    disjoint groups, neither of which the contract names, can be exchanged everywhere: nothing that is judged changes.
    """
    axes = tuple(axes)
    named = set(_named(lookup))
    return tuple(_alike(lookup, a, named, _alone(a, axes)) for a in axes)


def _alone(axis: Axis, axes: tuple[Axis, ...]) -> bool:
    """No other axis has a value of this one: exchanging two would change both."""
    mine = {v for v in axis.values if isinstance(v, str)}
    return not any(mine & set(other.values) for other in axes if other is not axis)


def _alike(lookup: Lookup, axis: Axis, named: set[str], alone: bool) -> tuple[int, ...]:
    first: dict[object, int] = {}
    parents = {e.parent for e in lookup.contract.vocabulary.edges}
    found = []
    for number, value in enumerate(axis.values):
        free = alone and isinstance(value, str) and value not in named and value not in parents
        key = _standing(lookup, value) if free and isinstance(value, str) else (number,)
        found.append(first.setdefault(key, number))
    return tuple(found)


def _standing(lookup: Lookup, name: str) -> object:
    """Where a concept stands in the vocabulary."""
    words = lookup.contract.vocabulary
    edges = frozenset((e.parent, e.since, e.until) for e in words.edges if e.child == name)
    return edges, tuple(n for n, d in enumerate(words.disjoint) if name in d.members)


def _named(lookup: Lookup) -> Iterator[str]:
    """Every concept that the contract names: in a condition, a parameter, a declaration, a table."""
    contract = lookup.contract
    values: list[Value | None] = [n.value for n in nodes(lookup) if isinstance(n, Const)]
    values += [v for p in contract.parameters for v in (*(d.value for d in p.values), p.low, p.high)]
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, frozenset):
            yield from value
    yield from (f.type.detail for t in contract.types for f in t.fields)
    yield from contract.vocabulary.complete


def shown(axes: Iterable[Axis], cell: Iterable[int]) -> tuple[tuple[str, Shown], ...]:
    return tuple((a.fact.name, a.values[n]) for a, n in zip(axes, cell, strict=True))
