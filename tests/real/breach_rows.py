"""1,055 published breaches as triggers, with the day each was posted as a stand-in for its notice.

Knows nothing of smartclause. The tests add rows without a posting date and rows with the two dates exchanged, and
rows whose answer comes exactly at a due and a microsecond after it.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "breaches" / "ecdat_breaches.csv.gz"
TICK = timedelta(microseconds=1)
ADDED = 40  # of each kind
HORIZONS = tuple(datetime.fromisoformat(at) for at in ("2011-06-30T12:00Z", "2014-02-01T00:00Z", "2014-07-15T00:00Z"))


@dataclass(frozen=True)
class Breach:
    """`posted` None: nobody shows that it was."""

    number: str
    start: datetime
    posted: datetime | None


def published() -> list[Breach]:
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Breach(f"b{row['Number']}", _midnight(row["breach_start"]), _midnight(row["Date_Posted_or_Updated"]))
        for row in rows
    ]


def with_added(rows: list[Breach]) -> list[Breach]:
    silent = [Breach(f"silent_{row.number}", row.start, None) for row in rows[::25][:ADDED]]
    exchanged = [
        Breach(f"exchanged_{row.number}", row.posted, row.start)
        for row in rows[7::25][:ADDED]
        if row.posted is not None
    ]
    return [*rows, *silent, *exchanged, *boundaries(rows[500].start)]


def boundaries(start: datetime) -> Iterator[Breach]:
    for clause in PERIODS:
        last = due(clause, start)
        for name, posted in (("before", last - TICK), ("at", last), ("after", last + TICK)):
            yield Breach(f"{name}_{clause[-1]}", start, posted)


def _midnight(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(), UTC)


# ---- the plain answer

PERIODS = {"breach_notice.1": 0, "breach_notice.2": 15, "breach_notice.3": 60}


def due(clause: str, start: datetime) -> datetime:
    """72 hours from the moment; days from the end of the first day to the last microsecond of the last."""
    if not PERIODS[clause]:
        return start + timedelta(hours=72)
    return datetime.combine(start.date(), time(), UTC) + timedelta(days=PERIODS[clause] + 1) - TICK


RECORDS_DUE = timedelta(hours=24)  # what was done in time may still be recorded so long afterwards


def status(row: Breach, clause: str, asked: datetime) -> str:
    """'' where the breach had not happened yet."""
    if row.start > asked:
        return ""
    last = due(clause, row.start)
    if row.posted is not None and row.start <= row.posted <= min(last, asked):
        return "fulfilled"
    if asked <= last:
        return "open"
    return "violated" if asked >= last + RECORDS_DUE else "awaiting records"


def statuses(rows: Iterable[Breach], asked: datetime) -> dict[tuple[str, str], str]:
    found = {(clause, row.number): status(row, clause, asked) for row in rows for clause in PERIODS}
    return {key: value for key, value in found.items() if value}


# ---- lines of plain JSON


def events(rows: Iterable[Breach], upto: datetime | None = None) -> list[dict[str, object]]:
    """In the order of time; of one instant the breach comes before what answers it."""
    found = [(row.start, 0, "breach", row.number) for row in rows]
    found += [(row.posted, 1, "post", row.number) for row in rows if row.posted is not None]
    return [_event(at, kind, number) for at, _, kind, number in sorted(found) if upto is None or at <= upto]


def _event(at: datetime, kind: str, number: str) -> dict[str, object]:
    done = {"by": "B", "to": "R"} if kind == "post" else {}
    return {"type": f"breach_notice.{kind}", "time": text_of(at), **done, "facts": {"breach_no": number}}


def text_of(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at.microsecond:06}".rstrip("0") if at.microsecond else "") + "Z"
