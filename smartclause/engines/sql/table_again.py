"""A table that has grown, audited again: what new rows may turn is judged before and after, and nothing else.

New figures are the old ones, less what the touched acts and duties were before, plus what they and the new ones are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

import duckdb
from sqlglot import exp

from smartclause.engines.audit import MissingFact
from smartclause.engines.sql.duty_again import DutiesAgain
from smartclause.engines.sql.each_use import rows_of
from smartclause.engines.sql.gated import GateRows
from smartclause.engines.sql.profile import DIALECT, SOURCE, columns_of, counted
from smartclause.engines.sql.sources import Opened
from smartclause.engines.sql.statement import Group
from smartclause.engines.sql.table import Prepared, Rejected, TableAudit, TableFigures
from smartclause.engines.sql.table_duties import DutyFigures
from smartclause.engines.sql.table_parts import NEW, OLD, Table, of_types
from smartclause.engines.sql.table_reasons import counted_reasons
from smartclause.engines.sql.table_shapes import duties_decide, shapes_of
from smartclause.engines.sql.table_touched import JUDGED, NEW_RELEVANT, OLD_RELEVANT, Touching
from smartclause.logic.contract import BUILT_IN
from smartclause.logic.counting import Instant
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import World

BEFORE, AFTER = "uses before", "uses after"
_ENDING = ("termination", "waiver")
_Facts: TypeAlias = Counter[tuple[str, str, str, str]]
K = TypeVar("K")


class Anew(Exception):  # noqa: N818 (an answer: all of it has to be judged)
    """`why` in few words, `detail` names what it is about."""

    def __init__(self, why: str, detail: str = "") -> None:
        self.why, self.detail = why, detail
        super().__init__(why)


@dataclass(frozen=True)
class Kept:
    """What an audit found, and up to which instant it followed duties."""

    figures: TableFigures
    duties: DutyFigures
    asked: Instant


@dataclass
class Sums:
    """Of some acts: decisions, states of clauses, what is open."""

    decisions: Counter[Decision] = field(default_factory=Counter)
    clauses: dict[str, Counter[ClauseState]] = field(default_factory=dict)
    reasons: _Facts = field(default_factory=Counter)


@dataclass(frozen=True)
class Again:
    """`file` is the whole table, whose old and new rows the connection shows beside it."""

    world: World
    table: Table
    file: Opened
    kept: Kept
    reasons: bool = False
    told: Callable[[int, int], None] | None = None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.table.connection

    def figures(self) -> tuple[TableFigures, int]:
        """And how many acts were judged. Raises Anew, TableFault, CannotDo."""
        self._none_ends()
        acts = frozenset(self._acts())
        if duties_decide(self.world, acts) and duties_decide(self.world, acts & self._there()):
            raise Anew("duties")  # each row that may open or answer one may turn them
        judged = Touching(self.table, shapes_of(self.world, sorted(acts)), acts).gather()
        self._tell(1)
        before, _ = self._sums(BEFORE, f'SELECT * FROM "{OLD_RELEVANT}"')
        self._tell(2)
        rows = f'SELECT * FROM "{OLD_RELEVANT}" UNION ALL SELECT * FROM "{NEW_RELEVANT}"'
        after, prepared = self._sums(AFTER, rows)
        self._tell(3)
        return self._together(before, after, self._of_rows(prepared)), judged

    def duties(self, told: bool) -> DutyFigures:
        """`told`: every instance is kept too. Raises Anew, TableFault."""
        return DutiesAgain(self.world, self.table, self.kept.duties, self.kept.asked, told).figures()

    def _tell(self, done: int) -> None:
        if self.told:
            self.told(done, 4)

    def _none_ends(self) -> None:
        """What ends a contract or waives a duty concerns everything."""
        query = f'SELECT type FROM "{NEW}" WHERE {of_types(_ENDING)} LIMIT 1'
        if self.connection.execute(query).fetchall():
            raise Anew("built-in")

    def _there(self) -> set[str]:
        """Types of which there are rows."""
        found = self.connection.execute(f'SELECT DISTINCT type FROM "{OLD}" UNION SELECT DISTINCT type FROM "{NEW}"')
        return {str(kind) for (kind,) in found.fetchall() if kind is not None}

    def _acts(self) -> Iterator[str]:
        lookup = self.world.lookup
        yield from (t for t in lookup.types if lookup.is_act(t))
        found = self.connection.execute(f'SELECT DISTINCT type FROM "{NEW}" WHERE type IS NOT NULL').fetchall()
        named = dict.fromkeys((*self.kept.figures.undeclared, *(str(t) for (t,) in found)))
        yield from (t for t in named if t not in lookup.types and t not in BUILT_IN)

    # ---- some acts over some rows

    def _sums(self, name: str, rows: str) -> tuple[Sums, Prepared | None]:
        """Each act that is judged goes into the relation of this name, as a row of results."""
        run = self.connection.execute
        run(f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS {rows}")
        clauses = [c.id for _, c in self.world.lookup.all_clauses()]
        columns = ", ".join(f"{_name(c)} VARCHAR" for c in ("type", "by", "decision", *clauses))
        run(f'CREATE OR REPLACE TEMP TABLE "{name}" ("row" BIGINT, {columns})')
        sums = Sums(clauses={c: Counter() for c in clauses})
        if not run(f"SELECT 1 FROM {SOURCE} LIMIT 1").fetchall():
            return sums, None
        audit = TableAudit(self.world, self.connection, True)
        prepared = audit.prepared(Opened(self.connection, self.file.never_null, self.file.ranges))
        mine = run(f'SELECT DISTINCT type, coalesce("by", \'\') FROM {SOURCE} SEMI JOIN "{JUDGED}" USING (file_row)'
                   if "by" in prepared.profile.columns else
                   f'SELECT DISTINCT type, \'\' FROM {SOURCE} SEMI JOIN "{JUDGED}" USING (file_row)')  # fmt: skip
        wanted = set(mine.fetchall())
        for group in prepared.groups:
            if (group.lowered.type, group.lowered.party) in wanted:
                self._judge(name, group, sums)
        self._count(name, sums)
        return sums, prepared

    def _judge(self, name: str, group: Group, sums: Sums) -> None:
        rows = rows_of(group, self.world.lookup).sql(DIALECT)

        def mine(number: str) -> str:
            return f'{number} IN (SELECT file_row FROM "{JUDGED}")'

        here = mine('"row" - 1')
        self.connection.execute(f'INSERT INTO "{name}" SELECT * FROM ({rows}) AS told WHERE {here}')
        if self.reasons:
            for why, count in counted_reasons(self.connection, group, GateRows(), mine("n")):
                sums.reasons[why] += count

    def _count(self, name: str, sums: Sums) -> None:
        def counts(column: str) -> list[tuple[str, int]]:
            return self.connection.execute(f'SELECT {_name(column)}, count(*) FROM "{name}" GROUP BY 1').fetchall()

        sums.decisions.update({Decision(word): n for word, n in counts("decision")})
        for clause, states in sums.clauses.items():
            states.update({ClauseState(word): n for word, n in counts(clause)})

    def _of_rows(self, prepared: Prepared | None) -> TableFigures | None:
        """What the new rows are, but for their verdicts."""
        if prepared is None:
            return None
        self.connection.execute(f'CREATE OR REPLACE TEMP VIEW {SOURCE} AS SELECT * FROM "{NEW_RELEVANT}"')
        profile = counted(self.connection, columns_of(self.connection), (), timed=False)
        return replace(prepared, profile=profile).figures(self.world.lookup, {}, {})

    # ---- together

    def _together(self, before: Sums, after: Sums, new: TableFigures | None) -> TableFigures:
        old = self.kept.figures
        decisions = _less(old.decisions, before.decisions, after.decisions)
        clauses = {c: _less(states, before.clauses[c], after.clauses[c]) for c, states in old.clauses.items()}
        facts: _Facts = Counter({(r.kind, r.type, r.field, r.role): r.uses for r in old.reasons})
        reasons = _less(facts, before.reasons, after.reasons)
        return replace(
            old,
            rows=old.rows + (0 if new is None else new.rows),
            uses=sum(decisions.values()),
            decisions=decisions,
            clauses=clauses,
            rejected=tuple(_rejected((*old.rejected, *(() if new is None else new.rejected)))),
            absent=_both(old.absent, () if new is None else new.absent),
            undeclared=_both(old.undeclared, () if new is None else new.undeclared),
            reasons=tuple(MissingFact(*key, n, 0) for key, n in reasons.items()),
        )


def _less(old: Mapping[K, int], before: Mapping[K, int], after: Mapping[K, int]) -> Counter[K]:
    """What was, less what the touched were, plus what they are. Raises Anew where that cannot be."""
    found: Counter[K] = Counter(old)
    found.subtract(before)
    found.update(after)
    if min(found.values(), default=0) < 0:
        raise Anew("unreadable")  # the state does not belong to these rows
    return Counter({key: n for key, n in found.items() if n})


def _rejected(found: Iterable[Rejected]) -> Iterator[Rejected]:
    rows: Counter[tuple[str, str]] = Counter()
    for each in found:
        rows[each.reason, each.detail] += each.rows
    order = ("no type", "no time", "not of a table")
    for (reason, detail), count in sorted(rows.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        yield Rejected(reason, detail, count)


def _both(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*some, *others}))


def _name(column: str) -> str:
    return exp.to_identifier(column, quoted=True).sql(DIALECT)


__all__ = ["NEW", "OLD", "Again", "Anew", "Kept"]
