"""The command `smartclause`: one verb for each thing people do with contracts on data.

Exit codes: 0 yes or clean, 1 a negative answer, 2 unusable input or arguments, 3 undecided.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from smartclause.cli import (
    acts,
    cases,
    contracts,
    demo,
    diff,
    keys,
    ledgers,
    many,
    monitor,
    prove,
    registers,
    segments,
    signing,
    stamps,
    testing,
    vault,
    views,
    witness,
)
from smartclause.cli.chinese import in_chinese, texts
from smartclause.cli.failures import asked, tell
from smartclause.cli.options import group_lang
from smartclause.cli.output import Exit, show_what_the_screen_lacks


class Verbs(click.Group):
    """Our own errors end a command with a sentence and a help; nothing ends in a stack trace."""

    def main(self, *args: Any, **options: Any) -> Any:
        words = args[0] if args else options.get("args")
        how = asked(sys.argv[1:] if words is None else words)
        shown = in_chinese(self) if how.lang == "zh" else self
        run: Callable[..., Any] = click.Group.main
        try:
            ended = run(shown, *args, obj=how.lang, standalone_mode=False, **options)
        except Exception as error:
            tell(error, how)
            ended = Exit.UNUSABLE
        sys.exit(ended if isinstance(ended, int) else Exit.YES)


def _version() -> str:
    try:
        return version("smartclause")
    except PackageNotFoundError:  # run from a folder, without having been installed
        return "0"


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(_version())
def cli() -> None:
    """Contracts on AI training data as programs with one meaning, checked over signed events.

    Exit codes: 0 yes or clean, 1 a negative answer (refused, violations, errors found), 2 unusable input or
    arguments, 3 undecided.
    """


for group in (
    contracts,
    testing,
    keys,
    signing,
    acts,
    many,
    monitor,
    prove,
    diff,
    registers,
    ledgers,
    segments,
    views,
    stamps,
    witness,
    cases,
    vault,
    demo,
):
    for command in group.COMMANDS:
        cli.add_command(command)

for _, each in texts(cli):
    if isinstance(each, click.Group):
        each.params.append(group_lang())


def main() -> None:
    show_what_the_screen_lacks()
    cli(prog_name="smartclause")
