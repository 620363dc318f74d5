"""The small changes: each is one slip that a drafter could make, on the tree of the file as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

from smartclause.language import tree as t


class Slip(Enum):
    MODAL = "modal"
    EXCEPTION = "exception"
    JOIN = "join"
    FIGURE = "figure"
    UNIT = "unit"
    KEY = "key"
    WINDOW = "window"
    COMPARISON = "comparison"
    PRIORITY = "priority"
    SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`place` is that of the item in its file."""

    slip: Slip
    place: int
    before: t.Declaration
    after: t.Declaration


Change: TypeAlias = tuple[Slip, Any]

_COMPARED: Mapping[t.CompareOp, tuple[t.CompareOp, ...]] = MappingProxyType(
    {
        "at_least": ("exceeds", "at_most"),
        "exceeds": ("at_least", "below"),
        "at_most": ("below", "at_least"),
        "below": ("at_most", "exceeds"),
        "before": ("after",),
        "after": ("before",),
    }
)
_UNITS: Mapping[t.TimeUnit, t.TimeUnit] = MappingProxyType(
    {
        "minute": "hour", "hour": "day", "day": "hour", "working_day": "day", "month": "day", "year": "month",
    }
)  # fmt: skip
_CALENDAR: Mapping[t.CalendarUnit, t.CalendarUnit] = MappingProxyType(
    {"year": "month", "month": "year", "day": "month"}
)
_KEPT = ("labels", "notes", "beside", "span", "interprets")


def mutants(file: t.File) -> Iterator[Mutant]:
    """Of clauses, definitions and parameters, in their order; each differs from the file in one place."""
    for place, item in enumerate(file.items):
        if isinstance(item, t.Clause | t.Define | t.Parameter):
            seen: set[object] = {item}
            for slip, after in changed(item):
                if after not in seen:
                    seen.add(after)
                    yield Mutant(slip, place, item, after)


def changed(node: Any) -> Iterator[Change]:
    """The node with one slip, in itself or somewhere inside."""
    yield from _here(node)
    if not isinstance(node, t.Node):
        return
    for name in node.__dataclass_fields__:
        if name in _KEPT or (isinstance(node, t.Parameter) and name in ("at_least", "at_most")):
            continue
        value = getattr(node, name)
        if isinstance(value, tuple):
            for place, part in enumerate(value):
                for slip, other in changed(part):
                    more = () if other is None else (other,)
                    yield slip, _with(node, name, (*value[:place], *more, *value[place + 1 :]))
        elif isinstance(value, t.Node):
            for slip, other in changed(value):
                if other is not None:
                    yield slip, _with(node, name, other)


def _with(node: Any, name: str, value: object) -> Any:
    return replace(node, **{name: value})


def _here(node: Any) -> Iterator[Change]:
    """Slips in the node itself; None: it is left out."""
    match node:
        case t.Grant() | t.Limit() | t.Bar():
            yield from _norm(node)
        case t.Duty():
            yield from _duty(node)
        case t.Applies():
            yield Slip.SCOPE, None
        case t.All():
            yield Slip.JOIN, t.AnyOf(node.args, listed=node.listed)
        case t.AnyOf():
            yield Slip.JOIN, t.All(node.args, listed=node.listed)
        case t.AtLeast():
            yield from ((Slip.FIGURE, replace(node, count=n)) for n in _beside(node.count) if 0 < n <= len(node.args))
        case t.Compare():
            yield from ((Slip.COMPARISON, replace(node, op=op)) for op in _COMPARED[node.op])
        case t.Is() | t.IsIn() | t.Covers():
            yield Slip.COMPARISON, t.Not(node)
        case t.Not(arg=t.Is() | t.IsIn() | t.Covers()):
            yield Slip.COMPARISON, node.arg
        case t.Query():
            yield from _query(node)
        case t.ClauseStatus() if node.keys:
            yield from ((Slip.KEY, replace(node, keys=_without(node.keys, n))) for n in range(len(node.keys)))
        case _:
            yield from _literal(node)


