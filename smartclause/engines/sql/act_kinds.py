"""Acts of one type by one doer, batch by batch: rows that no condition tells apart are judged once, by a statement that
stays planned, and what it says of them is remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from smartclause.engines.sql.classes import Columns, Digit, key_of
from smartclause.engines.sql.counting import VERDICT, answers, clause_columns, packed, unpacked
from smartclause.engines.sql.kernels import Unsayable
from smartclause.engines.sql.needs import Needs
from smartclause.engines.sql.pieces import column, named, selected, source
from smartclause.engines.sql.plain_rows import Laid
from smartclause.engines.sql.profile import DIALECT, SOURCE
from smartclause.engines.sql.sheet import RECORDS
from smartclause.engines.sql.statement import Group, grouping_for, judged_keys, statement

MOST_REMEMBERED = 100_000  # keys of one kind of act
FEW_KEYS = 2**20  # where no more can be, all are judged beforehand
PATIENCE = 3  # times that new keys came, before that
PORTION = 2**16
ROW, CODE, KEY = "file_row", "code", "k0"


class Held:
    """A source of rows whose content is exchanged while the statement over it stays planned."""

    def __init__(self, rows: pa.Table) -> None:
        self.rows = rows

    def __arrow_c_schema__(self) -> object:
        return self.rows.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.rows.__arrow_c_stream__(requested_schema)


@dataclass
class Asked:
    """A statement held ready over one source."""

    connection: duckdb.DuckDBPyConnection
    name: str
    held: Held
    query: str

    def __post_init__(self) -> None:
        self.connection.register(f"{self.name}_rows", self.held)
        self.connection.execute(f'PREPARE "{self.name}" AS {self.query}')

    def end(self) -> None:
        self.connection.execute(f'DEALLOCATE "{self.name}"')
        self.connection.unregister(f"{self.name}_rows")

    def of(self, rows: pa.Table) -> list[tuple[Any, ...]]:
        self.held.rows = rows
        try:
            return self.connection.execute(f'EXECUTE "{self.name}"').fetchall()
        finally:
            self.held.rows = rows.slice(0, 0)


@dataclass
class ActKind:
    """Acts of one type by one doer, with what is remembered of their keys."""

    connection: duckdb.DuckDBPyConnection
    name: str
    group: Group
    laid: Laid
    needs: Needs
    schema: pa.Schema
    remembered: dict[int, int] = field(default_factory=dict)
    _decoded: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _times: int = 0
    _every: Any = None  # pa.Array: the code of each key, at its place

    def forget(self) -> None:
        """Frees what the database holds for it."""
        for asked in (vars(self).get(name) for name in ("of_keys", "of_rows")):
            if asked is not None:
                asked.end()

    @cached_property
    def names(self) -> tuple[str, ...]:
        return (VERDICT, *clause_columns(self.group))

    @cached_property
    def digits(self) -> tuple[Digit, ...]:
        """Raises Unsayable."""
        grouping = grouping_for(self.group)
        if grouping is None or len(grouping.keys) != 1:
            raise Unsayable("no single key")
        cells = {e.alias: e.this for e in self.laid.rows.expressions if isinstance(e, exp.Alias)}
        cells["at"] = cells["instant"]
        mine = self.group.lowered
        same = {"type": mine.type, "by": mine.party or None}
        kind = pa.int32() if grouping.is_small(0) else pa.int64()
        return tuple(Digit(classes, weight, kind, cells, same) for classes, weight in grouping.weighed(0))

    @cached_property
    def of_keys(self) -> Asked:
        """Keys and their codes."""
        grouping = grouping_for(self.group)
        assert grouping is not None
        name = f"{self.name}_keys"
        code = [column(KEY), named(self._code(), CODE)]
        query = selected(code, answers(judged_keys(self.group, grouping, source(f"{name}_rows"))))
        return Asked(self.connection, name, Held(_keys([])), query.sql(DIALECT))

    @cached_property
    def of_rows(self) -> Asked:
        """Rows by their number and their codes, where keys do not tell enough."""
        query = selected([column("n"), named(self._code(), CODE)], answers(statement(self.group, leaves=False)))
        every = selected([exp.Star()], source(f"{self.name}_rows"))
        for name, relation in ((SOURCE, every), (RECORDS, self.laid.rows)):
            query = query.with_(exp.to_identifier(name, quoted=True), as_=relation, copy=False)
        return Asked(self.connection, self.name, Held(self.schema.empty_table()), query.sql(DIALECT))

    def _code(self) -> exp.Expression:
        return packed(["verdict", *clause_columns(self.group).values()])

    def digits_of(self, code: int) -> tuple[int, ...]:
        """Of the verdict and of each clause, in the order of `names`."""
        known = self._decoded.get(code)
        if known is None:
            known = self._decoded[code] = tuple(digit for _, digit, _ in unpacked(self.names, code, 0))
        return known

    # ---- codes of a batch

    def counts(self, columns: Columns, rows: int) -> dict[int, int]:
        """How many acts have each code."""
        try:
            key = key_of(self.digits, columns)
        except Unsayable:
            return Counter(self._row_codes(columns, rows))
        if isinstance(key, int):
            return {self._codes([key])[0]: rows}
        if self._every is not None:
            distinct = pc.value_counts(pc.take(self._every, key))
            return dict(zip(distinct.field("values").to_pylist(), distinct.field("counts").to_pylist(), strict=True))
        distinct = pc.value_counts(key)
        codes = self._codes(distinct.field("values").to_pylist())
        found = dict.fromkeys(codes, 0)
        for code, acts in zip(codes, distinct.field("counts").to_pylist(), strict=True):
            found[code] += acts
        return found

    def codes(self, columns: Columns, rows: int) -> pa.Array:
        """Of each row."""
        try:
            key = key_of(self.digits, columns)
        except Unsayable:
            return pa.array(self._row_codes(columns, rows), pa.int64())
        if isinstance(key, int):
            return pa.array(self._codes([key]) * rows, pa.int64())
        if self._every is not None:
            return pc.take(self._every, key)
        keys = key.dictionary_encode()
        return pc.take(pa.array(self._codes(keys.dictionary.to_pylist()), pa.int64()), keys.indices)

    def _codes(self, keys: Sequence[int]) -> list[int]:
        known = self.remembered
        new = [k for k in keys if k not in known]
        if new:
            if len(known) + len(new) > MOST_REMEMBERED:
                known.clear()
                self._decoded.clear()
                new = list(keys)
            known.update(self.of_keys.of(_keys(new)))
            self._times += 1
            if self._times == PATIENCE and self._size() <= FEW_KEYS:
                self._every = self._all_codes()
        return [known[k] for k in keys]

    def _size(self) -> int:
        """How many keys there can be."""
        return prod(digit.classes.count for digit in self.digits)

    def _all_codes(self) -> pa.Array:
        found: list[int] = [0] * self._size()
        for first in range(0, len(found), PORTION):
            for key, code in self.of_keys.of(_keys(range(first, min(first + PORTION, len(found))))):
                found[key] = code
        return pa.array(found, pa.int64())

    def _row_codes(self, columns: Columns, rows: int) -> list[int]:
        """By the database."""
        table = pa.table([*columns.values(), pa.array(range(rows), pa.int64())], names=[*columns, ROW])
        found = [0] * rows
        judged = self.of_rows.of(table.select(self.schema.names).cast(self.schema))
        for number, code in judged:
            found[number] = code
        assert len(judged) == rows
        return found


def _keys(keys: Sequence[int] | range) -> pa.Table:
    return pa.table({KEY: pa.array(keys, pa.int64())})
