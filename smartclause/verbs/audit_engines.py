"""What judges an audit of signed records: the reference, or a database that is opened for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smartclause.engines.audit import Engine

if TYPE_CHECKING:
    from smartclause.engines.sql.database import Database

MANY = 10_000  # events from which what SQL saves is worth opening a database, where not every act is explained


def quickest(events: int) -> Engine:
    """For an answer that explains the acts it shows, and no more."""
    return "duckdb" if events >= MANY else "reference"


@contextmanager
def database_of(engine: Engine, master: str = "") -> Iterator[Database | None]:
    """None of the reference. Raises VerbError."""
    match engine:
        case "reference":
            yield None
        case "duckdb":
            from smartclause.verbs.audit_by_sql import embedded

            with embedded() as database:
                yield database
        case "spark":
            from smartclause.verbs.audit_on_spark import on_spark

            with on_spark(master) as session:
                yield session
