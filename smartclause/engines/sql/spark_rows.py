"""A table that Spark reads, for the audit that was written for an embedded database: what its files say of themselves
is read here, every question to the rows goes to Spark. Statements come as text, are read back as trees, and are
written in the dialect of Spark; one that is none of the few kinds known here is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from sqlglot import exp

from smartclause.engines.sql.column_types import instant_of
from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.pieces import column, either, is_null, whole
from smartclause.engines.sql.profile import DIALECT, SOURCE, columns_of
from smartclause.engines.sql.sources import Opened
from smartclause.engines.sql.spark import Spark, written
from smartclause.engines.sql.writing import PARQUET, taking_its_name
from smartclause.logic.counting import Instant
from smartclause.rails.refused import CannotDo

BATCH = 10_000
_NANO = ("TIMESTAMP_NS", "TIMESTAMPTZ_NS")


@dataclass
class Found:
    """What a statement answered."""

    rows: list[tuple[Any, ...]]
    read: int = 0

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]:
        begin, self.read = self.read, self.read + size
        return self.rows[begin : self.read]

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None


@dataclass(frozen=True)
class SparkRows:
    """`files` is a database in this process that is asked of files, never of rows."""

    spark: Spark
    files: duckdb.DuckDBPyConnection

    def register(self, name: str, rows: pa.Table) -> None:
        self.spark.give(name, rows)

    def execute(self, text: str, values: Sequence[object] | None = None) -> Found:
        """Raises CannotDo for a statement of another kind."""
        statement = sqlglot.parse_one(text, read=DIALECT)
        match statement:
            case exp.Describe():
                return Found(self.files.execute(text).fetchall())
            case exp.Copy():
                path = Path(str((values or [""])[0]))
                self._write(_unpacked(statement.this), path, "parquet" in text.lower())
                return Found([])
            case exp.Create():
                self._create(statement)
                return Found([])
            case exp.Select() | exp.SetOperation() | exp.Subquery() if not values:
                with self.spark.answer(statement) as frame:
                    return Found([tuple(row) for row in frame.collect()])
            case _:
                raise CannotDo(f"{type(statement).__name__} on Spark", "")

    def interrupt(self) -> None:
        self.spark.session.sparkContext.cancelAllJobs()

    def _create(self, statement: exp.Create) -> None:
        query, name = statement.expression, statement.this.name
        if statement.kind == "TABLE":
            self.spark.keep(name, query)
        else:
            self.spark.show(name, query)

    # ---- answers in a file

    def _write(self, query: exp.Expression, path: Path, parquet: bool) -> None:
        """In the order of the query, a piece of it in memory at a time."""
        with self.spark.answer(query) as frame:
            schema = pa.schema([(name, _ARROW.get(kind, pa.string())) for name, kind in frame.dtypes])
            with _lines_or_parquet(path, schema if parquet else None) as write:
                write(row.asDict() for row in frame.toLocalIterator())


_ARROW = {"bigint": pa.int64(), "int": pa.int32(), "boolean": pa.bool_()}
_Rows = Iterable[dict[str, Any]]


@contextmanager
def row_writer(path: Path, schema: pa.Schema) -> Iterator[Callable[[_Rows], None]]:
    """Writes rows into a file by its name, whole or not at all."""
    with taking_its_name(path) as draft, _lines_or_parquet(draft, schema if path.suffix == PARQUET else None) as write:
        yield write


@contextmanager
def _lines_or_parquet(path: Path, schema: pa.Schema | None) -> Iterator[Callable[[_Rows], None]]:
    if schema is None:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield lambda rows: file.writelines(_line(row) for row in rows)
        return
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        yield lambda rows: _batches(writer, rows, schema)


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def _batches(writer: Any, rows: _Rows, schema: pa.Schema) -> None:
    every = iter(rows)
    while batch := list(islice(every, BATCH)):
        writer.write_table(pa.Table.from_pylist(batch, schema))


def _unpacked(query: exp.Expression) -> exp.Expression:
    return query.this if isinstance(query, exp.Subquery | exp.Paren) else query


# ---- the rows


def opened(rows: SparkRows, file: Opened, parts: Sequence[Path], at: Instant | None) -> Opened:
    """Shows the rows of an opened file to Spark, those that had been received. Raises TableFault."""
    columns = columns_of(rows.files).columns
    nano = next((name for name, kind in columns.items() if kind in _NANO), None)
    if nano is not None:
        raise TableFault(
            "wrong type", column=nano, found=columns[nano], kind="time in microseconds", wanted="TIMESTAMP"
        )  # fmt: skip
    frame = _parquet(rows, parts) if parts else rows.spark.session.createDataFrame(_kept(rows.files))
    frame = frame.selectExpr(*(_plain(name, kind) for name, kind in frame.dtypes))
    name = "received" if "received" in columns else "time"
    if at is not None and name in columns:
        seen = exp.LTE(this=instant_of(column(name), name, columns[name]), expression=whole(at))
        frame = frame.where(written(either(seen, is_null(column(name)))))
    frame.createOrReplaceTempView(SOURCE)
    return _Opened(rows.files, shown=rows, **_said(file, at))


def _said(file: Opened, at: Instant | None) -> dict[str, Any]:
    """What the files say of themselves is true of all rows; which rows there are, only without a limit."""
    said = {name: getattr(file, name) for name in ("never_null", "ranges", "digest", "spans", "rows")}
    return {**said, "constants": {} if at is not None else file.constants}


@dataclass(frozen=True)
class _Opened(Opened):
    shown: SparkRows | None = None

    def terminations(self) -> Iterator[tuple[int, int, str | None, str | None]]:
        assert self.shown is not None
        columns = columns_of(self.shown.files).columns
        if not {"type", "time"} <= set(columns) or columns["type"] != "VARCHAR":
            return
        clock = "received" if "received" in columns else "time"
        at = instant_of(column(clock), clock, columns[clock])
        by, ended = (f"`{n}`" if n in columns else "NULL" for n in ("by", "contract"))
        frame = self.shown.spark.session.sql(
            f"SELECT file_row, {written(at)}, {by}, {ended} FROM {SOURCE}"
            f" WHERE type = 'termination' AND time IS NOT NULL AND {clock} IS NOT NULL ORDER BY 1"
        )
        yield from (tuple(row) for row in frame.collect())


def _kept(files: duckdb.DuckDBPyConnection) -> pa.Table:
    found = files.table(SOURCE).to_arrow_table()
    assert isinstance(found, pa.Table)
    return found


def _parquet(rows: SparkRows, parts: Sequence[Path]) -> Any:
    """Rows are numbered through all parts."""
    counted = rows.files.execute(
        "SELECT file_name, num_rows FROM parquet_file_metadata(?)", [[str(p) for p in parts]]
    )  # fmt: skip
    lengths: dict[str, int] = dict(counted.fetchall())
    found, before = None, 0
    for part in parts:
        frame = rows.spark.session.read.parquet(part.resolve().as_uri())
        frame = frame.selectExpr("*", f"_metadata.row_index + {before}L AS file_row")
        found = frame if found is None else found.union(frame)
        before += lengths[str(part)]
    return found


def _plain(name: str, kind: str) -> str:
    quoted = f"`{name.replace('`', '``')}`"
    return f"CAST({quoted} AS TIMESTAMP) AS {quoted}" if kind == "timestamp_ntz" else quoted
