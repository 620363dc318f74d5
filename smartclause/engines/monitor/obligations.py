"""Duties that records open, followed one by one: what answers them, what waives them, and when their time has passed.

Holds only what is owed or was missed; what is done or waived is told, counted and dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from smartclause.engines.monitor.conditions import Known
from smartclause.engines.monitor.questions import Key, KeyOf
from smartclause.engines.monitor.saving import plain_reasons, reasons_of
from smartclause.logic.contract import Clause, Duty, Module
from smartclause.logic.counting import Instant, Span
from smartclause.logic.finding import Reason
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.truth import Truth

OPEN, FULFILLED, WAIVED = DutyStatus.OPEN, DutyStatus.FULFILLED, DutyStatus.WAIVED
VIOLATED, CURED = DutyStatus.VIOLATED, DutyStatus.CURED
AWAITING, UNPROVEN = DutyStatus.AWAITING, DutyStatus.UNPROVEN

Period: TypeAlias = Callable[[Instant, Instant], Span]
"""The due of a duty that starts at an instant, with the values of an instant."""
Awaited: TypeAlias = Callable[[Instant, Instant], tuple[Reason, ...]]
"""Of a due and the present: the sources that may still show an answer."""
Why: TypeAlias = Callable[[], tuple[Reason, ...]]
_TRUTHS: Mapping[Known, Truth] = {True: Truth.TRUE, None: Truth.UNKNOWN, False: Truth.FALSE}


@dataclass(eq=False)
class Spec:
    """One sentence, or the `otherwise` of one. `grace`: how long its debtor's silence leaves records awaited."""

    module: Module
    clause: Clause
    duty: Duty
    period: Period
    awaited: Awaited
    grace: Instant
    key_of: KeyOf
    waivers: frozenset[str]
    names: frozenset[str]  # by which a waiver names the clause
    force: tuple[Instant, Instant]  # of its file, if nobody ends it
    is_otherwise: bool = False
    second: Spec | None = None
    held: dict[Key, list[Held]] = field(default_factory=dict)

    def keep(self, held: Held) -> None:
        self.held.setdefault(held.key, []).append(held)

    def drop(self, held: Held) -> None:
        group = self.held.get(held.key)
        if group is not None and held in group:
            group.remove(held)
            if not group:
                del self.held[held.key]

    def each(self) -> Iterator[Held]:
        for group in self.held.values():
            yield from group


