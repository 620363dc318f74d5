"""Answers as JSON: the published forms of a verdict and an audit, and how results are written in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from smartclause.engines.audit import AuditResult, Judged, MissingFact, Note, Outlined, Use
from smartclause.engines.contradictions import contradictions
from smartclause.evidence.forms import Count, Form, Instant, timestamp
from smartclause.logic.canonical import Json
from smartclause.logic.finding import Read, Reason
from smartclause.logic.instances import Instance
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.needs import deciding_reads
from smartclause.logic.record import Event
from smartclause.logic.second_values import SecondValue, Statement
from smartclause.logic.settling import settling_sets
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Decision, Verdict
from smartclause.verbs.values import spelled

if TYPE_CHECKING:  # an audit is written without the code that decides
    from smartclause.verbs.decide import Answer

DecisionWord = Literal["allowed", "refused", "undecided"]
TruthWord = Literal["true", "false", "unknown"]
AnyValue = Annotated[Any, Field(description="As a signed event spells it; numbers as exact text.")]


class ReasonForm(Form):
    """Why something is unknown. `role`: who must show it."""

    kind: str
    field: str = ""
    type: str = ""
    role: str = ""
    event: str = ""
    detail: str = ""


class ReadForm(Form):
    """A fact that was read, from which event, stated by which. No `event`: nothing of `type` was recorded."""

    type: str
    field: str = ""
    value: AnyValue = None
    event: str = ""
    stated_by: str = ""


class NoteForm(Form):
    kind: str
    detail: str = ""


class InputForm(Form):
    """What the answer rests on, by digest or number."""

    name: str
    value: str


class FactForm(Form):
    event: str
    field: str


class ActForm(Form):
    event: str
    type: str
    by: str = ""
    to: str = ""
    asset: str = ""
    at: Instant
    index: Count
    row: Annotated[Count | None, Field(description="The row, where the entry is a segment.")] = None


class ClauseForm(Form):
    clause: str
    state: Literal["inapplicable", "set aside", "forbidden", "unknown", "permitted", "met", "silent"]


class TrackForm(Form):
    module: str
    closed: bool
    truth: TruthWord


class MemberForm(Form):
    """One contract, agreement or pack by itself."""

    member: str
    truth: TruthWord
    not_barred: bool
    tracks: tuple[TrackForm, ...]
    clauses: tuple[ClauseForm, ...]


class JudgedForm(Form):
    decision: DecisionWord
    truth: TruthWord
    final: bool
    act: ActForm
    members: tuple[MemberForm, ...]
    open_facts: tuple[ReasonForm, ...]
    deciding_facts: tuple[ReadForm, ...]


class VerdictForm(JudgedForm):
    """`decision` is what the asker may act on. A what-if is never `allowed`: `would_be` says how it was reasoned.

    `settling_sets`: facts that settle the verdict together, whatever the others are.
    """

    edition: Literal["verdict 1"] = "verdict 1"
    what_if: bool
    would_be: DecisionWord
    smallest_sets: tuple[tuple[FactForm, ...], ...]
    sets_cut: bool
    settling_sets: tuple[tuple[ReadForm, ...], ...] = ()
    settling_cut: bool = False
    attested_by_caller: tuple[str, ...]
    notes: tuple[NoteForm, ...]
    inputs: tuple[InputForm, ...]


class UseForm(JudgedForm):
    """`claimed` is the time that the event claims, where its instant is another one."""

    claimed: Instant | None = None


class KeyForm(Form):
    field: str
    value: AnyValue = None


class DutyForm(Form):
    clause: str
    sentence: Count
    party: str
    recipient: str = ""
    keys: tuple[KeyForm, ...]
    trigger: str = ""
    start: Instant
    due_earliest: Instant
    due_latest: Instant | None = None
    status: Literal["open", "fulfilled", "waived", "violated", "cured", "awaiting records", "unproven"]
    since: Instant | None = None
    answered_by: str = ""
    answered_at: Instant | None = None
    ended: Instant | None = None
    reasons: tuple[ReasonForm, ...]
    otherwise: DutyForm | None = None


class StateCount(Form):
    state: str
    count: Count


class ClauseCounts(Form):
    clause: str
    states: tuple[StateCount, ...]


class MissingForm(Form):
    """`uses`: undecided uses in which the fact is open; `settles`: those in which nothing else is."""

    kind: str
    type: str = ""
    field: str = ""
    role: str = ""
    uses: Count
    settles: Count


class ContradictionForm(Form):
    use: str
    event_type: str
    clauses: tuple[str, ...]
    against: tuple[ReadForm, ...]
    in_favour: tuple[ReadForm, ...]


class StatementForm(Form):
    """`entry`: the index in the ledger; `by`: the parties whose keys signed, `key` the one that issued it."""

    value: AnyValue
    event: str
    entry: Count
    by: tuple[str, ...]
    key: str = ""


class SecondValueForm(Form):
    """A known fact of an event, and a statement of another value: it fills nothing and contradicts the first."""

    event: str
    type: str
    field: str
    first: StatementForm
    second: StatementForm


class AuditForm(Form):
    """Of an amended contract the part of its last version; `earlier` are those of the versions before. `engine`: what
    judged; the answer is the same by each."""

    edition: Literal["audit 1"] = "audit 1"
    source: str
    asked: Instant
    allowed: Count
    refused: Count
    undecided: Count
    uses: tuple[UseForm, ...]
    clauses: tuple[ClauseCounts, ...]
    duties: tuple[DutyForm, ...]
    missing: tuple[MissingForm, ...]
    contradictions: tuple[ContradictionForm, ...]
    second_values: tuple[SecondValueForm, ...] = ()
    notes: tuple[NoteForm, ...]
    inputs: tuple[InputForm, ...]
    version: str = ""
    earlier: tuple[AuditForm, ...] = ()
    engine: Literal["reference", "duckdb", "spark"] = "reference"


# ---- writing


def verdict_form(answer: Answer) -> VerdictForm:
    settling = settling_sets(answer.judged.overall.finding)
    return VerdictForm(
        **_judged(answer.judged, answer.event, answer.asked)
        | {"decision": answer.decision.value, "final": answer.final},
        what_if=answer.what_if,
        would_be=_decision(answer.judged.decision),
        smallest_sets=tuple(tuple(FactForm(event=k.event, field=k.field) for k in s) for s in answer.sets.sets),
        sets_cut=answer.sets.cut,
        settling_sets=tuple(tuple(map(_read, s)) for s in settling.sets),
        settling_cut=settling.cut,
        attested_by_caller=answer.attested,
        notes=tuple(map(_note, answer.notes)),
        inputs=tuple(InputForm(name=n, value=v) for n, v in answer.inputs),
    )


def audit_form(result: AuditResult) -> AuditForm:
    return AuditForm(
        source=result.source,
        asked=timestamp(result.asked),
        allowed=result.count(Decision.ALLOWED),
        refused=result.count(Decision.REFUSED),
        undecided=result.count(Decision.UNDECIDED),
        uses=tuple(map(use_form, result.uses)),
        clauses=tuple(_counts(result, clause.id) for _, clause in result.lookup.all_clauses()),
        duties=tuple(map(duty_form, result.duties)),
        missing=tuple(map(_missing, result.missing())),
        contradictions=tuple(
            ContradictionForm(
                use=c.use.record.event.id,
                event_type=c.event,
                clauses=c.clauses,
                against=tuple(map(_read, c.against)),
                in_favour=tuple(map(_read, c.for_)),
            )
            for c in contradictions(result)
        ),
        second_values=tuple(map(second_value_form, result.second_values)),
        notes=tuple(map(_note, result.notes)),
        inputs=tuple(InputForm(name=n, value=v) for n, v in result.inputs),
        version=result.version,
        earlier=tuple(map(audit_form, result.earlier)),
        engine=result.engine,
    )


def second_value_form(found: SecondValue) -> SecondValueForm:
    event = found.record.event
    first, second = _statement(found.first), _statement(found.second)
    return SecondValueForm(event=event.id, type=event.type, field=found.field, first=first, second=second)


def _statement(made: Statement) -> StatementForm:
    event = made.event
    return StatementForm(
        value=spelled(made.value), event=event.id, entry=event.at_entry, by=made.parties, key=event.source
    )


def use_form(use: Use) -> UseForm:
    record = use.record
    claimed = timestamp(record.event.time) if use.moved else None
    return UseForm(**_judged(use.judged, record.event, record.instant), claimed=claimed)


def judged_form(judged: Judged, event: Event, at: int) -> JudgedForm:
    return JudgedForm(**_judged(judged, event, at))


def _judged(judged: Judged | Outlined, event: Event, at: int) -> dict[str, Any]:
    return {
        "decision": judged.decision.value,
        "truth": judged.truth.value,
        "final": judged.final,
        "act": ActForm(
            event=event.id,
            type=event.type,
            by=event.by,
            to=event.to,
            asset=event.asset,
            at=timestamp(at),
            index=event.at_entry,
            row=event.row,
        ),
        "members": tuple(_member(name, verdict) for name, verdict in judged.members),
        "open_facts": tuple(map(reason_form, judged.open)),
        "deciding_facts": tuple(map(_read, deciding_reads(judged.overall.finding))),
    }


def _member(name: str, verdict: Verdict) -> MemberForm:
    return MemberForm(
        member=name,
        truth=_truth(verdict.truth),
        not_barred=verdict.not_barred,
        tracks=tuple(TrackForm(module=t.module, closed=t.closed, truth=_truth(t.truth)) for t in verdict.tracks),
        clauses=tuple(ClauseForm(clause=c.clause, state=c.state.value) for c in verdict.clauses),
    )


def reason_form(reason: Reason) -> ReasonForm:
    return ReasonForm(
        kind=reason.kind,
        field=reason.field,
        type=reason.type,
        role=reason.role,
        event=reason.event,
        detail=str(reason.detail),
    )


def _read(read: Read) -> ReadForm:
    value = None if read.value is None else spelled(read.value)
    return ReadForm(type=read.type, field=read.field, value=value, event=read.event, stated_by=read.stated_by)


def duty_form(instance: Instance) -> DutyForm:
    return DutyForm(
        clause=instance.clause,
        sentence=instance.sentence,
        party=instance.party,
        recipient=instance.recipient,
        keys=tuple(KeyForm(field=n, value=None if v is None else spelled(v)) for n, v in instance.keys),
        trigger=instance.trigger,
        start=_instant(instance.start),
        due_earliest=_instant(instance.due.earliest),
        due_latest=None if instance.due.latest is None else _instant(instance.due.latest),
        status=instance.status.value,
        since=None if instance.since is None else _instant(instance.since),
        answered_by=instance.answered,
        answered_at=None if instance.answered_at is None else _instant(instance.answered_at),
        ended=None if instance.ended is None else _instant(instance.ended),
        reasons=tuple(dict.fromkeys(map(reason_form, instance.reasons))),
        otherwise=None if instance.otherwise is None else duty_form(instance.otherwise),
    )


def _counts(result: AuditResult, clause: str) -> ClauseCounts:
    states = sorted(result.states_of(clause).items(), key=lambda item: item[0].value)
    return ClauseCounts(clause=clause, states=tuple(StateCount(state=s.value, count=n) for s, n in states))


def _missing(fact: MissingFact) -> MissingForm:
    return MissingForm(
        kind=fact.kind, type=fact.type, field=fact.field, role=fact.role, uses=fact.uses, settles=fact.settles
    )


def _note(note: Note) -> NoteForm:
    return NoteForm(kind=note.kind, detail=note.detail)


def _instant(at: int) -> str:
    """Inside the years that can be written."""
    return timestamp(min(max(at, FIRST), LAST))


def _truth(truth: Truth) -> TruthWord:
    word: TruthWord = truth.value
    return word


def _decision(decision: Decision) -> DecisionWord:
    word: DecisionWord = decision.value
    return word


def as_json(form: Form) -> Json:
    data: Json = form.model_dump(mode="json", by_alias=True, exclude_none=True)
    return data
