"""Duties in the fast core: what opens and answers them, how time passes over them, and what is told of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import heappop, heappush

from smartclause.engines.monitor.conditions import Facts, Known
from smartclause.engines.monitor.fast_acts import Acts
from smartclause.engines.monitor.fast_ground import Kind
from smartclause.engines.monitor.obligations import (
    AWAITING,
    OPEN,
    VIOLATED,
    Held,
    Spec,
    all_held,
    opened,
)
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.snapshot import is_breach
from smartclause.engines.monitor.specs import AnswerOf
from smartclause.engines.monitor.told import DUE_SOON, DutyTold, Told
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.force import in_force
from smartclause.logic.instances import Instance
from smartclause.logic.truth import Truth
from smartclause.rails.formula import Leaf


class Obligations(Acts):
    # ---- what a record does to them

    def _answered(self, kind: Kind, by: str, to: str, facts: Facts, at: Instant, name: str) -> list[Held]:
        touched: list[Held] = []
        if at != self._moment:
            self._new_moment(at)
        for answer in kind.answers:
            spec = answer.spec
            if by != spec.duty.party or (spec.duty.recipient and to != spec.duty.recipient):
                continue
            self._lately.append((answer, facts, name))
            group = spec.held.get(spec.key_of(facts))
            if group:
                touched += self._answer_each(kind, answer, group, facts, at, name)
        return touched

    def _new_moment(self, at: Instant) -> None:
        self._moment = at
        self._lately = []
        self._waivers = []

    def _answer_each(
        self, kind: Kind, answer: AnswerOf, group: list[Held], facts: Facts, at: Instant, name: str
    ) -> list[Held]:
        self._ask.kind, self._ask.facts, self._ask.at = kind, facts, at
        truth = True if answer.where is None else answer.where(facts, at, kind.shown, self._ask)
        if truth is False:
            return []
        truth = truth if answer.sure_type else None
        by = answer.spec.duty.party

        def why() -> tuple[Reason, ...]:
            return self.reasons.of_formula(answer.formula, kind.type, by, facts, at, name, self._of_past)

        found = [h for h in group if h.start <= at and h.trigger != name]
        for held in found:
            held.answer(truth, at, name, why)
        return found

    def _of_past(self, leaf: Leaf, by: str, facts: Facts, at: Instant, name: str) -> tuple[Known, tuple[Reason, ...]]:
        question, type_ = self._question(leaf), self._ask.kind.type
        known = question.answer(type_)(by, facts, at)
        return known, question.why(type_, by, facts, at, name) if known is None else ()

    def _opened(self, kind: Kind, facts: Facts, at: Instant, name: str) -> list[Held]:
        found: list[Held] = []
        if at != self._moment:
            self._new_moment(at)
        for trigger in kind.triggers:
            spec, ask = trigger.spec, self._ask
            ask.kind, ask.facts, ask.at = kind, facts, at
            holds = True if trigger.holds is None else trigger.holds(facts, at, kind.shown, self._ask)
            if holds is False:
                continue
            force = self._force(spec, at)
            if force is Truth.FALSE:
                continue
            why: tuple[Reason, ...] = ()
            if holds is None:
                by = self._ask.by
                why = self.reasons.of_formula(trigger.formula, kind.type, by, facts, at, name, self._of_past)
            sure = holds if force is Truth.TRUE and trigger.sure_type else None
            held = opened(spec, spec.key_of(facts), name, at, at, sure, why)
            self._keep(held)
            self._catch_up(held, at)
            found.append(held)
        return found

    def _force(self, spec: Spec, at: Instant) -> Truth:
        if self._ended or spec.clause.survives:
            return in_force(self._ends(), spec.module, spec.clause, at)
        begins, ends = spec.force
        return Truth.TRUE if begins <= at <= ends else Truth.FALSE

    def _keep(self, held: Held) -> None:
        held.spec.keep(held)
        self._count += 1
        held.number = self._count
        moments = [held.due + 1]
        if held.latest is not None and held.latest != held.due:
            moments.append(held.latest + 1)
        if self.soon is not None:
            moments.append(held.due - self.soon)
        for moment in moments:
            heappush(self._moments, (moment, self._count, held))
        if held.second is not None:
            self._keep(held.second)

    def _catch_up(self, held: Held, at: Instant) -> None:
        """Answers and waivers of the same instant that came before what opened it."""
        for answer, facts, name in self._lately:
            if answer.spec is held.spec and held.spec.key_of(facts) == held.key:
                self._answer_each(self._kinds[answer.type], answer, [held], facts, at, name)
        for by, facts, when, _name in self._waivers:
            self._waive(held, by, facts, when)

    def _waived(self, by: str, facts: Facts, at: Instant, name: str, told: list[Told]) -> None:
        if at != self._moment:
            self._new_moment(at)
        self._waivers.append((by, facts, at, name))
        clause = facts.get("clause")
        touched = [h for s in self.specs if clause in s.names for h in list(s.each()) if self._waive(h, by, facts, at)]
        owners = {h.number: h for h in touched if not h.spec.is_otherwise}
        seconds = {id(h) for h in touched if h.spec.is_otherwise}
        if seconds:
            owners |= {h.number: h for h in all_held(self.specs) if h.second is not None and id(h.second) in seconds}
        self._tell_all([owners[n] for n in sorted(owners)], told)

    def _waive(self, held: Held, by: str, facts: Facts, at: Instant) -> bool:
        spec = held.spec
        sentence = str(facts.get("sentence", ""))
        if facts.get("clause") not in spec.names or by not in spec.waivers or at < held.start:
            return False
        if sentence not in ("", str(spec.duty.number)):
            return False
        pairs = [(facts.get(k), v) for k, v in held.named_key()]
        if any(one is not None and str(one) != str(other) for one, other in pairs):
            return False
        held.waive(None if any(one is None for one, _ in pairs) else True, at)
        return True

    # ---- time

    def mark(self, source: str, complete: Instant) -> list[Told]:
        party, before = self.sources.get(source, (self.party_of(source), NEVER))
        self.sources[source] = (party, max(complete, before))
        told: list[Told] = []
        if self.now > NEVER:
            waiting = [h for h in all_held(self.specs) if self.now > h.due]
            self._tell_all(sorted(waiting, key=lambda h: h.number), told)
        return told

    def advance(self, to: Instant) -> list[Told]:
        """Moment by moment, so that what is told does not hang on who else speaks in between."""
        moments = self._moments
        told: list[Told] = []
        while moments and moments[0][0] <= to:
            moment = moments[0][0]
            self.now = max(self.now, moment)
            touched: dict[int, Held] = {}
            while moments and moments[0][0] == moment:
                _, number, held = heappop(moments)
                touched[number] = held
            self._passed(touched, told)
        self.now = max(self.now, to)
        return told

    def _passed(self, touched: dict[int, Held], told: list[Told]) -> None:
        owners: dict[int, Held] = {}
        for held in touched.values():
            owner = held if held.owner is None else held.owner
            if owner.told is not None and not owner.gone:
                owners[owner.number] = owner
        self._tell_all([owners[n] for n in sorted(owners)], told)

    # ---- telling

    def _tell_all(self, touched: list[Held], told: list[Told]) -> None:
        if not touched:
            return
        seen: dict[int, Held] = {}
        for held in touched:
            owner = held if held.owner is None else held.owner
            seen[owner.number] = owner
        found: list[Told] = []
        for owner in seen.values():
            owner.settle(self.now)
            self._tell(owner, found)
            if owner.is_over(self.now):
                self._drop(owner)
        found.sort(key=_at)
        told += found

    def _tell(self, held: Held, found: list[Told]) -> None:
        now, before, status, soon = self.now, held.told, held.status, self.soon
        breach = (held.answered, held.since, held.relieved and not held.answered)
        instance: Instance | None = None
        was = "" if before is None else before[0]
        if before is None and (status is OPEN or held.latest != held.start):
            instance = self._put(found, held.start, OPEN.value, "", held, instance)
            was = OPEN.value
        if soon is not None and status is OPEN and not held.told_soon and now >= held.due - soon:
            held.told_soon = True
            instance = self._put(found, max(held.due - soon, held.start), DUE_SOON, was, held, instance)
        if status.value != was:
            instance = self._put(found, held.came_to_be(now), status.value, was, held, instance)
        elif before is not None and status is VIOLATED and before[1] != breach:
            self._put(found, held.answered_at or now, status.value, was, held, instance)
        held.told = (status.value, breach)
        if status is AWAITING:
            self._watch(held, now)
        if held.second is not None and held.second.exposed:
            self._tell(held.second, found)

    def _put(
        self, found: list[Told], at: Instant, status: str, was: str, held: Held, instance: Instance | None
    ) -> Instance | None:
        if self.wanted is not None and status not in self.wanted:
            return instance
        instance = instance or held.instance(self.now)
        found.append(DutyTold(at, status, was, instance))
        return instance

    def _watch(self, held: Held, now: Instant) -> None:
        """Until the agreed time of silence is over."""
        if not held.watched:
            held.watched = True
            moment = held.due + held.spec.grace
            if moment > now:
                heappush(self._moments, (moment, held.number, held))

    def _drop(self, owner: Held) -> None:
        if self.keeps_breaches and is_breach(owner.status):
            self.breaches.append(owner)
        held: Held | None = owner
        while held is not None:
            if held.exposed:
                self.over[held.status.value] += 1
            held.gone = True
            held.spec.drop(held)
            held = held.second

    def duties(self) -> Iterator[Instance]:
        """Those that are not over."""
        return (h.instance(self.now) for h in sorted(all_held(self.specs), key=lambda h: h.number))

    def standing(self) -> Iterator[Instance]:
        held = sorted((*self.breaches, *all_held(self.specs)), key=lambda h: h.number)
        return (h.instance(self.now) for h in held)

    def tally(self) -> Counter[str]:
        """How many duties there were with each status."""
        found = Counter(self.over)
        for held in all_held(self.specs):
            second: Held | None = held
            while second is not None and second.exposed:
                found[second.status.value] += 1
                second = second.second
        return found


def _at(told: Told) -> Instant:
    return told.at
