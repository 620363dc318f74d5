"""One body, every engine: on generated contracts and histories all answer like the reference.

What is compared: verdicts, every leaf, the status of every clause, every duty with its instants, and the reasons.
`AGREEMENT_CONTRACTS` and `AGREEMENT_FIRST` set how many contracts are tried, and from which seed on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.agreement.comparing import differences
from tests.agreement.engines import ENGINES, REFERENCE, Answers
from tests.agreement.worlds import Case, case_of

CONTRACTS = int(os.environ.get("AGREEMENT_CONTRACTS", "300"))
FIRST = int(os.environ.get("AGREEMENT_FIRST", "0"))
HISTORIES = 5  # of each contract
PORTION = 25  # contracts in one test


def portion(first: int) -> Iterator[tuple[list[Case], list[Answers]]]:
    """The cases of some contracts, those of one contract together, with the answers of the reference."""
    for seed in range(first, min(first + PORTION, FIRST + CONTRACTS)):
        cases = [case_of(seed, number) for number in range(HISTORIES)]
        yield cases, [a for a in REFERENCE.batch(cases) if isinstance(a, Answers)]


@pytest.mark.parametrize("first", range(FIRST, FIRST + CONTRACTS, PORTION))
def test_every_engine_answers_like_the_reference(first: int) -> None:
    for cases, wanted in portion(first):
        for engine in ENGINES:
            found = next(differences(engine, cases, wanted), None)
            assert found is None, f"case {found[0].seed}\n{found[1]}"
