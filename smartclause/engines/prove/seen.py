"""What verdicts of the reference have shown already: on scenarios of the file, and on every act that was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from smartclause.logic.truth import Truth
from smartclause.logic.verdict import NormFinding, Verdict


@dataclass
class Seen:
    """`applied`: clauses that surely applied; of sentences, by clause and number: `decided`, those that were true;
    `turning`, those that alone made an act refused; `free`, permissions that no bar met. `settled`: types and parties
    with a verdict."""

    applied: set[str] = field(default_factory=set)
    decided: set[tuple[str, int]] = field(default_factory=set)
    turning: set[tuple[str, int]] = field(default_factory=set)
    free: set[tuple[str, int]] = field(default_factory=set)
    settled: set[tuple[str, str]] = field(default_factory=set)

    def add(self, verdict: Verdict) -> None:
        norms = [n for c in verdict.clauses for n in c.norms]
        self.applied.update(n.clause for n in norms if n.applies is Truth.TRUE)
        true = [n for n in norms if n.truth is Truth.TRUE]
        self.decided.update(map(_key, true))
        grants, bars = [n for n in true if n.grants], [n for n in true if not n.grants]
        if not bars:
            self.free.update(map(_key, grants))
        if grants and len(bars) == 1 and len(verdict.tracks) == 1 and _others_false(norms, bars[0]):
            self.turning.add(_key(bars[0]))
        if verdict.truth is not Truth.UNKNOWN:
            self.settled.add((verdict.type, verdict.party))


def _others_false(norms: Iterable[NormFinding], one: NormFinding) -> bool:
    return all(n.truth is Truth.FALSE for n in norms if not n.grants and n is not one)


def _key(norm: NormFinding) -> tuple[str, int]:
    return norm.clause, norm.norm.number
