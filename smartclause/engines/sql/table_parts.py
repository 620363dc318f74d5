"""The parts of a table, the old and the new ones as relations of their own, with the row numbers of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from smartclause.engines.sql.column_types import instant_of
from smartclause.engines.sql.pieces import column, either, is_null, one_of, texts, whole
from smartclause.engines.sql.profile import DIALECT, HEADS, Profile, fact
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup

OLD, NEW = "old rows", "new rows"
AT = "instant of row"
_OFFSETS, _NONE = "offsets of parts", "without rows"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of rows as it was read: its size in bytes, the digest of its bytes, its rows."""

    name: str
    size: int
    digest: str
    rows: int


@dataclass(frozen=True)
class Table:
    """Reads columns of rows: only those that the contract declares, and what stands over every row."""

    connection: duckdb.DuckDBPyConnection
    lookup: Lookup
    profile: Profile
    at: Instant | None = None

    # ---- relations

    def show(self, name: str, files: Mapping[Path, int]) -> None:
        """The rows of these files; each file with the number of its first row."""
        offsets = [(str(path), before) for path, before in files.items()]
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name} {_OFFSETS}" (part VARCHAR, before BIGINT)')
        if not offsets:
            self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name} {_NONE}" AS {self._none()}')
            self.connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT * FROM "{name} {_NONE}"')
            return
        self.connection.executemany(f'INSERT INTO "{name} {_OFFSETS}" VALUES (?, ?)', offsets)
        read = self.connection.read_parquet([path for path, _ in offsets], file_row_number=True, filename=True)
        read.create_view(f"{name} parts", replace=True)
        columns = ", ".join(f'p."{each}"' for each in self._columns())
        number, joined = "p.file_row_number + before AS file_row", f'"{name} parts" p'
        if len(offsets) > 1:
            joined += f' JOIN "{name} {_OFFSETS}" ON p.filename = part'
        else:
            number = f"p.file_row_number + {offsets[0][1]} AS file_row"
        self.connection.execute(
            f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT {columns}, {number}, {self._instant()} AS "{AT}"'
            f" FROM {joined}{self._seen()}"
        )

    def _none(self) -> str:
        columns = ", ".join(f'"{name}"' for name in self._columns())
        return f'SELECT {columns}, file_row, {self._instant()} AS "{AT}" FROM source WHERE false'

    def _columns(self) -> list[str]:
        """Heads, and facts that the contract declares."""
        declared = {f.name for t in self.lookup.types.values() for f in t.fields}
        return [n for n in self.profile.columns if n != "file_row" and (n in HEADS or n in declared)]

    # ---- what a row says

    @property
    def clock(self) -> str:
        return self.profile.clock

    def _instant(self) -> str:
        return instant_of(column(self.clock), self.clock, self.profile.columns[self.clock]).sql(DIALECT)

    def _seen(self) -> str:
        if self.at is None:
            return ""
        instant = instant_of(column(self.clock), self.clock, self.profile.columns[self.clock])
        seen = either(exp.LTE(this=instant, expression=whole(self.at)), is_null(column(self.clock)))
        return f" WHERE {seen.sql(DIALECT)}"

    def since(self, instant: Instant) -> str:
        """A condition that no row from then on fails, and that files can answer without a look at their rows."""
        kind = self.profile.columns[self.clock]
        if kind == "BIGINT":
            return f'"{self.clock}" >= {instant}'
        if kind in ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"):
            zone = "TIMESTAMPTZ" if kind != "TIMESTAMP" else "TIMESTAMP"
            return f'"{self.clock}" >= CAST(make_timestamp({instant}) AS {zone})'
        return "true"

    def keys(self, names: Sequence[str]) -> list[str]:
        """As written, whatever the type of the row declares."""
        values = [fact(self.profile, name) for name in names]
        return [f"CAST({'NULL' if value is None else value.sql(DIALECT)} AS VARCHAR)" for value in values]

    def declaring(self, types: Iterable[str], names: Sequence[str]) -> list[str]:
        """Those of the types that declare all the keys: of all others every row misses one."""
        return sorted(t for t in types if all(self.lookup.field(t, name) is not None for name in names))

    def missing(self, types: Iterable[str], names: Sequence[str]) -> Iterator[str]:
        """Conditions of rows that miss a key."""
        declaring = self.declaring(types, names)
        others = set(types) - set(declaring)
        if others:
            yield of_types(others)
        if declaring and names:
            yield f"{of_types(declaring)} AND ({' OR '.join(f'{key} IS NULL' for key in self.keys(names))})"

    def stated(self, types: Iterable[str], names: Sequence[str]) -> str:
        """A condition of rows that have all the keys."""
        known = [f"{key} IS NOT NULL" for key in self.keys(names)]
        return " AND ".join([of_types(self.declaring(types, names)), *known])


def of_types(types: Iterable[str]) -> str:
    return one_of(column("type"), texts(sorted(types))).sql(DIALECT)