def _norm(node: t.Grant | t.Limit | t.Bar) -> Iterator[Change]:
    yield from _other_modal(node)
    for n in range(len(node.exceptions)):
        if len(node.exceptions) > 1 or node.condition is not None or not isinstance(node, t.Bar):
            yield Slip.EXCEPTION, replace(node, exceptions=_without(node.exceptions, n))
        else:
            yield Slip.EXCEPTION, replace(node, exceptions=())
    yield from ((Slip.PRIORITY, replace(node, despite=_without(node.despite, n))) for n in range(len(node.despite)))


def _other_modal(node: t.Grant | t.Limit | t.Bar) -> Iterator[Change]:
    """`may` and `must not` for each other; `may only if` for `may if`."""
    same: dict[str, Any] = {
        name: getattr(node, name) for name in ("party", "acts", "condition", "exceptions", "when", "subject_to")
    }
    place: dict[str, Any] = {"span": node.span, "notes": node.notes, "beside": node.beside}
    match node:
        case t.Grant():
            yield Slip.MODAL, t.Bar(**same, **place)
            if node.condition is not None:
                yield Slip.MODAL, t.Limit(**same, **place)
        case t.Limit():
            yield Slip.MODAL, t.Grant(**same, **place)
            yield Slip.MODAL, t.Bar(**same, **place)
        case t.Bar():
            yield Slip.MODAL, t.Grant(**same, **place)


def _duty(node: t.Duty) -> Iterator[Change]:
    acts = tuple(answer.act for answer in node.acts)
    place: dict[str, Any] = {"span": node.span, "notes": node.notes, "beside": node.beside}
    yield Slip.MODAL, t.Grant(node.party, acts, **place)
    yield from (
        (Slip.EXCEPTION, replace(node, exceptions=_without(node.exceptions, n))) for n in range(len(node.exceptions))
    )
    if node.waived_by is not None:
        yield Slip.EXCEPTION, replace(node, waived_by=None)
    if node.otherwise is not None:
        yield Slip.EXCEPTION, replace(node, otherwise=None)
    if node.start is not None:
        yield Slip.WINDOW, replace(node, start=None)
    for n in range(len(node.keys)):
        yield Slip.KEY, replace(node, keys=_without(node.keys, n))


def _query(node: t.Query) -> Iterator[Change]:
    yield from ((Slip.KEY, replace(node, keys=_without(node.keys, n))) for n in range(len(node.keys)))
    if node.window is None:
        return
    yield Slip.WINDOW, replace(node, window=None)
    if isinstance(node.window, t.Calendar):
        yield Slip.WINDOW, replace(node, window=replace(node.window, unit=_CALENDAR[node.window.unit]))


def _literal(node: Any) -> Iterator[Change]:
    match node:
        case t.Quantity() | t.Percentage():
            step = Decimal(1) if node.value == node.value.to_integral_value() else Decimal("0.1")
            yield from ((Slip.FIGURE, replace(node, value=node.value + s)) for s in (step, -step))
        case t.Money():
            yield from ((Slip.FIGURE, replace(node, amount=node.amount + s)) for s in (1, -1))
            yield Slip.UNIT, replace(node, currency="USD" if node.currency != "USD" else "EUR")
        case t.Duration():
            yield from ((Slip.FIGURE, replace(node, count=n)) for n in _beside(node.count) if n > 0)
            yield Slip.UNIT, replace(node, unit=_UNITS[node.unit])
        case t.Date():
            yield from ((Slip.FIGURE, replace(node, day=node.day + timedelta(days=s))) for s in (1, -1))
        case t.Instant():
            yield from ((Slip.FIGURE, replace(node, time=node.time + timedelta(minutes=s))) for s in (1, -1))
        case _:
            return


def _beside(count: int) -> tuple[int, int]:
    return count + 1, count - 1


def _without(items: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    return (*items[:place], *items[place + 1 :])
