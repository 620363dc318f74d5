"""Every duty of a table as a row: what opened it, for which keys, when it is due, how it stands and since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from smartclause.engines.sql.begun import Sentence
from smartclause.engines.sql.pieces import FOREVER
from smartclause.engines.sql.table_next import CURED, WORDS
from smartclause.engines.sql.writing import write_rows
from smartclause.logic.force import BEGINNING
from smartclause.logic.instances import Instance

INSTANCES, STOOD, STOOD_APART = "duty instances", "stood", "stood apart"
COLUMNS = (
    ("clause", "VARCHAR"), ("sentence", "BIGINT"), ("party", "VARCHAR"), ("recipient", "VARCHAR"),
    ("keys", "MAP(VARCHAR, VARCHAR)"), ("row", "BIGINT"), ("start", "BIGINT"), ("due", "BIGINT"),
    ("due_latest", "BIGINT"), ("status", "VARCHAR"), ("since", "BIGINT"), ("answered_row", "BIGINT"),
    ("answered_at", "BIGINT"),
)  # fmt: skip
_TYPES = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "MAP(VARCHAR, VARCHAR)": pa.map_(pa.string(), pa.string())}
_SCHEMA = pa.schema([(name, _TYPES[kind]) for name, kind in COLUMNS])
_VIOLATED = WORDS.index("violated")
INSTANTS = ("start", "due", "due_latest", "since", "answered_at")


@dataclass(frozen=True)
class DutyRows:
    """`row` and `answered_row` are numbers of rows, from one; `due_latest` is missing where no end is known."""

    connection: duckdb.DuckDBPyConnection
    name: str = INSTANCES

    def begin(self) -> DutyRows:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS)
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{self.name}" ({columns})')
        return self

    def take(self, sentence: Sentence, relation: str) -> str:
        """The relation that has these instances, kept."""
        duty = sentence.duty
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{STOOD}" AS SELECT * FROM {relation}')
        keys = ", ".join(f"CAST(k{n} AS VARCHAR)" for n, _ in enumerate(duty.keys))
        columns = (
            "?", "?", "?", "?", f"MAP(CAST(? AS VARCHAR[]), CAST([{keys}] AS VARCHAR[]))", "n + 1",
            f"CASE WHEN start > {BEGINNING} THEN start END", "early", f"CASE WHEN late < {FOREVER} THEN late END",
            "CAST(? AS VARCHAR[])[status + 1]", f"CASE WHEN status IN ({_VIOLATED}, {CURED}) THEN late END",
            "CAST(answered AS BIGINT) + 1", "answered_at",
        )  # fmt: skip
        said = [sentence.clause.id, duty.number, duty.party, duty.recipient or None, list(duty.keys), list(WORDS)]
        self.connection.execute(f'INSERT INTO "{self.name}" SELECT {", ".join(columns)} FROM "{STOOD}"', said)
        return f'"{STOOD}"'

    def add(self, instances: Iterable[Instance]) -> None:
        """Those that were not followed by SQL."""
        rows = pa.Table.from_pylist([row_of(each) for each in instances], _SCHEMA)
        self.connection.register(STOOD_APART, rows)
        self.connection.execute(f'INSERT INTO "{self.name}" SELECT * FROM "{STOOD_APART}"')
        self.connection.unregister(STOOD_APART)

    def forget(self, sentence: Sentence) -> None:
        """Of a duty that turns out not to be followed."""
        place = [sentence.clause.id, sentence.duty.number]
        self.connection.execute(f'DELETE FROM "{self.name}" WHERE clause = ? AND sentence = ?', place)

    def write(self, path: Path) -> None:
        """Whole, or not at all."""
        self.connection.execute("SET TimeZone = 'UTC'")
        write_rows(self.connection, path, self.query(path.suffix))

    def query(self, suffix: str) -> str:
        told = ", ".join(_told(name, suffix) for name, _ in COLUMNS)
        return f'SELECT {told} FROM "{self.name}" ORDER BY "row", clause, sentence, start, due'


def row_of(each: Instance) -> dict[str, Any]:
    keys = [(name, None if value is None else str(value)) for name, value in each.keys]
    answered = int(each.answered) + 1 if each.answered else None
    return {
        "clause": each.clause, "sentence": each.sentence, "party": each.party, "recipient": each.recipient or None,
        "keys": keys, "row": int(each.trigger) + 1 if each.trigger else None,
        "start": each.start if each.start > BEGINNING else None, "due": each.due.earliest,
        "due_latest": each.due.latest, "status": each.status.value, "since": each.since, "answered_row": answered,
        "answered_at": each.answered_at,
    }  # fmt: skip


def _told(name: str, suffix: str) -> str:
    if name not in INSTANTS:
        return f'"{name}"'
    at = f'make_timestamp("{name}")'
    if suffix == ".parquet":
        return f'CAST({at} AS TIMESTAMPTZ) AS "{name}"'
    seconds, parts = f"strftime({at}, '%Y-%m-%dT%H:%M:%S')", f"rtrim(strftime({at}, '.%f'), '.0')"
    return f"{seconds} || {parts} || 'Z' AS \"{name}\""
