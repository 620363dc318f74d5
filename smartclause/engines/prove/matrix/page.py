"""The matrix as one HTML page that needs nothing else: read on a screen, a phone, on paper, or aloud.

Runs no script and loads nothing; whatever comes from the contract is escaped. No colour without a sign and a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from smartclause.engines.prose_names import Lang, Names, plain
from smartclause.engines.prose_states import word
from smartclause.engines.prove.matrix.grouping import shown_in
from smartclause.engines.prove.matrix.result import Axis, Example, Group, Index, Kind, Matrix, Table
from smartclause.engines.prove.matrix.words import SIGNS, Words

MOST_LINES = 10  # values of a group listed at once
MOST_BRIEF = 3


@dataclass(frozen=True, slots=True)
class Label:
    """The values of a group; of many the first, and the last, which may be that nothing is shown."""

    lines: tuple[str, ...]

    @property
    def first(self) -> tuple[str, ...]:
        return self.lines if len(self.lines) <= MOST_LINES else self.lines[: MOST_LINES - 2]

    @property
    def rest(self) -> tuple[str, ...]:
        return () if len(self.lines) <= MOST_LINES else self.lines[MOST_LINES - 2 : -1]

    @property
    def last(self) -> str:
        return "" if len(self.lines) <= MOST_LINES else self.lines[-1]

    @property
    def brief(self) -> str:
        """Before each cell of a narrow screen."""
        left = len(self.lines) - MOST_BRIEF
        return " · ".join(self.lines[:MOST_BRIEF]) + (f" … +{left}" if left > 0 else "")


@dataclass(frozen=True, slots=True)
class CellShown:
    style: str
    sign: str
    kind: str
    reasons: tuple[str, ...]
    needs: str
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """`heading`: the values of the third fact and those after it."""

    heading: tuple[str, ...]
    columns: tuple[Label, ...]
    rows: tuple[tuple[Label, tuple[CellShown, ...]], ...]


@dataclass(frozen=True, slots=True)
class TableShown:
    title: str
    names: str
    count: str
    common: str
    row_fact: str
    column_fact: str
    grids: tuple[Grid, ...]


def page(matrix: Matrix, lang: Lang, examples: Sequence[Sequence[Example]] = ()) -> str:
    """`examples`: of each table, where they are wanted."""
    names = Names(matrix.lookup, lang)
    words = Words(names)
    kinds = {(c.kind, t.open_file) for t in matrix.tables for c in t.contents}
    shown = [_table(words, t, examples[n] if examples else ()) for n, t in enumerate(matrix.tables)]
    environment = Environment(
        loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_finished,
    )  # fmt: skip
    module = matrix.lookup.modules[matrix.lookup.contract.module]
    return environment.get_template("matrix.html.j2").render(
        lang=lang,
        title=names.module(module.name),
        version=module.version,
        w=_PAGE_WORDS[lang],
        legend=[
            (style(k), SIGNS[k], words.kind(k, o), words.meaning(k, o)) for k in Kind for o in (False, True)
            if (k, o) in kinds
        ],
        tables=shown,
        without=[names.type(a) for a in matrix.without],
        style=Markup(_template("matrix.css")),  # our own file, no input
    )  # fmt: skip


def style(kind: Kind) -> str:
    return kind.name.lower().replace("_", "-")


def _finished(value: object) -> object:
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _template(name: str) -> str:
    return files("smartclause.engines").joinpath("templates", name).read_text(encoding="utf-8")


def _table(words: Words, table: Table, examples: Sequence[Example]) -> TableShown:
    beside = len(table.axes) > 1
    return TableShown(
        words.title(table),
        ", ".join(table.acts),
        words.count(table),
        words.common(table),
        words.fact(table.axes[0], table),
        words.fact(table.axes[1], table) if beside else "",
        tuple(_grids(words, table, examples)),
    )


def _grids(words: Words, table: Table, examples: Sequence[Example]) -> Iterator[Grid]:
    """Rows and columns that say the same in a grid stand together there."""
    beside = len(table.axes) > 1
    for rest in table.slices():
        heading = tuple(
            words.where(axis, [groups[value]], table)
            for axis, groups, value in zip(table.axes[2:], table.groups[2:], rest, strict=True)
        )
        columns = shown_in(table, 1, rest) if beside else []
        numbers: list[Index] = [(n,) for _, n in columns] or [()]
        rows = (
            (
                _label(words, table.axes[0], group),
                tuple(_cell(words, table, (row, *n, *rest), examples) for n in numbers),
            )
            for group, row in shown_in(table, 0, rest)
        )
        yield Grid(heading, tuple(_label(words, table.axes[1], g) for g, _ in columns), tuple(rows))


def _label(words: Words, axis: Axis, group: Group) -> Label:
    return Label(tuple(words.group(axis, group)))


def _cell(words: Words, table: Table, cell: Index, examples: Sequence[Example]) -> CellShown:
    content = table.content(cell)
    kind = content.kind
    return CellShown(
        style(kind),
        SIGNS[kind],
        words.kind(kind, table.open_file),
        tuple(words.reasons(content, table)),
        words.needs(table, content),
        tuple((word(e.decision, words.lang), e.scenario) for e in examples if e.cell == cell),
    )


_PAGE_WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "kind": "What may I do?",
        "of": "Of every act while the contract is in force, judged as a draft, as if all had signed: whatever else is "
        "shown of it or not, and whatever was recorded before. What a cell says that no act can be is proved; what it "
        "says that some act can be was shown by an act that the reference evaluator judged so.",
        "version": "version",
        "legend": "What the signs mean",
        "examples": "Acts that show it",
        "without": "Of these acts none of the facts asked for is told:",
        "verdict": "verdict",
        "more": "and more:",
        "nothing": "No act has any of the facts asked for.",
    },
    "zh": {
        "kind": "可以做什么？",
        "of": "就合同生效期间的每一行为而言，按草案判断，视同各方均已签署；不论其他事实是否得到证明，"
        "也不论此前有何记录。各格所称不可能出现的结论，均已得到证明；"
        "所称可能出现的结论，均有参照判定程序据以得出该结论的行为为证。",
        "version": "版本",
        "legend": "符号的含义",
        "examples": "显示该结论的行为",
        "without": "下列行为没有所问的事实：",
        "verdict": "结论",
        "more": "其余各项：",
        "nothing": "没有行为具有所问的事实。",
    },
}
