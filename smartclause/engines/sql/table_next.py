"""The next step of a duty of a table: it opens where the duty was surely missed; done in time it cures.

Where nobody knows whether it was missed, no next step makes the duty stand otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from smartclause.engines.sql.day_tables import day_of
from smartclause.engines.sql.duties import STATUSES
from smartclause.engines.sql.pieces import column, joining, named, only, selected, source, whole, yes
from smartclause.engines.sql.table_clock import Clock, Days

FIRST_STEP, CURED = "first step", len(STATUSES)
WORDS = (*STATUSES, "cured")
VIOLATED = STATUSES.index("violated")


def missed(clock: Clock, days: Days, keys: Sequence[str]) -> exp.Select:
    """What opens the next step, counted from the due; the columns of `opened`."""
    start = column("late", FIRST_STEP)
    early, late = clock.ends(days, start, start, start)
    columns = [column(name, FIRST_STEP) for name in ("n", "id", *keys)]
    moments = {"start": start, "began": start.copy(), "early": early, "late": late, "sure": yes()}
    found = selected([*columns, *(named(value.copy(), name) for name, value in moments.items())], source(FIRST_STEP))
    if days.name:
        same_day = exp.EQ(this=column("day", days.name), expression=day_of(start.copy()))
        found = joining(found, source(days.name), same_day)
    return only(found, exp.EQ(this=column("status", FIRST_STEP), expression=whole(VIOLATED)))


def with_next(second: str, keys: Sequence[str]) -> str:
    """The first step as it stands with the second."""
    names = ("n", "id", *keys, "start", "began", "early", "late", "sure")
    status = f"CASE WHEN s.status = {STATUSES.index('fulfilled')} THEN {CURED} ELSE f.status END AS status"
    columns = ", ".join([*(f'f."{name}"' for name in names), status])
    return f'SELECT {columns}, f.answered, f.answered_at FROM "{FIRST_STEP}" f LEFT JOIN ({second}) s ON f.n = s.n'
