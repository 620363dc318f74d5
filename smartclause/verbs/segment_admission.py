"""What a contract refuses of the events of a segment, found by columns: each value of a fact is looked at once.

It only finds suspects; what is refused, and how it is said, is decided by `admission` on the event itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from smartclause.evidence.event import BUILT_IN, EventBody
from smartclause.evidence.forms import Money, Period, Value
from smartclause.evidence.segment_check import Part
from smartclause.evidence.segment_columns import Fact, column_of, facts_named
from smartclause.logic.contract import EventKind, EventType
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind
from smartclause.verbs.admission import inside, refuse_misfit
from smartclause.verbs.values import ConceptTree, concept_tree, typed


def refuse_misfits(part: Part, lookup: Lookup) -> None:
    """Raises VerbError VB07-VB10 with the row."""
    tree = concept_tree(lookup.contract)
    for kind in pc.unique(part.rows.column("type")).to_pylist():
        here = pc.equal(part.rows.column("type"), kind)
        rows = part.rows.filter(here)
        at = pc.indices_nonzero(here)
        for row in sorted(set(_suspects(rows, kind, lookup, tree))):
            number = at[row].as_py()
            body = EventBody.model_validate_json(part.bodies[number])
            refuse_misfit(body, lookup, f"row {part.start + number}")


def _suspects(rows: pa.RecordBatch, name: str, lookup: Lookup, tree: ConceptTree) -> Iterator[int]:
    """The first row of each fault that there may be."""
    if name in BUILT_IN:
        return
    kind = lookup.types.get(name)
    if kind is None:
        yield 0
        return
    for column in _needed(kind):
        if column not in rows.schema.names:
            yield 0
        else:
            yield from _first(pc.is_null(rows.column(column)))
    for fact in facts_named(rows.schema.names):
        yield from _unfit(rows.column(column_of(fact)), fact, kind, tree)


def _needed(kind: EventType) -> Iterator[str]:
    if kind.kind is EventKind.CONTROLLED:
        yield "asset"
    if kind.kind is not EventKind.OCCURRENCE:
        yield "by"
    for field in kind.fields:
        if field.type.kind is Kind.IDENTIFIER and not field.shown_by:
            yield column_of((field.name, "text"))


def _unfit(column: pa.Array, fact: Fact, kind: EventType, tree: ConceptTree) -> Iterator[int]:
    if column.null_count == len(column):
        return
    field = next((each for each in kind.fields if each.name == fact[0]), None)
    if field is None:
        yield from _first(pc.is_valid(column))
        return
    for value, row in _each_once(column):
        read = typed(_signed(value), field.type, tree)
        if read is None or not inside(read, field):
            yield row


def _each_once(column: pa.Array) -> Iterator[tuple[Any, int]]:
    """Each value with the first row that has it."""
    if pa.types.is_dictionary(column.type) or not pa.types.is_nested(column.type):
        values = pc.unique(column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column)
        plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for value in values:
            if value.is_valid:
                yield value.as_py(), pc.index(plain, value).as_py()
        return
    seen: set[str] = set()
    for row, value in enumerate(column.to_pylist()):
        if value is not None and (spelled := repr(value)) not in seen:
            seen.add(spelled)
            yield value, row


def _signed(value: Any) -> Value:
    match value:
        case list():
            return tuple(value)
        case {"amount": _, "currency": _}:
            return Money(**value)
        case {"count": _, "unit": _}:
            return Period(**value)
        case _:
            return value  # type: ignore[no-any-return]


def _first(marks: pa.Array) -> Iterator[int]:
    at = pc.index(marks, True).as_py()
    if at >= 0:
        yield at
