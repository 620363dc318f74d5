"""Rows of a table as records of the rails, in their order: for what is followed record by record, not by SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

import duckdb

from smartclause.engines.sql.built_in_rows import NAMING, OF_TABLES
from smartclause.engines.sql.pieces import column, one_of, texts
from smartclause.engines.sql.plain_rows import instant_of_row, value_of
from smartclause.engines.sql.profile import DIALECT, SOURCE, Profile, fact
from smartclause.logic.contract import BUILT_IN
from smartclause.logic.counting import Instant
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.terms import Kind, Money, Value
from smartclause.logic.world import Record
from smartclause.rails.refused import CannotDo

SIGNERS = (Signer(EVERYONE, EVERYONE),)
_PIECE = 20_000
Reading: TypeAlias = Callable[[Any], Value | None]


@dataclass(frozen=True)
class RowRecords:
    """The caller vouches for the rows: whoever must show a fact, or make a record, counts as having done so."""

    connection: duckdb.DuckDBPyConnection
    lookup: Lookup
    profile: Profile

    def of_types(self, kinds: Iterable[str], until: Instant) -> Iterator[Record]:
        """Those of the types, and the very first row, up to an instant. Raises TableFault, CannotDo."""
        wanted = sorted({*kinds, *OF_TABLES})
        facts = list(self._facts(wanted))
        result = self.connection.execute(self._query(wanted, [value for *_, value in facts], until))
        while rows := result.fetchmany(_PIECE):
            for n, kind, by, to, at, *cells in rows:
                if not FIRST <= at <= LAST:
                    raise CannotDo("a row of a time outside the years 1 to 9999", kind)
                told = {
                    name: value
                    for (name, read, _), cell in zip(facts, cells, strict=True)
                    if cell is not None and (value := read(cell)) is not None
                }
                event = Event(str(n), kind, at, by or "", to or "", facts=told, signers=SIGNERS, index=n)
                yield Record(event, at, at)

    def of_type(self, kind: str, until: Instant) -> Iterator[Record]:
        """Raises TableFault, CannotDo."""
        return (r for r in self.of_types([kind], until) if r.event.type == kind)

    def _query(self, kinds: list[str], facts: list[str], until: Instant) -> str:
        at = instant_of_row(self.profile).sql(DIALECT)
        heads = [self._head(name) for name in ("by", "to")]
        columns = ", ".join(["file_row AS n", "type", *heads, f"{at} AS instant", *facts])
        here = f"type IS NOT NULL AND NOT {_of_types(_STRANGE)} AND NOT ({self.profile.without_time().sql(DIALECT)})"
        first = f"SELECT file_row FROM {SOURCE} WHERE {here} ORDER BY {at}, file_row LIMIT 1"
        wanted = f"({_of_types(kinds)} OR file_row = ({first}))"
        return f"SELECT {columns} FROM {SOURCE} WHERE {here} AND {wanted} AND {at} <= {until} ORDER BY instant, n"

    def _head(self, name: str) -> str:
        return f'CAST("{name}" AS VARCHAR)' if name in self.profile.columns else "NULL"

    def _facts(self, kinds: list[str]) -> Iterator[tuple[str, Reading, str]]:
        """Name, how a cell is read, and where it stands, of what the types declare and the table has; and of every
        key, which a waiver may name."""
        every = ((name, f) for name, kind in self.lookup.types.items() for f in kind.fields)
        wanted = (f for name, f in every if name in kinds or f.type.kind is Kind.IDENTIFIER)
        declared = dict.fromkeys((f.name, f.type.kind) for f in wanted)
        for name, kind in declared:
            if name in self.profile.facts:
                value, unit = (None if v is None else v.sql(DIALECT) for v in value_of(self.profile, name, kind))
                assert value is not None
                yield name, _READ.get(kind, _as_it_is), value if unit is None else f"[{value}::VARCHAR, {unit}]"
        for name in NAMING:
            stated = fact(self.profile, name)
            if stated is not None and name not in {n for n, _ in declared}:
                yield name, _as_it_is, f"CAST({stated.sql(DIALECT)} AS VARCHAR)"


_STRANGE = sorted(set(BUILT_IN) - set(OF_TABLES))


def _of_types(kinds: list[str]) -> str:
    return one_of(column("type"), texts(kinds)).sql(DIALECT)


def _as_it_is(cell: Any) -> Value | None:
    found: Value = cell
    return found


def _money(cell: list[str | None]) -> Value | None:
    amount, currency = cell
    return None if amount is None or currency is None else Money(Decimal(amount), currency)


def _date(cell: int) -> Value | None:
    if not 1 <= cell <= date.max.toordinal():
        raise CannotDo("a date outside the years 1 to 9999", "")
    return date.fromordinal(cell)


_READ: Mapping[Kind, Reading] = MappingProxyType(
    {
        Kind.NUMBER: Decimal,
        Kind.PERCENTAGE: Decimal,
        Kind.MONEY: _money,
        Kind.DATE: _date,
        Kind.CONCEPTS: frozenset,
    }
)
