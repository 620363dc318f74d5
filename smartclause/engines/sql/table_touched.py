"""Which acts of a table new rows may turn, and which rows their verdicts look at.

An act is touched by a new row that stands at or before its instant, with the same keys, of a type that a history of
the act reads. Never too few: rows that miss a key concern all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from smartclause.engines.sql.table_parts import AT, NEW, OLD, Table, of_types
from smartclause.engines.sql.table_shapes import Shape

TOUCHED, JUDGED, LOOKED_AT = "touched", "judged", "looked at"
OLD_RELEVANT, NEW_RELEVANT = "relevant old rows", "relevant new rows"


@dataclass(frozen=True)
class Touching:
    """`shapes`: by shape the kinds of acts that look so at the past."""

    table: Table
    shapes: Mapping[Shape, frozenset[str]]
    acts: frozenset[str]

    def gather(self) -> int:
        """Fills the relations of this module. How many acts are to be judged."""
        run = self.table.connection.execute
        keys = ", ".join(f"k{n} VARCHAR" for n, _ in enumerate(self._names))
        run(f'CREATE OR REPLACE TEMP TABLE "{TOUCHED}" (file_row BIGINT, type VARCHAR, moment BIGINT{_and(keys)})')
        for shape, acts in self.shapes.items():
            for query in self._touched(shape, acts):
                run(f'INSERT INTO "{TOUCHED}" {query}')
        new = f'SELECT file_row, type, "{AT}"{_and(", ".join(self._keys()))} FROM "{NEW}"'
        run(
            f'CREATE OR REPLACE TEMP TABLE "{JUDGED}" AS SELECT DISTINCT * FROM "{TOUCHED}"'
            f" UNION ALL {new} WHERE {of_types(self.acts)} AND \"{AT}\" IS NOT NULL"
        )  # fmt: skip
        run(f'CREATE OR REPLACE TEMP TABLE "{LOOKED_AT}" AS SELECT DISTINCT file_row, moment FROM "{TOUCHED}"')
        for shape, acts in self.shapes.items():
            for query in self._looked_at(shape, acts):
                run(f'INSERT INTO "{LOOKED_AT}" {query}')
        self._relevant()
        ((count,),) = run(f'SELECT count(*) FROM "{JUDGED}"').fetchall()
        return int(count)

    @property
    def _names(self) -> list[str]:
        return list(dict.fromkeys(name for shape in self.shapes for name in shape.keys))

    def _keys(self) -> list[str]:
        return self.table.keys(self._names)

    def _relevant(self) -> None:
        run = self.table.connection.execute
        ((first,),) = run(f'SELECT min(moment) FROM "{LOOKED_AT}"').fetchall()
        here = "false" if first is None else self.table.since(first)
        rows = f'SELECT * EXCLUDE ("{AT}") FROM "{OLD}" WHERE {here}'
        run(
            f'CREATE OR REPLACE TEMP TABLE "{OLD_RELEVANT}" AS'
            f' {rows} AND file_row IN (SELECT file_row FROM "{LOOKED_AT}")'
        )
        run(f'CREATE OR REPLACE TEMP VIEW "{NEW_RELEVANT}" AS SELECT * EXCLUDE ("{AT}") FROM "{NEW}"')

    # ---- old acts behind new rows

    def _touched(self, shape: Shape, acts: frozenset[str]) -> Iterator[str]:
        """Those with the same keys as a new row; and all, where a new row misses a key."""
        mine = self.table.declaring(acts, shape.keys)  # an act of another type lacks a key, which no row mends
        rows = f'SELECT file_row, type, "{AT}"{_and(", ".join(self._keys()))} FROM "{OLD}"'
        for missing in self.table.missing(shape.types, shape.keys):
            first = self._first(NEW, missing, AT)
            if first is not None:
                yield f'{rows} WHERE {of_types(mine)} AND {self.table.since(first)} AND "{AT}" >= {first}'
        stated = self.table.stated(shape.types, shape.keys)
        first = self._first(NEW, stated, AT)
        if first is None:
            return
        here = f'{of_types(mine)} AND {self.table.since(first)} AND "{AT}" >= {first}'
        if not shape.keys:
            yield f"{rows} WHERE {here}"
            return
        keys = self.table.keys(shape.keys)
        firsts = f'SELECT {_listed(keys)}, min("{AT}") AS first FROM "{NEW}" WHERE {stated} GROUP BY ALL'
        yield f'{rows} JOIN ({firsts}) ON {_same(keys)} AND "{AT}" >= first WHERE {here}'

    def _first(self, rows: str, condition: str, moment: str) -> int | None:
        query = f'SELECT min("{moment}") FROM "{rows}" WHERE {condition}'
        found = self.table.connection.execute(query).fetchall()[0][0]
        return None if found is None else int(found)

    # ---- what they look at

    def _looked_at(self, shape: Shape, acts: frozenset[str]) -> Iterator[str]:
        """Rows with the same keys as a judged act, and those that miss a key, as far back as is looked."""
        mine = [f"k{self._names.index(name)}" for name in shape.keys]
        asking = " AND ".join([of_types(self.table.declaring(acts, shape.keys)), *(f"{k} IS NOT NULL" for k in mine)])
        first = self._first(JUDGED, asking, "moment")
        if first is None:
            return
        back = 0 if shape.length is None else shape.length
        since = "true" if shape.length is None else f'{self.table.since(first - back)} AND "{AT}" >= {first - back}'
        rows = f'SELECT file_row, "{AT}" FROM "{OLD}"'
        for missing in self.table.missing(shape.types, shape.keys):
            yield f"{rows} WHERE {missing} AND {since}"
        stated = f"{self.table.stated(shape.types, shape.keys)} AND {since}"
        if not shape.keys:
            yield f"{rows} WHERE {stated}"
            return
        firsts = f'SELECT {_listed(mine)}, min(moment) AS first FROM "{JUDGED}" WHERE {asking} GROUP BY ALL'
        inside = "" if shape.length is None else f' AND "{AT}" >= first - {back}'
        yield f"{rows} JOIN ({firsts}) ON {_same(self.table.keys(shape.keys))}{inside} WHERE {stated}"


def _same(keys: Sequence[str]) -> str:
    return " AND ".join(f"s{n} = {key}" for n, key in enumerate(keys))


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(f"{key} AS s{n}" for n, key in enumerate(keys))


def _and(columns: str) -> str:
    return f", {columns}" if columns else ""
