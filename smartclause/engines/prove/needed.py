"""Which questions about the past a claim rests on: only those are bound to the records of a history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import z3

from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.owed import Owed, duties_of, of_open
from smartclause.engines.prove.past import Found, Open, Pair
from smartclause.engines.prove.space import Space
from smartclause.engines.prove.variables import Variables
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseViolated


@dataclass(frozen=True)
class Needed:
    founds: tuple[Found, ...]
    breaches: tuple[tuple[tuple[ClauseViolated, int], Pair], ...]
    open: tuple[tuple[Open, Rails], ...]

    def owed(self, lookups: Sequence[Lookup]) -> list[Owed]:
        """The duties that it rests on."""
        found = [of_open(lookups[o.contract], o) for o, _ in self.open]
        for (term, contract), _ in self.breaches:
            found += duties_of(lookups[contract], term.clause, term.sentence)
        return found

    @property
    def nothing(self) -> bool:
        return not (self.founds or self.breaches or self.open)

    @property
    def key(self) -> tuple[object, ...]:
        """The same for claims that rest on the same, as far as that was read."""
        founds = tuple(
            (id(f), len(f.terms), len(f.ranges), len(f.itself), len(f.latest.facts.made)) for f in self.founds
        )
        return founds, tuple(id(p) for _, p in self.breaches), tuple(id(r) for _, r in self.open)


class Resting:
    """Of one space."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self._variables = Variables()
        self._named: dict[tuple[int, int, int], frozenset[str]] = {}

    def needed(self, claim: Yes) -> Needed:
        names = self.read_by(claim)
        past = self.space.past
        founds = tuple(f for f in past.found.values() if not self._names(f).isdisjoint(names))
        breaches = tuple((k, p) for k, p in past.breaches.items() if self._reads(names, p.sure, p.trusted))
        stands = tuple((k, r) for k, r in past.open.items() if self._reads(names, r))
        return Needed(founds, breaches, stands)

    def read_by(self, claim: Yes) -> frozenset[str]:
        """What a claim rests on, through the variables that stand for sentences."""
        named = self.named(claim)
        meant = (self._variables.of(self.space.defined[n]) for n in sorted(named) if n in self.space.defined)
        return named.union(*meant)

    def named(self, claim: Yes) -> frozenset[str]:
        """The variables that stand in it."""
        return self._variables.of(claim)

    def _reads(self, names: frozenset[str], *rails: Rails) -> bool:
        return any(not self._variables.of(e).isdisjoint(names) for r in rails for e in (r.yes, r.no))

    def _names(self, found: Found) -> frozenset[str]:
        key = (id(found), len(found.terms), len(found.ranges))
        if key not in self._named:
            self._named[key] = frozenset().union(*(self._variables.of(e) for e in _own(found)))
        return self._named[key]


def _own(found: Found) -> list[z3.ExprRef]:
    """What stands for what is found."""
    own: list[z3.ExprRef] = [found.low, found.trusted, found.high, found.open]
    own += [found.latest.settled, found.latest.trusted]
    for pair in found.terms.values():
        own += [pair.sure.yes, pair.sure.no, pair.trusted.yes, pair.trusted.no]
    for low, trusted, high, more in found.ranges.values():
        own += [low, trusted, high, more]
    return own
