"""One duty of a sentence (or the `otherwise` under it): how an instance of it stands, from what was kept of its key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from smartclause.logic.contract import Clause, Duty, Module
from smartclause.logic.counting import Duration, Instant, Span, due, end_of_day
from smartclause.logic.finding import Reason
from smartclause.logic.instances import DutyStatus, Instance, nobody
from smartclause.logic.terms import Const, Expression, Field, Holds, Parameter, Value
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record, World
from smartclause.rails.book.acts import Act, Acts, Found
from smartclause.rails.book.conditions import Breaches, Condition, History, Place
from smartclause.rails.book.opened import Opened
from smartclause.rails.book.silence import Silence
from smartclause.rails.book.waivers import Waivers
from smartclause.rails.formula import Leaf
from smartclause.rails.stretches import stated


class Obligation:
    """`names`: the keys of its instances; of an `otherwise` those of the duty it stands under."""

    def __init__(
        self,
        world: World,
        past: History,
        breaches: Breaches,
        module: Module,
        clause: Clause,
        duty: Duty,
        names: tuple[str, ...],
        repeated: bool = False,
    ) -> None:
        self.lookup, self.past = world.lookup, past
        self.module, self.clause, self.duty, self.names, self.repeated = module, clause, duty, names, repeated
        self.wheres = [Condition(past, breaches, a.where, module.name, duty.party, True) for a in duty.answers]
        answers = tuple((a.act, where) for a, where in zip(duty.answers, self.wheres, strict=True))
        self.acts = Acts(world.lookup, past, duty.party, duty.recipient, answers, names)
        self.waivers = Waivers(world.lookup, module, clause, duty, names)
        self.silence = Silence(world, module, duty)
        self.otherwise: Obligation | None = None
        if duty.otherwise is not None:
            self.otherwise = Obligation(world, past, breaches, module, clause, duty.otherwise, names)

    def chain(self) -> Iterator[Obligation]:
        """The duty and each `otherwise` under it."""
        yield self
        if self.otherwise is not None:
            yield from self.otherwise.chain()

    def keepers(self) -> Iterator[tuple[str, Acts | Waivers]]:
        """What keeps the records of each type."""
        yield from ((kind, self.acts) for kind in self.acts.kinds)
        yield from ((kind, self.waivers) for kind in self.lookup.relevant_types("waiver"))

    def see(self, world: World) -> None:
        self.silence = Silence(world, self.module, self.duty)

    # ---- deadlines

    def opened(
        self,
        record: Record | None,
        view: Record,
        start: Instant,
        latest_start: Instant | None,
        holds: Truth,
        keys: tuple[tuple[str, Value | None], ...],
        reasons: tuple[Reason, ...] = (),
        dated: Instant | None = None,
    ) -> Opened:
        """`record` opened it; `view` is that record or what stands for it, seen from the start. `dated`: the instant
        whose dated values count; None: the start."""
        span = self._span(view, start, latest_start, start if dated is None else dated)
        return Opened(record, view.event.id, start, latest_start, holds, keys, span, reasons)

    def second(
        self, before: Opened, start: Instant, latest: Instant | None, holds: Truth, reasons: tuple[Reason, ...] = ()
    ) -> Opened:
        """As the next step after a duty that was missed, or may have been."""
        view = before.record or nobody(self.duty.party, start)
        return self.opened(before.record, view, start, latest, holds, before.keys, reasons)

    def _span(self, record: Record, start: Instant, latest_start: Instant | None, dated: Instant) -> Span:
        if self.duty.no_later_than is not None:
            return self._fixed_end(self.duty.no_later_than, record, start)
        first = self.due(start, dated)
        if latest_start == start:
            return first
        last = None if latest_start is None else self.due(latest_start, dated).latest
        return Span(first.earliest, last, first.reasons)

    def due(self, start: Instant, dated: Instant) -> Span:
        """A blank period leaves it open."""
        period = self.duty.period
        value = None if period is None else stated(self.lookup, period, dated).value
        if not isinstance(value, Duration):
            return Span(start, None, ("blank parameter",))
        return due(start, value, self.module.header.rule, self.module.header.zone)

    def _fixed_end(self, expression: Expression, record: Record, start: Instant) -> Span:
        value = self._read(expression, record)
        if isinstance(value, int) and not isinstance(value, bool):
            return Span(value, value)
        if isinstance(value, date):
            end = end_of_day(value, self.module.header.zone)
            return Span(end, end)
        return Span(start, None, ("the end is not shown",))

    def _read(self, expression: Expression, record: Record) -> Value | None:
        row = self.past.row(record, self.duty.party)
        match expression:
            case Const():
                return expression.value
            case Parameter():
                return stated(self.lookup, expression, record.instant).value
            case Field():
                return row.facts.get(expression.name)
            case _:
                leaf = Leaf(Holds(expression), self.module.name, self.duty.party, True, False)
                return self.past.reading(expression, leaf, row, record.position, record.instant, False).value

    # ---- how an instance stands

    def instance(self, opened: Opened, before: Place, now: Instant, is_otherwise: bool = False) -> Instance:
        sure, unsure = self.acts.found(opened, before, now)
        early, late = opened.due.earliest, opened.due.latest
        first = sure.first()
        if first is not None and first.record.instant <= early:
            return self._told(opened, DutyStatus.FULFILLED, is_otherwise=is_otherwise, answer=first)
        waived, relieved = self.waivers.of(opened, before)
        reasons = _reasons(opened, unsure)
        if waived is Truth.TRUE:
            return self._told(opened, DutyStatus.WAIVED, reasons, is_otherwise=is_otherwise)
        doubtful = relieved is Truth.UNKNOWN or unsure.any(None, None)
        gone = relieved is Truth.TRUE
        if now <= early:
            return self._told(opened, DutyStatus.OPEN, reasons, doubtful, gone, is_otherwise)
        unclear = late is None or now <= late or waived is Truth.UNKNOWN or opened.holds is Truth.UNKNOWN
        unclear = unclear or unsure.any(None, late) or sure.any(early, late)
        awaited, unseen = self.silence.awaited(early, now), self.silence.unseen(opened, now)
        if awaited or unseen or unclear:
            status = DutyStatus.AWAITING if awaited else DutyStatus.UNPROVEN
            reasons = (*reasons, *awaited, *unseen)
            second = self._in_doubt(opened, reasons, before, now)
            return self._told(
                opened, status, reasons, doubtful or bool(unseen), gone, is_otherwise, otherwise=second
            )  # fmt: skip
        second = self._after(opened, before, now)
        cured = second is not None and second.status is DutyStatus.FULFILLED
        status = DutyStatus.CURED if cured else DutyStatus.VIOLATED
        return self._told(opened, status, (), doubtful, gone, is_otherwise, late, first, second)

    def _after(self, opened: Opened, before: Place, now: Instant) -> Instance | None:
        """The next step, opened at due; done in time it cures."""
        if self.otherwise is None or opened.due.latest is None:
            return None
        second = self.otherwise.second(opened, opened.due.latest, opened.due.latest, Truth.TRUE)
        return self.otherwise.instance(second, before, now, is_otherwise=True)

    def _in_doubt(self, opened: Opened, reasons: tuple[Reason, ...], before: Place, now: Instant) -> Instance | None:
        """Nobody knows whether it was missed, so nobody knows whether the next step is owed."""
        if self.otherwise is None:
            return None
        second = self.otherwise.second(opened, opened.due.earliest, opened.due.latest, Truth.UNKNOWN, reasons)
        return self.otherwise.instance(second, before, now, is_otherwise=True)

    def _told(
        self,
        opened: Opened,
        status: DutyStatus,
        reasons: tuple[Reason, ...] = (),
        doubtful: bool = False,
        relieved: bool = False,
        is_otherwise: bool = False,
        since: Instant | None = None,
        answer: Act | None = None,
        otherwise: Instance | None = None,
    ) -> Instance:
        duty = self.duty
        answered, at = ("", None) if answer is None else (answer.record.event.id, answer.record.instant)
        ended = at if self.repeated and status is DutyStatus.VIOLATED else None
        return Instance(
            self.clause.id, duty.number, duty.party, duty.recipient, opened.keys, opened.trigger, opened.start,
            opened.due, opened.holds, status, since, answered, at, reasons, (), otherwise, is_otherwise, doubtful,
            ended, relieved, opened.latest_start, opened.unsure_start, self.repeated,
        )  # fmt: skip

    # ---- what comes next

    def changes(self, opened: Opened) -> Iterator[Instant]:
        """The instants from which on time alone may change how an instance stands."""
        early, late = opened.due.earliest, opened.due.latest
        yield early + 1
        if late is not None:
            yield late + 1
        yield from self.silence.changes(opened)
        if self.otherwise is not None:
            for start, latest in {(early, late), (late, late)}:
                if start is not None:
                    yield from self.otherwise.changes(self.otherwise.second(opened, start, latest, Truth.UNKNOWN))


def changes_of(obligation: Obligation, instance: Instance) -> Iterator[Instant]:
    """The same of an instance as it was told."""
    step = obligation.otherwise if instance.is_otherwise and obligation.otherwise is not None else obligation
    latest = instance.latest_start if instance.unsure_start else instance.start
    yield from step.changes(
        Opened(None, instance.trigger, instance.start, latest, instance.holds, instance.keys, instance.due)
    )
    if instance.otherwise is not None:
        yield from changes_of(obligation, instance.otherwise)


def _reasons(opened: Opened, unsure: Found) -> tuple[Reason, ...]:
    found = (*opened.reasons, *(r for act in unsure for r in act.reasons))
    return (*found, *(Reason("no calendar", detail=d) for d in opened.due.reasons))
