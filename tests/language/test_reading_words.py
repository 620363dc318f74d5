"""How characters become words: the longest known word, white space, marks, literals, labels."""

import random
import re
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.language import tree as t
from smartclause.language.diagnostic import Diagnostic, Language, Lines, render, width
from smartclause.language.lexicon import declarations, detect
from smartclause.language.lookalike import distance, look_alike, suggestion
from smartclause.language.numerals import from_chinese, to_chinese
from smartclause.language.parse import parse
from smartclause.language.words import words

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "language"
ENGLISH = 'rule pack sample version 1.0.0\nunit time zh "次" en "times".\nunit person zh "人" en "persons".\n'
CHINESE = "规则包 sample 版本 1.0.0\n计量单位 time 中文“次” 英文“times”。\n计量单位 person 中文“人” 英文“persons”。\n"


def parameter(value: str, language: Language) -> object:
    text = f"{CHINESE}参数 period_of 为{value}。" if language == "zh" else f"{ENGLISH}parameter period_of is {value}."
    file, found = parse(text, "sample")
    assert not found, [render(each, text) for each in found]
    assert file is not None
    item = file.items[-1]
    assert isinstance(item, t.Parameter)
    assert isinstance(item.value, tuple)
    return item.value[0].value


@pytest.mark.parametrize(
    ("english", "chinese", "value"),
    [
        ("24 hours", "24小时", t.Duration(24, "hour")),
        ("1 hour", "1 小 时", t.Duration(1, "hour")),
        ("30 minutes", "30分钟", t.Duration(30, "minute")),
        ("15 days", "15日", t.Duration(15, "day")),
        ("15 days", "15天", t.Duration(15, "day")),
        ("10 working days", "10个工作日", t.Duration(10, "working_day")),
        ("10 working days", "10工作日", t.Duration(10, "working_day")),
        ("2 months", "2个月", t.Duration(2, "month")),
        ("3 years", "3年", t.Duration(3, "year")),
        ("CNY 100,000", "10万元", t.Money(Decimal(100_000), "CNY")),
        ("USD 1,250.50", "1250.50美元", t.Money(Decimal("1250.50"), "USD")),
        ("5%", "5%", t.Percentage(Decimal(5))),
        ("0.1%", "0.1％", t.Percentage(Decimal("0.1"))),
        ("100,000 persons", "10万人", t.Quantity(Decimal(100_000), t.Name("person"))),
        ("150,000,000 persons", "1.5亿人", t.Quantity(Decimal(150_000_000), t.Name("person"))),
        ("10 times", "10次", t.Quantity(Decimal(10), t.Name("time"))),
        ("8", "8", t.Quantity(Decimal(8))),
        ("2026-02-01", "2026年2月1日", None),
        ("2026-02-01T10:00", "2026年2月1日10:00", None),
        ("2026-02-01T10:30", "2026年2月1日10时30分", None),
        ("2026-02-01T10:00:30.5", "2026年2月1日10:00:30.5", None),
        ('"text"', "“text”", t.Text("text")),
        ("yes", "是", t.YesNo(True)),
        ("no", "否", t.YesNo(False)),
    ],
)
def test_a_literal_means_the_same_in_both_languages(english: str, chinese: str, value: object) -> None:
    assert parameter(english, "en") == parameter(chinese, "zh")
    assert value is None or parameter(english, "en") == value


@given(st.integers(1, 9999))
def test_chinese_numerals_read_back(number: int) -> None:
    assert from_chinese(to_chinese(number)) == number


STATUTES = [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (101, "一百零一"), (110, "一百一十")]


@pytest.mark.parametrize(("number", "text"), [*STATUTES, (1005, "一千零五"), (9999, "九千九百九十九")])
def test_chinese_numerals_are_written_as_in_statutes(number: int, text: str) -> None:
    assert to_chinese(number) == text


@pytest.mark.parametrize("number", [0, 10_000])
def test_numerals_outside_the_bounds_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="numeral"):
        to_chinese(number)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_stands_for_two_things(language: Language) -> None:
    tables = [words(language).opening, words(language).positional, words(language).anywhere]
    for first, second in combinations(tables, 2):
        assert set(first) & set(second) <= {"party", "text"}  # also types of fields
    assert not set(words(language).refused) & set(tables[2])


def _spans_of_marks(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"“[^”\n]*”|#[^\n]*", text)]


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the example files are not beside this checkout")
@pytest.mark.parametrize("stem", ["data_training", "eu_timers", "voice_synthesis"])
def test_white_space_between_chinese_characters_means_nothing(stem: str) -> None:
    """As in text that was pasted from a page: breaks anywhere, even inside words."""
    text = (FOLDER / f"{stem}.zh.clause").read_text(encoding="utf-8")
    kept = _spans_of_marks(text)
    chance = random.Random(1)
    broken = ""
    for at, character in enumerate(text):
        chinese = "\u4e00" <= character <= "\u9fff" and "\u4e00" <= text[at + 1 : at + 2] <= "\u9fff"
        inside = any(start <= at < end for start, end in kept)
        broken += character + (chance.choice([" ", "\n", "\u3000"]) if chinese and not inside and chance.random() < 0.3
                               else "")  # fmt: skip
    vocabulary = (FOLDER / "data_training.zh.clause").read_text(encoding="utf-8")
    words_of = [("std.data_training", "data_training", declarations(vocabulary).names)] if stem[0] != "d" else []
    assert parse(broken, stem, words_of)[0] == parse(text, stem, words_of)[0]


