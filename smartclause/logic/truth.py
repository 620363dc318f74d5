"""Kleene's strong three-valued logic. Missing evidence is UNKNOWN; only `is Truth.TRUE` permits."""

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn


class Truth(Enum):
    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth has three values: write `is Truth.TRUE`")


_RANK = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}
_BY_RANK = (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE)


def negate(value: Truth) -> Truth:
    return _BY_RANK[2 - _RANK[value]]


def every(values: Iterable[Truth]) -> Truth:
    """TRUE of nothing; otherwise the least of the values."""
    return _BY_RANK[min((_RANK[v] for v in values), default=2)]


def some(values: Iterable[Truth]) -> Truth:
    """FALSE of nothing; otherwise the greatest of the values."""
    return _BY_RANK[max((_RANK[v] for v in values), default=0)]


def at_least(count: int, values: Iterable[Truth]) -> Truth:
    """TRUE if `count` values are surely true, FALSE if no more than `count - 1` can be."""
    ranks = [_RANK[v] for v in values]
    sure, possible = ranks.count(2), len(ranks) - ranks.count(0)
    return between(sure >= count, possible >= count)


def between(surely: bool, possibly: bool) -> Truth:
    """TRUE if it surely holds, FALSE if it cannot possibly hold, otherwise UNKNOWN."""
    if surely:
        return Truth.TRUE
    return Truth.UNKNOWN if possibly else Truth.FALSE


def known(value: bool) -> Truth:
    return Truth.TRUE if value else Truth.FALSE
