"""Answers of `prove` as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from smartclause.engines.prove.answer import NotProven, Proved
from smartclause.engines.prove.result import Check, Result, witness_of
from smartclause.evidence.forms import Form
from smartclause.verbs.answers_error import Shown

if TYPE_CHECKING:
    from smartclause.engines.prove.answer import Answer
    from smartclause.verbs.prove import Proven, Told

Outcome = Literal["proved", "refuted", "not proven"]
Asked = Literal[
    "vacuous", "never applies", "never decides", "never granted", "always unknown", "needs", "property", "refines",
    "no clash",
    "no dilemma", "always barred", "redundant", "idle exception", "parameter", "unmeetable duty",
]  # fmt: skip


class ShownAct(Form):
    """An act with the history before it, as a scenario that holds when it is pasted into the file."""

    scenario: Shown
    verdict: Literal["allowed", "refused", "undecided"]
    records: Annotated[int, Field(ge=0, description="How many records stand before the act.")]


class BesideForm(Form):
    """A clause of the other file, and its status for the act."""

    clause: str
    status: str


class AnswerForm(Form):
    """One question. `claim` is what was proved or refuted; `finding`: a drafter should look at it.

    `why` of what is not proven: limit (the effort was spent), history (no history of at most `bound` records of a
    kind shows it, longer ones were not looked at), no act, undefined.
    """

    claim: Asked
    outcome: Outcome
    finding: bool
    clause: str | None = None
    sentence: int | None = None
    act: str | None = None
    party: str | None = None
    name: Annotated[str | None, Field(description="Of a property, parameter, fact or type of record.")] = None
    others: Annotated[tuple[str, ...] | None, Field(description="Other clauses that it is about.")] = None
    why: Literal["limit", "history", "undefined", "no act"] | None = None
    bound: int | None = None
    shown: ShownAct | None = None
    beside: Annotated[
        tuple[BesideForm, ...] | None, Field(description="Clauses of the other file that do not let the act pass.")
    ] = None


class ProvenFile(Form):
    file: Shown
    findings: int
    not_proven: int
    answers: tuple[AnswerForm, ...]


class ProveForm(Form):
    """What holds of every possible act under the contracts of some files, judged as drafts."""

    edition: Literal["prove 1"] = "prove 1"
    files: tuple[ProvenFile, ...]


def prove_form(found: Sequence[Proven]) -> ProveForm:
    return ProveForm(files=tuple(_file(each) for each in found))


def _file(found: Proven) -> ProvenFile:
    answers = tuple(answer_form(t) for t in found.told)
    return ProvenFile(
        file=str(found.path), findings=len(found.faults), not_proven=len(found.open), answers=answers
    )  # fmt: skip


def answer_form(told: Told) -> AnswerForm:
    result = told.result
    left = result.answer if isinstance(result.answer, NotProven) else None
    return AnswerForm(
        claim=_claim(result.check), outcome=outcome(result.answer), finding=result.fault, clause=result.clause or None,
        sentence=result.sentence or None, act=result.act or None, party=result.party or None, name=result.name or None,
        others=result.others or None, why=_why(left), bound=left.bound if left else None, shown=_shown(told, result),
        beside=tuple(BesideForm(clause=c, status=s.value) for c, s in told.beside) or None,
    )  # fmt: skip


def outcome(answer: Answer) -> Outcome:
    if isinstance(answer, NotProven):
        return "not proven"
    return "proved" if isinstance(answer, Proved) else "refuted"


def _claim(check: Check) -> Asked:
    return check.value


def _why(left: NotProven | None) -> Literal["limit", "history", "undefined", "no act"] | None:
    return None if left is None else left.why


def _shown(told: Told, result: Result) -> ShownAct | None:
    witness = witness_of(result)
    if witness is None:
        return None
    verdict: Any = witness.verdict.decision.value
    return ShownAct(scenario=told.scenario, verdict=verdict, records=len(witness.lines) - 1)
