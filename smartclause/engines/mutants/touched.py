"""Which scenarios a change to some clauses can touch; none is left out that could notice it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from smartclause.logic.contract import BreachTrigger, Clause, Duty, Grant, Norm, Repeated, Scenario
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseViolated, walk
from smartclause.logic.walking import terms_of_clause


@dataclass(frozen=True)
class Touching:
    lookup: Lookup
    scenarios: tuple[Scenario, ...]

    def of(self, clauses: frozenset[str], changed: Lookup) -> list[Scenario]:
        """Those that ask for a clause concerned, then those whose verdict it can have a part in."""
        concerned = self._concerned(clauses, changed)
        acts = {a for lookup in (self.lookup, changed) for c in concerned for a in _acts(lookup.clauses[c][1])}
        naming = [s for s in self.scenarios if any(e.clause in concerned for e in s.expected)]
        first = [s for s in naming if any(e.clause in clauses for e in s.expected)]
        rest = [s for s in naming if s not in first]
        judging = [
            s
            for s in self.scenarios
            if s not in naming and any(not e.clause for e in s.expected) and self._judges(s, acts)
        ]
        return [*first, *rest, *judging]

    def _judges(self, scenario: Scenario, acts: set[str]) -> bool:
        judged = self._judged.get(scenario.name, "")
        return any(self.lookup.is_under(judged, a) or self.lookup.is_under(a, judged) for a in acts)

    @cached_property
    def _judged(self) -> dict[str, str]:
        """The type of the last act of each scenario."""
        found: dict[str, str] = {}
        for scenario in self.scenarios:
            lines = sorted(
                (line for line in scenario.lines if self.lookup.is_act(line.event)), key=lambda line: line.at
            )
            if lines:
                found[scenario.name] = lines[-1].event
        return found

    def _concerned(self, clauses: frozenset[str], changed: Lookup) -> frozenset[str]:
        """The clauses and all that look at them: at their breaches, or through a priority, either way."""
        looked = self._looked | {c: self._looked.get(c, frozenset()) | _looked_at(changed, c) for c in clauses}
        found = set(clauses)
        while True:
            more = {c for c, targets in looked.items() if c not in found and not found.isdisjoint(targets)}
            more |= {t for lookup in (self.lookup, changed) for c in found for t in _set_aside(lookup, c)} - found
            if not more:
                return frozenset(found)
            found |= more

    @cached_property
    def _looked(self) -> dict[str, frozenset[str]]:
        return {id_: _looked_at(self.lookup, id_) for id_ in self.lookup.clauses}

    def reading(self, figures: frozenset[str]) -> frozenset[str]:
        """The clauses that name one of these figures."""
        return frozenset(id_ for id_, text in self._texts.items() if any(repr(name) in text for name in figures))

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Of the data: a name stands nowhere else."""
        return {id_: repr(clause) for id_, (_, clause) in self.lookup.clauses.items()}


def _looked_at(lookup: Lookup, id_: str) -> frozenset[str]:
    return frozenset(_looks_at(lookup.clauses[id_][1])) if id_ in lookup.clauses else frozenset()


def _set_aside(lookup: Lookup, id_: str) -> Iterator[str]:
    return _despite(lookup.clauses[id_][1]) if id_ in lookup.clauses else iter(())


def _looks_at(clause: Clause) -> Iterator[str]:
    yield from (n.clause for term in terms_of_clause(clause) for n in walk(term) if isinstance(n, ClauseViolated))
    for sentence in clause.sentences:
        if isinstance(sentence, Duty):
            yield from (t.clause for t in sentence.triggers if isinstance(t, BreachTrigger))
    yield from _despite(clause)


def _despite(clause: Clause) -> Iterator[str]:
    yield from (target for s in clause.sentences if isinstance(s, Grant) for target in s.despite)


def _acts(clause: Clause) -> Iterator[str]:
    """Acts that its sentences bar or grant, those that a duty grants included."""
    for sentence in clause.sentences:
        match sentence:
            case Norm():
                yield from sentence.acts
            case Repeated():
                yield from (a.act for a in sentence.answers)
            case Duty():
                duty: Duty | None = sentence
                while duty is not None:
                    yield from (a.act for a in duty.answers)
                    duty = duty.otherwise
            case _:
                pass
