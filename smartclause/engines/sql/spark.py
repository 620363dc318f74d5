"""Spark: the same trees in its dialect, for tables that outgrow one machine. The session is the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.database import Row

DIALECT = "spark"


@dataclass(frozen=True)
class Spark:
    """`session` is a `pyspark.sql.SparkSession`."""

    session: Any

    def give(self, name: str, rows: pa.Table) -> None:
        self.session.createDataFrame(rows).createOrReplaceTempView(name)

    def keep(self, name: str, query: exp.Expression) -> None:
        """Kept as it is now: relations that it reads may get new rows under the same names."""
        kept = self.session.sql(written(query)).localCheckpoint()
        kept.createOrReplaceTempView(name)

    def ask(self, query: exp.Expression) -> list[Row]:
        return [row.asDict() for row in self.session.sql(written(query)).collect()]


def written(query: exp.Expression) -> str:
    """In the dialect of Spark, which decides for itself what it computes once."""
    plain = query.copy()
    for relation in plain.find_all(exp.CTE):
        relation.set("materialized", None)
    return plain.sql(DIALECT)


def local_session(cores: int = 2) -> Any:
    """A session in this process, for small tables and tests: plans are run as they are, since to compile them takes
    longer than the rows do."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.master(f"local[{cores}]").appName("smartclause")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
