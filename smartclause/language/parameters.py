"""Parameters of a file: their type, dated values, bounds, and the settings of imports."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from smartclause.language import tree
from smartclause.language.bounds import convert, described, inside
from smartclause.language.event_types import field_type, fits
from smartclause.language.kinds import typed
from smartclause.language.literals import is_literal, literal, shown, shown_period
from smartclause.language.names import Names, Sort
from smartclause.language.vocabulary import Kinship, bare, check_days, day, label
from smartclause.language.wording import Both
from smartclause.logic.contract import Dated, ListKind, ParameterValue
from smartclause.logic.terms import Const, Kind, Type, Value

_UNIT_HELP = Both("give both the same kind and unit", "两者使用同一类型和单位")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Reads the parameters of one file."""

    names: Names
    kinship: Kinship
    zone: str

    def read(self) -> dict[str, ParameterValue]:
        items = self.names.program.files[self.names.module].items
        found = [self._one(item) for item in items if isinstance(item, tree.Parameter)]
        return {each.name: each for each in found if each is not None}

    def _one(self, item: tree.Parameter) -> ParameterValue | None:
        low, high = self._const(item.at_least), self._const(item.at_most)
        valued = self._valued(item, low or high)
        if valued is None:
            return None
        kept = replace(
            valued,
            low=low.value if low and self._bounds(item, low, valued, item.at_least) else None,
            high=high.value if high and self._bounds(item, high, valued, item.at_most) else None,
            label=label(item.labels),
        )
        for value in [dated.value for dated in kept.values] or [each for each in (kept.low,) if each is not None]:
            self.check_bounds(kept, value, item.name)
        return kept

    def _valued(self, item: tree.Parameter, bound: Const | None) -> ParameterValue | None:
        name = f"{self.names.module}.{item.name.id}"
        match item.value:
            case tree.NameList():
                return self._list(name, item.value)
            case tree.Blank():
                return self._blank(name, item, item.value, bound)
            case _:
                return self._dated(name, item, item.value, bound)

    def _list(self, name: str, node: tree.NameList) -> ParameterValue:
        wanted = Sort.CONCEPT.value
        found = (self.names.find(member, Sort.CONCEPT, wanted=wanted) for member in node.members)
        members = frozenset(each.name for each in found if each)
        kind = Type(Kind.CONCEPTS, self.kinship.root(members))
        list_kind = ListKind.OPEN if node.open else ListKind.CLOSED
        return ParameterValue(name, kind, (Dated(members),), list_kind=list_kind)

    def _blank(self, name: str, item: tree.Parameter, node: tree.Blank, bound: Const | None) -> ParameterValue | None:
        kind = _kind(node, bound, self.names)
        if kind is None:
            help_ = Both("give it bounds, or say its type before `to be filled in`", "写明上下限或者类型")
            what = Both(f"the blank `{item.name.id}`", f"待填的“{item.name.id}”")
            self.names.say.add(
                "T24", item.name.span, what=what, wanted=Both("of a known type", "类型明确的"), help=help_
            )
            return None
        return ParameterValue(name, kind)

    def _dated(
        self, name: str, item: tree.Parameter, values: tuple[tree.Dated, ...], bound: Const | None
    ) -> ParameterValue | None:
        read = [(each, self._const(each.value)) for each in values]
        consts = [const for _, const in read if const is not None]
        if len(consts) < len(read):
            return None
        first = consts[0].type
        for each, const in read:
            if const and bound and self._lacks_unit(const, bound, each):
                return None
            if const and not fits(const.type, first) and const.type.kind is not Kind.CONCEPT:
                self.names.say.add("T05", each.span, left=typed(const.type), right=typed(first), help=_UNIT_HELP)
                return None
            check_days(day(each.since), day(each.until), each.span, self.names)
        dated = tuple(Dated(c.value, day(e.since), day(e.until)) for e, c in read if c)
        self._check_overlap(dated, item)
        return ParameterValue(name, self._type(consts), dated)

    def _type(self, consts: list[Const]) -> Type:
        first = consts[0].type
        if first.kind is not Kind.CONCEPT:
            return first
        return Type(Kind.CONCEPT, self.kinship.root(frozenset(str(c.value) for c in consts)))

    def _const(self, node: tree.Value | None) -> Const | None:
        if node is None:
            return None
        if is_literal(node):
            return literal(node, self.names, self.zone)  # type: ignore[arg-type]
        if isinstance(node, tree.Name):
            found = self.names.find(node, Sort.CONCEPT, wanted=Both("value", "值"))
            return Const(found.name, Type(Kind.CONCEPT, found.name)) if found else None
        what, wanted = Both("this", "此处"), Both("a fixed value", "确定的值")
        help_ = Both(
            "write a number with its unit, a period, an amount, a date or a name", "写数值、期间、金额、日期或者名称"
        )
        self.names.say.add("T24", node.span, what=what, wanted=wanted, help=help_)
        return None

    def _lacks_unit(self, const: Const, bound: Const, node: tree.Dated) -> bool:
        """`24; at least 1 hour`: the author forgot the unit of the value."""
        plain = const.type == Type(Kind.NUMBER) and bound.type.kind is Kind.DURATION
        if plain:
            self.names.say.add("T01", node.value.span, number=shown(const.value))
        return plain

    def _bounds(self, item: tree.Parameter, bound: Const, valued: ParameterValue, node: tree.Value | None) -> bool:
        span = node.span if node else item.span
        if valued.type.kind in (Kind.CONCEPT, Kind.CONCEPTS, Kind.TEXT, Kind.FACT):
            self.names.say.add("T17", span, kind=typed(valued.type))
            return False
        if not fits(bound.type, valued.type):
            said = {"bound": typed(bound.type), "value": typed(valued.type)}
            self.names.say.add("T09", span, name=item.name.id, help=_UNIT_HELP, **said)
            return False
        for dated in valued.values:
            if not convert(dated.value, bound.value):
                self.names.say.add("T03", span, left=shown_period(dated.value), right=shown_period(bound.value))
                return False
        return True

    def _check_overlap(self, values: tuple[Dated, ...], item: tree.Parameter) -> None:
        inorder = sorted(values, key=lambda each: each.since or date.min)
        for one, other in pairwise(inorder):
            start = other.since or date.min
            if one.until is None or one.until >= start:
                shown_day = start if other.since else (one.until or start)
                self.names.say.add("T22", item.span, name=item.name.id, day=shown_day)

    def check_bounds(self, parameter: ParameterValue, value: Value, at: tree.Node) -> bool:
        """Whether the value lies inside the bounds; otherwise a finding."""
        if inside(value, parameter.low, parameter.high):
            return True
        self.names.say.add(
            "T08", at.span, value=shown(value), name=bare(parameter.name),
            bounds=described(parameter.low, parameter.high),
        )  # fmt: skip
        return False


def _kind(node: tree.Blank, bound: Const | None, names: Names) -> Type | None:
    if node.type:
        return field_type(node.type, names)
    return bound.type if bound else None
