"""A total must not fall by recording more: what is added up begins at 0 or above (design 2.6)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from smartclause.language import tree
from smartclause.language.names import Names
from smartclause.language.vocabulary import bare
from smartclause.logic.contract import Contract, EventType, FieldType
from smartclause.logic.terms import Kind, Money, Node, Total, Value, walk
from smartclause.logic.walking import terms_of


def bound_totals(contract: Contract, files: Mapping[str, Names]) -> Contract:
    """The contract with a least value of 0 for every field that is added up and has none."""
    summed = {(t.query.event, t.field) for root in terms_of(contract) for t in _totals(root)}
    if not summed:
        return contract
    parents = {t.name: t.parent for t in contract.types}
    narrowed = {(name, f) for name in parents for event, f in summed if _touches(name, event, parents)}
    types = tuple(_bounded(t, narrowed, files) for t in contract.types)
    return replace(contract, types=types)


def _totals(term: Node) -> Iterator[Total]:
    return (node for node in walk(term) if isinstance(node, Total))


def _touches(name: str, event: str, parents: Mapping[str, str]) -> bool:
    """One of the two stands above the other: a record of either may count."""
    return event in _line(name, parents) or name in _line(event, parents)


def _line(name: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    found = [name]
    while parents.get(found[-1]):
        found.append(parents[found[-1]])
    return tuple(found)


def _bounded(kind: EventType, summed: set[tuple[str, str]], files: Mapping[str, Names]) -> EventType:
    fields = tuple(_at_least_nothing(f, kind, files) if (kind.name, f.name) in summed else f for f in kind.fields)
    return replace(kind, fields=fields)


def _at_least_nothing(field: FieldType, kind: EventType, files: Mapping[str, Names]) -> FieldType:
    if field.low is None and field.type.kind is Kind.NUMBER:
        _say(files, kind, field, "T20")
        return replace(field, low=Decimal(0))
    if field.low is None and field.type.kind is Kind.MONEY and field.type.detail:
        _say(files, kind, field, "T20")
        return replace(field, low=Money(Decimal(0), field.type.detail))
    if field.low is None or _amount(field.low) < 0:
        _say(files, kind, field, "T21")
    return field


def _amount(value: Value) -> Decimal:
    if isinstance(value, Money):
        return value.amount
    return value if isinstance(value, Decimal) else Decimal(0)


def _say(files: Mapping[str, Names], kind: EventType, field: FieldType, code: str) -> None:
    """The finding stands at the field, in the file that declares it."""
    module, _, name = kind.name.rpartition(".")
    declared = files[module].own.get(name)
    if declared is None or not isinstance(declared.node, tree.EventType):
        return
    for node in declared.node.fields:
        if node.name.id == field.name:
            files[module].say.add(code, node.span, field=field.name, type=bare(kind.name))
