"""Where conditions stand in a contract: sentences, clauses, duties, properties."""

from __future__ import annotations

from collections.abc import Iterator

from smartclause.logic.contract import Clause, Duty, EventTrigger, Norm, Repeated, Sentence, Share, Standing
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Term


def conditions(lookup: Lookup) -> Iterator[Term]:
    for _, clause in lookup.all_clauses():
        yield from of_clause(clause)
    yield from (p.condition for p in lookup.contract.properties)


def of_clause(clause: Clause) -> Iterator[Term]:
    yield clause.applies
    for sentence in clause.sentences:
        yield from of_sentence(sentence)


def of_sentence(sentence: Sentence) -> Iterator[Term]:
    match sentence:
        case Norm():
            yield from (sentence.condition, sentence.exception)
        case Duty():
            yield from (t.where for t in sentence.triggers if isinstance(t, EventTrigger))
            yield from (a.where for a in sentence.answers)
            yield sentence.exception
            if sentence.otherwise is not None:
                yield from of_sentence(sentence.otherwise)
        case Repeated():
            yield from (a.where for a in sentence.answers)
        case Standing():
            yield sentence.condition
        case Share():
            return
