"""The questions of a matrix to the solver: a cell as a condition on the act, and the verdict of the contract on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import z3

from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.matrix.result import Axis, Index, Shown
from smartclause.engines.prove.prover import Prover
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Decision, Verdict, decision_of
from smartclause.rails.formula import Force
from smartclause.rails.lowering import LoweredNorm


class Asked:
    """Of one act by one party, while the contract is in force and has not been ended."""

    def __init__(self, prover: Prover, act: str, party: str, axes: Sequence[Axis]) -> None:
        self.prover, self.lookup, self.axes = prover, prover.lookup, tuple(axes)
        self.asking: Asking = prover.asking(act, party)
        self.space = self.asking.space
        self.lowered = self.space.lowered(self.lookup)
        self.open_file = not any(t.closed for t in self.lowered.tracks)
        self.verdict = self._verdict()
        self.force = self._force()
        self._values = [[self._value(a, v) for v in a.values] for a in self.axes]
        self.questions = 0

    def possible(self, claim: Yes) -> bool | None:
        self.questions += 1
        return self.asking.possible(z3.And(self.force, claim))

    # ---- cells

    def cell(self, index: Iterable[int | None]) -> Yes:
        """None: whatever the fact is."""
        parts = [self._values[n][v] for n, v in enumerate(index) if v is not None]
        return z3.And(parts) if parts else z3.BoolVal(True)

    def any_of(self, cells: Iterable[Index]) -> Yes:
        return z3.Or([self.cell(c) for c in cells])

    def _value(self, axis: Axis, value: Shown) -> Yes:
        fact = self.space.facts.fact(axis.fact.name)
        assert fact is not None
        if value is None:
            return z3.Not(fact.known)
        if fact.truth is not None:
            return z3.And(fact.known, fact.truth == z3.BoolVal(value is True))
        assert isinstance(value, str)
        if fact.is_set:
            return z3.And(fact.known, *(m == z3.BoolVal(name == value) for name, m in fact.members.items()))
        return z3.And(fact.known, fact.number == self.space.world.codes.word(value))

    def reads(self, norm: LoweredNorm) -> frozenset[int]:
        """The numbers of the axes on whose facts a sentence rests."""
        rails = self.space.meaning(norm.truth, self.lookup)
        names = self.asking.read_by(z3.And(rails.yes, rails.no))
        found = set()
        for number, axis in enumerate(self.axes):
            fact = self.space.facts.made[axis.fact.name]
            own = [fact.known, fact.truth, fact.number, *fact.members.values()]
            if names & {v.decl().name() for v in own if v is not None}:
                found.add(number)
        return frozenset(found)

    @property
    def nothing_before(self) -> Yes | None:
        """That nothing at all was recorded before the act; None where duties are read, of which that does not settle
        everything."""
        past = self.space.past
        if past.breaches or past.open:
            return None
        none = [z3.And(f.high == 0, z3.Not(f.open)) for f in past.found.values()]
        return z3.And(*none, *(e.no for e in past.ended.values()))

    def formulas(self) -> list[Yes]:
        """All that a question may rest on."""
        self.possible(self.verdict.yes)  # rules come with the first question
        space = self.space
        rails = [r for n in self.lowered.norms for r in (self.truth(n), space.meaning(n.truth, self.lookup))]
        told = [y for r in (self.verdict, *rails) for y in (r.yes, r.no)]
        return [self.force, *told, *space.defined.values(), *space.facts.rules, *space.past.rules]

    # ---- verdicts

    def truth(self, norm: LoweredNorm) -> Rails:
        return self.space.rails(norm.truth, self.lookup)

    def judged(self, decision: Decision) -> Yes:
        match decision:
            case Decision.ALLOWED:
                return self.verdict.yes
            case Decision.REFUSED:
                return self.verdict.no
            case Decision.UNDECIDED:
                return z3.Not(z3.Or(self.verdict.yes, self.verdict.no))

    def found(self, verdict: Verdict) -> Decision:
        """Of an open file, that never allows by itself: whether it bars."""
        return decision_of(Truth.TRUE if self.open_file and verdict.not_barred else verdict.truth)

    def _verdict(self) -> Rails:
        if not self.open_file:
            return self.space.verdict(self.lookup)
        tracks = [self.space.rails(t.formula, self.lookup) for t in self.lowered.tracks]
        return Rails(z3.And([t.yes for t in tracks]), z3.Or([t.no for t in tracks]))

    def _force(self) -> Yes:
        module = self.lookup.modules[self.lookup.contract.module]
        clause = next((c for c in module.clauses if not c.survives), None)
        if clause is None:
            return z3.BoolVal(True)
        return self.space.rails(Force(module.name, clause.id, True), self.lookup).yes
