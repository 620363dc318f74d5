"""A proposed act in plain JSON, which attests nothing, and the facts that a caller says it verified.

Short names are expanded only where the contract has one such name; anything else is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from smartclause.evidence import forms
from smartclause.evidence.event import BUILT_IN
from smartclause.evidence.forms import FactName, Form, Identifier, Name
from smartclause.logic.canonical import CanonicalError, Json, parse
from smartclause.logic.contract import FieldType
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Trust
from smartclause.logic.terms import Kind, Value
from smartclause.logic.world import holds_role
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import read_as, reason_of
from smartclause.verbs.holders import Holders
from smartclause.verbs.values import SPELLINGS, ConceptTree, concept_tree, typed

MOST_CANDIDATES = 8
ASKED = "asked"  # the number of an act that has none; no recorded event can have it


class PlainEvent(Form):
    """`time` counts where the event is signed; a proposed act is judged when it is asked."""

    type: Annotated[str, Field(min_length=1, max_length=400)]
    time: str | None = None
    by: Name | None = None
    to: Name | None = None
    asset: Identifier | None = None
    facts: Annotated[dict[FactName, Any], Field(max_length=500, default_factory=dict)]


class AttestedFact(Form):
    """A fact of the act that the caller verified: shown in which role, by which key."""

    field: FactName
    role: Annotated[str, Field(min_length=1, max_length=400)]
    key: forms.Digest


class Attestation(Form):
    facts: Annotated[tuple[AttestedFact, ...], Field(max_length=500)]


_VALUES: TypeAdapter[forms.Value] = TypeAdapter(forms.Value)


def read_plain(content: bytes, lookup: Lookup, place: str = "") -> tuple[PlainEvent, dict[str, Value]]:
    """The act with its type in full, and its typed facts. Raises VerbError VB05-VB08."""
    act = read_event(content, place)
    known = qualified(act.type, (*lookup.types, *BUILT_IN), f"{place} type".strip(), may_be_foreign=True)
    return act.model_copy(update={"type": known}), read_facts(act, known, lookup, place)


def read_facts(act: PlainEvent, kind: str, lookup: Lookup, place: str = "") -> dict[str, Value]:
    """The facts as the type, named in full, declares them. Raises VerbError VB06-VB08."""
    tree = concept_tree(lookup.contract)
    return {n: _value(n, v, kind, lookup, tree, place) for n, v in act.facts.items() if v is not None}


def read_foreign(
    act: PlainEvent, known: Mapping[str, Value], lookup: Lookup, tree: ConceptTree | None = None
) -> dict[str, Value]:
    """The facts of an act as another file declares them; what it does not know, or types otherwise, is no fact.

    `known` are the facts as the contract named reads them: its full names of concepts count. `tree`: of the other
    file, where it is at hand.
    """
    tree = concept_tree(lookup.contract) if tree is None else tree
    facts: dict[str, Value] = {}
    for name, value in (act.facts | {n: _names(v) for n, v in known.items() if isinstance(v, str | frozenset)}).items():
        with suppress(VerbError):
            facts[name] = _value(name, value, act.type, lookup, tree, "")
    return facts


def _names(value: str | frozenset[str]) -> str | list[str]:
    return value if isinstance(value, str) else sorted(value)


def read_event(content: bytes, place: str) -> PlainEvent:
    """Raises VerbError VB05."""
    data: Json = None
    try:
        data = parse(content)
        if not isinstance(data, dict):
            raise VerbError("VB05", place, reason="it is no object")
        data.pop("id", None)
        return PlainEvent.model_validate({k: v for k, v in data.items() if v is not None})
    except CanonicalError as error:
        raise VerbError("VB05", f"{place} {error.place}".strip(), reason=error.reason) from None
    except ValidationError as error:
        member, reason = reason_of(error, PlainEvent, data)
        raise VerbError("VB05", f"{place} {member}".strip(), reason=reason) from None


def qualified(name: str, known: Iterable[str], place: str, *, may_be_foreign: bool = False) -> str:
    """`name`, or the one known name that ends in it. Raises VerbError VB06, VB07."""
    names = tuple(known)
    if name in names or (may_be_foreign and "." in name):
        return name
    found = sorted({n for n in names if n.rpartition(".")[2] == name})
    if len(found) > 1:
        raise VerbError("VB06", place, name=name, candidates=", ".join(found))
    if not found:
        raise VerbError("VB07", place, name=name, candidates=nearest(name, names))
    return found[0]


def nearest(name: str, known: Iterable[str]) -> str:
    """The few known names that `name` may have meant, those most like it first."""
    bare = {n: n.rpartition(".")[2] for n in sorted(known)}
    near = [n for b in get_close_matches(name, list(bare.values()), MOST_CANDIDATES) for n, o in bare.items() if o == b]
    return ", ".join(list(dict.fromkeys((*near, *bare)))[:MOST_CANDIDATES]) or "-"


def _value(name: str, value: Any, kind: str, lookup: Lookup, tree: ConceptTree, place: str) -> Value:
    ft = _declared(name, kind, lookup, place)
    read = typed(_spelled(value, ft, tree, f"{place} facts.{name}".strip()), ft.type, tree)
    if read is None:
        raise VerbError("VB08", place, field=name, kind=ft.type.kind.value, form=SPELLINGS[ft.type.kind])
    return read


def _declared(name: str, kind: str, lookup: Lookup, place: str) -> FieldType:
    ft = lookup.field(kind, name)
    if ft is None:
        known = lookup.types.get(kind)
        fields = [f.name for f in known.fields] if known else []
        raise VerbError("VB07", f"{place} facts".strip(), name=name, candidates=nearest(name, fields))
    return ft


def signed_facts(act: PlainEvent, kind: str, lookup: Lookup, place: str) -> dict[str, forms.Value]:
    """The facts as a signed event spells them; those of the built-in types as they are given."""
    if kind in BUILT_IN:
        return {n: _any(v, n, place) for n, v in act.facts.items()}
    tree = concept_tree(lookup.contract)
    given = {n: v for n, v in act.facts.items() if v is not None}
    return {
        n: _spelled(v, _declared(n, kind, lookup, place), tree, f"{place} facts.{n}".strip()) for n, v in given.items()
    }


def _any(value: Any, name: str, place: str) -> forms.Value:
    try:
        return _VALUES.validate_python(tuple(value) if isinstance(value, list) else value)
    except ValidationError:
        raise VerbError(
            "VB08", place, field=name, kind="value of a fact", form="text, a number, true or false"
        ) from None


def _spelled(value: Any, ft: FieldType, tree: ConceptTree, place: str) -> forms.Value:
    """As a signed event would spell it: full names of concepts, sets in order, numbers in their one spelling."""
    match ft.type.kind:
        case Kind.CONCEPT if isinstance(value, str):
            return _concept(value, ft, tree, place)
        case Kind.CONCEPTS if isinstance(value, list):
            return tuple(sorted({_concept(str(v), ft, tree, place) for v in value}))
        case _:
            try:
                return _VALUES.validate_python(tuple(value) if isinstance(value, list) else value)
            except ValidationError:
                form = SPELLINGS[ft.type.kind]
                raise VerbError("VB08", place, field=ft.name, kind=ft.type.kind.value, form=form) from None


def _concept(name: str, ft: FieldType, tree: ConceptTree, place: str) -> str:
    if "." in name:
        return name
    under = [c for c in tree.declared if not ft.type.detail or ft.type.detail in tree.above(c)]
    return qualified(name, under, place)


# ---- what the caller attests


@dataclass(frozen=True, slots=True)
class Attested:
    """`fields` count as shown; `refused` do not: no such key, or it does not hold the role that must show them."""

    fields: frozenset[str]
    refused: tuple[str, ...] = ()


def read_attestation(content: bytes, place: str = "") -> Attestation:
    """Raises VerbError VB12."""
    return read_as(Attestation, content, place, "attestation")


def attested(attestation: Attestation, kind: str, party: str, holders: Holders, at: Instant) -> Attested:
    """A fact counts only if the key named holds the role that must show it, by the contract and the trust store."""
    fields: set[str] = set()
    refused: list[str] = []
    for fact in attestation.facts:
        ft = holders.lookup.field(kind, fact.field)
        role = ft.shown_by if ft is not None else ""
        signer = holders.signer(fact.key, at)
        named = role != "" and fact.role in (role, role.rpartition(".")[2])
        trusted = signer is not None and signer.trust is Trust.TRUSTED
        if named and trusted and signer is not None and holds_role(holders.lookup, signer, role, party):
            fields.add(fact.field)
        else:
            refused.append(fact.field)
    return Attested(frozenset(fields), tuple(refused))
