"""Rows written to a file, whole or not at all: Parquet, or lines of JSON."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from smartclause.engines.sql.faults import TableFault

PARQUET = ".parquet"


def write_rows(connection: duckdb.DuckDBPyConnection, path: Path, query: str) -> None:
    """The rows of a query, in its order. Raises TableFault where the file cannot be written, OSError, duckdb.Error."""
    form = "FORMAT parquet, COMPRESSION zstd" if path.suffix == PARQUET else "FORMAT json"
    with taking_its_name(path) as draft:
        try:
            connection.execute(f"COPY ({query}) TO ? ({form})", [str(draft)])
        except duckdb.IOException as error:
            reason = str(error).splitlines()[0].rpartition(": ")[2]  # what the system says, without its paths
            raise TableFault("unwritable", name=path.name, reason=reason) from None


@contextmanager
def taking_its_name(path: Path) -> Iterator[Path]:
    """A draft beside the file, which takes its name once all of it is written, and goes away otherwise."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield draft
        _settle(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
