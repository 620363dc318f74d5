"""What `prove` finds in the shipped contracts is known, and stands for a reason; nothing is left not proven."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartclause.engines.prove.checks import checks
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.result import Check
from smartclause.language.load import load

CONTRACTS = Path(__file__).parents[2] / "contracts"
OPEN_LIST = "the list of kinds is open as its source has it (V-1.1): what is off it is unknown, which stops it as well"
STANDS = {
    "cn/voice_synthesis/voice_synthesis.clause": {
        (Check.NEVER_DECIDES, "1.1", 1): OPEN_LIST,
        (Check.NEVER_DECIDES, "1.1", 2): OPEN_LIST,
        (Check.REDUNDANT, "3.3", 2): "the source forbids (V-3.3); a permission added later cannot get round it",
    },
    "commercial_training/commercial_training.clause": {
        (Check.REDUNDANT, "1.2", 1): "a contradiction of sources is told apart from a licence that does not permit",
    },
}


@pytest.mark.parametrize("name", STANDS)
def test_only_what_stands_for_a_reason_is_found_in_a_shipped_contract(name):
    contract = load(CONTRACTS / name).contract
    assert contract is not None
    found = list(checks(Prover(contract)))
    assert len(found) > 40
    assert [(r.check, r.clause, r.sentence) for r in found if r.open] == []
    faults = {(r.check, r.clause.partition(".")[2], r.sentence) for r in found if r.fault}
    assert faults == set(STANDS[name])
