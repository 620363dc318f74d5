"""The reference of the command line, generated from the help: `python -m smartclause.cli.reference > FILE`."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator

import click

from smartclause.cli.main import cli

_OPENING = """\
# The command line

Generated from the help of each command. Exit codes: 0 yes or clean, 1 a negative answer (refused, violations, errors
found), 2 unusable input or arguments, 3 undecided. `python -m smartclause` is the same as `smartclause`. The answers
of `decide` and `audit` in JSON follow `grammar/schemas/verdict.schema.json` and `audit.schema.json`.
"""


def reference() -> str:
    return "\n".join((_OPENING, *_sections(cli, "smartclause"))).rstrip() + "\n"


def _sections(group: click.Group, prefix: str) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        words = f"{prefix} {name}"
        yield _section(command, words)
        if isinstance(command, click.Group):
            yield from _sections(command, words)


def _section(command: click.Command, words: str) -> str:
    level = "#" * words.count(" ")
    said, _, example = inspect.cleandoc(command.help or "").partition("\b\nExample:\n")
    parts = [f"#{level} {words}", said.strip()]
    if not isinstance(command, click.Group):
        parts.append(f"```text\n{_usage(command, words)}\n```")
        parts.append(_options(command))
    if example:
        parts.append(f"```text\n{textwrap.dedent(example).strip()}\n```")
    return "\n\n".join(part for part in parts if part) + "\n"


def _usage(command: click.Command, words: str) -> str:
    context = click.Context(command, info_name=words, color=False)
    return " ".join((words, *command.collect_usage_pieces(context)))


def _options(command: click.Command) -> str:
    context = click.Context(command, info_name=command.name, color=False)
    own = [p for p in command.params if isinstance(p, click.Option)]
    rows = [r for p in own if (r := p.get_help_record(context))]
    return "\n".join(f"- `{' '.join(names.split())}`: {' '.join(said.split())}" for names, said in rows)


if __name__ == "__main__":
    click.echo(reference(), nl=False)
