"""`clause N is violated` (design 2.8), and what a duty that is owed grants (2.10), at a place in the past."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smartclause.logic.contract import BreachTrigger, Duty, EventTrigger, Module
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.force import force_begins
from smartclause.logic.instances import Instance, equal, violated
from smartclause.logic.terms import ClauseViolated, Parameter, Value
from smartclause.logic.truth import Truth, some
from smartclause.logic.world import may_record
from smartclause.rails.book_conditions import Place
from smartclause.rails.rows import Row

if TYPE_CHECKING:
    from smartclause.rails.book_page import Page
    from smartclause.rails.book_sentences import DutySentence


class Breaches:
    """Of one clause or sentence, as one term asks for it."""

    def __init__(self, book: Page, term: ClauseViolated) -> None:
        self._book, self._term = book, term

    def truth(self, row: Row, before: Place, now: Instant) -> Truth:
        if any(k not in row.facts for k in self._term.keys):  # a missing key could name any instance
            return Truth.UNKNOWN
        found = some(violated(i, self._term.ever) for i in self._meant(row, before, now))
        if found is Truth.TRUE or not self._unseen(before, now):
            return found
        return Truth.UNKNOWN

    def reasons(self, row: Row, before: Place, now: Instant) -> Iterator[Reason]:
        lacking = [row.why(k) for k in self._term.keys if k not in row.facts]
        if lacking:
            yield from lacking
            return
        for instance in self._meant(row, before, now):
            if violated(instance, self._term.ever) is Truth.UNKNOWN:
                yield from instance.reasons
        yield from self._unseen(before, now)

    def _meant(self, row: Row, before: Place, now: Instant) -> Iterator[Instance]:
        values = {k: row.facts[k] for k in self._term.keys}
        for instance, _ in self._book.told(self._term.clause, self._term.sentence, before, now):
            if may_be_for(instance, values):
                yield instance

    def _unseen(self, before: Place, now: Instant) -> tuple[Reason, ...]:
        return tuple(unseen_triggers(self._book, self._term.clause, self._term.sentence, before, now))


def may_be_for(instance: Instance, values: dict[str, Value]) -> bool:
    held = dict(instance.keys)
    return all(equal(held.get(k), v) is not Truth.FALSE for k, v in values.items())


def unseen_triggers(book: Page, clause: str, sentence: int, before: Place, now: Instant) -> Iterator[Reason]:
    """Clouds in which a trigger may lie whose due may have passed, at the end of a chain of breaches too."""
    lookup = book.world.lookup
    if clause in lookup.clauses:
        module, found = lookup.clauses[clause]
        for each in found.sentences:
            if isinstance(each, Duty) and sentence in (0, each.number):
                for trigger in each.triggers:
                    yield from _unseen(book, module, clause, each, trigger, before, now)
        if module.name == lookup.contract.module and lookup.contract.amends and not book.world.draft:
            yield Reason("earlier version", detail=module.name)


def _unseen(
    book: Page,
    module: Module,
    clause: str,
    duty: Duty,
    trigger: EventTrigger | BreachTrigger,
    before: Place,
    now: Instant,
) -> Iterator[Reason]:
    if isinstance(trigger, BreachTrigger):
        yield from unseen_triggers(book, trigger.clause, trigger.sentence, before, now)
        return
    lookup = book.world.lookup
    kinds = lookup.relevant_types(trigger.event)
    for cloud in (c for c in book.world.clouds if c.since <= before[0]):
        may = any(may_record(lookup, cloud.source, kind) for kind in kinds)
        if may and _may_be_past(book.duty(clause, duty.number), book, module, duty, cloud.since, now):
            yield Reason(cloud.reason, "", trigger.event, cloud.source.name)


def _may_be_past(sentence: DutySentence, book: Page, module: Module, duty: Duty, since: Instant, now: Instant) -> bool:
    """Whether a duty opened by something unseen since then may be due; a dated period may have been shorter later."""
    if duty.clock or isinstance(duty.period, Parameter):
        return True
    start = max(since, force_begins(book.world, module))
    return sentence.obligation.due(start, start).earliest < now
