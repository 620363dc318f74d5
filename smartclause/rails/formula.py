"""Formulas: what a verdict is made of, before anything is known of the act. Data only.

Every formula has two rails, *is true* and *is false*, classical both; only leaves look at missing values, and
`Inverse` swaps the rails. A formula is unknown where neither rail holds; its reasons are those under its unknown parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from smartclause.logic.finding import Reason
from smartclause.logic.terms import (
    ClauseViolated,
    Compare,
    Covers,
    Every,
    EveryFollowed,
    Holds,
    LatestHas,
    Some,
)
from smartclause.logic.truth import Truth

THIS_ACT = "this act"  # in a reason: the number of the act judged; no number has a space

Test: TypeAlias = Holds | Compare | Covers | Some | Every | EveryFollowed | LatestHas | ClauseViolated


@dataclass(frozen=True, slots=True)
class Fixed:
    """Known before any act is: a signature, a type, a constant."""

    truth: Truth
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A term that looks at values: of the act, of records, of duties.

    `module` gives zone and counting rule; `party` is the party judged; `favour`: its truth would help that party, so
    that what the party alone recorded makes it at most unknown (design 2.6); `judged`: in counts the act counts itself.
    """

    term: Test
    module: str
    party: str
    favour: bool
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Force:
    """The file is in force at the act's instant. `grants`: as grants need it, else as the bars of open files do."""

    module: str
    clause: str
    grants: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """The act answers what a duty of the module asks of the party (design 2.10). `version`: of which version of the
    contract, so many amendments back (2.11)."""

    module: str
    type: str
    party: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Inverse:
    arg: Formula


@dataclass(frozen=True, slots=True)
class Each:
    """All of them; true of nothing."""

    args: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Any of them; false of nothing."""

    args: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    count: int
    args: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class AtBestUnknown:
    """What is true of it counts as unknown, for the reason given (an open file allows nothing alone)."""

    arg: Formula
    reason: Reason


Formula: TypeAlias = Fixed | Leaf | Force | Owed | Inverse | Each | Either | AtLeast | AtBestUnknown
Ground: TypeAlias = Fixed | Leaf | Force | Owed

TRUE = Fixed(Truth.TRUE)
FALSE = Fixed(Truth.FALSE)


def parts(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case Fixed() | Leaf() | Force() | Owed():
            return ()
        case Inverse() | AtBestUnknown():
            return (formula.arg,)
        case Each() | Either() | AtLeast():
            return formula.args
        case _:
            assert_never(formula)


def grounds(formula: Formula) -> Iterator[Ground]:
    """What the formula rests on, in reading order, repetitions included."""
    match formula:
        case Fixed() | Leaf() | Force() | Owed():
            yield formula
        case _:
            for part in parts(formula):
                yield from grounds(part)
