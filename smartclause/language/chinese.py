"""Chinese wording of the surface tree. A list is announced in the sentence and given at its end."""

from collections.abc import Iterable
from typing import assert_never

from smartclause.language import tree as t
from smartclause.language.english import is_list
from smartclause.language.numerals import to_chinese
from smartclause.language.spelling import NUMBERED, Label, literal, run_together

_COMPARED: dict[t.CompareOp, str] = {
    "at_least": "不少于", "at_most": "不超过", "exceeds": "超过", "below": "不满", "before": "早于",
    "after": "晚于",
}  # fmt: skip
_CALENDAR: dict[t.CalendarUnit, str] = {
    "year": "自当年1月1日起的", "month": "自当月1日起的", "day": "自当日0时起的",
}  # fmt: skip
STATUS: dict[str, str] = {
    "permitted": "准许", "forbidden": "禁止", "unknown": "不明", "inapplicable": "不适用", "met": "符合",
    "silent": "未予规定", "set_aside": "被排除", "open": "待履行", "fulfilled": "履行完毕", "waived": "已免除",
    "violated": "违反", "cured": "补救完毕", "awaiting_records": "待记录齐备", "unproven": "未获证明",
}  # fmt: skip
_EVENT_VERBS = ("收到", "获知")


class Chinese:
    """Spells nodes with labels where there are any. `tail` is the list that the sentence has announced."""

    def __init__(self, labels: dict[str, Label]) -> None:
        self.labels = labels
        self.tail: t.All | t.AnyOf | t.AtLeast | None = None

    def name(self, node: t.Name) -> str:
        label = self.labels.get(node.id)
        return label.yes if label is not None and label.kind != "law" else node.id

    def names(self, nodes: Iterable[t.Name]) -> str:
        return "、".join(self.name(node) for node in nodes)

    def reference(self, node: t.ClauseRef) -> str:
        numbered = NUMBERED.fullmatch(node.target)
        text = f"第{node.target}条" if numbered else f"条款 {node.target}"
        return text + (f"第{node.sentence}句" if node.sentence is not None else "")

    def references(self, nodes: Iterable[t.ClauseRef]) -> str:
        return "和".join(self.reference(node) for node in nodes)

    # ---- values and history

    def value(self, node: t.Value) -> str:
        match node:
            case t.Name():
                return self.name(node)
            case t.FieldOf():
                record = self.name(node.record) if isinstance(node.record, t.Name) else self.value(node.record)
                return f"{record}的{self.name(node.field)}"
            case t.This():
                return f"本次{self.name(node.field)}"
            case t.Latest():
                return self._latest(node.query)
            case t.Number():
                return f"{self.query(node.query)}次数"
            case t.NumberDistinct():
                return f"{self.query(node.query)}所涉不同{self.name(node.field)}数量"
            case t.Total():
                return f"{self.query(node.query)}累计{self.name(node.field)}"
            case t.Quantity():
                return literal(node, "zh", self.name(node.unit) if node.unit else "")
            case _:
                return literal(node, "zh")

    def query(self, node: t.Query, every: str = "") -> str:
        scope = self._scope(node)
        if scope and scope[-1] != "的":
            scope += "的"
        return run_together(scope, every, self.name(node.event)) + self.where(node.where)

    def _latest(self, node: t.Query) -> str:
        return f"{self._scope(node)}最近一次{self.name(node.event)}{self.where(node.where)}"

    def _scope(self, node: t.Query) -> str:
        parts: list[str] = []
        if node.by is not None:
            parts.append(f"由{'任何人' if isinstance(node.by, t.Anyone) else self.name(node.by)}实施的")
        if node.keys:
            parts.append(f"同一{self.keys(node.keys)}")
        match node.window:
            case t.Calendar():
                parts.append(_CALENDAR[node.window.unit])
            case t.Duration():
                parts.append(f"{self.value(node.window)}内的")
            case t.Name():
                parts.append(f"在{self.value(node.window)}内的")
            case None:
                pass
            case _:
                assert_never(node.window)
        return run_together(*parts)

    def keys(self, nodes: Iterable[t.Name]) -> str:
        return "、同一".join(self.name(node) for node in nodes)

    def where(self, condition: t.Condition | None) -> str:
        return f"（{self.condition(condition)}）" if condition is not None else ""

    # ---- conditions

    def condition(self, node: t.Condition) -> str:
        """On one line; a list carries its items after a colon, so it needs brackets around it."""
        match node:
            case t.All() if len(node.args) > 1:
                return "，且".join(self.operand(arg) for arg in node.args)
            case t.AnyOf() if len(node.args) > 1:
                return "或者".join(self.operand(arg) for arg in node.args)
            case t.All() | t.AnyOf() | t.AtLeast():
                return f"{self.announcement(node)}：{self._inline_items(node)}"
            case t.Not():
                return self._not(node)
            case t.Compare():
                return self._two(node.left, _COMPARED[node.op], node.right)
            case t.Is():
                return self._two(node.left, "为", node.right)
            case t.IsIn():
                return self._two(node.left, "属于", node.right)
            case t.Covers():
                return self._two(node.left, "涵盖", node.right)
            case t.ClauseStatus():
                return self._status(node, "处于")
            case t.Some():
                return f"存在{self.query(node.query)}"
            case t.Every():
                return f"{self.query(node.query, '每一')}均（{self.condition(node.has)}）"
            case t.EveryFollowed():
                return f"{self.query(node.query, '每一')}之后均有{self.query(node.by)}"
            case t.LatestHas():
                return f"{self._latest(node.query)}符合（{self.condition(node.has)}）"
            case t.Name():
                return ("具备" if self._is_noun(node) else "") + self.name(node)
            case t.FieldOf() | t.This():
                return self.value(node)
            case _:
                assert_never(node)

    def _two(self, left: t.Value, verb: str, right: t.Value) -> str:
        return f"{self.value(left)}{verb}{self.value(right)}"

    def _is_noun(self, node: t.Name) -> bool:
        label = self.labels.get(node.id)
        return label is not None and label.no is None

    def operand(self, node: t.Condition) -> str:
        text = self.condition(node)
        return f"（{text}）" if isinstance(node, (t.All, t.AnyOf, t.AtLeast)) else text

    def announcement(self, node: t.All | t.AnyOf | t.AtLeast) -> str:
        match node:
            case t.All():
                return "符合下列全部条件"
            case t.AnyOf():
                return "符合下列条件之一"
            case t.AtLeast():
                return f"符合下列条件中至少{node.count}项"
            case _:
                assert_never(node)

    def _inline_items(self, node: t.All | t.AnyOf | t.AtLeast) -> str:
        return "；".join(f"（{to_chinese(number)}）{self.operand(arg)}" for number, arg in enumerate(node.args, 1))

    def _not(self, node: t.Not) -> str:
        match node.arg:
            case t.Is():
                return self._two(node.arg.left, "不为", node.arg.right)
            case t.IsIn():
                return self._two(node.arg.left, "不属于", node.arg.right)
            case t.ClauseStatus(ever=False):
                return self._status(node.arg, "未处于")
            case t.Name():
                label = self.labels.get(node.arg.id)
                if label is None:
                    return f"并非{self.name(node.arg)}"
                return label.no or f"不具备{label.yes}"
            case t.Compare() | t.Covers() | t.All() | t.AnyOf() | t.AtLeast():
                return f"并非（{self.condition(node.arg)}）"
            case _:
                return f"并非{self.condition(node.arg)}"

    def _status(self, node: t.ClauseStatus, verb: str) -> str:
        keys = f"就同一{self.keys(node.keys)}" if node.keys else ""
        verb = "曾处于" if node.ever else verb
        return f"{self.reference(node.clause)}{keys}{verb}{STATUS[node.status]}状态"

    # ---- announced lists

    def announced(self, node: t.Condition) -> str:
        """The condition in its sentence; the first list of a sentence is left for its end."""
        if not is_list(node):
            return self.condition(node)
        if self.tail is None:
            self.tail = node
            return self.announcement(node)
        return f"（{self.condition(node)}）"

    def end(self) -> str:
        """The list that the sentence has announced, and the full stop."""
        node, self.tail = self.tail, None
        return "。" if node is None else f"：\n{self._items(node)}。"

    def _items(self, node: t.All | t.AnyOf | t.AtLeast) -> str:
        return "；\n".join(f"  （{to_chinese(number)}）{self._item(arg)}" for number, arg in enumerate(node.args, 1))

    def _item(self, node: t.Condition) -> str:
        if not is_list(node):
            return self.condition(node)
        inner = "；\n".join(f"    （{number}）{self._innermost(arg)}" for number, arg in enumerate(node.args, 1))
        return f"{self.announcement(node)}：\n{inner}"

    def _innermost(self, node: t.Condition) -> str:
        plain = isinstance(node, (t.All, t.AnyOf)) and len(node.args) > 1
        return self.condition(node) if plain else self.operand(node)

    # ---- events

    def happening(self, nodes: list[t.Occurs]) -> str:
        """`发生` is left out before an event that is itself a receipt or a notice."""
        joined = "或者".join(self.occasion(node) for node in nodes)
        return joined if joined.startswith(_EVENT_VERBS) else f"发生{joined}"

    def occasion(self, node: t.Occurs) -> str:
        return self.name(node.event) + self.where(node.where)
