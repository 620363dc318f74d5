"""Spark for tests: one session in each process of tests, small and without noise; skipped with a reason where it
cannot be had."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from typing import Any

import pytest

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
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer (apt-get install default-jre-headless)", allow_module_level=True)


@cache
def session() -> Any:
    """Lives as long as the process: to start it takes seconds."""
    from smartclause.engines.sql.spark_start import session_of

    kept = session_of("local[2]", SETTINGS)
    session_here = kept.__enter__()
    atexit.register(kept.__exit__, None, None, None)
    return session_here
