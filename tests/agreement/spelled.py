"""A contract of the meaning as clause files, and a history as a scenario: printed by the formatter of the language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from smartclause.language import tree as t
from smartclause.language.format import format as printed
from smartclause.logic.contract import (
    Bar,
    BreachTrigger,
    Clause,
    Contract,
    Duty,
    EventKind,
    EventType,
    FieldType,
    Grant,
    Header,
    Limit,
    ListKind,
    Module,
    ModuleKind,
    ParameterValue,
    Repeated,
    Sentence,
    Standing,
    Vocabulary,
)
from smartclause.logic.counting import Duration, Instant, Unit
from smartclause.logic.record import Event
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    AtLeast,
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
    Money,
    Not,
    Order,
    Parameter,
    Query,
    Some,
    Term,
    Total,
    Type,
    Value,
)
from smartclause.logic.world import inside_bounds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS: dict[ModuleKind, Any] = {
    ModuleKind.CONTRACT: "contract", ModuleKind.AGREEMENT: "agreement", ModuleKind.PACK: "rules",
    ModuleKind.VOCABULARY: "vocabulary",
}  # fmt: skip
_EVENTS: dict[EventKind, Any] = {
    EventKind.CONTROLLED: "act", EventKind.UNRESTRICTED: "unrestricted", EventKind.OCCURRENCE: "occurrence",
}  # fmt: skip
_ORDERS: dict[Order, Any] = {
    Order.AT_LEAST: "at_least", Order.AT_MOST: "at_most", Order.EXCEEDS: "exceeds", Order.BELOW: "below",
}  # fmt: skip
_OF_TIME: dict[Order, Any] = {**_ORDERS, Order.EXCEEDS: "after", Order.BELOW: "before"}


def files_of(contract: Contract, scenario: t.Scenario | None = None) -> dict[str, str]:
    """The text of each file by its name; the scenario stands in the file judged."""
    return {
        m.name: printed(_file(contract, m, scenario if m.name == contract.module else None)) for m in contract.modules
    }


def bare(name: str) -> t.Name:
    return t.Name(name.rpartition(".")[2])


# ---- files


def _file(contract: Contract, module: Module, scenario: t.Scenario | None) -> t.File:
    items: list[t.Declaration] = [*_imports(contract, module)]
    if module.kind is ModuleKind.VOCABULARY:
        items += [t.Role(t.Name("auditor")), t.Role(t.Name("keeper")), t.Unit(t.Name("row"))]
        items += _concepts(contract.vocabulary)
    items += [t.Party(t.Name(p.name), roles=(t.Name(p.role),) if p.role else ()) for p in module.parties]
    types = {x.name: x for x in contract.types}
    mine = [x for x in contract.types if x.name.partition(".")[0] == module.name]
    items += [_event_type(x, types) for x in mine]
    items += [
        t.Run(bare(x.name), bare(x.checkpoint), bare(x.end), t.Name(x.run))
        for x in mine if x.checkpoint and not (x.parent and types[x.parent].checkpoint)
    ]  # fmt: skip
    items += [_parameter(p) for p in contract.parameters if p.name.partition(".")[0] == module.name]
    writer = Writer(contract, module)
    items += [writer.clause(c) for c in module.clauses]
    items += [scenario] if scenario else []
    return t.File(_header(module), tuple(items))


def _imports(contract: Contract, module: Module) -> Iterator[t.Import]:
    for used in (m for m in contract.modules if m.name in module.uses):
        kept = used.kind is ModuleKind.CONTRACT  # its parties keep their names
        shared = set() if kept else {p.name for p in module.parties} & {p.name for p in used.parties}
        bound = tuple(t.Setting(t.Name(p), t.Name(p)) for p in sorted(shared))
        yield t.Import(used.name, "1.0.0", settings=bound)


def _header(module: Module) -> t.Header:
    return t.Header(_KINDS[module.kind], t.Name(module.name), "1.0.0", terms=tuple(_terms(module, module.header)))


def _terms(module: Module, header: Header) -> Iterator[t.Term]:
    if header.since is not None:
        yield t.Force(t.Date(header.since), t.Date(header.until) if header.until else None)
    if module.kind is not ModuleKind.VOCABULARY:
        yield t.Zone(header.zone)
        yield t.Counting(header.rule)
    if header.news:
        yield t.News(_duration(header.news))
    if header.records_due:
        yield t.RecordsDue(_duration(header.records_due))
    yield from (t.Lag(t.Name(who), _duration(lag)) for who, lag in header.lag)
    if header.provider:
        yield t.Provider(t.Name(header.provider))
    surviving = tuple(t.ClauseRef(c.number) for c in module.clauses if c.survives)
    if surviving:
        yield t.Survive(surviving)
    if header.checkpoint_gap:
        yield t.Gap(_duration(header.checkpoint_gap))
    if header.enders:
        yield t.MayEnd(tuple(t.Name(p) for p in header.enders))


def _concepts(vocabulary: Vocabulary) -> Iterator[t.Declaration]:
    for concept in vocabulary.concepts:
        above = tuple(
            t.Edge(bare(e.parent), _date(e.since), _date(e.until)) for e in vocabulary.edges if e.child == concept.name
        )
        yield t.Concept(bare(concept.name), parents=above)
    yield from (t.Disjoint(tuple(bare(m) for m in d.members)) for d in vocabulary.disjoint if d.since is None)
    if vocabulary.complete:
        yield t.Complete(tuple(bare(c) for c in vocabulary.complete))


def _date(day: date | None) -> t.Date | None:
    return None if day is None else t.Date(day)


def _event_type(kind: EventType, types: dict[str, EventType]) -> t.EventType:
    inherited = {f.name for f in types[kind.parent].fields} if kind.parent else set()
    own = tuple(_field(f) for f in kind.fields if f.name not in inherited)
    by = t.Name(kind.by) if kind.by else None
    return t.EventType(
        _EVENTS[kind.kind], bare(kind.name), under=bare(kind.parent) if kind.parent else None, by=by, fields=own
    )


def _field(field: FieldType) -> t.Field:
    low, high = (None if v is None else _literal(v, field.type) for v in (field.low, field.high))
    return t.Field(
        t.Name(field.name), _type(field.type), at_least=low, at_most=high,
        shown_by=t.Name(field.shown_by) if field.shown_by else None,
    )  # fmt: skip


def _type(kind: Type) -> t.FieldType:
    match kind.kind:
        case Kind.CONCEPTS:
            return t.FieldType("set", bare(kind.detail))
        case Kind.CONCEPT:
            return t.FieldType("concept", bare(kind.detail))
        case Kind.NUMBER:
            return t.FieldType("number", bare(kind.detail) if kind.detail else None)
        case _:
            return t.FieldType(kind.kind.value)  # type: ignore[arg-type]


def _parameter(figure: ParameterValue) -> t.Parameter:
    value: tuple[t.Dated, ...] | t.NameList | t.Blank
    if figure.list_kind is not None:
        members = sorted(figure.values[0].value)  # type: ignore[arg-type]
        value = t.NameList(tuple(bare(m) for m in members), figure.list_kind is ListKind.OPEN)
    elif not figure.values:
        value = t.Blank(_type(figure.type))
    else:
        value = tuple(
            t.Dated(_literal(d.value, figure.type), _date(d.since), _date(d.until)) for d in figure.values
        )  # fmt: skip
    return t.Parameter(bare(figure.name), value)


# ---- values


def _duration(period: Duration) -> t.Duration:
    return t.Duration(period.count, period.unit.value)  # type: ignore[arg-type]


def _literal(value: Value, kind: Type, zone: str = "UTC") -> Any:
    match kind.kind, value:
        case Kind.NUMBER, Decimal():
            return t.Quantity(value, bare(kind.detail) if kind.detail else None)
        case Kind.PERCENTAGE, Decimal():
            return t.Percentage(value)
        case _, Money():
            return t.Money(value.amount, value.currency)
        case _, Duration():
            return _duration(value)
        case Kind.INSTANT, int():
            return _instant(value, zone)
        case Kind.DATE, date():
            return t.Date(value)
        case Kind.FACT, bool():
            return t.YesNo(value)
        case Kind.CONCEPTS, frozenset() if len(value) != 1:
            return t.Several(tuple(bare(v) for v in sorted(value)))
        case Kind.CONCEPTS, frozenset():
            return bare(min(value))
        case ((Kind.CONCEPT | Kind.PARTY), str()):
            return bare(value)
        case _:
            return t.Text(str(value))


def _instant(at: Instant, zone: str) -> t.Instant:
    moment = (_EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone))
    return t.Instant(moment.replace(tzinfo=None))


class Writer:
    """Writes the sentences of one file."""

    def __init__(self, contract: Contract, module: Module) -> None:
        self.contract = contract
        self.module = module
        self.zone = module.header.zone

    def clause(self, clause: Clause) -> t.Clause:
        applies = () if clause.applies == TRUE else (t.Applies(self.condition(clause.applies)),)
        body = (*applies, *(self.sentence(s) for s in clause.sentences))
        return t.Clause(clause.number, t.Name(clause.name), body=body)

    def sentence(self, said: Sentence) -> Any:
        match said:
            case Grant() | Limit() | Bar():
                made = {Grant: t.Grant, Limit: t.Limit, Bar: t.Bar}[type(said)]
                bare_one = said.condition == TRUE and not isinstance(said, Limit)
                aside = {"despite": tuple(self.reference(c) for c in said.despite)}
                return made(
                    t.Name(said.party), tuple(bare(a) for a in said.acts),
                    None if bare_one else self.condition(said.condition), self.exceptions(said.exception), **aside,
                )  # type: ignore[arg-type] # fmt: skip
            case Duty():
                return self.duty(said)
            case Repeated():
                return t.Repeated(t.Name(said.party), self.answers(said), self.value(said.period))
            case Standing():
                each = (t.Name(said.for_each),) if said.for_each else ()
                after = None if said.after is None else self.value(said.after)
                return t.Standing(t.Name(said.party), self.condition(said.condition), each, after)
            case _:
                raise AssertionError(said)

    def exceptions(self, term: Term) -> tuple[Any, ...]:
        return () if term == FALSE else (self.condition(term),)

    def duty(self, said: Duty) -> t.Duty:
        second = said.otherwise
        keys = tuple(t.Name(k) for k in said.keys)
        return t.Duty(
            t.Name(said.party), self.answers(said), tuple(self.trigger(x) for x in said.triggers),
            None if said.period is None else self.value(said.period), t.Name(said.clock) if said.clock else None,
            None if said.no_later_than is None else self.value(said.no_later_than), keys,
            self.exceptions(said.exception), t.Name(said.waived_by) if said.waived_by else None,
            None if second is None else t.Otherwise(
                t.Name(second.party), self.answers(second),
                None if second.period is None else self.value(second.period), keys,
            ),
        )  # fmt: skip

    def trigger(self, trigger: Any) -> t.Trigger:
        if isinstance(trigger, BreachTrigger):
            return t.ClauseStatus(self.reference(trigger.clause, trigger.sentence), "violated")
        return t.Occurs(bare(trigger.event), None if trigger.where == TRUE else self.condition(trigger.where))

    def answers(self, said: Duty | Repeated) -> tuple[t.Answer, ...]:
        to = t.Name(said.recipient) if said.recipient else None
        return tuple(
            t.Answer(bare(a.act), to, None if a.where == TRUE else self.condition(a.where)) for a in said.answers
        )

    def reference(self, clause: str, sentence: int = 0) -> t.ClauseRef:
        module, _, number = clause.partition(".")
        target = number if module == self.module.name else f"{module}.c{number}"
        return t.ClauseRef(target, sentence or None)

    # ---- conditions

    def condition(self, term: Term) -> Any:
        match term:
            case Holds():
                return self.value(term.value)
            case Not():
                return t.Not(self.condition(term.arg))
            case All():
                return t.All(tuple(map(self.condition, term.args)))
            case AnyOf():
                return t.AnyOf(tuple(map(self.condition, term.args)))
            case AtLeast():
                return t.AtLeast(term.count, tuple(map(self.condition, term.args)))
            case Compare():
                return self.compared(term)
            case Covers(Const() | Parameter() as broad, narrow):
                return t.IsIn(self.value(narrow), self.value(broad))
            case Covers():
                return t.Covers(self.value(term.broad), self.value(term.narrow))
            case Some():
                return t.Some(self.query(term.query))
            case Every():
                return t.Every(self.query(term.query), self.condition(term.has))
            case EveryFollowed():
                return t.EveryFollowed(self.query(term.query), self.query(term.answer))
            case LatestHas():
                return t.LatestHas(self.query(term.query), self.condition(term.has))
            case ClauseViolated():
                keys = tuple(t.Name(k) for k in term.keys)
                return t.ClauseStatus(self.reference(term.clause, term.sentence), "violated", keys, term.ever)
            case _:
                raise AssertionError(term)

    def compared(self, term: Compare) -> Any:
        left, right = self.value(term.left), self.value(term.right)
        if term.order is Order.EQUAL:
            return t.Is(left, right)
        orders = _OF_TIME if term.left.type.kind in (Kind.INSTANT, Kind.DATE) else _ORDERS
        return t.Compare(left, orders[term.order], right)

    def query(self, asked: Query) -> t.Query:
        by: t.Name | t.Anyone | None = None
        if asked.by is not None:
            by = t.Anyone() if asked.by == "anyone" else t.Name(asked.by)
        window: Any = asked.within
        if isinstance(window, str):
            window = t.Calendar(window)
        elif window is not None:
            window = self.value(window)
        where = None if asked.where is None else self.condition(asked.where)
        return t.Query(bare(asked.event), where, tuple(t.Name(k) for k in asked.keys), window, by)

    def value(self, value: Expression) -> Any:
        match value:
            case Const():
                return _literal(value.value, value.type, self.zone)
            case Field():
                return t.Name(value.name)
            case Parameter():
                return bare(value.name)
            case LatestField():
                return t.FieldOf(t.Latest(self.query(value.query)), t.Name(value.name))
            case Count():
                return t.Number(self.query(value.query))
            case CountDistinct():
                return t.NumberDistinct(t.Name(value.field), self.query(value.query))
            case Total():
                return t.Total(t.Name(value.field), self.query(value.query))
            case _:
                raise AssertionError(value)


# ---- a scenario


def scenario_of(contract: Contract, name: str, records: list[Event], asked: Instant) -> t.Scenario:
    """What happened, as lines: everybody shows everything, but for what a line withholds."""
    main = next(m for m in contract.modules if m.name == contract.module)
    zone = main.header.zone
    types = {x.name: x for x in contract.types}
    lines: list[t.Line] = []
    for event in sorted(records, key=lambda e: (e.time, e.index)):
        if event.type in types or event.type in ("waiver", "termination"):
            lines.append(_happens(event, types.get(event.type), zone))
    lines.append(t.Clock(_instant(asked, zone)))
    return t.Scenario(t.Name(name), lines=tuple(lines))


def _may_be_told(field: FieldType, value: Value) -> bool:
    """A value outside its bounds, or that no vocabulary has, cannot be written in a file: it is unknown anyway."""
    members = value if isinstance(value, frozenset) else {value} if field.type.kind is Kind.CONCEPT else None
    if members is not None:
        return bool(members) and not members & {"v.unlisted", "v.stray"}
    return inside_bounds(value, field)


def _happens(event: Event, kind: EventType | None, zone: str) -> t.Happens:
    fields = {f.name: f for f in kind.fields} if kind else {}
    told = {n: v for n, v in event.facts.items() if n != "contract" and (n not in fields or _may_be_told(fields[n], v))}
    givens = tuple(
        t.Given(t.Name(n), _literal(v, fields[n].type if n in fields else Type(Kind.TEXT), zone))
        for n, v in told.items()
    )
    return t.Happens(
        _instant(event.time, zone), bare(event.type), t.Name(event.by) if event.by else None,
        t.Name(event.to) if event.to and event.by else None, givens, (), event.unreliable,
    )  # fmt: skip


__all__ = ["Unit", "files_of", "scenario_of"]
