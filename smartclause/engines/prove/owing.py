"""Binds what is owed and what is breached, before an act, to the records of a built history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import z3

from smartclause.engines.prove.facts import NO, Facts, Yes
from smartclause.engines.prove.figures import Rails, both
from smartclause.engines.prove.histories import Asker, Histories, same
from smartclause.engines.prove.owed import Owed, duties_of, of_open
from smartclause.engines.prove.past import Found, Open, Past
from smartclause.engines.prove.phases import phases
from smartclause.engines.prove.reading import Place
from smartclause.engines.prove.space import Space
from smartclause.engines.prove.unrolled import Opened, Unrolled
from smartclause.logic.contract import Repeated, Standing
from smartclause.logic.counting import Duration, Instant, due
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import TRUE, AnyOf, ClauseViolated, Not, Query, walk
from smartclause.rails.stretches import stated


@dataclass(frozen=True)
class StandingRead:
    """A standing duty at the instant of an act, for one value of its key; `past` is what its condition finds."""

    owed: Owed
    facts: Facts
    past: Past
    holds: Rails

    @property
    def asker(self) -> Asker:
        return Asker(self.facts, self.owed.duty.party)


def standing_read(space: Space, owed: Owed, number: int) -> StandingRead:
    duty = owed.duty
    assert isinstance(duty, Standing)
    tag = f"standing{number}."
    past = Past(space.world.codes, tag, space.stretch)
    events = [n.event for n in walk(duty.condition) if isinstance(n, Query)]
    kinds = [owed.lookup.types[e] for e in events if e in owed.lookup.types]
    fields = {f.name: f for k in kinds for f in k.fields if f.name == duty.for_each}
    facts = Facts(space.world.codes, f"{tag}of", fields)
    key = facts.fact(duty.for_each) if duty.for_each else None
    if key is not None:
        facts.rules.append(key.known)
    imposed = duty.condition if owed.clause.applies == TRUE else AnyOf((Not(owed.clause.applies), duty.condition))
    place = Place(facts, space.stretch, events[0] if events else "", duty.party, past)
    holds = space.world.reading(owed.lookup).term(imposed, place, owed.module.name, True)
    return StandingRead(owed, facts, past, holds)


def beginnings(at: Instant, owed: Iterable[Owed]) -> list[Instant]:
    """Instants at which duties begin and are answered, so that at the act each is in each of its phases."""
    every = [c for each in owed for c in each.chains()]
    chains = {tuple((id(o.lookup), o.clause.id, o.duty.number, o.second) for o in c): c for c in every}
    found = (i for c in chains.values() for i in phases(at, [o.due for o in c if not isinstance(o.duty, Standing)]))
    return list(dict.fromkeys(found))


class Owing:
    def __init__(self, history: Histories, standing: Iterable[StandingRead] = ()) -> None:
        self.history, self.space = history, history.space
        self.unrolled = Unrolled(history)
        self.standing = {(id(s.owed.lookup), s.owed.clause.id, s.owed.duty.number): s for s in standing}

    # ---- breached

    def bind_breach(self, lookup: Lookup, term: ClauseViolated, truth: Rails) -> None:
        found = [r for o in duties_of(lookup, term.clause, term.sentence) for r in self._breaches(o, term)]
        yes, no = z3.Or([f.yes for f in found]), z3.And([f.no for f in found])
        known = both(*(f.known if (f := self.space.facts.fact(k)) is not None else NO for k in term.keys))
        self.history.rules += [truth.yes == both(known, yes), truth.no == both(known, no)]

    def _breaches(self, owed: Owed, term: ClauseViolated) -> Iterator[Rails]:
        if isinstance(owed.duty, Standing):
            yield self._not_kept(owed, term)
            return
        for each in self.unrolled.of(owed):
            breached = self.unrolled.missed(each) if term.ever else self.unrolled.stands(owed, each)
            yield self._of_keys(breached, each, term.keys)

    def _of_keys(self, truth: Rails, each: Opened, keys: Iterable[str]) -> Rails:
        mine = z3.And([same(self.space.facts.fact(k), each.keys.get(k)) for k in keys])
        return Rails(z3.And(truth.yes, mine), z3.Or(truth.no, z3.Not(mine)))

    def _not_kept(self, owed: Owed, term: ClauseViolated) -> Rails:
        """Of the value of the key that was chosen, as it is at the act."""
        read = self.standing.get((id(owed.lookup), owed.clause.id, owed.duty.number))
        if read is None or not self._begun(owed):
            return Rails(NO, z3.BoolVal(True))
        mine = [same(self.space.facts.fact(k), read.facts.fact(k)) for k in term.keys]
        there = self._recorded(read)
        return Rails(z3.And(read.holds.no, there, *mine), z3.Or(read.holds.yes, z3.Not(there), z3.Not(z3.And(mine))))

    def _recorded(self, read: StandingRead) -> Yes:
        """The value of the key stands in some record that the condition reads."""
        duty = read.owed.duty
        assert isinstance(duty, Standing)
        if not duty.for_each:
            return z3.BoolVal(True)
        events = {n.event for n in walk(duty.condition) if isinstance(n, Query)}
        mine = (s for s in self.history.slots if any(read.owed.lookup.is_under(s.type, e) for e in events))
        key = read.facts.fact(duty.for_each)
        return z3.Or([z3.And(s.present, same(key, s.facts.fact(duty.for_each))) for s in mine])

    def _begun(self, owed: Owed) -> bool:
        duty, header = owed.duty, owed.module.header
        start = force_start(header)
        if isinstance(duty, Standing) and duty.after is not None and start != BEGINNING:
            value = stated(owed.lookup, duty.after, start).value
            if isinstance(value, Duration):
                start = due(start, value, header.rule, header.zone).earliest + 1
        return self.history.menu.at >= start

    # ---- owed

    def bind_open(self, lookup: Lookup, asked: Open, truth: Rails) -> None:
        owed = of_open(lookup, asked)
        if isinstance(owed.duty, Repeated):
            begun = self.history.menu.at >= force_start(owed.module.header)
            self.history.rules += [truth.yes == z3.BoolVal(begun), truth.no == z3.BoolVal(not begun)]
            return
        found = [r for each in self.unrolled.of(owed) for r in self._open(owed, each, asked.otherwise)]
        self.history.rules += [truth.yes == z3.Or([f.yes for f in found]), truth.no == z3.And([f.no for f in found])]

    def _open(self, owed: Owed, each: Opened, otherwise: bool) -> Iterator[Rails]:
        asked = self.unrolled.next_step(owed, each) if otherwise else each
        if asked is not None:
            yield self._of_keys(self.unrolled.still_owed(asked), asked, each.keys)


def founds_of(standing: Iterable[StandingRead]) -> list[Found]:
    return [f for s in standing for f in s.past.found.values()]


__all__ = ["Owed", "Owing", "StandingRead", "beginnings", "duties_of", "founds_of", "of_open", "standing_read"]
