"""The lines of a scenario changed so that a measured thing stands one step below a figure, at it, one above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from smartclause.logic.contract import Line, Scenario
from smartclause.logic.counting import Duration
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Compare, Count, CountDistinct, Field, LatestField, Money, Order, Query, Type, Value
from smartclause.verbs.thresholds import figure

STEPS = (-1, 0, 1)
TENTH = Decimal("0.1")
MOST_RECORDS = 1000  # a scenario of more is not made: the threshold counts as not tried


def expected_at(order: Order, step: int) -> bool:
    """What the words of the comparison say one step below the figure (-1), at it (0), one above (1)."""
    match order:
        case Order.AT_LEAST:
            return step >= 0
        case Order.AT_MOST:
            return step <= 0
        case Order.EXCEEDS:
            return step > 0
        case Order.BELOW:
            return step < 0
        case Order.EQUAL:
            return step == 0
        case _:
            assert_never(order)


def stepped(value: Value, step: int, of: Type) -> Value | None:
    """One step from a figure: a whole one of what is counted, a tenth, a unit of money, a day, a microsecond."""
    match value:
        case bool() | str() | frozenset():
            return None
        case Decimal():
            whole = bool(of.detail) and value == value.to_integral_value()
            return value + step * (Decimal(1) if whole else TENTH)
        case Money():
            return replace(value, amount=value.amount + step)
        case Duration():
            return replace(value, count=value.count + step)
        case date():
            return value + timedelta(days=step) if date.min < value < date.max else None
        case int():
            return value + step
        case _:
            assert_never(value)


def variants(
    term: Compare, scenario: Scenario, others: Iterable[Scenario], lookup: Lookup
) -> Iterator[dict[int, list[Line]]]:
    """Ways to put the left side beside the figure on the right; none where this scenario has nothing to change."""
    records = [line for line in scenario.lines if line.event]
    match term.left:
        case Field() | LatestField():
            for line in records:
                yield from _with_field(term, term.left.name, records, line, lookup)
        case Count():
            yield from _with_count(term, term.left.query, records, lookup)
        case CountDistinct():
            yield from _with_kinds(term, term.left, records, others, lookup)
        case _:
            return


def _with_field(
    term: Compare, name: str, records: list[Line], line: Line, lookup: Lookup
) -> Iterator[dict[int, list[Line]]]:
    value = figure(term.right, line.at, lookup)
    if value is None or name not in dict(line.facts):
        return
    changed: dict[int, list[Line]] = {}
    for step in STEPS:
        beside = stepped(value, step, term.right.type)
        if beside is None:
            return
        other = _stating(line, name, beside)
        changed[step] = [other if each is line else each for each in records]
    yield changed


def _with_count(term: Compare, query: Query, records: list[Line], lookup: Lookup) -> Iterator[dict[int, list[Line]]]:
    """The last record counted, repeated just before itself."""
    counted = _counted(query, records, lookup)
    number = _whole(term, records, lookup)
    if not counted or number is None or not len(counted) < number <= MOST_RECORDS:
        return
    last = counted[-1]
    changed: dict[int, list[Line]] = {}
    for step in STEPS:
        more = number + step - len(counted)
        copies = [replace(last, at=last.at - more + k) for k in range(more)]
        place = records.index(last)
        changed[step] = [*records[:place], *copies, *records[place:]]
    yield changed


def _with_kinds(
    term: Compare, left: CountDistinct, records: list[Line], others: Iterable[Scenario], lookup: Lookup
) -> Iterator[dict[int, list[Line]]]:
    """As many records as there are to be different values, each with a value that some scenario states."""
    counted = _counted(left.query, records, lookup)
    number = _whole(term, records, lookup)
    lines = (line for each in others for line in each.lines)
    values = list(dict.fromkeys(value for line in lines for name, value in line.facts if name == left.field))
    if len(counted) != 1 or number is None or not 0 < number < len(values):
        return
    only = counted[0]
    if left.field not in dict(only.facts):  # a record that does not say which counts for none or one
        return
    values.sort(key=lambda value: value != dict(only.facts).get(left.field))
    rest = [line for line in records if line is not only]
    kinds = [_stating(replace(only, at=only.at - k), left.field, value) for k, value in enumerate(values)]
    yield {step: [*kinds[: number + step], *rest] for step in STEPS}


def _counted(query: Query, records: list[Line], lookup: Lookup) -> list[Line]:
    """Those of the type that share the keys of the last of them; none where that lacks a key."""
    alike = [line for line in records if lookup.is_under(line.event, query.event)]
    keys = [(name, value) for name, value in alike[-1].facts if name in query.keys] if alike else []
    stated = len(keys) == len(query.keys)
    return [line for line in alike if stated and all(pair in line.facts for pair in keys)]


def _whole(term: Compare, records: list[Line], lookup: Lookup) -> int | None:
    value = figure(term.right, records[-1].at, lookup) if records else None
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else None


def _stating(line: Line, name: str, value: Value) -> Line:
    return replace(line, facts=tuple((n, value if n == name else v) for n, v in line.facts))
