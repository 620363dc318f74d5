"""Case files under a register of several licences and a law, and under an amended contract."""

from __future__ import annotations

import json
from pathlib import Path

from smartclause.verbs.case_check import check_files
from smartclause.verbs.case_export import Asked, Exported, export
from smartclause.verbs.case_files import held
from tests.verbs.case_samples import scope, sign_trust
from tests.verbs.samples import HOUR, Setting, use
from tests.verbs.test_amendments import CHANGE, STRICTER, amend
from tests.verbs.test_register import BOUND, TRAINING, Licences, setting

__all__ = ["setting"]  # a fixture


def decisions(made: Exported) -> list[str]:
    acts = [json.loads(made.contents[n]) for n in sorted(made.contents) if n.endswith(".act.json")]
    return [act["uses"][0]["decision"] for act in acts]


def test_a_case_under_a_register_brings_all_its_members(setting: Licences) -> None:
    setting.under("(first or second) and voice_law", voice_law=BOUND)
    setting.record(setting.act(facts=TRAINING))
    setting.record(setting.act(facts=TRAINING | {"samples": 500}))
    setting.clock.now += HOUR
    members = (setting.second, setting.law)
    asked = Asked(scope(subject="s1"), register=setting.file, members=members, closed=True)
    made = export(setting.path, setting.ledger, asked, trust=setting.trust, key=setting.keys["A"], clock=setting.clock)
    assert len(made.case.members) == 2
    assert decisions(made) == ["allowed", "refused"]
    for name in ("register.json", made.case.members[0].file):
        less = {n: c for n, c in made.contents.items() if n != name}
        found = check_files(held(less))
        assert not found.holds
        assert any(name in f.text() for f in found.faults)


def test_a_case_under_an_amended_contract_judges_each_act_under_its_version(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    sign_trust(setting)
    setting.sign("A", "B", "C")
    second = amend(setting, STRICTER, "A", "B", "C")
    setting.clock.now = CHANGE - HOUR
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now = CHANGE + HOUR
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    asked = Asked(scope(subject="s1"), amended_by=(second,), signed_at=CHANGE - 2 * HOUR, closed=True)
    made = export(setting.path, setting.ledger, asked, trust=setting.trust, key=setting.keys["A"], clock=setting.clock)
    assert decisions(made) == ["allowed", "refused"]
    assert check_files(held(made.contents), made.case.trust.root).exit_code == 0
    amendment = made.case.amendments[0].file
    assert f"{amendment.removesuffix('.json')}.zh.md" in made.contents
    unamended = {n: c for n, c in made.contents.items() if n != amendment}
    assert any(amendment in f.text() for f in check_files(held(unamended)).faults)
