"""Repeated duties (design 2.9): a chain of periods, of which those that are over are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from smartclause.logic.contract import Clause, Duty, Module, Repeated
from smartclause.logic.counting import Instant
from smartclause.logic.force import BEGINNING, force_begins
from smartclause.logic.instances import DutyStatus, Instance, nobody
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record
from smartclause.rails.book.acts import Acts
from smartclause.rails.book.conditions import Place
from smartclause.rails.book.matter import Asked
from smartclause.rails.book.obligation import Obligation, changes_of
from smartclause.rails.book.opened import Opened
from smartclause.rails.book.openings import Imposed
from smartclause.rails.book.waivers import Waivers

if TYPE_CHECKING:
    from smartclause.rails.book.page import Page
    from smartclause.rails.book.sentences import Told


class RepeatedSentence:
    """A period opens at the start of force, at each act, and at each due that was missed."""

    def __init__(self, book: Page, module: Module, clause: Clause, duty: Repeated) -> None:
        self.module, self.clause, self.number = module, clause, duty.number
        self.duty = Duty(duty.number, duty.party, (), duty.answers, duty.recipient, duty.period)
        self.obligation = Obligation(book.world, book.past, book, module, clause, self.duty, (), repeated=True)
        self._imposed = Imposed(book, self.obligation)
        self._book = book

    def obligations(self) -> Iterator[Obligation]:
        return self.obligation.chain()

    def keepers(self) -> Iterator[tuple[str, Acts | Waivers]]:
        return self.obligation.keepers()

    def changes(self, instance: Instance, _now: Instant) -> Iterator[Instant]:
        return changes_of(self.obligation, instance)

    def imposed(self) -> Iterator[Imposed]:
        yield self._imposed

    def told(self, before: Place, now: Instant, _asked: Asked | None = None) -> Iterator[Told]:
        start, opener = self._first(now), None
        while start <= now and self._book.in_force(self.module, self.clause, start) is not Truth.FALSE:
            opened = self._opened(start, opener)
            instance = self.obligation.instance(opened, before, now)
            if opened.holds is not Truth.FALSE:
                yield instance, opened.record
            following = self._next(opened, instance, before, now)
            if following is None:
                return
            start, opener = following

    def _opened(self, start: Instant, opener: Record | None) -> Opened:
        """The act that opens a period does not answer it, nor does one before it."""
        view = nobody(self.duty.party, start)
        holds, reasons = self._imposed.at(view)
        opened = self.obligation.opened(opener, opener or view, start, start, holds, (), reasons)
        return opened if opener is None else replace(opened, after=(opener.instant, opener.event.index))

    def _next(
        self, opened: Opened, instance: Instance, before: Place, now: Instant
    ) -> tuple[Instant, Record | None] | None:
        if instance.status is DutyStatus.FULFILLED:
            first = self.obligation.acts.found(opened, before, now)[0].first()
            assert first is not None
            return first.record.instant, first.record
        late = opened.due.latest
        return (max(late, opened.start + 1), None) if late is not None and late < now else None

    def _first(self, now: Instant) -> Instant:
        """The start of force; of a file without a date, the first record."""
        begins = force_begins(self._book.world, self.module)
        if begins > BEGINNING:
            return begins
        return now if self._book.first is None else min(self._book.first, now)
