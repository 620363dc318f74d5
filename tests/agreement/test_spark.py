"""The same trees on Spark as on DuckDB: the same answers, for contracts with a long history each, in one session.

`AGREEMENT_SPARK` sets how many contracts are tried (a few by default: Spark takes seconds to plan each of them).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from smartclause.rails.refused import CannotDo
from tests.agreement.answers import in_order, owes_of
from tests.agreement.contracts import contract_of
from tests.agreement.worlds import Case, Historian

CONTRACTS = int(os.environ.get("AGREEMENT_SPARK", "3"))
RECORDS = int(os.environ.get("AGREEMENT_SPARK_RECORDS", "1000"))

pytest.importorskip("pyspark", reason="pip install 'smartclause[spark]' to try Spark")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java 17 or later", allow_module_level=True)

from smartclause.engines.sql.acts import acts  # noqa: E402
from smartclause.engines.sql.duck import Duck  # noqa: E402
from smartclause.engines.sql.duty_rows import duties  # noqa: E402
from smartclause.engines.sql.spark import Spark, local_session  # noqa: E402


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    session = local_session()
    session.sparkContext.setLogLevel("OFF")
    yield Spark(session)
    session.stop()


def cases() -> Iterator[Case]:
    """Histories of one length, each under a contract of its own."""
    seed = 0
    while True:
        case = Historian(contract_of(seed), f"{seed}/spark").case(RECORDS)
        seed += 1
        if len(case.records) >= RECORDS // 2:
            yield case


def test_spark_answers_like_duckdb(spark: Spark) -> None:
    import duckdb

    tried = 0
    with duckdb.connect() as connection:
        duck = Duck(connection)
        for case in cases():
            world = case.world()
            try:
                told = acts(world, duck)
                owed = in_order([owes_of(i) for i in duties(world, duck, case.asked)])
            except CannotDo:
                continue
            assert acts(world, spark) == told, case.seed
            assert in_order([owes_of(i) for i in duties(world, spark, case.asked)]) == owed, case.seed
            tried += 1
            if tried == CONTRACTS:
                return
