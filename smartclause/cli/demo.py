"""The demonstration: the whole way, on facts of public datasets."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.options import FOLDER, format_option, lang_option
from smartclause.cli.output import answer, console
from smartclause.evidence.errors import Lang


@click.command()
@click.option("--folder", type=FOLDER, help="Where to build; a temporary folder if not given.")
@format_option
@lang_option
def demo(folder: Path | None, form: str, lang: Lang) -> None:
    """Build keys, a signed contract and a ledger on real dataset facts; decide, audit, and tell the story.

    \b
    Example:
      smartclause demo --folder tour
    """
    from rich.console import Console

    from smartclause.verbs.answers_demo import demo_form
    from smartclause.verbs.demo import demo as verb

    made = verb(folder, lang=lang, console=Console(quiet=True) if form == "json" else console())
    if form == "json":
        answer(demo_form(made))


COMMANDS = (demo,)
