"""Data that people wrote, read into forms: what does not fit is said with its place, in our own words."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import Form, misfit
from smartclause.logic.canonical import CanonicalError, Json, parse
from smartclause.verbs.errors import VerbError

F = TypeVar("F", bound=Form)

LONG = 2**20  # bytes


def read_as(kind: type[F], content: bytes, place: str, what: str) -> F:
    """From JSON in any spelling. Raises VerbError VB12."""
    data: Json = None
    try:
        data = parse(content)
        if len(content) > LONG:
            _refuse_incomplete(kind, data, place, what)
        return kind.model_validate_json(content)
    except CanonicalError as error:
        raise VerbError("VB12", error.place, name=place, what=what, reason=error.reason) from None
    except ValidationError as error:
        raise unfit(error, kind, place, what, data) from None


def _refuse_incomplete(kind: type[Form], data: Json, place: str, what: str) -> None:
    """Each member that is missing would cost the library one more copy of all that is there."""
    members = data if isinstance(data, dict) else {}
    for name, field in kind.model_fields.items():
        if field.is_required() and (field.alias or name) not in members:
            raise VerbError("VB12", field.alias or name, name=place, what=what, reason="this member is missing")


def unfit(error: ValidationError, kind: type[Form], place: str, what: str, data: Json = None) -> VerbError:
    fault = misfit(kind, error.errors(include_url=False), data)
    return VerbError("VB12", fault.place, name=place, what=what, reason=fault.values["reason"])


def reason_of(error: ValidationError, kind: type[Form], data: Json = None) -> tuple[str, str]:
    """The member, and what is the matter with it."""
    fault: EvidenceError = misfit(kind, error.errors(include_url=False), data)
    return fault.place, fault.values["reason"]
