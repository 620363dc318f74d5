"""Every term that a contract holds, wherever it stands."""

from collections.abc import Iterator

from smartclause.logic.contract import (
    Bar,
    Clause,
    Contract,
    Duty,
    EventTrigger,
    Grant,
    Limit,
    Repeated,
    Sentence,
    Standing,
)
from smartclause.logic.terms import Term


def terms_of(contract: Contract) -> Iterator[Term]:
    for module in contract.modules:
        for clause in module.clauses:
            yield from terms_of_clause(clause)
    for prop in contract.properties:
        yield prop.condition


def terms_of_clause(clause: Clause) -> Iterator[Term]:
    yield clause.applies
    for sentence in clause.sentences:
        yield from terms_of_sentence(sentence)


def terms_of_sentence(sentence: Sentence) -> Iterator[Term]:
    match sentence:
        case Grant() | Limit() | Bar():
            yield sentence.condition
            yield sentence.exception
        case Duty():
            yield from _terms_of_duty(sentence)
        case Repeated():
            yield from (answer.where for answer in sentence.answers)
        case Standing():
            yield sentence.condition
        case _:
            return


def _terms_of_duty(duty: Duty) -> Iterator[Term]:
    yield from (trigger.where for trigger in duty.triggers if isinstance(trigger, EventTrigger))
    yield from (answer.where for answer in duty.answers)
    yield duty.exception
    if duty.otherwise:
        yield from _terms_of_duty(duty.otherwise)
