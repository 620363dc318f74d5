"""Every duty of a table that Spark reads as a row, in the same columns as of the embedded database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from smartclause.engines.sql.begun import Sentence
from smartclause.engines.sql.duties import STATUSES
from smartclause.engines.sql.duty_told import COLUMNS, INSTANTS, DutyRows, row_of
from smartclause.engines.sql.pieces import FOREVER
from smartclause.engines.sql.spark_rows import SparkRows, row_writer
from smartclause.engines.sql.table_next import CURED, WORDS
from smartclause.logic.force import BEGINNING
from smartclause.logic.instances import Instance
from smartclause.logic.instants import format_instant

_Place = tuple[str, int]
_TYPES = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "MAP(VARCHAR, VARCHAR)": pa.map_(pa.string(), pa.string())}
_SPARK = {"VARCHAR": "string", "MAP(VARCHAR, VARCHAR)": "map<string,string>"}
_KEYS = [name for name, _ in COLUMNS].index("keys")
_AT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema([(name, _AT if name in INSTANTS else _TYPES[kind]) for name, kind in COLUMNS])
_ORDER = ("row", "clause", "sentence", "start", "due")


@dataclass(frozen=True)
class SparkDutyRows(DutyRows):
    """`frames`: what was kept of each sentence."""

    rows: SparkRows | None = None
    frames: dict[_Place, list[Any]] = field(default_factory=dict)

    def begin(self) -> DutyRows:
        self.frames.clear()
        return self

    def take(self, sentence: Sentence, relation: str) -> str:
        assert self.rows is not None
        place = (sentence.clause.id, sentence.duty.number)
        kept = self.frames.setdefault(place, [])
        name = f"stood {len(self.frames)} {len(kept)}"
        self.rows.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT * FROM {relation}')
        kept.append(_told(self.rows.spark.session.table(f"`{name}`"), sentence))
        return f'"{name}"'

    def add(self, instances: Iterable[Instance]) -> None:
        assert self.rows is not None
        rows = [tuple(row_of(each)[name] for name, _ in COLUMNS) for each in instances]
        kept = [(*row[:_KEYS], dict(row[_KEYS]), *row[_KEYS + 1 :]) for row in rows]
        if kept:
            fields = ", ".join(f"{name} {_SPARK.get(kind, kind.lower())}" for name, kind in COLUMNS)
            self.frames["", 0] = [self.rows.spark.session.createDataFrame(kept, fields)]

    def forget(self, sentence: Sentence) -> None:
        self.frames.pop((sentence.clause.id, sentence.duty.number), None)

    def write(self, path: Path) -> None:
        """Whole, or not at all."""
        from pyspark.sql import functions as f

        frames = [frame for kept in self.frames.values() for frame in kept]
        every = frames[0]
        for frame in frames[1:]:
            every = every.union(frame)
        order = [f.col(name).asc_nulls_last() for name in _ORDER]
        with row_writer(path, SCHEMA) as write:
            write(_plain(row.asDict(), path.suffix) for row in every.orderBy(*order).toLocalIterator())


def _told(frame: Any, sentence: Sentence) -> Any:
    from pyspark.sql import functions as f

    def text(value: str) -> Any:
        return f.lit(value or None).cast("string")

    duty = sentence.duty
    keys = [f.lit(name) for name in duty.keys]
    stated = [f.col(f"k{n}").cast("string") for n, _ in enumerate(duty.keys)]
    no_keys = f.lit(None).cast("map<string,string>")
    words = f.element_at(f.array(*map(f.lit, WORDS)), (f.col("status") + 1).cast("int"))
    late = f.when(f.col("late") < FOREVER, f.col("late"))
    columns = (
        text(sentence.clause.id), f.lit(duty.number).cast("bigint"), text(duty.party), text(duty.recipient),
        f.map_from_arrays(f.array(*keys), f.array(*stated)) if keys else no_keys, f.col("n") + 1,
        f.when(f.col("start") > BEGINNING, f.col("start")), f.col("early"), late, words,
        f.when(f.col("status").isin(STATUSES.index("violated"), CURED), f.col("late")),
        f.col("answered").cast("bigint") + 1, f.col("answered_at"),
    )  # fmt: skip
    return frame.select(*(value.alias(name) for value, (name, _) in zip(columns, COLUMNS, strict=True)))


def _plain(row: dict[str, Any], suffix: str) -> dict[str, Any]:
    def cells() -> Iterator[tuple[str, Any]]:
        for name, value in row.items():
            if value is not None and name in INSTANTS and suffix != ".parquet":
                yield name, format_instant(value)
            elif isinstance(value, dict) and suffix == ".parquet":
                yield name, list(value.items())
            else:
                yield name, value

    return dict(cells())
