"""Answers about clause files as JSON: the forms of `check`, `format`, `test` and `compile`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from smartclause.evidence.forms import Count, Digest, Form
from smartclause.verbs.answers_error import FindingForm, Shown, finding_form
from smartclause.verbs.answers_testing import CoverageForm, ScoreForm, SuggestedForm

if TYPE_CHECKING:
    from smartclause.logic.scenario import Outcome, Run
    from smartclause.verbs.beside import Tried
    from smartclause.verbs.bundle import Bundle
    from smartclause.verbs.check import Checked
    from smartclause.verbs.format import Formatted
    from smartclause.verbs.scenarios import Tested


class CheckedFile(Form):
    file: Shown
    holds: bool
    findings: tuple[FindingForm, ...]


class CheckForm(Form):
    """What is wrong or doubtful in clause files. `holds`: no file has an error; warnings and lints may remain."""

    edition: Literal["check 1"] = "check 1"
    holds: bool
    files: tuple[CheckedFile, ...]


class FormattedFile(Form):
    """`text`: the file in the other language, where that was asked for. `written`: the file was changed."""

    file: Shown
    changed: bool
    written: bool
    text: Shown | None = None


class FormatForm(Form):
    """Which files change in their canonical layout, or what they say in the other language."""

    edition: Literal["format 1"] = "format 1"
    files: tuple[FormattedFile, ...]


class OutcomeForm(Form):
    """A line of a scenario; no `clause`: the verdict. `found` and `because`: what came instead."""

    clause: str
    expected: str
    holds: bool
    found: Shown | None = None
    because: tuple[str, ...] | None = None


class ScenarioForm(Form):
    name: str
    holds: bool
    outcomes: tuple[OutcomeForm, ...]


class ScenarioFile(Form):
    file: Shown
    holds: bool
    scenarios: tuple[ScenarioForm, ...]


class ClauseReached(Form):
    clause: str
    reached: Annotated[tuple[str, ...], Field(description="States and statuses that some scenario reached.")]


class FailedBeside(Form):
    name: str
    found: str


class ThresholdForm(Form):
    """A period, window or figure, the scenarios made beside it, and what was found where one does not hold."""

    clause: str
    sentence: Count
    of: str
    scenarios: Count
    failed: tuple[FailedBeside, ...]


class ScenariosForm(Form):
    """What became of every scenario, and what they reach; the rest only where it was asked for."""

    edition: Literal["test 1"] = "test 1"
    holds: bool
    files: tuple[ScenarioFile, ...]
    coverage: tuple[ClauseReached, ...]
    thresholds: tuple[ThresholdForm, ...] | None = None
    conditions: tuple[CoverageForm, ...] | None = None
    mutants: tuple[ScoreForm, ...] | None = None
    suggested: tuple[SuggestedForm, ...] | None = None


class CompilationForm(Form):
    """The digests of the contract that was written to `file`."""

    edition: Literal["compilation 1"] = "compilation 1"
    file: Shown
    document_digest: Digest
    meaning_digest: Digest


# ---- writing


def check_form(found: Sequence[Checked]) -> CheckForm:
    files = tuple(
        CheckedFile(file=str(c.path), holds=c.holds, findings=tuple(map(finding_form, c.findings))) for c in found
    )
    return CheckForm(holds=all(c.holds for c in found), files=files)


def format_form(found: Sequence[Formatted], *, to_other: bool, written: bool) -> FormatForm:
    return FormatForm(
        files=tuple(
            FormattedFile(
                file=str(f.path),
                changed=f.changed,
                written=written and f.changed,
                text=f.text if to_other else None,
            )
            for f in found
        )
    )


def scenarios_form(
    tested: Sequence[Tested],
    beside: Sequence[Tried] | None = None,
    conditions: tuple[CoverageForm, ...] | None = None,
    mutants: tuple[ScoreForm, ...] | None = None,
    suggested: tuple[SuggestedForm, ...] | None = None,
) -> ScenariosForm:
    files = tuple(
        ScenarioFile(file=str(t.path), holds=t.holds, scenarios=tuple(map(_scenario, t.runs))) for t in tested
    )
    holds = all(t.holds for t in tested) and not any(t.failed for t in beside or ())
    from smartclause.verbs.scenarios import merged

    coverage = tuple(ClauseReached(clause=c, reached=states) for c, states in merged(tested).items())
    thresholds = None if beside is None else tuple(map(_threshold, beside))
    return ScenariosForm(
        holds=holds,
        files=files,
        coverage=coverage,
        thresholds=thresholds,
        conditions=conditions,
        mutants=mutants,
        suggested=suggested,
    )


def _scenario(run: Run) -> ScenarioForm:
    return ScenarioForm(name=run.scenario.name, holds=run.holds, outcomes=tuple(map(_outcome, run.outcomes)))


def _outcome(outcome: Outcome) -> OutcomeForm:
    instead: dict[str, Any] = {} if outcome.holds else {"found": outcome.found, "because": outcome.because}
    expected = outcome.expected
    return OutcomeForm(clause=expected.clause, expected=expected.status, holds=outcome.holds, **instead)


def _threshold(tried: Tried) -> ThresholdForm:
    return ThresholdForm(
        clause=tried.threshold.clause,
        sentence=tried.threshold.sentence,
        of=tried.threshold.of.value,
        scenarios=tried.made,
        failed=tuple(FailedBeside(name=s.name, found=found) for s, found in tried.failed),
    )


def compilation_form(bundle: Bundle, out: Path) -> CompilationForm:
    return CompilationForm(file=str(out), document_digest=bundle.document, meaning_digest=bundle.meaning)
