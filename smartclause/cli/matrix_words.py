"""What `prove --matrix` prints: for each act and each row of its matrix what may be done, and by which clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from smartclause.cli.output import counted, pick, say
from smartclause.engines.prose_names import Names
from smartclause.engines.prove.matrix.grouping import shown_in, together
from smartclause.engines.prove.matrix.result import Can, Index, Kind, Table
from smartclause.engines.prove.matrix.words import SIGNS, Words
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.engines.prove.matrix.result import Example
    from smartclause.verbs.matrix import MatrixTold

_STYLES = {
    Kind.ALLOWED: "bold green", Kind.NOT_REFUSED: "green", Kind.DEPENDS: "cyan", Kind.UNSETTLED: "yellow",
    Kind.NEVER: "red", Kind.REFUSED: "bold red", Kind.OPEN: "yellow", Kind.NOTHING: "",
}  # fmt: skip


def print_matrices(found: Sequence[MatrixTold], lang: Lang, pages: Sequence[object] = ()) -> None:
    for each in found:
        names = Names(each.matrix.lookup, lang)
        for number, table in enumerate(each.matrix.tables):
            _print_table(Words(names), table, each.examples[number] if each.examples else ())
        if each.matrix.without:
            acts = [names.type(a) for a in each.matrix.without]
            say(pick(lang, f"without these facts: {', '.join(acts)}", f"没有所问事实的行为：{'、'.join(acts)}"))
        say(_summary(each, lang))
    for page in pages:
        say(pick(lang, f"page: {page}", f"网页：{page}"))


def _print_table(words: Words, table: Table, examples: Sequence[Example]) -> None:
    say(f"{words.title(table)}{words.names.pick(': ', '：')}{words.count(table)}", "bold")
    if table.common:
        say(f"  {words.common(table)}")
    for rest in table.slices():
        for axis, groups, value in zip(table.axes[2:], table.groups[2:], rest, strict=True):
            say(f"  — {words.where(axis, [groups[value]], table)}", "bold")
        for group, row in shown_in(table, 0, rest):
            say(f"  {words.where(table.axes[0], [group], table)}")
            _print_row(words, table, row, rest, examples)
    say()


def _print_row(words: Words, table: Table, row: int, rest: Index, examples: Sequence[Example]) -> None:
    for content, columns in _columns(table, row, rest):
        shown = table.contents[content]
        verdict = f"{SIGNS[shown.kind]} {words.kind(shown.kind, table.open_file)}"
        where = _where(words, table, columns)
        say(f"    {verdict}{words.names.pick('; ', '；') + where if where else ''}", _STYLES[shown.kind])
        for line in (*words.reasons(shown, table), words.needs(table, shown)):
            if line:
                say(f"      {line}")
        for example in examples:
            if example.cell in {(row, *c, *rest) for c in columns}:
                say("\n".join(f"      {line}" for line in example.scenario.splitlines()))


def _columns(table: Table, row: int, rest: Index) -> Iterator[tuple[int, list[Index]]]:
    """Columns of a row that say the same, together."""
    found: dict[int, list[Index]] = {}
    columns: list[Index] = [(n,) for n in range(len(table.groups[1]))] if len(table.axes) > 1 else [()]
    for column in columns:
        found.setdefault(table.cells[(row, *column, *rest)], []).append(column)
    yield from found.items()


def _where(words: Words, table: Table, columns: list[Index]) -> str:
    if len(table.axes) < 2:
        return ""
    axis, groups = table.axes[1], table.groups[1]
    if len(columns) == len(groups):
        return words.any(axis, table)
    return words.where(axis, [together(table, 1, [c[0] for c in columns])], table)


def _summary(found: MatrixTold, lang: Lang) -> str:
    tables = found.matrix.tables
    cells = sum(t.asked * len(t.acts) for t in tables)
    left = sum(1 for t in tables for n in t.cells.values() if Can.OPEN in _cans(t, n))
    acts = sum(len(t.acts) for t in tables)
    en = f"{found.path}: {counted(acts, 'act')}, {counted(cells, 'cell')}, {left} not proven"
    return pick(lang, en, f"{found.path}：{acts}种行为，{cells}格，{left}格未获证明")


def _cans(table: Table, content: int) -> tuple[Can, Can, Can]:
    cans = table.contents[content].cans
    return cans.allowed, cans.refused, cans.undecided
