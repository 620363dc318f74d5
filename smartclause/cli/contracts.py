"""Commands for who writes contracts: check, format, explain, compile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smartclause.cli.findings import rendered
from smartclause.cli.options import FILE, folders_option, format_option, lang_option
from smartclause.cli.output import Exit, answer, counted, pick, say, say_all, write
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.verbs.bundle import Bundle


DIALECTS = ("duckdb", "spark", "postgres", "snowflake", "bigquery", "trino")


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@folders_option
@format_option
@lang_option
def check(files: tuple[Path, ...], folders: tuple[Path, ...], form: str, lang: Lang) -> None:
    """Parse, resolve, type-check and lint clause files. Ends with 1 if there is an error.

    \b
    Example:
      smartclause check voice.clause
    """
    from smartclause.verbs.answers_contracts import check_form
    from smartclause.verbs.check import check as verb

    found = verb(files, folders=folders)
    if form == "json":
        answer(check_form(found))
    else:
        for each in found:
            say_all(rendered(each.loaded))
            errors = sum(d.is_error for d in each.findings)
            others = len(each.findings) - errors
            say(
                pick(
                    lang,
                    f"{each.path}: {counted(errors, 'error')}, {counted(others, 'remark')}",
                    f"{each.path}：{errors}处错误，{others}处提示",
                )
            )
    raise click.exceptions.Exit(Exit.YES if all(c.holds for c in found) else Exit.NO)


@click.command("format")
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--to", type=click.Choice(["zh", "en"]), help="Write in the other language; to standard output.")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; ends with 1 if a file would change.")
@folders_option
@format_option
@lang_option
def format_(
    files: tuple[Path, ...], to: Lang | None, only_check: bool, folders: tuple[Path, ...], form: str, lang: Lang
) -> None:
    """Write clause files in their canonical layout, or in the other language.

    \b
    Example:
      smartclause format voice.clause
      smartclause format --to zh voice.clause
    """
    from smartclause.verbs.answers_contracts import format_form
    from smartclause.verbs.format import formatted

    found = [formatted(path, to, folders) for path in files]
    changed = [each for each in found if each.changed]
    writing = to is None and not only_check
    for each in changed if writing else ():
        write(each.text.encode(), each.path)
    if form == "json":
        answer(format_form(found, to_other=to is not None, written=writing))
    elif to is not None:
        write("".join(each.text for each in found).encode(), None)
    else:
        for each in changed:
            say(pick(lang, f"{each.path}: layout changed", f"{each.path}：版式有变"))
    raise click.exceptions.Exit(Exit.NO if only_check and changed and to is None else Exit.YES)


@click.command()
@click.argument("contract", type=FILE)
@click.argument("clause", default="")
@folders_option
@format_option
@lang_option
def explain(contract: Path, clause: str, folders: tuple[Path, ...], form: str, lang: Lang) -> None:
    """Say in words what a contract, or one clause (by number or name), means.

    \b
    Example:
      smartclause explain voice.clause 1.1
    """
    from smartclause.verbs.explain import explain as verb
    from smartclause.verbs.explain import explanation

    if form == "json":
        answer(explanation(contract, clause, lang=lang, folders=folders))
    else:
        say(verb(contract, clause, lang=lang, folders=folders))


@click.command("compile")
@click.argument("file", type=FILE)
@click.option(
    "--to",
    "to",
    type=click.Choice(["json", "python", "sql"]),
    default="json",
    show_default=True,
    help="The document to sign, a program that decides single acts by itself, or SQL that audits a table.",
)
@click.option(
    "--dialect",
    default="duckdb",
    show_default=True,
    metavar="NAME",
    help="Of `--to sql`: duckdb, spark, postgres, snowflake, bigquery or trino.",
)
@click.option("--table", default="events", show_default=True, metavar="NAME", help="Of `--to sql`: the table's name.")
@click.option("-o", "--out", type=FILE, help="Where to write it; a program is printed if this is not given.")
@folders_option
@format_option
@lang_option
@click.pass_context
def compile_(
    context: click.Context, file: Path, to: str, dialect: str, table: str, out: Path | None, folders: tuple[Path, ...],
    form: str, lang: Lang,
) -> None:  # fmt: skip
    """Write the canonical contract with its digests: what the parties sign. Or write it as a Python program, or as SQL.

    \b
    Example:
      smartclause compile voice.clause -o voice.json
      smartclause compile voice.clause --to python -o voice.py
      smartclause compile voice.clause --to sql --dialect spark --table events -o voice.sql
    """
    from smartclause.verbs.answers_contracts import compilation_form
    from smartclause.verbs.bundle import write_bundle
    from smartclause.verbs.compile import compiled

    if out is None and (to == "json" or form == "json"):
        raise click.MissingParameter(ctx=context, param=next(p for p in context.command.params if p.name == "out"))
    bundle = compiled(file, folders)
    if to == "json" and out is not None:
        write_bundle(bundle, out)
    elif to == "sql":
        if dialect not in DIALECTS:
            raise click.BadParameter(", ".join(DIALECTS), param_hint="--dialect")
        _statements(bundle, dialect, table, out, lang)
    else:
        _program(bundle, out, lang)
    if form == "json" and out is not None:
        answer(compilation_form(bundle, out))
    elif out is not None:
        say(pick(lang, f"document digest {bundle.document}", f"文件摘要 {bundle.document}"))
        say(pick(lang, f"meaning digest  {bundle.meaning}", f"含义摘要 {bundle.meaning}"))


def _statements(bundle: Bundle, dialect: str, table: str, out: Path | None, lang: Lang) -> None:
    from smartclause.verbs.compile_sql import as_sql

    write(as_sql(bundle, dialect, table, lang).encode(), out)


def _program(bundle: Bundle, out: Path | None, lang: Lang) -> None:
    from smartclause.verbs.compile_python import as_python

    write(as_python(bundle, lang).encode(), out)


COMMANDS = (check, format_, explain, compile_)
