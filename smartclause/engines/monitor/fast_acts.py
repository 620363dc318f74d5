"""Acts in the fast core: the verdict at once, and why it is none where it is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from smartclause.engines.monitor.conditions import Facts, Judging, Known
from smartclause.engines.monitor.fast_ground import ALLOWED, NOBODY_NAMED, REFUSED, UNDECIDED, Ground, Kind
from smartclause.engines.monitor.told import ActTold, Told
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.force import holds_at
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import Position, World
from smartclause.rails.formula import THIS_ACT, Force, Leaf, Owed
from smartclause.rails.source.leaves import reads_the_past


class Acts(Ground):
    def _judge(
        self, kind: Kind, by: str, asset: str, facts: Facts, at: Instant, name: str, index: int, told: list[Told]
    ) -> None:
        if kind.is_controlled and not asset:
            self._counts[UNDECIDED] += 1
            reason = Reason("not registered", type=kind.type)
            told.append(ActTold(at, name, kind.type, by, UNDECIDED, False, (), (reason,)))
            return
        judging = kind.judging.get(by)
        if judging is None:
            judging = self._judging(kind, by)
        ending = self._ending(at, index) if self._ended else None
        table = kind.table
        ask = {n: table[n](by, facts, at) for n in judging.asked}.__getitem__
        decision = judging.verdict(facts, at, kind.shown, ask, ending)
        self._counts[decision] += 1
        if decision is ALLOWED:
            if self.tells_all:
                told.append(ActTold(at, name or f"line {index}", kind.type, by, decision, False))
        elif self.wanted is not None and decision.value not in self.wanted:
            return
        elif decision is REFUSED and not judging.has_bars:
            told.append(ActTold(at, name or f"line {index}", kind.type, by, decision, False))
        else:
            told.append(self._told_of(kind, judging, by, facts, at, name or f"line {index}", decision, ending))

    def _judging(self, kind: Kind, by: str) -> Judging:
        known = by if by in self._parties or not by else NOBODY_NAMED
        if known not in kind.judging:
            made = self.conditions.judging(kind.type, known)
            kind.table.update({n: self._resolve(kind, n) for n in made.asked})
            kind.judging[known] = made
        return kind.judging[known]

    def _told_of(
        self, kind: Kind, judging: Judging, by: str, facts: Facts, at: Instant, name: str, decision: Decision,
        ending: Callable[[int], Known] | None,
    ) -> ActTold:  # fmt: skip
        everything = self._ask
        everything.kind, everything.by, everything.facts, everything.at = kind, by, facts, at
        _, states = judging.states()(facts, at, kind.shown, self._ask, ending)
        state = ClauseState.FORBIDDEN if decision is REFUSED else ClauseState.UNKNOWN
        named = tuple(c for c, s in states.items() if s is state)
        why = self._why(kind, judging, by, facts, at, name, ending) if decision is UNDECIDED else ()
        return ActTold(at, name, kind.type, by, decision, False, named, why)

    def _why(
        self, kind: Kind, judging: Judging, by: str, facts: Facts, at: Instant, name: str,
        ending: Callable[[int], Known] | None,
    ) -> tuple[Reason, ...]:  # fmt: skip
        tell, listed = judging.told()
        missing = tell(facts, at, kind.shown, self._ask, ending)[-1]
        found: dict[Reason, None] = {}
        for number in missing:
            ground = listed[number]
            match ground:
                case Leaf() if reads_the_past(ground.term):
                    why = self._question(ground).why(kind.type, by, facts, at, name)
                case Leaf():
                    why = self.reasons.of_leaf(ground, kind.type, by, facts, at, name)
                case Force():
                    why = ground.reasons
                case Owed():
                    why = ()
                case _:
                    why = ground
            found.update(dict.fromkeys(replace(r, event=name) if r.event == THIS_ACT else r for r in why))
        return tuple(found)

    def _ending(self, at: Instant, index: int) -> Callable[[int], Known]:
        """Whether those who may end a file had ended it before the act."""
        gates, world, before = self.conditions.source.asked.gates, self._ends(), Position(at, index)

        def ended_(number: int) -> Known:
            gate = gates[number]
            assert isinstance(gate, Force)
            module, clause = self.lookup.clauses[gate.clause]
            found = holds_at(world, module, replace(clause, survives=False), at, before)
            return _OPPOSITE[found]

        return ended_

    def _ends(self) -> World:
        return World(self.lookup, tuple(self._ended), self.now)


_OPPOSITE: Mapping[Truth, Known] = {Truth.TRUE: False, Truth.FALSE: True, Truth.UNKNOWN: None}
