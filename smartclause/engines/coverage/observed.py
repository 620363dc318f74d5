"""What the run of a scenario shows of each question: the truth of every condition, and what follows from them.

Only what the scenario judges is shown: its last act, what opens and answers duties, states that are to be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from smartclause.engines.coverage.questions import Asked, Question
from smartclause.logic.contract import Answer, Clause, Duty, EventTrigger, Module, Norm, Repeated, Standing
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.evaluate import View, judge
from smartclause.logic.force import in_force
from smartclause.logic.instances import Instance, nobody
from smartclause.logic.scenario import Run
from smartclause.logic.standing import stretches
from smartclause.logic.terms import Query, Term, walk
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, Record


@dataclass(frozen=True, slots=True)
class Shown:
    """The truths of the conditions of one question, in their order."""

    truths: tuple[Truth, ...]


@dataclass(frozen=True)
class Watching:
    """One run, looked at with its own duties. `clauses`: those looked at; None: all."""

    run: Run

    @property
    def duties(self) -> Duties:
        now = self.run.world.asked
        return Duties(self.run.world, Position(now, LAST_INDEX), now)

    def shown(self, questions: Iterable[Question]) -> Iterator[tuple[Question, Shown]]:
        """Each question with what was found, for each time that it was asked."""
        of_records: dict[tuple[str, int, Query], list[Question]] = {}
        own = []
        for question in questions:
            if question.asked is Asked.RECORD and isinstance(question.about, Query):
                of_records.setdefault((question.clause, question.sentence, question.about), []).append(question)
            else:
                own.append(question)
        for question in own:
            for view in self._views(question):
                yield question, _found(question, view)
                yield from self._records(question, view, of_records)

    def _records(
        self, question: Question, view: View, of_records: dict[tuple[str, int, Query], list[Question]]
    ) -> Iterator[tuple[Question, Shown]]:
        for node in dict.fromkeys(walk(question.term)):
            if not isinstance(node, Query):
                continue
            for asked in of_records.get((question.clause, question.sentence, node), ()):
                for record in _looked_at(node, view, asked.term):
                    yield asked, _found(asked, view.at(record))

    # ---- of what a question is asked

    def _views(self, question: Question) -> Iterator[View]:
        module, clause = self.run.world.lookup.clauses[question.clause]
        sentence = next(s for s in clause.sentences if s.number == question.sentence)
        match question.asked:
            case Asked.ACT:
                yield from self._of_act(module, sentence)  # type: ignore[arg-type]
            case Asked.TRIGGER:
                yield from self._of_trigger(question, module, clause, sentence)  # type: ignore[arg-type]
            case Asked.ANSWER:
                yield from self._of_answer(question, module, sentence)  # type: ignore[arg-type]
            case Asked.STATE:
                yield from self._of_state(module, clause, sentence)  # type: ignore[arg-type]
            case Asked.RECORD:
                return
            case _:
                assert_never(question.asked)

    def _of_act(self, module: Module, norm: Norm) -> Iterator[View]:
        """The last act, if the sentence surely speaks of it."""
        act = self._act()
        lookup = self.run.world.lookup
        if act is None or act.event.by != norm.party:
            return
        if any(lookup.is_under(act.event.type, a) for a in norm.acts):
            breaches = Duties(self.run.world, act.position, act.instant).breaches
            yield View(
                self.run.world, module.name, act, norm.party, act.position, act.instant, breaches, judged=True
            )  # fmt: skip

    def _act(self) -> Record | None:
        verdict = self.run.verdict
        return None if verdict is None else self.run.world.by_id.get(verdict.event)

    def _of_trigger(self, question: Question, module: Module, clause: Clause, duty: Duty) -> Iterator[View]:
        duties, world = self.duties, self.run.world
        if isinstance(question.about, EventTrigger):
            for record in world.of_type(question.about.event):
                sure = world.lookup.is_under(record.event.type, question.about.event)
                if sure and in_force(world, module, clause, record.instant) is not Truth.FALSE:
                    yield duties.view(module, record, duty.party, record.position, favour=False)
            return
        for instance in self._instances(question):
            known = world.by_id.get(instance.trigger)
            record = replace(known, instant=instance.start) if known else nobody(duty.party, instance.start)
            yield duties.view(module, record, duty.party, Position(instance.start, LAST_INDEX), favour=False)

    def _instances(self, question: Question) -> list[Instance]:
        return [i for i in self.run.instances if (i.clause, i.sentence) == (question.clause, question.sentence)]

    def _of_answer(self, question: Question, module: Module, duty: Duty | Repeated) -> Iterator[View]:
        """Acts of the debtor that could answer something open: the right key, not before its start."""
        if not isinstance(question.about, Answer):
            return
        keys = [i for each in self._instances(question) for i in (each, each.otherwise) if i is not None]
        for record in self.run.world.of_type(question.about.act):
            fits = (
                record.event.by == i.party and record.instant >= i.start
                and all(record.event.facts.get(k) == v for k, v in i.keys)
                for i in keys
            )  # fmt: skip
            if any(fits):
                yield self.duties.view(module, record, duty.party, record.position, favour=True)

    def _of_state(self, module: Module, clause: Clause, duty: Standing) -> Iterator[View]:
        for key, stretch in stretches(self.duties, module, clause, duty):
            record = nobody(duty.party, stretch.start)
            if duty.for_each and key is not None:
                event = replace(record.event, facts={duty.for_each: key})
                record = replace(record, event=event)
            at = Position(stretch.start, LAST_INDEX)
            yield self.duties.view(module, record, duty.party, at, favour=True)


def _looked_at(query: Query, view: View, term: Term) -> Iterator[Record]:
    """Records of the type and the key that are read; those that `where` sorts out are not asked what they have."""
    for record in view.world.of_type(query.event):
        alike = all(record.event.facts.get(k) == view.record.event.facts.get(k) for k in query.keys)
        if not alike or not record.position < view.before:
            continue
        where = query.where if query.where is not None and query.where != term else None
        if where is None or judge(where, view.at(record)).truth is not Truth.FALSE:
            yield record


def _found(question: Question, view: View) -> Shown:
    return Shown(tuple(judge(c, view).truth for c in question.conditions))
