"""`prove --needs`: what must be recorded, by whom, and the forms that collect it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from smartclause.cli.options import FILE
from smartclause.cli.output import Exit, answer, pick, write
from smartclause.evidence.errors import Lang

Command = TypeVar("Command", bound=Callable[..., Any])

_NEEDS = click.option(
    "--needs", is_flag=True, help="Tell instead what must be recorded: each fact, who shows it, for which clause."
)
_WITHOUT = click.option(
    "--without",
    multiple=True,
    metavar="SOURCE",
    help="With --needs: what is never allowed where this party, role, fact or kind of record is missing; repeatable.",
)
_SCHEMA = click.option("--schema", type=FILE, help="With --needs: write a JSON Schema of the acts to ask about.")
_CSV = click.option(
    "--csv", "table", type=FILE, help="With --needs: write a form for spreadsheets, which decide-many reads."
)


def needs_options(command: Command) -> Command:
    return _NEEDS(_WITHOUT(_SCHEMA(_CSV(command))))


def answer_needs(
    files: tuple[Path, ...], acts: tuple[str, ...], without: tuple[str, ...], schema: Path | None, table: Path | None,
    examples: bool, effort: tuple[int, int], folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """`effort`: steps and records. Ends with 1 if an act is never allowed without what was named, with 3 if something
    is not proven."""
    from smartclause.cli.needs_words import print_needs
    from smartclause.engines.prose_names import Names
    from smartclause.engines.prove.asking import Effort
    from smartclause.verbs.answers_needs import needs_form
    from smartclause.verbs.needs import needs
    from smartclause.verbs.needs_csv import csv_form
    from smartclause.verbs.needs_schema import schema_text

    if (schema or table) and len(files) != 1:
        raise click.UsageError(pick(lang, "--schema and --csv take one file", "--schema和--csv只接受一个文件"))
    found = needs(files, acts=acts, without=without, folders=folders, effort=Effort(steps=effort[0], bound=effort[1]))
    names = Names(found[0].lookup, lang)
    for path, content in ((schema, schema_text), (table, csv_form)):
        if path is not None:
            write(content(found[0], names), path)
    if form == "json":
        answer(needs_form(found))
    else:
        print_needs(found, lang, examples)
    if without and any(f.never for f in found):
        raise click.exceptions.Exit(Exit.NO)
    raise click.exceptions.Exit(Exit.UNDECIDED if any(f.open for f in found) else Exit.YES)
