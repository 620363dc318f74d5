"""What `test` says beyond its scenarios, as JSON: coverage, mutants, scenarios that would close a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from smartclause.engines.coverage.told import Telling
from smartclause.engines.mutants.judged import Fate
from smartclause.engines.mutants.told import difference, where
from smartclause.evidence.forms import Count, Form
from smartclause.verbs.answers_error import Shown

if TYPE_CHECKING:
    from smartclause.engines.coverage.measured import ClauseShown, ConditionShown, Coverage, Part, QuestionShown, Status
    from smartclause.engines.mutants.judged import Score
    from smartclause.engines.prose_names import Lang
    from smartclause.verbs.suggest import Pasteable

TruthWord = Literal["true", "false", "unknown"]


class PartForm(Form):
    """So many of so many."""

    done: Count
    of: Count


class StatusForm(Form):
    """A status that a clause (`sentence` 0, for an act) or a duty of it can end in."""

    sentence: Count
    status: str
    reached: bool


class ConditionForm(Form):
    """`alone`: the two scenarios in which the condition decides alone; left out where none do. `proved`: that it
    nowhere decides alone, and need not be shown to; or not by being false, so that unknown is to be shown instead."""

    condition: Shown
    seen: tuple[TruthWord, ...]
    missing: tuple[TruthWord, ...]
    alone: tuple[str, str] | None = None
    proved: Literal["never alone", "not by false"] | None = None


class QuestionForm(Form):
    """Conditions of one sentence. `asked`: of the judged act, of what triggers or answers a duty, of a state that
    is to be kept, or of each record that a condition looks at."""

    sentence: Count
    asked: Literal["act", "trigger", "answer", "state", "record"]
    conditions: tuple[ConditionForm, ...]
    exception: Annotated[bool | None, Field(description="Whether the exception once made the difference.")] = None


class ClauseShownForm(Form):
    clause: str
    statuses: tuple[StatusForm, ...]
    questions: tuple[QuestionForm, ...]


class CoverageForm(Form):
    """How much of one contract its scenarios show."""

    contract: str
    full: bool
    clauses_reached: PartForm
    statuses: PartForm
    exceptions: PartForm
    alone: PartForm
    values: PartForm
    clauses: tuple[ClauseShownForm, ...]


class MutantForm(Form):
    """A slip in the sentences that no scenario notices. `difference`: lines of the file without it and with it."""

    slip: Literal[
        "modal", "exception", "join", "figure", "unit", "key", "window", "comparison", "priority", "scope"
    ]  # fmt: skip
    where: Shown
    difference: tuple[Shown, ...]


class ScoreForm(Form):
    """How many slips the scenarios notice. `same`: they change no meaning; `refused`: `check` refuses them."""

    contract: str
    percentage: Annotated[int, Field(ge=0, le=100)]
    noticed: Count
    survived: Count
    same: Count
    refused: Count
    survivors: tuple[MutantForm, ...]


class SuggestedForm(Form):
    """A scenario that can be pasted into the file. `closes`: how many gaps of coverage it closes, or 1 for a mutant
    that it notices."""

    contract: str
    clause: str
    closes: Count
    text: Shown


# ---- writing


def suggested_form(found: Pasteable) -> SuggestedForm:
    return SuggestedForm(contract=found.contract, clause=found.clause, closes=found.closes, text=found.text)


def score_form(found: Score, lang: Lang) -> ScoreForm:
    return ScoreForm(
        contract=found.name,
        percentage=found.percentage,
        noticed=found.count(Fate.NOTICED),
        survived=found.count(Fate.SURVIVED),
        same=found.count(Fate.SAME),
        refused=found.count(Fate.REFUSED),
        survivors=tuple(
            MutantForm(
                slip=each.mutant.slip.value,
                where=where(each.mutant, lang),
                difference=difference(found.file, each.mutant),
            )
            for each in found.survivors
        ),
    )


def coverage_form(found: Coverage, lang: Lang) -> CoverageForm:
    telling = Telling(found, lang)
    return CoverageForm(
        contract=found.name,
        full=found.is_full,
        clauses_reached=_part(found.reached),
        statuses=_part(found.statuses),
        exceptions=_part(found.exceptions),
        alone=_part(found.alone),
        values=_part(found.values),
        clauses=tuple(_clause(telling, c) for c in found.clauses),
    )


def _part(part: Part) -> PartForm:
    return PartForm(done=part.done, of=part.of)


def _clause(telling: Telling, clause: ClauseShown) -> ClauseShownForm:
    return ClauseShownForm(
        clause=clause.clause,
        statuses=tuple(_status(clause, s) for s in clause.possible),
        questions=tuple(_question(telling, q) for q in clause.questions),
    )


def _status(clause: ClauseShown, status: Status) -> StatusForm:
    return StatusForm(sentence=status.sentence, status=status.status, reached=status in clause.reached)


def _question(telling: Telling, shown: QuestionShown) -> QuestionForm:
    asked = shown.question
    conditions = tuple(_condition(telling.phrase(asked, c.term), c) for c in shown.conditions)
    return QuestionForm(sentence=asked.sentence, asked=asked.asked.value, conditions=conditions, exception=shown.lifted)


def _condition(said: str, shown: ConditionShown) -> ConditionForm:
    seen: Sequence[TruthWord] = sorted(t.value for t in shown.seen)
    return ConditionForm(
        condition=said,
        seen=tuple(seen),
        missing=tuple(t.value for t in shown.missing),
        alone=shown.pair,
        proved=_proved(shown),
    )


def _proved(shown: ConditionShown) -> Literal["never alone", "not by false"] | None:
    if shown.denied is None:
        return None
    return "never alone" if shown.never_alone else "not by false"
