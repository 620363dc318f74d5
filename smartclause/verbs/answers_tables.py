"""Answers about tables as JSON: the form of `audit` of plain rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from smartclause.evidence.forms import Count, Form
from smartclause.verbs.answers_error import Shown

if TYPE_CHECKING:
    from smartclause.verbs.table import AuditedTable


class DecisionCounts(Form):
    allowed: Count
    refused: Count
    undecided: Count


class StateCount(Form):
    state: str
    uses: Count


class ClauseCounts(Form):
    clause: str
    states: tuple[StateCount, ...]


class RejectedRows(Form):
    """`reason`: no type, no time, or not of a table (built-in records that only a ledger has)."""

    reason: str
    detail: Shown
    rows: Count


class OpenFactCount(Form):
    """A fact that is open under undecided uses, and under how many."""

    kind: str
    type: Shown
    field: Shown
    role: Shown
    uses: Count


class NoteForm(Form):
    kind: str
    detail: Shown


class InputForm(Form):
    name: str
    value: Shown


class TableAuditForm(Form):
    """The audit of a table of plain rows. `undeclared`: types that the contract does not declare; their rows are judged
    as controlled acts that nothing allows. `absent`: facts that conditions read and the table does not have.
    `unread`: columns that are no fact of the contract. `written`: the file with one row for each use."""

    edition: Literal["table audit 1"] = "table audit 1"
    source: Shown
    rows: Count
    uses: Count
    decisions: DecisionCounts
    clauses: tuple[ClauseCounts, ...]
    rejected: tuple[RejectedRows, ...]
    undeclared: tuple[Shown, ...]
    absent: tuple[Shown, ...]
    unread: tuple[Shown, ...]
    reasons: tuple[OpenFactCount, ...]
    notes: tuple[NoteForm, ...]
    inputs: tuple[InputForm, ...]
    written: Shown | None = None


def table_audit_form(found: AuditedTable) -> TableAuditForm:
    figures = found.figures
    counts = {d.value: n for d, n in figures.decisions.items()}
    return TableAuditForm(
        source=found.source,
        rows=figures.rows,
        uses=figures.uses,
        decisions=DecisionCounts(**{n: counts.get(n, 0) for n in ("allowed", "refused", "undecided")}),
        clauses=tuple(
            ClauseCounts(
                clause=clause,
                states=tuple(StateCount(state=s.value, uses=n) for s, n in sorted(states.items(), key=_by_name) if n),
            )
            for clause, states in figures.clauses.items()
        ),
        rejected=tuple(RejectedRows(reason=r.reason, detail=r.detail, rows=r.rows) for r in figures.rejected),
        undeclared=figures.undeclared,
        absent=figures.absent,
        unread=figures.unread,
        reasons=tuple(
            OpenFactCount(kind=r.kind, type=r.type, field=r.field, role=r.role, uses=r.uses) for r in figures.reasons
        ),
        notes=tuple(NoteForm(kind=n.kind, detail=n.detail) for n in found.notes),
        inputs=tuple(InputForm(name=name, value=value) for name, value in found.inputs),
        written=found.written or None,
    )


def _by_name(item: tuple[object, int]) -> str:
    return str(getattr(item[0], "value", item[0]))
