"""The commands with their help, usage and mistakes in typing in Chinese, from the texts in `help.zh.toml`.

A command whose text is missing there keeps its English one; the tests let none be missing.
"""

from __future__ import annotations

import copy
import inspect
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import click

from smartclause.cli.layout import ChineseFormatter, joined

_EXAMPLE = "\b\nExample:\n"
_SPEAKING = frozenset({"name", "message"})
_EXTRAS = re.compile(r"(?P<text>.*?)(?P<gap>\s*)\[(?P<extras>[^\[\]]*)\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`commands` by their words, `options` by their English text, `names` of values, `click`: its own sentences."""

    commands: Mapping[str, str]
    options: Mapping[str, str]
    names: Mapping[str, str]
    click: Mapping[str, str]


@cache
def catalogue() -> Catalogue:
    text = files("smartclause.cli").joinpath("help.zh.toml").read_text(encoding="utf-8")
    return Catalogue(**tomllib.loads(text))


def in_chinese(command: click.Command, words: str = "smartclause") -> click.Command:
    """A copy that says everything in Chinese; what it does stays the same."""
    made = copy.copy(command)
    made.context_class = _ChineseContext
    made.params = [_parameter(p) for p in command.params]
    made.options_metavar = catalogue().names["[OPTIONS]"] if command.options_metavar else ""
    said = catalogue().commands.get(words)
    if said is not None:
        made.help = _help(said, command.help or "")
        made.short_help = re.split("。|(?<=？)", joined(said))[0]
    if isinstance(made, click.Group):
        made.subcommand_metavar = catalogue().names["COMMAND [ARGS]..."]
        made.commands = {name: in_chinese(each, f"{words} {name}") for name, each in made.commands.items()}
    return made


def _help(said: str, english: str) -> str:
    """The examples are those of the English text, so that both show the same."""
    _, _, example = inspect.cleandoc(english).partition(_EXAMPLE)
    return said.strip() + (f"\n\n\b\n{click_words('Example:')}\n{example}" if example else "")


def _parameter(parameter: click.Parameter) -> click.Parameter:
    made = copy.copy(parameter)
    names = catalogue().names
    if isinstance(made, click.Argument):
        made.metavar = _argument(made)
    elif isinstance(made, click.Option):
        made.help = catalogue().options.get(made.help or "", made.help)
        if not made.is_flag and not _lists_its_values(made):
            spelled = made.metavar or made.type.name.upper()
            made.metavar = names.get(spelled, spelled)
    return made


def _lists_its_values(option: click.Option) -> bool:
    """A choice stands in the help with all its values, unless it is given a name."""
    return isinstance(option.type, click.Choice) and not option.metavar


def _argument(argument: click.Argument) -> str:
    """As click would write it, with our name."""
    name = spelled_names(argument)
    said = catalogue().names.get(name, name)
    return (said if argument.required else f"[{said}]") + ("..." if argument.nargs != 1 else "")


class _ChineseContext(click.Context):
    class formatter_class(ChineseFormatter):  # noqa: N801 (the name that click asks for)
        def words(self, text: str) -> str:
            return described(text)


def described(text: str) -> str:
    """The text of an option with the remarks that click puts behind it."""
    found = _EXTRAS.fullmatch(text)
    if found is None:
        return click_words(text)
    extras = "；".join(click_words(part) for part in found["extras"].split("; "))
    return f"{click_words(found['text'])}[{extras}]"


def click_words(text: str) -> str:
    """A sentence that click writes, in Chinese; the text itself where it is none that we know."""
    own = catalogue().options.get(text) or catalogue().click.get(text)
    if own is not None:
        return own
    for pattern, said in _sentences():
        found = pattern.fullmatch(text)
        if found is not None:
            values = {n: click_words(v) if n in _SPEAKING else v for n, v in found.groupdict().items()}
            return said.format(**values)
    return text


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with places, `{name}`, for what the user typed."""
    return tuple(_pattern(en, zh) for en, zh in catalogue().click.items() if "{" in en)


def _pattern(english: str, chinese: str) -> tuple[re.Pattern[str], str]:
    places = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*?)", re.escape(english))
    return re.compile(places, re.DOTALL), chinese


def texts(command: click.Command, words: str = "smartclause") -> Iterator[tuple[str, click.Command]]:
    """Every command and group with its words."""
    yield words, command
    if isinstance(command, click.Group):
        for name, each in sorted(command.commands.items()):
            yield from texts(each, f"{words} {name}")


def spelled_names(parameter: click.Parameter) -> str:
    """The English name of the value that a parameter takes, as its help shows it; empty if there is none."""
    match parameter:
        case click.Argument():
            return (parameter.name or "").upper().rstrip("_")
        case click.Option() if not parameter.is_flag and not _lists_its_values(parameter):
            return parameter.metavar or parameter.type.name.upper()
        case _:
            return ""
