"""The relation of records from a table of plain rows, which is read where it lies.

The rows are what the caller says: he signed nothing, so that what the contract leaves to a role counts only if he
vouches for it (`attested`). The instant of a row is its time, or when it was received where the table says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.column_types import (
    SQL_TYPES,
    WANTED,
    day_number,
    fits,
    instant_of,
    is_proven,
    limit_of,
)
from smartclause.engines.sql.dated import by_stretch, changes_of_parameter, parameter_at, stretches, until_of
from smartclause.engines.sql.day_tables import cut, day_of, day_table
from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.needs import Needs, Window
from smartclause.engines.sql.pieces import (
    FOREVER,
    NEVER,
    Sql,
    added,
    both,
    chosen,
    column,
    either,
    inverse,
    is_null,
    named,
    no,
    nothing,
    one_of,
    selected,
    settled,
    source,
    text,
    texts,
    whole,
    yes,
)
from smartclause.engines.sql.profile import SOURCE, Profile, fact
from smartclause.engines.sql.questions import length_of
from smartclause.engines.sql.sheet import Cell, Existence, KeyCell, Sheet, Until
from smartclause.logic.contract import FieldType
from smartclause.logic.counting import Duration
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Kind, Money, Parameter, Type, Value
from smartclause.rails.refused import CannotDo

WORDS = frozenset({Kind.TEXT, Kind.PARTY, Kind.IDENTIFIER, Kind.CONCEPT})


@dataclass(frozen=True)
class Laid:
    """The sheet, the statement of its rows, and the tables of days that the statement joins."""

    sheet: Sheet
    rows: exp.Select
    days: tuple[tuple[str, pa.Table], ...] = ()


@dataclass(frozen=True)
class Laying:
    lookup: Lookup
    profile: Profile
    needs: Needs
    groups: tuple[tuple[str, str], ...]
    attested: bool
    days: tuple[int, ...] = ()
    whys: bool = True  # also why a value is missing

    def laid(self) -> Laid:
        """Raises CannotDo, TableFault."""
        columns: list[Sql] = [*self._heads()]
        parties = list(dict.fromkeys(by for _, by in self.groups))
        cells: dict[tuple[str, str, Kind], Cell] = {}
        keys: dict[tuple[str, str], KeyCell] = {}
        existence: dict[tuple[str, bool], Existence] = {}
        for n, (name, kind) in enumerate(self.needs.fields):
            cell = self._cell(columns, f"f{n}", name, kind)
            cells |= {(p, name, kind): cell for p in parties}
        for n, name in enumerate(self.needs.keys):
            key = self._key(columns, f"k{n}", name)
            keys |= {(p, name): key for p in parties}
        there = self._existence(columns)
        existence |= {(p, doubt): there for p in parties for doubt in (False, True)}
        untils, days = self._untils(columns)
        doers = self.profile.doers()
        nameless = any("" in by for by in doers.values())
        sheet = Sheet(cells, keys, existence, untils, self.groups, nameless, doers, span=self.profile.span)
        return Laid(sheet, self._rows(columns, days), tuple(days))

    def _rows(self, columns: list[Sql], days: list[tuple[str, pa.Table]]) -> exp.Select:
        found = selected(columns, source(SOURCE))
        for name, _ in days:
            on = exp.EQ(this=column("day", name), expression=day_of(self.instant()))
            found = found.join(source(name), on=on, join_type="left", copy=False)
        kept: list[Sql] = []
        if any(c.type is None for c in self.profile.counts):
            kept.append(inverse(is_null(column("type"))))
        if self.profile.timeless:
            kept.append(inverse(self.profile.without_time()))
        return found.where(both(*kept), copy=False) if kept else found

    # ---- heads

    def _heads(self) -> Iterator[Sql]:
        yield named(column("file_row"), "n")
        yield named(column("file_row"), "idx")
        yield column("type")
        yield named(exp.cast(column("id" if self._has("id") else "file_row"), "VARCHAR"), "id")
        yield named(column("by") if self._has("by") else nothing("VARCHAR"), "by")
        yield named(column("to") if self._has("to") else nothing("VARCHAR"), "to")
        yield named(self.instant(), "instant")
        yield named(self.instant(), "received")

    def _has(self, name: str) -> bool:
        return name in self.profile.columns

    def instant(self) -> Sql:
        return instant_of_row(self.profile)

    # ---- facts

    def _types_with(self, name: str, kind: Kind) -> dict[str, FieldType]:
        found = ((t, self.lookup.field(t, name)) for t in self.lookup.types)
        return {t: ft for t, ft in found if ft is not None and ft.type.kind is kind}

    def _cell(self, columns: list[Sql], as_: str, name: str, kind: Kind) -> Cell:
        value, unit = value_of(self.profile, name, kind)
        types = self._types_with(name, kind)
        present = set(self.profile.types())
        shown = {t for t, ft in types.items() if ft.shown_by and not self.attested}
        readable = {t: ft for t, ft in types.items() if t not in shown}
        conditions = self._bounds(name, value, readable, present) + self._currencies(unit, readable, present)
        strange = [t for t in present if t not in readable]
        if strange and self.profile.stated(name, strange):
            conditions.append(one_of(column("type"), texts(sorted(readable))))
        full = not conditions and not strange and self._never_null(name, present & set(types))
        if value is None or not readable:
            value, unit = nothing(SQL_TYPES[kind]), None if unit is None else nothing("VARCHAR")
            full = False
        kept = both(*conditions)
        columns.append(named(_where(kept, value), as_))
        if self.whys:
            columns.append(named(self._why(types, kept, value), f"{as_}w"))
        if kind in (Kind.MONEY, Kind.DURATION):
            columns.append(named(_where(kept.copy(), unit or nothing("VARCHAR")), f"{as_}u"))
        return Cell(as_, f"{as_}w", f"{as_}u" if kind in (Kind.MONEY, Kind.DURATION) else "", full)

    def _never_null(self, name: str, types: set[str]) -> bool:
        if name in self.profile.never_null:
            return True
        rows = self.profile.rows_of(types)
        counted = any(name in c.stated for c in self.profile.counts)
        return counted and self.profile.stated(name, types) == rows

    def _why(self, types: dict[str, FieldType], kept: Sql, value: Sql) -> Sql:
        by_role: dict[str, list[str]] = {}
        for t, ft in types.items():
            by_role.setdefault(ft.shown_by, []).append(t)
        roles = [(one_of(column("type"), texts(ts)), role) for role, ts in by_role.items()]
        hidden = {role for role in by_role if role and not self.attested}
        outside = both(inverse(is_null(value.copy())), inverse(settled(kept.copy())))
        branches = [
            (both(outside.copy(), is_role.copy()), text(f"outside its bounds|{role}"))
            for is_role, role in roles
            if role not in hidden
        ]
        branches += [(is_role, text(f"missing|{role}")) for is_role, role in roles]
        return chosen(branches, text("narrower act|"))

    def _bounds(self, name: str, value: Sql | None, types: dict[str, FieldType], present: set[str]) -> list[Sql]:
        """What must hold for the value to count; nothing where the file itself says that it does."""
        if value is None:
            return []
        found: list[Sql] = []
        low, high = self._range(name)
        for t, ft in types.items():
            if t not in present:
                continue
            for bound, how, proven in ((ft.low, exp.GTE, low), (ft.high, exp.LTE, high)):
                limit = limit_of(bound)
                if limit is None or is_proven(proven, limit, how):
                    continue
                other = exp.NEQ(this=column("type"), expression=text(t)) if len(present) > 1 else no()
                found.append(either(other, how(this=value.copy(), expression=limit[1])))
        if any(ft.type.kind is Kind.CONCEPTS for ft in types.values()):
            found.append(exp.GT(this=exp.ArraySize(this=value.copy()), expression=whole(0)))
        return found

    def _currencies(self, unit: Sql | None, types: dict[str, FieldType], present: set[str]) -> list[Sql]:
        """An amount of another currency than that of its bounds lies outside them."""
        if unit is None:
            return []
        found: list[Sql] = []
        for t, ft in types.items():
            for currency in {bound.currency for bound in (ft.low, ft.high) if isinstance(bound, Money)}:
                if t in present:
                    other = exp.NEQ(this=column("type"), expression=text(t)) if len(present) > 1 else no()
                    same = settled(exp.EQ(this=unit.copy(), expression=text(currency)))
                    found.append(either(other, same))
        return found

    def _range(self, name: str) -> tuple[str | None, str | None]:
        return self.profile.ranges.get(name, (None, None))

    def _key(self, columns: list[Sql], as_: str, name: str) -> KeyCell:
        kinds = {ft.type.kind for t in self.lookup.types if (ft := self.lookup.field(t, name)) is not None}
        if not kinds <= WORDS:
            raise CannotDo("a key that is no text", name)
        kind = next(iter(kinds), Kind.IDENTIFIER)
        n = self.needs.fields.index((name, kind))
        value, _ = value_of(self.profile, name, kind)
        types = {t for t in self.profile.types() if self.lookup.field(t, name) is not None}
        hidden = any(ft.shown_by and not self.attested for ft in self._types_with(name, kind).values())
        clean = len(kinds) == 1 and not hidden and self._never_null(name, types)
        columns.append(named(nothing("VARCHAR") if value is None else value, f"{as_}r"))
        return KeyCell(f"f{n}", f"{as_}r", f"f{n}w", clean)

    def _existence(self, columns: list[Sql]) -> Existence:
        """Records that only a role or party makes are sure only where the caller vouches for them."""
        by = {} if self.attested else {t.name: t.by for t in self.lookup.types.values() if t.by}
        unsure = [t for t in self.profile.types() if t in by]
        if not unsure:
            return Existence()
        among = one_of(column("type"), texts(unsure))
        columns.append(named(inverse(among), "e"))
        why = [(exp.EQ(this=column("type"), expression=text(t)), text(f"uncertain record|{by[t]}")) for t in unsure]
        columns.append(named(chosen(why, nothing("VARCHAR")), "ew"))
        return Existence("e", "ew")

    # ---- windows

    def _untils(self, columns: list[Sql]) -> tuple[dict[Window, Until], list[tuple[str, pa.Table]]]:
        found: dict[Window, Until] = {}
        tables: list[tuple[str, pa.Table]] = []
        for n, window in enumerate(self.needs.windows):
            if length_of(self.lookup, window.within) is not None:
                continue
            by_hours = self._hours_by_stretch(window)
            if by_hours is None:
                name = f"days{n}"
                table, steady = day_table(self.lookup, window, self.days)
                tables.append((name, table))
                sure, possible, why = (cut(name, mark, self.instant()) for mark in "spw")
            else:
                (sure, possible, why), steady = by_hours, False
            columns += [named(sure, f"u{n}"), named(possible, f"u{n}p"), named(why, f"u{n}w")]
            found[window] = Until(f"u{n}", f"u{n}p", f"u{n}w", steady)
        return found, tables

    def _hours_by_stretch(self, window: Window) -> tuple[Sql, Sql, Sql] | None:
        """Of a dated period of hours."""
        if not isinstance(window.within, Parameter):
            return None
        name = window.within.name
        found = [
            (s, parameter_at(self.lookup, name, s.some_instant))
            for s in stretches(changes_of_parameter(self.lookup, name))
        ]
        lengths = [(s, None if v is None else length_of_value(v), v) for s, (_, v) in found]
        if any(v is not None and length is None for _, length, v in lengths):
            return None
        now = self.instant()
        sure = [(s, whole(NEVER) if n is None else added(now.copy(), whole(n))) for s, n, _ in lengths]
        possible = [(s, whole(FOREVER) if n is None else added(now.copy(), whole(n))) for s, n, _ in lengths]
        whys = [
            (s, text(until_of(self.lookup, window, s.some_instant)[2] or "") if n is None else nothing())
            for s, n, _ in lengths
        ]
        return by_stretch(now, sure), by_stretch(now, possible), by_stretch(now, whys)


def instant_of_row(profile: Profile) -> Sql:
    """When it was received, if the table says so. Raises TableFault."""
    return instant_of(column(profile.clock), profile.clock, profile.columns.get(profile.clock, ""))


def value_of(profile: Profile, name: str, kind: Kind) -> tuple[Sql | None, Sql | None]:
    """The column in the form of the relation. Raises TableFault for a column of another type."""
    found = fact(profile, name)
    if found is None:
        return None, nothing("VARCHAR") if kind in (Kind.MONEY, Kind.DURATION) else None
    type_ = profile.facts[name]
    if not fits(type_, kind):
        raise TableFault("wrong type", column=name, found=type_, kind=kind.value, wanted=WANTED[kind])
    match kind:
        case Kind.INSTANT:
            return instant_of(found, name, type_), None
        case Kind.DATE:
            return day_number(found), None
        case Kind.MONEY:
            amount = exp.Dot(this=found.copy(), expression=exp.Identifier(this="amount", quoted=True))
            return amount, exp.Dot(this=found, expression=exp.Identifier(this="currency", quoted=True))
        case Kind.CONCEPTS:
            return _set(found), None
        case _:
            return found, None


def _set(found: Sql) -> Sql:
    """One of whose members a file says nothing is not shown."""
    known = exp.EQ(this=exp.ArraySize(this=found.copy()), expression=_of_list("LIST_COUNT", found.copy()))
    return exp.Case(ifs=[exp.If(this=known, true=_of_list("LIST_SORT", _of_list("LIST_DISTINCT", found)))])


def _of_list(function: str, value: Sql) -> Sql:
    return exp.Anonymous(this=function, expressions=[value])


def length_of_value(value: Value) -> int | None:
    return length_of(None, Const(value, Type(Kind.DURATION))) if isinstance(value, Duration) else None


def _where(condition: Sql, value: Sql) -> Sql:
    return value if condition == yes() else exp.Case(ifs=[exp.If(this=condition, true=value)])
