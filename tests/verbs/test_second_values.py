"""Contradictions on record are told wherever the fact is read: by `record`, `decide` and `audit`, in both languages."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from smartclause.cli.main import cli
from smartclause.engines.audit import AuditResult
from smartclause.engines.report import html
from smartclause.engines.tables import print_audit
from smartclause.evidence.envelope import read
from smartclause.evidence.errors import Lang
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import read_form
from smartclause.logic.verdict import Decision
from smartclause.verbs.answers import as_json, audit_form, verdict_form
from smartclause.verbs.notes import MOST_SECOND_VALUES
from smartclause.verbs.record import Recording, record
from tests.verbs.asking import ask
from tests.verbs.audits import audit
from tests.verbs.samples import HOUR, Setting, use
from tests.verbs.test_schemas import validator


@dataclass
class Case:
    """An act that the auditor found safe (entry 0), and later not (entry 1)."""

    setting: Setting
    number: str
    second: str
    recorded: Recording


def supplement(setting: Setting, number: str, value: bool, who: str = "C") -> bytes:
    return setting.envelope(who, type="supplement", facts={"event": number, "field": "safe", "value": value})


def recorded(setting: Setting, *envelopes: bytes) -> Recording:
    lines = setting.write("events", b"\n".join(envelopes))
    return record(
        setting.ledger,
        lines,
        trust=setting.trust,
        contract=setting.path,
        key=setting.keys["ledger"],
        clock=setting.clock,
    )


def number_of(envelope: bytes) -> str:
    return read_form(EventBody, read(envelope).body).id


@pytest.fixture
def case(tmp_path: Path) -> Case:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    act = setting.envelope("B", "C", **use())
    recorded(setting, act)
    setting.clock.now += HOUR
    against = supplement(setting, number_of(act), False)
    return Case(setting, number_of(act), number_of(against), recorded(setting, against))


def audited(setting: Setting) -> AuditResult:
    return audit(setting.path, setting.ledger, trust=setting.trust, closed=True, clock=setting.clock)


@pytest.mark.rule("2.13")
def test_the_audit_names_fact_values_persons_and_entries_of_a_contradiction(case: Case) -> None:
    result = audited(case.setting)
    assert [u.decision for u in result.uses] == [Decision.ALLOWED]
    data = as_json(audit_form(result))
    assert list(validator("audit").iter_errors(data)) == []
    assert isinstance(data, dict)
    assert data["contradictions"] == []  # of sources that the contract tells apart: another matter
    b, c = (case.setting.keys[k].id for k in "BC")
    assert data["second_values"] == [
        {
            "event": case.number,
            "type": "voice_data.use_voice",
            "field": "safe",
            "first": {"value": True, "event": case.number, "entry": 0, "by": ["B", "C"], "key": b},
            "second": {"value": False, "event": case.second, "entry": 1, "by": ["C"], "key": c},
        }
    ]


@pytest.mark.rule("2.13")
@pytest.mark.parametrize(
    ("lang", "title", "first", "second"),
    [
        ("en", "second values for known facts", "found safe (signed by Trainer and Auditor, entry 0)",
         "not found safe (signed by Auditor, entry 1)"),
        ("zh", "对已知事实另行陈述的值", "第0号记录", "第1号记录"),
    ],
)  # fmt: skip
def test_tables_and_report_show_a_contradiction(case: Case, lang: Lang, title: str, first: str, second: str) -> None:
    console = Console(width=400, record=True, file=io.StringIO())
    print_audit(audited(case.setting), lang, console)
    for shown in (console.export_text(), html(audited(case.setting), lang)):
        assert all(words in shown for words in (title, case.number, first, second))


@pytest.mark.rule("2.13")
def test_without_a_contradiction_nothing_is_said_of_any(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    setting.record(setting.envelope("B", "C", **use()))
    result = audited(setting)
    assert result.second_values == ()
    assert "second-values" not in html(result, "en")


@pytest.mark.rule("2.13")
def test_decide_notes_the_contradictions_of_its_head(case: Case) -> None:
    answer = ask(case.setting, case.setting.envelope("B", "C", **use()))
    [note] = [n for n in answer.notes if n.kind == "second value"]
    assert note.detail == f"{case.number} safe: true (entry 0, B + C); false (entry 1, C)"
    data = as_json(verdict_form(answer))
    assert list(validator("verdict").iter_errors(data)) == []
    assert isinstance(data, dict)
    assert {"kind": "second value", "detail": note.detail} in data["notes"]  # type: ignore[operator]


@pytest.mark.rule("2.13")
@pytest.mark.parametrize(("count", "notes"), [(19, 20), (20, 21)])
def test_decide_notes_the_first_contradictions_and_how_many_more(case: Case, count: int, notes: int) -> None:
    case.setting.record(*(supplement(case.setting, case.number, False) for _ in range(count)))
    case.setting.clock.now += HOUR
    answer = ask(case.setting, case.setting.envelope("B", "C", **use()))
    found = [n.detail for n in answer.notes if n.kind == "second value"]
    assert len(found) == notes
    assert (found[-1] == "+ 1") is (notes > MOST_SECOND_VALUES)


@pytest.mark.rule("2.13")
def test_the_receipt_of_a_second_value_says_that_it_fills_nothing(case: Case) -> None:
    [line] = case.recorded.contradicting
    assert line.second_value is not None
    assert (line.second_value.field, line.second_value.first.value) == ("safe", True)
    assert line.receipt is not None


@pytest.mark.rule("2.13")
@pytest.mark.parametrize(("value", "who"), [(True, "C"), (False, "A"), (False, "B")])
def test_the_same_value_and_what_others_say_is_no_contradiction(case: Case, value: bool, who: str) -> None:
    again = recorded(case.setting, supplement(case.setting, case.number, value, who))
    assert again.contradicting == ()
    assert len(audited(case.setting).second_values) == 1


@pytest.mark.rule("2.13")
@pytest.mark.parametrize(("lang", "words"), [("en", "it fills nothing"), ("zh", "不予采用")])
def test_the_command_ends_with_1_and_says_why(case: Case, lang: str, words: str) -> None:
    setting = case.setting
    line = setting.write("line", supplement(setting, case.number, False))
    given = ["record", setting.ledger, line, "--trust", setting.trust, "--contract", setting.path]
    told = CliRunner().invoke(cli, [*map(str, given), "--lang", lang])
    assert told.exit_code == 1
    assert words in told.stdout
    data = json.loads(CliRunner().invoke(cli, [*map(str, given), "--format", "json"]).stdout)
    assert data["lines"][0]["second_value"]["first"]["entry"] == 0
