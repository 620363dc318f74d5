"""Which views of the records a contract needs: in doubt of whose own word each clause may be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smartclause.logic.contract import Clause, Duty, EventTrigger, Repeated, Standing
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseViolated, Term, walk


def views_needed(lookup: Lookup, judged: Iterable[str] | None) -> set[frozenset[str]]:
    """None: any party of the files may be judged. A duty whose conditions ask for breaches doubts its own party."""
    parties = {p.name for m in lookup.modules.values() for p in m.parties} if judged is None else set(judged)
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
