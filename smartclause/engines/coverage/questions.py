"""The yes-or-no questions that the sentences of a contract ask, each with the conditions that it is made of.

A condition is a part without `and`, `or` or `not` outside of it; what stands in the `where` or `has` of a search for
records is a question of its own, asked of each record looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import assert_never

from smartclause.logic.contract import (
    Answer,
    BreachTrigger,
    Clause,
    Contract,
    Duty,
    EventTrigger,
    Grant,
    Limit,
    ModuleKind,
    Norm,
    Repeated,
    Sentence,
    Share,
    Standing,
)
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    AtLeast,
    Every,
    LatestHas,
    Not,
    Query,
    Term,
    walk,
)
from smartclause.logic.truth import Truth, at_least, every, negate, some


class Asked(Enum):
    """Of what a question is asked: the judged act, what opens a duty, what answers it, the state that a standing
    duty keeps, a record that a condition looks at."""

    ACT = "act"
    TRIGGER = "trigger"
    ANSWER = "answer"
    STATE = "state"
    RECORD = "record"


@dataclass(frozen=True, eq=False)
class Question:
    """`lifted` is the exception inside `term`, if it has one; `about` the query, trigger or answer that asks.

    Each is itself: two questions are never compared by what they ask.
    """

    clause: str
    sentence: int
    asked: Asked
    term: Term
    lifted: Term = FALSE
    about: Query | EventTrigger | BreachTrigger | Answer | None = None
    types: tuple[str, ...] = ()

    @cached_property
    def conditions(self) -> tuple[Term, ...]:
        return tuple(dict.fromkeys(_conditions(self.term)))

    @property
    def said(self) -> tuple[object, ...]:
        return self.sentence, self.asked, self.term, self.about


def questions(contract: Contract) -> tuple[Question, ...]:
    """In the order of the contract; sentences without any condition ask nothing."""
    found = (
        question
        for module in contract.modules
        if module.kind is not ModuleKind.VOCABULARY
        for clause in module.clauses
        for question in of_clause(clause)
    )
    return tuple(found)


def of_clause(clause: Clause) -> tuple[Question, ...]:
    own = tuple(q for s in clause.sentences for q in _of_sentence(clause, s))
    inner = (r for q in own for r in _of_records(q))
    once = {q.said: q for q in reversed((*own, *inner)) if q.conditions}
    return tuple(reversed(once.values()))


def _of_sentence(clause: Clause, sentence: Sentence) -> Iterator[Question]:
    number = sentence.number
    match sentence:
        case Norm():
            yield Question(
                clause.id, number, Asked.ACT, norm_term(clause, sentence), sentence.exception, None, sentence.acts
            )
        case Duty():
            yield from _of_duty(clause, sentence)
        case Repeated():
            yield from (
                Question(clause.id, number, Asked.ANSWER, a.where, about=a, types=(a.act,)) for a in sentence.answers
            )
        case Standing():
            term = sentence.condition if clause.applies == TRUE else AnyOf((Not(clause.applies), sentence.condition))
            yield Question(clause.id, number, Asked.STATE, term)
        case Share():
            return
        case _:
            assert_never(sentence)


def norm_term(clause: Clause, norm: Norm) -> Term:
    """What must hold for the sentence to grant or to bar, whatever the priorities say."""
    condition = Not(norm.condition) if isinstance(norm, Limit) else norm.condition
    return _all(clause.applies, condition, norm.exception)


def _all(applies: Term, condition: Term, exception: Term) -> Term:
    parts = tuple(p for p in (applies, condition) if p != TRUE)
    return All(parts if exception == FALSE else (*parts, Not(exception)))


def _of_duty(clause: Clause, duty: Duty) -> Iterator[Question]:
    triggers: tuple[EventTrigger | BreachTrigger | None, ...] = duty.triggers or (None,)
    for trigger in triggers:
        event = isinstance(trigger, EventTrigger)
        where = trigger.where if isinstance(trigger, EventTrigger) else TRUE
        types = (trigger.event,) if isinstance(trigger, EventTrigger) else ()
        term = _all(clause.applies, where, duty.exception)
        yield Question(
            clause.id, duty.number, Asked.TRIGGER, term, duty.exception, trigger if event or trigger else None, types
        )
    second: Duty | None = duty
    while second is not None:
        for answer in second.answers:
            yield Question(clause.id, duty.number, Asked.ANSWER, answer.where, about=answer, types=(answer.act,))
        second = second.otherwise


def _of_records(question: Question) -> Iterator[Question]:
    for node in dict.fromkeys(walk(question.term)):
        match node:
            case Query() if node.where is not None:
                yield _of_record(question, node, node.where)
            case Every() | LatestHas():
                yield _of_record(question, node.query, node.has)
            case _:
                pass


def _of_record(question: Question, query: Query, term: Term) -> Question:
    return Question(question.clause, question.sentence, Asked.RECORD, term, about=query, types=(query.event,))


def _conditions(term: Term) -> Iterator[Term]:
    match term:
        case Not():
            yield from _conditions(term.arg)
        case All() | AnyOf() | AtLeast():
            for arg in term.args:
                yield from _conditions(arg)
        case _:
            yield term


def truth_of(term: Term, given: Mapping[Term, Truth]) -> Truth:
    """The truth of a question where its conditions have these truths."""
    match term:
        case Not():
            return negate(truth_of(term.arg, given))
        case All():
            return every(truth_of(a, given) for a in term.args)
        case AnyOf():
            return some(truth_of(a, given) for a in term.args)
        case AtLeast():
            return at_least(term.count, (truth_of(a, given) for a in term.args))
        case _:
            return given[term]


def is_grant(norm: Norm) -> bool:
    return isinstance(norm, Grant)
