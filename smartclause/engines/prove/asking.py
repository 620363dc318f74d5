"""Asking the solver: whether some act shows what a claim denies. Effort is counted in steps, not seconds, so that the
answer is the same on a busy machine; what is spent without an answer is told as not proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import z3

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted, Witness
from smartclause.engines.prove.building import Building
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.needed import Needed, Resting
from smartclause.engines.prove.samples import Samples
from smartclause.engines.prove.space import Space
from smartclause.engines.prove.variables import variables
from smartclause.engines.prove.witness import Drawn, replayed
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup

MOST_KEPT = 24  # histories kept for the next question
Confirm = Callable[[Witness], bool]


@dataclass(frozen=True, slots=True)
class Effort:
    """`steps` for one question to the solver; `bound`: records of a kind in a history; `tries`: histories replayed at
    one of `instants`; `likings`: steps for making a witness smaller by one."""

    steps: int = 20_000_000
    bound: int = 3
    tries: int = 6
    instants: int = 4
    likings: int = 400_000


@dataclass
class Asking:
    """The questions about one space."""

    space: Space
    effort: Effort = field(default_factory=Effort)

    def __post_init__(self) -> None:
        self._solver = z3.Solver()
        self._of_act = self._of_past = self._of_sentences = 0
        self._samples = Samples(self.space)
        self._resting = Resting(self.space)
        self._built: dict[tuple[object, ...], Built] = {}
        self._building = Building(self.space, self.effort.bound)

    def possible(self, claim: Yes) -> bool | None:
        """Whether some act could show it, were every past possible; None: the effort was spent."""
        return _answered(self._check(self._solver, [claim], self.effort.steps))

    def _check(self, solver: z3.Solver, assumed: list[Yes], steps: int) -> z3.CheckSatResult:
        self._tell_rules()
        solver.set("rlimit", steps)
        return solver.check(*assumed)

    def _tell_rules(self) -> None:
        """Rules come with the variables, as formulas are read."""
        self._samples.tell()
        for told, rules in ((self._of_act, self.space.facts.rules), (self._of_past, self.space.past.rules)):
            self._solver.add(*rules[told:])
        self._of_act, self._of_past = len(self.space.facts.rules), len(self.space.past.rules)
        new = list(self.space.defined)[self._of_sentences :]
        self._solver.add(*self.space.definitions(new))
        self._of_sentences += len(new)

    def shown(self, lookup: Lookup, claim: Yes, confirm: Confirm) -> Answer:
        """Refuted by an act that shows the claim, with a history that the reference confirms; else proved."""
        found = self.possible(claim)
        if found is None:
            return NotProven("limit")
        if not found:
            return Proved()
        needed = self._resting.needed(claim)
        if needed.nothing:
            return self._without_past(lookup, claim, confirm)
        return self._with_past(lookup, claim, confirm, needed)

    def possibly(self, lookup: Lookup, claim: Yes, confirm: Confirm) -> Answer:
        """The same, but where the past has no part no act is built: for what is in order if it is refuted."""
        found = self.possible(claim)
        if found is None:
            return NotProven("limit")
        if not found:
            return Proved()
        needed = self._resting.needed(claim)
        if needed.nothing or self._before_all(claim, needed):
            return Refuted()
        return self._with_past(lookup, claim, confirm, needed, told=False)

    def _before_all(self, claim: Yes, needed: Needed) -> bool:
        """Whether an act shows it before which nothing at all was recorded: then all is known of its past."""
        if not all(o.plain for o in needed.owed(self.space.world.lookups)):
            return False
        nothing = [z3.And(f.high == 0, z3.Not(f.open)) for f in needed.founds]
        nothing += [p.sure.no for _, p in needed.breaches] + [r.no for _, r in needed.open]
        nothing += [p.trusted.no for _, p in needed.breaches]
        nothing += [e.no for e in self.space.past.ended.values()]
        return self.possible(z3.And(claim, *nothing)) is True

    def read_by(self, claim: Yes) -> frozenset[str]:
        """The variables that a claim rests on."""
        return self._resting.read_by(claim)

    # ---- acts whose verdict looks at nothing but themselves

    def _without_past(self, lookup: Lookup, claim: Yes, confirm: Confirm) -> Answer:
        for at in self._instants(claim):
            for witness in self._drawn(lookup, Built(Drawn(self.space, at)), claim):
                if confirm(witness):
                    return Refuted(witness)
        found = self._after_the_end(lookup, claim, confirm, Needed((), (), ()), True)
        return NotProven("undefined") if found is None else Refuted(found)

    def _with_past(self, lookup: Lookup, claim: Yes, confirm: Confirm, needed: Needed, told: bool = True) -> Answer:
        """Not `told`: the act need not be small, and that nothing at all was before it was looked at already."""
        found = self._searched(lookup, claim, confirm, needed, told)
        found = found or self._after_the_end(lookup, claim, confirm, needed, told)
        return Refuted(found) if found else NotProven("history", max(self._building.bounds()))

    def _after_the_end(
        self, lookup: Lookup, claim: Yes, confirm: Confirm, needed: Needed, told: bool
    ) -> Witness | None:
        """An act after some file was ended, where that alone may show it."""
        ended = z3.Or([e.yes for e in self.space.past.ended.values()])
        if not self.effort.bound or not self.possible(z3.And(claim, ended)):
            return None
        return self._searched(lookup, z3.And(claim, ended), confirm, needed, told, ending=True)

    def _searched(
        self, lookup: Lookup, claim: Yes, confirm: Confirm, needed: Needed, told: bool, ending: bool = False
    ) -> Witness | None:
        instants = [*self._instants(claim), *self._later(claim, needed)]
        for bound in (b for b in self._building.bounds() if (told and not ending) or b >= min(1, self.effort.bound)):
            for at in instants:
                built = self._build(at, needed, bound, ending)
                for witness in self._drawn(lookup, built, claim, told):
                    if confirm(witness):
                        return witness
        return None

    def _build(self, at: Instant, needed: Needed, bound: int, ending: bool) -> Built:
        """Histories that were built for another question are taken again."""
        key = (at, bound, ending, needed.key)
        if key not in self._built:
            while len(self._built) >= MOST_KEPT:
                del self._built[next(iter(self._built))]
            history = self._building.history(at, needed, bound, ending)
            self._built[key] = Built(Drawn(self.space, at, history, self._building.recipient(needed)), ending)
        return self._built[key]

    def _later(self, claim: Yes, needed: Needed) -> Iterator[Instant]:
        """Instants at which duties that begin with the force of their file can be past due."""
        for at in self._building.later(needed):
            if self.possible(z3.And(claim, self.space.stretch == self.space.world.moments.stretch(at))):
                yield at

    def _instants(self, claim: Yes) -> Iterator[Instant]:
        """Instants at which the claim is possible: those that scenarios tell first, then as time goes."""
        moments, left = self.space.world.moments, self.effort.instants
        for number in moments.usual_first:
            if left and self.possible(z3.And(claim, self.space.stretch == number)):
                chosen = moments.near(number)[:left]
                left -= len(chosen)
                yield from chosen

    # ---- small and plausible

    def _drawn(self, lookup: Lookup, built: Built, claim: Yes, small: bool = True) -> Iterator[Witness]:
        """Witnesses, each the smallest that was found; after one that the reference denies, another. Where none is told
        any will do at first."""
        built.tell_rules()
        solver = built.solver
        solver.push()
        try:
            solver.add(*self.space.definitions(sorted(self._resting.named(claim))), claim)
            for tried in range(self.effort.tries + (not small)):
                solver.set("rlimit", self.effort.steps)
                if solver.check() != z3.sat:
                    return
                model = solver.model()
                if small or tried:
                    solver.push()
                    model = self._smallest(solver, built.drawn, model)
                    solver.pop()
                yield replayed(lookup, built.drawn.lines(model))
                solver.add(z3.Not(_same_shape(built.drawn, model)))
        finally:
            solver.pop()

    def _smallest(self, solver: z3.Solver, drawn: Drawn, model: z3.ModelRef) -> z3.ModelRef:
        """Each liking is granted where the rest still allows it."""
        solver.set("rlimit", self.effort.likings)
        for wish in drawn.likings():
            if z3.is_true(model.eval(wish, model_completion=True)):
                solver.add(wish)
            elif solver.check(wish) == z3.sat:
                model = solver.model()
                solver.add(wish)
        return model


class Built:
    """Histories before acts of one instant, and the solver that knows them. Not `ending`: no file was ended."""

    def __init__(self, drawn: Drawn, ending: bool = False) -> None:
        self.drawn, self.ending = drawn, ending
        self.solver = z3.Solver()
        self.solver.add(drawn.space.stretch == drawn.space.world.moments.stretch(drawn.at))
        self.solver.add(*(drawn.history.rules if drawn.history else ()))
        self._told = [0, 0, 0]

    def tell_rules(self) -> None:
        """What came with formulas that were read since."""
        space = self.drawn.space
        ended = [] if self.ending else [e.no for e in space.past.ended.values()]
        for number, rules in enumerate((space.facts.rules, space.past.rules, ended)):
            self.solver.add(*rules[self._told[number] :])
            self._told[number] = len(rules)


def _same_shape(drawn: Drawn, model: z3.ModelRef) -> Yes:
    """The same records and the same doubts as in a model that the reference denied."""
    parts: list[Yes] = []
    wanted = [f.known for facts in drawn.records() for f in facts.made.values()]
    wanted += [f.truth for facts in drawn.records() for f in facts.made.values() if f.truth is not None]
    if drawn.history:
        wanted += [p for s in drawn.history.slots for p in (s.present, s.shaky)]
        parts += [s.when == model.eval(s.when, model_completion=True) for s in drawn.history.slots]
    past = drawn.space.past
    wanted += [p for r in (*(b.sure for b in past.breaches.values()), *past.open.values()) for p in (r.yes, r.no)]
    parts += [w == model.eval(w, model_completion=True) for w in wanted]
    return z3.And(parts)


def _answered(result: z3.CheckSatResult) -> bool | None:
    if result == z3.sat:
        return True
    return False if result == z3.unsat else None


__all__ = ["Asking", "Confirm", "Effort", "variables"]
