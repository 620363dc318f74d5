"""An audit held ready for batches of rows in Arrow: each is judged by the facts of its own rows.

A contract whose verdict asks the past, or duties, is refused: a batch has no past.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from smartclause.engines.sql.act_kinds import ROW, ActKind
from smartclause.engines.sql.classes import Columns
from smartclause.engines.sql.counting import MOST_TOGETHER, VERDICT, VERDICTS, clause_columns
from smartclause.engines.sql.each_use import DECISIONS
from smartclause.engines.sql.gates import Gates
from smartclause.engines.sql.needs import needs_of
from smartclause.engines.sql.plain_rows import Laying
from smartclause.engines.sql.profile import HEADS, SOURCE, Profile, TypeCount, columns_of
from smartclause.engines.sql.statement import STATES, group_of
from smartclause.engines.sql.table import Rejected, TableFigures, must_have
from smartclause.logic.contract import BUILT_IN
from smartclause.logic.verdict import ClauseState
from smartclause.logic.world import World
from smartclause.rails.lowering import lower_verdict
from smartclause.rails.refused import CannotDo

MOST_KINDS = 100
WORDS = pa.array([d.value for d in DECISIONS])
_STATES = tuple(ClauseState(s) for s in STATES)
Kind = tuple[str | None, str]  # type and doer; of nobody: empty


@dataclass(frozen=True)
class Part:
    """The rows of a batch that are of one kind. `act`: nothing where they are none; `places`: nothing where they are
    all rows of the batch."""

    of: Kind
    act: ActKind | None
    columns: Columns
    rows: int
    places: Any = None  # pa.Array
    timeless: bool = False


@dataclass
class BatchAudit:
    """For one thread at a time. Statements are made for the columns of the first batch, and anew for others.

    The clauses of the figures are those of the contract, each with the states that some act has.
    """

    world: World
    connection: duckdb.DuckDBPyConnection
    attested: bool = False
    _schema: pa.Schema | None = None
    _bare: Profile | None = None
    _kinds: dict[Kind, ActKind | None] = field(default_factory=dict)
    _made: int = 0

    def figures(self, batch: pa.Table) -> TableFigures:
        """Raises CannotDo, TableFault."""
        totals = {name: [0] * len(STATES) for name in (VERDICT, *(c.id for _, c in self.world.lookup.all_clauses()))}
        parts: list[Part] = []
        for part in self._parts(batch):
            parts.append(replace(part, columns={}))
            if part.act is None:
                continue
            mine = [totals[name] for name in part.act.names]
            for code, acts in part.act.counts(part.columns, part.rows).items():
                for total, digit in zip(mine, part.act.digits_of(code), strict=True):
                    total[digit] += acts
            for name in totals.keys() - set(part.act.names):
                totals[name][0] += part.rows
        return self._told(batch, parts, totals)

    def decisions(self, batch: pa.Table) -> pa.Array:
        """Of each row in its order: allowed, refused, undecided; nothing where the row is no act.

        Raises CannotDo, TableFault.
        """
        found, rows = [], []
        for part in self._parts(batch):
            if part.act is not None:
                verdicts = _remainder(part.act.codes(part.columns, part.rows), VERDICTS)
                found.append(pc.take(WORDS, verdicts))
                rows.append(part.places)
        if not found:
            return pa.nulls(batch.num_rows, pa.string())
        if rows == [None]:
            return found[0]
        return _placed(pa.concat_arrays(found), pa.concat_arrays(rows), batch.num_rows)

    # ---- parts of a batch

    @cached_property
    def _wanted(self) -> frozenset[str]:
        """Columns that some statement may read."""
        facts = (f.name for t in self.world.lookup.types.values() for f in t.fields)
        return frozenset((*HEADS, *facts)) - {ROW}

    def _parts(self, batch: pa.Table) -> Iterator[Part]:
        self._fit(batch.schema)
        columns = {n: _whole(batch.column(n)) for n in batch.column_names if n in self._wanted}
        yield from self._by_kind(columns, batch.num_rows)

    def _by_kind(self, columns: dict[str, Any], rows: int) -> Iterator[Part]:
        if not rows:
            return
        of_one = self._alone(columns)
        if of_one is not None:
            yield Part(of_one, self._act(of_one), columns, rows, None)
            return
        kinds = columns["type"].dictionary_encode() if not _coded(columns["type"]) else columns["type"]
        doers = columns.get("by")
        heads = {"type": kinds.cast(pa.string())}
        if doers is not None:
            heads["by"] = doers.cast(pa.string())
        if _timeless(columns):
            heads["timeless"] = pc.or_(*(pc.is_null(columns.get(n, columns["time"])) for n in ("time", "received")))
        places = pa.array(range(rows), pa.int64())
        numbered = pa.table({**heads, "place": places}).group_by(list(heads)).aggregate([("place", "list")])
        for head in numbered.to_batches():
            for each in head.to_pylist():
                mine = pa.array(each["place_list"], pa.int64())
                taken = {n: c.take(mine) for n, c in columns.items()}
                kind = (each["type"], each.get("by") or "")
                timeless = bool(each.get("timeless"))
                yield Part(kind, None if timeless else self._act(kind), taken, len(mine), mine, timeless)

    def _alone(self, columns: Columns) -> Kind | None:
        """The type and doer of all rows."""
        if _timeless(columns):
            return None
        found = [_only(columns[n]) if n in columns else "" for n in ("type", "by")]
        return None if None in found else (found[0] or "", found[1] or "")

    def _act(self, kind: Kind) -> ActKind | None:
        if kind not in self._kinds:
            if len(self._kinds) >= MOST_KINDS:
                self._forget()
            self._kinds[kind] = self._made_for(*kind)
        return self._kinds[kind]

    def _fit(self, schema: pa.Schema) -> None:
        if self._schema is not None and schema.equals(self._schema):
            return
        self._forget()
        self.connection.register(SOURCE, schema.append(pa.field(ROW, pa.int64())).empty_table())
        bare = columns_of(self.connection)
        self.connection.unregister(SOURCE)
        must_have(bare)
        self._schema, self._bare = schema, bare

    def _forget(self) -> None:
        for kind in filter(None, self._kinds.values()):
            kind.forget()
        self._kinds.clear()

    def _made_for(self, kind: str | None, by: str) -> ActKind | None:
        """None where rows of the type are no acts."""
        lookup = self.world.lookup
        if kind is None:
            return None
        if kind == "termination":
            raise CannotDo("a record that ends a contract, in a batch", kind)
        if not (lookup.is_act(kind) or kind not in (*lookup.types, *BUILT_IN)):
            return None
        known = lookup.types.get(kind)
        if known is not None and known.checkpoint:
            raise CannotDo("a long act, with checkpoints", kind)
        assert self._bare is not None
        assert self._schema is not None
        lowered = lower_verdict(lookup, kind, by, self.world.signed, self.world.draft)
        needs = needs_of(lookup, [lowered])
        anything = TypeCount(kind, by or None, 2, dict.fromkeys(self._bare.facts, 1))
        profile = Profile(self._bare.columns, self._bare.facts, (anything,))
        laid = Laying(lookup, profile, needs, ((kind, by),), self.attested, whys=False).laid()
        group = group_of(self.world, laid.sheet, lowered, Gates())
        if group.past.questions or group.past.followed:
            raise CannotDo("what the past holds, in a batch", kind)
        if len(clause_columns(group)) > MOST_TOGETHER:
            raise CannotDo(f"more than {MOST_TOGETHER} clauses on one act, in a batch", kind)
        self._made += 1
        schema = pa.schema([f for f in self._schema if f.name in self._wanted] + [(ROW, pa.int64())])
        return ActKind(self.connection, f"batch{self._made}", group, laid, needs, schema)

    # ---- figures

    def _told(self, batch: pa.Table, parts: list[Part], totals: dict[str, list[int]]) -> TableFigures:
        verdicts = totals.pop(VERDICT)
        clauses = {name: {s: n for s, n in zip(_STATES, total, strict=True) if n} for name, total in totals.items()}
        lookup, bare = self.world.lookup, self._bare
        assert bare is not None
        declared = {f.name for t in lookup.types.values() for f in t.fields}
        read = {name for p in parts if p.act is not None for name, _ in p.act.needs.fields}
        types = {p.of[0] for p in parts if p.of[0] is not None}
        return TableFigures(
            batch.num_rows,
            sum(verdicts),
            {d: n for d, n in zip(DECISIONS, verdicts, strict=False) if n},
            clauses,
            tuple(_rejected(parts)),
            tuple(sorted(set(bare.facts) - declared)),
            tuple(sorted(read - set(bare.facts))),
            undeclared=tuple(sorted(t for t in types if t not in lookup.types and t not in BUILT_IN)),
        )


def _timeless(columns: Columns) -> bool:
    return any(columns[name].null_count for name in ("time", "received") if name in columns)


def _rejected(parts: list[Part]) -> Iterator[Rejected]:
    nameless = sum(p.rows for p in parts if p.of[0] is None)
    if nameless:
        yield Rejected("no type", "", nameless)
    timeless = sum(p.rows for p in parts if p.timeless)
    if timeless:
        yield Rejected("no time", "", timeless)
    for kind in sorted({p.of[0] for p in parts if p.of[0] in BUILT_IN and p.of[0] != "waiver"} - {None}):
        yield Rejected("not of a table", kind, sum(p.rows for p in parts if p.of[0] == kind))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """In one piece, texts in a form that is read as one."""
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.string())
    if column.num_chunks == 1:
        return column.chunk(0)
    return column.unify_dictionaries().combine_chunks() if _coded(column) else column.combine_chunks()


def _coded(column: pa.Array) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _only(column: pa.Array) -> str | None:
    """The text that all rows have; empty where none has any."""
    if column.null_count:
        return "" if column.null_count == len(column) else None
    if _coded(column):
        first = column.indices[0]
        same = pc.all(pc.equal(column.indices, first)).as_py()
        return str(column.dictionary[first.as_py()]) if same else None
    first = column[0]
    return str(first) if pc.all(pc.equal(column, first)).as_py() else None


def _remainder(codes: pa.Array, of: int) -> pa.Array:
    return pc.subtract(codes, pc.multiply(pc.divide(codes, of), of))


def _placed(words: pa.Array, places: pa.Array, rows: int) -> pa.Array:
    """At their rows; nothing at the others."""
    return words.take(pc.index_in(pa.array(range(rows), pa.int64()), value_set=places))
