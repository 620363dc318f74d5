"""The forms of history at one place, from the records that may count there: truth, bounds and reasons.

This is the long way, through all candidates; `past_running` has the short one for questions in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from smartclause.logic.contract import FieldType
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Read, Reading, Reason
from smartclause.logic.terms import Kind, Money, Total, Value
from smartclause.logic.truth import Truth, every, negate, some
from smartclause.rails.past.entries import Entry
from smartclause.rails.past.running import SCALE, Running, RunningEvery, RunningTotal, RunningValues, units
from smartclause.rails.rows import Row

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
Told: TypeAlias = "tuple[Truth, frozenset[Reason]]"


@dataclass(frozen=True, slots=True)
class Seen:
    """What may count at one place: entries in order, reasons that more may stand there, and when it is asked."""

    found: Sequence[Entry]
    unseen: tuple[Reason, ...]
    now: Instant
    doubt: bool
    base: Running | None = None  # what surely counts and is no more kept

    def counts(self) -> list[Truth]:
        return [e.counts(self.now, self.doubt) for e in self.found]

    def why(self) -> frozenset[Reason]:
        """Of those that are only possible, and of what is unseen."""
        doubtful = (e for e in self.found if e.counts(self.now, self.doubt) is U)
        return frozenset(r for e in doubtful for r in e.reasons(self.now)).union(self.unseen)


def some_of(seen: Seen) -> Told:
    kept = [T] if seen.base is not None and seen.base.possible else []
    truth = some((*kept, *seen.counts(), *(U for _ in seen.unseen)))
    return truth, seen.why() if truth is U else frozenset()


@dataclass(frozen=True, slots=True)
class Has:
    """What a record was asked to have: the load of `every … has` and `latest … has`."""

    truth: Truth
    why: frozenset[Reason]


def every_of(seen: Seen, has: Sequence[Has]) -> Told:
    """False where nothing is recorded, or one that surely counts fails."""
    counts = seen.counts()
    if isinstance(seen.base, RunningEvery) and seen.base.lacking_firm:
        return F, frozenset()
    kept = [T] if seen.base is not None and seen.base.possible else []
    exists = some((*kept, *counts, *(U for _ in seen.unseen)))
    each = [some((negate(c), h.truth)) for c, h in zip(counts, has, strict=True)]
    truth = every((exists, *each, *(U for _ in seen.unseen)))
    if truth is not U:
        return truth, frozenset()
    open_ = [(e, c, h) for e, c, h, t in zip(seen.found, counts, has, each, strict=True) if t is U]
    why = {r for e, c, _ in open_ if c is U for r in e.reasons(seen.now)}
    return truth, frozenset(why.union(seen.unseen, *(h.why for _, _, h in open_ if h.truth is U)))


def last_of(seen: Seen, unseen_after: bool) -> Entry | None:
    """The last record, if it surely counts and nothing unseen may follow it."""
    if not seen.found or unseen_after or seen.found[-1].counts(seen.now, seen.doubt) is not T:
        return None
    return seen.found[-1]


# ---- numbers


def number_of(seen: Seen) -> Reading:
    kept = 0 if seen.base is None else seen.base.possible
    sure = sum(c is T for c in seen.counts())
    return between_bounds(seen, Decimal(kept + sure), Decimal(kept + len(seen.found)), ())


def between_bounds(seen: Seen, low: Value, high: Value | None, more: Iterable[Reason]) -> Reading:
    """What is unseen leaves the upper end open."""
    high = None if seen.unseen else high
    if high is not None and low == high:
        return Reading(low, low, high)
    return Reading(None, low, high, reasons=tuple(seen.why().union(more)))


@dataclass(frozen=True, slots=True)
class Amount:
    """The load of a total: the least and most that a record adds, and why that is not known."""

    least: Decimal
    most: Decimal | None
    why: frozenset[Reason]
    least_units: int | None  # None: not added up in whole numbers
    most_units: int | None


def amount(row: Row, node: Total, ft: FieldType | None) -> Amount:
    """An unknown amount counts with its declared bounds, and at least 0."""
    value = row.facts.get(node.field)
    why = frozenset({row.why(node.field)}) if value is None else frozenset()
    if isinstance(value, Money):
        value = value.amount if value.currency == node.type.detail else None
    if isinstance(value, Decimal):
        return _amount(max(value, Decimal(0)), max(value, Decimal(0)), why)
    least = _number(ft.low) if ft else None
    return _amount(max(least or Decimal(0), Decimal(0)), _number(ft.high) if ft else None, why)


def _amount(least: Decimal, most: Decimal | None, why: frozenset[Reason]) -> Amount:
    low, high = units(least), units(most)
    exact = low is not None and (most is None or high is not None)
    return Amount(least, most, why, low if exact else None, high if exact else None)


def _number(bound: Value | None) -> Decimal | None:
    if isinstance(bound, Money):
        return bound.amount
    return bound if isinstance(bound, Decimal) else None


def as_amount(number: Decimal, node: Total) -> Value:
    return Money(number, node.type.detail) if node.type.kind is Kind.MONEY else number


def total_of(seen: Seen, node: Total) -> Reading:
    loads: list[Amount] = [e.load for e in seen.found]
    kept = Decimal(seen.base.high).scaleb(-SCALE) if isinstance(seen.base, RunningTotal) else Decimal(0)
    low = sum((a.least for a, c in zip(loads, seen.counts(), strict=True) if c is T), kept)
    high = sum((a.most or Decimal(0) for a in loads), kept)
    most = None if any(a.most is None for a in loads) else as_amount(high, node)
    return between_bounds(seen, as_amount(low, node), most, (r for a in loads for r in a.why))


@dataclass(frozen=True, slots=True)
class Named:
    """The load of `distinct`: the value, or why it is not known."""

    value: Value | None
    why: frozenset[Reason]


def named(row: Row, field: str) -> Named:
    value = row.facts.get(field)
    return Named(value, frozenset({row.why(field)}) if value is None else frozenset())


def distinct_of(seen: Seen, one: Callable[[Value | None], bool]) -> Reading:
    """`one`: whether a value is one value, and not a concept with narrower ones under it."""
    loads: list[Named] = [e.load for e in seen.found]
    told = [(a.value, c is T, 1) for a, c in zip(loads, seen.counts(), strict=True)]
    if isinstance(seen.base, RunningValues):
        told += [(value, True, cell[0]) for value, cell in seen.base.values.items()]
    possible = {value for value, _, _ in told if one(value)}
    sure = {value for value, surely, _ in told if surely and one(value)}
    vague = sum(times for value, _, times in told if not one(value))
    vague_sure = any(surely for value, surely, _ in told if not one(value))
    low = len(sure) or int(vague_sure)
    why = (r for a in loads for r in a.why)
    return between_bounds(seen, Decimal(low), Decimal(len(possible) + vague), why)


def absent(event: str, name: str, role: str, supply: object) -> Reading:
    """A field of the latest record, where there is none."""
    reason = Reason("no such record", name, event, role, supply=supply)  # type: ignore[arg-type]
    return Reading(reasons=(reason,), reads=(Read(event, name),))
