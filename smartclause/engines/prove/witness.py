"""From a model of the solver to an act with its history; small, plausible, and judged by the reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import z3

from smartclause.engines.prove.answer import Witness
from smartclause.engines.prove.facts import Fact, Facts, Yes, among
from smartclause.engines.prove.histories import Histories
from smartclause.engines.prove.space import Space
from smartclause.logic.contract import Line
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import scenario_world
from smartclause.logic.terms import Kind, Value
from smartclause.logic.verdict import judge_act

MINUTE = 60_000_000
_TRIED = 6  # values told in scenarios, for each fact


@dataclass(frozen=True)
class Drawn:
    """Variables of a question whose values make the witness."""

    space: Space
    at: Instant
    history: Histories | None = None
    to: str = ""

    def records(self) -> Iterator[Facts]:
        yield self.space.facts
        for slot in self.history.slots if self.history else ():
            yield slot.facts

    # ---- what is liked better

    def likings(self) -> Iterator[Yes]:
        """Fewest records, all reliable; fewest facts; then values that the file itself tells."""
        past = self.space.past
        for each in (*(b.sure for b in past.breaches.values()), *past.open.values()):
            yield each.no
        slots = self.history.slots if self.history else []
        yield from (z3.Not(s.present) for s in reversed(slots))
        yield from (s.times <= n for s in slots for n in (self.history.times if self.history else ()))
        yield from (z3.Not(s.shaky) for s in slots)
        if self.history:
            last = len(self.history.menu.instants) - 1
            yield from (s.when >= max(0, n) for s in reversed(slots) for n in (last, last - 2, last // 2))
        for facts in self.records():
            yield from (
                z3.Not(f.known) for f in reversed(facts.made.values()) if f.declared.type.kind is not Kind.IDENTIFIER
            )
        yield from (f.known for f in self.space.facts.made.values() if f.declared.type.kind is Kind.IDENTIFIER)
        for facts in self.records():
            for fact in facts.made.values():
                yield from self._usual(fact)

    def _usual(self, fact: Fact) -> Iterator[Yes]:
        codes = self.space.world.codes
        told = told_values(codes.lookups, fact.declared.name)[:_TRIED]
        if fact.is_set:
            yield from (z3.Not(m) for m in fact.members.values())
            return
        if fact.number is None:
            return
        found = [fact.number == codes.measured(v)[0] for v in told if not isinstance(v, frozenset | bool)]
        if found:
            yield z3.Or(found)
            yield from found
        if fact.declared.type.kind is Kind.PARTY:  # another has no name that could be written down
            yield among(
                fact.number, (codes.word(p.name) for k in codes.lookups for m in k.contract.modules for p in m.parties)
            )
        elif fact.declared.type.kind is Kind.CONCEPT:
            yield among(fact.number, (codes.word(n) for n in _leaves(codes.lookups)))
        elif fact.declared.type.kind in (Kind.NUMBER, Kind.PERCENTAGE, Kind.MONEY):
            yield fact.number >= 0
            yield fact.number % codes.scale == 0
            yield fact.number <= 1_000_000 * codes.scale
        elif fact.declared.type.kind is Kind.INSTANT:
            yield z3.And(fact.number >= self.at - 400 * 1440 * MINUTE, fact.number <= self.at + 400 * 1440 * MINUTE)
        elif fact.declared.type.kind is Kind.DURATION:
            yield fact.number < 400

    # ---- what it says

    def lines(self, model: z3.ModelRef) -> tuple[Line, ...]:
        act = self._line(model, self.space.facts, self.space.type, self.space.party, self.at)
        return (*self._before(model), replace(act, to=self.to))

    def _before(self, model: z3.ModelRef) -> Iterator[Line]:
        if self.history is None:
            return
        present = [s for s in self.history.slots if _true(model, s.present)]
        placed = sorted(present, key=lambda s: (_int(model, s.when), s.number))
        last: Instant | None = None
        for slot in placed:
            at = self.history.menu.instants[_int(model, slot.when)]
            at = at if last is None or at > last else last + MINUTE
            last = at
            party = slot.parties[_int(model, slot.by)]
            line = self._line(model, slot.facts, slot.type, party, at, _true(model, slot.shaky))
            line = replace(line, to=self.history.recipients.get(slot.type, ""))
            yield from (line for _ in range(_int(model, slot.times)))

    def _line(self, model: z3.ModelRef, facts: Facts, type_: str, party: str, at: Instant, shaky: bool = False) -> Line:
        told = tuple((n, self._value(model, f)) for n, f in facts.made.items() if _true(model, f.known))
        return Line(at, type_, party, "", "", told, (), shaky)

    def _value(self, model: z3.ModelRef, fact: Fact) -> Value:
        if fact.is_set:
            return frozenset(n for n, m in fact.members.items() if _true(model, m))
        if fact.truth is not None:
            return _true(model, fact.truth)
        assert fact.number is not None
        measure = 0 if fact.measure is None else _int(model, fact.measure)
        return self.space.world.codes.value(_int(model, fact.number), measure, fact.declared.type)


def replayed(lookup: Lookup, lines: tuple[Line, ...]) -> Witness:
    """As `test` would judge it: the last line is the act."""
    world = scenario_world(lookup, lines, max(x.at for x in lines))
    act = world.by_id[f"line {len(lines)}"]
    return Witness(lines, judge_act(world, act), world, act)


def told_values(lookups: Iterable[Lookup], name: str) -> list[Value]:
    """The values that scenarios tell of a field of this name, each once."""
    found: dict[Value, None] = {}
    for lookup in lookups:
        for scenario in lookup.contract.scenarios:
            for line in scenario.lines:
                found.update({v: None for n, v in line.facts if n == name})
    return list(found)


def _leaves(lookups: Iterable[Lookup]) -> list[str]:
    found: list[str] = []
    for lookup in lookups:
        above = {e.parent for e in lookup.contract.vocabulary.edges}
        found += [c.name for c in lookup.contract.vocabulary.concepts if c.name not in above]
    return found


def _true(model: z3.ModelRef, condition: Yes) -> bool:
    return bool(z3.is_true(model.eval(condition, model_completion=True)))


def _int(model: z3.ModelRef, number: z3.ArithRef) -> int:
    found = model.eval(number, model_completion=True)
    assert isinstance(found, z3.IntNumRef)
    return int(found.as_long())
