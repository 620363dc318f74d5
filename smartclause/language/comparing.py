"""Which values may be compared with which, and the comparison as a term."""

from dataclasses import replace
from datetime import date

from smartclause.language import tree
from smartclause.language.kinds import typed
from smartclause.language.literals import shown
from smartclause.language.names import Names
from smartclause.language.vocabulary import Kinship, bare
from smartclause.language.wording import Both
from smartclause.logic.counting import end_of_day, start_of_day
from smartclause.logic.terms import (
    Compare,
    Const,
    Count,
    CountDistinct,
    Covers,
    Expression,
    Holds,
    Kind,
    Not,
    Order,
    Term,
    Type,
)

ORDERED = (Kind.NUMBER, Kind.PERCENTAGE, Kind.MONEY, Kind.INSTANT, Kind.DATE, Kind.DURATION)
CONCEPTUAL = (Kind.CONCEPT, Kind.CONCEPTS)
TIMES = "time"  # the unit in which records are counted
_ANY_UNIT = "*"

_ORDERS = {
    "at_least": Order.AT_LEAST,
    "at_most": Order.AT_MOST,
    "exceeds": Order.EXCEEDS,
    "below": Order.BELOW,
    "after": Order.EXCEEDS,
    "before": Order.BELOW,
}
_SAME_KIND = Both("compare two values of one kind", "比较同类的值")
_SAME_UNIT = Both("write both in the same unit", "两边使用同一单位")
_NO_ORDER = Both("test it with `is` or `is in`", "用“为”或者“属于”")


def order_of(op: tree.CompareOp) -> Order:
    return _ORDERS[op]


def ordered(order: Order, left: Expression, right: Expression, at: tree.Node, names: Names, zone: str) -> Term | None:
    """A comparison of size; None, with a finding, where the two have no common order."""
    left, right = _at_the_border(order, left, right, zone)
    if left.type.kind not in ORDERED or right.type.kind is not left.type.kind:
        help_ = _SAME_KIND if left.type.kind in ORDERED else _NO_ORDER
        names.say.add("T05", at.span, left=typed(left.type), right=typed(right.type), help=help_)
        return None
    if not _one_measure(left, right, at, names):
        return None
    return Compare(order, left, right)


def _at_the_border(order: Order, left: Expression, right: Expression, zone: str) -> tuple[Expression, Expression]:
    """A day compared with an instant is its first or its last instant, whichever the words mean."""
    if left.type.kind is not Kind.INSTANT or not isinstance(right, Const) or not isinstance(right.value, date):
        return left, right
    first = order in (Order.AT_LEAST, Order.BELOW)
    at = start_of_day(right.value, zone) if first else end_of_day(right.value, zone)
    return left, Const(at, Type(Kind.INSTANT))


def _one_measure(left: Expression, right: Expression, at: tree.Node, names: Names) -> bool:
    """Same unit, same currency; whether periods convert is looked at in `periods`."""
    one, other = unit(left), unit(right)
    if left.type.kind is Kind.MONEY and one and other and one != other:
        names.say.add("T07", at.span, left=one, right=other)
        return False
    if left.type.kind is Kind.NUMBER and one != other and _ANY_UNIT not in (one, other):
        help_ = _counted(right, one, names) or _counted(left, other, names) or _SAME_UNIT
        names.say.add("T06", at.span, left=_units(one), right=_units(other), help=help_)
        return False
    return True


def unit(value: Expression) -> str:
    """The declared unit; records are counted in times, distinct values in any unit."""
    if isinstance(value, CountDistinct):
        return _ANY_UNIT
    return TIMES if isinstance(value, Count) else value.type.detail


def _counted(value: Expression, wanted: str, names: Names) -> Both | None:
    """What to write where a figure lacks the unit in which the other side counts."""
    if not isinstance(value, Const) or value.type.detail or not wanted:
        return None
    word = names.say.labels.get(wanted, _times(value.value) if wanted == TIMES else wanted)
    figure = f"{shown(value.value)} {word}" if word.isascii() else f"{shown(value.value)}{word}"
    return Both(f"write `{figure}`", f"写“{figure}”")


def _times(number: object) -> str:
    return "time" if number == 1 else "times"


def _units(name: str) -> Both:
    return Both(f"numbers in `{name}`", f"以“{name}”计的数值") if name else Both("plain numbers", "无单位的数值")


def equal(left: Expression, right: Expression, at: tree.Node, names: Names, kinship: Kinship) -> Term | None:
    """`x is y`; between concepts it means `x is in y` (design 2.12)."""
    if left.type.kind in CONCEPTUAL or right.type.kind in CONCEPTUAL:
        return covered(right, left, at, names, kinship)
    if left.type.kind is Kind.FACT and isinstance(right, Const) and isinstance(right.value, bool):
        return Holds(left) if right.value else Not(Holds(left))
    right = _as_written(left, right)
    if left.type.kind is not right.type.kind or left.type.kind is Kind.FACT:
        names.say.add("T05", at.span, left=typed(left.type), right=typed(right.type), help=_SAME_KIND)
        return None
    if left.type.kind is Kind.IDENTIFIER and not _is_identifier(right, at, names):
        return None
    return Compare(Order.EQUAL, left, right) if _one_measure(left, right, at, names) else None


def _as_written(left: Expression, right: Expression) -> Expression:
    """A quoted text stands for an identifier where one is expected."""
    if isinstance(right, Const) and right.type.kind is Kind.TEXT and left.type.kind is Kind.IDENTIFIER:
        return replace(right, type=left.type)
    return right


def _is_identifier(value: Expression, at: tree.Node, names: Names) -> bool:
    if not isinstance(value, Const) or is_identifier(str(value.value)):
        return True
    names.say.add("T25", at.span, text=value.value)
    return False


def is_identifier(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def covered(broad: Expression, narrow: Expression, at: tree.Node, names: Names, kinship: Kinship) -> Term | None:
    """`narrow is in broad`; None, with a finding, where the two can never have to do with each other."""
    for each in (narrow, broad):
        if each.type.kind not in CONCEPTUAL:
            help_ = Both("compare a concept with a concept", "概念只与概念比较")
            names.say.add("T05", at.span, left=typed(narrow.type), right=typed(broad.type), help=help_)
            return None
    one, other = _concept(narrow), _concept(broad)
    if one and other and not kinship.related(one, other):
        names.say.add("T12", at.span, narrow=_spoken(narrow), broad=_spoken(broad), root=(bare(one),))
        return None
    return Covers(broad, narrow)


def _concept(value: Expression) -> str:
    if isinstance(value, Const) and isinstance(value.value, str):
        return value.value
    return value.type.detail


def _spoken(value: Expression) -> str:
    name = value.value if isinstance(value, Const) else getattr(value, "name", value.type.detail)
    return bare(str(name))
