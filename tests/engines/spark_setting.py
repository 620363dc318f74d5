"""Spark for tests: one session in each process of tests, small and without noise; skipped with a reason where it
cannot be had."""

from __future__ import annotations

import atexit
from functools import cache
from typing import Any

import pytest

from smartclause.engines.sql.spark_start import SparkFault, need_java, session_of

SETTINGS = {
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}  # plans are run as they are: to compile them takes longer than a few rows do


def needed() -> None:
    pytest.importorskip("pyspark", reason="pip install 'smartclause[spark]' to try Spark")
    try:
        need_java()
    except SparkFault as fault:
        told = "Spark needs Java 17 or newer (apt-get install default-jre-headless)"
        pytest.skip(f"{told}: {fault.kind}", allow_module_level=True)


@cache
def session() -> Any:
    """Lives as long as the process: to start it takes seconds."""
    kept = session_of("local[2]", SETTINGS)
    session_here = kept.__enter__()
    atexit.register(kept.__exit__, None, None, None)
    return session_here
