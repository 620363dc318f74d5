"""Hostile text: a clear finding in bounded time and memory, never an exception."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.language.diagnostic import Diagnostic, Lines, render
from smartclause.language.lexicon import Declarations, Declared, lexicon
from smartclause.language.parse import parse
from smartclause.language.tree import Texts
from smartclause.language.words import words

HEAD = "contract sample version 1.0.0\nparty A.\nparty B.\nact use by B has\n  agreed is fact.\nclause 1 scope\n  "
CHINESE = (
    "合同 sample 版本 1.0.0\n当事人 B 中文“乙方” 英文“R”。\n"
    "行为 use 中文“使用” 英文“u”，载有：agreed 中文“已同意|未同意” 英文“a”为是非。\n第1条 scope\n  "
)


def found_in(text: str) -> list[Diagnostic]:
    return parse(text, "hostile")[1]


def codes_in(text: str) -> set[str]:
    return {each.code for each in found_in(text)}


LARGE = {
    "ten megabytes of brackets": (HEAD + "B may use if " + "(" * 10_000_000, "L13"),
    "brackets within the size": (HEAD + "B may use if " + "(" * 1_000_000, "L12"),
    "closing brackets": (HEAD + "B may use if " + ")" * 1_000_000, "L24"),
    "words without end": (HEAD + "B may use if " + "a " * 500_000, "L24"),
    "denials without end": (HEAD + "B may use if " + "not " * 10_000 + "agreed.", "L12"),
    "null bytes": (HEAD + "\0" * 500_000, "L10"),
    "quotation marks": (HEAD + '"' * 500_000, "L24"),
    "digits without end": (HEAD + "B may use if x is " + "9" * 1_000_000 + ".", "L25"),
    "full stops": (HEAD + "." * 300_000, "L13"),
    "one Chinese character": (CHINESE + "的" * 500_000, "L24"),
    "unknown Chinese characters": (CHINESE + "龘" * 500_000, "L08"),
    "lists in lists": (HEAD + "B may use if all of " + "(a) all of " * 10_000, "L24"),
    "direction marks": (HEAD + "\u202e" * 500_000, "L10"),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_hostile_text_is_answered_in_seconds(name: str) -> None:
    text, code = LARGE[name]
    start = time.process_time()
    found = found_in(text)
    assert time.process_time() - start < 20
    assert code in {each.code for each in found}
    assert len(found) <= 101


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (HEAD + "В may use if agreed.", "L03"),
        (HEAD + "Β may use if agreed.", "L03"),
        (HEAD + "B may use if аgreed.", "L03"),
        (HEAD + "B may use if agr\u200beed.", "L10"),
        (HEAD + "B may use. # harmless \u202e comment", "L10"),
        (HEAD + 'text zh "\u2066甲" en "x"', "L10"),
        (HEAD + "B may use if agreed\0.", "L10"),
        (HEAD + "Ｂ may use if agreed.", "L07"),
        (CHINESE + "如已同意，乙方可以使用\u200b。", "L10"),
        (CHINESE + "如已同意，乙方不得使用１。", "L07"),
        ("\ufeffcontract sample version 1.0.0\n", "L10"),
        ("", "P14"),
        ("\n\n# only a comment\n", "P14"),
    ],
)
def test_a_deceptive_character_is_named(text: str, code: str) -> None:
    assert code in codes_in(text)


def test_a_message_never_passes_on_a_control_character() -> None:
    text = HEAD + "B may use if \u202eagreed\x1b[2J."
    said = "\n".join(render(each, text) for each in found_in(text))
    assert "\u202e" not in said
    assert "\x1b" not in said


def test_the_text_may_be_nested_as_deep_as_the_bound_says() -> None:
    assert not found_in(HEAD + "B may use if " + "(" * 32 + "agreed" + ")" * 32 + ".")
    assert not found_in(HEAD + "B may use if " + "not " * 4 + "agreed.")


_PIECES = st.sampled_from(
    [
        *words("en").reserved(), *words("zh").reserved(), "A", "B", "use", "agreed", ".", "。", ",", "，", ";", "；",
        ":", "(", ")", "(a)", "（一）", "(1)", '"', "“", "”", "\n", " ", "#", "1", "24 hours", "2026-01-01", "5%",
        "第1条", "clause 1", "=", "、", "《", "》", "В", "\u200b", "\0", "x.y", "9" * 40,
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=40), st.sampled_from([HEAD, CHINESE, ""]), st.sampled_from(["", " "]))
def test_no_order_of_words_raises(pieces: list[str], head: str, gap: str) -> None:
    text = head + gap.join(pieces)
    for each in found_in(text):
        assert render(each, text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.sampled_from([HEAD, CHINESE, ""]))
def test_no_characters_raise(text: str, head: str) -> None:
    for each in found_in(head + text):
        assert render(each, head + text)


def test_thousands_of_lines_are_read_in_a_few_seconds() -> None:
    sentence = "B may use if agreed and (some use with the same subject within 3 days or not agreed).\n  "
    start = time.process_time()
    assert not found_in(HEAD + sentence * 3_000)
    assert time.process_time() - start < 10


def test_one_line_of_half_a_megabyte_is_shown_in_seconds() -> None:
    """Each finding shows what is near its place, however long its line."""
    text = '{"a":' * 100_000
    begun = time.process_time()
    shown = [render(each, text) for each in found_in(text)]
    assert shown
    assert max(len(line) for each in shown for line in each.splitlines()) < 400
    assert time.process_time() - begun < 10


def test_the_caret_of_a_very_long_line_stands_under_its_place() -> None:
    text = HEAD + "B may use if agreed" + " " * 5_000 + "and and"
    [found, *_] = [each for each in found_in(text) if each.span.line == HEAD.count("\n") + 1]
    _, line, caret, *_ = render(found, text).splitlines()
    pointed = line[caret.index("^") : caret.rindex("^") + 1]
    assert pointed == text[found.span.start : found.span.end][: len(pointed)]


def test_a_label_of_hundreds_of_thousands_of_characters_is_no_long_search() -> None:
    party = Declared("C", "party", Texts(zh="龘" * 400_000, en="c"), 0, 0)
    begun = time.process_time()
    lexicon(Declarations((party,)), [], "zh", Lines(""))
    assert time.process_time() - begun < 5
