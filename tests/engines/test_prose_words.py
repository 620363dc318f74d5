"""Names and values as people write them, and a word for everything that can be found."""

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from smartclause.engines import prose_states
from smartclause.engines.audit import Note
from smartclause.engines.prose import LANGUAGES, word
from smartclause.engines.prose_names import Names, chinese_place, day, duration, listed, moment, part_heading, plain
from smartclause.engines.prose_reasons import REASONS, Reasons
from smartclause.engines.report_words import NOTES, WORDS, note
from smartclause.logic.contract import ModuleKind
from smartclause.logic.counting import Duration, Unit, end_of_day
from smartclause.logic.finding import Reason
from smartclause.logic.instances import DutyStatus
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind, Money, Type
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision
from tests.engines.samples import CHECKED, agreement
from tests.logic.builders import at

LOOKUP = Lookup(agreement())
EN, ZH = Names(LOOKUP, "en"), Names(LOOKUP, "zh")
PACKAGE = Path(__file__).resolve().parents[2] / "smartclause"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("enumeration", [Decision, ClauseState, DutyStatus, Truth, ModuleKind])
def test_every_state_has_a_word_of_its_own_in_both_languages(enumeration):
    for lang in LANGUAGES:
        found = [word(value, lang) for value in enumeration]
        assert len(set(found)) == len(list(enumeration))
        assert all(bool(CHINESE.search(w)) is (lang == "zh") for w in found)


@pytest.mark.parametrize("truth", list(Truth))
def test_every_truth_has_a_sign(truth):
    assert prose_states.mark(truth) in "✓✗?"


