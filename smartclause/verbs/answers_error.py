"""An error as JSON, what ended a command instead of its answer; and the findings in clause files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from smartclause.evidence.errors import EvidenceError, Lang
from smartclause.evidence.forms import Count, Form
from smartclause.verbs.errors import VerbError, in_parts

if TYPE_CHECKING:
    from smartclause.language.diagnostic import Diagnostic


def _written(text: object) -> str:
    """A file name may hold bytes that are no letters; they are written as their numbers."""
    return str(text).encode("utf-8", "backslashreplace").decode()


Shown = Annotated[str, BeforeValidator(_written)]


class FindingForm(Form):
    """Lines and columns count from 1; a Chinese character is two columns wide."""

    code: str
    severity: Literal["error", "warning", "lint"]
    message: Shown
    help: Shown = ""
    file: Shown = ""
    line: Count | None = None
    column: Count | None = None


class ErrorForm(Form):
    """Why a command has no answer: an error of evidence (EV), of verbs (VB), or `usage` for words it does not take.

    `message` and `help` in the language asked for; `findings` in a clause file that could not be used.
    """

    edition: Literal["error 1"] = "error 1"
    code: Annotated[str, Field(pattern=r"^(EV[0-9]{2}|VB[0-9]{2}|usage)$")]
    place: Shown
    message: Shown
    help: Shown
    findings: tuple[FindingForm, ...] = ()


def error_form(error: EvidenceError | VerbError, lang: Lang) -> ErrorForm:
    loaded = getattr(error, "loaded", None)
    findings = () if loaded is None else tuple(map(finding_form, loaded.diagnostics))
    told = in_parts(error, lang)
    return ErrorForm(
        code=told["code"], place=told["place"], message=told["message"], help=told["help"], findings=findings
    )


def usage_form(message: str, help: str) -> ErrorForm:
    return ErrorForm(code="usage", place="", message=message, help=help)


def finding_form(found: Diagnostic) -> FindingForm:
    span = found.span
    return FindingForm(
        code=found.code,
        severity=found.severity,
        message=found.message,
        help=found.help,
        file=span.file,
        line=span.line or None,
        column=span.column or None,
    )
