"""The audit of a table of plain rows: how many uses are allowed, refused, undecided; clause by clause; and each row.

The table is read where it lies and never kept in memory as a whole. Every row of it is judged, or counted among those
that cannot be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import duckdb
from sqlglot import exp

from smartclause.engines.audit import MissingFact
from smartclause.engines.sql.built_in_rows import NAMING, OF_TABLES
from smartclause.engines.sql.counting import VERDICT, Counting, clause_columns
from smartclause.engines.sql.day_tables import day_of
from smartclause.engines.sql.each_use import DECISIONS, no_rows, rows_of
from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.gated import GateRows
from smartclause.engines.sql.gates import GATES
from smartclause.engines.sql.needs import Needs, needs_of
from smartclause.engines.sql.plain_rows import Laid, Laying, instant_of_row
from smartclause.engines.sql.profile import DIALECT, Profile, TypeCount, columns_of, counted, days_of
from smartclause.engines.sql.questions import length_of
from smartclause.engines.sql.sheet import RECORDS
from smartclause.engines.sql.sources import Opened
from smartclause.engines.sql.statement import STATES, Group, group_of
from smartclause.engines.sql.table_book import TableBook
from smartclause.engines.sql.table_reasons import Why, counted_reasons
from smartclause.engines.sql.writing import write_rows
from smartclause.logic.contract import BUILT_IN
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import World
from smartclause.rails.lowering import Lowered, lower_verdict
from smartclause.rails.refused import CannotDo

Told = Callable[[str, int, int], None]  # of what, done, of how many


@dataclass(frozen=True, slots=True)
class Rejected:
    """Rows that are no records: how many, and why."""

    reason: str
    detail: str
    rows: int


@dataclass(frozen=True)
class TableFigures:
    """`clauses`: in how many uses each clause has each state. `unread`: columns that are no fact of the contract;
    `absent`: facts that conditions read and the table does not have;
    `reasons`: what is open under undecided uses, if that was asked for."""

    rows: int
    uses: int
    decisions: Mapping[Decision, int]
    clauses: Mapping[str, Mapping[ClauseState, int]]
    rejected: tuple[Rejected, ...] = ()
    unread: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    reasons: tuple[MissingFact, ...] = ()
    undeclared: tuple[str, ...] = ()


@dataclass
class TableAudit:
    """One audit of one table, over one connection."""

    world: World
    connection: duckdb.DuckDBPyConnection
    attested: bool = False
    told: Told | None = None

    @property
    def lookup(self) -> Lookup:
        return self.world.lookup

    def prepared(self, file: Opened) -> Prepared:
        """Reads what the table holds and lowers the contract over it. Raises TableFault, CannotDo."""
        bare = columns_of(self.connection)
        must_have(bare)
        bare = replace(bare, never_null=file.never_null, ranges=file.ranges, span=_span(bare, file))
        every = [self._lowered(t.name, p) for t in self.lookup.types.values() for p in self._parties()]
        keys = needs_of(self.lookup, every).keys
        partly = tuple(n for n in bare.facts if self._types_with(n) != set(self.lookup.types))
        asked = (*keys, *(n for n in partly if n in bare.facts))
        profile = _uniform(bare, file) if not asked else None
        profile = profile or counted(self.connection, bare, asked, bare.never_timeless)
        groups = tuple(self._groups(profile))
        lowered = [self._lowered(kind, by) for kind, by in groups]
        needs = needs_of(self.lookup, lowered)
        laid = Laying(self.lookup, profile, needs, groups, self.attested, self._days(bare, needs)).laid()
        for name, days in laid.days:
            self.connection.register(name, days)
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {RECORDS} AS {laid.rows.sql(DIALECT)}")
        gates = TableBook(self.world, self.connection, profile).gates(lowered)
        if gates.rows is not None:
            self.connection.register(GATES, gates.rows)
        found = [group_of(self.world, laid.sheet, each, gates.gates) for each in lowered]
        return Prepared(profile, needs, laid, tuple(found), gates)

    def _parties(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.name for m in self.lookup.contract.modules for p in m.parties))

    def _types_with(self, name: str) -> set[str]:
        return {t for t in self.lookup.types if self.lookup.field(t, name) is not None}

    def _lowered(self, kind: str, by: str) -> Lowered:
        return lower_verdict(self.lookup, kind, by, self.world.signed, self.world.draft)

    def _groups(self, profile: Profile) -> Iterator[tuple[str, str]]:
        """Acts, and types that nobody declares: those are controlled (design 2.2)."""
        for each in profile.counts:
            kind = each.type
            if kind is not None and (self.lookup.is_act(kind) or kind not in (*self.lookup.types, *BUILT_IN)):
                known = self.lookup.types.get(kind)
                if known is not None and known.checkpoint:  # allowed only while it shows signs of life (design 2.2)
                    raise CannotDo("a long act, with checkpoints", kind)
                yield kind, each.by or ""

    def _days(self, profile: Profile, needs: Needs) -> tuple[int, ...]:
        if all(length_of(self.lookup, w.within) is not None for w in needs.windows):
            return ()
        return tuple(days_of(self.connection, profile, day_of(instant_of_row(profile))))

    # ---- answers

    def figures(self, prepared: Prepared, reasons: bool = False) -> TableFigures:
        decisions: Counter[Decision] = Counter()
        clauses: dict[str, Counter[ClauseState]] = {c.id: Counter() for _, c in self.lookup.all_clauses()}
        for number, counting in enumerate(prepared.countings):
            group = counting.group
            self._tell(group, number, len(prepared.groups))
            before = decisions.total()
            for clause, code, acts in counting.read(self.connection.execute(counting.text).fetchall()):
                if clause == VERDICT:
                    decisions[DECISIONS[code]] += acts
                else:
                    clauses[clause][ClauseState(STATES[code])] += acts
            silent = decisions.total() - before
            for name in set(clauses) - set(clause_columns(group)):
                clauses[name][ClauseState.INAPPLICABLE] += silent
        found = prepared.figures(self.lookup, dict(decisions), clauses)
        return replace(found, reasons=self._reasons(prepared)) if reasons else found

    def _reasons(self, prepared: Prepared) -> tuple[MissingFact, ...]:
        """Those of most uses first. Which of them alone would settle a use is not counted."""
        uses: Counter[Why] = Counter()
        for group in prepared.groups:
            for why, count in counted_reasons(self.connection, group, prepared.gates):
                uses[why] += count
        return tuple(MissingFact(*key, uses=count, settles=0) for key, count in uses.most_common())

    def _tell(self, group: Group, done: int, of: int) -> None:
        if self.told:
            self.told(group.lowered.type, done, of)

    def write(self, prepared: Prepared, path: Path) -> None:
        """One row for each use, as Parquet or lines of JSON: whole, or not at all."""
        parts = [rows_of(group, self.lookup) for group in prepared.groups]
        if not parts:
            parts = [no_rows(self.lookup)]
        every: exp.Expression = parts[0]
        for each in parts[1:]:
            every = exp.Union(this=every, expression=each, distinct=False)
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW told AS {every.sql(DIALECT)}")
        write_rows(self.connection, path, 'SELECT * FROM told ORDER BY "row"')


@dataclass(frozen=True)
class Prepared:
    profile: Profile
    needs: Needs
    laid: Laid
    groups: tuple[Group, ...]
    gates: GateRows = field(default_factory=GateRows)

    @cached_property
    def countings(self) -> tuple[Counting, ...]:
        return tuple(Counting(group) for group in self.groups)

    def figures(
        self, lookup: Lookup, decisions: Mapping[Decision, int], clauses: Mapping[str, Mapping[ClauseState, int]]
    ) -> TableFigures:
        read = {name for name, _ in self.needs.fields}
        declared = {f.name for t in lookup.types.values() for f in t.fields}
        types = self.profile.types()
        return TableFigures(
            self.profile.rows,
            sum(decisions.values()),
            decisions,
            clauses,
            rejected=tuple(self._rejected()),
            unread=tuple(sorted(set(self.profile.facts) - declared - set(NAMING))),
            absent=tuple(sorted(read - set(self.profile.facts))),
            undeclared=tuple(sorted(t for t in types if t not in lookup.types and t not in BUILT_IN)),
        )

    def _rejected(self) -> Iterator[Rejected]:
        nameless = sum(c.rows for c in self.profile.counts if c.type is None)
        if nameless:
            yield Rejected("no type", "", nameless)
        if self.profile.timeless:
            yield Rejected("no time", "", self.profile.timeless)
        for kind in sorted(set(self.profile.types()) & set(BUILT_IN) - set(OF_TABLES)):
            yield Rejected("not of a table", kind, self.profile.rows_of([kind]))


def _uniform(profile: Profile, file: Opened) -> Profile | None:
    """Of a table of one type by one doer, as the file itself says: nothing need be counted."""
    if set(file.constants) != {"type", "by"} or not profile.never_timeless:
        return None
    return replace(profile, counts=(TypeCount(file.constants["type"], file.constants["by"], file.rows, {}),))


def _span(profile: Profile, file: Opened) -> tuple[int, int] | None:
    return file.spans.get(profile.clock) if profile.clock in file.never_null else None


def must_have(profile: Profile) -> None:
    for name in ("type", "time"):
        if name not in profile.columns:
            raise TableFault("column missing", column=name, found=", ".join(profile.columns))
    for name in ("type", "by"):
        found = profile.columns.get(name, "VARCHAR")
        if found != "VARCHAR" and not found.startswith("ENUM"):
            raise TableFault("wrong type", column=name, found=found, kind="text", wanted="VARCHAR")
