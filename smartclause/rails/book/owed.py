"""What is owed is allowed (design 2.10): whether an act answers what a file asks of its party."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.instances import DutyStatus, Instance, equal
from smartclause.logic.lookup import Lookup
from smartclause.logic.truth import Truth, between, every, known, some
from smartclause.logic.world import only_word_of
from smartclause.rails.book.acts import answers, why_unsure
from smartclause.rails.book.conditions import Place
from smartclause.rails.book.obligation import Obligation
from smartclause.rails.book.repeated import RepeatedSentence
from smartclause.rails.book.sentences import DutySentence, Told
from smartclause.rails.rows import Row

if TYPE_CHECKING:
    from smartclause.logic.world import Record
    from smartclause.rails.book.page import Page

Part: TypeAlias = "tuple[Truth, tuple[Reason, ...]]"
OUTSIDE = "acts judged"
DONE = (DutyStatus.FULFILLED, DutyStatus.WAIVED, DutyStatus.CURED)


def owed(book: Page, module: str, row: Row, before: Place, now: Instant) -> Iterator[Part]:
    """For each instance that the act may answer, how surely, and why not surely."""
    narrower = may_be_narrower(book.world.lookup, row.event.type)
    for sentence in book.imposing(module):
        chain = [o for o in sentence.obligations() if _may_answer(o, row)]
        if not chain:
            continue
        for instance, record in _candidates(sentence, row, before, now):
            step: Instance | None = instance
            for obligation in sentence.obligations():
                if step is None:
                    break
                if obligation in chain:
                    part = _one(obligation, step, record, row, narrower)
                    if part[0] is not Truth.FALSE:
                        yield part
                step = step.otherwise


def _candidates(sentence: DutySentence | RepeatedSentence, row: Row, before: Place, now: Instant) -> Iterator[Told]:
    """Instances of the act's keys; where they are followed, only those of which something may be owed."""
    asked = {n: row.facts[n] for n in sentence.obligation.names if n in row.facts}
    if isinstance(sentence, DutySentence) and sentence.followed:
        front = sentence.front(OUTSIDE)
        if front.reach(before, now):
            for matter in front.may_be_owed(asked):
                if matter.opened is not None:
                    yield sentence.obligation.instance(matter.opened, before, now), matter.opened.record
            return
    yield from sentence.told(before, now, asked)


def _may_answer(obligation: Obligation, row: Row) -> bool:
    lookup = obligation.lookup
    return any(lookup.is_under(a.act, row.event.type) for a in obligation.duty.answers)


def may_be_narrower(lookup: Lookup, act: str) -> bool:
    """A narrower controlled act is not owed; whoever names the act broadly must not get it so."""
    return any(t != act and lookup.is_under(t, act) and lookup.is_controlled(t) for t in lookup.types)


def _one(obligation: Obligation, instance: Instance, record: Record | None, row: Row, narrower: bool) -> Part:
    """TRUE while the duty surely exists and is surely unanswered; the act named, never a narrower one."""
    if instance.status in DONE or instance.answered or instance.relieved:
        return Truth.FALSE, ()
    mine = row.event.type
    named = [n for n, a in enumerate(obligation.duty.answers) if obligation.lookup.is_under(a.act, mine)]
    matches = [_matches(obligation, n, instance, row) for n in named]
    only_debtor = record is not None and (
        not record.event.signers or only_word_of(record.event, instance.party)
    )  # fmt: skip
    broad = all(obligation.duty.answers[n].act != mine for n in named)
    doubts = (instance.doubtful, only_debtor, broad, narrower)
    truth = every((instance.holds, some(t for t, _ in matches), between(not any(doubts), True)))
    reasons = (*instance.reasons, *(r for _, why in matches for r in why))
    return truth, reasons or (Reason("recorded by the judged party alone", event=instance.trigger),)


def _matches(obligation: Obligation, number: int, instance: Instance, row: Row) -> Part:
    duty, event = obligation.duty, row.event
    where = obligation.wheres[number]
    begun = instance.started_by(row.instant)
    matches = every(
        (
            between(obligation.lookup.is_under(event.type, duty.answers[number].act), True),
            known(event.by == duty.party),
            known(not duty.recipient or event.to == duty.recipient),
            *(equal(row.facts.get(k), v) for k, v in instance.keys),
            between(begun, row.instant >= instance.start),
        )
    )
    if matches is Truth.FALSE:
        return matches, ()
    truth = every((matches, answers(row, where, sure_type=True, asked=True)))
    return truth, tuple(why_unsure(row, where, asked=True))
