"""How `audit` answers about a table: figures for people, JSON by its schema, a page, or a row for each use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from rich.table import Table
from rich.text import Text

from smartclause.cli.output import Exit, answer, console, pick, say
from smartclause.cli.progress import progress_bar
from smartclause.engines.prose_states import word
from smartclause.evidence.errors import Lang, harmless
from smartclause.logic.verdict import ClauseState, Decision

if TYPE_CHECKING:
    from smartclause.verbs.table import AuditedTable

REJECTED = {
    "no type": ("without a type", "没有类型"),
    "no time": ("without a time", "没有时间"),
    "not of a table": ("of a type that only a ledger has", "属于仅账本可有的类型"),
}
_SHOWN = (
    ClauseState.FORBIDDEN, ClauseState.UNKNOWN, ClauseState.PERMITTED, ClauseState.MET, ClauseState.SET_ASIDE,
    ClauseState.SILENT,
)  # fmt: skip


def looks_like_table(source: Path) -> bool:
    from smartclause.verbs.table_lines import is_table

    return is_table(source)


def audit_of_table(
    contract: Path, source: Path, *, trust: Path | None, draft: bool, attested: bool, out: Path | None,
    html: Path | None, memory: str, reasons: bool, folders: tuple[Path, ...], form: str, lang: Lang,
) -> NoReturn:  # fmt: skip
    """Ends the command."""
    from smartclause.verbs.answers_tables import table_audit_form
    from smartclause.verbs.table import audit_table

    with progress_bar(pick(lang, "judging", "审查")) as progress:
        found = audit_table(
            contract, source, trust=trust, draft=draft, attested=attested, out=out, memory=memory, reasons=reasons,
            progress=progress, folders=folders,
        )  # fmt: skip
    if html is not None:
        from smartclause.evidence.files import write_whole
        from smartclause.verbs.table_page import page

        write_whole(html, page(found, lang).encode())
    if form == "json":
        answer(table_audit_form(found))
    else:
        _print(found, lang)
    raise click.exceptions.Exit(exit_of(found))


def exit_of(found: AuditedTable) -> Exit:
    if found.figures.decisions.get(Decision.REFUSED):
        return Exit.NO
    return Exit.UNDECIDED if found.figures.decisions.get(Decision.UNDECIDED) else Exit.YES


def _print(found: AuditedTable, lang: Lang) -> None:
    figures = found.figures
    counts = "，" if lang == "zh" else ", "
    told = counts.join(f"{word(d, lang)} {figures.decisions.get(d, 0):,}" for d in Decision)
    say(
        pick(
            lang,
            f"{figures.uses:,} uses in {figures.rows:,} rows: {told}",
            f"{figures.rows:,}行中有{figures.uses:,}次使用：{told}",
        )
    )
    for line in _remarks(found, lang):
        say(line)
    console().print(_clauses(found, lang))
    for reason in figures.reasons:
        fact = " ".join(t for t in (reason.type, reason.field, reason.role) if t)
        say(pick(lang, f"open under {reason.uses:,} uses: {reason.kind} {fact}", f"{reason.uses:,}次使用待定：{fact}"))
    if found.written:
        say(pick(lang, f"one row for each use in {found.written}", f"逐次结论见{found.written}"))


def _remarks(found: AuditedTable, lang: Lang) -> list[str]:
    figures, told = found.figures, []
    for each in figures.rejected:
        en, zh = REJECTED[each.reason]
        told.append(
            pick(
                lang, f"not judged: {each.rows:,} rows {en} {each.detail}", f"未审查：{each.rows:,}行{zh}{each.detail}"
            )
        )
    names = {
        "undeclared": pick(lang, "types that the contract does not declare", "合同未声明的类型"),
        "absent": pick(lang, "facts that the table does not have", "表中没有的事实"),
        "unread": pick(lang, "columns that are no fact of the contract", "不属于合同事实的列"),
    }
    for name, words in names.items():
        listed = ", ".join(getattr(figures, name))
        told += [f"{words}: {listed}" if lang == "en" else f"{words}：{listed}"] if listed else []
    told += [pick(lang, "a what-if: as if all had signed", "推演：视同各方均已签署")] if _is_draft(found) else []
    return told


def _is_draft(found: AuditedTable) -> bool:
    return any(n.kind == "draft" for n in found.notes)


def _clauses(found: AuditedTable, lang: Lang) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(pick(lang, "clause", "条款"))
    for state in _SHOWN:
        table.add_column(word(state, lang), justify="right")
    for clause, states in found.figures.clauses.items():
        table.add_row(Text(harmless(clause)), *(f"{states.get(state, 0):,}" for state in _SHOWN))
    return table
