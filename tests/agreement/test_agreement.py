"""One body, every engine: on generated contracts and histories all answer like the reference.

What is compared: verdicts, every leaf, the status of every clause, every duty with its instants, and the reasons.
`AGREEMENT_CONTRACTS` and `AGREEMENT_FIRST` set how many contracts are tried, and from which seed on.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

import pytest

from smartclause.rails.refused import CannotDo
from smartclause.verbs.errors import VerbError
from tests.agreement.amendments import amended_of
from tests.agreement.comparing import differences, first_of
from tests.agreement.engines import DUCKDB, ENGINES, EVERY, REFERENCE, Answers, Engine
from tests.agreement.gaps import GAPS, Gap
from tests.agreement.in_json import HELD, JSON, PROGRAM, as_draft, in_json
from tests.agreement.ledgers import ledger_differences
from tests.agreement.monitored import in_lines, monitor_differences
from tests.agreement.shrinking import disagree, fewest, shrunk
from tests.agreement.tabled import WAYS, in_rows, printed_differences, table_differences
from tests.agreement.telling import told, told_of, told_of_several
from tests.agreement.worlds import Case, case_of, ledgers_of, signed_of, table_of

CONTRACTS = int(os.environ.get("AGREEMENT_CONTRACTS", "400"))
FIRST = int(os.environ.get("AGREEMENT_FIRST", "0"))
HISTORIES = 5  # of each contract
PORTION = 25  # contracts in one test
AUDITED = max(CONTRACTS // 8, 1)  # contracts whose statements are planned, each for many ledgers at once
LEDGERS = 42
TABLES = max(CONTRACTS // 50, 1)  # contracts with one long history
ROWS = max(CONTRACTS // 12, 1)  # contracts whose histories are audited as plain rows
SIGNED = max(CONTRACTS // 13, 1)  # contracts whose histories are signed, recorded and followed
ASKED = max(CONTRACTS // 8, 1)  # contracts of which acts are asked as JSON, and whose printed program is run


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


@pytest.mark.parametrize("first", range(FIRST, FIRST + ROWS, PORTION))
def test_the_audit_of_plain_rows_answers_like_the_reference(first: int) -> None:
    for seed in range(first, min(first + PORTION, FIRST + ROWS)):
        way = WAYS[seed % len(WAYS)]
        case = in_rows(table_of(seed), Random(seed))
        for found in (lambda c: table_differences(c, way), printed_differences):  # noqa: B023
            difference = first_of(found, case, 20.0)
            assert difference is None, f"{way.__name__}: {told_of(case, lambda c: first_of(found, c))}"  # noqa: B023


@pytest.mark.parametrize("engine", [JSON, HELD, PROGRAM], ids=lambda e: e.name)
def test_acts_asked_as_json_are_answered_like_the_reference(engine: Engine) -> None:
    for seed in range(FIRST, FIRST + ASKED):
        cases = [in_json(case_of(seed, number)) for number in range(HISTORIES)]
        agree([as_draft(c) for c in cases[:2]] if engine is PROGRAM else cases, [engine])


def test_every_version_of_an_amended_contract_is_answered_like_the_reference() -> None:
    for seed in range(FIRST, FIRST + ASKED):
        agree(list(amended_of(seed, 0)), (*ENGINES, DUCKDB))


@pytest.mark.parametrize("gap", [g for g in GAPS if g.engine in EVERY], ids=lambda g: g.construct)
def test_every_gap_that_is_listed_is_still_one(gap: Gap) -> None:
    case = case_of(gap.example, 0)
    (answer,) = EVERY[gap.engine].batch([case])
    assert isinstance(answer, CannotDo)
    assert answer.construct == gap.construct


@pytest.mark.parametrize("first", range(FIRST, FIRST + CONTRACTS // 2, PORTION))
def test_the_monitor_answers_like_the_reference_in_whatever_order_lines_arrive(first: int) -> None:
    for seed in range(first, first + PORTION):
        case = in_lines(case_of(seed, 0))
        for order in range(2):
            found = partial(monitor_differences, seed=order)
            assert first_of(found, case) is None, f"order {order}: {told_of(case, partial(first_of, found))}"


def test_the_monitor_over_a_ledger_tells_what_its_audit_finds(tmp_path: Path) -> None:
    """Signed records as they come, supplements, gaps, keys that are compromised; a final verdict stays what it is."""
    for seed in range(FIRST, FIRST + SIGNED):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with suppress(VerbError):  # a few contracts no author could have written
            found = next(ledger_differences(signed_of(seed), folder, seed), None)
            assert found is None, f"ledger {seed}: {found}"
