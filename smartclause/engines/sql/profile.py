"""What a table holds, before any act is judged: which types by whom, what is missing, what cannot be read.

What the profile settles, the statements need not ask of every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import duckdb
from sqlglot import exp

from smartclause.engines.sql.pieces import Sql, column, either, inverse, is_null, named, selected, source

SOURCE = "source"
HEADS = ("type", "time", "by", "to", "asset", "id", "received", "facts", "file_row")
DIALECT = "duckdb"


@dataclass(frozen=True, slots=True)
class TypeCount:
    """Rows of one type by one doer, and how many of them state each fact that was counted."""

    type: str | None
    by: str | None
    rows: int
    stated: Mapping[str, int]


@dataclass(frozen=True)
class Profile:
    """`columns` with their types as the engine names them; `never_null` as the file itself says."""

    columns: Mapping[str, str]
    facts: Mapping[str, str]  # by name of the fact: of a column, or of a member of `facts`
    counts: tuple[TypeCount, ...] = ()
    timeless: int = 0
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    never_null: frozenset[str] = frozenset()
    span: tuple[int, int] | None = None  # of the instants, as the file itself says

    @property
    def clock(self) -> str:
        """The column of the instants: when a row was received, if the table says so."""
        return "received" if "received" in self.columns else "time"

    @property
    def never_timeless(self) -> bool:
        """As the file itself says."""
        return {"time", self.clock} <= self.never_null

    def without_time(self) -> Sql:
        """A condition of rows that cannot be placed."""
        return either(*(is_null(column(name)) for name in dict.fromkeys(("time", self.clock))))

    @property
    def rows(self) -> int:
        return sum(c.rows for c in self.counts)

    def types(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.type for c in self.counts if c.type is not None))

    def doers(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for each in self.counts:
            if each.type is not None:
                found.setdefault(each.type, set()).add(each.by or "")
        return {kind: frozenset(by) for kind, by in found.items()}

    def stated(self, name: str, types: Iterable[str]) -> int:
        wanted = frozenset(types)
        return sum(c.stated.get(name, 0) for c in self.counts if c.type in wanted)

    def rows_of(self, types: Iterable[str]) -> int:
        wanted = frozenset(types)
        return sum(c.rows for c in self.counts if c.type in wanted)


def fact(profile: Profile, name: str) -> Sql | None:
    """Where the value of a fact stands, if the table has it."""
    if name not in profile.facts:
        return None
    if "facts" in profile.columns and name not in profile.columns:
        return exp.Dot(this=column("facts"), expression=exp.Identifier(this=name, quoted=True))
    return column(name)


def columns_of(connection: duckdb.DuckDBPyConnection) -> Profile:
    """Only the names and types."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {SOURCE}").fetchall()
    columns = {str(row[0]): str(row[1]) for row in described}
    facts = {n: t for n, t in columns.items() if n not in HEADS}
    if columns.get("facts", "").startswith("STRUCT"):
        members = connection.execute(f"DESCRIBE SELECT UNNEST(facts) FROM {SOURCE}").fetchall()
        facts |= {str(row[0]): str(row[1]) for row in members}
    return Profile(columns, facts)


def counted(connection: duckdb.DuckDBPyConnection, profile: Profile, names: Iterable[str], timed: bool) -> Profile:
    """With the rows of each type by each doer, and how many state the facts named. `timed`: no time is missing."""
    wanted = tuple(n for n in dict.fromkeys(names) if n in profile.facts)
    by = column("by") if "by" in profile.columns else exp.cast(exp.Null(), "VARCHAR")
    counts: list[Sql] = [named(exp.Count(this=exp.Star()), "rows")]
    for number, name in enumerate(wanted):
        value = fact(profile, name)
        assert value is not None
        counts.append(named(exp.Count(this=value), f"s{number}"))
    missing = exp.CountIf(this=profile.without_time()) if not timed else exp.Literal.number(0)
    counts.append(named(missing, "timeless"))
    heads = [named(column("type"), "type"), named(by, "by")]
    query = selected([*heads, *counts], source(SOURCE)).group_by(
        exp.Literal.number(1), exp.Literal.number(2), copy=False
    )
    rows = connection.execute(query.sql(DIALECT)).fetchall()
    found = tuple(TypeCount(r[0], r[1] or None, r[2], dict(zip(wanted, r[3:-1], strict=True))) for r in rows)
    timeless = sum(r[-1] for r in rows)
    return replace(profile, counts=found, timeless=timeless)


def days_of(connection: duckdb.DuckDBPyConnection, profile: Profile, day: Sql) -> list[int]:
    """The distinct days of the rows, as whole numbers."""
    there = inverse(profile.without_time())
    query = selected([named(day, "day")], source(SOURCE)).where(there, copy=False).distinct(copy=False)
    return sorted(int(r[0]) for r in connection.execute(query.sql(DIALECT)).fetchall())
