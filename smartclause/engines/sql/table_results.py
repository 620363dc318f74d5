"""Results of a table that has grown: the rows written before, with new numbers, but for those judged again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from smartclause.engines.sql.duty_again import DUTIES_AFTER, DUTIES_ANEW, DUTIES_BEFORE
from smartclause.engines.sql.duty_told import COLUMNS, INSTANTS, DutyRows
from smartclause.engines.sql.table_again import AFTER
from smartclause.engines.sql.table_touched import JUDGED
from smartclause.engines.sql.writing import PARQUET, write_rows
from smartclause.logic.lookup import Lookup


@dataclass(frozen=True, slots=True)
class Moved:
    """Of each part in its old order: the number after its last row, from zero, and by how much its rows move."""

    parts: tuple[tuple[int, int], ...]

    def number(self, column: str) -> str:
        """The new number of a row, from one."""
        if not any(by for _, by in self.parts):
            return column
        branches = " ".join(f"WHEN {column} <= {end} THEN {column} + {by}" for end, by in self.parts)
        return f"CASE {branches} END"


def uses_again(connection: duckdb.DuckDBPyConnection, lookup: Lookup, path: Path, moved: Moved) -> None:
    """Whole, or not at all."""
    names = ["type", "by", "decision", *(c.id for _, c in lookup.all_clauses())]
    columns = ", ".join(_name(name) for name in names)
    kinds = {"row": "BIGINT", **dict.fromkeys(names, "VARCHAR")}
    old = f'SELECT {moved.number(_name("row"))} AS "row", {columns} FROM {_written(path, kinds)}'
    kept = f'SELECT * FROM ({old}) WHERE "row" - 1 NOT IN (SELECT file_row FROM "{JUDGED}")'
    new = f'SELECT "row", {columns} FROM "{AFTER}"'
    write_rows(connection, path, f'SELECT * FROM ({kept} UNION ALL {new}) ORDER BY "row"')


def duties_again(connection: duckdb.DuckDBPyConnection, path: Path, moved: Moved) -> None:
    """Whole, or not at all."""
    connection.execute("SET TimeZone = 'UTC'")
    instants = "TIMESTAMPTZ" if path.suffix == PARQUET else "VARCHAR"
    kinds = {name: instants if name in INSTANTS else kind for name, kind in COLUMNS}
    numbered = ("row", "answered_row")
    columns = ", ".join(f"{moved.number(_name(n))} AS {_name(n)}" if n in numbered else _name(n) for n, _ in COLUMNS)
    old = f"SELECT {columns} FROM {_written(path, kinds)}"
    gone = f'SELECT clause, sentence, "row" FROM "{DUTIES_BEFORE}"'
    left = f'SELECT * FROM ({old}) ANTI JOIN "{DUTIES_ANEW}" USING (clause, sentence)'
    kept = f'SELECT * FROM ({left}) ANTI JOIN ({gone}) USING (clause, sentence, "row")'
    new = DutyRows(connection, DUTIES_AFTER).query(path.suffix)
    listed = ", ".join(_name(n) for n, _ in COLUMNS)
    both = f"SELECT {listed} FROM ({kept}) UNION ALL SELECT {listed} FROM ({new})"
    write_rows(connection, path, f'SELECT * FROM ({both}) ORDER BY "row", clause, sentence, start, due')


def _written(path: Path, kinds: dict[str, str]) -> str:
    """The rows of a file of results, as they were written."""
    name = exp.Literal.string(str(path)).sql("duckdb")
    if path.suffix == PARQUET:
        return f"read_parquet({name})"
    columns = ", ".join(f"{exp.Literal.string(n).sql('duckdb')}: '{kind}'" for n, kind in kinds.items())
    return f"read_json({name}, format = 'newline_delimited', columns = {{{columns}}})"


def _name(column: str) -> str:
    return exp.to_identifier(column, quoted=True).sql("duckdb")
