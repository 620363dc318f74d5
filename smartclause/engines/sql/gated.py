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
from smartclause.logic.world import Position, Record, World
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
    names = {ground: f"q{number}" for number, ground in enumerate(every)}
    found = [_Filling(world, Book.of(world), wanted, names, before).filled() for before, world in ledgers.offsets()]
    rows = pa.concat_tables([rows for rows, _ in found])
    return GateRows(Gates(names), rows, {place: why for _, whys in found for place, why in whys.items()})


@dataclass(frozen=True)
class _Filling:
    world: World
    book: Book
    wanted: Mapping[tuple[str, str], tuple[Ground, ...]]
    names: Mapping[Ground, str]
    before: int  # rows of other ledgers

    def filled(self) -> tuple[pa.Table, dict[tuple[str, Place], frozenset[Reason]]]:
        columns: dict[str, list[object]] = {"n": [], "place": []}
        for name in self.names.values():
            columns |= {f"{name}t": [], f"{name}f": []}
        whys: dict[tuple[str, Place], frozenset[Reason]] = {}
        for n, place, record in self._places():
            told = dict(self._told(record))
            columns["n"].append(n)
            columns["place"].append(place)
            for ground, name in self.names.items():
                truth, why = told.get(ground, (None, frozenset()))
                columns[f"{name}t"].append(truth is Truth.TRUE)
                columns[f"{name}f"].append(truth is Truth.FALSE)
                if why:
                    whys[name, (n, place)] = why
        return pa.table(columns, _schema(columns)), whys

    def _places(self) -> Iterator[tuple[int, int, Record]]:
        for n, record in enumerate(self.world.records, self.before):
            if self.wanted.get((record.event.type, record.event.by)):
                yield n, 1, record
                if record.received != record.instant:
                    yield n, 2, replace(record, instant=record.received)

    def _told(self, record: Record) -> Iterable[tuple[Ground, tuple[Truth, frozenset[Reason]]]]:
        row = self.book.past.row(record, record.event.by)
        at = Position(record.instant, record.event.index)
        for ground in self.wanted[record.event.type, record.event.by]:
            match ground:
                case Owed():
                    truth = self.book.owed(ground, row, at, record.instant)
                    why = self.book.owed_why(ground, row, at, record.instant) if truth is Truth.UNKNOWN else frozenset()
                    yield ground, (truth, why)
                case Leaf():
                    truth = self.book.violated(ground, row, at, record.instant)
                    unknown = truth is Truth.UNKNOWN
                    why = self.book.violated_why(ground, row, at, record.instant) if unknown else frozenset()
                    yield ground, (truth, why)
                case _:
                    pass


def _schema(columns: Iterable[str]) -> pa.Schema:
    return pa.schema([(name, pa.int64() if name in ("n", "place") else pa.bool_()) for name in columns])
