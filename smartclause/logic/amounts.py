"""Values read from history: a field of the latest record, numbers, totals (design 2.6). Intervals, never guesses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias, assert_never

from smartclause.logic.finding import Read, Reading, Reason, all_reads, exactly, unknown, unknown_leaves
from smartclause.logic.history import (
    Candidate,
    Judge,
    candidates,
    clouds,
    done_by,
    field_of,
    is_type,
    latest,
    same_keys,
)
from smartclause.logic.terms import Count, CountDistinct, Kind, LatestField, Money, Query, Total, Value
from smartclause.logic.truth import Truth, every
from smartclause.logic.world import FactKey

if TYPE_CHECKING:
    from smartclause.logic.evaluate import View


def read_history(node: LatestField | Count | CountDistinct | Total, view: View, judge: Judge) -> Reading:
    found = candidates(node.query, view, judge)
    if isinstance(found, Reason):
        return unknown(found)
    unseen = clouds(node.query, view)
    match node:
        case LatestField():
            return _latest_field(node, found, unseen, view)
        case Count():
            return _interval(node.query, _with_self(node.query, found, view, judge), unseen, _count)
        case CountDistinct():
            return _interval(
                node.query,
                _with_self(node.query, found, view, judge),
                unseen,
                lambda cs: _distinct(node, cs, view),
            )
        case Total():
            return _interval(
                node.query,
                _with_self(node.query, found, view, judge),
                unseen,
                lambda cs: _total(node, cs, view),
            )
        case _:
            assert_never(node)


def _latest_field(node: LatestField, found: list[Candidate], unseen: tuple[Reason, ...], view: View) -> Reading:
    last = latest(node.query, found, view)
    if last is not None:
        return field_of(last.record, node.name, view)
    if found or unseen:
        return unknown(*(r for c in found for r in c.reasons), *unseen)
    return _no_such_record(node, view)


def _no_such_record(node: LatestField, view: View) -> Reading:
    """Nothing is recorded: unknown. What would fill it is a record of this type with this field."""
    keys = ",".join(f"{k}={field_of(view.record, k, view).value}" for k in node.query.keys)
    key = FactKey(f"a {node.query.event} record with {keys}", node.name)
    told = Read(node.query.event, node.name)
    if key in view.world.supplied:
        return exactly(view.world.supplied[key], told)
    ft = view.world.lookup.field(node.query.event, node.name)
    role = ft.shown_by if ft else ""
    return unknown(Reason("no such record", node.name, node.query.event, role, supply=key), reads=(told,))


def _with_self(query: Query, found: list[Candidate], view: View, judge: Judge) -> list[Candidate]:
    """In counts the judged act counts itself if it is such an act and meets `where` (design 2.6)."""
    act = view.record
    related = act.event.type in view.world.lookup.relevant_types(query.event)
    if not view.judged or not related:
        return found
    keys = {name: v for name in query.keys if (v := field_of(act, name, view).value) is not None}
    self_view = replace(view, doubt=False)
    plain = every((is_type(query, act, view), same_keys(act, keys, view), done_by(query, act, view)))
    where = judge(query.where, self_view.at(act)) if query.where is not None else None
    counts = every((plain, where.truth if where else Truth.TRUE))
    if counts is Truth.FALSE:
        return found
    narrower = Reason("narrower act", "", act.event.type, "", act.event.id)
    reasons = unknown_leaves(where) + ((narrower,) if plain is Truth.UNKNOWN else ())
    reads = (Read(act.event.type, "", None, act.event.id, act.event.id), *all_reads(where))
    return [*found, Candidate(act, counts, reasons, reads)]


Bounds: TypeAlias = "tuple[Value, Value | None, tuple[Reason, ...], tuple[Read, ...]]"


def _interval(
    query: Query,
    found: list[Candidate],
    unseen: tuple[Reason, ...],
    measure: Callable[[list[Candidate]], Bounds],
) -> Reading:
    """[sure, possible]; a cloud makes the upper end unbounded."""
    low, high, reasons, reads = measure(found)
    high = None if unseen else high
    reads = reads or (Read(query.event),)
    if high is not None and low == high:
        return Reading(low, low, high, reads=reads)
    why = tuple(r for c in found if c.counts is Truth.UNKNOWN for r in c.reasons) + reasons + unseen
    return Reading(None, low, high, reasons=why, reads=reads)


def _count(found: list[Candidate]) -> Bounds:
    sure = sum(c.counts is Truth.TRUE for c in found)
    reads = tuple(r for c in found for r in c.reads)
    return Decimal(sure), Decimal(len(found)), (), reads


def _distinct(node: CountDistinct, found: list[Candidate], view: View) -> Bounds:
    """Different values: surely at least, possibly at most. A concept that is no leaf may be any under it."""
    sure: set[Value] = set()
    possible: set[Value] = set()
    vague_sure, vague = 0, 0
    readings = [(c, field_of(c.record, node.field, view)) for c in found]
    for candidate, reading in readings:
        settled = reading.value is not None and _is_settled(node, reading.value, view)
        if settled and reading.value is not None:
            possible.add(reading.value)
            sure |= {reading.value} if candidate.counts is Truth.TRUE else set()
        else:
            vague += 1
            vague_sure += candidate.counts is Truth.TRUE
    low = len(sure) or min(vague_sure, 1)
    reasons = tuple(r for _, reading in readings for r in reading.reasons)
    reads = tuple(r for c, reading in readings for r in (*c.reads, *reading.reads))
    return Decimal(low), Decimal(len(possible) + vague), reasons, reads


def _is_settled(node: CountDistinct, value: Value, view: View) -> bool:
    ft = view.world.lookup.field(node.query.event, node.field)
    if ft is None or ft.type.kind is not Kind.CONCEPT:
        return True
    return isinstance(value, str) and view.world.lookup.concepts(view.now, view.zone).is_leaf(value)


def _total(node: Total, found: list[Candidate], view: View) -> Bounds:
    """An unknown amount counts with its declared bounds, and at least 0."""
    low, high = Decimal(0), Decimal(0)
    unbounded, currency = False, node.type.detail
    reasons: tuple[Reason, ...] = ()
    reads: tuple[Read, ...] = ()
    for candidate in found:
        reading = field_of(candidate.record, node.field, view)
        least, most = _amounts(node, candidate, reading, currency, view)
        low += least if candidate.counts is Truth.TRUE else 0
        high += most or 0
        unbounded |= most is None
        reasons += reading.reasons
        reads += (*candidate.reads, *reading.reads)
    total_low, total_high = _as_amount(low, node), None if unbounded else _as_amount(high, node)
    return total_low, total_high, reasons, reads


def _as_amount(number: Decimal, node: Total) -> Value:
    return Money(number, node.type.detail) if node.type.kind is Kind.MONEY else number


def _amounts(
    node: Total, candidate: Candidate, reading: Reading, currency: str, view: View
) -> tuple[Decimal, Decimal | None]:
    """Least and most that one record adds; most None: no bound."""
    value = reading.value
    if isinstance(value, Money):
        value = value.amount if value.currency == currency else None
    if isinstance(value, Decimal):
        return max(value, Decimal(0)), max(value, Decimal(0))
    ft = view.world.lookup.field(candidate.record.event.type, node.field)
    least = _number(ft.low) if ft else None
    return max(least or Decimal(0), Decimal(0)), _number(ft.high) if ft else None


def _number(bound: Value | None) -> Decimal | None:
    if isinstance(bound, Money):
        return bound.amount
    return bound if isinstance(bound, Decimal) else None
