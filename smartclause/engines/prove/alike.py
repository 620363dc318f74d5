"""Whether two contracts that are compared would find the same in one past: only then do they share what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from smartclause.engines.prove.alike_words import AlikeWords
from smartclause.logic.contract import BreachTrigger, Clause, Duty, EventTrigger, Module, Repeated, Sentence, Standing
from smartclause.logic.identity import meaning_of
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseViolated, Node, Query, walk


class Alike:
    """For each question of one contract the number of the first contract that would answer it the same."""

    def __init__(self, lookups: tuple[Lookup, ...], number: int) -> None:
        self.lookups, self.number = lookups, number
        self._words = [AlikeWords(one, lookups[number]) for one in lookups[:number]]
        self._queries: dict[tuple[Node, str], int] = {}
        self._clauses: dict[str, int] = {}

    def _first(self, same: Callable[[Lookup, Lookup, AlikeWords], bool]) -> int:
        mine = self.lookups[self.number]
        found = (n for n, words in enumerate(self._words) if same(self.lookups[n], mine, words))
        return next(found, self.number)

    def query(self, query: Query, module: str, asking: Node | None = None) -> int:
        """`asking`: what asks more of the records than which they are, such as what each of them has."""
        whole = asking or query
        if (whole, module) not in self._queries:
            nodes = list(walk(whole))
            self._queries[whole, module] = self._first(lambda a, b, words: _same_query(nodes, module, a, b, words))
        return self._queries[whole, module]

    def clause(self, clause: str) -> int:
        """Of the breaches of a clause."""
        if clause not in self._clauses:
            self._clauses[clause] = self._first(lambda a, b, words: _same_clause(clause, a, b, words, ()))
        return self._clauses[clause]

    def module(self, module: str) -> int:
        """Of what is owed under a file."""
        return self._first(lambda a, b, words: _same_module(module, a, b, words))

    def end(self, module: str) -> int:
        """Of the end of a file by termination, which says nothing of its clauses."""
        return self._first(lambda a, b, _: _same_end(module, a, b))


def _same_query(nodes: list[Node], module: str, one: Lookup, other: Lookup, words: AlikeWords) -> bool:
    if not same_counting(module, one, other):
        return False
    events = {n.event for n in nodes if isinstance(n, Query)}
    return same_types(events, one, other) and words(nodes, other.modules[module].header.zone)


def same_counting(module: str, one: Lookup, other: Lookup) -> bool:
    """Whether the file counts periods the same."""
    if module not in one.modules or module not in other.modules:
        return False
    headers = (one.modules[module].header, other.modules[module].header)
    return (headers[0].zone, headers[0].rule) == (headers[1].zone, headers[1].rule)


def same_types(events: set[str], one: Lookup, other: Lookup) -> bool:
    """Also of what may be taken for them by either."""
    kinds = {t for e in events for k in (one, other) for t in k.relevant_types(e)}
    return all(meaning_of(one.types.get(t)) == meaning_of(other.types.get(t)) for t in kinds)


def _same_clause(clause: str, one: Lookup, other: Lookup, words: AlikeWords, seen: tuple[str, ...]) -> bool:
    """What it says, where it applies, in what file; and the clauses on whose breach it rests."""
    here, there = one.clauses.get(clause), other.clauses.get(clause)
    if here is None or there is None or _said(here[1]) != _said(there[1]) or _file(here[0]) != _file(there[0]):
        return False
    nodes = [n for c in _conditions(there[1]) for n in walk(c)]
    if not same_types(set(_events(there[1], nodes)), one, other) or not words(nodes, there[0].header.zone):
        return False
    behind = {n.clause for n in nodes if isinstance(n, ClauseViolated)} | set(_breaches(there[1]))
    return all(_same_clause(c, one, other, words, (*seen, clause)) for c in sorted(behind - {*seen, clause}))


def _same_module(module: str, one: Lookup, other: Lookup, words: AlikeWords) -> bool:
    here, there = one.modules.get(module), other.modules.get(module)
    if here is None or there is None or [c.id for c in here.clauses] != [c.id for c in there.clauses]:
        return False
    return _file(here) == _file(there) and all(_same_clause(c.id, one, other, words, ()) for c in there.clauses)


def _same_end(module: str, one: Lookup, other: Lookup) -> bool:
    here, there = one.modules.get(module), other.modules.get(module)
    if here is None or there is None:
        return False
    told = [(m.header.enders, m.header.lag, {p.name for p in m.parties}) for m in (here, there)]
    return told[0] == told[1] and one.types.get("termination") == other.types.get("termination")


# ---- what a clause rests on


def _said(clause: Clause) -> object:
    return clause.applies, clause.sentences, clause.survives


def _file(module: Module) -> object:
    return module.kind, module.header, module.parties


def _conditions(clause: Clause) -> Iterator[Node]:
    """Of its duties, and the periods and ends of these."""
    yield clause.applies
    for duty in _duties(clause):
        match duty:
            case Standing():
                yield duty.condition
                yield from () if duty.after is None else (duty.after,)
            case Repeated():
                yield duty.period
            case Duty():
                yield duty.exception
                yield from (t.where for t in duty.triggers if isinstance(t, EventTrigger))
                yield from (p for p in (duty.period, duty.no_later_than) if p is not None)
        if not isinstance(duty, Standing):
            yield from (a.where for a in duty.answers)


def _duties(clause: Clause) -> Iterator[Duty | Repeated | Standing]:
    for sentence in clause.sentences:
        each: Sentence | None = sentence
        while isinstance(each, Duty | Repeated | Standing):
            yield each
            each = each.otherwise if isinstance(each, Duty) else None


def _events(clause: Clause, nodes: list[Node]) -> Iterator[str]:
    yield from (n.event for n in nodes if isinstance(n, Query))
    for duty in _duties(clause):
        if not isinstance(duty, Standing):
            yield from (a.act for a in duty.answers)
        if isinstance(duty, Duty):
            yield from (t.event for t in duty.triggers if not isinstance(t, BreachTrigger))


def _breaches(clause: Clause) -> Iterator[str]:
    for duty in _duties(clause):
        if isinstance(duty, Duty):
            yield from (t.clause for t in duty.triggers if isinstance(t, BreachTrigger))
