"""All questions of a group of acts to the past, each asked once, and the reasons that their candidates give."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from smartclause.engines.sql.clouds import overcast
from smartclause.engines.sql.covering import Cover
from smartclause.engines.sql.pieces import Sql, column
from smartclause.engines.sql.questions import ANSWER, CANDIDATE, Followed, Question
from smartclause.engines.sql.reader import Row
from smartclause.engines.sql.readings import Why
from smartclause.logic.terms import Query, Value
from smartclause.logic.world import Cloud


@dataclass(frozen=True, slots=True)
class PastWhy:
    """A reason that candidates of a question give: `of` speaks of the candidate, `holds` of the judged act."""

    question: Question
    holds: Sql
    of: Why


@dataclass
class Past:
    """All questions of a group of acts, each asked once."""

    clouds: tuple[Cloud, ...]
    act_type: str = ""
    runs: bool = False  # each act stands at one place only, so that rows can be read in their order
    questions: list[Question] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)
    covers_known: dict[tuple[date, Value, bool], Cover] = field(default_factory=dict)

    def follow(self, question: Question, answer: Query) -> Followed:
        for known in self.followed:
            if known.question is question and known.answer.query == answer:
                return known
        row = replace(question.row, alias=ANSWER, now=column("instant", ANSWER))
        asked = Question(-1, answer, row, question.row)
        unseen = overcast(question.row.lookup, self.clouds, answer, question.row.module, question.act.now)
        found = Followed(len(self.followed), question, asked, unseen)
        self.followed.append(found)
        return found

    def ask(self, query: Query, act: Row, by_joining: bool = False) -> Question:
        for known in self.questions:
            if known.query == query and known.act.module == act.module and not (by_joining and known.runs):
                return known
        row = Row(
            act.lookup, act.sheet, CANDIDATE, act.party, act.module, column("instant", CANDIDATE), act.covers_known
        )
        found = Question(len(self.questions), query, row, act, self.act_type)
        found.runs = self.runs and not by_joining and found.may_run()
        self.questions.append(found)
        return found


@dataclass(frozen=True)
class AnswerWhy:
    """A reason of a record that should be followed, or (`answered`) of what may follow it."""

    followed: Followed
    holds: Sql
    of: Why
    answered: bool = False


Whys: TypeAlias = "tuple[Why | PastWhy | AnswerWhy, ...]"
