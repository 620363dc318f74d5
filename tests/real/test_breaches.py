"""1,055 real breaches under 72 hours, 15 days and 60 days: each engine tells what plain Python works out by itself.

The day a breach was posted stands in for its notice; what these rows say of anybody's conduct is not the point.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.real import breach_rows as real
from tests.real.breach_engines import ENGINES

pytestmark = pytest.mark.skipif(not real.FILE.exists(), reason="the published breaches are not on this machine")

LAST = real.HORIZONS[-1]


@pytest.fixture(scope="module")
def rows() -> list[real.Breach]:
    return real.with_added(real.published())


def test_the_published_rows_are_1055_each_with_both_dates():
    found = real.published()
    assert len(found) == len({row.number for row in found}) == 1055
    assert all(row.posted is not None and row.start < row.posted for row in found)


def test_thirteen_of_the_published_rows_were_posted_within_sixty_days_and_none_within_fifteen():
    counts = Counter(real.statuses(real.published(), LAST).values())
    by_clause = {c: Counter(real.status(r, c, LAST) for r in real.published()) for c in real.PERIODS}
    assert by_clause["breach_notice.1"] == by_clause["breach_notice.2"] == {"violated": 1055}
    assert by_clause["breach_notice.3"] == {"violated": 1042, "fulfilled": 13}
    assert counts == {"violated": 3 * 1055 - 13, "fulfilled": 13}


def test_what_every_engine_has_to_say_at_each_horizon_is_stated_here(rows):
    found = [Counter(real.statuses(rows, asked).values()) for asked in real.HORIZONS]
    assert found == [
        {"violated": 1186, "open": 61, "awaiting records": 1},
        {"violated": 3156, "open": 101, "fulfilled": 17, "awaiting records": 2},
        {"violated": 3402, "open": 2, "fulfilled": 28},
    ]


@pytest.mark.parametrize("asked", real.HORIZONS, ids=lambda at: f"{at:%Y-%m-%d}")
@pytest.mark.parametrize("engine", ENGINES)
def test_every_status_is_what_plain_python_works_out(engine, asked, rows, tmp_path):
    compare(engine, rows, asked, tmp_path)


def compare(engine: str, rows: list[real.Breach], asked: datetime, folder: Path) -> None:
    told, expected = ENGINES[engine](rows, asked, folder), real.statuses(rows, asked)
    assert told.unsettled == {key: status for key, status in expected.items() if status != "fulfilled"}
    assert told.counts == Counter(expected.values())


@pytest.mark.parametrize("clause", real.PERIODS)
@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_at_the_due_is_in_time_and_a_microsecond_later_is_not(engine, clause, rows, tmp_path):
    start = rows[500].start
    told = ENGINES[engine](list(real.boundaries(start)), LAST, tmp_path).unsettled
    found = [told.get((clause, f"{name}_{clause[-1]}"), "fulfilled") for name in ("before", "at", "after")]
    assert found == ["fulfilled", "fulfilled", "violated"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_duty_is_open_at_its_due_then_awaits_records_for_a_day(engine, rows, tmp_path):
    row = real.Breach("b", rows[500].start, None)
    last, day = real.due("breach_notice.1", row.start), timedelta(days=1)
    moments = [last - real.TICK, last, last + real.TICK, last + day - real.TICK, last + day]
    found = [ENGINES[engine]([row], at, tmp_path).unsettled["breach_notice.1", "b"] for at in moments]
    assert found == ["open", "open", "awaiting records", "awaiting records", "violated"]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_posted_before_the_breach_answers_nothing(engine, rows, tmp_path):
    exchanged = [row for row in rows if row.number.startswith("exchanged")][:10]
    told = ENGINES[engine](exchanged, LAST + timedelta(days=100), tmp_path).unsettled
    assert set(told.values()) == {"violated"}
    assert len(told) == 3 * len(exchanged)
