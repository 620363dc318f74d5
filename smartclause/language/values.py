"""Values of the source: names, fields, definitions replaced, records looked up; keys checked (design 2.6, 2.7).

Every function returns None where something was wrong, and a finding says what.
"""

from dataclasses import dataclass, field, replace
from typing import Self, TypeAlias

from smartclause.language import tree
from smartclause.language.comparing import TIMES
from smartclause.language.event_types import no_such_field
from smartclause.language.kinds import typed
from smartclause.language.literals import is_literal, literal
from smartclause.language.names import Declared, Names, Sort, suggestion
from smartclause.language.views import DEEPEST, Budget, View, World, field_of
from smartclause.language.vocabulary import bare
from smartclause.language.wording import Both
from smartclause.logic.contract import ANYONE, BUILT_IN, EventType, FieldType
from smartclause.logic.terms import (
    Const,
    Count,
    CountDistinct,
    Expression,
    Field,
    Kind,
    LatestField,
    Parameter,
    Query,
    Term,
    Total,
    Type,
)

_PERIOD = Both("a period", "时长")
_VALUE_SORTS = (Sort.PARTY, Sort.CONCEPT, Sort.PARAMETER, Sort.DEFINITION)
Window: TypeAlias = Const | Parameter | tree.CalendarUnit | None


