"""`prove`: what a contract allows in every possible event, before anyone signs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smartclause.cli.matrix import FACTS, PAGE, answer_matrix
from smartclause.cli.needs import answer_needs, needs_options
from smartclause.cli.options import FILE, folders_option, format_option, lang_option
from smartclause.cli.output import Exit, answer, goes_with, pick
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.verbs.prove import Proven

Command = TypeVar("Command", bound=Callable[..., Any])

_RECORDS = click.option(
    "--records",
    type=click.IntRange(0, 8),
    default=3,
    show_default=True,
    metavar="N",
    help="How many records of a kind a history may hold that is built to show something.",
)
_STEPS = click.option(
    "--steps",
    type=click.IntRange(1_000),
    default=20_000_000,
    show_default=True,
    metavar="N",
    help="Effort for one question, counted in steps of the solver; what needs more is told as not proven.",
)


def effort_options(command: Command) -> Command:
    return _RECORDS(_STEPS(command))


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--examples", is_flag=True, help="Also show an act for each thing that was found to be possible.")
@click.option(
    "--refines",
    "other",
    type=FILE,
    help="Ask instead whether what the one file FILES allows is allowed by this one; of a rule pack: not barred.",
)
@click.option("--mutual", is_flag=True, help="With --refines: and the other way round.")
@click.option(
    "--act",
    "acts",
    multiple=True,
    metavar="NAME",
    help="With --refines, --matrix or --needs: only this act; may be repeated.",
)
@click.option(
    "--party",
    "parties",
    multiple=True,
    metavar="THEIRS=MINE",
    help="With --refines: who a party of the other file is in this one; may be repeated.",
)
@FACTS
@PAGE
@needs_options
@effort_options
@folders_option
@format_option
@lang_option
def prove(
    files: tuple[Path, ...], examples: bool, other: Path | None, mutual: bool, acts: tuple[str, ...],
    parties: tuple[str, ...], matrix: str | None, html: Path | None, needs: bool, without: tuple[str, ...],
    schema: Path | None, table: Path | None, records: int, steps: int, folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """Prove or refute what holds of every possible act: clauses without effect, acts never allowed, and each property
    that a file declares. Ends with 1 if something is found, with 3 if something is not proven.

    \b
    Example:
      smartclause prove voice.clause
      smartclause prove voice.clause --refines voice-2.clause --mutual
      smartclause prove voice.clause --matrix purpose --html matrix.html
      smartclause prove voice.clause --needs --schema use.schema.json --csv uses.csv
    """
    _one_question(lang, {"--refines": other is not None, "--matrix": matrix is not None, "--needs": needs})
    goes_with(lang, html is not None and matrix is None, "--html", "--matrix")
    for given, name in ((without, "--without"), (schema, "--schema"), (table, "--csv")):
        goes_with(lang, given and not needs, name, "--needs")
    if matrix is not None:
        _alone(lang, mutual, (), parties)
        answer_matrix(files, matrix, acts, examples, html, (steps, records), folders, form, lang)
    if needs:
        _alone(lang, mutual, (), parties)
        answer_needs(files, acts, without, schema, table, examples, (steps, records), folders, form, lang)
    from smartclause.cli.prove_words import print_proven
    from smartclause.engines.prove.asking import Effort
    from smartclause.verbs.answers_prove import prove_form

    effort = Effort(steps=steps, bound=records)
    found: tuple[Proven, ...]
    if other is None:
        from smartclause.verbs.prove import prove as verb

        _alone(lang, mutual, acts, parties)
        found = verb(files, folders=folders, effort=effort)
    else:
        from smartclause.verbs.refines import prove_refines

        bound = dict(_pair(p) for p in parties)
        found = prove_refines(
            _single(files, lang), other, acts=acts, mutual=mutual, parties=bound, folders=folders, effort=effort
        )
    if form == "json":
        answer(prove_form(found))
    else:
        print_proven(found, lang, examples)
    if any(p.faults for p in found):
        raise click.exceptions.Exit(Exit.NO)
    raise click.exceptions.Exit(Exit.UNDECIDED if any(p.open for p in found) else Exit.YES)


def _one_question(lang: Lang, asked: dict[str, bool]) -> None:
    """Each of these asks something else of the same files."""
    given = [name for name, is_given in asked.items() if is_given]
    if len(given) > 1:
        raise click.UsageError(pick(lang, f"{given[0]} does not go with {given[1]}", f"{given[0]}不能与{given[1]}同用"))


def _alone(lang: Lang, mutual: bool, acts: tuple[str, ...], parties: tuple[str, ...]) -> None:
    for given, name in ((mutual, "--mutual"), (acts, "--act"), (parties, "--party")):
        goes_with(lang, given, name, "--refines")


def _single(files: tuple[Path, ...], lang: Lang) -> Path:
    if len(files) != 1:
        raise click.UsageError(pick(lang, "--refines takes one file", "--refines只接受一个文件"))
    return files[0]


def _pair(text: str) -> tuple[str, str]:
    theirs, found, mine = text.partition("=")
    if not (theirs and found and mine):
        raise click.BadParameter(f"{text} is not of the form THEIRS=MINE", param_hint="--party")
    return theirs, mine


COMMANDS = (prove,)
