"""Whether two contracts that are compared would find the same in one past: only then do they share what was found."""

from __future__ import annotations

from collections.abc import Callable

from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Covers, Parameter, Query, walk


class Alike:
    """For each question of one contract the number of the first contract that would answer it the same."""

    def __init__(self, lookups: tuple[Lookup, ...], number: int) -> None:
        self.lookups, self.number = lookups, number
        self._known: dict[tuple[str, str], int] = {}

    def _first(self, same: Callable[[Lookup, Lookup], bool]) -> int:
        mine = self.lookups[self.number]
        return next((n for n, other in enumerate(self.lookups[: self.number]) if same(other, mine)), self.number)

    def query(self, query: Query, module: str) -> int:
        return self._first(lambda one, other: _same_query(query, module, one, other)) if self.number else 0

    def clause(self, clause: str) -> int:
        """Of the breaches of a clause."""
        return self._first(lambda one, other: _same_clause(clause, one, other)) if self.number else 0

    def module(self, module: str) -> int:
        """Of what is owed under a file."""
        return self._first(lambda one, other: _same_module(module, one, other)) if self.number else 0

    def end(self, module: str) -> int:
        """Of the end of a file by termination, which says nothing of its clauses."""
        return self._first(lambda one, other: _same_end(module, one, other)) if self.number else 0


def _same_query(query: Query, module: str, one: Lookup, other: Lookup) -> bool:
    if module not in one.modules or query.event not in one.types:
        return False
    headers = (one.modules[module].header, other.modules[module].header)
    if (headers[0].zone, headers[0].rule) != (headers[1].zone, headers[1].rule):
        return False
    nodes = list(walk(query))
    figures = {n.name for n in nodes if isinstance(n, Parameter)}
    if any(one.parameters.get(f) != other.parameters.get(f) for f in figures):
        return False
    reads_concepts = any(isinstance(n, Covers) for n in nodes)
    if reads_concepts and one.contract.vocabulary != other.contract.vocabulary:
        return False
    return all(one.types.get(t) == other.types.get(t) for t in other.relevant_types(query.event))


def _same_clause(clause: str, one: Lookup, other: Lookup) -> bool:
    here, there = one.clauses.get(clause), other.clauses.get(clause)
    if here is None or there is None or here[1].sentences != there[1].sentences:
        return False
    return here[0].header == there[0].header and _same_basis(one, other)


def _same_module(module: str, one: Lookup, other: Lookup) -> bool:
    here, there = one.modules.get(module), other.modules.get(module)
    if here is None or there is None or here.header != there.header or here.parties != there.parties:
        return False
    return [c.sentences for c in here.clauses] == [c.sentences for c in there.clauses] and _same_basis(one, other)


def _same_end(module: str, one: Lookup, other: Lookup) -> bool:
    here, there = one.modules.get(module), other.modules.get(module)
    if here is None or there is None:
        return False
    told = [(m.header.enders, m.header.lag, {p.name for p in m.parties}) for m in (here, there)]
    return told[0] == told[1] and one.types.get("termination") == other.types.get("termination")


def _same_basis(one: Lookup, other: Lookup) -> bool:
    a, b = one.contract, other.contract
    return (a.vocabulary, a.parameters, a.types) == (b.vocabulary, b.parameters, b.types)
