"""What an engine cannot do, and why. An engine refuses it by name; a refusal that is not listed here is a fault,
and so is a listed one that no case meets any more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Why(Enum):
    """`notimpl`: it could be built; `notyet`: what it is built on must first; `never`: it does not fit the engine."""

    NOTIMPL = "notimpl"
    NOTYET = "notyet"
    NEVER = "never"


@dataclass(frozen=True)
class Gap:
    """`construct` as the refusal names it; `example` is the seed of a contract whose first history meets it."""

    engine: str
    construct: str
    why: Why
    reason: str
    example: int


GAPS = (
    Gap(
        "duckdb", "a dated vocabulary where both sides of `is in` are read from records", Why.NOTIMPL,
        "the table of concepts would have to be joined for the day of every record", 32,
    ),
    Gap(
        "printed statements", "a window of calendar days outside a table that is read", Why.NOTIMPL,
        "the relation of days is made for the days of one table", 0,
    ),
)  # fmt: skip


def gap_of(engine: str, construct: str) -> Gap | None:
    return next((g for g in GAPS if g.engine == engine and g.construct == construct), None)
