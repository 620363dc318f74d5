"""Answers about withheld facts and their vault as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from smartclause.evidence.disclosure import Disclosure
from smartclause.evidence.forms import Count, Digest, EventId, FactName, Form, Identifier
from smartclause.evidence.redaction import Redaction
from smartclause.evidence.vault import Held
from smartclause.verbs.answers_error import Shown


class NewVaultForm(Form):
    edition: Literal["new vault 1"] = "new vault 1"
    file: Shown


class KeptForm(Form):
    """How many disclosures were added; what the vault held already is not counted."""

    edition: Literal["kept 1"] = "kept 1"
    subject: Identifier
    added: Count


class HeldForm(Form):
    commitment: Digest
    event: EventId
    name: FactName
    subject: Identifier
    erased: bool


class VaultForm(Form):
    edition: Literal["vault 1"] = "vault 1"
    facts: tuple[HeldForm, ...]


class DisclosedForm(Form):
    """`disclosures` only where they were not written to `file`."""

    edition: Literal["disclosed 1"] = "disclosed 1"
    count: Count
    file: Shown = ""
    disclosures: Annotated[tuple[Disclosure, ...] | None, Field(description="What opens the facts.")] = None


class ErasedForm(Form):
    edition: Literal["erased 1"] = "erased 1"
    record: Redaction
    file: Shown


class PseudonymForm(Form):
    edition: Literal["pseudonym 1"] = "pseudonym 1"
    pseudonym: Identifier


def vault_form(facts: Iterable[Held]) -> VaultForm:
    return VaultForm(
        facts=tuple(
            HeldForm(commitment=h.commitment, event=h.event, name=h.name, subject=h.subject, erased=h.erased)
            for h in facts
        )
    )


def disclosed_form(given: tuple[Disclosure, ...], file: Path | None) -> DisclosedForm:
    shown = None if file is not None else given
    return DisclosedForm(count=len(given), file=str(file or ""), disclosures=shown)
