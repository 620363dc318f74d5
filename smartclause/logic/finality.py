"""Provisional or final (design 2.5): final once every source that may record what was read is complete."""

from collections.abc import Iterable, Iterator

from smartclause.logic.contract import BreachTrigger, Clause, Duty, EventTrigger, Norm, Repeated, Sentence, Standing
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseViolated, Query, Term, walk
from smartclause.logic.verdict import Verdict
from smartclause.logic.world import Record, World, may_record


def is_final(world: World, act: Record, verdict: Verdict) -> bool:
    """Never final: without sources, without attested times, on facts that only the caller attests, or on some of the
    facts withheld in a record, whose others may speak against them."""
    if not world.sources or not _attested(world, act):
        return False
    read = types_read(world.lookup, verdict)
    if any(r.event.id == act.event.id or r.event.type in read for r in _partly_opened(world, act)):
        return False
    return all(
        source.complete is not None and source.complete >= act.instant
        for source in world.sources
        if any(may_record(world.lookup, source, kind) for kind in read)
    )


def _attested(world: World, act: Record) -> bool:
    return not world.draft and world.is_attested and act.event.received is not None and not act.event.caller


def _partly_opened(world: World, act: Record) -> tuple[Record, ...]:
    return (act, *world.partly_opened) if act.event.partly_opened else world.partly_opened


def types_read(lookup: Lookup, verdict: Verdict) -> frozenset[str]:
    """Event types that the sentences on this act look at, with those of the duties they ask for."""
    return types_looked_at(lookup, verdict.type, (n.clause for c in verdict.clauses for n in c.norms))


def types_looked_at(lookup: Lookup, kind: str, clauses: Iterable[str]) -> frozenset[str]:
    """The same of any act of the type on which these clauses have a sentence."""
    concerned = frozenset(clauses)
    if (kind, concerned) not in lookup.looked_at:
        lookup.looked_at[kind, concerned] = _looked_at(lookup, kind, concerned)
    return lookup.looked_at[kind, concerned]


def _looked_at(lookup: Lookup, kind: str, clauses: Iterable[str]) -> frozenset[str]:
    waiting = list(clauses)
    waiting += [c.id for _, c in lookup.all_clauses() if any(_answers(s, lookup, kind) for s in c.sentences)]
    found: set[str] = {"supplement", "termination"}
    done: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in done:
            done.add(name)
            _, clause = lookup.clauses[name]
            found |= {k for kind in _types(clause) for k in lookup.relevant_types(kind)}
            waiting += list(_clauses(clause))
    return frozenset(found)


def _answers(sentence: Sentence, lookup: Lookup, kind: str) -> bool:
    if isinstance(sentence, Duty) and sentence.otherwise is not None and _answers(sentence.otherwise, lookup, kind):
        return True
    return isinstance(sentence, Duty | Repeated) and any(lookup.is_under(kind, a.act) for a in sentence.answers)


def _types(clause: Clause) -> Iterator[str]:
    for term in _terms(clause):
        yield from (node.event for node in walk(term) if isinstance(node, Query))
    for sentence in _with_otherwise(clause):
        if isinstance(sentence, Duty | Repeated):
            yield from (a.act for a in sentence.answers)
        if isinstance(sentence, Duty):
            yield from (t.event for t in sentence.triggers if isinstance(t, EventTrigger))
            yield "waiver"


def _clauses(clause: Clause) -> Iterator[str]:
    for term in _terms(clause):
        yield from (node.clause for node in walk(term) if isinstance(node, ClauseViolated))
    for sentence in clause.sentences:
        if isinstance(sentence, Duty):
            yield from (t.clause for t in sentence.triggers if isinstance(t, BreachTrigger))
        if isinstance(sentence, Norm):
            yield from sentence.despite


def _with_otherwise(clause: Clause) -> Iterator[Sentence]:
    for sentence in clause.sentences:
        yield sentence
        while isinstance(sentence, Duty) and sentence.otherwise is not None:
            sentence = sentence.otherwise
            yield sentence


def _terms(clause: Clause) -> Iterator[Term]:
    yield clause.applies
    for sentence in _with_otherwise(clause):
        match sentence:
            case Norm():
                yield from (sentence.condition, sentence.exception)
            case Duty():
                yield sentence.exception
                yield from (a.where for a in sentence.answers)
                yield from (t.where for t in sentence.triggers if isinstance(t, EventTrigger))
            case Repeated():
                yield from (a.where for a in sentence.answers)
            case Standing():
                yield sentence.condition
            case _:
                pass
