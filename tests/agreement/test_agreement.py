"""One body, every engine: on generated contracts and histories all answer like the reference.

What is compared: verdicts, every leaf, the status of every clause, every duty with its instants, and the reasons.
`AGREEMENT_CONTRACTS` and `AGREEMENT_FIRST` set how many contracts are tried, and from which seed on.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from random import Random

import pytest

from smartclause.rails.refused import CannotDo
from tests.agreement.comparing import differences
from tests.agreement.engines import DUCKDB, ENGINES, EVERY, REFERENCE, Answers, Engine
from tests.agreement.gaps import GAPS, Gap, gap_of
from tests.agreement.monitored import in_lines, monitor_differences
from tests.agreement.shrinking import disagree, fewest, shrunk
from tests.agreement.telling import told, told_of_several
from tests.agreement.worlds import Case, case_of, ledgers_of, table_of

CONTRACTS = int(os.environ.get("AGREEMENT_CONTRACTS", "400"))
FIRST = int(os.environ.get("AGREEMENT_FIRST", "0"))
HISTORIES = 5  # of each contract
PORTION = 25  # contracts in one test
AUDITED = max(CONTRACTS * 3 // 16, 1)  # contracts whose statements are planned, each for many ledgers at once
LEDGERS = 30
TABLES = max(CONTRACTS // 50, 1)  # contracts with one long history


def agree(cases: list[Case], engines: Iterable[Engine]) -> None:
    wanted = [a for a in REFERENCE.batch(cases) if isinstance(a, Answers)]
    for engine in engines:
        for case, difference in differences(engine, cases, wanted):
            if disagree(case, engine):
                pytest.fail(told(shrunk(case, engine), engine, difference), pytrace=False)
            pytest.fail(told_of_several(fewest(cases, engine), engine), pytrace=False)


@pytest.mark.parametrize("first", range(FIRST, FIRST + CONTRACTS, PORTION))
def test_every_engine_answers_like_the_reference(first: int) -> None:
    for seed in range(first, min(first + PORTION, FIRST + CONTRACTS)):
        agree([case_of(seed, number) for number in range(HISTORIES)], ENGINES)


@pytest.mark.parametrize("first", range(FIRST, FIRST + AUDITED, PORTION))
def test_the_audit_of_many_ledgers_at_once_answers_like_the_reference(first: int) -> None:
    for seed in range(first, min(first + PORTION, FIRST + AUDITED)):
        agree(ledgers_of(seed, LEDGERS), [DUCKDB])


def test_the_audit_of_a_table_answers_like_the_reference() -> None:
    agree([table_of(seed) for seed in range(FIRST, FIRST + TABLES)], [DUCKDB])


@pytest.mark.parametrize("gap", [g for g in GAPS if g.engine in EVERY], ids=lambda g: g.construct)
def test_every_gap_that_is_listed_is_still_one(gap: Gap) -> None:
    (answer,) = EVERY[gap.engine].batch([case_of(gap.example, 0)])
    assert isinstance(answer, CannotDo)
    assert answer.construct == gap.construct


@pytest.mark.parametrize("first", range(FIRST, FIRST + CONTRACTS // 2, PORTION))
def test_the_monitor_answers_like_the_reference_in_whatever_order_lines_arrive(first: int) -> None:
    for seed in range(first, first + PORTION):
        case = in_lines(case_of(seed, 0))
        for order in range(2):
            found = next(monitor_differences(case, Random(order)), None)
            assert found is None, f"case {seed}/0, order {order}\n{found}"


def test_the_monitor_refuses_acts_that_go_on_for_long() -> None:
    with pytest.raises(CannotDo) as refusal:
        next(monitor_differences(in_lines(case_of(0, 0), long_acts=True), Random(0)))
    assert gap_of("monitor", refusal.value.construct) is not None
