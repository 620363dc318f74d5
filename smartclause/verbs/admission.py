"""What may be signed and recorded under a contract: declared types, typed facts inside their bounds, keys present.

Stricter than reading: an event that would later leave a fact unknown is refused while it can still be mended.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartclause.evidence.event import BUILT_IN, EventBody
from smartclause.evidence.forms import Value as Signed
from smartclause.logic.contract import EventKind, EventType, FieldType
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind
from smartclause.logic.world import inside_bounds as inside
from smartclause.verbs.errors import VerbError
from smartclause.verbs.plain import nearest
from smartclause.verbs.values import SPELLINGS, ConceptTree, concept_tree, typed

__all__ = ["inside", "missing", "refuse_misfit", "refuse_value"]


def refuse_misfit(body: EventBody, lookup: Lookup, place: str = "") -> None:
    """Raises VerbError VB07-VB10. The built-in types have their own form and pass."""
    if body.type in BUILT_IN:
        return
    kind = lookup.types.get(body.type)
    if kind is None:
        raise VerbError("VB07", place, name=body.type, candidates=nearest(body.type, lookup.types))
    for name in missing(body, kind):
        raise VerbError("VB10", place, field=name)
    tree = concept_tree(lookup.contract)
    fields = {f.name: f for f in kind.fields}
    for name, value in body.facts.items():
        if name not in fields:
            raise VerbError("VB07", f"{place} facts".strip(), name=name, candidates=nearest(name, fields))
        refuse_value(value, fields[name], tree, place)


def missing(body: EventBody, kind: EventType) -> Iterator[str]:
    """The asset and the party of a controlled act, and identifiers, since they may be keys (design 2.7)."""
    if kind.kind is EventKind.CONTROLLED and body.asset is None:
        yield "asset"
    if kind.kind is not EventKind.OCCURRENCE and body.by is None:
        yield "by"
    for field in kind.fields:
        if field.type.kind is Kind.IDENTIFIER and not field.shown_by and field.name not in body.facts:
            yield field.name


def refuse_value(value: Signed, field: FieldType, tree: ConceptTree, place: str) -> None:
    read = typed(value, field.type, tree)
    if read is None:
        kind = field.type.kind
        raise VerbError("VB08", place, field=field.name, kind=kind.value, form=SPELLINGS[kind])
    if not inside(read, field):
        raise VerbError("VB09", place, field=field.name)
