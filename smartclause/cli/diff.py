"""`diff`: what a new version of a contract changes."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.options import FILE, folders_option, format_option, lang_option
from smartclause.cli.output import Exit, answer
from smartclause.cli.prove import effort_options
from smartclause.evidence.errors import Lang


@click.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@effort_options
@folders_option
@format_option
@lang_option
def diff(
    old: Path, new: Path, records: int, steps: int, folders: tuple[Path, ...], form: str, lang: Lang
) -> None:  # fmt: skip
    """Say which acts a new version judges otherwise, clause by clause: looser or stricter, with an act for each; and
    what else changed. Ends with 0 if both are proved to mean the same, with 1 if not, with 3 if it is not proven.

    \b
    Example:
      smartclause diff voice.clause voice-2.clause
    """
    from smartclause.cli.diff_words import print_diff
    from smartclause.engines.prove.asking import Effort
    from smartclause.verbs.answers_diff import diff_form
    from smartclause.verbs.diff import diff as verb

    found = verb(old, new, folders=folders, effort=Effort(steps=steps, bound=records))
    if form == "json":
        answer(diff_form(found))
    else:
        print_diff(found, lang)
    raise click.exceptions.Exit(_ending(found.equal, found.open, found.changed))


def _ending(equal: bool, unsure: bool, changed: bool) -> Exit:
    if equal:
        return Exit.YES
    return Exit.UNDECIDED if unsure and not changed else Exit.NO


COMMANDS = (diff,)
