"""Figures, thresholds and citations: the words of the paper beside the logic, in both languages."""

from datetime import date
from decimal import Decimal

import pytest

from smartclause.language.prose_figures import Figure, mentions, of_day
from tests.language.sample import advice_on

LAW = 'law PIPL zh "个人信息保护法" en "Personal Information Protection Law".\n'


def figures(text: str, language: str) -> list[Figure]:
    return [m.figure for m in mentions(text, language)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("应在24小时内通知", "hour", 24),
        ("应在二十四小时内通知", "hour", 24),
        ("十五个工作日内答复", "working_day", 15),
        ("15日", "day", 15),
        ("三十天", "day", 30),
        ("两个月", "month", 2),
        ("三年", "year", 3),
        ("承担百分之七十的责任", "percent", 70),
        ("不超过5%", "percent", 5),
        ("10万人以上", "number", 100000),
        ("1,000,000个样本", "number", 1000000),
        ("违约金十万元", "money", 100000),
        ("30分钟", "minute", 30),
    ],
)
def test_chinese_figures_are_read(text: str, unit: str, value: int) -> None:
    assert figures(text, "zh") == [Figure(unit, Decimal(value).normalize())]


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("within 24 hours", "hour", 24),
        ("within twenty-four hours", "hour", 24),
        ("fifteen working days", "working_day", 15),
        ("ten business days", "working_day", 10),
        ("a 30-day period", "day", 30),
        ("2 months", "month", 2),
        ("seventy percent", "percent", 70),
        ("0.1%", "percent", "0.1"),
        ("CNY 100,000", "money", 100000),
        ("more than 100,000 persons", "number", 100000),
    ],
)
def test_english_figures_are_read(text: str, unit: str, value: object) -> None:
    assert figures(text, "en") == [Figure(unit, Decimal(str(value)).normalize())]


@pytest.mark.parametrize("text", ["2026年2月1日", "2026-02-01", "1 February 2026", "February 1, 2026"])
def test_dates_are_read_as_days(text: str) -> None:
    assert figures(text, "zh" if "年" in text else "en") == [of_day(date(2026, 2, 1))]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("依照第三十八条第一款第（二）项", "zh"),
        ("第3.5条", "zh"),
        ("第三章", "zh"),
        ("clause 3.5 and article 38(1)", "en"),
        ("ISO27001 and AES-256", "en"),
        ("in 2026", "en"),
        ("一方、任一方、之一", "zh"),
        ("no figure at all", "en"),
    ],
)
def test_references_and_plain_words_are_no_figures(text: str, language: str) -> None:
    assert figures(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "order"),
    [
        ("不得超过100次", "zh", "at_most"),
        ("超过100次", "zh", "exceeds"),
        ("不少于100次", "zh", "at_least"),
        ("不满100次", "zh", "below"),
        ("100人以上", "zh", "at_least"),
        ("100人以下", "zh", "at_most"),
        ("not more than 100", "en", "at_most"),
        ("more than 100", "en", "exceeds"),
        ("no fewer than 100", "en", "at_least"),
        ("fewer than 100", "en", "below"),
        ("100 or more", "en", "at_least"),
        ("does not exceed 100", "en", "at_most"),
        ("100 copies", "en", ""),
    ],
)
def test_the_words_around_a_figure_say_whether_it_is_included(text: str, language: str, order: str) -> None:
    assert [m.order for m in mentions(text, language)] == [order]  # type: ignore[arg-type]


NOTICE = "  When breach occurs, B must notify A within {} for the same incident.\n"


def clause(zh: str, en: str, *body: str) -> str:
    return f'clause 1 c\n  text zh "{zh}" en "{en}"\n' + "".join(body)


def test_a_figure_in_both_places_is_fine() -> None:
    assert advice_on(clause("24小时内通知。", "Notice within 24 hours.", NOTICE.format("24 hours"))) == []


def test_a_figure_of_the_text_that_no_sentence_uses_is_reported() -> None:
    text = clause("24小时内通知，每日一次。", "Notice within 24 hours, on 30 days.", NOTICE.format("24 hours"))
    assert advice_on(text) == ["V11"]


def test_a_figure_of_a_sentence_that_the_text_has_not_is_reported() -> None:
    assert advice_on(clause("及时通知。", "Notice without delay.", NOTICE.format("24 hours"))) == ["V12"]


def test_one_figure_changed_is_reported_from_both_sides() -> None:
    assert advice_on(clause("24小时内通知。", "Notice within 24 hours.", NOTICE.format("48 hours"))) == ["V11", "V12"]


def test_not_encoded_excuses_its_figures() -> None:
    text = clause(
        "5日内道歉。", "An apology in 5 days.", '  not encoded "an apology in 5 days" because "no measure".\n'
    )
    assert advice_on(text) == []


def test_a_parameter_that_interprets_the_clause_needs_no_figure_in_it() -> None:
    parameter = 'parameter period is 24 hours; at most 72 hours\n  interprets clause 1 "及时" because "agreed".\n'
    assert advice_on(parameter + clause("及时通知。", "Notice in time.", NOTICE.format("period"))) == []


def test_a_parameter_named_in_the_text_needs_no_figure_in_it() -> None:
    parameter = 'parameter period zh "通知时限" en "notice period" is 24 hours.\n'
    assert (
        advice_on(parameter + clause("在通知时限内通知。", "Notice in the notice period.", NOTICE.format("period")))
        == []
    )


@pytest.mark.parametrize(
    ("words", "logic", "codes"),
    [
        ("not more than 100", "B may use if amount is at most 100", []),
        ("not more than 100", "B must not use if amount exceeds 100", []),
        ("not more than 100", "B may use if amount is below 100", ["V14"]),
        ("at least 100", "B may use if amount is at least 100", []),
        ("at least 100", "B may use if amount exceeds 100", ["V14"]),
        ("more than 100", "B may use if amount is at least 100", ["V14"]),
        ("fewer than 100", "B may use if amount is at most 100", ["V14"]),
    ],
)
def test_text_and_logic_leave_the_figure_on_the_same_side(words: str, logic: str, codes: list[str]) -> None:
    text = f'clause 1 c\n  text en "The amount is {words}."\n  {logic}.\n'
    found = advice_on(text if "must not" not in logic else text + "  B may use.\n")
    assert found == codes


def test_a_law_in_the_text_is_cited() -> None:
    words = clause("依照《个人信息保护法》第十三条使用。", "Use follows law.", "  B may use if agreed.\n")
    assert advice_on(LAW + words) == ["V13"]
    assert advice_on(LAW + words.replace("  B may", "  cites PIPL art 13(1).\n  B may")) == []
    assert advice_on(LAW + words.replace("  B may", "  cites PIPL art 14.\n  B may")) == ["V13", "V16"]


def test_an_article_in_english_words_is_read() -> None:
    words = clause(
        "依法使用。", "Article 13 of the Personal Information Protection Law applies.", "  B may use if agreed.\n"
    )
    assert advice_on(LAW + words) == ["V13"]
    assert advice_on(LAW + words.replace("  B may", "  cites PIPL art 13.\n  B may")) == []


def test_a_clause_without_text_is_not_compared() -> None:
    assert advice_on("clause 1 c\n" + NOTICE.format("24 hours")) == []
