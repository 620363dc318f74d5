"""Duties (design 2.8, 2.9): the instances that are open, answered, waived, breached, and since when.

A duty is judged from the debtor's side: what only the debtor says never helps it. `unproven` is never
compliance. Statuses are asked at a position: the records strictly before it, at an instant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from smartclause.logic.answers import answers_to, answers_unseen, sources_awaited, waivers_of
from smartclause.logic.contract import (
    BreachTrigger,
    Clause,
    Duty,
    EventTrigger,
    Module,
    Repeated,
    Standing,
)
from smartclause.logic.counting import Duration, Instant, Span, due, end_of_day
from smartclause.logic.evaluate import View, judge, read
from smartclause.logic.finding import Finding, Read, Reason, all_reads, unknown_leaves
from smartclause.logic.force import BEGINNING, force_begins, in_force
from smartclause.logic.history import field_of, period_of
from smartclause.logic.instances import AFTER_ALL, DutyStatus, Instance, Opening, equal, nobody, violated
from smartclause.logic.repeated import periods
from smartclause.logic.standing import stretches
from smartclause.logic.terms import ClauseViolated, Const, Parameter
from smartclause.logic.truth import Truth, between, every, negate, some
from smartclause.logic.world import Position, Record, World, genuine, may_record

LAST_INDEX = AFTER_ALL


@dataclass(frozen=True)
class Duties:
    """The duties of a world, asked at a position and an instant. `stack` finds no cycles: checking forbids them."""

    world: World
    before: Position
    now: Instant

    def view(self, module: Module, record: Record, party: str, at: Position, favour: bool) -> View:
        return View(self.world, module.name, record, party, at, record.instant, self.breaches, favour)

    # ---- conditions on breaches

    def breaches(self, term: ClauseViolated, view: View) -> Finding:
        """`clause N is violated [with the same k]`, before the judged act's position (design 2.8)."""
        lacking = [r for k in term.keys for r in field_of(view.record, k, view).reasons]
        if lacking:  # a missing key could name any instance (design 2.7)
            return Finding(term, Truth.UNKNOWN, (), tuple(lacking))
        world = self.world.doubting(view.party) if view.doubt else self.world
        earlier = Duties(world, view.before, min(view.now, self.now))
        found = [i for i in earlier.of_versions(term.clause, term.sentence) if _same(i, term.keys, view)]
        truths = [violated(i, term.ever) for i in found]
        unseen = earlier.unseen_triggers(term.clause, term.sentence)
        truth = some((*truths, *(Truth.UNKNOWN for _ in unseen)))
        why = tuple(r for i, t in zip(found, truths, strict=True) if t is Truth.UNKNOWN for r in i.reasons)
        reads = tuple(r for i, t in zip(found, truths, strict=True) if t is truth for r in i.reads)
        return Finding(term, truth, (), (*why, *unseen) if truth is Truth.UNKNOWN else (), reads)

    def unseen_triggers(self, clause_id: str, sentence: int) -> tuple[Reason, ...]:
        """Clouds in which a trigger may lie whose due may have passed, at the end of a chain of breaches too."""
        earlier = self._unseen_before(clause_id, sentence)
        if clause_id not in self.world.lookup.clauses:
            return earlier
        module, clause = self.world.lookup.clauses[clause_id]
        mine = (
            self._unseen(module, s, trigger)
            for s in clause.sentences
            if isinstance(s, Duty) and sentence in (0, s.number)
            for trigger in s.triggers
        )
        return (*(reason for found in mine for reason in found), *earlier)

    def _unseen_before(self, clause_id: str, sentence: int) -> tuple[Reason, ...]:
        """Of a contract as amended, read without the version before, nobody knows what was missed under that."""
        if self._earlier is not None:
            return self._earlier.unseen_triggers(clause_id, sentence)
        contract = self.world.lookup.contract
        own = clause_id in self.world.lookup.clauses and self.world.lookup.clauses[clause_id][0].name == contract.module
        lacking = own and contract.amends and not self.world.draft
        return (Reason("earlier version", detail=contract.module),) if lacking else ()

    def _unseen(self, module: Module, duty: Duty, trigger: EventTrigger | BreachTrigger) -> tuple[Reason, ...]:
        match trigger:
            case BreachTrigger():
                return self.unseen_triggers(trigger.clause, trigger.sentence)
            case EventTrigger():
                return tuple(
                    Reason(c.reason, "", trigger.event, c.source.name)
                    for c in self.world.clouds
                    if c.since <= self.before.instant and self._may_be_past(module, duty, c.since)
                    and any(
                        may_record(self.world.lookup, c.source, k)
                        for k in self.world.lookup.relevant_types(trigger.event)
                    )
                )  # fmt: skip
            case _:
                assert_never(trigger)

    def _may_be_past(self, module: Module, duty: Duty, since: Instant) -> bool:
        """Whether a duty opened by something unseen since then may be due already; where its period is dated, a
        later value may be shorter."""
        start = max(since, force_begins(self.world, module))
        unsure = duty.clock != "" or isinstance(duty.period, Parameter)
        return unsure or self._due(module, duty, start, start).earliest < self.now

    # ---- instances

    def all(self) -> Iterator[Instance]:
        for module, clause in self.world.lookup.all_clauses():
            yield from self._clause(module, clause)

    def of_clause(self, clause_id: str, sentence: int = 0) -> list[Instance]:
        module, clause = self.world.lookup.clauses[clause_id]
        return [i for i in self._clause(module, clause) if sentence in (0, i.sentence)]

    @property
    def _earlier(self) -> "Duties | None":
        """The duties of the version before, where an amendment replaced it."""
        return None if self.world.earlier is None else replace(self, world=self.world.earlier)

    def of_versions(self, clause_id: str, sentence: int = 0) -> list[Instance]:
        """Open instances live on under the version in force at their trigger (design 2.11)."""
        mine = self.of_clause(clause_id, sentence) if clause_id in self.world.lookup.clauses else []
        return mine if self._earlier is None else [*self._earlier.of_versions(clause_id, sentence), *mine]

    def _clause(self, module: Module, clause: Clause) -> Iterator[Instance]:
        for sentence in clause.sentences:
            match sentence:
                case Duty():
                    yield from self._duty(module, clause, sentence)
                case Repeated():
                    yield from periods(self, module, clause, sentence)
                case Standing():
                    yield from self._standing(module, clause, sentence)
                case _:
                    pass

    # ---- duties that a trigger opens

    def _duty(self, module: Module, clause: Clause, duty: Duty) -> Iterator[Instance]:
        for opening in self.openings(module, clause, duty):
            if opening.holds is not Truth.FALSE:
                yield self.instance(module, clause, duty, opening)

    def opened_by(self, clause_id: str, sentence: int, record: Record) -> Iterator[Instance]:
        """The instances of a duty that this record opens, in the order of its triggers."""
        module, clause = self.world.lookup.clauses[clause_id]
        for duty in (s for s in clause.sentences if isinstance(s, Duty) and s.number == sentence):
            for trigger in (t for t in duty.triggers if isinstance(t, EventTrigger)):
                if record.event.type in self.world.lookup.relevant_types(trigger.event):
                    opening = self._by_record(module, clause, duty, trigger, record)
                    if opening is not None and opening.holds is not Truth.FALSE:
                        yield self.instance(module, clause, duty, opening)

    def openings(self, module: Module, clause: Clause, duty: Duty) -> Iterator[Opening]:
        if not duty.triggers:
            yield from self._at_force(module, clause, duty)
        for trigger in duty.triggers:
            match trigger:
                case EventTrigger():
                    yield from self._by_event(module, clause, duty, trigger)
                case BreachTrigger():
                    yield from self._by_breach(module, clause, duty, trigger)

    def _at_force(self, module: Module, clause: Clause, duty: Duty) -> Iterator[Opening]:
        start = force_begins(self.world, module)
        if start <= self.now:
            record = nobody(duty.party, start)
            holds, reasons = self.imposed(module, clause, duty, record, Position(start, LAST_INDEX))
            yield Opening(record, start, start, holds, reasons, (), ())

    def imposed(
        self, module: Module, clause: Clause, duty: Duty, record: Record, at: Position
    ) -> tuple[Truth, tuple[Reason, ...]]:
        """Whether the clause applies and no exception holds, for a duty that no event opens."""
        view = self.view(module, record, duty.party, at, favour=False)
        applies = judge(clause.applies, view)
        lifted = judge(duty.exception, replace(view, favour=True))
        return every((applies.truth, negate(lifted.truth))), unknown_leaves(applies) + unknown_leaves(lifted)

    def _by_event(self, module: Module, clause: Clause, duty: Duty, trigger: EventTrigger) -> Iterator[Opening]:
        for record in self.world.of_type(trigger.event):
            opening = self._by_record(module, clause, duty, trigger, record)
            if opening is not None:
                yield opening

    def _by_record(
        self, module: Module, clause: Clause, duty: Duty, trigger: EventTrigger, record: Record
    ) -> Opening | None:
        """None: not before the place asked, or while the clause was not in force."""
        claimed = self._claimed_start(record, duty.party)
        if record.position < self.before and in_force(self.world, module, clause, claimed) is not Truth.FALSE:
            return self._opening(module, clause, duty, trigger, record, claimed)
        return None

    def _claimed_start(self, record: Record, debtor: str) -> Instant:
        """A trigger that the debtor recorded counts from its claimed time where that is earlier."""
        own = any(s.party == debtor for s in record.event.signers)
        return min(record.instant, record.event.time) if own else record.instant

    def _opening(
        self,
        module: Module,
        clause: Clause,
        duty: Duty,
        trigger: EventTrigger,
        record: Record,
        claimed: Instant,
    ) -> Opening:
        view = self.view(module, record, duty.party, record.position, favour=False)
        occurred = judge(trigger.where, view)
        applies = judge(clause.applies, view)
        lifted = judge(duty.exception, replace(view, favour=True))
        exists, why, role = genuine(self.world, record.event, duty.party, doubt=False)
        sure_type = between(self.world.lookup.is_under(record.event.type, trigger.event), True)
        force = in_force(self.world, module, clause, claimed)
        parts = (occurred.truth, applies.truth, negate(lifted.truth), exists, sure_type, force)
        reasons = tuple(r for f in (occurred, applies, lifted) for r in unknown_leaves(f))
        if exists is Truth.UNKNOWN:
            reasons += (Reason(why, "", record.event.type, role, record.event.id),)
        happened = Read(record.event.type, "", None, record.event.id, record.event.id)
        reads = (happened, *(r for f in (occurred, applies, lifted) for r in all_reads(f)))
        start, latest, late = self._clock(duty, record, claimed, view)
        keys = tuple((name, field_of(record, name, view).value) for name in duty.keys)
        return Opening(record, start, latest, every(parts), reasons + late, reads, keys, claimed)

    def _clock(
        self, duty: Duty, record: Record, claimed: Instant, view: View
    ) -> tuple[Instant, Instant | None, tuple[Reason, ...]]:
        """`from f`: an f later than the trigger counts only if its role showed it; an f not shown: an interval,
        open to the end where its role may still show a later one."""
        if not duty.clock:
            return claimed, claimed, ()
        reading = field_of(record, duty.clock, view)
        ft = self.world.lookup.field(record.event.type, duty.clock)
        by_role = ft is not None and bool(ft.shown_by)
        if isinstance(reading.value, int) and not isinstance(reading.value, bool):
            moment = reading.value if reading.value <= claimed or by_role else claimed
            return moment, moment, ()
        return BEGINNING, None if by_role else claimed, reading.reasons

    def _by_breach(self, module: Module, clause: Clause, duty: Duty, trigger: BreachTrigger) -> Iterator[Opening]:
        """Fires once for each instance, at its due."""
        for breach in self.of_versions(trigger.clause, trigger.sentence):
            truth = violated(breach, ever=True)
            if truth is Truth.FALSE or breach.is_otherwise:
                continue
            start = breach.since if breach.since is not None else breach.due.earliest
            record = self._breached_record(breach, duty.party, start)
            imposed, why = self.imposed(module, clause, duty, record, Position(start, LAST_INDEX))
            holds = every((truth, imposed, in_force(self.world, module, clause, start)))
            keys = tuple((k, dict(breach.keys).get(k)) for k in duty.keys)
            latest = start if truth is Truth.TRUE else breach.due.latest
            yield Opening(record, start, latest, holds, breach.reasons + why, breach.reads, keys)

    def _breached_record(self, breach: Instance, party: str, at: Instant) -> Record:
        """The record that had opened the breached duty, seen from its due."""
        known_record = self.world.by_id.get(breach.trigger)
        return replace(known_record, instant=at) if known_record else nobody(party, at)

    # ---- one instance

    def instance(
        self, module: Module, clause: Clause, duty: Duty, opening: Opening, is_otherwise: bool = False
    ) -> Instance:
        limit = self._span(module, duty, opening)
        base = Instance(
            clause.id,
            duty.number,
            duty.party,
            duty.recipient,
            opening.keys,
            opening.record.event.id,
            opening.start,
            limit,
            opening.holds,
            DutyStatus.OPEN,
            reasons=opening.reasons,
            reads=opening.reads,
            is_otherwise=is_otherwise,
            latest_start=opening.latest_start,
            unsure_start=opening.latest_start != opening.start,
        )
        return self._settle(module, clause, duty, base)

    def _span(self, module: Module, duty: Duty, opening: Opening) -> Span:
        if duty.no_later_than is not None:
            return self._fixed_end(module, duty, opening)
        dated = opening.start if opening.dated is None else opening.dated
        first = self._due(module, duty, opening.start, dated)
        if opening.latest_start == opening.start:
            return first
        latest = opening.latest_start
        last = None if latest is None else self._due(module, duty, latest, dated).latest
        return Span(first.earliest, last, first.reasons)

    def _due(self, module: Module, duty: Duty, start: Instant, dated: Instant) -> Span:
        """The period's value is that of the trigger's instant; a blank one leaves the due open."""
        period = self._period(module, duty.period, dated)
        if period is None:
            return Span(start, None, ("blank parameter",))
        return due(start, period, module.header.rule, module.header.zone)

    def _period(self, module: Module, period: Const | Parameter | None, at: Instant) -> Duration | None:
        if period is None:
            return None
        view = self.view(module, nobody("", at), "", self.before, favour=True)
        value = period_of(period, view).value
        return value if isinstance(value, Duration) else None

    def _fixed_end(self, module: Module, duty: Duty, opening: Opening) -> Span:
        view = self.view(module, opening.record, duty.party, opening.record.position, favour=True)
        assert duty.no_later_than is not None
        value = read(duty.no_later_than, view).value
        if isinstance(value, int) and not isinstance(value, bool):
            return Span(value, value)
        if value is not None and hasattr(value, "isoformat"):
            end = end_of_day(value, module.header.zone)  # type: ignore[arg-type]
            return Span(end, end)
        return Span(opening.start, None, ("the end is not shown",))

    def _settle(self, module: Module, clause: Clause, duty: Duty, base: Instance) -> Instance:
        answers = list(answers_to(self, duty, base))
        latest = base.due.latest
        in_time = [(r, t) for r, t, _ in answers if r.instant <= base.due.earliest]
        between_dues = [
            (r, t) for r, t, _ in answers if r.instant > base.due.earliest and (latest is None or r.instant <= latest)
        ]
        reasons = base.reasons + tuple(r for _, t, why in answers if t is Truth.UNKNOWN for r in why)
        base = replace(base, reasons=reasons + tuple(Reason("no calendar", detail=d) for d in base.due.reasons))
        sure = next((r for r, t in in_time if t is Truth.TRUE), None)
        if sure is not None:
            return _answered(base, DutyStatus.FULFILLED, sure)
        waived, relieved = waivers_of(self, module, clause, duty, base)
        if waived is Truth.TRUE:
            return replace(base, status=DutyStatus.WAIVED)
        doubtful = relieved is Truth.UNKNOWN or any(t is Truth.UNKNOWN for _, t, _ in answers)
        base = replace(base, doubtful=doubtful, relieved=relieved is Truth.TRUE)
        if self.now <= base.due.earliest:
            return base
        doubtful = bool(between_dues) or any(t is Truth.UNKNOWN for _, t in in_time)
        doubtful |= waived is Truth.UNKNOWN or base.holds is Truth.UNKNOWN
        doubtful |= latest is None or self.now <= latest
        return self._past_due(module, clause, duty, base, doubtful, answers)

    def _past_due(
        self,
        module: Module,
        clause: Clause,
        duty: Duty,
        base: Instance,
        doubtful: bool,
        answers: list[tuple[Record, Truth, tuple[Reason, ...]]],
    ) -> Instance:
        awaited = sources_awaited(self, module, duty, base)
        unseen = answers_unseen(self, module, duty, base)
        if awaited or unseen or doubtful:
            status = DutyStatus.AWAITING if awaited else DutyStatus.UNPROVEN
            base = replace(base, status=status, doubtful=base.doubtful or bool(unseen))
            base = replace(base, reasons=base.reasons + awaited + unseen)
            return replace(base, otherwise=self._otherwise_in_doubt(module, clause, duty, base))
        late = next((r for r, t, _ in answers if t is Truth.TRUE), None)
        breached = replace(base, status=DutyStatus.VIOLATED, since=base.due.latest, reasons=())
        if late is not None:
            breached = replace(breached, answered=late.event.id, answered_at=late.instant)
        return self._otherwise(module, clause, duty, breached)

    def _otherwise(self, module: Module, clause: Clause, duty: Duty, breached: Instance) -> Instance:
        """Opens at due, counted from due, with the same key; done in time it cures."""
        if duty.otherwise is None or breached.since is None:
            return breached
        record = self.world.by_id.get(breached.trigger) or nobody(duty.party, breached.since)
        opening = Opening(record, breached.since, breached.since, Truth.TRUE, (), breached.reads, breached.keys)
        second = self.instance(module, clause, duty.otherwise, opening, is_otherwise=True)
        cured = second.status is DutyStatus.FULFILLED
        status = DutyStatus.CURED if cured else DutyStatus.VIOLATED
        return replace(breached, status=status, otherwise=second)

    def _otherwise_in_doubt(self, module: Module, clause: Clause, duty: Duty, base: Instance) -> Instance | None:
        """Nobody knows whether it was missed, so nobody knows whether the next step is owed."""
        if duty.otherwise is None:
            return None
        record = self.world.by_id.get(base.trigger) or nobody(duty.party, base.due.earliest)
        start, latest = base.due.earliest, base.due.latest
        opening = Opening(record, start, latest, Truth.UNKNOWN, base.reasons, base.reads, base.keys)
        return self.instance(module, clause, duty.otherwise, opening, is_otherwise=True)

    # ---- standing

    def _standing(self, module: Module, clause: Clause, duty: Standing) -> Iterator[Instance]:
        """Each maximal stretch in which the condition is false is one breach (design 2.9)."""
        for key, stretch in stretches(self, module, clause, duty):
            keys = ((duty.for_each, key),) if duty.for_each else ()
            status = {
                Truth.FALSE: DutyStatus.VIOLATED,
                Truth.UNKNOWN: DutyStatus.UNPROVEN,
                Truth.TRUE: DutyStatus.FULFILLED,
            }
            span = Span(stretch.start, stretch.start)
            finding = stretch.finding
            state = status[finding.truth]
            yield Instance(
                clause.id, duty.number, duty.party, "", keys, "", stretch.start, span, Truth.TRUE, state,
                since=stretch.start if state is DutyStatus.VIOLATED else None, ended=stretch.end,
                reasons=unknown_leaves(finding), reads=all_reads(finding),
            )  # fmt: skip


def _answered(base: Instance, status: DutyStatus, record: Record) -> Instance:
    return replace(
        base, status=status, answered=record.event.id, answered_at=record.instant, reasons=(),
        reads=(*base.reads, Read(record.event.type, "", None, record.event.id, record.event.id)),
    )  # fmt: skip


def _same(instance: Instance, keys: tuple[str, ...], view: View) -> bool:
    """Whether the instance may be for the keys of the record in view."""
    held = dict(instance.keys)
    return all(equal(held.get(k), field_of(view.record, k, view).value) is not Truth.FALSE for k in keys)
