"""A refusal that no single fact settles names the few that settle it together."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartclause.logic.verdict import Decision
from smartclause.verbs.answers import as_json, verdict_form
from tests.verbs.asking import ask
from tests.verbs.samples import CONTRACT, Setting, use
from tests.verbs.test_schemas import validator

TWO_GRANTS = CONTRACT.replace(
    "part 2 en", 'clause 1.4 few en "few samples"\n  B may use_voice if samples is at most 5.\npart 2 en'
)


@pytest.mark.rule("2.15")
def test_decide_lists_the_facts_that_settle_a_refusal_together(tmp_path: Path) -> None:
    setting = Setting(tmp_path, TWO_GRANTS)
    setting.sign("A", "B", "C")
    answer = ask(setting, setting.envelope("B", "C", **use(facts={"purpose": "voice_data.advertising"})))
    assert answer.decision is Decision.REFUSED
    data = as_json(verdict_form(answer))
    assert list(validator("verdict").iter_errors(data)) == []
    assert isinstance(data, dict)
    assert data["deciding_facts"] == []
    [together] = data["settling_sets"]  # type: ignore[misc]
    assert [f["field"] for f in together] == ["purpose", "samples"]  # type: ignore[union-attr, index, call-overload]
    assert data["settling_cut"] is False
