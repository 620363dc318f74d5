"""Which views of the records a contract needs: in doubt of whose own word each clause may be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smartclause.logic.contract import Clause, Duty, EventTrigger, Norm, Repeated, Standing
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseViolated, Query, Term, walk


def views_needed(lookup: Lookup, judged: Iterable[str] | None) -> set[frozenset[str]]:
    """None: those parties that sentences ask about. A duty whose conditions ask for breaches doubts its own party."""
    parties = set(_judged(lookup)) if judged is None else set(judged)
    asking = {party for party, terms in _conditions(lookup) if any(map(_asks, terms))}
    found = {frozenset[str](), *(frozenset({p}) for p in parties)}
    waiting = list(found) if asking else []
    while waiting:
        doubted = waiting.pop()
        for more in (doubted | {party} for party in asking):
            if more not in found:
                found.add(more)
                waiting.append(more)
    return found


def types_read(lookup: Lookup) -> set[str]:
    """Types of the records that conditions of duties look back at."""
    terms = [t for _, found in _conditions(lookup) for t in found]
    asked = {node.event for t in terms for node in walk(t) if isinstance(node, Query)}
    return {kind for name in asked for kind in lookup.relevant_types(name)}


def _judged(lookup: Lookup) -> Iterator[str]:
    """Parties of sentences on acts that ask for breaches, and those whom a duty may grant a controlled act."""
    for _, clause in lookup.all_clauses():
        for sentence in clause.sentences:
            match sentence:
                case Norm() if any(map(_asks, (clause.applies, sentence.condition, sentence.exception))):
                    yield sentence.party
                case Duty() | Repeated():
                    yield from _granted(lookup, sentence)
                case _:
                    pass


def _granted(lookup: Lookup, duty: Duty | Repeated) -> Iterator[str]:
    if any(lookup.is_controlled(a.act) for a in duty.answers):
        yield duty.party
    if isinstance(duty, Duty) and duty.otherwise is not None:
        yield from _granted(lookup, duty.otherwise)


def _asks(term: Term) -> bool:
    return any(isinstance(node, ClauseViolated) for node in walk(term))


def _conditions(lookup: Lookup) -> Iterator[tuple[str, list[Term]]]:
    """The parties of duties, and what their duties are judged by."""
    for _, clause in lookup.all_clauses():
        for sentence in clause.sentences:
            match sentence:
                case Duty() | Repeated() | Standing():
                    yield from _of(clause, sentence)
                case _:
                    pass


def _of(clause: Clause, sentence: Duty | Repeated | Standing) -> Iterator[tuple[str, list[Term]]]:
    terms: list[Term] = [clause.applies]
    match sentence:
        case Standing():
            terms.append(sentence.condition)
        case Repeated():
            terms += [a.where for a in sentence.answers]
        case Duty():
            terms += [sentence.exception, *(a.where for a in sentence.answers)]
            terms += [t.where for t in sentence.triggers if isinstance(t, EventTrigger)]
            if sentence.otherwise is not None:
                yield from _of(clause, sentence.otherwise)
    yield sentence.party, terms
