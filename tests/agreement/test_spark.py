"""The same trees on Spark as on DuckDB: the same answers, for contracts with a long history each, in one session.

`AGREEMENT_SPARK` sets how many contracts are tried, `AGREEMENT_SPARK_TABLES` how many tables (few by default: Spark
takes seconds to plan each of them).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from smartclause.engines.sql.acts import acts
from smartclause.engines.sql.duck import Duck
from smartclause.engines.sql.duty_rows import duties
from smartclause.engines.sql.sources import Opened
from smartclause.engines.sql.spark import Spark
from smartclause.engines.sql.spark_rows import SparkRows
from smartclause.engines.sql.spark_rows import opened as shown
from smartclause.engines.sql.table import TableAudit
from smartclause.engines.sql.table_duties import TableDuties
from smartclause.rails.refused import CannotDo
from smartclause.verbs.audit import audit
from tests.agreement.answers import in_order, owes_of
from tests.agreement.contracts import contract_of
from tests.agreement.tabled import WAYS, _world, in_rows, opened, without_duties
from tests.agreement.worlds import Case, Historian
from tests.engines.spark_setting import needed, session
from tests.verbs.audits import same, taken_over
from tests.verbs.samples import HOUR, Setting, use

CONTRACTS = int(os.environ.get("AGREEMENT_SPARK", "2"))
RECORDS = int(os.environ.get("AGREEMENT_SPARK_RECORDS", "1000"))

needed()


@pytest.fixture(scope="module")
def spark() -> Spark:
    return Spark(session())


def cases() -> Iterator[Case]:
    """Histories of at least so many records, each under a contract of its own."""
    for seed in count():
        for times in (1, 2, 4):
            case = Historian(contract_of(seed), f"{seed}/spark").case(times * RECORDS)
            if len(case.records) >= RECORDS:
                yield case
                break


def test_spark_answers_like_duckdb(spark: Spark) -> None:
    """Of each act: verdict, clauses, every leaf, reasons; of each duty: state, instants, answer."""
    tried = 0
    with duckdb.connect() as connection:
        for case in cases():
            world, began = case.world(), time.monotonic()
            try:
                told = acts(world, Duck(connection))
                owed = in_order([owes_of(i) for i in duties(world, Duck(connection), case.asked)])
            except CannotDo:
                continue
            assert acts(world, spark) == told, case.seed
            assert in_order([owes_of(i) for i in duties(world, spark, case.asked)]) == owed, case.seed
            tried += 1
            seconds = time.monotonic() - began
            counts = f"{len(case.records)} events, {len(told)} acts, {len(owed)} duties"
            print(f"{tried} {case.seed}: {counts}, {seconds:.1f} s")
            if tried == CONTRACTS:
                return


TABLES = int(os.environ.get("AGREEMENT_SPARK_TABLES", "1"))


def test_tables_are_audited_by_spark_as_by_duckdb(spark: Spark) -> None:
    """Figures, what is open, what is no record, each use, duties by status; in lines, one file, parts."""
    for seed in range(7, 7 + TABLES):
        case = in_rows(Historian(contract_of(seed), f"{seed}/table").case(60), Random(seed))
        with opened(case, WAYS[seed % len(WAYS)]) as (connection, file, folder):
            here = table_told(case, connection, file, folder)
            rows: Any = SparkRows(spark, connection)
            parts = sorted((folder / "in").glob("*.parquet"))
            assert table_told(case, rows, shown(rows, file, parts, None), folder) == here, case.seed


def table_told(case: Case, connection: Any, file: Opened, folder: Path) -> list[Any]:
    plainer = replace(case, contract=without_duties(case.contract))
    audit = TableAudit(_world(plainer), connection, attested=True)
    prepared = audit.prepared(file)
    audit.write(prepared, folder / "told.parquet")
    figures = audit.figures(prepared, reasons=True)
    duties_told = TableDuties(_world(case), connection, prepared.profile, case.asked, True).figures()
    uses = pq.read_table(folder / "told.parquet").to_pylist()
    return [replace(figures, reasons=()), sorted(map(str, figures.reasons)), uses, duties_told]


def test_a_signed_ledger_is_audited_by_spark_as_by_the_reference(spark: Spark, tmp_path: Path) -> None:
    """In JSON, as a page and as text."""
    del spark  # the session of this process is the one that is used
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    for number in range(3):
        setting.clock.now += HOUR
        setting.record(setting.envelope("B", "C", **use(facts={"samples": 400})))
        setting.record(setting.envelope("A", type="voice_data.incident", facts={"case_number": f"c{number}"}))
    found, wanted = (
        audit(setting.path, setting.ledger, trust=setting.trust, closed=True, clock=setting.clock, engine=engine)
        for engine in ("spark", "reference")
    )
    assert found.engine == "spark"
    assert not taken_over(found)
    same(replace(found, engine="duckdb"), wanted)
