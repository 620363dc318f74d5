"""What the public strategies draw, of shipped and of drawn contracts, is answered alike by the engines.

`contracts.py` and `worlds.py` beside this make their cases by a seed and without a contract to begin with: ledgers with
keys, gaps, lags, received times and versions, which no scenario can say. The public strategies start from somebody's
contract, shrink, and print what can be pasted. Here the second kind is put to the same engines.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartclause.testing import Case as Drawn
from smartclause.testing import cases, contracts, read
from tests.agreement.comparing import differences
from tests.agreement.engines import ENGINES, REFERENCE, Answers
from tests.agreement.worlds import Case

CONTRACTS = Path(__file__).parents[2] / "contracts"
COMMERCIAL = read(CONTRACTS / "commercial_training" / "commercial_training.clause")
VOICE = read(CONTRACTS / "cn" / "voice_synthesis" / "voice_synthesis.clause")
FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def as_history(drawn: Drawn) -> Case:
    world = drawn.run.world
    events = tuple(r.event for r in world.records)
    return Case(drawn.subject.contract, events, world.asked, (), world.sources, world.clouds, draft=True)


def differing(drawn: Drawn) -> list[str]:
    case = as_history(drawn)
    wanted = [a for a in REFERENCE.batch([case]) if isinstance(a, Answers)]
    return [f"{engine.name}: {what}" for engine in ENGINES for _, what in differences(engine, [case], wanted)]


@pytest.mark.parametrize("subject", [COMMERCIAL, VOICE], ids=["commercial", "voice"])
@FEW
@given(data=st.data())
def test_histories_of_a_shipped_contract_are_answered_alike(subject, data):
    assert differing(data.draw(cases(subject))) == []


@FEW
@given(data=st.data())
def test_histories_of_drawn_contracts_are_answered_alike(data):
    made = data.draw(contracts(COMMERCIAL, most=3))
    assert differing(data.draw(cases(made))) == []
