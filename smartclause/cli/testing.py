"""`test`: the scenarios of clause files, and how much they show of the contract."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.options import FILE, folders_option, format_option, lang_option
from smartclause.cli.output import Exit, answer, pick
from smartclause.evidence.errors import Lang


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option(
    "--boundaries",
    is_flag=True,
    help="Also try every period, window and figure one step before it, at it and one step after, with scenarios made"
    " from those of the files.",
)
@click.option(
    "--coverage",
    is_flag=True,
    help="Also say which statuses, exceptions and conditions no scenario shows.",
)
@click.option("--html", type=FILE, help="Write the contract as a page on which what is shown is marked.")
@click.option(
    "--mutants",
    is_flag=True,
    help="Also make small slips in the sentences, and show those that no scenario notices.",
)
@click.option(
    "--suggest",
    is_flag=True,
    help="Also look for scenarios that show more, or notice surviving mutants, and print them ready to paste.",
)
@click.option("--tries", type=click.IntRange(1, 100_000), default=300, show_default=True, metavar="COUNT",
              help="How many scenarios are tried for each clause and mutant.")  # fmt: skip
@click.option(
    "--require",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    default=0,
    help="End with 1 where less than this is shown.",
)
@folders_option
@format_option
@lang_option
def test(
    files: tuple[Path, ...], boundaries: bool, coverage: bool, html: Path | None, mutants: bool, suggest: bool,
    tries: int, require: int, folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """Run the scenarios of clause files, and list the clauses that none of them reaches.

    \b
    Example:
      smartclause test voice.clause
      smartclause test --boundaries voice.clause
      smartclause test --coverage --html coverage.html voice.clause
      smartclause test --mutants --require 90 voice.clause
      smartclause test --suggest --tries 20 voice.clause
    """
    from smartclause.cli.progress import progress_bar
    from smartclause.cli.scenarios import print_coverage, print_score, print_suggested, print_tested, print_tried
    from smartclause.verbs.answers_contracts import scenarios_form
    from smartclause.verbs.answers_testing import coverage_form, score_form, suggested_form
    from smartclause.verbs.beside import tried
    from smartclause.verbs.coverage import coverages, write_pages
    from smartclause.verbs.mutants import scores
    from smartclause.verbs.scenarios import run_scenarios
    from smartclause.verbs.suggest import suggestions

    tested = run_scenarios(files, folders=folders)
    beside = tried(tested) if boundaries else ()
    shown = coverages(tested) if coverage or html else ()
    with progress_bar(pick(lang, "mutants", "变异")) as progress:
        scored = scores(tested, progress) if mutants else ()
    with progress_bar(pick(lang, "suggestions", "建议的情景")) as progress:
        more = suggestions(tested, scored, tries=tries, folders=folders, progress=progress) if suggest else ()
    if html is not None:
        write_pages(shown, html, lang)
    if form == "json":
        conditions = tuple(coverage_form(c, lang) for c in shown) if shown else None
        noticed = tuple(score_form(s, lang) for s in scored) if mutants else None
        suggested = tuple(map(suggested_form, more)) if suggest else None
        answer(scenarios_form(tested, beside if boundaries else None, conditions, noticed, suggested))
    else:
        print_tested(tested, lang)
        if boundaries:
            print_tried(beside, lang)
        for each in shown:
            print_coverage(each, html, lang)
        for score in scored:
            print_score(score, lang)
        if suggest:
            print_suggested(more, lang)
    holds = all(t.holds for t in tested) and not any(t.failed for t in beside)
    holds &= min((*(c.percentage for c in shown), *(s.percentage for s in scored)), default=100) >= require
    raise click.exceptions.Exit(Exit.YES if holds else Exit.NO)


COMMANDS = (test,)
