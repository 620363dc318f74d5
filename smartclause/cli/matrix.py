"""`prove --matrix`: what may be done, for each value of the facts named."""

from __future__ import annotations

import re
from pathlib import Path

import click

from smartclause.cli.output import Exit, answer, pick
from smartclause.cli.progress import progress_bar
from smartclause.evidence.errors import Lang

FACTS = click.option(
    "--matrix",
    metavar="FACT,FACT…",
    help="Tell instead what may be done for each value of these facts, such as purpose,category,place.",
)
PAGE = click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="With --matrix: write it as a page."
)


def answer_matrix(
    files: tuple[Path, ...], facts: str, acts: tuple[str, ...], examples: bool, html: Path | None,
    effort: tuple[int, int], folders: tuple[Path, ...], form: str, lang: Lang,
) -> None:  # fmt: skip
    """`effort`: steps and records. Ends with 3 if some cell is not proven."""
    from smartclause.cli.matrix_words import print_matrices
    from smartclause.engines.prove.asking import Effort
    from smartclause.verbs.answers_matrix import matrix_form
    from smartclause.verbs.matrix import prove_matrix, write_matrix_pages

    words = named(facts)
    if not words:
        raise click.BadParameter(
            pick(lang, "name a fact, such as purpose", "请写出事实，例如 用途"), param_hint="--matrix"
        )
    with progress_bar(pick(lang, "matrix", "矩阵")) as progress:
        found = prove_matrix(
            files, words, acts=acts, examples=examples, folders=folders,
            effort=Effort(steps=effort[0], bound=effort[1]), progress=progress,
        )  # fmt: skip
    pages = write_matrix_pages(found, html, lang) if html is not None else ()
    if form == "json":
        answer(matrix_form(found))
    else:
        print_matrices(found, lang, pages)
    raise click.exceptions.Exit(Exit.UNDECIDED if any(f.matrix.open for f in found) else Exit.YES)


def named(facts: str) -> tuple[str, ...]:
    """With commas of either language."""
    return tuple(w for w in (part.strip() for part in re.split("[,，、]", facts)) if w)
