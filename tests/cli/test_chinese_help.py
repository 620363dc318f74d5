"""The help says everything in Chinese too: each command, option and name, click's own words, and mistakes in typing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner, Result

from smartclause.cli.chinese import catalogue, spelled_names, texts
from smartclause.cli.layout import joined, wrapped
from smartclause.cli.main import cli
from smartclause.language.diagnostic import width

COMMANDS = dict(texts(cli))
ENGLISH_SAMPLES = ("(a or b) and c",)
GIVEN_BY_CLICK = {"Show this message and exit."}
NAMES_OF_CLICK = {"[OPTIONS]", "COMMAND [ARGS]..."}


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(
        cli, arguments, env={"LANG": "C", "COLUMNS": "80", **environment}, prog_name="smartclause"
    )


def options() -> Iterator[tuple[str, click.Option]]:
    for words, command in COMMANDS.items():
        yield from ((words, p) for p in command.params if isinstance(p, click.Option))


def is_chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


def english_left(text: str) -> list[str]:
    """Commands in backticks are typed as they are."""
    for sample in ENGLISH_SAMPLES:
        text = text.replace(sample, "")
    text = re.sub(r"`[^`]*`", "", text)
    return re.findall(r"[A-Za-z]{2,} [A-Za-z]{2,}", text)


def test_every_command_has_a_chinese_text_and_no_text_is_without_a_command() -> None:
    assert {words for words, command in COMMANDS.items() if command.help} == set(COMMANDS)
    assert set(catalogue().commands) == set(COMMANDS)
    assert [words for words, said in catalogue().commands.items() if not is_chinese(said)] == []


def test_every_option_says_what_it_is_in_both_languages_and_no_text_is_without_an_option() -> None:
    assert [(words, option.opts) for words, option in options() if not option.help] == []
    said = {option.help for _, option in options()} | GIVEN_BY_CLICK
    assert set(catalogue().options) == said
    assert [zh for zh in catalogue().options.values() if not is_chinese(zh)] == []


def test_every_argument_and_kind_of_value_has_a_chinese_name_and_no_name_is_without_one() -> None:
    names = {spelled_names(p) for command in COMMANDS.values() for p in command.params} - {""}
    assert set(catalogue().names) == names | NAMES_OF_CLICK


@pytest.mark.parametrize("words", COMMANDS)
def test_the_help_shows_the_same_examples_and_no_english_sentence(words: str) -> None:
    shown = run(*words.split()[1:], "--help", "--lang", "zh")
    assert shown.exit_code == 0
    samples = [line.strip() for line in (COMMANDS[words].help or "").partition("Example:")[2].splitlines()]
    lines = [line.strip() for line in shown.output.splitlines()]
    assert [s for s in samples if s not in lines] == []
    said = [line for line in lines if line not in samples and not line.startswith("用法：")]
    assert english_left("\n".join(said)) == []
    assert lines[0].startswith(f"用法：{words} [选项]")
    assert max(width(line) for line in shown.output.splitlines() if line.strip() not in samples) <= 80


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [(("--lang", "zh", "decide", "--help"), {}), (("decide", "--help", "--lang", "zh"), {}),
     (("decide", "-h", "--lang=zh"), {}), (("decide", "--help"), {"LANG": "zh_CN.UTF-8"}),
     (("--lang", "en", "decide", "--help", "--lang", "zh"), {"LANG": "en_US.UTF-8"})],
)  # fmt: skip
def test_the_language_is_named_anywhere_or_by_the_locale(
    arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    shown = run(*arguments, **environment).output
    assert shown.startswith("用法：smartclause decide [选项] 合同 事件\n")
    assert "示例：" in shown


def test_an_english_reader_gets_english_help_under_a_chinese_locale() -> None:
    shown = run("decide", "--help", "--lang", "en", LANG="zh_CN.UTF-8")
    assert shown.output == run("decide", "--help").output
    assert not is_chinese(shown.output)


def test_a_language_named_before_the_command_is_that_of_its_answer() -> None:
    assert "没有这样" not in run("check", "none.clause").stderr
    assert is_chinese(run("--lang", "zh", "check", "none.clause").stderr)
    assert not is_chinese(run("--lang", "zh", "check", "none.clause", "--lang", "en").stderr)


MISTAKES = [
    (("monito",), "没有命令“monito”。是否指“monitor”？"),
    (("nonsense",), "没有命令“nonsense”。"),
    (("decide",), "缺少参数“合同”。"),
    (("compile", "a.clause"), "缺少选项“-o”或者“--out”。"),
    (("decide", "a", "b", "--nonsense"), "没有选项“--nonsense”。"),
    (("--versoin",), "没有选项“--versoin”。是否指“--version”？"),
    (("check", "a", "--contracts"), "选项“--contracts”须带取值。"),
    (("decide", "a", "b", "--draft=yes"), "选项“--draft”不带取值。"),
    (("verify", "a", "b"), "多出参数：b"),
    (("verify", "a", "b", "c"), "多出参数：b c"),
    (("ledger", "proof", "a", "first"), "“序号”的取值不可用：“first”不是整数。"),
    (("check", "a", "--format", "xml"), "“--format”的取值不可用：“xml”不在'text', 'json'之中。"),
    (("keys", "make"), "缺少参数“文件”。"),
    (("keys", "--lang", "zh"), "缺少命令。"),
    (("audit", "a", "b", "--at", "noon"), "“--at”的取值不可用：VB20 noon不是时刻；请写成2026-03-01T09:00:00Z"),
]


@pytest.mark.parametrize(("arguments", "said"), MISTAKES)
def test_a_mistake_in_typing_is_told_in_chinese(arguments: tuple[str, ...], said: str) -> None:
    found = run("--lang", "zh", *arguments)
    assert found.exit_code == 2
    *before, error = found.stderr.splitlines()
    assert error == f"错误：{said}"
    if before:  # click does not know the command of every mistake
        usage, hint, empty = before
        assert usage.startswith("用法：smartclause ")
        assert hint.startswith("键入“smartclause ")
        assert not empty


@pytest.mark.parametrize(("arguments", "said"), MISTAKES)
def test_the_same_mistake_ends_the_same_way_in_english(arguments: tuple[str, ...], said: str) -> None:
    found = run("--lang", "en", *(a for a in arguments if a not in ("--lang", "zh")))
    assert found.exit_code == 2
    assert said not in found.stderr
    assert not is_chinese(found.stderr)


def test_what_was_typed_is_repeated_as_it_was() -> None:
    assert run("Options", "--lang", "zh").stderr.endswith("错误：没有命令“Options”。\n")


def test_no_command_at_all_shows_the_chinese_help() -> None:
    found = run(LANG="zh_CN.UTF-8")
    assert found.exit_code == 2
    assert found.stderr.startswith("用法：")


def test_lines_are_no_wider_than_asked_and_lose_nothing() -> None:
    text = joined("第一行，写到\n此处；second word\nthird（括号里的话）“引号”。" * 5)
    for columns in range(12, 60):
        lines = list(wrapped(text, columns))
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert max(map(width, lines)) <= columns
        assert not any(line[0] in "，。；：、）”" or line[-1] in "（“" for line in lines)
