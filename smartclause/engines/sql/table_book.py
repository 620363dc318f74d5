"""Duties of a table that SQL does not follow, by the book of duties: every kind that the language has, row by row.

Only rows that such a duty looks at are read, in their order, and the book drops what nothing can change any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import duckdb

from smartclause.engines.sql.gated import GateRows, Gathering, duty_grounds
from smartclause.engines.sql.profile import Profile
from smartclause.engines.sql.table_records import RowRecords
from smartclause.logic.contract import BreachTrigger, Clause, Contract, Duty, EventTrigger, Repeated, Standing
from smartclause.logic.counting import Instant
from smartclause.logic.instances import AFTER_ALL, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseViolated, Term, walk
from smartclause.logic.walking import terms_of_sentence
from smartclause.logic.world import Position, Record, World
from smartclause.rails.book.book import Book
from smartclause.rails.book.reach import types_read
from smartclause.rails.formula import Ground, Leaf, Owed
from smartclause.rails.lowering import Lowered

SentencePlace = tuple[str, int]  # clause, sentence
_SELDOM = 4096  # records after which what is over is dropped
_IMPOSING = (Duty, Repeated, Standing)


@dataclass(frozen=True)
class TableBook:
    """Over the rows that a connection shows as its source."""

    world: World
    connection: duckdb.DuckDBPyConnection
    profile: Profile

    def instances(self, places: Collection[SentencePlace], now: Instant) -> list[Instance]:
        """Of these sentences, as they stand at the end of an instant. Raises CannotDo, TableFault."""
        lookup = self._lookup(places)
        followed = _Following(lookup, Book(self._world(lookup), judged=()))
        for record in self._rows(lookup, (), now):
            followed.add(record)
        return [i for i in followed.statuses(now) if (i.clause, i.sentence) in places]

    def gates(self, groups: Sequence[Lowered]) -> GateRows:
        """What duties say of every act of the groups. Raises CannotDo, TableFault."""
        wanted = {(g.type, g.party): duty_grounds(g) for g in groups}
        every = dict.fromkeys(g for found in wanted.values() for g in found)
        if not every:
            return GateRows()
        lookup = self._lookup(set(_asked(self.world.lookup, every)))
        followed = _Following(lookup, Book(self._world(lookup)))
        acts = {kind for (kind, _), grounds in wanted.items() if grounds}
        found = Gathering(wanted, every)
        for _, together in groupby(self._rows(lookup, acts, AFTER_ALL), lambda r: r.instant):
            records = list(together)
            for record in records:
                followed.add(record)
            for record in records:  # once every record of the instant is there
                found.ask(followed.book, record, record.event.index, 1)
        return found.told()

    def _lookup(self, places: Collection[SentencePlace]) -> Lookup:
        """The contract with no other duties than these and those that they ask about."""
        lookup = self.world.lookup
        return lookup.reading(_with_only(lookup.contract, _closed(lookup, places)))

    def _world(self, lookup: Lookup) -> World:
        return replace(self.world, lookup=lookup, records=())

    def _rows(self, lookup: Lookup, acts: Collection[str], until: Instant) -> Iterator[Record]:
        kinds = {*acts, *types_read(lookup), *_types_heard(lookup)}
        return RowRecords(self.connection, self.world.lookup, self.profile).of_types(kinds, until)


class _Following:
    """A book that gets records in their order."""

    def __init__(self, lookup: Lookup, book: Book) -> None:
        self.book, self._dropped, self._since = book, list[Instance](), 0
        duties = list(_duties(lookup.contract))
        self._forgets = all(isinstance(d, Duty) and _by_records(d) for _, d in duties)
        self._clocks = any(isinstance(d, Duty) and d.clock for _, d in duties)

    def add(self, record: Record) -> None:
        self.book.add(record)
        self._since += 1
        if self._forgets and self._since >= max(_SELDOM, self.book.size):
            self._since = 0
            self._dropped += self.book.forget(record.instant, None if self._clocks else record.instant)

    def statuses(self, now: Instant) -> Iterator[Instance]:
        yield from self._dropped
        yield from self.book.statuses(Position(now, AFTER_ALL), now)


def _with_only(contract: Contract, places: Collection[SentencePlace]) -> Contract:
    def kept(clause: Clause) -> Clause:
        here = (s for s in clause.sentences if not isinstance(s, _IMPOSING) or (clause.id, s.number) in places)
        return replace(clause, sentences=tuple(here))

    modules = (replace(m, clauses=tuple(map(kept, m.clauses))) for m in contract.modules)
    return replace(contract, modules=tuple(modules))


def _closed(lookup: Lookup, places: Iterable[SentencePlace]) -> set[SentencePlace]:
    """With the duties whose breaches these ask about, and so on."""
    found: set[SentencePlace] = set()
    waiting = list(places)
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting += _asks_about(lookup, *place)
    return found


def _asks_about(lookup: Lookup, clause: str, number: int) -> Iterator[SentencePlace]:
    found = lookup.clauses[clause][1]
    for sentence in found.sentences:
        if isinstance(sentence, _IMPOSING) and sentence.number == number:
            for trigger in sentence.triggers if isinstance(sentence, Duty) else ():
                if isinstance(trigger, BreachTrigger):
                    yield from _duties_of(lookup, trigger.clause, trigger.sentence)
            yield from _breaches_in(lookup, (found.applies, *terms_of_sentence(sentence)))


def _breaches_in(lookup: Lookup, terms: Iterable[Term]) -> Iterator[SentencePlace]:
    for node in (n for term in terms for n in walk(term)):
        if isinstance(node, ClauseViolated):
            yield from _duties_of(lookup, node.clause, node.sentence)


def _duties_of(lookup: Lookup, clause: str, number: int) -> Iterator[SentencePlace]:
    if clause in lookup.clauses:
        for sentence in lookup.clauses[clause][1].sentences:
            if isinstance(sentence, _IMPOSING) and number in (0, sentence.number):
                yield clause, sentence.number


def _asked(lookup: Lookup, grounds: Iterable[Ground]) -> Iterator[SentencePlace]:
    """The duties that an act may answer, or whose breach its verdict asks about."""
    for ground in grounds:
        match ground:
            case Leaf(ClauseViolated() as term):
                yield from _duties_of(lookup, term.clause, term.sentence)
            case Owed():
                for clause in lookup.modules[ground.module].clauses:
                    yield from _duties_of(lookup, clause.id, 0)
            case _:
                pass


def _duties(contract: Contract) -> Iterator[tuple[Clause, Duty | Repeated | Standing]]:
    for clause in (c for m in contract.modules for c in m.clauses):
        yield from ((clause, s) for s in clause.sentences if isinstance(s, _IMPOSING))


def _by_records(duty: Duty) -> bool:
    return bool(duty.triggers) and all(isinstance(t, EventTrigger) for t in duty.triggers)


def _types_heard(lookup: Lookup) -> Iterator[str]:
    """Of records that may open a duty, or answer it."""
    for _, duty in _duties(lookup.contract):
        step: Duty | None = duty if isinstance(duty, Duty) else None
        spoken = [] if isinstance(duty, Standing) else [a.act for a in duty.answers]
        while step is not None:
            spoken += [t.event for t in step.triggers if isinstance(t, EventTrigger)] + [a.act for a in step.answers]
            step = step.otherwise
        yield from (kind for name in spoken for kind in lookup.relevant_types(name))
