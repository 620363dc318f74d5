"""A table audited again: only what changed is judged where the state says enough, else every row, and then why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from smartclause.engines.sql.profile import columns_of
from smartclause.engines.sql.sources import Opened, parts_of
from smartclause.engines.sql.table import TableFigures
from smartclause.engines.sql.table_again import Again, Anew, Kept
from smartclause.engines.sql.table_duties import DutyFigures
from smartclause.engines.sql.table_parts import NEW, OLD, Part, Table
from smartclause.engines.sql.table_results import Moved, duties_again, uses_again
from smartclause.engines.sql.table_until import until
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.world import World
from smartclause.rails.refused import CannotDo
from smartclause.verbs.table_kept_lines import lines_as_parts
from smartclause.verbs.table_state import (
    LinesForm,
    ResultForm,
    State,
    TableStateForm,
    digest_of_file,
    kept_of,
    part_forms,
    part_of,
    setting_forms,
)

if TYPE_CHECKING:
    from smartclause.verbs.table import AuditedTable

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Files:
    """The parts of the table in their order, each with its path; of lines also how far they were read."""

    parts: tuple[tuple[Path, Part], ...]
    lines: LinesForm | None = None
    digest: str = ""

    @property
    def paths(self) -> list[Path]:
        return [path for path, _ in self.parts]


def files_of(source: Path, lookup: Lookup, state: State, contract: str, connection: duckdb.DuckDBPyConnection) -> Files:
    """Raises TableFault, EvidenceError, VerbError."""
    if source.suffix == ".parquet" or source.is_dir():
        return Files(tuple(_parts(connection, parts_of(source))))
    form = state.form if state.contract == contract else None  # the columns of kept rows are those of a contract
    paths, lines = lines_as_parts(source, lookup, state.folder, form)
    return Files(tuple(_parts(connection, paths)), lines, lines.digest)


def _parts(connection: duckdb.DuckDBPyConnection, paths: list[Path]) -> Iterator[tuple[Path, Part]]:
    query = "SELECT file_name, num_rows FROM parquet_file_metadata(?)"
    rows = dict(connection.execute(query, [[str(p) for p in paths]]).fetchall())
    for path in paths:
        yield path, part_of(path, rows[str(path)])


@dataclass(frozen=True)
class Repeating:
    """What the state says about an earlier audit, held against the table as it is now."""

    connection: duckdb.DuckDBPyConnection
    state: State
    source: str
    files: Files
    settings: Mapping[str, str]
    at: Instant | None
    out: Path | None
    duties_out: Path | None
    reasons: bool

    def whole(self) -> Opened:
        """The table as one relation. Raises TableFault."""
        opened = until(Opened.parts(self.connection, self.files.paths), self.at)
        return replace(opened, digest=self.files.digest or opened.digest)

    def kept(self, asked: Instant) -> Kept:
        """Raises Anew where it says nothing of this table, or of what is asked."""
        form = self.state.must_be_of(dict(self.settings))
        now = {part.name: part for _, part in self.files.parts}
        for part in form.parts:
            if part.name not in now and form.lines is not None:
                raise Anew("changed", self.source)
            if part.name not in now:
                raise Anew("gone", part.name)
            if now[part.name].digest != part.digest:
                raise Anew("changed", part.name)
        kept = kept_of(form)
        if asked < kept.asked:
            raise Anew("earlier")
        self._must_have_results(form)
        return kept

    def _must_have_results(self, form: TableStateForm) -> None:
        wanted = [] if self.out is None else [self.out]
        if self.duties_out is not None and form.found.duties:
            wanted.append(self.duties_out)
        known = {result.path: result.digest for result in form.results}
        for path in wanted:
            if not path.is_file() or known.get(str(path.resolve())) != digest_of_file(path):
                raise Anew("results")

    def again(
        self, world: World, opened: Opened, kept: Kept, progress: Progress | None
    ) -> tuple[TableFigures, DutyFigures, int]:
        """Raises Anew, TableFault."""
        table = Table(self.connection, world.lookup, columns_of(self.connection), self.at)
        table.show(OLD, dict(self._numbered(old=True)))
        table.show(NEW, dict(self._numbered(old=False)))
        again = Again(world, table, opened, kept, self.reasons, progress)
        figures, judged = again.figures()
        try:
            duties = again.duties(self.out is not None)
        except CannotDo as refused:
            raise Anew("changed", refused.where) from None  # what was followed can be followed no more
        if self.out is not None:
            moved = Moved(tuple(self._moved()))
            uses_again(self.connection, world.lookup, self.out, moved)
            if self.duties_out is not None and duties.counts:
                duties_again(self.connection, self.duties_out, moved)
        return figures, duties, judged

    # ---- numbers of rows

    def _known(self) -> frozenset[str]:
        return frozenset() if self.state.form is None else frozenset(part.name for part in self.state.form.parts)

    def _firsts(self) -> dict[str, int]:
        found, before = {}, 0
        for _, part in self.files.parts:
            found[part.name] = before
            before += part.rows
        return found

    def _numbered(self, old: bool) -> Iterator[tuple[Path, int]]:
        firsts, known = self._firsts(), self._known()
        yield from ((path, firsts[part.name]) for path, part in self.files.parts if (part.name in known) is old)

    def _moved(self) -> Iterator[tuple[int, int]]:
        """Of each old part: the number after its last row as it was, and by how much its rows have moved."""
        firsts, before = self._firsts(), 0
        for part in () if self.state.form is None else self.state.form.parts:
            yield before + part.rows, firsts[part.name] - before
            before += part.rows

    # ---- the next state

    def keep(self, found: AuditedTable) -> None:
        """Raises EvidenceError EV19."""
        from smartclause.verbs.answers_tables import table_audit_form

        paths = [p for p in (self.out, self.duties_out) if p is not None and p.name in self._written(found)]
        self.state.write(
            TableStateForm(
                settings=setting_forms(dict(self.settings)),
                parts=part_forms(tuple(part for _, part in self.files.parts)),
                lines=self.files.lines,
                results=tuple(ResultForm(path=str(p.resolve()), digest=digest_of_file(p)) for p in paths),
                found=table_audit_form(found),
            )
        )

    def _written(self, found: AuditedTable) -> tuple[str, str]:
        return found.written, found.written_duties
