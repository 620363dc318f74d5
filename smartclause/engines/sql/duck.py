"""DuckDB, embedded in this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.acts import Told, acts_in_ledgers
from smartclause.engines.sql.database import Row
from smartclause.engines.sql.duty_rows import duties_in_ledgers
from smartclause.engines.sql.ledgers import Ledgers
from smartclause.logic.counting import Instant
from smartclause.logic.instances import Instance
from smartclause.logic.world import World

DIALECT = "duckdb"


@dataclass(frozen=True)
class Duck:
    connection: duckdb.DuckDBPyConnection

    @property
    def name(self) -> str:
        return "DuckDB"

    def give(self, name: str, rows: pa.Table) -> None:
        self.connection.register(name, rows)

    def keep(self, name: str, query: exp.Expression) -> None:
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {query.sql(DIALECT, copy=False)}')

    def ask(self, query: exp.Expression) -> list[Row]:
        result = self.connection.execute(query.sql(DIALECT, copy=False))
        names = [d[0] for d in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def acts(world: World, connection: duckdb.DuckDBPyConnection) -> list[Told]:
    """Every recorded act, at its own place. Raises CannotDo."""
    return acts_in_ledgers(Ledgers.of([world]), Duck(connection))[0]


def duties(world: World, connection: duckdb.DuckDBPyConnection, now: Instant) -> list[Instance]:
    """Every duty as it stands at the end of an instant. Raises CannotDo."""
    return duties_in_ledgers(Ledgers.of([world]), Duck(connection), now)[0]


def acts_in(worlds: Sequence[World], connection: duckdb.DuckDBPyConnection) -> list[list[Told]]:
    """The same of several ledgers at once, which share all but their records. Raises CannotDo."""
    return acts_in_ledgers(Ledgers.of(worlds), Duck(connection))


def duties_in(worlds: Sequence[World], connection: duckdb.DuckDBPyConnection, now: Instant) -> list[list[Instance]]:
    """The same of several ledgers at once, which share all but their records. Raises CannotDo."""
    return duties_in_ledgers(Ledgers.of(worlds), Duck(connection), now)


__all__ = ["Duck", "Told", "acts", "acts_in", "duties", "duties_in"]
