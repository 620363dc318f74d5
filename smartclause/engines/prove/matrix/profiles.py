"""What each sentence can be in each cell: surely so, surely not, or unknown. What cannot be is proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import z3

from smartclause.engines.prove.matrix.asked import Asked
from smartclause.engines.prove.matrix.result import Index
from smartclause.logic.truth import Truth
from smartclause.rails.lowering import LoweredNorm

Truths = frozenset[Truth]


@dataclass(frozen=True)
class Profile:
    """Of one sentence. `reads`: the axes that it rests on; in the others it is the same everywhere."""

    norm: LoweredNorm
    narrower: tuple[str, ...]
    reads: tuple[int, ...]
    found: dict[Index, Truths]

    @property
    def key(self) -> tuple[str, int]:
        return self.norm.clause, self.norm.number

    def at(self, cell: Index) -> Truths:
        return self.found[tuple(cell[n] for n in self.reads)]


def profiles(asked: Asked, values: tuple[tuple[int, ...], ...]) -> Iterator[Profile]:
    """`values`: of each axis the numbers of the values that are asked about."""
    for norm in asked.lowered.norms:
        reads = tuple(sorted(asked.reads(norm)))
        found = {part: _truths(asked, norm, reads, part) for part in product(*(values[n] for n in reads))}
        yield Profile(norm, _narrower(asked, norm), reads, found)


def _truths(asked: Asked, norm: LoweredNorm, reads: tuple[int, ...], part: Index) -> Truths:
    """Every truth of it that was not excluded."""
    told = dict(zip(reads, part, strict=True))
    cell = asked.cell(told.get(n) for n in range(len(asked.axes)))
    rails = asked.truth(norm)
    claims = {
        Truth.TRUE: rails.yes,
        Truth.FALSE: rails.no,
        Truth.UNKNOWN: z3.Not(z3.Or(rails.yes, rails.no)),
    }
    return frozenset(t for t, claim in claims.items() if asked.possible(z3.And(cell, claim)) is not False)


def _narrower(asked: Asked, norm: LoweredNorm) -> tuple[str, ...]:
    """The acts of a sentence that speaks of narrower acts only."""
    lookup, mine = asked.lookup, asked.space.type
    _, clause = lookup.clauses[norm.clause]
    acts = next(s.acts for s in clause.sentences if s.number == norm.number and hasattr(s, "acts"))
    if any(lookup.is_under(mine, a) for a in acts):
        return ()
    return tuple(a for a in acts if lookup.is_under(a, mine))
