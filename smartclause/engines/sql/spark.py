"""Spark: the same trees in its dialect, for tables that outgrow one machine. The session is the caller's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.database import Row

DIALECT = "spark"

# What the statements rely on: an error where a number does not fit, names as they are written, instants in UTC. Facts
# inferred from the conditions of a plan help nobody here, and to infer them takes most of the planning.
MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.constraintPropagation.enabled": "false",
}


@dataclass(frozen=True)
class Spark:
    """`session` is a `pyspark.sql.SparkSession`."""

    session: Any

    @property
    def name(self) -> str:
        return "Spark"

    def give(self, name: str, rows: pa.Table) -> None:
        self.session.createDataFrame(rows).createOrReplaceTempView(quoted(name))

    def keep(self, name: str, query: exp.Expression) -> None:
        """Kept as it is now: relations that it reads may get new rows under the same names."""
        with self.answer(query) as found:
            found.localCheckpoint().createOrReplaceTempView(quoted(name))

    def show(self, name: str, query: exp.Expression) -> None:
        """As a relation of this name that is computed when it is read."""
        with self.answer(query) as found:
            found.createOrReplaceTempView(quoted(name))

    def ask(self, query: exp.Expression) -> list[Row]:
        with self.answer(query) as found:
            return [row.asDict() for row in found.collect()]

    @contextmanager
    def answer(self, query: exp.Expression) -> Iterator[Any]:
        """A frame of the answer. Relations that are read more than once are computed once: Spark would write them out
        at every place, and takes a minute to plan what comes of it."""
        relations, last = apart(query)
        used = Counter(t.name for tree in (last, *(r for _, r in relations)) for t in tree.find_all(exp.Table))
        try:
            for name, relation in relations:
                frame = self.session.sql(written(relation))
                frame = frame.localCheckpoint() if used[name] > 1 else frame
                frame.createOrReplaceTempView(quoted(name))
            yield self.session.sql(written(last))
        finally:
            for name, _ in relations:
                self.session.sql(f"DROP VIEW IF EXISTS {quoted(name)}")


def apart(query: exp.Expression) -> tuple[list[tuple[str, exp.Expression]], exp.Expression]:
    """The named relations of a statement and of its parts in their order, and what it asks of them. Parts may use one
    name for two relations: each gets a name of its own."""
    last = query.copy()
    found: list[tuple[str, exp.Expression]] = []
    parts = list(last.find_all(exp.With))
    for number, part in enumerate(parts):
        if len(parts) > 1:
            _rename(part, f" {number}")
    for part in reversed(parts):  # the inner ones first
        found += [(each.alias, each.this) for each in part.expressions]
    for part in parts:
        part.pop()
    return found, last


def _rename(part: exp.With, mark: str) -> None:
    names = {each.alias for each in part.expressions}
    scope = part.parent
    assert scope is not None
    for table in scope.find_all(exp.Table):
        if table.name in names and not table.db:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
            table.set("this", exp.to_identifier(table.name + mark, quoted=True))
    for each in part.expressions:
        each.set("alias", exp.TableAlias(this=exp.to_identifier(each.alias + mark, quoted=True)))


def in_its_words(query: exp.Expression) -> exp.Expression:
    """Functions of the embedded database as Spark has them. A list without what is missing in it is what both mean."""

    def translated(node: exp.Expression) -> exp.Expression:
        match node:
            case exp.ArrayDistinct():
                return _distinct(in_its_words(node.this))
            case exp.Anonymous() if node.name.upper() in _NAMES:
                return _NAMES[node.name.upper()](in_its_words(node.expressions[0]))  # what replaces is not entered
            case _:
                return node

    return query.transform(translated)


def _stated(value: exp.Expression) -> exp.Expression:
    """How many members are not missing."""
    return exp.ArraySize(this=exp.Anonymous(this="ARRAY_COMPACT", expressions=[value]))


def _distinct(value: exp.Expression) -> exp.Expression:
    kept = exp.Anonymous(this="ARRAY_COMPACT", expressions=[value])
    return exp.Anonymous(this="ARRAY_DISTINCT", expressions=[kept])


_NAMES: Mapping[str, Callable[[exp.Expression], exp.Expression]] = MappingProxyType(
    {
        "EPOCH_US": lambda value: exp.UnixMicros(this=exp.cast(value, "TIMESTAMPTZ")),
        "LIST_SORT": lambda value: exp.Anonymous(this="ARRAY_SORT", expressions=[value]),
        "LIST_DISTINCT": _distinct,
        "LIST_COUNT": _stated,
    }
)


def written(query: exp.Expression) -> str:
    """In the dialect of Spark, which decides for itself what it computes once."""
    plain = in_its_words(query)
    for relation in plain.find_all(exp.CTE):
        relation.set("materialized", None)
    return plain.sql(DIALECT)


def quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(DIALECT)
