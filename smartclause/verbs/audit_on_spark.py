"""Spark as the database of an audit of signed records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from smartclause.engines.sql.spark import Spark
from smartclause.verbs.table_spark import spark_session


@contextmanager
def on_spark(master: str) -> Iterator[Spark]:
    """`master` empty: what Spark's own settings say, or else this machine. Raises VerbError VB59, VB60, VB61, VB62."""
    with spark_session(master) as session:
        yield Spark(session)