class Held:
    """One duty that is owed or was missed. `told`: what was last told of it; `exposed`: whether anything may be."""

    __slots__ = (
        "answered",
        "answered_at",
        "between",
        "due",
        "exposed",
        "gone",
        "holds",
        "key",
        "latest",
        "number",
        "owner",
        "reasons",
        "relieved",
        "second",
        "since",
        "spec",
        "start",
        "status",
        "told",
        "told_soon",
        "trigger",
        "unsure",
        "waived",
        "watched",
    )  # fmt: skip

    def __init__(
        self, spec: Spec, key: Key, trigger: str, start: Instant, span: Span, holds: Known, reasons: tuple[Reason, ...]
    ) -> None:
        self.spec, self.key, self.trigger, self.start = spec, key, trigger, start
        self.due, self.latest = span.earliest, span.latest
        self.holds, self.reasons = holds, reasons
        if span.reasons:
            self.reasons = (*reasons, *(Reason("no calendar", detail=d) for d in span.reasons))
        self.number = 0
        self.status: DutyStatus = OPEN
        self.answered = ""
        self.answered_at: Instant | None = None
        self.since: Instant | None = None
        self.between = False  # an answer between the earliest and the latest due
        self.unsure = False  # an answer in time that may be one
        self.waived: Known = False  # in time
        self.relieved = False
        self.second: Held | None = None
        self.exposed = False
        self.told: tuple[Any, ...] | None = None
        self.told_soon = False
        self.watched = False  # its end of silence is waited for
        self.gone = False
        self.owner: Held | None = None  # of an `otherwise`: the duty that stands by itself

    # ---- what happens to it

    def answer(self, truth: Known, at: Instant, name: str, why: Why) -> None:
        """An act that answers it surely or possibly, at or after its start. The first in time counts."""
        if self.status is FULFILLED:
            return
        if at <= self.due:
            if truth:
                self.status, self.answered, self.answered_at = FULFILLED, name, at
            else:
                self.unsure = True
        elif self.latest is None or at <= self.latest:
            self.between = True
        if truth and not self.answered:
            self.answered, self.answered_at = name, at
        if not truth:
            self.reasons = (*self.reasons, *why())

    def waive(self, truth: Known, at: Instant) -> None:
        in_time: Known = truth if at <= self.due else False
        if at > self.due and (self.latest is None or at <= self.latest):
            in_time = None
        if in_time or (in_time is None and self.waived is False):
            self.waived = in_time
        self.relieved = self.relieved or truth is True

    # ---- how it stands

    def settle(self, now: Instant) -> None:
        """Its status at the present; what is fulfilled stays so."""
        if self.status is FULFILLED:
            return
        if self.waived:
            self.status = WAIVED
        elif now <= self.due:
            self.status = OPEN
        else:
            self._past_due(now)

    def _past_due(self, now: Instant) -> None:
        running = self.latest is None or now <= self.latest
        doubtful = self.between or self.unsure or self.waived is None or self.holds is None or running
        if self.spec.awaited(self.due, now):
            self.status = AWAITING
        elif doubtful:
            self.status = UNPROVEN
        else:
            self.status, self.since = VIOLATED, self.latest
        if self.second is not None:
            self._follow(self.second, now)

    def _follow(self, second: Held, now: Instant) -> None:
        second.exposed = True
        second.holds = True if self.status is VIOLATED else None
        second.settle(now)
        if self.status is VIOLATED and second.status is FULFILLED:
            self.status = CURED

    def came_to_be(self, now: Instant) -> Instant:
        """When it came to stand so: the answer, the due, the start."""
        if self.status is OPEN:
            return self.start
        if self.status is FULFILLED:
            return self.start if self.answered_at is None else self.answered_at
        if self.status is CURED:
            done = None if self.second is None else self.second.answered_at
            return now if done is None else done
        if self.status is WAIVED:
            return now
        return self.due if self.since is None else self.since

    def is_over(self, now: Instant) -> bool:
        """Nothing about it can change any more, but that an act that was missed is done after all."""
        if self.status is WAIVED:
            return now > self.due
        if self.status is VIOLATED:
            return bool(self.answered) and (self.second is None or self.second.is_over(now))
        return self.status in (FULFILLED, CURED)

    def instance(self, now: Instant) -> Instance:
        spec, duty = self.spec, self.spec.duty
        settled = self.status in (FULFILLED, VIOLATED, CURED)
        reasons: tuple[Reason, ...] = () if settled else self.reasons
        if self.status in (AWAITING, UNPROVEN):
            reasons = (*reasons, *spec.awaited(self.due, now))
        second = self.second.instance(now) if self.second is not None and self.second.exposed else None
        late = self.status in (FULFILLED, VIOLATED, CURED)
        return Instance(
            spec.clause.id, duty.number, duty.party, duty.recipient, self.named_key(), self.trigger, self.start,
            Span(self.due, self.latest), _TRUTHS[self.holds], self.status, self.since,
            self.answered if late else "", self.answered_at if late else None, reasons, (), second,
            spec.is_otherwise, relieved=self.relieved, latest_start=self.start,
        )  # fmt: skip

    def chain(self) -> Iterator[Held]:
        """It and each `otherwise` after it."""
        yield self
        if self.second is not None:
            yield from self.second.chain()

    def named_key(self) -> tuple[tuple[str, Any], ...]:
        names = self.spec.duty.keys
        return tuple(zip(names, self.key if len(names) > 1 else (self.key,), strict=True)) if names else ()  # type: ignore[arg-type]


def opened(
    spec: Spec, key: Key, trigger: str, start: Instant, dated: Instant, holds: Known, reasons: tuple[Reason, ...]
) -> Held:
    """With the `otherwise` beside it, which counts from its due."""
    held = Held(spec, key, trigger, start, spec.period(start, dated), holds, reasons)
    held.exposed = not spec.is_otherwise
    if spec.second is not None:
        held.second = opened(spec.second, key, trigger, held.due, held.due, None, ())
        for second in held.second.chain():
            second.owner = held
    return held


def all_held(specs: Iterable[Spec]) -> Iterator[Held]:
    """Those that stand by themselves; each `otherwise` is found through its own."""
    for spec in specs:
        if not spec.is_otherwise:
            yield from spec.each()


# ---- kept and brought back


def plain_held(held: Held, number_of: Mapping[int, int]) -> list[Any]:
    """`number_of`: by identity, the place of each sentence."""
    key = list(held.key) if isinstance(held.key, tuple) else held.key
    return [
        number_of[id(held.spec)], key, held.trigger, held.start, held.due, held.latest, held.holds,
        plain_reasons(held.reasons), held.number, held.status.value, held.answered, held.answered_at, held.since,
        held.between, held.unsure, held.waived, held.relieved, held.exposed, held.told, held.told_soon, held.watched,
        None if held.second is None else plain_held(held.second, number_of),
    ]  # fmt: skip


def held_of(data: list[Any], specs: list[Spec]) -> Held:
    """As it was, kept with its sentence."""
    spec, key, trigger, start, due, latest, holds, reasons, *rest, second = data
    named = tuple(key) if isinstance(key, list) else key
    held = Held(specs[spec], named, trigger, start, Span(due, latest), holds, reasons_of(reasons))
    (
        held.number, status, held.answered, held.answered_at, held.since, held.between, held.unsure, held.waived,
        held.relieved, held.exposed, told, held.told_soon, held.watched,
    ) = rest  # fmt: skip
    held.status = DutyStatus(status)
    held.told = None if told is None else (told[0], tuple(told[1]))
    held.spec.keep(held)
    if second is not None:
        held.second = held_of(second, specs)
        for each in held.second.chain():
            each.owner = held
    return held
