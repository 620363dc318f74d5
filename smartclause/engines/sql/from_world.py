"""The relation of records from a world in memory: what counts for each judged party is settled here, by the
primitives of the meaning, so that SQL sees only values and reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, assert_never

import pyarrow as pa

from smartclause.engines.audit import acts_of
from smartclause.engines.sql.dated import until_of
from smartclause.engines.sql.ledgers import LEDGER, Ledgers
from smartclause.engines.sql.needs import Needs, Window
from smartclause.engines.sql.pieces import FOREVER, NEVER
from smartclause.engines.sql.sheet import Cell, Existence, KeyCell, Sheet, Until
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.terms import Kind, Money, Value
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record, World, genuine, stated
from smartclause.rails.refused import CannotDo

_DIGITS = 38


@dataclass(frozen=True)
class Filled:
    """The sheet with its rows."""

    sheet: Sheet
    rows: pa.Table


def groups_of(ledgers: Ledgers, contract: str = "") -> tuple[tuple[str, str], ...]:
    """Types of acts and their doers, as they occur."""
    acts = (r for world in ledgers.worlds for r in acts_of(world, contract))
    return tuple(dict.fromkeys((r.event.type, r.event.by) for r in acts))


def filled(ledgers: Ledgers, needs: Needs, groups: tuple[tuple[str, str], ...]) -> Filled:
    return _Filling(ledgers, needs, groups).filled()


@dataclass(frozen=True)
class _Filling:
    ledgers: Ledgers
    needs: Needs
    groups: tuple[tuple[str, str], ...]

    @property
    def lookup(self) -> Lookup:
        return self.ledgers.shared.lookup

    def filled(self) -> Filled:
        records = self.ledgers.records
        columns: dict[str, pa.Array] = _heads(records)
        if self.ledgers.several:
            columns[LEDGER] = pa.array([str(number) for number, _ in self.ledgers.rows], pa.string())
        parties = list(dict.fromkeys(by for _, by in self.groups))
        cells: dict[tuple[str, str, Kind], Cell] = {}
        keys: dict[tuple[str, str], KeyCell] = {}
        existence: dict[tuple[str, bool], Existence] = {}
        for p, party in enumerate(parties):
            for n, (name, kind) in enumerate(self.needs.fields):
                cells[party, name, kind] = self._cell(columns, f"p{p}f{n}", party, name, kind)
            for n, name in enumerate(self.needs.keys):
                keys[party, name] = self._key(columns, f"p{p}k{n}", party, name)
            for doubt in (False, True):
                existence[party, doubt] = self._existence(columns, f"p{p}e{int(doubt)}", party, doubt)
        untils = {w: self._until(columns, f"u{n}", w) for n, w in enumerate(self.needs.windows)}
        sheet = Sheet(
            cells, keys, existence, untils, self.groups,
            nameless=any(not r.event.by for r in records),
            doers=_doers(records),
            lagging=any(r.received != r.instant for r in records),
            several=self.ledgers.several,
        )  # fmt: skip
        return Filled(sheet, pa.table(columns))

    def _cell(self, columns: dict[str, pa.Array], name: str, party: str, field: str, kind: Kind) -> Cell:
        found = [_fact(world, r, party, field, kind) for world, r in self._told()]
        values = [None if v is None else _plain(v) for v, _ in found]
        columns[name] = _array(values, kind, field)
        columns[f"{name}w"] = pa.array([w for _, w in found], pa.string())
        unit = ""
        if kind in (Kind.MONEY, Kind.DURATION):
            unit = f"{name}u"
            columns[unit] = pa.array([None if v is None else _unit(v) for v, _ in found], pa.string())
        return Cell(name, f"{name}w", unit, full=all(v is not None for v in values))

    def _key(self, columns: dict[str, pa.Array], name: str, party: str, field: str) -> KeyCell:
        found = [_any_fact(world, r, party, field) for world, r in self._told()]
        said = [None if v is None else _as_key(v) for v, _ in found]
        raw = [_raw(r.event, field) for r in self.ledgers.records]
        columns[name] = pa.array(said, pa.string())
        columns[f"{name}r"] = pa.array(raw, pa.string())
        columns[f"{name}w"] = pa.array([w for _, w in found], pa.string())
        related = [
            (s, w)
            for r, s, w in zip(self.ledgers.records, said, raw, strict=True)
            if self.lookup.field(r.event.type, field) is not None
        ]
        return KeyCell(name, f"{name}r", f"{name}w", clean=all(s is not None and s == w for s, w in related))

    def _existence(self, columns: dict[str, pa.Array], name: str, party: str, doubt: bool) -> Existence:
        seen: dict[tuple[object, ...], tuple[Truth, str, str]] = {}
        found = [_genuine(seen, world, r.event, party, doubt) for world, r in self._told()]
        sure = [not why for _, why, _ in found]
        if all(sure):
            return Existence()
        columns[name] = pa.array(sure, pa.bool_())
        columns[f"{name}w"] = pa.array([f"{why}|{role}" if why else None for _, why, role in found], pa.string())
        return Existence(name, f"{name}w")

    def _until(self, columns: dict[str, pa.Array], name: str, window: Window) -> Until:
        found = [until_of(self.lookup, window, r.instant) for r in self.ledgers.records]
        columns[name] = pa.array([NEVER if s is None else s for s, _, _ in found], pa.int64())
        columns[f"{name}p"] = pa.array([FOREVER if p is None else p for _, p, _ in found], pa.int64())
        columns[f"{name}w"] = pa.array([w for _, _, w in found], pa.string())
        ends = [((NEVER if s is None else s), (FOREVER if p is None else p)) for s, p, _ in found]
        ledgers = [number for number, _ in self.ledgers.rows]
        follow = zip(pairwise(ledgers), pairwise(ends), strict=True)
        steady = all(a[0] <= b[0] and a[1] <= b[1] for (one, other), (a, b) in follow if one == other)
        return Until(name, f"{name}p", f"{name}w", steady)

    def _told(self) -> Iterator[tuple[World, Record]]:
        return ((self.ledgers.worlds[number], r) for number, r in self.ledgers.rows)


def _doers(records: Iterable[Record]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for each in records:
        found.setdefault(each.event.type, set()).add(each.event.by)
    return {kind: frozenset(by) for kind, by in found.items()}


def _heads(records: Iterable[Record]) -> dict[str, pa.Array]:
    records = tuple(records)
    texts: Mapping[str, Callable[[Record], str]] = {
        "id": lambda r: r.event.id,
        "type": lambda r: r.event.type,
        "contract": lambda r: r.event.contract,
    }
    columns = {name: pa.array([of(r) for r in records], pa.string()) for name, of in texts.items()}
    columns["by"] = pa.array([r.event.by or None for r in records], pa.string())
    columns["to"] = pa.array([r.event.to or None for r in records], pa.string())
    columns["n"] = pa.array(range(len(records)), pa.int64())
    columns["instant"] = pa.array([r.instant for r in records], pa.int64())
    columns["received"] = pa.array([r.received for r in records], pa.int64())
    columns["idx"] = pa.array([r.event.index for r in records], pa.int64())
    return columns


def _genuine(
    seen: dict[tuple[object, ...], tuple[Truth, str, str]], world: World, event: Event, party: str, doubt: bool
) -> tuple[Truth, str, str]:
    """Many records have the same signers: they are asked about once."""
    alike = (event.type, event.by, id(event.signers), event.unreliable, event.caller, id(world))
    if alike not in seen:
        seen[alike] = genuine(world, event, party, doubt)
    return seen[alike]


def _fact(world: World, record: Record, party: str, field: str, kind: Kind) -> tuple[Value | None, str | None]:
    value, why = _any_fact(world, record, party, field)
    if value is None:
        return None, why
    ft = world.lookup.field(record.event.type, field)
    fits = ft is not None and ft.type.kind is kind and _fits(value, kind)
    return (value, None) if fits else (None, None)


def _any_fact(world: World, record: Record, party: str, field: str) -> tuple[Value | None, str | None]:
    ft = world.lookup.field(record.event.type, field)
    if ft is None:
        return None, "narrower act|"
    value, why, _ = stated(world, record, ft, party)
    return value, None if value is not None else f"{why}|{ft.shown_by}"


def _raw(event: Event, field: str) -> str | None:
    value = event.facts.get(field)
    return None if value is None else _as_key(value)


def _as_key(value: Value) -> str:
    return value if isinstance(value, str) else f"{type(value).__name__} {value}"


def _fits(value: Value, kind: Kind) -> bool:
    """Whether the value is of the kind declared: a value of another kind settles no comparison."""
    match kind:
        case Kind.FACT:
            return isinstance(value, bool)
        case Kind.TEXT | Kind.PARTY | Kind.IDENTIFIER | Kind.CONCEPT:
            return isinstance(value, str)
        case Kind.NUMBER | Kind.PERCENTAGE:
            return isinstance(value, Decimal)
        case Kind.MONEY:
            return isinstance(value, Money)
        case Kind.INSTANT:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.DATE:
            return isinstance(value, date)
        case Kind.DURATION:
            return isinstance(value, Duration)
        case Kind.CONCEPTS:
            return isinstance(value, frozenset)
        case _:
            assert_never(kind)


def _plain(value: Value) -> Any:
    match value:
        case Money():
            return value.amount
        case Duration():
            return measure(value)[0]
        case frozenset():
            return sorted(value)
        case date():
            return value.toordinal()
        case _:
            return value


def _unit(value: Value) -> str:
    match value:
        case Money():
            return value.currency
        case Duration():
            return measure(value)[1]
        case _:
            raise AssertionError(value)


def measure(period: Duration) -> tuple[int, str]:
    """The length in the smallest unit that it converts into, and the name of that."""
    match period.unit:
        case Unit.MINUTE:
            return period.count, "minute"
        case Unit.HOUR:
            return period.count * 60, "minute"
        case Unit.DAY:
            return period.count, "day"
        case Unit.WORKING_DAY:
            return period.count, "working day"
        case Unit.MONTH:
            return period.count, "month"
        case Unit.YEAR:
            return period.count * 12, "month"
        case _:
            assert_never(period.unit)


def _array(values: list[Any], kind: Kind, field: str) -> pa.Array:
    match kind:
        case Kind.FACT:
            return pa.array(values, pa.bool_())
        case Kind.NUMBER | Kind.PERCENTAGE | Kind.MONEY:
            return _numbers(values, field)
        case Kind.INSTANT | Kind.DATE | Kind.DURATION:
            return pa.array(values, pa.int64())
        case Kind.CONCEPTS:
            return pa.array(values, pa.list_(pa.string()))
        case _:
            return pa.array(values, pa.string())


def _numbers(values: list[Decimal | None], field: str) -> pa.Array:
    """Exact, in as many digits as the values take."""
    known = [v.as_tuple() for v in values if v is not None]
    scale = max((-int(t.exponent) for t in known), default=0)
    scale = max(scale, 0)
    whole = max((len(t.digits) + int(t.exponent) for t in known), default=1)
    width = max(whole, 1) + scale
    if width > _DIGITS:
        raise CannotDo(f"numbers of more than {_DIGITS} digits", field)
    return pa.array(values, pa.decimal128(18 if width <= 18 else _DIGITS, scale))


# ---- rows that are no records yet


def columns_of_facts(lookup: Lookup) -> dict[str, pa.DataType]:
    """The columns of all facts that the contract declares. Raises CannotDo where one name has two kinds."""
    kinds: dict[str, Kind] = {}
    for declared in (f for t in lookup.types.values() for f in t.fields):
        if kinds.setdefault(declared.name, declared.type.kind) is not declared.type.kind:
            raise CannotDo("facts of one name and two kinds in one table", declared.name)
    return {name: _TYPES.get(kind, pa.string()) for name, kind in kinds.items() if kind is not Kind.DURATION}


def schema_of_rows(lookup: Lookup) -> pa.Schema:
    heads = {"type": pa.string(), "time": pa.int64(), "by": pa.string(), "to": pa.string(), "asset": pa.string()}
    return pa.schema([*heads.items(), *columns_of_facts(lookup).items(), ("file_row", pa.int64())])


def table_of(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema)


def row_of_facts(facts: Mapping[str, Value]) -> dict[str, Any]:
    return {n: _cell(v) for n, v in facts.items() if not isinstance(v, Duration)}


def _cell(value: Value) -> Any:
    match value:
        case Money():
            return {"amount": value.amount, "currency": value.currency}
        case frozenset():
            return sorted(value)
        case _:
            return value


_AMOUNT = pa.decimal128(_DIGITS, 10)
_TYPES = {
    Kind.FACT: pa.bool_(),
    Kind.NUMBER: _AMOUNT,
    Kind.PERCENTAGE: _AMOUNT,
    Kind.MONEY: pa.struct([("amount", _AMOUNT), ("currency", pa.string())]),
    Kind.INSTANT: pa.int64(),
    Kind.DATE: pa.date32(),
    Kind.CONCEPTS: pa.list_(pa.string()),
}
