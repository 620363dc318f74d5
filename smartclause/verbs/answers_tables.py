"""Answers about tables as JSON: the form of `audit` of plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from smartclause.evidence.forms import Count, Form, Instant, timestamp
from smartclause.logic.instances import DutyStatus
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


class StatusCount(Form):
    status: Literal["open", "fulfilled", "waived", "violated", "cured", "awaiting records", "unproven"]
    duties: Count


class DutyCounts(Form):
    """How many duties of one sentence have each status."""

    clause: str
    sentence: Count
    statuses: tuple[StatusCount, ...]


class NotFollowedForm(Form):
    """A duty that a table cannot show: nobody looked at it, so that the audit never ends with 0."""

    clause: str
    sentence: Count
    reason: str


class RepeatedForm(Form):
    """Of an audit with a state: the acts judged now; `why` is empty where only what changed was judged again."""

    judged: Count
    why: str
    detail: Shown


class NoteForm(Form):
    kind: str
    detail: Shown


class InputForm(Form):
    name: str
    value: Shown


class TableAuditForm(Form):
    """The audit of a table of plain rows. `undeclared`: types that the contract does not declare; their rows are judged
    as controlled acts that nothing allows. `absent`: facts that conditions read and the table does not have.
    `unread`: columns that are no fact of the contract. `asked`: the instant up to which duties are followed.
    `written`: the file with one row for each use, `written_duties` that with one row for each duty."""

    edition: Literal["table audit 2"] = "table audit 2"
    source: Shown
    asked: Instant
    rows: Count
    uses: Count
    decisions: DecisionCounts
    clauses: tuple[ClauseCounts, ...]
    duties: tuple[DutyCounts, ...]
    not_followed: tuple[NotFollowedForm, ...]
    rejected: tuple[RejectedRows, ...]
    undeclared: tuple[Shown, ...]
    absent: tuple[Shown, ...]
    unread: tuple[Shown, ...]
    reasons: tuple[OpenFactCount, ...]
    notes: tuple[NoteForm, ...]
    inputs: tuple[InputForm, ...]
    written: Shown | None = None
    written_duties: Shown | None = None
    repeated: RepeatedForm | None = None


def table_audit_form(found: AuditedTable) -> TableAuditForm:
    figures = found.figures
    counts = {d.value: n for d, n in figures.decisions.items()}
    return TableAuditForm(
        source=found.source,
        asked=timestamp(found.asked),
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
        duties=tuple(DutyCounts(clause=c, sentence=n, statuses=_statuses(counts)) for (c, n), counts in _duties(found)),
        not_followed=tuple(
            NotFollowedForm(clause=n.clause, sentence=n.sentence, reason=n.reason) for n in found.duties.not_followed
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
        written_duties=found.written_duties or None,
        repeated=None
        if found.repeated is None
        else RepeatedForm(judged=found.repeated.judged, why=found.repeated.why, detail=found.repeated.detail),
    )


def _duties(found: AuditedTable) -> Iterable[tuple[tuple[str, int], Mapping[DutyStatus, int]]]:
    return found.duties.counts.items()


def _statuses(counts: Mapping[DutyStatus, int]) -> tuple[StatusCount, ...]:
    return tuple(StatusCount(status=s.value, duties=counts[s]) for s in DutyStatus if counts.get(s))


def _by_name(item: tuple[object, int]) -> str:
    return str(getattr(item[0], "value", item[0]))
