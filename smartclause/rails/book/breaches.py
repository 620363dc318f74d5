"""`clause N is violated` (design 2.8), and what a duty that is owed grants (2.10), at a place in the past."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smartclause.logic.contract import BreachTrigger, Duty, EventTrigger, Module
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.force import force_begins
from smartclause.logic.instances import Instance, violated
from smartclause.logic.terms import ClauseViolated, Parameter, Value
from smartclause.logic.truth import Truth, between, some
from smartclause.logic.world import may_record
from smartclause.rails.book.conditions import Place
from smartclause.rails.book.front import Tally
from smartclause.rails.book.matter import may_be_for
from smartclause.rails.book.sentences import DutySentence
from smartclause.rails.rows import Row

if TYPE_CHECKING:
    from smartclause.rails.book.page import Imposing, Page


class Breaches:
    """Of one clause or sentence, as one term asks for it. `asker`: whose questions come in their own order."""

    def __init__(self, book: Page, term: ClauseViolated, asker: str) -> None:
        self._book, self._term, self._asker = book, term, asker
        self._sentences = book.of_versions(term.clause, term.sentence)

    def truth(self, row: Row, before: Place, now: Instant) -> Truth:
        if any(k not in row.facts for k in self._term.keys):  # a missing key could name any instance
            return Truth.UNKNOWN
        values = {k: row.facts[k] for k in self._term.keys}
        found = Truth.FALSE
        for sentence in self._sentences:
            truth = self._of(sentence, values, before, now)
            if truth is Truth.TRUE:
                return truth
            found = some((found, truth))
        return Truth.UNKNOWN if self._unseen(before, now) else found

    def _of(self, sentence: Imposing, values: dict[str, Value], before: Place, now: Instant) -> Truth:
        tallies = self._tallies(sentence, values, before, now)
        if tallies is None:
            if isinstance(sentence, DutySentence) and sentence.was_violated(values, self._term.ever):
                return Truth.TRUE
            return some(violated(i, self._term.ever) for i in self._scanned(sentence, values, before, now))
        n = int(self._term.ever)
        return between(any(t.sure[n] for t in tallies), any(t.unsure[n] for t in tallies))

    def _tallies(self, sentence: Imposing, values: dict[str, Value], before: Place, now: Instant) -> list[Tally] | None:
        """None: it cannot be followed, or is asked of an earlier place."""
        if not isinstance(sentence, DutySentence) or not sentence.followed:
            return None
        front = sentence.front(self._asker)
        return list(front.tallies(values)) if front.reach(before, now) else None

    def _scanned(self, sentence: Imposing, values: dict[str, Value], before: Place, now: Instant) -> Iterator[Instance]:
        return (i for i, _ in sentence.told(before, now, values) if may_be_for(i.keys, values))

    def reasons(self, row: Row, before: Place, now: Instant) -> Iterator[Reason]:
        lacking = [row.why(k) for k in self._term.keys if k not in row.facts]
        if lacking:
            yield from lacking
            return
        values = {k: row.facts[k] for k in self._term.keys}
        for sentence in self._sentences:
            for instance in self._unsure(sentence, values, before, now):
                if violated(instance, self._term.ever) is Truth.UNKNOWN:
                    yield from instance.reasons
        yield from self._unseen(before, now)

    def _unsure(self, sentence: Imposing, values: dict[str, Value], before: Place, now: Instant) -> Iterator[Instance]:
        tallies = self._tallies(sentence, values, before, now)
        if tallies is None:
            yield from self._scanned(sentence, values, before, now)
            return
        assert isinstance(sentence, DutySentence)
        for matter in (m for t in tallies for m in t.unsure[int(self._term.ever)]):
            if matter.opened is not None:
                yield sentence.obligation.instance(matter.opened, before, now)

    def _unseen(self, before: Place, now: Instant) -> tuple[Reason, ...]:
        return tuple(unseen_triggers(self._book, self._term.clause, self._term.sentence, before, now))


def unseen_triggers(book: Page, clause: str, sentence: int, before: Place, now: Instant) -> Iterator[Reason]:
    """Clouds in which a trigger may lie whose due may have passed, at the end of a chain of breaches too."""
    lookup = book.world.lookup
    if clause in lookup.clauses:
        module, found = lookup.clauses[clause]
        for each in found.sentences:
            if isinstance(each, Duty) and sentence in (0, each.number):
                for trigger in each.triggers:
                    yield from _unseen(book, module, clause, each, trigger, before, now)
        unread = book.earlier is None and lookup.contract.amends and not book.world.draft
        if unread and module.name == lookup.contract.module:
            yield Reason("earlier version", detail=module.name)
    if book.earlier is not None:
        yield from unseen_triggers(book.earlier, clause, sentence, before, now)


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
