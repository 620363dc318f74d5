"""What an audit has to read of each row: fields, keys, windows. Collected from the leaves before anything is built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import (
    Const,
    CountDistinct,
    Every,
    EveryFollowed,
    Field,
    Kind,
    LatestField,
    LatestHas,
    Node,
    Parameter,
    Query,
    Total,
    Type,
    walk,
)
from smartclause.rails.formula import Formula, Leaf, Test, grounds
from smartclause.rails.lowering import Lowered

Within: TypeAlias = Const | Parameter | Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a query as a file counts it."""

    within: Within
    rule: str
    zone: str


@dataclass(frozen=True, slots=True)
class Needs:
    """`fields` with their kinds, `keys` compared with the judged act's, `windows` of queries."""

    fields: tuple[tuple[str, Kind], ...]
    keys: tuple[str, ...]
    windows: tuple[Window, ...]


def needs_of(lookup: Lookup, groups: Iterable[Lowered]) -> Needs:
    fields: dict[tuple[str, Kind], None] = {}
    keys: dict[str, None] = {}
    windows: dict[Window, None] = {}
    for leaf in {leaf: None for group in groups for leaf in leaves_of(group)}:
        header = lookup.modules[leaf.module].header
        for node in walk(leaf.term):
            fields.update(dict.fromkeys(_fields(lookup, node)))
            if isinstance(node, Query):
                keys.update(dict.fromkeys(node.keys))
                if node.within is not None:
                    windows[Window(node.within, header.rule, header.zone)] = None
    for key in keys:
        fields.update(dict.fromkeys(_declared(lookup, key)))
    return Needs(tuple(fields), tuple(keys), tuple(windows))


def leaves_of(group: Lowered) -> Iterator[Leaf]:
    yield from (g for formula in formulas_of(group) for g in grounds(formula) if isinstance(g, Leaf))


def formulas_of(group: Lowered) -> Iterator[Formula]:
    for norm in group.norms:
        yield from (norm.applies, norm.own, norm.truth)
    yield group.verdict


def _fields(lookup: Lookup, node: Node) -> Iterator[tuple[str, Kind]]:
    match node:
        case Field():
            yield node.name, node.type.kind
        case LatestField():
            yield node.name, node.type.kind
        case Total():
            yield node.field, node.type.kind
        case CountDistinct():
            yield node.field, _kind(lookup, node)
        case _:
            pass


def _kind(lookup: Lookup, node: CountDistinct) -> Kind:
    ft = lookup.field(node.query.event, node.field)
    return Kind.TEXT if ft is None else ft.type.kind


def distinct_type(lookup: Lookup, node: CountDistinct) -> Type:
    return Type(_kind(lookup, node))


def _declared(lookup: Lookup, name: str) -> Iterator[tuple[str, Kind]]:
    for known in lookup.types.values():
        ft = lookup.field(known.name, name)
        if ft is not None:
            yield name, ft.type.kind


def queries(term: Test) -> Iterator[Query]:
    """Of a leaf, in reading order."""
    yield from (node for node in walk(term) if isinstance(node, Query))


def is_of_history(term: Node) -> bool:
    return any(isinstance(node, Query | LatestHas | Every | EveryFollowed) for node in walk(term))
