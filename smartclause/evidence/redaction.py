"""The redaction record: which withheld facts can never be opened again, who erased them, when and on what ground."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from smartclause.evidence.forms import Digest, EventId, FactName, Form, Identifier, Instant, Name, SignedForm, each_once


class RedactedFact(Form):
    """The commitment still stands in the event; what it committed to is gone."""

    commitment: Digest
    event: EventId
    name: FactName


class Redaction(SignedForm):
    """`subject` is the pseudonym whose key was destroyed."""

    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.smartclause.redaction+json"
    WHAT: ClassVar[str] = "redaction record"

    edition: Literal["redaction 1"] = "redaction 1"
    by: Annotated[Name, Field(description="The party that erased.")]
    at: Instant
    subject: Identifier
    ground: Annotated[str, Field(min_length=1, max_length=2_000, description="The ground, such as an article of law.")]
    facts: Annotated[tuple[RedactedFact, ...], Field(max_length=100_000)]

    @model_validator(mode="after")
    def _is_in_order(self) -> Redaction:
        each_once((f.commitment for f in self.facts), "facts")
        return self
