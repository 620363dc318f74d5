"""The published schemas of answers: fresh, and true of what the verbs write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from smartclause.evidence.errors import Lang
from smartclause.evidence.schemas import schema_text
from smartclause.logic.verdict import Decision
from smartclause.resources import folder
from smartclause.verbs.answers import as_json, audit_form, verdict_form
from smartclause.verbs.audit import audit
from smartclause.verbs.bundle import bundle_bytes
from smartclause.verbs.explain import explain, explanation
from smartclause.verbs.schemas import PUBLISHED, write_schemas
from tests.verbs.asking import ask
from tests.verbs.samples import HOUR, Setting, use

SCHEMAS = folder("grammar") / "schemas"


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text()))


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_published_schema_is_what_the_form_gives_today(name: str) -> None:
    assert (SCHEMAS / f"{name}.schema.json").read_text() == schema_text(PUBLISHED[name])
    Draft202012Validator.check_schema(json.loads(schema_text(PUBLISHED[name])))


def test_the_schemas_are_written_together(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(f"{n}.schema.json" for n in PUBLISHED)


def test_verdicts_of_every_kind_follow_their_schema(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s2"}))
    acts = {
        Decision.ALLOWED: setting.envelope("B", "C", **use()),
        Decision.UNDECIDED: setting.envelope("B", **use()),
        Decision.REFUSED: setting.envelope("B", "C", **use(facts={"subject": "s2"})),
    }
    for decision, act in acts.items():
        answer = ask(setting, act)
        assert answer.decision is decision
        data = as_json(verdict_form(answer))
        assert list(validator("verdict").iter_errors(data)) == []
        assert isinstance(data, dict)
        assert data["decision"] == decision.value


def test_an_audit_follows_its_schema(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    setting.record(
        setting.envelope("B", "C", **use()), setting.envelope("A", type="incident", facts={"case_number": "c"})
    )
    setting.clock.now += 50 * HOUR
    result = audit(setting.path, setting.ledger, trust=setting.trust, closed=True, clock=setting.clock)
    data = as_json(audit_form(result))
    assert list(validator("audit").iter_errors(data)) == []
    assert isinstance(data, dict)
    assert data["allowed"] == 1
    assert [d["status"] for d in data["duties"]] == ["violated"]  # type: ignore[index, union-attr, call-overload]


def test_a_compiled_contract_follows_its_schema(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    bundle = setting.sign("A")
    assert list(validator("compiled-contract").iter_errors(json.loads(bundle_bytes(bundle)))) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("clause", ["", "1.1"])
def test_an_explanation_follows_its_schema_and_says_what_the_text_says(lang: Lang, clause: str) -> None:
    path = folder("contracts") / "commercial_training/commercial_training.clause"
    told = explanation(path, clause, lang=lang)
    validator("explanation").validate(told.model_dump(mode="json"))
    text = explain(path, clause, lang=lang)
    assert len(told.clauses) == (1 if clause else 10)
    assert all(each.text.strip() in text for each in told.clauses)
