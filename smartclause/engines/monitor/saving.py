"""What the monitor keeps, as plain data and back: values of facts, reasons, records that wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

from smartclause.engines.monitor.placing import Placing
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.finding import Reason
from smartclause.logic.terms import Money, Value
from smartclause.logic.world import FactKey


def plain_value(value: Value) -> Any:
    """Words and yes or no as they are; all else as a pair of its kind and its text."""
    match value:
        case bool() | str():
            return value
        case int():
            return ["instant", value]
        case Decimal():
            return ["number", str(value)]
        case Money():
            return ["money", str(value.amount), value.currency]
        case date():
            return ["date", value.isoformat()]
        case Duration():
            return ["duration", value.count, value.unit.value]
        case frozenset():
            return ["set", *sorted(value)]
        case _:
            assert_never(value)


def value_of(data: Any) -> Value:
    if not isinstance(data, list):
        return data  # type: ignore[no-any-return]
    match data:
        case ["instant", at]:
            return int(at)
        case ["number", text]:
            return Decimal(text)
        case ["money", amount, currency]:
            return Money(Decimal(amount), currency)
        case ["date", text]:
            return date.fromisoformat(text)
        case ["duration", count, unit]:
            return Duration(count, Unit(unit))
        case ["set", *names]:
            return frozenset(names)
        case _:
            raise ValueError("no value of a fact")


def plain_facts(facts: Mapping[str, Value]) -> dict[str, Any]:
    return {name: plain_value(value) for name, value in facts.items()}


def facts_of(data: Mapping[str, Any]) -> dict[str, Value]:
    return {name: value_of(value) for name, value in data.items()}


def plain_reasons(reasons: tuple[Reason, ...]) -> list[Any]:
    return [astuple(r) for r in reasons]


def reasons_of(data: list[list[Any]]) -> tuple[Reason, ...]:
    return tuple(_reason(*each) for each in data)


def _reason(*stated: Any) -> Reason:
    kind, name, type_, role, event, detail, fact = stated
    return Reason(kind, name, type_, role, event, detail, None if fact is None else FactKey(*fact))


def plain_placing(placing: Placing) -> dict[str, Any]:
    waiting = [[*parts, plain_facts(facts), name] for *parts, facts, name in sorted(placing.waiting, key=_place)]
    return {
        "clock": placing.clock, "frontier": placing.frontier, "marks": dict(placing.marks),
        "heard": sorted(placing.heard), "waiting": waiting,
    }  # fmt: skip


def _place(waiting: Any) -> tuple[int, int]:
    return waiting[0], waiting[1]


def restore_placing(placing: Placing, data: Mapping[str, Any]) -> None:
    placing.clock, placing.frontier = data["clock"], data["frontier"]
    placing.marks, placing.heard = dict(data["marks"]), set(data["heard"])
    placing.waiting = [(*parts, facts_of(facts), name) for *parts, facts, name in data["waiting"]]
