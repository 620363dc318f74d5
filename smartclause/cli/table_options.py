"""Options of `audit` that only a table takes, and what is said where they are given with a ledger, or the reverse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from smartclause.cli.options import FILE
from smartclause.cli.output import pick
from smartclause.evidence.errors import Lang

F = TypeVar("F", bound=Callable[..., Any])


def table_options(command: F) -> F:
    options = (
        click.option("--attested", is_flag=True, help="Of a table: you verified the rows yourself."),
        click.option("--draft", is_flag=True, help="Of a table: as if all had signed and shown; a what-if."),
        click.option("-o", "--out", type=FILE, help="Of a table: one row for each use, as .parquet or .jsonl."),
        click.option("--reasons", is_flag=True, help="Of a table: also count what is open under undecided uses."),
        click.option("--memory", default="", metavar="SIZE", help="Of a table: at most so much memory, such as 2GB."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def only_for_tables(lang: Lang, **given: bool | str | Path | None) -> None:
    _refuse(given, pick(lang, "is for tables of plain rows", "仅用于普通行的表"))


def only_for_ledgers(lang: Lang, **given: object) -> None:
    _refuse(given, pick(lang, "is for ledgers and signed lines", "仅用于账本和签名行"))


def _refuse(given: Any, why: str) -> None:
    names = {"out": "-o", "members": "--member", "amended_by": "--amended-by"}
    wrong = [names.get(name, f"--{name}") for name, value in given.items() if value]
    if wrong:
        raise click.UsageError(f"{', '.join(wrong)} {why}")
