"""Options of `audit` that only a table takes, and what is said where they are given with a ledger, or the reverse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from smartclause.cli.options import FILE
from smartclause.cli.output import pick
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.engines.audit import Engine

F = TypeVar("F", bound=Callable[..., Any])

ENGINES = ("reference", "duckdb", "spark")


def table_options(command: F) -> F:
    options = (
        click.option("--attested", is_flag=True, help="Of a table: you verified the rows yourself."),
        click.option("--draft", is_flag=True, help="Of a table: as if all had signed and shown; a what-if."),
        click.option("-o", "--out", type=FILE, help="Of a table: one row for each use, as .parquet or .jsonl."),
        click.option("--reasons", is_flag=True, help="Of a table: also count what is open under undecided uses."),
        click.option(
            "--state",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="FOLDER",
            help="Of a table: keep what was found here; a later audit judges only what changed.",
        ),
        click.option("--memory", default="", metavar="SIZE", help="Of a table: at most so much memory, such as 2GB."),
        click.option(
            "--engine",
            type=click.Choice(ENGINES),
            help="What judges; the answer is the same by each. A table is judged by SQL: duckdb if not said.",
        ),
        click.option("--master", default="", metavar="URL", help="With --engine spark: its master, such as local[4]."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def only_for_tables(lang: Lang, **given: bool | str | Path | None) -> None:
    _refuse(given, pick(lang, "is for tables of plain rows", "仅用于普通行的表"))


def only_for_ledgers(lang: Lang, **given: object) -> None:
    _refuse(given, pick(lang, "is for ledgers and signed lines", "仅用于账本和签名行"))


def engine_of(engine: str | None, master: str, lang: Lang, **only_here: object) -> str:
    """Which engine judges a table; `only_here` are options of the embedded one."""
    if engine == "reference":
        raise click.UsageError(pick(lang, "a table is judged by SQL: --engine duckdb or spark",
                                    "表由SQL审查：--engine duckdb或spark"))  # fmt: skip
    if engine != "spark":
        if master:
            raise click.UsageError(pick(lang, "--master is for --engine spark", "--master仅用于--engine spark"))
        return "duckdb"
    _refuse(only_here, pick(lang, "is for --engine duckdb", "仅用于--engine duckdb"))
    return "spark"


def engine_of_ledger(engine: str | None, master: str, lang: Lang, explained: bool) -> Engine | None:
    """Which engine judges signed records; None: the quickest. `explained`: every act is."""
    if engine != "spark" and master:
        raise click.UsageError(pick(lang, "--master is for --engine spark", "--master仅用于--engine spark"))
    if engine is None:
        return "reference" if explained else None
    return cast("Engine", engine)


def _refuse(given: Any, why: str) -> None:
    names = {"out": "-o", "members": "--member", "amended_by": "--amended-by"}
    wrong = [names.get(name, f"--{name}") for name, value in given.items() if value]
    if wrong:
        raise click.UsageError(f"{', '.join(wrong)} {why}")
