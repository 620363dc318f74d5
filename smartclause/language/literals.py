"""Literal values of the source as exact values of the meaning, each with its type."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import assert_never
from zoneinfo import ZoneInfo

from smartclause.language import tree
from smartclause.language.names import Names
from smartclause.language.wording import Both
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.terms import Const, Kind, Money, Type, Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def literal(node: tree.Literal_, names: Names, zone: str) -> Const | None:
    """None, with a finding, where a unit or an instant is unknown."""
    match node:
        case tree.Quantity():
            unit = names.unit(node.unit) if node.unit else ""
            return None if unit is None else Const(node.value, Type(Kind.NUMBER, unit))
        case tree.Percentage():
            return Const(node.value, Type(Kind.PERCENTAGE))
        case tree.Money():
            return Const(Money(node.amount, node.currency), Type(Kind.MONEY, node.currency))
        case tree.Duration():
            return Const(Duration(node.count, Unit(node.unit)), Type(Kind.DURATION))
        case tree.Date():
            return Const(node.day, Type(Kind.DATE))
        case tree.Instant():
            at = instant(node, names, zone)
            return None if at is None else Const(at, Type(Kind.INSTANT))
        case tree.Text():
            return Const(node.value, Type(Kind.TEXT))
        case tree.YesNo():
            return Const(node.value, Type(Kind.FACT))
        case _:
            assert_never(node)


def is_literal(node: tree.Node) -> bool:
    return isinstance(
        node,
        tree.Quantity | tree.Percentage | tree.Money | tree.Duration
        | tree.Date | tree.Instant | tree.Text | tree.YesNo,
    )  # fmt: skip


def instant(node: tree.Instant, names: Names, zone: str) -> int | None:
    """The moment at which clocks in the zone show this time; None where that is no moment or two."""
    at = local(node.time, zone)
    if at is None:
        names.say.add("T28", node.span, time=node.time.isoformat(" ", "minutes"), zone=zone)
    return at


def local(time: datetime, zone: str) -> int | None:
    first, second = (_moment(time.replace(tzinfo=ZoneInfo(zone), fold=fold)) for fold in (0, 1))
    return first if first == second else None


def _moment(time: datetime) -> int:
    return (time.astimezone(UTC) - _EPOCH) // _MICROSECOND


def later(time: datetime, period: tree.Duration, times: int) -> datetime | None:
    """The local time some periods later; None for periods of months, years and working days."""
    match period.unit:
        case "minute":
            return time + timedelta(minutes=period.count * times)
        case "hour":
            return time + timedelta(hours=period.count * times)
        case "day":
            return time + timedelta(days=period.count * times)
        case _:
            return None


_UNITS = {
    Unit.MINUTE: "分钟", Unit.HOUR: "小时", Unit.DAY: "日", Unit.WORKING_DAY: "个工作日", Unit.MONTH: "个月",
    Unit.YEAR: "年",
}  # fmt: skip


def shown_period(value: Value) -> Both:
    """As findings name it in either language."""
    chinese = f"{value.count}{_UNITS[value.unit]}" if isinstance(value, Duration) else shown(value)
    return Both(shown(value), chinese)


def shown(value: Value) -> str:
    """The value as findings name it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value.normalize(), "f")
        case Money():
            return f"{value.currency} {value.amount:f}"
        case Duration():
            return f"{value.count} {value.unit.value.replace('_', ' ')}{'' if value.count == 1 else 's'}"
        case frozenset():
            return ", ".join(sorted(value))
        case _:
            return str(value)
