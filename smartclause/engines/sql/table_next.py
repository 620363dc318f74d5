"""The next step of a duty of a table: it opens where the duty was missed, in doubt where it may have been; done in
time it cures."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from smartclause.engines.sql.day_tables import day_of
from smartclause.engines.sql.duties import STATUSES
from smartclause.engines.sql.pieces import chosen, column, joining, named, one_of, only, selected, source, whole
from smartclause.engines.sql.table_clock import Clock, Days

FIRST_STEP, CURED = "first step", len(STATUSES)
WORDS = (*STATUSES, "cured")
_VIOLATED = STATUSES.index("violated")
_PAST_DUE = (_VIOLATED, STATUSES.index("awaiting records"), STATUSES.index("unproven"))
_MISSED = "m"
_TOLD = ("start", "began", "early", "late", "sure")


def missed(clock: Clock, days: Days, keys: Sequence[str]) -> exp.Select:
    """What opens the next step, counted from the due; the columns of `opened`."""
    sure = exp.EQ(this=column("status"), expression=whole(_VIOLATED))
    start = chosen([(sure, column("late"))], column("early"))
    heads = [column(name) for name in ("n", "id", *keys)]
    late = one_of(column("status"), [whole(code) for code in _PAST_DUE])
    inner = only(
        selected(
            [*heads, named(start, "start"), named(column("late"), "began"), named(sure.copy(), "sure")],
            source(FIRST_STEP),
        ),
        late,
    )
    begun = column("start", _MISSED)
    early, latest = clock.ends(days, begun, column("began", _MISSED), begun.copy())
    columns = [column(name, _MISSED) for name in ("n", "id", *keys, "start", "began", "sure")]
    found = selected([*columns, named(early, "early"), named(latest, "late")], exp.Subquery(
        this=inner, alias=exp.TableAlias(this=exp.to_identifier(_MISSED))
    ))  # fmt: skip
    if not days.name:
        return found
    return joining(found, source(days.name), exp.EQ(this=column("day", days.name), expression=day_of(begun.copy())))


def with_next(second: str, keys: Sequence[str]) -> str:
    """The first step as it stands with the second."""
    names = ("n", "id", *keys, *_TOLD)
    cured = f"f.status = {_VIOLATED} AND s.status = {STATUSES.index('fulfilled')}"
    status = f"CASE WHEN {cured} THEN {CURED} ELSE f.status END AS status"
    columns = ", ".join([*(f'f."{name}"' for name in names), status])
    return f'SELECT {columns}, f.answered, f.answered_at FROM "{FIRST_STEP}" f LEFT JOIN ({second}) s ON f.n = s.n'