@dataclass(frozen=True, slots=True)
class Values:
    """Reads the values of one file; a definition of another file is read by that file's names."""

    world: World
    names: Names
    opened: tuple[str, ...] = ()
    budget: Budget = field(default_factory=Budget)

    @property
    def zone(self) -> str:
        return self.world.zones[self.names.module]

    def condition(self, node: tree.Condition | tree.Value, view: View) -> Term | None:
        raise NotImplementedError  # conditions and values hold each other; see `Reader`

    def value(self, node: tree.Value | tree.Condition, view: View) -> Expression | None:
        if is_literal(node):
            return literal(node, self.names, self.zone)  # type: ignore[arg-type]
        match node:
            case tree.Name():
                return self._named(node, view)
            case tree.This():
                return self._this(node, view)
            case tree.FieldOf():
                return self._field_of(node, view)
            case tree.Number():
                query = self.query(node.query, view)
                return None if query is None else Count(query, Type(Kind.NUMBER, TIMES))
            case tree.NumberDistinct():
                asked = self._asked(node.query, node.field, view)
                return None if asked is None else CountDistinct(asked[0], asked[1].name, Type(Kind.NUMBER))
            case tree.Total():
                return self._total(node, view)
            case _:
                self._not_a_value(node)
                return None

    def _not_a_value(self, node: tree.Node) -> None:
        if isinstance(node, tree.Latest):
            help_ = Both("add the field: `….field`", "写明其字段：“……的……”")
            what, wanted = Both("a whole record", "整条记录"), Both("a value", "值")
            self.names.say.add("T24", node.span, what=what, wanted=wanted, help=help_)
        else:
            self.names.say.add("T16", node.span, name=Both("this", "此处"))

    def _named(self, node: tree.Name, view: View) -> Expression | None:
        meanings = self._meanings(node)
        having = [t for t in view.types if field_of(t, node.id)]
        if having and meanings:
            listed = (*(f"{bare(t.name)}.{node.id}" for t in having[:1]), *(f"{m.module}.{m.bare}" for m in meanings))
            self.names.say.add("R02", node.span, name=node.id, meanings=listed, example=listed[-1])
            return None
        if having:
            return self._fact(node, view)
        if not meanings:
            self._unknown(node, view)
            return None
        if len(meanings) > 1:
            self.names.ambiguous(node, meanings)
            return None
        return self._meant(meanings[0], node, view)

    def _meanings(self, node: tree.Name) -> tuple[Declared, ...]:
        return tuple(m for m in self.names.meanings(node.id) if m.sort in _VALUE_SORTS)

    def _meant(self, declared: Declared, node: tree.Name, view: View) -> Expression | None:
        match declared.sort:
            case Sort.PARTY:
                return Const(self.names.called(declared), Type(Kind.PARTY))
            case Sort.CONCEPT:
                return Const(declared.name, Type(Kind.CONCEPT, declared.name))
            case Sort.PARAMETER:
                known = self.world.parameters.get(declared.name)
                return Parameter(declared.name, known.type) if known else None
            case _:
                opened = self._open(declared, node)
                return None if opened is None else opened[0].value(opened[1], view)

    def _fact(self, node: tree.Name, view: View) -> Expression | None:
        """A field that every type in view has, with one type of value."""
        found = [field_of(t, node.id) for t in view.types]
        kinds = {f.type for f in found if f}
        if None in found:
            no_such_field(node, tuple(t for t, f in zip(view.types, found, strict=True) if f is None), self.names)
            return None
        if len(kinds) > 1:
            one, other = sorted(kinds, key=str)[:2]
            help_ = Both("give the fields different names", "给字段取不同名称")
            self.names.say.add("T05", node.span, left=typed(one), right=typed(other), help=help_)
            return None
        return Field(node.id, kinds.pop())

    def _unknown(self, node: tree.Name, view: View) -> None:
        """The most helpful thing to say of a name that means nothing here."""
        if view.record and any(field_of(t, node.id) for t in view.outer):
            self.names.say.add("R07", node.span, record=bare(view.record), name=node.id)
        elif view.lasting and self._is_some_field(node.id):
            self.names.say.add("T23", node.span, name=node.id)
        elif view.types and self._is_some_field(node.id):
            no_such_field(node, view.types, self.names)
        else:
            fields = [f.name for t in view.types for f in t.fields]
            wanted = Both("fact or value", "事实或者值")
            help_ = suggestion(node.id, [*fields, *self._value_names()], wanted)
            self.names.say.add("R01", node.span, name=node.id, wanted=wanted, help=help_)

    def _is_some_field(self, name: str) -> bool:
        return any(field_of(t, name) for t in self.world.types.values())

    def _value_names(self) -> list[str]:
        return [n for n, all_ in self.names.visible.items() if any(d.sort in _VALUE_SORTS for d in all_)]

    def _this(self, node: tree.This, view: View) -> Expression | None:
        if view.record:
            self.names.say.add("R07", node.span, record=bare(view.record), name=node.field.id)
            return None
        if not view.types:
            self._unknown(node.field, view)
            return None
        if any(field_of(t, node.field.id) is None for t in view.types):
            no_such_field(node.field, view.types, self.names)
            return None
        return self._fact(node.field, view)

    def _field_of(self, node: tree.FieldOf, view: View) -> Expression | None:
        if isinstance(node.record, tree.Latest):
            return self._latest_field(node.record.query, node.field, view)
        if node.record.id in self.names.qualifiers and not self._meanings(node.record):
            return self._named(_qualified(node.record, node.field), view)
        declared = self.names.find(node.record, Sort.DEFINITION, wanted=Both("record", "记录"))
        if declared is None:
            return None
        opened = self._open(declared, node.record)
        return None if opened is None else opened[0]._of_record(opened[1], node.field, view)

    def _of_record(self, body: tree.Condition | tree.Value, name: tree.Name, view: View) -> Expression | None:
        if isinstance(body, tree.Latest):
            return self._latest_field(body.query, name, view)
        help_ = Both("let the definition be `latest …`", "定义应为“最近一次……”")
        what, wanted = Both("this definition", "该定义"), Both("a record", "记录")
        self.names.say.add("T24", name.span, what=what, wanted=wanted, help=help_)
        return None

    def _latest_field(self, node: tree.Query, name: tree.Name, view: View) -> Expression | None:
        asked = self._asked(node, name, view)
        return None if asked is None else LatestField(asked[0], asked[1].name, asked[1].type)

    def _asked(self, node: tree.Query, name: tree.Name, view: View) -> tuple[Query, FieldType] | None:
        """Records, and the field of them that is asked for."""
        query = self.query(node, view)
        found = self.field(name, query.event) if query is not None else None
        return None if query is None or found is None else (query, found)

    def _total(self, node: tree.Total, view: View) -> Expression | None:
        asked = self._asked(node.query, node.field, view)
        if asked is None:
            return None
        query, found = asked
        if found.type.kind not in (Kind.NUMBER, Kind.MONEY):
            help_ = Both("add up numbers or amounts", "只累计数值或者金额")
            what, wanted = typed(found.type), Both("something to add up", "可以累计的值")
            self.names.say.add("T24", node.field.span, what=what, wanted=wanted, help=help_)
            return None
        return Total(query, found.name, found.type)

    def field(self, name: tree.Name, event: str) -> FieldType | None:
        kind = self.world.types.get(event)
        found = field_of(kind, name.id) if kind else None
        if found is None and kind is not None:
            no_such_field(name, (kind,), self.names)
        return found

    # ---- definitions

    def _definition(self, node: tree.Name | tree.FieldOf | tree.This, view: View) -> Declared | None:
        if isinstance(node, tree.FieldOf):
            if not isinstance(node.record, tree.Name) or node.record.id not in self.names.qualifiers:
                return None
            node = _qualified(node.record, node.field)
        if isinstance(node, tree.This) or any(field_of(t, node.id) for t in view.types):
            return None
        meanings = self._meanings(node)
        return meanings[0] if len(meanings) == 1 and meanings[0].sort is Sort.DEFINITION else None

    def _open(self, declared: Declared, node: tree.Node) -> "tuple[Self, tree.Condition | tree.Value] | None":
        """The body of the definition, and who reads it with the names of its own file."""
        if declared.name in self.opened or not isinstance(declared.node, tree.Define):
            return None  # the circle is reported where definitions are checked
        self.budget.left -= 1
        if self.budget.left < 0 or len(self.opened) >= DEEPEST:
            self._too_large(node, declared.bare)
            return None
        names = self.world.names[declared.module]
        return replace(self, names=names, opened=(*self.opened, declared.name)), declared.node.body

    def _too_large(self, node: tree.Node, name: str) -> None:
        """Said once for each sentence."""
        if not self.budget.told:
            self.names.say.add("R31", node.span, name=name)
        self.budget.told = True

    # ---- records

    def _inside(self, event: str, view: View) -> View:
        kind = self.world.types.get(event)
        return View((kind,) if kind else (), record=event, outer=view.types)

    def query(self, node: tree.Query, view: View) -> Query | None:
        if view.record:
            self.names.say.add("R08", node.span)
            return None
        event = self.names.event(node.event)
        if event is None or (event not in self.world.types and event not in BUILT_IN):
            return None
        where = self.condition(node.where, self._inside(event, view)) if node.where else None
        keys = self._keys(node.keys, (event,), view)
        window, sound = self._window(node.window)
        by = self._by(node.by)
        if keys is None or not sound or (node.where and where is None) or (node.by and by is None):
            return None
        return Query(event, where, keys, window, by)

    def _keys(self, keys: tuple[tree.Name, ...], events: tuple[str, ...], view: View) -> tuple[str, ...] | None:
        """Keys that the records and whatever is in view both have (design 2.7)."""
        types = (*(self.world.types[e] for e in events if e in self.world.types), *view.types)
        good = [key.id for key in keys if self.key(key, types) and self._in_view(key, view)]
        return tuple(good) if len(good) == len(keys) else None

    def _in_view(self, key: tree.Name, view: View) -> bool:
        """Whether what is judged has the key at all; its type is checked with that of the record."""
        if view.types if view.keys is None else key.id in view.keys:
            return True
        self.names.say.add("T31", key.span, key=key.id)
        return False

    def key(self, key: tree.Name, types: tuple[EventType, ...]) -> bool:
        """Whether every type has the key as an identifier that no role shows."""
        for kind in types:
            found = field_of(kind, key.id)
            if found is None:
                self.names.say.add("T04", key.span, key=key.id, type=bare(kind.name))
                return False
            if found.type.kind is not Kind.IDENTIFIER:
                self.names.say.add("T10", key.span, key=key.id, kind=typed(found.type))
                return False
            if found.shown_by:
                self.names.say.add("T11", key.span, key=key.id, type=bare(kind.name), role=found.shown_by)
                return False
        return True

    def _window(self, node: tree.Window | None) -> tuple[Window, bool]:
        if node is None:
            return None, True
        if isinstance(node, tree.Calendar):
            return node.unit, True
        period = self.period(node)
        return period, period is not None

    def period(self, node: tree.Period) -> Const | Parameter | None:
        """A period written out, or a parameter that is one."""
        value = self.value(node, View())
        if value is None:
            return None
        if value.type.kind is not Kind.DURATION or not isinstance(value, Const | Parameter):
            help_ = Both(
                "write a period with its unit, or a parameter that is one", "写带单位的期间，或者作为期间的参数"
            )
            self.names.say.add("T24", node.span, what=typed(value.type), wanted=_PERIOD, help=help_)
            return None
        return value

    def _by(self, node: tree.Name | tree.Anyone | None) -> str | None:
        if isinstance(node, tree.Anyone):
            return ANYONE
        return self.names.party(node) if node else None


def _qualified(prefix: tree.Name, name: tree.Name) -> tree.Name:
    return tree.Name(f"{prefix.id}.{name.id}", span=prefix.span.to(name.span))
