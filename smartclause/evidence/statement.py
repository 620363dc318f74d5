"""The contract statement: what the parties of a contract sign, and whether all of them did."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from smartclause.evidence.forms import (
    Digest,
    Digests,
    Form,
    Identity,
    Instant,
    Name,
    Names,
    Qualified,
    SignedForm,
    Text,
    each_once,
)


class SourceFile(Form):
    name: Annotated[Text, Field(min_length=1)]
    digest: Annotated[Digest, Field(description="Hash of the bytes of the file.")]


class StatedParty(Form):
    party: Name
    identity: Identity
    keys: Annotated[Digests, Field(min_length=1, description="Key numbers that sign for the party.")]


class StatedRole(Form):
    """Who shows facts in a role: keys named here, keys that an authority certifies, or both."""

    role: Name
    keys: Digests = ()
    authorities: Digests = ()

    @model_validator(mode="after")
    def _somebody_holds_it(self) -> StatedRole:
        if not self.keys and not self.authorities:
            raise ValueError("a role names keys or an authority that certifies them")
        return self


class ContractStatement(SignedForm):
    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.smartclause.contract+json"
    WHAT: ClassVar[str] = "contract statement"

    edition: Literal["contract 1"] = "contract 1"
    name: Name | Qualified
    version: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+){0,3}$", max_length=40)]
    meaning: Annotated[str, Field(pattern=r"^meaning [1-9][0-9]*$", description="Edition of the meaning.")]
    document_digest: Digest
    meaning_digest: Digest
    amends: Annotated[Digest | None, Field(description="Document digest that this one amends.")] = None
    effective: Annotated[Instant | None, Field(description="When an amendment takes effect.")] = None
    sources: Annotated[tuple[SourceFile, ...], Field(min_length=1, max_length=1000)]
    parties: Annotated[tuple[StatedParty, ...], Field(min_length=1, max_length=100)]
    roles: Annotated[tuple[StatedRole, ...], Field(max_length=1000)] = ()
    signers: Annotated[Names, Field(min_length=1, description="Parties that must sign.")]

    @model_validator(mode="after")
    def _lists_are_in_order(self) -> ContractStatement:
        each_once((s.name for s in self.sources), "sources")
        each_once((p.party for p in self.parties), "parties")
        each_once((r.role for r in self.roles), "roles")
        return self

    @model_validator(mode="after")
    def _each_person_is_one_party(self) -> ContractStatement:
        """A contract with oneself binds nobody."""
        persons = [(party.identity.scheme, party.identity.value) for party in self.parties]
        if len(persons) != len(set(persons)):
            raise ValueError("two parties are the same person in law")
        return self

    @model_validator(mode="after")
    def _each_key_signs_for_one_party(self) -> ContractStatement:
        keys = [key for party in self.parties for key in party.keys]
        if len(keys) != len(set(keys)):
            raise ValueError("a key signs for one party only")
        if not set(self.signers) <= {p.party for p in self.parties}:
            raise ValueError("a signer is no party")
        return self


def parties_signed(statement: ContractStatement, signers: Collection[str]) -> tuple[str, ...]:
    """The parties for whom one of their own keys is among `signers` (key numbers of valid signatures)."""
    return tuple(p.party for p in statement.parties if not set(p.keys).isdisjoint(signers))


def signatures_missing(statement: ContractStatement, signers: Collection[str]) -> tuple[str, ...]:
    """The parties that must sign and did not: counted by party, never by key."""
    signed = parties_signed(statement, signers)
    return tuple(party for party in statement.signers if party not in signed)
