"""Synonyms are read and written back as the one canonical word; layout is canonical too."""

import pytest

from smartclause.language.diagnostic import Language
from smartclause.language.format import format
from smartclause.language.parse import parse

CHINESE = (
    "合同 x 版本 1.0.0\n当事人 B。\n行为 use。\n无须授权的行为 pay。\n事件 leak。\n"
    "参数 limit_of 为1。\n参数 most 为1。\n第1条 only_one\n  "
)
ENGLISH = "contract x version 1.0.0\nparty B.\nact use.\nclause 1 only_one\n  "


def formatted(text: str, to: Language | None = None) -> str:
    file, found = parse(text)
    assert not found, found
    assert file is not None
    return format(file, to)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("B应在3天内pay。", "B应当在3日内 pay。"),
        ("如limit_of不低于most，B可以use。", "如limit_of不少于most，B可以use。"),
        ("如limit_of达到most，B可以use。", "如limit_of不少于most，B可以use。"),
        ("如limit_of为3以上，B可以use。", "如limit_of不少于3，B可以use。"),
        ("如limit_of为3以下，B可以use。", "如limit_of不超过3，B可以use。"),
        ("如limit_of不高于most或limit_of不多于3，B可以use。", "如limit_of不超过most或者limit_of不超过3，B可以use。"),
        ("如limit_of多于most并且limit_of少于3，B可以use。", "如limit_of超过most，且limit_of不满3，B可以use。"),
        ("如有下列情形之一，B可以use：（一）limit_of；（二）most。",
         "如符合下列条件之一，B可以use：\n    （一）limit_of；\n    （二）most。"),
        ("尽管有第2条且第3条的约定，B可以use。", "尽管有第2条和第3条的约定，B可以use。"),
    ],
)  # fmt: skip
def test_a_synonym_is_written_as_the_canonical_word(written: str, canonical: str) -> None:
    assert canonical.replace("内 pay", "内pay") in formatted(CHINESE + written)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("B   may\n use   if yes_it_is.", "B may use if yes_it_is."),
        ("if ok_now, B may use.", "B may use if ok_now."),
        ("B must not use except if ok_now.", "B must not use unless ok_now."),
        ("B may use if not x_is is at least 3.", "B may use if not (x_is is at least 3)."),
        ("B may use if (ok_now).", "B may use if ok_now."),
        ("despite clause 2, B may use.", "Despite clause 2, B may use."),
    ],
)
def test_english_has_one_canonical_form(written: str, canonical: str) -> None:
    assert canonical in formatted(ENGLISH + written)


def test_comments_of_every_place_are_kept() -> None:
    text = (
        "# first\n# second\ncontract x version 1.0.0 # heading\n  # term\n  time zone \"UTC\". # zone\nparty B.\n"
        "act use has\n  # field\n  one_fact is fact;\n  two_fact is fact. # act\n# clause\nclause 1 c\n  # sentence\n"
        "  B may use if all of # list\n    (a) one_fact;\n    (b) two_fact.\n# end\n"
    )  # fmt: skip
    printed = formatted(text)
    for word in ("first", "second", "heading", "term", "zone", "field", "act", "clause", "sentence", "list", "end"):
        assert f"# {word}\n" in printed
    assert formatted(printed) == printed
    assert formatted(formatted(text, "zh"), "en") == printed
