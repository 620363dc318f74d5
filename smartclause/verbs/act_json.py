"""One act as JSON text, read at speed: plain spellings directly, all others by the careful reader.

What the quick reader takes, the careful one takes with the same result; what it is not sure of it leaves to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from json import JSONDecoder
from typing import Any, NoReturn

from smartclause.evidence.event import BUILT_IN
from smartclause.evidence.recording import MAX_EVENT
from smartclause.logic.contract import EventType, FieldType
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind, Type, Value
from smartclause.verbs.errors import VerbError
from smartclause.verbs.plain import nearest, read_plain
from smartclause.verbs.values import ConceptTree, concept_tree, typed

_MEMBERS = {"type", "by", "to", "asset", "facts"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}").fullmatch
_MOST_DIGITS = 15  # of a number that is surely inside 53 bits
_KEPT = 4_096
_SPACED = (b" :", b"\t:", b"\n:", b"\r:")
_LONGEST = 200  # of a text that is read quickly, an asset among them


class _OddError(Exception):
    """Not as the quick reader knows it."""


def _odd(_spelling: str) -> NoReturn:
    raise _OddError


# A whole number stays as it is spelled, in bytes: nothing else is, and nothing else equals it, as 1 equals true.
_DECODER: Any = JSONDecoder(parse_int=str.encode, parse_float=_odd, parse_constant=_odd)
_decoded = _DECODER.scan_once  # without the second look at the ends that `decode` takes


@dataclass
class ActReader:
    """Reads acts of one contract. Raises VerbError VB05-VB08, VB10, VB18."""

    lookup: Lookup
    _kinds: dict[str, _Kind] = field(default_factory=dict)
    _parties: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        tree = concept_tree(self.lookup.contract)
        names = [*self.lookup.types, *BUILT_IN]
        self._parties = frozenset(p.name for m in self.lookup.contract.modules for p in m.parties)
        for kind in self.lookup.contract.types:
            if self.lookup.is_act(kind.name):
                bare = kind.name.rpartition(".")[2]
                read = replace(_kind(kind, tree), needs_asset=self.lookup.is_controlled(kind.name))
                self._kinds |= dict.fromkeys((kind.name, bare) if _alone(bare, names) else (kind.name,), read)

    def read(self, content: bytes) -> tuple[str, str, dict[str, Value]]:
        """Type, party, facts."""
        return self.quickly(content) or self.carefully(content)[:3]

    def quickly(self, content: bytes) -> tuple[str, str, dict[str, Value]] | None:
        """None for what needs a closer look. Each member has a colon of its own: one given twice leaves one over."""
        try:
            data, end = _decoded(content.decode("ascii"), 0)
            kind, by, facts = self._kinds[data["type"]], data["by"], data["facts"]
            members = len(data) + len(facts)
            kind.read(facts)
            if kind.needs_asset and "asset" not in data:
                return None
            if len(data) > 3:
                asset = data.get("asset") if len(data) == 4 else None
                alone = asset and asset.isprintable() and " " not in asset and len(asset) <= _LONGEST
                if not alone:
                    _check_others(data)
            plain = end == len(content) <= MAX_EVENT and content.find(b"\\") < 0
            once = content.count(b":") == members or _each_once(content, members)
            if plain and once and (by in self._parties or _NAME(by)):
                return kind.name, by, facts
        except (_OddError, KeyError, TypeError, ValueError, AttributeError, RecursionError, StopIteration):
            pass
        return None

    def carefully(self, content: bytes) -> tuple[str, str, dict[str, Value], bool]:
        """With whether it is said what the act is about, where it must be (design 2.4)."""
        if len(content) > MAX_EVENT:
            raise VerbError("VB05", reason=f"the text is longer than {MAX_EVENT} bytes")
        act, facts = read_plain(content, self.lookup)
        if act.by is None:
            raise VerbError("VB10", field="by")
        if not self.lookup.is_act(act.type) and not self.lookup.is_controlled(act.type):
            raise VerbError("VB18", type=act.type)
        if act.type not in self.lookup.types:
            raise VerbError("VB07", "type", name=act.type, candidates=nearest(act.type, self.lookup.types))
        return act.type, act.by, facts, bool(act.asset) or not self.lookup.is_controlled(act.type)


def _alone(bare: str, names: list[str]) -> bool:
    return sum(n.rpartition(".")[2] == bare for n in names) == 1


def _check_others(data: dict[str, Any]) -> None:
    """Recipient and asset, which are ASCII here."""
    if not _MEMBERS.issuperset(data) or ("to" in data and _NAME(data["to"]) is None):
        raise _OddError
    asset = data.get("asset", "a")
    if not asset.isprintable() or " " in asset or not 0 < len(asset) <= _LONGEST:
        raise _OddError


def _each_once(content: bytes, members: int) -> bool:
    """Where texts hold colons too: without escapes and with no space before a colon, the name of a member ends in a
    quotation mark and a colon, and no text holds these two."""
    return content.count(b'":') == members and not any(before in content for before in _SPACED)


@dataclass(frozen=True, slots=True)
class _Kind:
    """An act type. `plain`: facts that JSON holds as the value that they are; `tables` for the fields of `others`, and
    for other spellings."""

    name: str
    plain: frozenset[tuple[str, Value]]
    others: tuple[tuple[str, Mapping[type, dict[Any, Value]]], ...]
    tables: Mapping[tuple[str, type], dict[Any, Value]]
    needs_asset: bool = False

    def read(self, facts: dict[str, Any]) -> None:
        """Makes values of what JSON holds."""
        made: list[tuple[str, Value]] = []
        for name, tables in self.others:
            if name in facts:
                spelled = facts.pop(name)
                held = spelled.__class__
                made.append((name, self._value(name, spelled) if held is list else tables[held][spelled]))
        if not self.plain.issuperset(facts.items()):
            for name, value in facts.items():
                facts[name] = self._value(name, value)
        for name, value in made:
            facts[name] = value

    def _value(self, name: str, spelled: Any) -> Value:
        table = self.tables[name, spelled.__class__]
        if spelled.__class__ is list:
            return frozenset([table[v] for v in spelled])  # type: ignore[misc]
        return table[spelled]


def _kind(kind: EventType, tree: ConceptTree) -> _Kind:
    tables = {(f.name, held): table for f in kind.fields for held, table in _tables(f, tree)}
    enumerable = {f.name for f in kind.fields if f.type.kind in (Kind.FACT, Kind.CONCEPT)}
    known = ((n, k, v) for (n, _), table in tables.items() if n in enumerable for k, v in table.items())
    others = tuple((f.name, dict(_tables(f, tree))) for f in kind.fields if f.name not in enumerable)
    return _Kind(kind.name, frozenset((n, v) for n, k, v in known if k == v), others, tables)


# ---- how a field may be spelled


class _Numbers(dict[bytes, Value]):
    """Whole numbers of 53 bits, as JSON spells them. So many are kept."""

    def __missing__(self, spelled: bytes) -> Value:
        if len(spelled) > _MOST_DIGITS or spelled == b"-0":
            raise _OddError
        value = Decimal(spelled.decode("ascii"))
        if len(self) < _KEPT:
            self[spelled] = value
        return value


class _Texts(dict[str, Value]):
    """Words of a kind that has its own form. Nothing is kept."""

    def __init__(self, kind: Type, tree: ConceptTree) -> None:
        super().__init__()
        self.kind = kind
        self.tree = tree

    def __missing__(self, text: str) -> Value:
        value = typed(text, self.kind, self.tree) if len(text) <= _LONGEST else None
        if value is None:
            raise _OddError
        return value


def _tables(field_: FieldType, tree: ConceptTree) -> Iterator[tuple[type, dict[Any, Value]]]:
    """By what JSON holds, the value: for each kind of it a table of its own."""
    match field_.type.kind:
        case Kind.FACT:
            yield bool, {True: True, False: False}
        case Kind.CONCEPT:
            yield str, dict(_concepts(field_, tree))
        case Kind.CONCEPTS:
            yield list, dict(_concepts(field_, tree))
        case Kind.MONEY | Kind.DURATION:
            pass
        case Kind.NUMBER:
            yield bytes, _Numbers()
            yield str, _Texts(field_.type, tree)
        case _:
            yield str, _Texts(field_.type, tree)


def _concepts(field_: FieldType, tree: ConceptTree) -> Iterator[tuple[str, str]]:
    """Those that may stand under the declared one, by full name, and by bare name where one has it."""
    root = field_.type.detail
    under = [c for c in tree.declared if not root or root in tree.above(c)]
    for name in under:
        bare = name.rpartition(".")[2]
        yield name, name
        if _alone(bare, under):
            yield bare, name
