"""A table as of an instant: only the rows that had been received."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from smartclause.engines.sql.column_types import instant_of
from smartclause.engines.sql.pieces import column, either, is_null, selected, source, whole
from smartclause.engines.sql.profile import DIALECT, SOURCE, columns_of
from smartclause.engines.sql.sources import Opened
from smartclause.logic.counting import Instant

ALL = "all rows"


def until(opened: Opened, at: Instant | None) -> Opened:
    """Rows without a time stay: they are counted among those that are not judged."""
    columns = columns_of(opened.connection).columns
    name = "received" if "received" in columns else "time"
    if at is None or name not in columns:
        return opened
    kind = "TABLE" if _is_table(opened) else "VIEW"
    opened.connection.execute(f'ALTER {kind} {SOURCE} RENAME TO "{ALL}"')
    instant = instant_of(column(name), name, columns[name])
    seen = either(exp.LTE(this=instant, expression=whole(at)), is_null(column(name)))
    query = selected([exp.Star()], source(ALL)).where(seen, copy=False)
    opened.connection.execute(f"CREATE TEMP VIEW {SOURCE} AS {query.sql(DIALECT)}")
    return replace(opened, constants={})


def _is_table(opened: Opened) -> bool:
    found = opened.connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [SOURCE])
    return found.fetchall() != [(0,)]
