"""The demonstration: the whole way, on facts of public datasets."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.options import FOLDER, lang_option
from smartclause.cli.output import console
from smartclause.evidence.errors import Lang


@click.command()
@click.option("--folder", type=FOLDER, help="Where to build; a temporary folder if not given.")
@lang_option
def demo(folder: Path | None, lang: Lang) -> None:
    """Build keys, a signed contract and a ledger on real dataset facts; decide, audit, and tell the story.

    \b
    Example:
      smartclause demo --folder tour
    """
    from smartclause.verbs.demo import demo as verb

    verb(folder, lang=lang, console=console())


COMMANDS = (demo,)
