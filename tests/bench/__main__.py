"""All measurements in one run: `python -m tests.bench`; some: `python -m tests.bench decision stream`.

`--long` runs the hundred million rows instead, `--write PAGE` puts the tables into a page.
"""

from importlib import import_module
from pathlib import Path

import click

from tests.bench import report

PARTS = ("language", "decision", "stream", "table", "ledger", "evidence", "segments", "tree", "alone", "proof")
LONG = "long"


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice([*PARTS, LONG]))
@click.option("--long", "long", is_flag=True, help="A hundred million rows within 2 GB of memory; takes its time.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--write", "page", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A page to mend.")
def main(parts: tuple[str, ...], long: bool, form: str, page: Path | None) -> None:
    """Measure; answers are compared before anything is timed.

    Example: python -m tests.bench decision --write docs/explanation/performance.md
    """
    chosen = (LONG,) if long else parts or PARTS
    found: dict[str, report.Rows] = {}
    for name in chosen:
        click.echo(f"measuring: {name}", err=True)
        found[name] = list(import_module(f"tests.bench.{name}").measure())
        if form == "text":
            report.printed({name: found[name]})
    if form == "json":
        click.echo(report.as_json(found))
    if page:
        report.write_into(page, found)


main()
