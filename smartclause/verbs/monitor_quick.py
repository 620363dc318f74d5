"""The quick way of reading plain lines: what is plainly in order is taken at once, all else goes to the careful way.

INVARIANT: a line that is taken here is read by the careful way to the same record; what that would refuse is not taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from smartclause.evidence.forms import instant
from smartclause.logic.contract import EventKind, EventType, FieldType
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind, Value
from smartclause.verbs.values import concept_tree, typed

Read: TypeAlias = tuple[str, str, str, str, Mapping[str, Value], Instant]
"""Type, by, to, asset, facts, time."""

_SECONDS = {f"{n:02}Z": n * 1_000_000 for n in range(60)}
_COLON, _BACKSLASH = b":"[0], b"\\"[0]
_KEPT = 65_536  # values of concepts and the like that were found in order


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    type: str
    time: str
    facts: dict[str, str | bool]
    by: str = ""
    to: str = ""
    asset: str = ""


class QuickLines:
    """Numbers, sources, heartbeats and all that is rare are left to the careful way."""

    def __init__(self, lookup: Lookup) -> None:
        self._decode = msgspec.json.Decoder(_Line).decode
        self._lookup = lookup
        self._tree = concept_tree(lookup.contract)
        self._shapes: dict[str, _Shape | None] = {}
        self._minute = ""
        self._at: Instant = 0

    def read(self, line: bytes) -> Read | None:
        """None: for the careful way."""
        try:
            read = self._decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        by, to, asset, facts, time = read.by, read.to, read.asset, read.facts, read.time
        names = 3 + len(facts)
        if by:
            names += 1
        if to:
            names += 1
        if asset:
            names += 1
        # Every colon but two of the time stands behind a name: one name given twice would be a colon too many.
        if (line.count(_COLON) != names + 2 or _BACKSLASH in line) and not _each_once(line, names):
            return None
        shape = self._shapes.get(read.type) or self._shape(read.type)
        if shape is None:
            return None
        if time[:17] != self._minute and not self._another_minute(time):
            return None
        second = _SECONDS.get(time[17:])
        if second is None or not shape.fits(facts, by, to, asset):
            return None
        return shape.name, by, to, asset, facts, self._at + second

    def _another_minute(self, time: str) -> bool:
        try:
            self._at = instant(f"{time[:17]}00Z")
        except (ValueError, OverflowError):
            return False
        self._minute = time[:17]
        return True

    def _shape(self, type_: str) -> _Shape | None:
        if type_ not in self._shapes:
            if len(self._shapes) > _KEPT:
                return None
            self._shapes[type_] = self._made(type_)
        return self._shapes[type_]

    def _made(self, type_: str) -> _Shape | None:
        """Of a declared type, in full or by the one name that ends so; None if its facts are not words."""
        types = self._lookup.types
        found = [type_] if type_ in types else [t for t in types if t.rpartition(".")[2] == type_]
        return _Shape(types[found[0]], self._checks(types[found[0]])) if len(found) == 1 else None

    def _checks(self, kind: EventType) -> dict[str, Check]:
        made = {f.name: self._check(f) for f in kind.fields}
        return {name: check for name, check in made.items() if check is not None}

    def _check(self, field: FieldType) -> Check | None:
        match field.type.kind:
            case Kind.IDENTIFIER:
                return _is_identifier
            case Kind.FACT:
                return lambda value: value is True or value is False
            case Kind.CONCEPT:
                return self._concepts(field)
            case _:
                return None

    def _concepts(self, field: FieldType) -> Check:
        known: set[str] = set()

        def check(value: Any) -> bool:
            if value in known:
                return True
            fits = "." in str(value) and typed(value, field.type, self._tree) == value
            if fits and isinstance(value, str) and len(known) < _KEPT:
                known.add(value)
            return fits

        return check


def _each_once(line: bytes, names: int) -> bool:
    """Between a name and its colon nothing: then each name shows as `":`, and one given twice is one too many."""
    return line.count(b'":') == names and b'" :' not in line and b'"\t' not in line and b'"\r' not in line


Check: TypeAlias = Callable[[Any], bool]


def _is_identifier(value: Any) -> bool:
    """Printable ASCII without white space, up to 200 letters."""
    return type(value) is str and value.isascii() and value.isprintable() and " " not in value and 0 < len(value) <= 200


class _Shape:
    """What a line of one type must have, and how each fact is checked."""

    __slots__ = ("_asset", "_assets", "_by", "_checks", "_names", "_needed", "_only", "name")

    def __init__(self, kind: EventType, checks: Mapping[str, Check]) -> None:
        self.name = kind.name
        self._checks = checks
        self._asset = kind.kind is EventKind.CONTROLLED
        self._by = kind.kind is not EventKind.OCCURRENCE
        self._needed = [f.name for f in kind.fields if f.type.kind is Kind.IDENTIFIER and not f.shown_by]
        self._only = self._needed[0] if len(kind.fields) == len(self._needed) == 1 else ""
        self._names: set[str] = {""}
        self._assets: set[str] = {""}

    def fits(self, facts: Mapping[str, Any], by: str, to: str, asset: str) -> bool:
        if (self._by and not by) or (self._asset and not asset):
            return False
        names = self._names
        if (by not in names and not self._is_name(by)) or (to not in names and not self._is_name(to)):
            return False
        if asset not in self._assets and not self._is_asset(asset):
            return False
        if self._only:
            return len(facts) == 1 and _is_identifier(facts.get(self._only))
        checks = self._checks
        for name, value in facts.items():
            check = checks.get(name)
            if check is None or not check(value):
                return False
        return all(name in facts for name in self._needed)

    def _is_name(self, name: str) -> bool:
        fits = name.isascii() and name.isidentifier() and len(name) <= 200
        if fits and len(self._names) < _KEPT:
            self._names.add(name)
        return fits

    def _is_asset(self, asset: str) -> bool:
        fits = _is_identifier(asset)
        if fits and len(self._assets) < _KEPT:
            self._assets.add(asset)
        return fits
