"""The register: under which contracts and rule packs each asset stands, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, model_validator

from smartclause.evidence.forms import Digest, Form, Identifier, Instant, Name, SignedForm, each_once, instant

MAX_NESTING = 8


class AnyOf(Form):
    any: Annotated[tuple[Expression, ...], Field(min_length=1, max_length=100)]


class AllOf(Form):
    all: Annotated[tuple[Expression, ...], Field(min_length=1, max_length=100)]


Expression: TypeAlias = Name | AnyOf | AllOf
"""A member, or a choice of members, or several at once: `{"any":[{"all":["a","b"]},"c"]}`."""


class Member(Form):
    """A contract, restricting agreement or rule pack, and who takes which of its parts."""

    name: Name
    document_digest: Digest
    parties: Annotated[dict[Name, Name], Field(max_length=100, description="Party of the member: who it is here.")]


class Entry(Form):
    """`under` absent: from this instant the asset stands under nothing."""

    asset: Identifier
    since: Instant
    under: Expression | None = None


class Register(SignedForm):
    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.smartclause.register+json"
    WHAT: ClassVar[str] = "register"

    edition: Literal["register 1"] = "register 1"
    keeper: Name
    dated: Instant
    members: Annotated[tuple[Member, ...], Field(max_length=10_000)]
    entries: Annotated[tuple[Entry, ...], Field(max_length=200_000)]

    @model_validator(mode="after")
    def _entries_name_members(self) -> Register:
        each_once((m.name for m in self.members), "members")
        known = {m.name for m in self.members}
        for number, entry in enumerate(self.entries):
            unknown = [name for name in names_in(entry.under) if name not in known]
            if unknown:
                raise ValueError(f"entry {number} names `{unknown[0]}`, which is no member")
        return self

    @model_validator(mode="after")
    def _entries_are_in_order(self) -> Register:
        places = [(e.asset, instant(e.since)) for e in self.entries]
        if any(left >= right for left, right in pairwise(places)):
            raise ValueError("the entries must be sorted by asset and instant, each once")
        return self


def names_in(expression: Expression | None, depth: int = MAX_NESTING) -> Iterator[str]:
    """Raises ValueError if the expression is nested deeper than MAX_NESTING."""
    if depth == 0:
        raise ValueError(f"an entry is nested deeper than {MAX_NESTING}")
    match expression:
        case str():
            yield expression
        case AnyOf():
            for part in expression.any:
                yield from names_in(part, depth - 1)
        case AllOf():
            for part in expression.all:
                yield from names_in(part, depth - 1)


def entry_for(register: Register, asset: str, at: int, received: int) -> Entry | None:
    """The entry that stood at the instant `at` (microseconds): an entry takes effect at its date or at the
    register's receipt, whichever is later."""
    standing = [e for e in register.entries if e.asset == asset and max(instant(e.since), received) <= at]
    return max(standing, key=lambda e: instant(e.since), default=None)
