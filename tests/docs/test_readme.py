"""The front page is true: one meaning in both languages, verdicts that hold, and every verb in its table."""

import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from smartclause.cli.main import cli
from smartclause.language.load import load
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.verbs.compile import compiled
from smartclause.verbs.decide import Answer, decide

README = Path(__file__).parents[2] / "README.md"
PAGE = README.read_text("utf-8")
ENGLISH, CHINESE = (t.content for t in MarkdownIt().parse(PAGE) if t.type == "fence" and t.info == "clause")
HEADS = {
    "en": """\
contract readme version 1.0.0
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".
party A zh "甲方" en "Provider".
party B zh "乙方" en "Recipient".
concept purposes zh "用途类" en "purposes".
concept agreed_purposes zh "约定用途" en "agreed purposes" under purposes.
concept training zh "训练" en "training" under agreed_purposes.
concept marketing zh "营销" en "marketing" under purposes.
disjoint agreed_purposes, marketing.
act use zh "使用" en "use" by B has
  purpose zh "用途" en "purpose" is purposes.
""",
    "zh": """\
合同 readme 版本 1.0.0
  作准文本 英文。
  自2026年1月1日起生效。
  时区“UTC”。
当事人 A 中文“甲方” 英文“Provider”。
当事人 B 中文“乙方” 英文“Recipient”。
概念 purposes 中文“用途类” 英文“purposes”。
概念 agreed_purposes 中文“约定用途” 英文“agreed purposes”归于用途类。
概念 training 中文“训练” 英文“training”归于约定用途。
概念 marketing 中文“营销” 英文“marketing”归于用途类。
互斥 约定用途、营销。
行为 use 中文“使用” 英文“use”，由乙方实施，载有：
  purpose 中文“用途” 英文“purpose”为用途类。
""",
}
FACTS = {
    "use for training": {"purpose": "training"},
    "use for marketing": {"purpose": "marketing"},
    "use, purpose not stated": {},
}


def contract(lang: str, folder: Path) -> Path:
    path = folder / ("readme.clause" if lang == "en" else "readme.zh.clause")
    path.write_text(HEADS[lang] + (ENGLISH if lang == "en" else CHINESE), "utf-8")
    return path


def rows() -> dict[str, str]:
    return dict(re.findall(r"^\| (use[^|]*?) \| (.*?) \|$", PAGE, re.M))


def answered(act: str, lang: str, folder: Path) -> Answer:
    event = folder / "act.json"
    event.write_text(json.dumps({"type": "use", "by": "B", "asset": "voices", "facts": FACTS[act]}), "utf-8")
    return decide(contract(lang, folder), event, draft=True)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_clauses_are_read_without_a_finding(lang: str, tmp_path: Path) -> None:
    assert [d.code for d in load(contract(lang, tmp_path)).diagnostics if d.is_error] == []


def test_the_clauses_mean_the_same_in_both_languages(tmp_path: Path) -> None:
    assert compiled(contract("en", tmp_path)).meaning == compiled(contract("zh", tmp_path)).meaning


def test_the_table_shows_the_three_answers() -> None:
    assert rows().keys() == FACTS.keys()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("act", FACTS)
def test_the_verdicts_of_the_table_hold(act: str, lang: str, tmp_path: Path) -> None:
    found, said = answered(act, lang, tmp_path), rows()[act]
    match found.judged.decision:
        case Decision.ALLOWED:
            assert said == "allowed"
        case Decision.REFUSED:
            assert said == "refused, by clause 4.3"
            assert forbidding(found) == {"4.3"}
        case Decision.UNDECIDED:
            assert said == "undecided: bring `purpose`"
            assert {reason.field for reason in found.judged.open} == {"purpose"}


def forbidding(found: Answer) -> set[str]:
    """The numbers of the clauses that forbid the act."""
    clauses = [c for _, verdict in found.judged.members for c in verdict.clauses]
    return {c.clause.partition(".")[2] for c in clauses if c.state is ClauseState.FORBIDDEN}


def test_every_command_stands_in_the_table_of_verbs() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.M)) == set(cli.commands)
