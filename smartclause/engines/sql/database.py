"""What an audit asks of a database: to take relations, to keep answers, and to answer."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

import pyarrow as pa
from sqlglot import exp

Row: TypeAlias = dict[str, Any]


class Database(Protocol):
    """Statements come as trees; each database writes them in its own dialect."""

    @property
    def name(self) -> str:
        """For people."""

    def give(self, name: str, rows: pa.Table) -> None:
        """A relation of this name, in the place of an earlier one."""

    def keep(self, name: str, query: exp.Expression) -> None:
        """The answer as a relation of this name."""

    def ask(self, query: exp.Expression) -> list[Row]:
        """The answer, a row for each."""
