"""The typed columns that stand beside the exact bytes of each event in a segment's file.

One column for each member, and one for each fact and kind of value: `fact_purpose_text`. A column says nothing that
the bytes do not say; whoever reads columns must have them compared with the bytes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import pyarrow as pa

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import Money, Period, Value, instant
from smartclause.evidence.segment_pages import Layout, Leaf

KindOfValue: TypeAlias = Literal["yes", "number", "text", "set", "money", "period"]
Fact: TypeAlias = tuple[str, KindOfValue]
"""A fact's name and the kind of value that it has in some event of the segment."""

MOST_FACTS = 500

_LIST = pa.list_(pa.field("element", pa.string(), nullable=False))
_TYPES: Mapping[KindOfValue, pa.DataType] = {
    "yes": pa.bool_(),
    "number": pa.int64(),
    "text": pa.string(),
    "set": _LIST,
    "money": pa.struct(
        [pa.field("amount", pa.string(), nullable=False), pa.field("currency", pa.string(), nullable=False)]
    ),
    "period": pa.struct([pa.field("count", pa.int64(), nullable=False), pa.field("unit", pa.string(), nullable=False)]),
}
_MEMBERS = (
    pa.field("body", pa.binary(), nullable=False),
    pa.field("seq", pa.int64(), nullable=False),
    pa.field("id", pa.string(), nullable=False),
    pa.field("type", pa.string(), nullable=False),
    pa.field("time", pa.int64(), nullable=False),
    pa.field("by", pa.string()),
    pa.field("to", pa.string()),
    pa.field("asset", pa.string()),
    pa.field("nonce", pa.string(), nullable=False),
    pa.field("withheld", _LIST, nullable=False),
)
MEMBERS = tuple(field.name for field in _MEMBERS)
REPEATED = ("type", "by", "to", "asset")
"""Members whose values repeat: they are stored, and read, by dictionary."""

_FACT_COLUMN = re.compile(r"fact_([a-z][a-z0-9_]{0,199})_([a-z]+)")


def schema_for(facts: Iterable[Fact]) -> pa.Schema:
    """The one schema of a segment that states these facts. Raises EvidenceError EV32 if there are too many."""
    in_order = sorted(set(facts))
    if len(in_order) > MOST_FACTS:
        raise EvidenceError("EV32", reason=f"its events state more than {MOST_FACTS} facts")
    return pa.schema((*_MEMBERS, *(pa.field(column_of(fact), _TYPES[fact[1]]) for fact in in_order)))


def column_of(fact: Fact) -> str:
    return f"fact_{fact[0]}_{fact[1]}"


def facts_named(columns: Sequence[str]) -> tuple[Fact, ...]:
    """The facts that these columns of a segment state, in their order. Raises EvidenceError EV32."""
    return tuple(map(_fact, columns[len(_MEMBERS) :]))


def _fact(column: str) -> Fact:
    match = _FACT_COLUMN.fullmatch(column)
    if match is None or match[2] not in get_args(KindOfValue):
        raise _other_columns(f"the column `{column[:60]}` is not known")
    return match[1], match[2]  # type: ignore[return-value]


def _other_columns(reason: str) -> EvidenceError:
    return EvidenceError("EV32", reason=f"it does not have the columns of a segment: {reason}")


# ---- how they are stored


def layout_for(columns: Sequence[str]) -> Layout:
    """How columns of these names are stored. Raises EvidenceError EV32 if they are not those of a segment."""
    facts = facts_named(columns)
    schema = schema_for(facts)
    if tuple(schema.names) != tuple(columns):
        raise _other_columns("they are others, or stand in another order")
    elements: list[Mapping[int, Any]] = [{3: 0, 4: b"schema", 5: len(schema)}]
    leaves: list[Leaf] = []
    for field in schema:
        _store(field, (), False, stored_by_dictionary(field.name), elements, leaves)
    return Layout(tuple(elements), tuple(leaves))


def stored_by_dictionary(column: str) -> bool:
    return column in REPEATED or (column.startswith("fact_") and column.endswith("_text"))


_PHYSICAL = {pa.bool_(): 0, pa.int64(): 2, pa.binary(): 6, pa.string(): 6}
_IS_TEXT, _IS_LIST = {6: 0, 10: {1: {}}}, {6: 3, 10: {3: {}}}


def _store(
    field: pa.Field,
    above: tuple[bytes, ...],
    listed: bool,
    by_dictionary: bool,
    elements: list[Mapping[int, Any]],
    leaves: list[Leaf],
) -> None:
    """The elements of Parquet's schema for a column, and what stands under it."""
    name, kind = field.name.encode(), field.type
    path, here = (*above, name), {3: int(field.nullable), 4: name}
    if pa.types.is_list(kind):
        elements += ({**here, 5: 1, **_IS_LIST}, {3: 2, 4: b"list", 5: 1})
        _store(kind.value_field, (*path, b"list"), True, by_dictionary, elements, leaves)
    elif pa.types.is_struct(kind):
        elements.append({**here, 5: kind.num_fields})
        for inner in kind:
            _store(inner, path, listed, by_dictionary, elements, leaves)
    else:
        elements.append({1: _PHYSICAL[kind], **here, **(_IS_TEXT if pa.types.is_string(kind) else {})})
        leaves.append(Leaf(path, _PHYSICAL[kind], listed, by_dictionary))


# ---- one event


def kind_of(value: Value) -> KindOfValue:
    match value:
        case bool():
            return "yes"
        case int():
            return "number"
        case str():
            return "text"
        case tuple():
            return "set"
        case Money():
            return "money"
        case Period():
            return "period"


def facts_in(event: EventBody) -> set[Fact]:
    return {(name, kind_of(value)) for name, value in event.facts.items()}


def row_of(event: EventBody) -> dict[str, Any]:
    """What the columns say of an event; a column that is not named here is empty."""
    row: dict[str, Any] = {
        "seq": event.seq,
        "id": event.id,
        "type": event.type,
        "time": instant(event.time),
        "by": event.by,
        "to": event.to,
        "asset": event.asset,
        "nonce": event.nonce,
        "withheld": list(event.sd),
    }
    return row | {column_of((name, kind_of(value))): _plain(value) for name, value in event.facts.items()}


def _plain(value: Value) -> Any:
    match value:
        case tuple():
            return list(value)
        case Money() | Period():
            return value.model_dump()
        case _:
            return value


@dataclass(frozen=True, slots=True)
class Differing:
    """A column of a row says something else than the event of the row."""

    column: str


def differing(schema: pa.Schema, row: Mapping[str, Any], event: EventBody) -> Differing | None:
    """The first column that does not say what the event says."""
    said = row_of(event)
    for name in schema.names:
        if name != "body" and row[name] != said.get(name):
            return Differing(name)
    unsaid = said.keys() - set(schema.names)
    return Differing(min(unsaid)) if unsaid else None
