"""Answers of `prove --matrix` as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from smartclause.engines.prove.matrix.result import Axis, Content, Deciding, Group, Index, Table
from smartclause.evidence.forms import Form
from smartclause.verbs.answers_error import Shown

if TYPE_CHECKING:
    from smartclause.engines.prove.matrix.result import Example
    from smartclause.verbs.matrix import MatrixTold

Verdict = Literal["allowed", "refused", "undecided"]
CanBe = Literal["yes", "no", "not proven"]


class ListedForm(Form):
    """A value, with so many values under it told with it; `whole`: all that stand under it are, but those of `but`."""

    value: str | bool
    narrower: Annotated[int, Field(ge=0)]
    whole: bool
    but: tuple[str, ...] | None = None


class GroupForm(Form):
    """Values that differ in no cell of the table. Of a set each value stands for the set of it alone."""

    values: tuple[str | bool, ...]
    not_shown: Annotated[
        bool,
        Field(description="The group holds also that the fact is not shown, or told with a word of no vocabulary."),
    ]
    listed: Annotated[tuple[ListedForm, ...], Field(description="The same values, whole branches by their top.")]


class AxisForm(Form):
    fact: str
    groups: tuple[GroupForm, ...]


class DecidingForm(Form):
    """A sentence and the part it plays in every act of the cell.

    forbids: a bar that holds. open: a bar or permission that stays unknown. stops: a bar that holds or stays unknown.
    does not permit: a permission that never holds, and there is no other. permits: one that does or can. may stop: a
    bar that is not lifted in every act; no other can stop it. together: of several one stops each act, none them all.
    """

    clause: str
    sentence: int
    part: Literal["forbids", "open", "stops", "does not permit", "together", "permits", "may stop"]
    narrower: Annotated[
        tuple[str, ...] | None, Field(description="It speaks of these narrower acts, and the act may be one.")
    ] = None


class ExampleForm(Form):
    """An act of the cell that is judged so, as a scenario that holds when it is pasted into the file."""

    verdict: Verdict
    scenario: Shown


class CellForm(Form):
    """`groups`: the number of a group of each fact, from 0.

    `allowed`, `refused`, `undecided`: whether an act of the cell can be judged so: yes, shown by one that the reference
    evaluator judged so; no, proved; not proven. Under an open file, which never allows by itself, `allowed` is: not
    barred. `verdict` is what these come to. `needs`: without any one of these facts and kinds of records no act of the
    cell is allowed.
    """

    groups: tuple[int, ...]
    verdict: Literal[
        "always allowed", "never refused", "depends", "always undecided", "never allowed", "always refused",
        "not proven", "no such act",
    ]  # fmt: skip
    allowed: CanBe
    refused: CanBe
    undecided: CanBe
    deciding: tuple[DecidingForm, ...]
    needs: tuple[str, ...]
    examples: tuple[ExampleForm, ...] | None = None


class TableForm(Form):
    """Of acts of which the same is found."""

    acts: tuple[str, ...]
    party: str
    open_file: bool
    count: Annotated[int, Field(description="Cells before values that differ in none were put together.")]
    facts: tuple[AxisForm, ...]
    cells: tuple[CellForm, ...]


class MatrixFile(Form):
    file: Shown
    tables: tuple[TableForm, ...]
    without: Annotated[tuple[str, ...], Field(description="Acts that have none of the facts.")]


class MatrixForm(Form):
    """What may be done: the verdict for each value of some facts, of every act while the contract is in force, judged
    as a draft, whatever else is shown or not and whatever was recorded before."""

    edition: Literal["matrix 1"] = "matrix 1"
    files: tuple[MatrixFile, ...]


def matrix_form(found: Sequence[MatrixTold]) -> MatrixForm:
    return MatrixForm(files=tuple(_file(each) for each in found))


def _file(found: MatrixTold) -> MatrixFile:
    matrix = found.matrix
    tables = tuple(
        _table(t, found.examples[n] if found.examples else None) for n, t in enumerate(matrix.tables)
    )  # fmt: skip
    return MatrixFile(file=str(found.path), tables=tables, without=matrix.without)


def _table(table: Table, examples: Sequence[Example] | None) -> TableForm:
    facts = tuple(
        AxisForm(fact=a.fact.name, groups=tuple(_group(a, g) for g in groups))
        for a, groups in zip(table.axes, table.groups, strict=True)
    )
    cells = tuple(_cell(table, cell, examples) for cell in table.cells)
    return TableForm(
        acts=table.acts, party=table.party, open_file=table.open_file, count=table.asked, facts=facts, cells=cells
    )  # fmt: skip


def _group(axis: Axis, group: Group) -> GroupForm:
    values = [axis.values[n] for n in group.members]
    listed = [(axis.values[x.number], x) for x in group.listed]
    return GroupForm(
        values=tuple(v for v in values if v is not None),
        not_shown=None in values,
        listed=tuple(
            ListedForm(
                value=v, narrower=x.narrower, whole=x.whole, but=tuple(str(axis.values[n]) for n in x.but) or None
            )
            for v, x in listed
            if v is not None
        ),
    )


def _cell(table: Table, cell: Index, examples: Sequence[Example] | None) -> CellForm:
    content: Content = table.content(cell)
    cans = content.cans
    shown = None
    if examples is not None:
        mine = (e for e in examples if e.cell == cell)
        shown = tuple(ExampleForm(verdict=e.decision.value, scenario=e.scenario) for e in mine)
    return CellForm(
        groups=cell, verdict=content.kind.value, allowed=cans.allowed.value, refused=cans.refused.value,
        undecided=cans.undecided.value, deciding=tuple(_deciding(d) for d in content.deciding),
        needs=content.needs, examples=shown,
    )  # fmt: skip


def _deciding(found: Deciding) -> DecidingForm:
    return DecidingForm(
        clause=found.clause, sentence=found.sentence, part=found.part, narrower=found.narrower or None
    )  # fmt: skip
