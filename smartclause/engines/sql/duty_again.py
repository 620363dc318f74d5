"""The duties of a table that has grown: those that share keys with new rows, or that time may have turned, stand anew.

Of all others the status is what it was: they are answered, or so long due that no hour changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from smartclause.engines.sql.begun import Sentence
from smartclause.engines.sql.duty_told import DutyRows
from smartclause.engines.sql.profile import SOURCE, columns_of, counted
from smartclause.engines.sql.table_book import SentencePlace
from smartclause.engines.sql.table_duties import (
    DutyFigures,
    TableDuties,
    triggers_of,
)
from smartclause.engines.sql.table_parts import AT, NEW, OLD, Table, of_types
from smartclause.logic.answers import DEFAULT_RECORDS_DUE
from smartclause.logic.contract import Duty, Repeated, Standing
from smartclause.logic.counting import Instant
from smartclause.logic.instances import DutyStatus
from smartclause.logic.instants import LAST
from smartclause.logic.world import World, length
from smartclause.rails.refused import CannotDo

DUTIES_BEFORE, DUTIES_AFTER, DUTIES_ANEW = "duties before", "duties after", "duties judged anew"
_KEYS, _MINE = "keys of duties", "rows of duties"


@dataclass(frozen=True)
class DutiesAgain:
    """`asked`: up to which instant they were followed. `told`: each instance goes into the relations named above."""

    world: World
    table: Table
    old: DutyFigures
    asked: Instant
    told: bool = False

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.table.connection

    def figures(self) -> DutyFigures:
        """Raises CannotDo where a duty that was followed can be followed no more."""
        before, after = (DutyRows(self.connection, name).begin() for name in (DUTIES_BEFORE, DUTIES_AFTER))
        counts: dict[SentencePlace, Mapping[DutyStatus, int]] = {}
        anew: list[SentencePlace] = []
        for sentence, number, duty in self._over("").sentences():
            place = sentence.clause.id, number
            try:
                change = self._changed(sentence, duty, before, after)
            except CannotDo:
                before.forget(sentence)
                after.forget(sentence)
                anew.append(place)
            else:
                found = Counter(self.old.counts[place])
                found.update(change)
                counts[place] = {status: n for status, n in found.items() if n}
        whole = self._whole(anew, after)
        return replace(whole, counts={**counts, **whole.counts})

    def _whole(self, places: list[SentencePlace], after: DutyRows) -> DutyFigures:
        """Of duties that keys do not tell apart: over all rows."""
        told = pa.table({"clause": pa.array([c for c, _ in places], pa.string()),
                         "sentence": pa.array([n for _, n in places], pa.int64())})  # fmt: skip
        self.connection.register(DUTIES_ANEW, told)
        return self._over(self._everything(), None, after).figures(places) if places else DutyFigures({})

    def _over(self, rows: str, now: Instant | None = None, kept: DutyRows | None = None) -> TableDuties:
        """Over some rows; without any, for questions about the contract alone."""
        if rows:
            self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS {rows}")
        bare = columns_of(self.connection)
        profile = counted(self.connection, bare, bare.facts, timed=False) if rows else bare
        asked = self.world.asked if now is None else now
        return TableDuties(self.world, self.connection, profile, asked, True, kept if self.told else None)

    def _changed(
        self, sentence: Sentence, duty: Duty | Repeated | Standing, before: DutyRows, after: DutyRows
    ) -> Counter[DutyStatus]:
        """Raises CannotDo where only a look at all rows tells."""
        if (sentence.clause.id, duty.number) not in self.old.counts or not isinstance(duty, Duty):
            raise CannotDo("a duty that other rows may turn than those of its keys", sentence.place)
        if duty.otherwise is not None or duty.no_later_than is not None or self._waives():
            raise CannotDo("a duty whose next step, end or waiver other rows tell", sentence.place)
        kinds, opening = self._kinds(sentence, duty)
        whole = self._gather(sentence, duty, kinds, opening)
        mine = (
            f'SELECT * EXCLUDE ("{AT}") FROM "{OLD}" WHERE {of_types(kinds)}' if whole else f'SELECT * FROM "{_MINE}"'
        )
        found: Counter[DutyStatus] = Counter()
        found.subtract(self._over(mine, self.asked, before).counted(sentence, duty))
        new = f'SELECT * EXCLUDE ("{AT}") FROM "{NEW}" WHERE {of_types(kinds)}'
        found.update(self._over(f"{mine} UNION ALL {new}", None, after).counted(sentence, duty))
        return found

    def _kinds(self, sentence: Sentence, duty: Duty) -> tuple[list[str], list[str]]:
        """Types of rows that may open the duty or answer it; and those that may open it."""
        lookup = self.world.lookup
        opening = {kind for t in triggers_of(duty, sentence) for kind in lookup.relevant_types(t.event)}
        answering = {kind for a in duty.answers for kind in lookup.relevant_types(a.act)}
        return sorted(opening | answering), sorted(opening)

    def _waives(self) -> bool:
        query = f"SELECT 1 FROM \"{OLD}\" WHERE type = 'waiver' LIMIT 1"
        return bool(self.connection.execute(query).fetchall())

    # ---- which rows

    def _gather(self, sentence: Sentence, duty: Duty, kinds: Sequence[str], opening: Sequence[str]) -> bool:
        """Old rows of the keys that are concerned; true: all of them are."""
        keys = self.table.keys(duty.keys)
        limit = self.asked - length(sentence.module.header.records_due or DEFAULT_RECORDS_DUE)
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {SOURCE} AS {self._everything()}")
        since = self._over("").unsettled_since(sentence, limit)
        if since is None or not keys or self._misses_one(duty, kinds):
            return True
        columns = ", ".join(f"{key} AS k{n}" for n, key in enumerate(keys))
        first = min(since, self.asked, LAST)
        unsettled = f'("{AT}" > {self.asked} OR ({of_types(opening)} AND "{AT}" >= {since}))'
        self.connection.execute(
            f'CREATE OR REPLACE TEMP TABLE "{_KEYS}" AS SELECT {columns} FROM "{NEW}" WHERE {of_types(kinds)}'
            f' UNION SELECT {columns} FROM "{OLD}"'
            f" WHERE {of_types(kinds)} AND {self.table.since(first)} AND {unsettled}"
        )
        same = " AND ".join(f'{key} = "{_KEYS}".k{n}' for n, key in enumerate(keys))
        self.connection.execute(
            f'CREATE OR REPLACE TEMP TABLE "{_MINE}" AS SELECT * EXCLUDE ("{AT}") FROM "{OLD}"'
            f' SEMI JOIN "{_KEYS}" ON {same} WHERE {of_types(kinds)}'
        )
        return False

    def _everything(self) -> str:
        return f'SELECT * EXCLUDE ("{AT}") FROM "{OLD}" UNION ALL SELECT * EXCLUDE ("{AT}") FROM "{NEW}"'

    def _misses_one(self, duty: Duty, kinds: Sequence[str]) -> bool:
        """A row without a key may be about any."""
        return any(
            self.connection.execute(f'SELECT 1 FROM "{name}" WHERE {missing} LIMIT 1').fetchall()
            for missing in self.table.missing(kinds, duty.keys)
            for name in (OLD, NEW)
        )
