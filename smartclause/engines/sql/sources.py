"""Files of rows for DuckDB: Parquet (a file, or a folder of parts in the order of their names) and lines of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.profile import SOURCE


@dataclass(frozen=True)
class SourceFile:
    """What the file says of itself: columns that are never without a value, the least and greatest value of each."""

    never_null: frozenset[str] = frozenset()
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def opened(connection: duckdb.DuckDBPyConnection, path: Path) -> SourceFile:
    """Makes the relation of the file's rows. Raises TableFault."""
    try:
        if path.is_dir():
            return _parquet(connection, sorted(path.glob("*.parquet")), path)
        if path.suffix == ".parquet":
            return _parquet(connection, [path], path)
        return _lines(connection, path)
    except duckdb.Error as error:
        raise TableFault("unreadable", name=path.name, reason=str(error).splitlines()[0][:200]) from None


def _parquet(connection: duckdb.DuckDBPyConnection, parts: list[Path], path: Path) -> SourceFile:
    if not parts:
        raise TableFault("unreadable", name=path.name, reason="no file of it ends in .parquet")
    names = [str(p) for p in parts]
    statistics = connection.execute(
        "SELECT file_name, path_in_schema, sum(stats_null_count), min(stats_null_count IS NULL),"
        " min(stats_min_value), max(stats_max_value), sum(row_group_num_rows), max(type)"
        " FROM parquet_metadata(?) GROUP BY ALL", [names],
    ).fetchall()  # fmt: skip
    rows = {name: count for name, count in connection.execute(
        "SELECT file_name, num_rows FROM parquet_file_metadata(?)", [names]).fetchall()}  # fmt: skip
    _view(connection, names, rows)
    return SourceFile(_never_null(statistics), _ranges(connection, names))


def _view(connection: duckdb.DuckDBPyConnection, names: list[str], rows: Mapping[str, int]) -> None:
    """Rows are numbered through all parts."""
    if len(names) == 1:
        relation = connection.read_parquet(names[0], file_row_number=True)
        relation.create_view("parts", replace=True)
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS SELECT * EXCLUDE (file_row_number), file_row_number AS file_row FROM parts"
        )
        return
    connection.execute("CREATE OR REPLACE TEMP TABLE offsets (part VARCHAR, before BIGINT)")
    before = 0
    for name in names:
        connection.execute("INSERT INTO offsets VALUES (?, ?)", [name, before])
        before += rows[name]
    relation = connection.read_parquet(names, file_row_number=True, filename=True)
    relation.create_view("parts", replace=True)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS SELECT parts.* EXCLUDE (file_row_number, filename),"
        " file_row_number + before AS file_row FROM parts JOIN offsets ON filename = part"
    )


def _never_null(statistics: list[tuple[object, ...]]) -> frozenset[str]:
    found: dict[str, bool] = {}
    for _, name, nulls, unknown, *_ in statistics:
        found[str(name)] = found.get(str(name), True) and nulls == 0 and not unknown
    return frozenset(name for name, never in found.items() if never)


def _ranges(connection: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, tuple[str, str]]:
    """Of whole numbers only: their least and greatest."""
    found = connection.execute(
        "SELECT path_in_schema, min(TRY_CAST(stats_min_value AS HUGEINT)), max(TRY_CAST(stats_max_value AS HUGEINT)),"
        " bool_and(stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL AND"
        " TRY_CAST(stats_min_value AS HUGEINT) IS NOT NULL AND type IN ('INT32', 'INT64'))"
        " FROM parquet_metadata(?) GROUP BY path_in_schema", [names],
    ).fetchall()  # fmt: skip
    return {str(name): (str(low), str(high)) for name, low, high, sure in found if sure}


def _lines(connection: duckdb.DuckDBPyConnection, path: Path) -> SourceFile:
    raise TableFault("unreadable", name=path.name, reason="it is neither Parquet nor lines of JSON")
