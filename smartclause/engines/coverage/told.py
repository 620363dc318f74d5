"""Coverage in words: the figures, and for each clause what no scenario shows yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from smartclause.engines.coverage.measured import (
    ClauseShown,
    ConditionShown,
    Coverage,
    Denied,
    QuestionShown,
    Status,
)
from smartclause.engines.coverage.questions import Asked, Question
from smartclause.engines.prose_names import Lang, Names, listed, plain
from smartclause.engines.prose_states import word
from smartclause.engines.prose_terms import Phrases
from smartclause.logic.instances import DutyStatus
from smartclause.logic.terms import Query, Term
from smartclause.logic.verdict import ClauseState


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    done: int
    of: int


@dataclass(frozen=True)
class Telling:
    coverage: Coverage
    lang: Lang

    @property
    def names(self) -> Names:
        return Names(self.coverage.lookup, self.lang)

    def pick(self, en: str, zh: str) -> str:
        return zh if self.lang == "zh" else en

    # ---- figures

    def figures(self) -> tuple[Figure, ...]:
        found = self.coverage
        rows = (
            (self.pick("clauses reached", "已触及的条款"), found.reached),
            (self.pick("statuses of clauses and duties", "条款和义务的状态"), found.statuses),
            (self.pick("exceptions that made a difference", "起过作用的例外"), found.exceptions),
            (self.pick("conditions shown to decide alone", "已表明单独起决定作用的条件"), found.alone),
            (self.pick("conditions seen true, false, unknown", "条件成立、不成立、不明各种情形"), found.values),
        )
        return tuple(Figure(name, share.done, share.of) for name, share in rows)

    # ---- what is left to show

    def gaps(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The heading of each clause with something left, and one line for each thing."""
        for clause in self.coverage.clauses:
            lines = tuple(self.gaps_of(clause))
            if lines:
                yield plain(self.names.heading(clause.clause)), lines

    def gaps_of(self, clause: ClauseShown) -> Iterator[str]:
        if clause.missing:
            states = listed((self.status(s) for s in clause.missing), self.lang)
            yield self.pick(f"no scenario ends with: {states}", f"没有情景的结果为：{states}")
        for shown in clause.questions:
            yield from self._gaps_of_question(clause, shown)

    def _gaps_of_question(self, clause: ClauseShown, shown: QuestionShown) -> Iterator[str]:
        place = self.place(clause, shown.question)
        if shown.lifted is False:
            yield self.pick(f"{place}the exception never made a difference", f"{place}例外从未起作用")
        for condition in shown.conditions:
            lacking = tuple(self._lacking(condition))
            if lacking:
                said = self.phrase(shown.question, condition.term)
                yield f"{place}{self.quoted(said)}{self.pick(': ', '：')}{self.pick('; ', '；').join(lacking)}"

    def _lacking(self, condition: ConditionShown) -> Iterator[str]:
        if condition.missing:
            values = listed((word(t, self.lang) for t in condition.missing), self.lang)
            yield self.pick(f"never {values}", f"从未{values}")
        if condition.pair is None and not condition.never_alone:
            yield self.pick("not shown to decide alone", "未表明单独起决定作用")

    # ---- what is proved

    def proofs(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The heading of each clause with conditions that need not be shown, or only in part, and why."""
        for clause in self.coverage.clauses:
            lines = tuple(
                f"{self.place(clause, shown.question)}{self.quoted(self.phrase(shown.question, c.term))}"
                f"{self.pick(': ', '：')}{self.denied(c.denied)}"
                for shown in clause.questions
                for c in shown.conditions
                if c.denied is not None
            )
            if lines:
                yield plain(self.names.heading(clause.clause)), lines

    def denied(self, proof: Denied) -> str:
        match proof:
            case Denied.AT_ALL:
                return self.pick(
                    "proved: nowhere would the sentence come out otherwise if this condition alone were otherwise",
                    "已证明：任何情形下，仅此条件不同，结果不会不同",
                )
            case Denied.BY_FALSE:
                return self.pick(
                    "proved: where it is false, the sentence would come out the same if it were true; "
                    "to be shown by true against unknown",
                    "已证明：该条件不成立时，即使其成立结果也相同；应以成立对照不明来表明",
                )
            case _:
                assert_never(proof)

    # ---- names of things

    def status(self, status: Status) -> str:
        kind = DutyStatus if status.sentence else ClauseState
        said = word(kind(status.status), self.lang)
        return (
            self.pick(f"{said} (sentence {status.sentence})", f"{said}（第{status.sentence}句）")
            if status.sentence
            else said
        )

    def place(self, clause: ClauseShown, question: Question) -> str:
        """Where in the clause, if that needs saying."""
        parts = []
        if len({q.question.sentence for q in clause.questions}) > 1:
            parts.append(self.pick(f"sentence {question.sentence}", f"第{question.sentence}句"))
        if question.asked is Asked.ANSWER:
            parts.append(self.pick("what answers the duty", "履行行为"))
        if question.asked is Asked.RECORD and isinstance(question.about, Query):
            kind = self.names.type(question.about.event)
            parts.append(self.pick(f"each “{kind}” looked at", f"所查的每一“{kind}”"))
        return plain(self.pick(", ", "，").join(parts) + self.pick(": ", "：")) if parts else ""

    def phrase(self, question: Question, term: Term) -> str:
        acts = question.types if question.asked is Asked.ACT else ()
        return plain(Phrases(self.names, question.types, acts).term(term))

    def quoted(self, text: str) -> str:
        return f"“{text}”" if "“" not in text else f"[{text}]"