def test_the_language_is_that_of_the_keywords() -> None:
    assert detect("# 合同 in a comment\ncontract x version 1.0.0") == "en"
    assert detect("# contract\n合同 x 版本 1.0.0") == "zh"
    assert detect('vocabulary x version 1.0.0 zh "词汇表"') == "en"


def test_columns_count_what_the_screen_shows() -> None:
    assert width("乙方 B") == 6
    assert width("a\u0301") == 1
    assert Lines("乙方may", "f").span(2, 5).column == 5


def test_the_caret_stays_under_the_word() -> None:
    text = "参数 期限，为 x。\n"
    span = Lines(text, "f").span(8, 9)
    shown = render(Diagnostic("X01", "error", "sentence", span, "help"), text).splitlines()
    assert shown[1] == "  | 参数 期限，为 x。"
    assert width(shown[2][: shown[2].index("^")]) == width("  | 参数 期限，为 ")


def test_a_long_line_is_shown_around_the_place() -> None:
    text = "a " * 200 + "here " + "b " * 200
    shown = render(Diagnostic("X01", "error", "sentence", Lines(text, "f").span(400, 404)), text).splitlines()
    assert len(shown[1]) < 200
    start = shown[2].index("^")
    assert shown[1][start : start + 4] == "here"


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [("incidnt", "incident", 1), ("otherwize", "otherwise", 1), ("ab", "ba", 1), ("a", "xyz", 3)],
)
def test_the_distance_counts_slips_of_the_hand(first: str, second: str, apart: int) -> None:
    assert distance(first, second, 3) == apart
    assert distance(second, first, 3) == apart


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert suggestion("zebra", ["otherwise", "within"]) is None
    assert suggestion("withn", ["otherwise", "within"]) == "within"


def test_latin_letters_are_no_look_alikes() -> None:
    assert look_alike("B") is None
    assert look_alike("В") == (("Cyrillic", "西里尔字母"), "B")


def test_an_english_label_is_a_full_synonym() -> None:
    text = (
        'rule pack x version 1.0.0\nparty B zh "乙方" en "Recipient".\n'
        'act use zh "使用" en "use the data" by B has\n'
        '  agreed zh "已同意|未同意" en "consent in force|no consent" is fact.\n'
        "clause 1 scope\n  Recipient must not use the data if no consent.\n"
    )
    file, found = parse(text)
    assert not found
    assert file is not None
    clause = file.items[-1]
    assert isinstance(clause, t.Clause)
    assert clause.body == (t.Bar(t.Name("B"), (t.Name("use"),), t.Not(t.Name("agreed"))),)


def test_findings_of_a_chinese_file_show_no_english_words() -> None:
    text = "规则包 x 版本 1.0.0\n当事人 B 中文“乙方” 英文“R”。\n第1条 c\n  乙方不得。\n"
    (found,) = parse(text)[1]
    assert found.language == "zh"
    assert "`" not in found.help


def test_several_mistakes_are_found_in_one_run() -> None:
    text = (
        "contract x version 1.0.0\nparty B.\nact use by B has\n  agreed is fact.\nclause 1 c\n"
        "  B shall use.\n  B may may use.\n  B may use if agreed or agreed and agreed.\n  B must not use if agreed.\n"
    )
    file, found = parse(text)
    assert [each.code for each in found] == ["L04", "P01", "P03"]
    assert file is not None
    clause = file.items[-1]
    assert isinstance(clause, t.Clause)
    assert clause.body[-1] == t.Bar(t.Name("B"), (t.Name("use"),), t.Name("agreed"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_are_checked_in_both_languages(language: Language) -> None:
    """Otherwise a file could not be written in the other language."""
    first, second = ('zh "一号" en "same"', 'zh "二号" en "same"')
    text = f"contract x version 1.0.0\nconcept one {first}.\nconcept two {second}.\n"
    if language == "zh":
        first, second = ("中文“一号” 英文“same”", "中文“二号” 英文“same”")
        text = f"合同 x 版本 1.0.0\n概念 one {first}。\n概念 two {second}。\n"
    assert [each.code for each in parse(text)[1]] == ["L15"]


def test_a_label_with_a_letter_of_another_script_is_refused() -> None:
    text = 'contract x version 1.0.0\nparty A zh "甲方" en "Рrovider".\n'
    assert [each.code for each in parse(text)[1]] == ["L15"]
