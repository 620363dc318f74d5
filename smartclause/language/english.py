"""English wording of the surface tree. A list stands where it is announced."""

from collections.abc import Iterable
from typing import TypeGuard, assert_never

from smartclause.language import tree as t
from smartclause.language.spelling import Label, literal

_COMPARED: dict[t.CompareOp, str] = {
    "at_least": "is at least", "at_most": "is at most", "exceeds": "exceeds", "below": "is below",
    "before": "is before", "after": "is after",
}  # fmt: skip
_CALENDAR: dict[t.CalendarUnit, str] = {
    "year": "in the current year", "month": "in the current month", "day": "on the current day",
}  # fmt: skip


def words(value: str) -> str:
    return value.replace("_", " ")


class English:
    """Spells nodes. Only units are written with their label: `10 times`, not `10 time`."""

    def __init__(self, labels: dict[str, Label]) -> None:
        self.labels = labels

    def name(self, node: t.Name) -> str:
        return node.id

    def unit(self, node: t.Name | None) -> str:
        if node is None:
            return ""
        label = self.labels.get(node.id)
        return label.yes if label is not None and label.kind == "unit" else node.id

    def names(self, nodes: Iterable[t.Name]) -> str:
        return ", ".join(self.name(node) for node in nodes)

    def reference(self, node: t.ClauseRef) -> str:
        return f"clause {node.target}" + (f"({node.sentence})" if node.sentence is not None else "")

    def references(self, nodes: Iterable[t.ClauseRef]) -> str:
        return " and ".join(self.reference(node) for node in nodes)

    # ---- values and history

    def value(self, node: t.Value) -> str:
        match node:
            case t.Name():
                return self.name(node)
            case t.FieldOf():
                record = self.name(node.record) if isinstance(node.record, t.Name) else self.value(node.record)
                return f"{record}.{self.name(node.field)}"
            case t.This():
                return f"this {self.name(node.field)}"
            case t.Latest():
                return f"latest {self.query(node.query)}"
            case t.Number():
                return f"number of {self.query(node.query)}"
            case t.NumberDistinct():
                return f"number of distinct {self.name(node.field)} of {self.query(node.query)}"
            case t.Total():
                return f"total of {self.name(node.field)} of {self.query(node.query)}"
            case t.Quantity():
                return literal(node, "en", self.unit(node.unit))
            case _:
                return literal(node, "en")

    def query(self, node: t.Query) -> str:
        text = self.name(node.event)
        if node.by is not None:
            text += " by " + ("anyone" if isinstance(node.by, t.Anyone) else self.name(node.by))
        text += self.where(node.where)
        if node.keys:
            text += f" with the same {self.keys(node.keys)}"
        match node.window:
            case t.Calendar():
                text += f" {_CALENDAR[node.window.unit]}"
            case t.Duration() | t.Name():
                text += f" within {self.value(node.window)}"
            case None:
                pass
            case _:
                assert_never(node.window)
        return text

    def keys(self, nodes: Iterable[t.Name]) -> str:
        return " and the same ".join(self.name(node) for node in nodes)

    def where(self, condition: t.Condition | None) -> str:
        return f" where ({self.condition(condition)})" if condition is not None else ""

    # ---- conditions

    def condition(self, node: t.Condition) -> str:
        """On one line; lists in brackets."""
        match node:
            case t.All() if len(node.args) > 1:
                return " and ".join(self.operand(arg) for arg in node.args)
            case t.AnyOf() if len(node.args) > 1:
                return " or ".join(self.operand(arg) for arg in node.args)
            case t.All() | t.AnyOf() | t.AtLeast():
                items = "; ".join(f"({_letter(n)}) {self.operand(arg)}" for n, arg in enumerate(node.args))
                return f"{self.announcement(node)} {items}"
            case t.Not():
                return self._not(node)
            case t.Compare():
                return f"{self.value(node.left)} {_COMPARED[node.op]} {self.value(node.right)}"
            case t.Is():
                return f"{self.value(node.left)} is {self.value(node.right)}"
            case t.IsIn():
                return f"{self.value(node.left)} is in {self.value(node.right)}"
            case t.Covers():
                return f"{self.value(node.left)} covers {self.value(node.right)}"
            case t.ClauseStatus():
                return self._status(node, "is")
            case t.Some():
                return f"some {self.query(node.query)}"
            case t.Every():
                return f"every {self.query(node.query)} has ({self.condition(node.has)})"
            case t.EveryFollowed():
                return f"every {self.query(node.query)} is followed by {self.query(node.by)}"
            case t.LatestHas():
                return f"latest {self.query(node.query)} has ({self.condition(node.has)})"
            case t.Name() | t.FieldOf() | t.This():
                return self.value(node)
            case _:
                assert_never(node)

    def operand(self, node: t.Condition) -> str:
        text = self.condition(node)
        return f"({text})" if isinstance(node, (t.All, t.AnyOf, t.AtLeast)) else text

    def announcement(self, node: t.All | t.AnyOf | t.AtLeast) -> str:
        match node:
            case t.All():
                return "all of"
            case t.AnyOf():
                return "any of"
            case t.AtLeast():
                return f"at least {node.count} of"
            case _:
                assert_never(node)

    def _not(self, node: t.Not) -> str:
        match node.arg:
            case t.Is():
                return f"{self.value(node.arg.left)} is not {self.value(node.arg.right)}"
            case t.IsIn():
                return f"{self.value(node.arg.left)} is not in {self.value(node.arg.right)}"
            case t.ClauseStatus(ever=False):
                return self._status(node.arg, "is not")
            case t.Compare() | t.Covers() | t.All() | t.AnyOf() | t.AtLeast():
                return f"not ({self.condition(node.arg)})"
            case _:
                return f"not {self.condition(node.arg)}"

    def _status(self, node: t.ClauseStatus, verb: str) -> str:
        verb = "has ever been" if node.ever else verb
        keys = f" with the same {self.keys(node.keys)}" if node.keys else ""
        return f"{self.reference(node.clause)} {verb} {words(node.status)}{keys}"

    # ---- conditions that may be lists over several lines

    def block(self, node: t.Condition) -> str:
        """The condition at the end of a sentence: a listed one takes a line for each item."""
        if not is_list(node):
            return self.condition(node)
        lines = [self.announcement(node)]
        last = len(node.args) - 1
        for number, arg in enumerate(node.args):
            end = "" if number == last else ";"
            lines.append(f"  ({_letter(number)}) {self._inner(arg)}{end}")
        return "\n".join(lines)

    def _inner(self, node: t.Condition) -> str:
        if not is_list(node):
            return self.condition(node)
        last = len(node.args) - 1
        lines = [self.announcement(node)]
        for number, arg in enumerate(node.args):
            text = self.operand(arg) if isinstance(arg, t.AtLeast) or _single(arg) else self.condition(arg)
            lines.append(f"    ({number + 1}) {text}{'' if number == last else ';'}")
        return "\n".join(lines)


def _single(node: t.Condition) -> bool:
    return isinstance(node, (t.All, t.AnyOf)) and len(node.args) == 1


def is_list(node: t.Condition) -> TypeGuard[t.All | t.AnyOf | t.AtLeast]:
    """Whether the condition is written as a lettered list where one can stand."""
    if isinstance(node, t.AtLeast):
        return True
    return isinstance(node, (t.All, t.AnyOf)) and (node.listed or len(node.args) == 1) and len(node.args) <= 26


def _letter(number: int) -> str:
    return chr(ord("a") + number)
