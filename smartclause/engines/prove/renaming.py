"""Two versions of a contract with other names for the same things: the earlier one told in the names of the later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeAlias, TypeVar

from smartclause.logic.contract import Contract, EventType, Party, Text
from smartclause.logic.terms import Const, Kind

_Part = TypeVar("_Part")
_Thing: TypeAlias = tuple[Text, Any]  # the label, and the shape that two things of one kind may share


@dataclass(frozen=True, slots=True)
class Renaming:
    """Old names and their new ones. `names` are qualified: types, concepts, parameters, roles, units, clauses."""

    module: tuple[str, str]
    names: Mapping[str, str]
    parties: Mapping[str, str]
    fields: Mapping[str, str]

    def name(self, old: str) -> str:
        """Of anything with a qualified name."""
        if old in self.names:
            return self.names[old]
        before, after = self.module
        return after + old[len(before) :] if old.startswith(f"{before}.") else old

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """Old and new names of what a reader would call renamed."""
        mine = ((o, n) for o, n in (*self.names.items(), *self.parties.items(), *self.fields.items()))
        whole = ((self.module,) if self.module[0] != self.module[1] else ()) if self.module[0] else ()
        return (*whole, *(pair for pair in mine if self._bare(pair[0]) != self._bare(pair[1])))

    @staticmethod
    def _bare(name: str) -> str:
        return name.partition(".")[2] or name


_SAME = Renaming(("", ""), {}, {}, {})

# ---- finding it


def renaming(old: Contract, new: Contract, *, parties_only: bool = False) -> Renaming:
    """Things are the same where they have the same name; else where they have the same label in both languages; else
    where on each side one thing of its kind is left that has the same shape."""
    parties = _parties(old, new)
    if parties_only:
        return Renaming(("", ""), {}, parties, {})
    found = Renaming((old.module, new.module), {}, parties, {})
    for of in (_concepts, _types, _parameters, _roles, _units):  # concepts first: the others speak of them
        found = replace(found, names={**found.names, **_paired(of(old), of(new), found)})
    return replace(found, fields=_fields(old, new, found))


def _parties(old: Contract, new: Contract) -> dict[str, str]:
    def of(contract: Contract) -> dict[str, _Thing]:
        own = next(m for m in contract.modules if m.name == contract.module)
        return {p.name: (p.label, _bare_role(p)) for p in own.parties}

    return _paired(of(old), of(new), _SAME)


def _bare_role(party: Party) -> str:
    return party.role.rpartition(".")[2]


def _concepts(contract: Contract) -> dict[str, _Thing]:
    above: dict[str, list[str]] = {}
    for edge in contract.vocabulary.edges:
        above.setdefault(edge.child, []).append(edge.parent)
    return {c.name: (c.label, tuple(sorted(above.get(c.name, ())))) for c in contract.vocabulary.concepts}


def _types(contract: Contract) -> dict[str, _Thing]:
    return {t.name: (t.label, (t.kind, t.parent, t.by, tuple(f.type.kind for f in t.fields))) for t in contract.types}


def _parameters(contract: Contract) -> dict[str, _Thing]:
    return {p.name: (p.label, (p.type, p.values)) for p in contract.parameters}


def _roles(contract: Contract) -> dict[str, _Thing]:
    return {name: (label, ()) for name, label in contract.roles}


def _units(contract: Contract) -> dict[str, _Thing]:
    return {name: (label, ()) for name, label in contract.units}


def _fields(old: Contract, new: Contract, so_far: Renaming) -> dict[str, str]:
    """A field keeps its name in all types: a new name counts only if every type that has the old one agrees."""
    later = {t.name: t for t in new.types}
    found: dict[str, set[str]] = {}
    for each in old.types:
        other = later.get(so_far.name(each.name))
        if other is not None:
            for before, after in _of_fields(each, other).items():
                found.setdefault(before, set()).add(after)
    taken = {f.name for t in old.types for f in t.fields}
    return {before: next(iter(after)) for before, after in found.items() if len(after) == 1 and not after & taken}


def _of_fields(old: EventType, new: EventType) -> dict[str, str]:
    def of(kind: EventType) -> dict[str, _Thing]:
        return {f.name: (f.label, f.type.kind) for f in kind.fields}

    return _paired(of(old), of(new), _SAME)


def _paired(old: Mapping[str, _Thing], new: Mapping[str, _Thing], so_far: Renaming) -> dict[str, str]:
    """Only what has no counterpart of its own name is asked."""
    left = {n: (label, _renamed(shape, so_far)) for n, (label, shape) in old.items() if so_far.name(n) not in new}
    kept = {so_far.name(n) for n in old}
    right = {n: x for n, x in new.items() if n not in kept}
    found: dict[str, str] = {}
    for alike in (_labelled, _shaped):
        found |= _unique(left, right, alike)
        left = {n: x for n, x in left.items() if n not in found}
        right = {n: x for n, x in right.items() if n not in found.values()}
    return found


def _shaped(thing: _Thing) -> str:
    return repr(thing[1])


def _labelled(thing: _Thing) -> str:
    return f"{thing[0].zh}\n{thing[0].en}" if thing[0].zh or thing[0].en else ""


def _unique(left: Mapping[str, _Thing], right: Mapping[str, _Thing], alike: Callable[[_Thing], str]) -> dict[str, str]:
    def by(side: Mapping[str, _Thing]) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for name, thing in side.items():
            groups.setdefault(alike(thing), []).append(name)
        return groups

    first, second = by(left), by(right)
    return {n[0]: second[k][0] for k, n in first.items() if k and len(n) == len(second.get(k, ())) == 1}


# ---- telling a contract in other names

_PARTY = {"party", "recipient", "waived_by", "by", "provider", "enders", "to", "silent", "shown_by", "unbound"}
_MODULE = {("Module", "name"), ("Module", "uses"), ("Module", "sets"), ("Track", "module"), ("Track", "modules"),
           ("Contract", "module")}  # fmt: skip
_FIELD = {
    ("FieldType", "name"), ("Field", "name"), ("LatestField", "name"), ("CountDistinct", "field"), ("Total", "field"),
    ("Query", "keys"), ("Duty", "keys"), ("Duty", "clock"), ("EventType", "run"), ("Standing", "for_each"),
    ("ClauseViolated", "keys"), ("Judgement", "field"), ("Line", "hidden"),
}  # fmt: skip
_WORDS = {"Text", "Citation", "NotEncoded"}


def renamed(part: _Part, names: Renaming) -> _Part:
    """The same contract, or part of one, in the new names; only what people read may keep an old one."""
    found: _Part = _renamed(part, names)
    return found


def _renamed(node: Any, names: Renaming) -> Any:
    if isinstance(node, str):
        return names.name(node)
    if isinstance(node, tuple):
        return tuple(_renamed(x, names) for x in node)
    if isinstance(node, frozenset):
        return frozenset(_renamed(x, names) for x in node)
    if isinstance(node, Const):
        return _constant(node, names)
    if is_dataclass(node) and not isinstance(node, type) and type(node).__name__ not in _WORDS:
        return _rebuilt(node, names)
    return node


def _constant(node: Const, names: Renaming) -> Const:
    """Words of people and identifiers stay what they are, whatever they look like."""
    match node.type.kind:
        case Kind.CONCEPT | Kind.CONCEPTS:
            return replace(node, value=_renamed(node.value, names))
        case Kind.PARTY:
            return replace(node, value=_mapped(node.value, names.parties))
        case _:
            return node


def _rebuilt(node: Any, names: Renaming) -> Any:
    changed: dict[str, Any] = {}
    for each in fields(node):
        before = getattr(node, each.name)
        after = _of_attribute(type(node).__name__, each.name, before, names)
        if after is not before and after != before:
            changed[each.name] = after
    return replace(node, **changed) if changed else node


def _of_attribute(owner: str, attribute: str, value: Any, names: Renaming) -> Any:
    if (owner, attribute) in _FIELD:
        return _mapped(value, names.fields)
    if attribute in _PARTY or (owner, attribute) == ("Party", "name"):
        return _mapped(_renamed(value, names), names.parties)
    if (owner, attribute) in _MODULE:
        return _mapped(value, dict([names.module]))
    match owner, attribute:
        case "Header", "lag":
            return tuple((_mapped(who, names.parties), wait) for who, wait in value)
        case "Line", "facts":
            return tuple((_mapped(n, names.fields), _renamed(v, names)) for n, v in value)
        case _:
            return _renamed(value, names)


def _mapped(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    return tuple(_mapped(x, names) for x in value) if isinstance(value, tuple) else value
