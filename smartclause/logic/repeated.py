"""Repeated duties (design 2.9): a period opens at the start of force, at each act, and at each due that was missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from smartclause.logic.contract import Clause, Duty, Module, Repeated
from smartclause.logic.counting import Instant
from smartclause.logic.force import BEGINNING, force_begins, in_force
from smartclause.logic.instances import AFTER_ALL, DutyStatus, Instance, Opening, nobody
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position

if TYPE_CHECKING:
    from smartclause.logic.duties import Duties


def periods(duties: Duties, module: Module, clause: Clause, duty: Repeated) -> Iterator[Instance]:
    """One instance for each period; a breach ends with the next act."""
    start, opener = _first(duties, module), ""
    model = Duty(duty.number, duty.party, (), duty.answers, duty.recipient, duty.period)
    while start <= duties.now and in_force(duties.world, module, clause, start) is not Truth.FALSE:
        instance = _period(duties, module, clause, model, start, opener)
        if instance.holds is not Truth.FALSE:
            yield instance
        if instance.answered_at is not None and instance.status is DutyStatus.FULFILLED:
            start, opener = instance.answered_at, instance.answered
        elif instance.due.latest is not None and instance.due.latest < duties.now:
            start, opener = max(instance.due.latest, start + 1), ""
        else:
            return


def _period(duties: Duties, module: Module, clause: Clause, model: Duty, start: Instant, opener: str) -> Instance:
    """The act that opens a period does not answer it."""
    record = duties.world.by_id.get(opener) or nobody(model.party, start)
    holds, reasons = duties.imposed(module, clause, model, nobody(model.party, start), Position(start, AFTER_ALL))
    opening = Opening(record, start, start, holds, reasons, (), ())
    instance = replace(duties.instance(module, clause, model, opening), repeated=True)
    return replace(instance, ended=instance.answered_at if instance.status is DutyStatus.VIOLATED else None)


def _first(duties: Duties, module: Module) -> Instant:
    """The start of force; of a file without a date, the first record."""
    records = duties.world.records
    first = records[0].instant if records else duties.now
    begins = force_begins(duties.world, module)
    return begins if begins > BEGINNING else min(first, duties.now)
