"""The reference of the command line, generated from the help: `python -m smartclause.cli.reference > FILE`.

In Chinese with the word `zh` behind it.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Iterator

import click

from smartclause.cli.chinese import click_words, described, in_chinese
from smartclause.cli.layout import joined
from smartclause.cli.main import cli
from smartclause.cli.output import pick
from smartclause.evidence.errors import Lang
from smartclause.verbs.schemas import ANSWER_OF

_OPENING = """\
# The command line

Generated from the help of each command. Exit codes: 0 yes or clean, 1 a negative answer (refused, violations, errors
found), 2 unusable input or arguments, 3 undecided. `python -m smartclause` is the same as `smartclause`. Answers
in JSON follow the schemas in `grammar/schemas`, as named at each command; an error with `--format json` is JSON by
`error.schema.json` on standard output, and ends with 2 all the same. The language is that of `--lang` or of the locale.

[中文](cli.zh.md)
"""


_OPENING_ZH = (
    "# 命令行\n\n由各命令的帮助生成。退出码：0表示准许或者没有问题；1表示否定的结果（不予准许、存在违反、发现错误）；"
    "2表示输入或者参数不可用；3表示暂不准许。`python -m smartclause`与`smartclause`相同。"
    "JSON形式的答复依照`grammar/schemas`中的格式定义，各命令之下写明是哪一个；使用`--format json`的，"
    "错误也是标准输出上的JSON，依照`error.schema.json`，退出码仍为2。语言由`--lang`或者系统语言决定。\n\n[English](cli.md)\n"
)


def reference(lang: Lang = "en") -> str:
    opening, shown = (_OPENING_ZH, in_chinese(cli)) if lang == "zh" else (_OPENING, cli)
    return "\n".join((opening, *_sections(shown, "smartclause", lang))).rstrip() + "\n"


def _sections(command: click.Command, prefix: str, lang: Lang) -> Iterator[str]:
    """Those of the commands below it."""
    if isinstance(command, click.Group):
        for name, each in sorted(command.commands.items()):
            words = f"{prefix} {name}"
            yield _section(each, words, lang)
            yield from _sections(each, words, lang)


def _section(command: click.Command, words: str, lang: Lang) -> str:
    level = "#" * words.count(" ")
    mark = pick(lang, "Example:", click_words("Example:"))
    said, _, example = inspect.cleandoc(command.help or "").partition(f"\b\n{mark}\n")
    parts = [
        f"#{level} {words}",
        said.strip() if lang == "en" else "\n\n".join(map(joined, said.split("\n\n"))).strip(),
    ]
    if not isinstance(command, click.Group):
        parts.append(f"```text\n{_usage(command, words)}\n```")
        parts.append(_options(command, lang))
        parts.append(_schema(words, lang))
    if example:
        parts.append(f"```text\n{textwrap.dedent(example).strip()}\n```")
    return "\n\n".join(part for part in parts if part) + "\n"


def _schema(words: str, lang: Lang) -> str:
    name = ANSWER_OF.get(words.partition(" ")[2])
    if name is None:
        return ""
    return pick(lang, f"JSON by `{name}.schema.json`.", f"JSON依`{name}.schema.json`。")


def _usage(command: click.Command, words: str) -> str:
    context = _context(command, words)
    return " ".join((words, *command.collect_usage_pieces(context)))


def _context(command: click.Command, words: str) -> click.Context:
    """As the program would make it: a command keeps the names of its help from the first context it sees."""
    return click.Context(command, info_name=words, color=False, **cli.context_settings)


def _options(command: click.Command, lang: Lang) -> str:
    context = _context(command, command.name or "")
    own = [p for p in command.params if isinstance(p, click.Option)]
    rows = [r for p in own if (r := p.get_help_record(context))]
    told = ((names, said if lang == "en" else described(said)) for names, said in rows)
    between = pick(lang, ": ", "：")
    return "\n".join(f"- `{' '.join(names.split())}`{between}{' '.join(said.split())}" for names, said in told)


if __name__ == "__main__":
    click.echo(reference("zh" if sys.argv[1:] == ["zh"] else "en"), nl=False)
