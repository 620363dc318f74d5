"""Measures of the past by running over the rows of each key in their order: one sort for all questions of a key.

For questions whose keys every row states and whose windows no later record leaves before an earlier one; `joining`
answers the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from sqlglot import exp

from smartclause.engines.sql.pieces import (
    NEVER,
    Sql,
    chosen,
    column,
    is_yes,
    named,
    one_of,
    only,
    selected,
    source,
    texts,
    where,
    whole,
)
from smartclause.engines.sql.questions import CANDIDATE, Counted, Distinct, Exists, Last, Measure, Question, Reaches
from smartclause.engines.sql.sheet import RECORDS

ROWS_BEFORE = {"kind": "ROWS", "start": "UNBOUNDED", "start_side": "PRECEDING", "end": "1", "end_side": "PRECEDING"}


@dataclass(frozen=True)
class _Level:
    """Columns that a relation adds to the rows of the one before: `inner` first, as the others read them."""

    inner: list[Sql] = field(default_factory=list)
    outer: list[Sql] = field(default_factory=list)


def running(questions: Iterable[Question], act_type: str) -> list[tuple[str, exp.Select]]:
    """Relations each of which has all rows of the one before, with the measures of one key."""
    found: list[tuple[str, exp.Select]] = []
    by_key: dict[tuple[str, ...], list[Question]] = {}
    for question in questions:
        if question.runs and question.measures:
            by_key.setdefault(question.query.keys, []).append(question)
    types = sorted({act_type, *(t for group in by_key.values() for q in group for t in q.types)})
    before, condition = RECORDS, one_of(column("type", CANDIDATE), texts(types))
    for number, group in enumerate(by_key.values()):
        level = _level(group, types)
        for name, columns in ((f"r{number}i", level.inner), (f"r{number}", level.outer)):
            if columns:
                star = exp.Column(this=exp.Star(), table=exp.Identifier(this=CANDIDATE, quoted=True))
                select = selected([star, *columns], source(before, CANDIDATE))
                found.append((name, only(select, condition)))
                before, condition = name, exp.Boolean(this=True)
    return found


def _level(group: list[Question], types: list[str]) -> _Level:
    level = _Level()
    for question in group:
        for number, measure in enumerate(question.measures):
            name = f"{question.alias}m{number}"
            inner, outer = _measured(question, measure, name, types)
            level.inner.extend(inner)
            level.outer.append(named(outer, name))
    return level


def _measured(question: Question, measure: Measure, name: str, types: list[str]) -> tuple[list[Sql], Sql]:
    match measure:
        case Exists():
            return [], _alive(question, measure.sure, lambda value: _last(question, where(measure.condition, value)))
        case Last():
            value = exp.Coalesce(this=measure.value.copy(), expressions=[measure.instead.copy()])
            last = _last(question, where(question.possible, value))
            return [], _while_inside(question, last)
        case Reaches():
            return _reaches(question, measure, name, types)
        case Counted():
            return _counted(question, measure, name)
        case Distinct():
            raise AssertionError(measure)
        case _:
            assert_never(measure)


def _alive(question: Question, sure: bool, last: Callable[[Sql], Sql]) -> Sql:
    """Whether the last of them is still inside the window: no earlier one can be, if it is not."""
    until = question.until(sure)
    if until is None:
        return last(exp.Boolean(this=True))
    return exp.GTE(this=last(until), expression=column("instant", CANDIDATE))


def _while_inside(question: Question, value: Sql) -> Sql:
    until = question.until(False)
    if until is None:
        return value
    ends = _last(question, where(question.possible, until))
    return where(exp.GTE(this=ends, expression=column("instant", CANDIDATE)), value)


def _reaches(question: Question, measure: Reaches, name: str, types: list[str]) -> tuple[list[Sql], Sql]:
    """The last but so many is still inside the window."""
    until = question.until(measure.sure)
    ends = whole(1) if until is None else until
    if question.is_every_row(measure.condition, types):
        last = _over(question, exp.Lag(this=ends, offset=whole(measure.number)))
        return [], _still(last, until)
    mine = [*_keys(question), measure.condition.copy()]
    nth = exp.Lag(this=ends, offset=whole(measure.number - 1)) if measure.number > 1 else None
    inner = ends if nth is None else exp.Window(this=nth, partition_by=mine, order=_order())
    known = exp.Coalesce(this=column(f"{name}i", CANDIDATE), expressions=[whole(NEVER)])
    last = _last(question, where(measure.condition.copy(), known))
    return [named(inner, f"{name}i")], _still(last, until)


def _still(ends: Sql, until: Sql | None) -> Sql:
    there = whole(0) if until is None else column("instant", CANDIDATE)
    return exp.GTE(this=ends, expression=there)


def _counted(question: Question, measure: Counted, name: str) -> tuple[list[Sql], Sql]:
    """How many, or how much, so far; less what had been so far when the window began."""
    amount = whole(1) if measure.amount is None else measure.amount.copy()
    so_far = _over(question, exp.Sum(this=chosen([(measure.condition.copy(), amount)], whole(0))), ROWS_BEFORE)
    sum_ = exp.Coalesce(this=so_far, expressions=[whole(0)])
    length = question.length
    if length is None:
        return [], sum_
    spec = exp.WindowSpec(
        kind="RANGE", start=whole(length), start_side="PRECEDING", end="CURRENT ROW", end_side=None
    )  # fmt: skip
    order = exp.Order(expressions=[exp.Ordered(this=column("instant", CANDIDATE))])
    earlier = exp.Window(
        this=exp.Min(this=column(f"{name}i", CANDIDATE)), partition_by=_keys(question), order=order, spec=spec
    )
    return [named(sum_, f"{name}i")], exp.Sub(this=column(f"{name}i", CANDIDATE), expression=earlier)


def _last(question: Question, value: Sql) -> Sql:
    return _over(question, exp.IgnoreNulls(this=exp.LastValue(this=value)), ROWS_BEFORE)


def _over(question: Question, function: Sql, frame: dict[str, str] | None = None) -> Sql:
    spec = exp.WindowSpec(**frame) if frame else None
    return exp.Window(this=function, partition_by=_keys(question), order=_order(), spec=spec)


def _keys(question: Question) -> list[Sql]:
    return [column(k.stated, CANDIDATE) for k in question.keys]


def _order() -> exp.Order:
    return exp.Order(expressions=[exp.Ordered(this=column(n, CANDIDATE)) for n in ("instant", "idx")])


def names(questions: Iterable[Question]) -> Iterator[str]:
    yield from (q.alias for q in questions if q.runs)


__all__ = ["is_yes", "running"]
