"""How `audit` answers about a table: figures for people, JSON by its schema, a page, or a row for each use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from rich.table import Table
from rich.text import Text

from smartclause.cli.output import Exit, answer, console, pick, say
from smartclause.cli.progress import progress_bar
from smartclause.cli.table_options import engine_of
from smartclause.engines.prose_names import plain
from smartclause.engines.report_words import words
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.engines.report_data import Share
    from smartclause.verbs.table import AuditedTable
    from smartclause.verbs.table_view import TableView

_STYLES = {
    "allowed": "green", "refused": "red", "undecided": "yellow", "permitted": "green", "met": "green",
    "forbidden": "red", "unknown": "yellow", "violated": "red", "unproven": "yellow", "awaiting-records": "yellow",
    "cured": "yellow", "fulfilled": "green", "open": "blue",
}  # fmt: skip


def looks_like_table(source: Path) -> bool:
    from smartclause.verbs.table_lines import is_table

    return is_table(source)


def audit_of_table(
    contract: Path, source: Path, *, trust: Path | None, draft: bool, attested: bool, at: int | None,
    out: Path | None, html: Path | None, state: Path | None, memory: str, reasons: bool, engine: str | None,
    master: str, folders: tuple[Path, ...], form: str, lang: Lang,
) -> NoReturn:  # fmt: skip
    """Ends the command."""
    from smartclause.verbs.answers_tables import table_audit_form

    verb = _verb(engine_of(engine, master, lang, state=state, memory=memory), master, state, memory)
    with progress_bar(pick(lang, "judging", "审查")) as progress:
        found = verb(
            contract, source, trust=trust, draft=draft, attested=attested, at=at, out=out, reasons=reasons,
            progress=progress, folders=folders,
        )  # fmt: skip
    if html is not None:
        _write_page(found, html, lang)
    if form == "json":
        answer(table_audit_form(found))
    else:
        _print(found, html, lang)
    raise click.exceptions.Exit(exit_of(found))


def _verb(engine: str, master: str, state: Path | None, memory: str) -> Callable[..., AuditedTable]:
    if engine == "spark":
        from smartclause.verbs.table_spark import audit_table_on_spark

        return partial(audit_table_on_spark, master=master)
    from smartclause.verbs.table import audit_table

    return partial(audit_table, state=state, memory=memory)


def exit_of(found: AuditedTable) -> Exit:
    """As of a ledger; what nobody looked at never ends with yes."""
    if not found.is_clean:
        return Exit.NO
    return Exit.UNDECIDED if found.is_undecided else Exit.YES


def _write_page(found: AuditedTable, path: Path, lang: Lang) -> None:
    from smartclause.evidence.files import write_whole
    from smartclause.verbs.table_page import page
    from smartclause.verbs.table_view import view_of

    write_whole(path, page(view_of(found, lang)).encode())


def _print(found: AuditedTable, html: Path | None, lang: Lang) -> None:
    from smartclause.verbs.table_view import view_of

    shown, w = view_of(found, lang), words(lang)
    _head(shown, w)
    for table in (_clauses(shown, w), _missing(shown, w)):
        if table.row_count:
            console().print()
            console().print(table)
    if shown.duties:
        console().print(Text(f"\n{w['duties']}: ", style="bold"), _counts(shown.duties))
    for line in shown.written:
        say(line)
    if html is not None:
        say(pick(lang, f"report in {html}", f"报告在 {html}"))


def _head(shown: TableView, w: dict[str, str]) -> None:
    console().print(Text(plain(f"{shown.title} · {w['audit']}"), style="bold"))
    console().print(Text(f"{w['asked']} {shown.asked} ({shown.zone})", style="dim"))
    for line in shown.remarks:
        console().print(Text(plain(f"! {line}"), style="yellow"))
    console().print(_counts(shown.shares, percents=True), Text(f"  {shown.rows}", style="dim"))


def _counts(shares: Iterable[Share], percents: bool = False) -> Text:
    text = Text()
    for share in shares:
        text.append(f"{share.label} {share.count:,}", style=_STYLES.get(share.style, "dim"))
        text.append(f" ({share.percent})  " if percents else "  ", style="dim")
    return text


def _clauses(shown: TableView, w: dict[str, str]) -> Table:
    table = _table(w["clauses"], w["clauses"], w["counts_uses"], w["counts_duties"])
    for row in shown.clauses:
        table.add_row(Text(plain(row.heading)), _counts(row.uses), _counts(row.duties))
    return table


def _missing(shown: TableView, w: dict[str, str]) -> Table:
    table = _table(w["fact"], w["fact"], w["by_whom"], w["in_uses"])
    for row in shown.missing:
        table.add_row(Text(plain(row.why)), Text(plain(row.bring)), f"{row.uses:,}")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=Text(title), title_justify="left", title_style="bold", header_style="dim", expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
