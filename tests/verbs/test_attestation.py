"""What the caller says it verified counts only by a key that holds the role and is trusted now."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartclause.evidence.keys import make_key
from smartclause.logic.verdict import Decision
from smartclause.verbs import keys
from tests.verbs.asking import ask
from tests.verbs.samples import HOUR, Setting, use


@pytest.mark.parametrize(("revoked", "expected"), [(False, Decision.ALLOWED), (True, Decision.UNDECIDED)])
def test_a_key_whose_trust_has_ended_attests_nothing(tmp_path: Path, revoked: bool, expected: Decision) -> None:
    setting = Setting(tmp_path)
    setting.keys["lab"] = make_key()
    setting.trusting()
    who = setting.who(auditor="lab")
    setting.who = lambda **_: who  # type: ignore[method-assign]
    setting.sign("A", "B", "C")
    act = setting.envelope("B", **use())
    if revoked:
        keys.revoke(setting.trust, setting.keys["lab"].id, setting.clock.now - HOUR)
    fact = {"field": "safe", "role": "auditor", "key": setting.keys["lab"].id}
    answer = ask(setting, act, attest=setting.write("attest.json", {"facts": [fact]}))
    assert answer.decision is expected
    assert ("attestation refused" in {n.kind for n in answer.notes}) is revoked
