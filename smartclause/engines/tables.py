"""Answers as tables in a terminal: short, in the reader's language, with every cut said."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from smartclause.engines.audit import AuditResult
from smartclause.engines.prose_names import Lang, plain
from smartclause.engines.report_data import DutyRow, Page, Share, UseGroup
from smartclause.engines.report_page import page
from smartclause.engines.report_words import words

MOST_LINES = 20
MOST_WHY = 2  # the report shows them all
_STYLES = {
    "allowed": "green", "refused": "red", "undecided": "yellow", "permitted": "green", "met": "green",
    "forbidden": "red", "unknown": "yellow", "violated": "red", "unproven": "yellow", "awaiting-records": "yellow",
    "cured": "yellow", "fulfilled": "green", "open": "blue",
}  # fmt: skip


def print_audit(result: AuditResult, lang: Lang, console: Console, *, most: int = MOST_LINES) -> None:
    """Shares of verdicts, uses that may not go on, what is missing, clauses with counts, duties and what is next.

    `most`: lines of one table."""
    for each in (*result.earlier, result):
        shown, said = page(each, lang), words(lang)
        if result.earlier:
            console.print(Text(plain(f"{said['version']} {shown.version}"), style="bold underline"))
        _Printing(shown, said, console, most).everything()


class _Printing:
    def __init__(self, shown: Page, said: dict[str, str], console: Console, most: int) -> None:
        self.page, self.words, self.console, self.most = shown, said, console, most

    def everything(self) -> None:
        self._head()
        self._uses("refused")
        self._uses("undecided")
        self._missing()
        self._conflicts()
        self._second_values()
        self._clauses()
        self._duties()

    # ---- parts

    def _head(self) -> None:
        shown, w = self.page, self.words
        self.console.print(Text(plain(f"{shown.title} · {w['audit']}"), style="bold"))
        self.console.print(Text(f"{w['asked']} {shown.asked} ({shown.zone})", style="dim"))
        for line in shown.notes:
            self.console.print(Text(plain(f"! {line}"), style="yellow"))
        uses = w["single_use" if shown.total == 1 else "uses"]
        self.console.print(self._shares(shown.shares), Text(f"  {shown.total} {uses}", style="dim"))

    def _shares(self, shares: Iterable[Share]) -> Text:
        text = Text()
        for share in shares:
            text.append(f"{share.label} {share.count}", style=_STYLES.get(share.style, ""))
            text.append(f" ({share.percent})  " if share.percent else "  ", style="dim")
        return text

    def _uses(self, decision: str) -> None:
        groups = self.page.groups[decision]
        if not groups:
            return
        w = self.words
        table = self._table(w[f"{decision}_uses"], w["use"], w["clauses"], w["why"])
        rows = [(group, row) for group in groups for row in group.rows]
        for group, row in rows[: self.most]:
            why = "\n".join(f"{line} → {bring}" if bring else line for line, bring in row.why[:MOST_WHY])
            why += " …" if len(row.why) > MOST_WHY else ""
            table.add_row(*(_cell(c) for c in (f"{row.name}\n{row.time}", _clauses(group), why)))
        self._print(table, sum(g.count for g in groups) - self.most)

    def _missing(self) -> None:
        if self.page.missing:
            w = self.words
            table = self._table(w["missing"], w["fact"], w["by_whom"], w["settles"], w["in_uses"])
            for row in self.page.missing[: self.most]:
                table.add_row(_cell(row.why), _cell(row.bring), str(row.settles), str(row.uses))
            self._print(table, len(self.page.missing) + self.page.missing_left - self.most)

    def _conflicts(self) -> None:
        if self.page.conflicts:
            w = self.words
            table = self._table(w["conflicts"], w["use"], w["passes"], w["fails"])
            for row in self.page.conflicts[: self.most]:
                table.add_row(_cell(row.use), _cell("\n".join(row.passes)), _cell("\n".join(row.fails)))
            self._print(table, len(self.page.conflicts) + self.page.conflicts_left - self.most)

    def _second_values(self) -> None:
        if self.page.second_values:
            w = self.words
            table = self._table(w["second_values"], w["record"], w["known_fact"], w["first_value"], w["second_value"])
            for row in self.page.second_values[: self.most]:
                cells = (f"{row.record}\n{row.event}", row.fact, row.first, row.second)
                table.add_row(*(_cell(c) for c in cells))
            self._print(table, len(self.page.second_values) + self.page.second_values_left - self.most)

    def _clauses(self) -> None:
        w = self.words
        table = self._table(w["clauses"], w["clauses"], w["counts_uses"], w["counts_duties"])
        for _, rows in self.page.clauses:
            for row in rows:
                if row.uses or row.duties:
                    table.add_row(_cell(row.heading), self._counts(row.uses), self._counts(row.duties))
        if table.row_count:
            self._print(table, 0)

    def _counts(self, shares: Iterable[Share]) -> Text:
        text = Text()
        for share in shares:
            text.append(f"{share.label} {share.count}  ", style=_STYLES.get(share.style, "dim"))
        return text

    def _duties(self) -> None:
        w = self.words
        if not self.page.duties:
            return
        self.console.print(Text(f"\n{w['duties']}: ", style="bold"), self._counts(self.page.duty_counts), end="")
        self.console.print()
        concerning = [d for d in self.page.duties if d.status.style in ("violated", "cured", "unproven")]
        self._duty_table(w["state"], concerning)
        self._duty_table(w["next"], list(self.page.upcoming))

    def _duty_table(self, title: str, rows: list[DutyRow]) -> None:
        if rows:
            table = self._table(title, self.words["clauses"], self.words["duties"], self.words["state"])
            for row in rows[: self.most]:
                table.add_row(_cell(row.clause), _cell(row.owed), self._status(row))
            self._print(table, len(rows) - self.most)

    def _status(self, row: DutyRow) -> Text:
        return Text(plain(row.state), style=_STYLES.get(row.status.style, ""))

    # ---- shape

    def _table(self, title: str, *columns: str) -> Table:
        table = Table(title=_cell(title), title_justify="left", title_style="bold", header_style="dim", expand=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        return table

    def _print(self, table: Table, left: int) -> None:
        self.console.print()
        self.console.print(table)
        if left > 0:
            self.console.print(Text(f"… {left} {self.words['more']}", style="dim"))


def _cell(text: str) -> Text:
    """Text from contract or records: no markup, no control characters."""
    return Text(plain(text))


def _clauses(group: UseGroup) -> str:
    return "\n".join(group.headings)
