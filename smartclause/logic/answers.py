"""What answers a duty, what waives it, and whose records are still awaited (design 2.8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smartclause.logic.contract import Answer, Clause, Duty, Header, Module
from smartclause.logic.counting import Duration, Instant, Unit
from smartclause.logic.evaluate import judge
from smartclause.logic.finding import Reason, unknown_leaves
from smartclause.logic.history import field_of
from smartclause.logic.instances import Instance, equal
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Source, Trust
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth, between, every, known, some
from smartclause.logic.world import Cloud, Record, genuine, length, may_record

if TYPE_CHECKING:
    from smartclause.logic.duties import Duties

GAP = "gap"
DEFAULT_RECORDS_DUE = Duration(24, Unit.HOUR)


def answers_to(duties: Duties, duty: Duty, instance: Instance) -> Iterator[tuple[Record, Truth, tuple[Reason, ...]]]:
    """Acts from start on, in order, with the truth that each answers this instance; never what opened it."""
    key, value = instance.keys[0] if instance.keys else ("", None)
    found = (
        (answer, record)
        for answer in duty.answers
        for record in duties.world.of_type(answer.act, key if value is not None else "", value)
    )
    opener = _opener(duties, duty, instance)
    for answer, record in sorted(found, key=lambda pair: pair[1].position):
        before = record.position < duties.before and record.event.id != instance.trigger
        if (
            before
            and (opener is None or record.position > opener.position)
            and instance.start <= record.instant <= duties.now
        ):
            truth, why = answering(duties, answer, instance, record)
            if truth is not Truth.FALSE:
                yield record, truth, why


def _opener(duties: Duties, duty: Duty, instance: Instance) -> Record | None:
    """The act that opens a period of a repeated duty; others of the same instant that stand before it did so too."""
    opened_by_act = not duty.triggers and not instance.is_otherwise and instance.trigger
    return duties.world.by_id.get(instance.trigger) if opened_by_act else None


def answering(
    duties: Duties, answer: Answer, instance: Instance, record: Record, asked: bool = False
) -> tuple[Truth, tuple[Reason, ...]]:
    """Same party, recipient and key, and its `where` judged at that act; which may read history.

    An act that is only asked for need not be proved to have happened.
    """
    module, _ = duties.world.lookup.clauses[instance.clause]
    view = duties.view(module, record, instance.party, record.position, favour=True)
    matches = [
        between(duties.world.lookup.is_under(record.event.type, answer.act), True),
        known(record.event.by == instance.party),
        known(not instance.recipient or record.event.to == instance.recipient),
        *(equal(field_of(record, k, view).value, v) for k, v in instance.keys),
        between(instance.started_by(record.instant), record.instant >= instance.start),
    ]
    if every(matches) is Truth.FALSE:
        return Truth.FALSE, ()
    where = judge(answer.where, view)
    exists, why, role = (
        (Truth.TRUE, "", "") if asked else genuine(duties.world, record.event, instance.party, doubt=True)
    )
    reasons = unknown_leaves(where)
    if exists is Truth.UNKNOWN:
        reasons += (Reason(why, "", record.event.type, role, record.event.id),)
    return every((*matches, where.truth, exists)), reasons


def waivers_of(duties: Duties, module: Module, clause: Clause, duty: Duty, instance: Instance) -> tuple[Truth, Truth]:
    """Whether it was waived in time, and whether at all: after due a waiver ends the owing only.

    A waiver is a built-in record naming clause and key, by the recipient or who may waive, never the debtor.
    """
    found = [
        (record.instant, _waives(duties.world.lookup, module, clause, duty, instance, record))
        for record in duties.world.of_type("waiver")
        if record.position < duties.before
    ]
    latest = instance.due.latest
    in_time = [
        every((truth, between(at <= instance.due.earliest, latest is None or at <= latest))) for at, truth in found
    ]
    return some(in_time), some(truth for _, truth in found)


def _waives(lookup: Lookup, module: Module, clause: Clause, duty: Duty, instance: Instance, record: Record) -> Truth:
    facts = record.event.facts
    return every(
        (
            waives_any(lookup, module, clause, duty, record),
            between(instance.started_by(record.instant), record.instant >= instance.start),
            *(equal(as_text(facts.get(k)), as_text(v)) for k, v in instance.keys),
        )
    )


def waives_any(lookup: Lookup, module: Module, clause: Clause, duty: Duty, record: Record) -> Truth:
    """Whether the record waives such a duty, of whatever key: it names the clause, and who may waive signed it."""
    event = record.event
    allowed = waivers(module, duty)
    signed = [s for s in event.signers if (event.by if s.party == EVERYONE else s.party) in allowed]
    named = event.facts.get("clause") in (clause.id, *_bare(lookup, clause))
    sentence = str(event.facts.get("sentence", "")) in ("", str(duty.number))
    if not (named and sentence and signed):
        return Truth.FALSE
    return between(any(s.trust is Trust.TRUSTED for s in signed) and not event.unreliable, True)


def _bare(lookup: Lookup, clause: Clause) -> tuple[str, ...]:
    """The number alone, where it names this clause: one of the file judged, or the only one so numbered."""
    own = f"{lookup.contract.module}.{clause.number}"
    alike = [other.id for _, other in lookup.all_clauses() if other.number == clause.number]
    meant = [own] if own in alike else alike
    return (clause.number,) if meant == [clause.id] else ()


def as_text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def waivers(module: Module, duty: Duty) -> set[str]:
    if duty.waived_by or duty.recipient:
        return {duty.waived_by or duty.recipient} - {duty.party}
    others = {p.name for p in module.parties if p.name != duty.party}
    return others if len(others) == 1 else set()


def sources_awaited(duties: Duties, module: Module, duty: Duty, instance: Instance) -> tuple[Reason, ...]:
    """Sources that could still show an answer and are not complete up to due.

    The debtor's own is awaited for the agreed time only; that of anybody else until it says so (design 2.8).
    """
    mine = [s for s in duties.world.sources if s.party in (instance.party, "")]
    others = [s for s in duties.world.sources if s not in mine and _could_answer(duties, duty, s)]
    silent = [
        s
        for s in mine or [Source(instance.party, instance.party)]
        if complete_to(duties, s.complete, module.header) < instance.due.earliest
    ]
    silent += [s for s in others if s.complete is None or s.complete < instance.due.earliest]
    return tuple(Reason("incomplete", "", a.act, s.name) for a in duty.answers for s in silent)


def _could_answer(duties: Duties, duty: Duty, source: Source) -> bool:
    return any(may_record(duties.world.lookup, source, a.act) for a in duty.answers)


def answers_unseen(duties: Duties, module: Module, duty: Duty, instance: Instance) -> tuple[Reason, ...]:
    """Gaps in which an answer in time, or a waiver, may stand; of the debtor's own only such as are not older than
    agreed."""
    latest = instance.due.latest
    return tuple(
        Reason(cloud.reason, "", what, cloud.source.name)
        for cloud in duties.world.clouds
        for what in _may_hold(duties, module, duty, cloud)
        if cloud.reason == GAP and cloud.until >= instance.start and (latest is None or cloud.since <= latest)
        and not (cloud.source.party == instance.party and _settled(duties, module, cloud, latest))
    )  # fmt: skip


def _may_hold(duties: Duties, module: Module, duty: Duty, cloud: Cloud) -> Iterator[str]:
    yield from (a.act for a in duty.answers if may_record(duties.world.lookup, cloud.source, a.act))
    if cloud.source.party in waivers(module, duty):
        yield "waiver"


def _settled(duties: Duties, module: Module, cloud: Cloud, latest: Instant | None) -> bool:
    """The debtor has had the agreed time to fill its gap."""
    end = cloud.until if latest is None else min(cloud.until, latest)
    return end <= complete_to(duties, None, module.header)


def complete_to(duties: Duties, complete: Instant | None, header: Header) -> Instant:
    """A debtor silent for longer than the agreed time is complete up to then for what favours it."""
    grace = duties.now - length(header.records_due or DEFAULT_RECORDS_DUE)
    return grace if complete is None else max(complete, grace)
