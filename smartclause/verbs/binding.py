"""A register's member with its parties under the names they have in the register (design 2.4)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from smartclause.logic.contract import Contract
from smartclause.logic.terms import Const, Kind

# Where the contract's data names a party (or, in `by` and `shown_by`, a role).
_NAMED = {
    "Party": ("name",),
    "EventType": ("by",),
    "FieldType": ("shown_by",),
    "Grant": ("party",),
    "Limit": ("party",),
    "Bar": ("party",),
    "Duty": ("party", "recipient", "waived_by"),
    "Repeated": ("party", "recipient"),
    "Standing": ("party",),
    "Share": ("party",),
    "Judgement": ("by",),
    "Query": ("by",),
    "Header": ("provider", "enders", "lag"),
    "Contract": ("unbound",),
    "Module": ("former",),
    "Line": ("by", "to", "silent"),
}


def bound(contract: Contract, names: Mapping[str, str]) -> Contract:
    """The contract with each party of `names` called by the name it has here. What is agreed stays the same."""
    found = {old: new for old, new in names.items() if old != new}
    if not found:
        return contract
    renamed: Contract = _renamed(contract, found)
    return renamed


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    if isinstance(node, tuple):
        return tuple(_renamed(item, names) for item in node)
    if not dataclasses.is_dataclass(node) or isinstance(node, type):
        return node
    if isinstance(node, Const):
        return replace(node, value=_name(node.value, names)) if node.type.kind is Kind.PARTY else node
    own = _NAMED.get(type(node).__name__, ())
    changed = {}
    for part in dataclasses.fields(node):
        value = getattr(node, part.name)
        changed[part.name] = _name(value, names) if part.name in own else _renamed(value, names)
    return type(node)(**changed)


def _name(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, tuple):
        return tuple(_name(item, names) for item in value)
    return value
