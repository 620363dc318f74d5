"""One body, every engine: on generated contracts and histories all answer like the reference.

What is compared: verdicts, every leaf, the status of every clause, every duty with its instants, and the reasons.
`AGREEMENT_CONTRACTS` and `AGREEMENT_FIRST` set how many contracts are tried, and from which seed on.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest

from smartclause.rails.refused import CannotDo
from tests.agreement.comparing import differences
from tests.agreement.engines import DUCKDB, ENGINES, REFERENCE, Answers, Engine
from tests.agreement.gaps import GAPS
from tests.agreement.shrinking import shrunk
from tests.agreement.telling import told
from tests.agreement.worlds import Case, Historian, case_of, contract_of

CONTRACTS = int(os.environ.get("AGREEMENT_CONTRACTS", "400"))
FIRST = int(os.environ.get("AGREEMENT_FIRST", "0"))
HISTORIES = 5  # of each contract
PORTION = 25  # contracts in one test
TABLES = max(CONTRACTS // 30, 1)  # contracts whose histories are audited as tables: each statement is planned anew
ROWS = 40


def agree(cases: list[Case], engines: Iterable[Engine]) -> None:
    wanted = [a for a in REFERENCE.batch(cases) if isinstance(a, Answers)]
    for engine in engines:
        for case, difference in differences(engine, cases, wanted):
            pytest.fail(told(shrunk(case, engine), engine, difference), pytrace=False)


@pytest.mark.parametrize("first", range(FIRST, FIRST + CONTRACTS, PORTION))
def test_every_engine_answers_like_the_reference(first: int) -> None:
    for seed in range(first, min(first + PORTION, FIRST + CONTRACTS)):
        agree([case_of(seed, number) for number in range(HISTORIES)], ENGINES)


def table_of(seed: int) -> Case:
    """One long history: every act in it is judged at its own place."""
    return Historian(contract_of(seed), f"{seed}/table").case(ROWS)


def test_the_audit_of_a_table_answers_like_the_reference() -> None:
    agree([table_of(seed) for seed in range(FIRST, FIRST + TABLES)], [DUCKDB])


def test_every_gap_that_is_listed_is_still_one() -> None:
    cases = [table_of(seed) for seed in range(FIRST, FIRST + TABLES)]
    refused = {r.construct for r in DUCKDB.batch(cases) if isinstance(r, CannotDo)}
    assert {g.construct for g in GAPS if g.engine == DUCKDB.name} == refused
