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


def facts_of(schema: pa.Schema) -> tuple[Fact, ...]:
    """The facts of a file with this schema. Raises EvidenceError EV32 if it is not the schema of a segment."""
    facts = facts_named(schema.names)
    wanted = schema_for(facts)
    if len(schema) != len(wanted):
        raise _other_columns(f"it has {len(schema)} columns, not {len(wanted)}")
    for found, field in zip(schema, wanted, strict=True):
        if (found.name, found.type, found.nullable) != (field.name, field.type, field.nullable):
            raise _other_columns(f"the column `{found.name[:60]}` stands where `{field}` belongs"[:180])
    return facts


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
