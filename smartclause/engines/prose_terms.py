"""A condition in words, in Chinese and English: `Phrases(names, types).term(condition)`.

The words say what the condition says, no less: a count says when the judged act counts itself, `every` that
there must be one at all.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from smartclause.engines.prose_names import Names, listed
from smartclause.engines.prose_states import CLAUSE_STATES, DUTY_STATUSES
from smartclause.language.numerals import to_chinese
from smartclause.logic.contract import EventKind, FieldType
from smartclause.logic.terms import (
    All,
    AnyOf,
    AtLeast,
    ClauseStatus,
    ClauseViolated,
    Compare,
    Const,
    Count,
    CountDistinct,
    Covers,
    Every,
    EveryFollowed,
    Expression,
    Field,
    Holds,
    Kind,
    LatestField,
    LatestHas,
    Not,
    Order,
    Parameter,
    Query,
    Some,
    Term,
    Total,
)

_ORDERS = {
    Order.AT_LEAST: ("is at least", "不少于"),
    Order.AT_MOST: ("is at most", "不超过"),
    Order.EXCEEDS: ("exceeds", "超过"),
    Order.BELOW: ("is below", "不满"),
    Order.EQUAL: ("is", "为"),
}
_NOT_ORDERS = {
    Order.AT_LEAST: ("is below", "不满"),
    Order.AT_MOST: ("exceeds", "超过"),
    Order.EXCEEDS: ("does not exceed", "不超过"),
    Order.BELOW: ("is not below", "不少于"),
    Order.EQUAL: ("is not", "不为"),
}
_MOMENTS = {
    Order.AT_LEAST: ("is not before", "不早于"),
    Order.AT_MOST: ("is not after", "不晚于"),
    Order.EXCEEDS: ("is after", "晚于"),
    Order.BELOW: ("is before", "早于"),
}
_NOT_MOMENTS = {
    Order.AT_LEAST: ("is before", "早于"),
    Order.AT_MOST: ("is after", "晚于"),
    Order.EXCEEDS: ("is not after", "不晚于"),
    Order.BELOW: ("is not before", "不早于"),
}
_WINDOWS = {
    "day": ("on the current day", "当日"),
    "month": ("in the current month", "自当月1日起"),
    "year": ("in the current year", "自当年1月1日起"),
}


@dataclass(frozen=True, slots=True)
class Phrases:
    """`types` are those of the record in view; `acts` those judged, which count themselves in numbers."""

    names: Names
    types: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()

    def inside(self, event: str) -> "Phrases":
        """Inside `where` and `has`: the record looked at."""
        return replace(self, types=(event,), acts=())

    def _pick(self, en: str, zh: str) -> str:
        return self.names.pick(en, zh)

    # ---- conditions

    def term(self, term: Term, depth: int = 0) -> str:
        match term:
            case Not():
                return self._not(term.arg, depth)
            case All():
                return self._joined(term.args, "and", depth) if term.args else self._pick("in any case", "任何情形下")
            case AnyOf():
                return self._joined(term.args, "or", depth) if term.args else self._pick("in no case", "无此情形")
            case AtLeast():
                return self.lead(term) + self._tail(term.args, depth)
            case _:
                return self._plain(term)

    def _plain(self, term: Term) -> str:
        match term:
            case Holds():
                return self._holds(term.value, True)
            case Compare():
                return self._compare(term, True)
            case Covers():
                return self._covers(term, True)
            case Some():
                return self._pick(f"there is {_article(self._record(term.query))}", f"存在{self._record(term.query)}")
            case Every():
                return self._every(term.query, self.inside(term.query.event).term(term.has, 1))
            case EveryFollowed():
                return self._followed(term)
            case LatestHas():
                return self._latest_has(term, True)
            case ClauseViolated():
                return self._violated(term, True)
            case ClauseStatus():
                return self._status(term)
            case Not() | All() | AnyOf() | AtLeast():
                return self.term(term)
            case _:
                assert_never(term)

    def _not(self, term: Term, depth: int) -> str:
        match term:
            case Holds():
                return self._holds(term.value, False)
            case Compare():
                return self._compare(term, False)
            case Covers():
                return self._covers(term, False)
            case Some():
                return self._pick(f"there is no {self._record(term.query)}", f"不存在{self._record(term.query)}")
            case LatestHas():
                return self._latest_has(term, False)
            case ClauseViolated():
                return self._violated(term, False)
            case Not():
                return self.term(term.arg, depth)
            case _:
                inner = self.term(term, 2)
                return self._pick(f"it is not so that ({inner})", f"并非（{inner}）")

    # ---- joining

    def lead(self, term: All | AnyOf | AtLeast) -> str:
        """The announcement of a list."""
        match term:
            case All():
                return self._pick("all of the following hold", "符合下列全部条件")
            case AnyOf():
                return self._pick("any of the following holds", "符合下列条件之一")
            case AtLeast():
                n = term.count
                return self._pick(f"at least {n} of the following hold", f"符合下列条件中至少{n}项")
            case _:
                assert_never(term)

    def items(self, args: tuple[Term, ...], depth: int) -> list[str]:
        space = self._pick(" ", "")
        return [f"{self._letter(n, depth)}{space}{self.term(a, depth + 1)}" for n, a in enumerate(args)]

    def _tail(self, args: tuple[Term, ...], depth: int) -> str:
        return self._pick(": ", "：") + self._pick("; ", "；").join(self.items(args, depth))

    def _joined(self, args: tuple[Term, ...], how: str, depth: int) -> str:
        if len(args) == 1:
            return self.term(args[0], depth)
        if depth == 1 and len(args) > 2:
            return self.lead(All(args) if how == "and" else AnyOf(args)) + self._tail(args, depth)
        words = [self._part(a) for a in args]
        joint = self._pick(" and ", "，且") if how == "and" else self._pick(" or ", "，或者")
        return joint.join(words)

    def _part(self, term: Term) -> str:
        """A condition joined with others: what is itself joined, or runs on, stands in brackets."""
        runs_on = isinstance(term, All | AnyOf | AtLeast | Every | LatestHas)
        inner = self.term(term, 2)
        return self._bracketed(inner) if runs_on else inner

    def _bracketed(self, words: str) -> str:
        return self._pick(f"({words})", f"（{words}）")

    def _letter(self, n: int, depth: int) -> str:
        if self.names.lang == "zh":
            return f"（{to_chinese(n + 1)}）" if depth == 0 else f"（{n + 1}）"
        return f"({chr(97 + n)})" if depth == 0 and n < 26 else f"({n + 1})"

    # ---- leaves

    def _holds(self, value: Expression, positive: bool) -> str:
        ft = self._declared(value)
        if ft is not None and (ft.no_label.en or ft.no_label.zh):
            words = self.names.value(positive, ft)
            if isinstance(value, LatestField):
                latest = self._record(value.query)
                return self._pick(f"the latest {latest} says: {words}", f"最近一次{latest}载明：{words}")
            return words
        words = self.expression(value)
        if isinstance(value, Const):
            return self._pick("it is so", "成立") if value.value is positive else self._pick("it is not so", "不成立")
        if positive:
            return self._pick(f"{words} is present", f"具备{words}")
        return self._pick(f"{words} is absent", f"不具备{words}")

    def _declared(self, value: Expression) -> FieldType | None:
        match value:
            case Field():
                return self.names.field_type(value.name, self.types)
            case LatestField():
                return self.names.field_type(value.name, (value.query.event,))
            case _:
                return None

    def _compare(self, term: Compare, positive: bool) -> str:
        en, zh = (_ORDERS if positive else _NOT_ORDERS)[term.order]
        if _is_moment(term.left) or _is_moment(term.right):
            en, zh = (_MOMENTS if positive else _NOT_MOMENTS).get(term.order, (en, zh))
        left, right = self.expression(term.left), self.expression(term.right)
        return self._pick(f"{left} {en} {right}", f"{left}{zh}{right}")

    def _covers(self, term: Covers, positive: bool) -> str:
        broad, narrow = self.expression(term.broad), self.expression(term.narrow)
        if isinstance(term.broad, Const | Parameter):
            en = "falls under" if positive else "does not fall under"
            return self._pick(f"{narrow} {en} {broad}", f"{narrow}{'属于' if positive else '不属于'}{broad}")
        en = "covers" if positive else "does not cover"
        return self._pick(f"{broad} {en} {narrow}", f"{broad}{'涵盖' if positive else '不涵盖'}{narrow}")

    def _every(self, query: Query, has: str) -> str:
        record = self._record(query)
        return self._pick(
            f"every {record}, and there is at least one, says: {has}",
            f"至少有一项{record}，且每一项均载明：{has}",
        )

    def _followed(self, term: EveryFollowed) -> str:
        one, other = self._record(term.query), self._record(term.answer)
        return self._pick(
            f"every {one}, and there is at least one, is followed by {_article(other)}",
            f"至少有一项{one}，且每一项之后均有{other}",
        )

    def _latest_has(self, term: LatestHas, positive: bool) -> str:
        record = self._record(term.query)
        has = self.inside(term.query.event).term(term.has, 1)
        if positive:
            return self._pick(f"the latest {record} says: {has}", f"最近一次{record}载明：{has}")
        return self._pick(f"it is not so that the latest {record} says: {has}", f"并非最近一次{record}载明：{has}")

    def _violated(self, term: ClauseViolated, positive: bool) -> str:
        clause = self.names.clause(term.clause, term.sentence)
        keys = self._keys(term.keys)
        if term.ever:
            en, zh = (
                ("has ever been violated", "曾处于违反状态")
                if positive
                else ("has never been violated", "未曾处于违反状态")
            )
        else:
            en, zh = ("is violated", "处于违反状态") if positive else ("is not violated", "未处于违反状态")
        same = f" {keys}" if keys else ""
        return self._pick(f"{clause} {en}{same}", f"{keys + '的' if keys else ''}{clause}{zh}")

    def _status(self, term: ClauseStatus) -> str:
        words = {s.value: pair for table in (CLAUSE_STATES, DUTY_STATUSES) for s, pair in table.items()}
        en, zh = words.get(term.status, (term.status, term.status))
        clause = self.names.clause(term.clause)
        return self._pick(f"the status of {clause} is “{en}”", f"{clause}的状态为“{zh}”")

    # ---- expressions

    def expression(self, node: Expression) -> str:
        match node:
            case Const():
                return self.names.value(node.value, node.type)
            case Field():
                return self.names.field(node.name, self.types)
            case Parameter():
                return self.parameter(node)
            case LatestField():
                field, record = self.names.field(node.name, (node.query.event,)), self._record(node.query)
                return self._pick(f"{field} in the latest {record}", f"最近一次{record}的{field}")
            case Count():
                record, self_ = self._record(node.query, plural=True), self._counts_itself(node.query)
                return self._pick(f"the number of {record}{self_}", f"{record}次数{self_}")
            case CountDistinct():
                return self._gathered(node, "the number of different values of", "{record}所涉不同{fact}数量")
            case Total():
                return self._gathered(node, "the total of", "{record}累计{fact}")
            case _:
                assert_never(node)

    def _gathered(self, node: CountDistinct | Total, en: str, zh: str) -> str:
        field, record = self.names.field(node.field, (node.query.event,)), self._record(node.query, plural=True)
        note = self._counts_itself(node.query)
        return self._pick(f"{en} {field} in {record}{note}", zh.format(fact=field, record=record) + note)

    def _counts_itself(self, query: Query) -> str:
        lookup = self.names.lookup
        mine = any(lookup.is_under(a, query.event) or lookup.is_under(query.event, a) for a in self.acts)
        return self._pick(" (this act counted)", "（含本次）") if mine else ""

    def parameter(self, node: Parameter) -> str:
        """Its label, with the figure beside it where it is one figure."""
        found = self.names.lookup.parameters.get(node.name)
        label = self.names.parameter(node.name)
        if found is None or found.list_kind is not None or len(found.values) > 2:
            return self._pick(f"“{label}”", label)
        figure = self.names.set_value(found)
        return self._pick(f"the {label} ({figure})", f"{label}（{figure}）")

    def period(self, node: Const | Parameter) -> str:
        return self.parameter(node) if isinstance(node, Parameter) else self.names.value(node.value, node.type)

    # ---- records looked up

    def _record(self, query: Query, plural: bool = False) -> str:
        return self._record_zh(query) if self.names.lang == "zh" else self._record_en(query, plural)

    def _record_en(self, query: Query, plural: bool) -> str:
        label = self.names.type(query.event)
        kind = self.names.lookup.types.get(query.event)
        occurrence = kind is not None and kind.kind is EventKind.OCCURRENCE
        noun = f"“{label}” records" if plural else label if occurrence else f"“{label}” record"
        parts = [
            noun,
            f"by {self.names.who(query.by)}" if query.by else "",
            self._keys(query.keys),
            self._within(query),
        ]
        words = " ".join(p for p in parts if p)
        return f"{words} ({self._where(query)})" if query.where is not None else words

    def _record_zh(self, query: Query) -> str:
        window = self._within(query)
        by = f"{self.names.who(query.by)}的" if query.by else ""
        body = f"{self._keys(query.keys)}{window}{by}"
        joint = "的" if body and not body.endswith("的") and not window.endswith("起") else ""
        words = f"{body}{joint}{self.names.type(query.event)}"
        return f"{words}（{self._where(query)}）" if query.where is not None else words

    def _where(self, query: Query) -> str:
        assert query.where is not None
        return self.inside(query.event).term(query.where, 1)

    def _keys(self, keys: tuple[str, ...]) -> str:
        if not keys:
            return ""
        labels = [self.names.field(k, self.types) for k in keys]
        if self.names.lang == "zh":
            return "、".join(f"同一{label}" for label in labels)
        return "for the same " + listed(labels, "en")

    def _within(self, query: Query) -> str:
        match query.within:
            case None:
                return ""
            case "day" | "month" | "year":
                return self._pick(*_WINDOWS[query.within])
            case _:
                agreed = "在" if isinstance(query.within, Parameter) else ""
                return self._pick(f"within {self.period(query.within)}", f"{agreed}{self.period(query.within)}内")


def is_long(term: All | AnyOf | AtLeast) -> bool:
    """Better written as a list than in one breath."""
    inner = any(isinstance(a, All | AnyOf | AtLeast) and len(a.args) > 2 for a in term.args)
    return isinstance(term, AtLeast) or len(term.args) > 2 or inner


def _is_moment(node: Expression) -> bool:
    return node.type.kind in (Kind.INSTANT, Kind.DATE)


def _article(noun: str) -> str:
    """`a` or `an`, by the letter: good enough for labels."""
    first = noun.lstrip("“")[:1].lower()
    return f"an {noun}" if first in "aeio" else f"a {noun}"
