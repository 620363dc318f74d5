"""What duties say of each act, as a relation beside the records: computed by the book of duties, act by act.

The book keeps every kind of duty, in agreement with the reference; only acts whose verdict asks for it are looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from smartclause.engines.sql.gates import Gates
from smartclause.engines.sql.ledgers import Ledgers
from smartclause.logic.finding import Reason
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, Record
from smartclause.rails.book.book import Book
from smartclause.rails.formula import Ground, Leaf, Owed, grounds
from smartclause.rails.lowering import Lowered

Place = tuple[int, int]  # row of the act, and 1 at its own place or 2 at its received one


@dataclass(frozen=True)
class GateRows:
    """The relation of gates, what its columns say, and why a gate is unknown, by column and place of the act."""

    gates: Gates = field(default_factory=Gates)
    rows: pa.Table | None = None
    whys: Mapping[tuple[str, Place], frozenset[Reason]] = field(default_factory=dict)


def asks_duties(ground: Ground) -> bool:
    return isinstance(ground, Owed) or (isinstance(ground, Leaf) and isinstance(ground.term, ClauseViolated))


def duty_grounds(lowered: Lowered) -> tuple[Ground, ...]:
    """Those of its grounds that duties answer, each once."""
    formulas = [f for n in lowered.norms for f in (n.applies, n.condition, n.exception, n.own, n.truth)]
    found = (g for formula in (*formulas, lowered.verdict) for g in grounds(formula))
    return tuple(dict.fromkeys(g for g in found if asks_duties(g)))


def gate_rows(ledgers: Ledgers, groups: Sequence[Lowered]) -> GateRows:
    """Of every act of the groups. Raises CannotDo."""
    wanted = {(g.type, g.party): duty_grounds(g) for g in groups}
    every = dict.fromkeys(g for found in wanted.values() for g in found)
    if not every:
        return GateRows()
    gathered = Gathering(wanted, every)
    for before, world in ledgers.offsets():
        book = Book.of(world)
        for n, record in enumerate(world.records, before):
            gathered.ask(book, record, n, 1)
            if record.received != record.instant:
                gathered.ask(book, replace(record, instant=record.received), n, 2)
    return gathered.told()


class Gathering:
    """What a book says of acts, by row and place. `wanted`: by type and doer what is asked."""

    def __init__(self, wanted: Mapping[tuple[str, str], tuple[Ground, ...]], every: Iterable[Ground]) -> None:
        self._wanted = wanted
        self._names = {ground: f"q{number}" for number, ground in enumerate(every)}
        self._columns: dict[str, list[object]] = {"n": [], "place": []}
        self._columns |= {f"{name}{mark}": [] for name in self._names.values() for mark in "tf"}
        self._whys: dict[tuple[str, Place], frozenset[Reason]] = {}

    def ask(self, book: Book, record: Record, n: int, place: int) -> None:
        asked = self._wanted.get((record.event.type, record.event.by))
        if not asked:
            return
        self._columns["n"].append(n)
        self._columns["place"].append(place)
        told = dict(_told(book, asked, record))
        for ground, name in self._names.items():
            truth, why = told.get(ground, (None, frozenset()))
            self._columns[f"{name}t"].append(truth is Truth.TRUE)
            self._columns[f"{name}f"].append(truth is Truth.FALSE)
            if why:
                self._whys[name, (n, place)] = why

    def told(self) -> GateRows:
        return GateRows(Gates(self._names), pa.table(self._columns, _schema(self._columns)), self._whys)


def _told(
    book: Book, asked: Iterable[Ground], record: Record
) -> Iterator[tuple[Ground, tuple[Truth, frozenset[Reason]]]]:
    row = book.past.row(record, record.event.by)
    at = Position(record.instant, record.event.index)
    for ground in asked:
        match ground:
            case Owed():
                truth = book.owed(ground, row, at, record.instant)
                why = book.owed_why(ground, row, at, record.instant) if truth is Truth.UNKNOWN else frozenset()
                yield ground, (truth, why)
            case Leaf():
                truth = book.violated(ground, row, at, record.instant)
                unknown = truth is Truth.UNKNOWN
                why = book.violated_why(ground, row, at, record.instant) if unknown else frozenset()
                yield ground, (truth, why)
            case _:
                pass


def _schema(columns: Iterable[str]) -> pa.Schema:
    return pa.schema([(name, pa.int64() if name in ("n", "place") else pa.bool_()) for name in columns])
