"""`prove`: what a contract allows in every possible event, before anyone signs."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.options import FILE, folders_option, format_option, lang_option
from smartclause.cli.output import Exit, answer
from smartclause.evidence.errors import Lang


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--examples", is_flag=True, help="Also show an act for each thing that was found to be possible.")
@click.option(
    "--records",
    type=click.IntRange(0, 8),
    default=3,
    show_default=True,
    metavar="N",
    help="How many records of a kind a history may hold that is built to show something.",
)
@click.option(
    "--steps",
    type=click.IntRange(1_000),
    default=20_000_000,
    show_default=True,
    metavar="N",
    help="Effort for one question, counted in steps of the solver; what needs more is told as not proven.",
)
@folders_option
@format_option
@lang_option
def prove(
    files: tuple[Path, ...], examples: bool, records: int, steps: int, folders: tuple[Path, ...], form: str, lang: Lang
) -> None:
    """Prove or refute what holds of every possible act: clauses without effect, acts never allowed, and each property
    that a file declares. Ends with 1 if something is found, with 3 if something is not proven.

    \b
    Example:
      smartclause prove voice.clause
    """
    from smartclause.cli.prove_words import print_proven
    from smartclause.engines.prove.asking import Effort
    from smartclause.verbs.answers_prove import prove_form
    from smartclause.verbs.prove import prove as verb

    found = verb(files, folders=folders, effort=Effort(steps=steps, bound=records))
    if form == "json":
        answer(prove_form(found))
    else:
        print_proven(found, lang, examples)
    if any(p.faults for p in found):
        raise click.exceptions.Exit(Exit.NO)
    raise click.exceptions.Exit(Exit.UNDECIDED if any(p.open for p in found) else Exit.YES)


COMMANDS = (prove,)