def literals(called: str, place: int) -> set[str]:
    """The texts that the program writes as the argument at `place` of calls of this name."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == called:
                argument = node.args[place] if len(node.args) > place else None
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
    return found


def listed_in(text: str | None) -> set[str]:
    """The kinds that a docstring lists, without what it says of them in brackets."""
    kinds = re.sub(r"\([^)]*\)", "", (text or "").split("Kinds:")[1].split(".")[0])
    return {" ".join(kind.split()) for kind in kinds.split(",")}


def test_every_kind_of_reason_that_the_evaluator_knows_has_words():
    assert literals("Reason", 0) | literals("Cloud", 3) | listed_in(Reason.__doc__) <= set(REASONS)


def test_every_kind_of_note_that_the_verbs_write_has_words():
    assert literals("Note", 0) | listed_in(Note.__doc__) <= set(NOTES)


@pytest.mark.parametrize("kind", sorted(REASONS))
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", ["v.auditor", "A", ""])
def test_a_reason_says_what_is_the_matter_and_what_to_bring(kind, lang, role):
    reason = Reason(kind, "checked", "m.consent", role, "e1", "v.training")
    words = Reasons(Names(LOOKUP, lang))
    for text in (words.why(reason), words.bring(reason)):
        assert text
        assert "{" not in text
        assert bool(CHINESE.search(text)) is (lang == "zh")


@pytest.mark.parametrize("kind", sorted(REASONS))
def test_a_reason_without_details_still_reads(kind):
    for names in (EN, ZH):
        assert Reasons(names).why(Reason(kind))
        assert Reasons(names).bring(Reason(kind))


def test_a_kind_of_reason_without_words_is_shown_by_its_name():
    assert "eclipse" in Reasons(EN).why(Reason("eclipse"))
    assert "eclipse" in Reasons(ZH).why(Reason("eclipse"))


def test_who_must_show_a_fact_is_named_with_the_party_that_holds_the_role():
    reason = Reason("missing", "checked", "m.consent", "v.auditor", "e1")
    assert Reasons(EN).who(reason) == "Auditor (the auditor)"
    assert Reasons(ZH).who(reason) == "核查方（审计机构）"
    assert "Auditor" in Reasons(EN).bring(reason)


def test_a_set_that_is_too_broad_is_named_by_its_members():
    reason = Reason("too broad", "purpose", "m.use", detail="frozenset({'v.training', 'v.marketing'})")
    assert "“marketing” and “training”" in Reasons(EN).why(reason)


def test_reasons_on_counting_are_translated():
    for detail in ("calendar cn has no year 2031", "calendar cn has no years 2031 to 2033"):
        text = Reasons(ZH).why(Reason("no calendar", detail=detail))
        assert "has no" not in text
        assert "2031" in text


@pytest.mark.parametrize("table", [WORDS, NOTES])
def test_every_word_of_the_report_is_there_in_both_languages(table):
    for en, zh in table.values():
        assert en
        assert CHINESE.search(zh)
        assert not CHINESE.search(en)


def test_a_note_of_a_kind_without_words_is_shown_by_its_name():
    assert note("comet", "seen", "en") == "comet: seen"


# ---- values


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (Duration(1, Unit.HOUR), "1 hour", "1小时"),
        (Duration(24, Unit.HOUR), "24 hours", "24小时"),
        (Duration(10, Unit.WORKING_DAY), "10 working days", "10个工作日"),
        (Duration(2, Unit.MONTH), "2 months", "2个月"),
    ],
)
def test_periods_read_as_in_contracts(value, en, zh):
    assert duration(value, "en") == en
    assert duration(value, "zh") == zh


def test_instants_are_shown_in_the_zone_of_the_contract():
    assert moment(at("2026-03-02T01:00"), "Asia/Shanghai", "en") == "2 March 2026 09:00"
    assert moment(at("2026-03-02T01:00"), "Asia/Shanghai", "zh") == "2026年3月2日09:00"


def test_the_last_microsecond_of_a_day_is_its_end_and_the_one_before_is_not():
    last = end_of_day(date(2026, 3, 2), "UTC")
    assert moment(last, "UTC", "en") == "the end of 2 March 2026"
    assert moment(last - 1, "UTC", "en") == "2 March 2026 23:59:59"
    assert moment(last + 1, "UTC", "en") == "3 March 2026 00:00"


@pytest.mark.parametrize("instant", [None, -(2**55), 2**62, 2**61])
def test_instants_outside_the_calendar_have_words(instant):
    assert moment(instant, "UTC", "en") in ("an open date", "the beginning")
    assert moment(instant, "UTC", "zh") in ("时间不定", "起初")


def test_values_show_their_unit_currency_and_label():
    assert EN.value(Decimal("5"), Type(Kind.PERCENTAGE)) == "5%"
    assert EN.value(Decimal("100000"), Type(Kind.NUMBER, "v.time")) == "100,000 times"
    assert ZH.value(Decimal("100000"), Type(Kind.NUMBER, "v.time")) == "100,000次"
    assert EN.value(Money(Decimal("12.50"), "CNY")) == "CNY 12.5"
    assert EN.value(frozenset({"v.training", "v.marketing"})) == "marketing and training"
    assert EN.value(True, CHECKED) == "verified"
    assert ZH.value(False, CHECKED) == "未经核验"
    assert EN.value("A", Type(Kind.PARTY)) == "Provider"


def test_what_the_contract_does_not_declare_is_shown_as_it_stands():
    assert EN.type("other.thing") == "thing"
    assert EN.clause("x.9.9") == "clause x.9.9"
    assert EN.who("stranger") == "stranger"
    assert EN.field("nothing") == "nothing"
    assert EN.concept("z.moon") == "moon"


def test_articles_of_law_read_as_in_each_language():
    assert chinese_place("art 38(1)(2)") == "第三十八条第一款第（二）项"
    assert chinese_place("art 1023(2)") == "第一千零二十三条第二款"
    assert chinese_place("sec 4") == "sec 4"
    assert chinese_place("art 0") == ""
    assert part_heading("3", "安全", "zh") == "第三章 安全"
    assert part_heading("annex", "", "zh") == "第annex章"


def test_lists_join_as_in_each_language():
    assert listed([], "en") == ""
    assert listed(["a"], "en") == "a"
    assert listed(["a", "b", "c"], "en") == "a, b and c"
    assert listed(["甲", "乙", "丙"], "zh") == "甲、乙和丙"


def test_dates_read_as_in_each_language():
    assert day(date(2026, 11, 5), "en") == "5 November 2026"
    assert day(date(2026, 11, 5), "zh") == "2026年11月5日"


def test_control_characters_never_reach_a_reader():
    assert plain("a\x1b[31mb\u202ec\x00d\ne") == "a�[31mb�c�d\ne"


def test_every_word_of_the_report_is_used():
    engines = PACKAGE / "engines"
    source = "".join(path.read_text(encoding="utf-8") for path in (engines / "templates").rglob("*.*"))
    source += (engines / "tables.py").read_text(encoding="utf-8")
    by_decision = {f"{d.value}{end}" for d in Decision for end in ("_help", "_uses")}
    assert {key for key in WORDS if not re.search(rf"\b{key}\b", source)} <= by_decision


def test_the_last_instant_of_all_is_shown_in_every_zone() -> None:
    last = at("9999-12-31T23:59:59")
    assert moment(last, "UTC", "en") == "31 December 9999 23:59:59"
    assert moment(last, "Asia/Shanghai", "en") == "an open date"
