"""Files of rows for DuckDB: Parquet (a file, or a folder of parts in the order of their names) and lines of JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.profile import SOURCE

PARQUET = ".parquet"
ZONED, ZONED_NANO = "TIMESTAMPTZ", "TIMESTAMPTZ_NS"
_PIECE = 2**20


@dataclass(frozen=True)
class Opened:
    """The relation of the rows, and what the file says of itself: columns that are never without a value, the least
    and greatest of each whole number."""

    connection: duckdb.DuckDBPyConnection
    never_null: frozenset[str] = frozenset()
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    digest: str = ""
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0

    @classmethod
    def parquet(cls, connection: duckdb.DuckDBPyConnection, path: Path) -> Opened:
        """Raises TableFault."""
        return cls.parts(connection, parts_of(path))

    @classmethod
    def parts(cls, connection: duckdb.DuckDBPyConnection, parts: list[Path]) -> Opened:
        """Raises TableFault."""
        try:
            return _parquet(connection, parts)
        except duckdb.Error as error:
            raise TableFault("unreadable", reason=str(error).splitlines()[0][:200]) from None

    @classmethod
    def batches(cls, connection: duckdb.DuckDBPyConnection, batches: Iterable[pa.Table]) -> Opened:
        """Rows that come piece by piece are kept in a table of the engine, on disk where there are many."""
        made = False
        for batch in batches:
            connection.register("batch", batch)
            connection.execute(
                f"INSERT INTO {SOURCE} SELECT * FROM batch"
                if made
                else f"CREATE TEMP TABLE {SOURCE} AS SELECT * FROM batch"
            )
            connection.unregister("batch")
            made = True
        return cls(connection, frozenset({"type", "time"}))

    def terminations(self) -> Iterator[tuple[int, int, str | None, str | None]]:
        """Row, instant, doer, contract named."""
        names = {str(r[0]): str(r[1]) for r in self.connection.execute(f"DESCRIBE {SOURCE}").fetchall()}
        if not {"type", "time"} <= set(names) or not names["type"].startswith(("VARCHAR", "ENUM")):
            return
        clock = "received" if "received" in names else "time"
        time = f"CAST({clock} AS {ZONED})" if names[clock] == ZONED_NANO else clock
        at = f"epoch_us({time})" if names[clock].startswith("TIMESTAMP") else clock
        by = '"by"' if "by" in names else "NULL"
        ended = "contract" if "contract" in names else "NULL"
        rows = self.connection.execute(
            f"SELECT file_row, {at}, {by}, {ended} FROM {SOURCE} WHERE type = 'termination'"
            f" AND time IS NOT NULL AND {clock} IS NOT NULL"
        ).fetchall()
        yield from ((int(r[0]), int(r[1]), r[2], r[3]) for r in rows)


def parts_of(path: Path) -> list[Path]:
    """Raises TableFault."""
    parts = sorted(path.glob(f"*{PARQUET}")) if path.is_dir() else [path]
    if not parts:
        raise TableFault("unreadable", reason="no file of the folder ends in .parquet")
    return parts


def is_parquet(path: Path) -> bool:
    return path.suffix == PARQUET or path.is_dir()


def _parquet(connection: duckdb.DuckDBPyConnection, parts: list[Path]) -> Opened:
    names = [str(p) for p in parts]
    _alike(connection, parts)
    statistics = connection.execute(
        "SELECT file_name, path_in_schema, sum(stats_null_count), min(stats_null_count IS NULL),"
        " min(stats_min_value), max(stats_max_value), sum(row_group_num_rows), max(type)"
        " FROM parquet_metadata(?) GROUP BY ALL", [names],
    ).fetchall()  # fmt: skip
    counted = connection.execute("SELECT file_name, num_rows FROM parquet_file_metadata(?)", [names])
    rows: dict[str, int] = dict(counted.fetchall())
    _view(connection, names, rows)
    return Opened(
        connection,
        _never_null(statistics),
        _ranges(connection, names),
        digest_of(parts),
        _spans(connection, names),
        _constants(connection, names),
        sum(rows.values()),
    )


def _alike(connection: duckdb.DuckDBPyConnection, parts: list[Path]) -> None:
    """Parts of one table have the same columns of the same types; none is converted, none left out."""
    first: list[tuple[object, ...]] | None = None
    for part in parts:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(part)]).fetchall()
        columns = sorted(tuple(row[:2]) for row in described)
        if first is not None and columns != first:
            raise TableFault("unreadable", reason=f"{part.name} has other columns than {parts[0].name}")
        first = columns


def _view(connection: duckdb.DuckDBPyConnection, names: list[str], rows: Mapping[str, int]) -> None:
    """Rows are numbered through all parts."""
    if len(names) == 1:
        relation = connection.read_parquet(names[0], file_row_number=True)
        relation.create_view("parts", replace=True)
        columns = "* EXCLUDE (file_row_number), file_row_number AS file_row"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS SELECT {columns} FROM parts")
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


def _spans(connection: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, tuple[int, int]]:
    """Of instants: the first and the last, in microseconds. A time of another zone is not read."""
    ends = ("stats_min_value", "stats_max_value")
    instants = [
        f"CASE WHEN regexp_full_match({e}, '[0-9 :.-]*([+]00)?') THEN TRY_CAST({e} AS TIMESTAMP) END" for e in ends
    ]
    found = connection.execute(
        f"SELECT path_in_schema, min(epoch_us({instants[0]})), max(epoch_us({instants[1]})),"
        f" bool_and({instants[0]} IS NOT NULL AND {instants[1]} IS NOT NULL)"
        " FROM parquet_metadata(?) WHERE path_in_schema IN ('time', 'received') GROUP BY path_in_schema", [names],
    ).fetchall()  # fmt: skip
    return {str(name): (int(low), int(high)) for name, low, high, sure in found if sure}


def _constants(connection: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, str]:
    """Columns that have one text in all rows."""
    found = connection.execute(
        "SELECT path_in_schema, min(stats_min_value), max(stats_max_value),"
        " bool_and(stats_null_count = 0 AND stats_min_value IS NOT NULL AND min_is_exact AND max_is_exact)"
        " FROM parquet_metadata(?) WHERE path_in_schema IN ('type', 'by') AND row_group_num_rows > 0"
        " GROUP BY path_in_schema", [names],
    ).fetchall()  # fmt: skip
    return {str(name): str(low) for name, low, high, sure in found if sure and low == high}


def digest_of(parts: list[Path]) -> str:
    """Of the bytes of all parts, in their order."""
    found = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            while piece := file.read(_PIECE):
                found.update(piece)
    return f"sha256:{found.hexdigest()}"
