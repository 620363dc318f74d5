"""Windows of calendar days: for each day of a table, until when its records stay inside."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
from sqlglot import exp

from smartclause.engines.sql.dated import changes_of_parameter, until_of
from smartclause.engines.sql.needs import Window
from smartclause.engines.sql.pieces import FOREVER, NEVER, Sql, chosen, column, whole
from smartclause.logic.counting import local_date, start_of_day
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Parameter
from smartclause.rails.refused import CannotDo

DAY = 86_400_000_000
MOST_CUTS = 2


def day_of(instant: Sql) -> Sql:
    """The day of the world's time, from the first one on: never a division of a negative number."""
    return exp.IntDiv(this=exp.Paren(this=exp.Sub(this=instant, expression=whole(FIRST))), expression=whole(DAY))


def day_table(lookup: Lookup, window: Window, days: tuple[int, ...]) -> tuple[pa.Table, bool]:
    """For each day: until when records before, between and after its turns stay in the window. And whether no later
    record leaves first."""
    rows: dict[str, list[int | str | None]] = {
        n: [] for n in ("day", "c1", "c2", *(f"{m}{i}" for m in "spw" for i in range(3)))
    }
    ends: list[tuple[int, int]] = []
    changes = changes_of_parameter(lookup, window.within.name) if isinstance(window.within, Parameter) else []
    for day in days:
        start = max(FIRST + day * DAY, FIRST)
        end = min(start + DAY - 1, LAST)
        cuts = cuts_of_day(window.zone, changes, start, end)
        if len(cuts) > MOST_CUTS:
            raise CannotDo("a window whose length changes more than twice in a day", str(window.within))
        points = [start, *cuts]
        points += [points[-1]] * (MOST_CUTS + 1 - len(points))
        rows["day"].append(day)
        rows["c1"].append(cuts[0] if cuts else FOREVER)
        rows["c2"].append(cuts[1] if len(cuts) > 1 else FOREVER)
        for i, point in enumerate(points):
            sure, possible, why = until_of(lookup, window, point)
            pair = (NEVER if sure is None else sure, FOREVER if possible is None else possible)
            ends.append(pair)
            rows[f"s{i}"].append(pair[0])
            rows[f"p{i}"].append(pair[1])
            rows[f"w{i}"].append(why)
    steady = all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(ends))
    types = {n: pa.string() if n.startswith("w") else pa.int64() for n in rows}
    return pa.table({n: pa.array(v, types[n]) for n, v in rows.items()}), steady


def cuts_of_day(zone: str, changes: list[int], start: int, end: int) -> list[int]:
    found = {c for c in changes if start < c <= end}
    day = local_date(start, zone)
    while True:
        if day.toordinal() >= 3652059:
            return sorted(found)
        day = day.fromordinal(day.toordinal() + 1)
        begins = start_of_day(day, zone)
        if begins > end:
            return sorted(found)
        found |= {begins} if begins > start else set()


def cut(table: str, mark: str, instant: Sql) -> Sql:
    return chosen(
        [
            (exp.LT(this=instant.copy(), expression=column("c1", table)), column(f"{mark}0", table)),
            (exp.LT(this=instant.copy(), expression=column("c2", table)), column(f"{mark}1", table)),
        ],
        column(f"{mark}2", table),
    )
