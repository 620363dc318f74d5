"""Acts and occurrences of a program with all their fields: own, inherited, and judgements on them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from smartclause.language import tree
from smartclause.language.bounds import described, inside
from smartclause.language.cycles import circles, printed, too_tall
from smartclause.language.kinds import CONTROLLED, of_kind, typed
from smartclause.language.literals import is_literal, literal, shown
from smartclause.language.names import Names, Sort, suggestion
from smartclause.language.vocabulary import TALLEST, bare, label
from smartclause.language.wording import Both
from smartclause.logic.contract import EventKind, EventType, FieldType, Text
from smartclause.logic.terms import Kind, Money, Type, Value

_KINDS = {
    "act": EventKind.CONTROLLED,
    "unrestricted": EventKind.UNRESTRICTED,
    "occurrence": EventKind.OCCURRENCE,
}
_SIZED = (Kind.NUMBER, Kind.PERCENTAGE, Kind.MONEY, Kind.INSTANT, Kind.DATE, Kind.DURATION)


@dataclass(frozen=True, slots=True)
class Declaration:
    """An event type before it inherits."""

    type: EventType
    node: tree.EventType
    names: Names


def read_event_types(files: tuple[Names, ...], zones: Mapping[str, str]) -> dict[str, EventType]:
    declared = {d.type.name: d for names in files for d in _declared(names, zones[names.module])}
    above = {name: (d.type.parent,) if d.type.parent else () for name, d in declared.items()}
    torn = False
    for circle in circles(above):
        torn = True
        first = declared[circle[0]]
        things = Both("types", "类型")
        first.names.say.add("R06", first.node.name.span, things=things, cycle=printed(tuple(map(bare, circle))))
    tall = None if torn else too_tall(above, TALLEST)
    if tall is not None:
        each = declared[tall]
        each.names.say.add("R40", each.node.name.span, name=bare(tall), limit=TALLEST)
    if torn or tall is not None:
        return {name: replace(d.type, parent="") for name, d in declared.items()}
    for each in declared.values():
        _check_parent(each, declared)
    with_judgements = _judged(declared, files)
    return {name: _complete(name, with_judgements, declared) for name in declared}


def _declared(names: Names, zone: str) -> Iterator[Declaration]:
    for item in names.program.files[names.module].items:
        if isinstance(item, tree.EventType):
            yield Declaration(_type(item, names, zone), item, names)


def _type(item: tree.EventType, names: Names, zone: str) -> EventType:
    sorts = (Sort.OCCURRENCE,) if item.kind == "occurrence" else (Sort.ACT,)
    parent = names.find(item.under, *sorts, wanted=sorts[0].value) if item.under else None
    by = names.party_or_role(item.by) if item.by else None
    fields: dict[str, FieldType] = {}
    for field in item.fields:
        read = _field(field, names, zone)
        if read and read.name in fields:
            names.say.add("R03", field.name.span, name=read.name, line=item.span.line)
        elif read:
            fields[read.name] = read
    return EventType(
        f"{names.module}.{item.name.id}",
        _KINDS[item.kind],
        parent.name if parent else "",
        by or "",
        tuple(fields.values()),
        label(item.labels),
    )


def _field(field: tree.Field, names: Names, zone: str) -> FieldType | None:
    kind = field_type(field.type, names)
    if kind is None:
        return None
    low = _bound(field.at_least, kind, field, names, zone)
    high = _bound(field.at_most, kind, field, names, zone)
    if low is not None and not inside(low, None, high):
        names.say.add("T08", field.span, value=shown(low), name=field.name.id, bounds=described(None, high))
    kind = _in_currency(kind, low, high)
    yes, no = forms(field.labels)
    return FieldType(field.name.id, kind, _shown_by(field, names), low, high, yes, no)


def _in_currency(kind: Type, *bounds: Value | None) -> Type:
    """An amount between bounds is of their currency; without bounds, of any."""
    said = next((b.currency for b in bounds if isinstance(b, Money)), "")
    return Type(kind.kind, said) if kind.kind is Kind.MONEY and said else kind


def forms(labels: tree.Texts) -> tuple[Text, Text]:
    """The label and its no form, in both languages."""
    (zh, zh_no), (en, en_no) = labels.forms("zh"), labels.forms("en")
    return Text(zh or "", en or ""), Text(zh_no or "", en_no or "")


def _shown_by(field: tree.Field, names: Names) -> str:
    if field.shown_by is None:
        return ""
    if not names.meanings(field.shown_by.id):
        names.say.add("R17", field.shown_by.span, name=field.name.id, role=field.shown_by.id)
        return ""
    return names.party_or_role(field.shown_by) or ""


def field_type(node: tree.FieldType, names: Names) -> Type | None:
    match node.kind:
        case "number":
            unit = names.unit(node.of) if node.of else ""
            return None if unit is None else Type(Kind.NUMBER, unit)
        case "place":
            return Type(Kind.CONCEPT)
        case "concept" | "set" if node.of is not None:
            found = names.find(node.of, Sort.CONCEPT, wanted=Sort.CONCEPT.value)
            kind = Kind.CONCEPT if node.kind == "concept" else Kind.CONCEPTS
            return Type(kind, found.name) if found else None
        case "concept" | "set":
            return Type(Kind.CONCEPT if node.kind == "concept" else Kind.CONCEPTS)
        case _:
            return Type(Kind(node.kind))


def _bound(node: tree.Value | None, kind: Type, field: tree.Field, names: Names, zone: str) -> Value | None:
    if node is None:
        return None
    if kind.kind not in _SIZED:
        names.say.add("T17", node.span, kind=of_kind(kind))
        return None
    if not is_literal(node):
        what, wanted = Both("this", "此处"), Both("a fixed value", "确定的值")
        help_ = Both("write the bound itself", "直接写出界限")
        names.say.add("T24", node.span, what=what, wanted=wanted, help=help_)
        return None
    bound = literal(node, names, zone)  # type: ignore[arg-type]
    plain = bound is not None and bound.type == Type(Kind.NUMBER) and kind.kind is Kind.NUMBER
    if bound is None or plain or fits(bound.type, kind):
        return bound.value if bound else None
    help_ = Both("give the bound the same unit as the field", "界限与字段使用同一单位")
    names.say.add("T09", node.span, name=field.name.id, bound=shown(bound.value), value=typed(kind), help=help_)
    return None


def fits(value: Type, wanted: Type) -> bool:
    """A value of the first type may stand where the second is declared; an unsaid unit or currency is free."""
    if value.kind is not wanted.kind:
        return False
    if value.kind is Kind.MONEY:
        return not wanted.detail or not value.detail or value.detail == wanted.detail
    return value.kind is not Kind.NUMBER or value.detail == wanted.detail


def _check_parent(each: Declaration, declared: Mapping[str, Declaration]) -> None:
    parent = declared.get(each.type.parent)
    if parent is None or each.node.under is None:
        return
    if each.type.kind is EventKind.UNRESTRICTED and parent.type.kind is EventKind.CONTROLLED:
        help_ = Both("declare it as `act`: it needs a grant", "写“行为”：它需要授权")
        each.names.say.add(
            "R27", each.node.under.span, name=each.node.name.id, parent=bare(parent.type.name), kind=CONTROLLED,
            help=help_,
        )  # fmt: skip


def _judged(declared: Mapping[str, Declaration], files: tuple[Names, ...]) -> dict[str, tuple[FieldType, ...]]:
    """Own fields of each type, with the judgements of the clauses that speak of it."""
    fields = {name: d.type.fields for name, d in declared.items()}
    for names in files:
        for clause in names.program.files[names.module].items:
            if isinstance(clause, tree.Clause):
                for judgement in clause.body:
                    if isinstance(judgement, tree.Judgement):
                        _judge(judgement, acts_of(clause, names), names, fields, declared)
    return fields


def _judge(
    node: tree.Judgement,
    acts: tuple[str, ...],
    names: Names,
    fields: dict[str, tuple[FieldType, ...]],
    declared: Mapping[str, Declaration],
) -> None:
    party = names.party(node.by)
    yes, no = forms(node.labels)
    fact = FieldType(node.name.id, Type(Kind.FACT), party or "", label=yes, no_label=no)
    for act in acts:
        taken = [f for t in _above(act, declared) for f in fields[t] if f.name == fact.name]
        if not taken:
            fields[act] = (*fields[act], fact)
        elif taken[0] != fact:
            names.say.add("R18", node.name.span, type=bare(act), name=fact.name)


def _above(name: str, declared: Mapping[str, Declaration]) -> Iterator[str]:
    """The type itself and those it stands under."""
    while name in declared:
        yield name
        name = declared[name].type.parent


def acts_of(clause: tree.Clause, names: Names) -> tuple[str, ...]:
    """The acts that the sentences of a clause speak of."""
    found: dict[str, None] = {}
    for sentence in clause.sentences:
        for act in _acts(sentence):
            name = names.act(act)
            if name is not None and name in _all_types(names):
                found[name] = None
    return tuple(found)


def _all_types(names: Names) -> frozenset[str]:
    every = (d for each in names.visible.values() for d in each)
    return frozenset(d.name for d in every if d.sort is Sort.ACT)


def _acts(sentence: tree.Sentence) -> tuple[tree.Name, ...]:
    match sentence:
        case tree.Grant() | tree.Limit() | tree.Bar():
            return sentence.acts
        case tree.Duty() | tree.Repeated():
            return tuple(answer.act for answer in sentence.acts)
        case tree.Standing() | tree.Share():
            return ()


def _complete(name: str, own: Mapping[str, tuple[FieldType, ...]], declared: Mapping[str, Declaration]) -> EventType:
    """The type with the fields of all it stands under, the broadest first."""
    fields: dict[str, FieldType] = {}
    for ancestor in reversed(list(_above(name, declared))):
        for field in own[ancestor]:
            if field.name in fields and ancestor == name and fields[field.name] != field:
                _twice(field.name, declared[name])
            fields.setdefault(field.name, field)
    return replace(declared[name].type, fields=tuple(fields.values()))


def _twice(field: str, each: Declaration) -> None:
    nodes = [f.name for f in each.node.fields if f.name.id == field]
    span = nodes[0].span if nodes else each.node.name.span
    each.names.say.add("R28", span, name=field, type=each.node.name.id)


def no_such_field(name: tree.Name, types: tuple[EventType, ...], names: Names) -> None:
    """The finding that a field is missing in at least one of the types."""
    lacking = tuple(bare(t.name) for t in types if all(f.name != name.id for f in t.fields))
    near = {f.name for t in types for f in t.fields}
    help_ = suggestion(name.id, near, Both("field", "字段"))
    names.say.add("R15", name.span, name=name.id, types=lacking, help=help_)
