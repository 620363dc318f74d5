"""What stands at one moment: the verdict on each act and each duty, and what is different from a moment before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from smartclause.engines.audit import Judged, Outlined, Use
from smartclause.engines.monitor.told import DUE_SOON, NO_LONGER, ActTold, DutyTold, Told
from smartclause.logic.counting import Instant
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.terms import Value
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import Record

Identity = tuple[str, int, tuple[tuple[str, Value | None], ...], str, Instant, bool]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`acts` by event, `duties` with each `otherwise` beside the duty that it follows."""

    now: Instant
    acts: Mapping[str, Use] = field(default_factory=dict)
    duties: Mapping[Identity, Instance] = field(default_factory=dict)


def snapshot(now: Instant, uses: Iterable[Use], duties: Iterable[Instance]) -> Snapshot:
    acts = {use.record.event.id: use for use in uses}
    return Snapshot(now, acts, {identity(i): i for i in with_second(duties)})


def is_over(instance: Instance, now: Instant) -> bool:
    """Done, waived for good, or missed and made good: nothing is owed any more."""
    second = instance.otherwise
    if instance.status is DutyStatus.WAIVED:
        return now > instance.due.earliest
    if instance.status is DutyStatus.VIOLATED:
        ended = bool(instance.answered) or instance.ended is not None
        return ended and (second is None or is_over(second, now))
    return instance.status in (DutyStatus.FULFILLED, DutyStatus.CURED)


def stands(instance: Instance, now: Instant) -> bool:
    """Owed, or in doubt, or missed: a breach stands also where it was made good late (design 2.8)."""
    return is_breach(instance.status) or not is_over(instance, now)


def is_breach(status: DutyStatus) -> bool:
    return status in (DutyStatus.VIOLATED, DutyStatus.CURED)


def with_second(duties: Iterable[Instance]) -> Iterator[Instance]:
    for instance in duties:
        yield instance
        if instance.otherwise is not None:
            yield from with_second((instance.otherwise,))


def identity(instance: Instance) -> Identity:
    """One duty stays the same while its status changes. The start tells apart those that no record opened."""
    start = 0 if instance.trigger and not instance.repeated else instance.start
    return instance.clause, instance.sentence, instance.keys, instance.trigger, start, instance.is_otherwise


def differences(before: Snapshot, after: Snapshot, soon: Instant | None = None) -> list[Told]:
    """In the order in which it came to be so; of one instant acts first, then duties by clause."""
    found: list[Told] = [*_of_acts(before, after), *_of_duties(before, after, soon)]
    return sorted(found, key=_place)


def _place(told: Told) -> tuple[Instant, bool]:
    return told.at, isinstance(told, DutyTold)


def _of_acts(before: Snapshot, after: Snapshot) -> Iterator[ActTold]:
    for number, use in after.acts.items():
        old = before.acts.get(number)
        if old is None:
            yield act_told(use.record, use.judged)
        elif (old.decision, old.judged.final) != (use.decision, use.judged.final):
            yield act_told(use.record, use.judged, old.judged)


def act_told(record: Record, judged: Judged | Outlined, old: Judged | Outlined | None = None) -> ActTold:
    event = record.event
    state = {Decision.REFUSED: ClauseState.FORBIDDEN, Decision.UNDECIDED: ClauseState.UNKNOWN}.get(judged.decision)
    clauses = (c.clause for _, v in judged.members for c in v.clauses if c.state is state)
    return ActTold(
        record.instant, event.id, event.type, event.by, judged.decision, judged.final, tuple(dict.fromkeys(clauses)),
        judged.open, None if old is None else old.decision, old is not None and old.final,
    )  # fmt: skip


def _of_duties(before: Snapshot, after: Snapshot, soon: Instant | None) -> Iterator[DutyTold]:
    for key, instance in after.duties.items():
        yield from of_duty(before.duties.get(key), instance, before.now, after.now, soon)
    for key, instance in before.duties.items():
        if key not in after.duties:
            yield DutyTold(after.now, NO_LONGER, instance.status.value, instance)


def of_duty(
    old: Instance | None, instance: Instance, before: Instant, now: Instant, soon: Instant | None
) -> Iterator[DutyTold]:
    """What is told of one duty that stood so at one instant and stands so now; `old` None: it was not known."""
    was = "" if old is None else old.status.value
    if old is None and is_new(instance):
        yield DutyTold(instance.start, DutyStatus.OPEN.value, "", instance)
        was = DutyStatus.OPEN.value
    if soon is not None and _comes_near(old, instance, before, now, soon):
        yield DutyTold(max(instance.due.earliest - soon, instance.start), DUE_SOON, was, instance)
    if instance.status.value != was:
        yield DutyTold(since(instance, now), instance.status.value, was, instance)
    elif old is not None and changed(old, instance):
        yield DutyTold(ended(instance, now), instance.status.value, was, instance)


def is_new(instance: Instance) -> bool:
    """Whether something was owed before its status came to be: not of a condition that is to hold always."""
    return instance.due.latest != instance.start or instance.status is DutyStatus.OPEN


def changed(old: Instance, new: Instance) -> bool:
    """A breach that ended, was made good late, or needs no more to be made good."""
    return new.status is DutyStatus.VIOLATED and _breach(old) != _breach(new)


def _breach(instance: Instance) -> tuple[str, Instant | None, Instant | None, bool]:
    return instance.answered, instance.ended, instance.since, instance.relieved and not instance.answered


def ended(instance: Instance, now: Instant) -> Instant:
    return instance.ended or instance.answered_at or now


def _comes_near(old: Instance | None, new: Instance, before: Instant, now: Instant, soon: Instant) -> bool:
    if new.status is not DutyStatus.OPEN or not _is_soon(new, now, soon):
        return False
    return old is None or old.status is not DutyStatus.OPEN or not _is_soon(old, before, soon)


def _is_soon(instance: Instance, now: Instant, soon: Instant) -> bool:
    return now >= instance.due.earliest - soon


def since(instance: Instance, now: Instant) -> Instant:
    """When the status came to be: the answer, the due, the start of what was never kept."""
    match instance.status:
        case DutyStatus.OPEN:
            return instance.start
        case DutyStatus.FULFILLED:
            return instance.answered_at if instance.answered_at is not None else instance.start
        case DutyStatus.VIOLATED:
            return instance.since if instance.since is not None else instance.due.earliest
        case DutyStatus.CURED:
            second = instance.otherwise
            done = None if second is None else second.answered_at
            return done if done is not None else now
        case DutyStatus.AWAITING | DutyStatus.UNPROVEN:
            return instance.due.earliest
        case DutyStatus.WAIVED:
            return now


def moments(instance: Instance, grace: Instant, soon: Instant | None) -> Iterator[Instant]:
    """When its status may change though nothing is recorded. `grace`: how long its debtor's silence is borne."""
    if instance.status in (DutyStatus.FULFILLED, DutyStatus.VIOLATED, DutyStatus.CURED):
        return
    yield instance.due.earliest + 1
    yield instance.due.earliest + grace
    if instance.due.latest is not None:
        yield instance.due.latest + 1
    if soon is not None:
        yield instance.due.earliest - soon
