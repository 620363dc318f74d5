"""Instants for duties that follow each other: when the first began so that, at an act, so many of them are past due;
and between, where each is answered in time or late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from smartclause.engines.prove.moments import DAY
from smartclause.engines.prove.owed import End
from smartclause.logic.counting import Instant
from smartclause.logic.instants import FIRST

MINUTE = 60_000_000
_LONGEST = 4000 * DAY


def phases(at: Instant, ends: Sequence[End]) -> Iterator[Instant]:
    """`ends`: each begins when the one before is due."""
    lowest = max(at - _LONGEST, FIRST + DAY)
    for passed in range(len(ends) + 1):
        start = _latest(at, ends, passed, lowest)
        if start is not None:
            yield start
            yield from _between([start, *_dues(start, ends), at], at)


def _latest(at: Instant, ends: Sequence[End], passed: int, lowest: Instant) -> Instant | None:
    """The latest whole minute from which so many are past due, with a little room."""
    low, high = lowest // MINUTE, (at - 1) // MINUTE
    if _passed(low * MINUTE, ends, at) < passed:
        return None
    while low < high:
        middle = (low + high + 1) // 2
        if _passed(middle * MINUTE, ends, at) >= passed:
            low = middle
        else:
            high = middle - 1
    early = low * MINUTE - 30 * MINUTE
    return early if passed == _passed(early, ends, at) and early > lowest else low * MINUTE


def _passed(start: Instant, ends: Sequence[End], at: Instant) -> int:
    return sum(1 for d in _dues(start, ends) if d < at)


def _dues(start: Instant, ends: Sequence[End]) -> list[Instant]:
    found: list[Instant] = []
    for end in ends:
        due = end(found[-1] if found else start)
        if due is None:
            break
        found.append(due)
    return found


def _between(marks: list[Instant], at: Instant) -> Iterator[Instant]:
    for one, other in pairwise(marks):
        middle = (one + min(other, at)) // 2
        whole = middle - middle % MINUTE
        if one < whole < at:
            yield whole
