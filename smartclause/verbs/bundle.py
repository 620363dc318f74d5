"""The contract file that verbs hand to each other: the compiled contract, its digests, and what was signed.

What is read here is recomputed: a stated digest that is not that of the content refuses the file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.envelope import Envelope
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited, write_whole
from smartclause.evidence.forms import Digest, Form, Name, canonical, each_once, read_form, timestamp
from smartclause.evidence.statement import ContractStatement, SourceFile
from smartclause.logic.canonical import MAX_BYTES, CanonicalError, digest_of_bytes, dumps, parse
from smartclause.logic.contract import EDITION, Contract, Module, ModuleKind
from smartclause.logic.counting import calendar_digest
from smartclause.logic.force import force_start
from smartclause.logic.identity import document_data, document_digest, meaning_digest, read_contract
from smartclause.logic.lookup import Lookup
from smartclause.logic.written import WrittenError
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import reason_of

FORMAT: Literal["smartclause compiled 1"] = "smartclause compiled 1"


class CalendarDigest(Form):
    """The data by which a counting rule counts."""

    rule: Annotated[str, Field(max_length=100)]
    digest: Digest


class CompiledContract(Form):
    """`document` is the whole contract in canonical form; `envelope` the DSSE envelope of its statement."""

    format: Literal["smartclause compiled 1"] = FORMAT
    name: Name
    version: Annotated[str, Field(max_length=40)]
    document_digest: Digest
    meaning_digest: Digest
    sources: Annotated[tuple[SourceFile, ...], Field(max_length=1000)] = ()
    calendars: Annotated[tuple[CalendarDigest, ...], Field(max_length=1000)] = ()
    document: dict[str, Any]
    envelope: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _lists_are_in_order(self) -> CompiledContract:
        each_once((s.name for s in self.sources), "sources")
        each_once((c.rule for c in self.calendars), "calendars")
        return self


@dataclass(frozen=True)
class Bundle:
    """A contract with its digests, read or compiled. `envelope` is unverified; None: nobody signed.

    `place` is how messages name the file.
    """

    contract: Contract
    document: str
    meaning: str
    sources: tuple[SourceFile, ...] = ()
    envelope: bytes | None = None
    place: str = ""

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.contract)

    @property
    def root(self) -> Module:
        return self.lookup.modules[self.contract.module]

    @property
    def calendars_changed(self) -> tuple[str, ...]:
        """Counting rules whose calendars are no longer those that the contract was compiled with."""
        return tuple(rule for rule, digest in self.contract.calendars if calendar_digest(rule) != digest)

    @property
    def is_pack(self) -> bool:
        """Law and words, which no party signs."""
        return self.root.kind in (ModuleKind.PACK, ModuleKind.VOCABULARY)

    @property
    def is_open(self) -> bool:
        """A rule pack, restricting agreement or vocabulary: it never allows by itself."""
        return self.root.kind not in (ModuleKind.CONTRACT, ModuleKind.AMENDMENT)


def bundle_of(contract: Contract, sources: tuple[SourceFile, ...] = (), place: str = "") -> Bundle:
    digests = document_digest(contract), meaning_digest(contract)
    return Bundle(contract, *digests, sources, None, place)


def _calendars(contract: Contract) -> tuple[CalendarDigest, ...]:
    return tuple(CalendarDigest(rule=rule, digest=digest) for rule, digest in sorted(contract.calendars))


def write_bundle(bundle: Bundle, path: Path) -> None:
    """Raises EvidenceError EV19."""
    write_whole(path, bundle_bytes(bundle) + b"\n")


def envelope_digest(envelope: bytes) -> str:
    """What a deposit names: the envelope with all its signatures, in canonical form."""
    return digest_of_bytes(dumps(parse(envelope)))


def bundle_bytes(bundle: Bundle) -> bytes:
    envelope = None if bundle.envelope is None else parse(bundle.envelope)
    assert envelope is None or isinstance(envelope, dict)
    return canonical(
        CompiledContract(
            name=bundle.contract.module.rpartition(".")[2],
            version=bundle.root.version,
            document_digest=bundle.document,
            meaning_digest=bundle.meaning,
            sources=bundle.sources,
            calendars=_calendars(bundle.contract),
            document=document_data(bundle.contract),
            envelope=envelope,
        )
    )


def read_bundle(path: Path) -> Bundle:
    """Raises EvidenceError EV02, EV19, VerbError VB01, VB02."""
    return bundle_from(read_limited(path, MAX_BYTES), str(path))


def bundle_from(content: bytes, place: str) -> Bundle:
    """The bytes of a contract file; `place` names it in messages. Raises VerbError VB01, VB02, VB28."""
    content = content.rstrip(b"\n")
    try:
        parse(content)
        form = CompiledContract.model_validate_json(content)
        contract = read_contract(form.document)
    except CanonicalError as error:
        raise VerbError("VB01", f"{place} {error.place}".strip(), reason=error.reason) from None
    except ValidationError as error:
        member, reason = reason_of(error, CompiledContract)
        raise VerbError("VB01", f"{place} {member}".strip(), reason=reason) from None
    except WrittenError as error:
        raise VerbError("VB01", place, reason=str(error)) from None
    if contract.module not in {module.name for module in contract.modules}:
        raise VerbError("VB01", place, reason="it does not hold the file that it is named after")
    if contract.edition != EDITION:
        raise VerbError("VB28", place, found=contract.edition, wanted=EDITION)
    bundle = replace(bundle_of(contract, form.sources, place), envelope=_envelope(form))
    if (bundle.document, bundle.meaning) != (form.document_digest, form.meaning_digest):
        raise VerbError("VB02", place)
    return bundle


def _envelope(form: CompiledContract) -> bytes | None:
    return None if form.envelope is None else dumps(form.envelope)


@dataclass(frozen=True, slots=True)
class Stated:
    """The statement of a contract with its envelope: whose signatures are valid is for the trust store to say."""

    statement: ContractStatement
    envelope: Envelope


def statement_of(bundle: Bundle) -> Stated | None:
    """None if nobody signed. Raises VerbError VB04, EvidenceError if the envelope or statement is unusable."""
    if bundle.envelope is None:
        return None
    envelope = envelopes.read(bundle.envelope)
    if envelope.payload_type != ContractStatement.PAYLOAD_TYPE:
        raise EvidenceError("EV04", found=envelope.payload_type, wanted=ContractStatement.PAYLOAD_TYPE)
    statement = read_form(ContractStatement, envelope.body)
    said = (statement.document_digest, statement.meaning_digest, statement.meaning)
    if said != (bundle.document, bundle.meaning, bundle.contract.edition):
        raise VerbError("VB04", bundle.place)
    if (statement.amends, statement.effective) != amending(bundle):
        raise VerbError("VB04", bundle.place)
    return Stated(statement, envelope)


def amending(bundle: Bundle) -> tuple[str | None, str | None]:
    """What the statement of an amendment says: what it amends, and from when on."""
    if not bundle.contract.amends:
        return None, None
    return bundle.contract.amends, timestamp(force_start(bundle.root.header))
