"""Scenarios and properties of the file judged: instants in its zone, facts with their kinds."""

from collections.abc import Iterator
from dataclasses import dataclass

from smartclause.language import tree
from smartclause.language.bounds import described, inside
from smartclause.language.comparing import is_identifier
from smartclause.language.conditions import Reader
from smartclause.language.event_types import acts_of, fits, no_such_field
from smartclause.language.kinds import typed
from smartclause.language.literals import instant, is_literal, later, literal, local, shown
from smartclause.language.names import Names, Sort
from smartclause.language.references import ClauseIndex
from smartclause.language.views import View
from smartclause.language.vocabulary import bare, label
from smartclause.language.wording import Both
from smartclause.logic.contract import (
    BUILT_IN,
    EventType,
    Expected,
    FieldType,
    Line,
    Property,
    Scenario,
)
from smartclause.logic.terms import Const, Kind, Type, Value

MOST_REPEATS = 10_000
ASSET = "asset"
_STRICTER = "at least as strict as"


@dataclass(frozen=True, slots=True)
class Scenarios:
    """Reads the scenarios and properties of one file."""

    names: Names
    reader: Reader
    index: ClauseIndex

    def scenarios(self) -> Iterator[Scenario]:
        for item in self.names.program.files[self.names.module].items:
            if isinstance(item, tree.Scenario):
                lines = tuple(line for node in item.lines for line in self._line(node))
                expected = tuple(e for node in item.lines if (e := self._expected(node)))
                yield Scenario(item.name.id, lines, expected, label(item.labels), item.span)

    # ---- lines

    def _line(self, node: tree.Line) -> Iterator[Line]:
        match node:
            case tree.Happens():
                yield from self._happens(node)
            case tree.Clock():
                at = instant(node.at, self.names, self.reader.zone)
                if at is not None:
                    yield Line(at, span=node.span)
            case tree.Silent():
                at = instant(node.since, self.names, self.reader.zone)
                source = self.names.party_or_role(node.source)
                if at is not None and source:
                    yield Line(at, silent=source, span=node.span)
            case tree.ThenStatus() | tree.ThenVerdict():
                return

    def _happens(self, node: tree.Happens) -> Iterator[Line]:
        event = self.names.event(node.event)
        by = self.names.party(node.party) if node.party else ""
        to = self.names.party(node.recipient) if node.recipient else ""
        if event is None or by is None or to is None:
            return
        kind = self.reader.world.types.get(event)
        facts, asset = self._facts(node, kind)
        hidden = tuple(self._hidden(node, kind))
        for at in self._instants(node):
            yield Line(at, event, by or self._usual(kind), to, asset, facts, hidden, node.unreliable, span=node.span)

    def _usual(self, kind: EventType | None) -> str:
        """Where the type names the one party that does it, a line need not."""
        parties = (self.names.called(d) for each in self.names.visible.values() for d in each if d.sort is Sort.PARTY)
        return kind.by if kind and kind.by in set(parties) else ""

    def _instants(self, node: tree.Happens) -> Iterator[int]:
        first = instant(node.at, self.names, self.reader.zone)
        if first is None:
            return
        if node.repeat is None:
            yield first
            return
        times = node.repeat.times
        if times > MOST_REPEATS or later(node.at.time, node.repeat.every, 1) is None:
            self.names.say.add("T30", node.span, count=times, most=MOST_REPEATS)
            return
        for number in range(times):
            time = later(node.at.time, node.repeat.every, number)
            at = local(time, self.reader.zone) if time else None
            if at is not None:
                yield at

    def _facts(self, node: tree.Happens, kind: EventType | None) -> tuple[tuple[tuple[str, Value], ...], str]:
        facts: dict[str, Value] = {}
        asset = ""
        for given in node.facts:
            name = given.field.id
            field = _field(kind, name) if kind else None
            if name in facts:
                self.names.say.add("R03", given.span, name=name, line=node.span.line)
            if field is None and name == ASSET and isinstance(given.value, tree.Text):
                asset = given.value.value
            elif field is None and kind is not None:
                no_such_field(given.field, (kind,), self.names)
            else:
                self._check_waiver(node.event, given)
                value = self._value(given, field)
                if value is not None:
                    facts[name] = value
        return tuple(facts.items()), asset

    def _check_waiver(self, event: tree.Name, given: tree.Given) -> None:
        """A waiver names a clause; a mistyped number would waive nothing."""
        if event.id == "waiver" and given.field.id == "clause" and isinstance(given.value, tree.Text):
            self.index.find(self.names, tree.ClauseRef(given.value.value, span=given.value.span))

    def _hidden(self, node: tree.Happens, kind: EventType | None) -> Iterator[str]:
        for name in node.not_shown:
            if kind and _field(kind, name.id) is None:
                no_such_field(name, (kind,), self.names)
            else:
                yield name.id

    def _value(self, given: tree.Given, field: FieldType | None) -> Value | None:
        """The value stated; a field of a type that every contract has may hold any."""
        if isinstance(given.value, tree.Several):
            members = [self.names.find(m, Sort.CONCEPT, wanted=Sort.CONCEPT.value) for m in given.value.values]
            const = Const(frozenset(m.name for m in members if m), Type(Kind.CONCEPTS))
        else:
            read = self._const(given.value)
            if read is None:
                return None
            const = read
        if field is None:
            return const.value
        return self._fitting(given, const, field)

    def _const(self, node: tree.Value) -> Const | None:
        if is_literal(node):
            return literal(node, self.names, self.reader.zone)  # type: ignore[arg-type]
        if isinstance(node, tree.Name):
            found = self.names.find(node, Sort.CONCEPT, Sort.PARTY, wanted=Both("value", "值"))
            if found:
                kind = Kind.PARTY if found.sort is Sort.PARTY else Kind.CONCEPT
                return Const(self.names.called(found), Type(kind, found.name if kind is Kind.CONCEPT else ""))
        return None

    def _fitting(self, given: tree.Given, const: Const, field: FieldType) -> Value | None:
        value, kind = const.value, const.type
        if kind.kind is Kind.CONCEPT and field.type.kind is Kind.CONCEPTS:
            value, kind = frozenset({str(value)}), field.type
        if kind.kind is Kind.TEXT and field.type.kind is Kind.IDENTIFIER:
            if not is_identifier(str(value)):
                self.names.say.add("T25", given.span, text=value)
                return None
            kind = field.type
        if not fits(kind, field.type):
            help_ = Both(f"write {typed(field.type).en}", f"写{typed(field.type).zh}")
            what, wanted = typed(const.type), typed(field.type)
            self.names.say.add("T24", given.span, what=what, wanted=wanted, help=help_)
            return None
        return self._related(given, value, field)

    def _related(self, given: tree.Given, value: Value, field: FieldType) -> Value | None:
        members = value if isinstance(value, frozenset) else {value} if field.type.kind is Kind.CONCEPT else ()
        for member in sorted(map(str, members)):
            if field.type.detail and not self.reader.world.kinship.related(field.type.detail, member):
                root = (bare(field.type.detail),)
                self.names.say.add("T12", given.span, narrow=field.name, broad=bare(member), root=root)
                return None
        if not inside(value, field.low, field.high):
            bounds = described(field.low, field.high)
            self.names.say.add("T08", given.span, value=shown(value), name=field.name, bounds=bounds)
            return None
        return value

    # ---- what is expected

    def _expected(self, node: tree.Line) -> Expected | None:
        match node:
            case tree.ThenVerdict():
                because, exactly = self._because(node.because)
                return Expected(node.verdict, because=because, exactly=exactly, span=node.span)
            case tree.ThenStatus():
                clause = self.index.find(self.names, node.clause)
                since = instant(node.since, self.names, self.reader.zone) if node.since else None
                because, exactly = self._because(node.because)
                status = node.status.replace("_", " ")
                sentence = node.clause.sentence or 0
                if clause is None:
                    return None
                return Expected(status, clause, sentence, since, because, exactly, node.span)
            case _:
                return None

    def _because(self, node: tree.Because | None) -> tuple[tuple[str, ...] | None, bool]:
        if node is None:
            return None, True
        for name in node.facts:
            self._check_fact(name)
        return tuple(name.id for name in node.facts), not node.at_least

    def _check_fact(self, name: tree.Name) -> None:
        """A fact of some type, a type, or a parameter; else a mistake of spelling would hide."""
        fields = {f.name for t in self.reader.world.types.values() for f in t.fields}
        if bare(name.id) not in fields and name.id not in BUILT_IN and not self.names.meanings(name.id):
            self.names.unknown(name, Both("fact or record", "事实或者记录"), fields)

    # ---- properties

    def properties(self) -> Iterator[Property]:
        for item in self.names.program.files[self.names.module].items:
            if isinstance(item, tree.Property):
                read = self._property(item)
                if read is not None:
                    yield read

    def _property(self, node: tree.Property) -> Property | None:
        if node.kind == "at_least_as_strict":
            return self._comparison(node)
        if node.condition is None:
            return None
        fresh = Reader(self.reader.world, self.names)
        condition = fresh.condition(node.condition, View(self._view(node.condition), statuses=True))
        return None if condition is None else Property(node.name.id, node.kind, condition, label=label(node.labels))

    def _comparison(self, node: tree.Property) -> Property | None:
        other = (node.other or "").rpartition(".")[2]
        other = self.names.qualifiers.get(node.other or "", other)
        if other not in self.names.program.files:
            wanted = Both("imported file", "被引用的文件")
            self.names.unknown(tree.Name(node.other or "", span=node.span), wanted, self.names.qualifiers)
            return None
        return Property(node.name.id, _STRICTER, other=other, label=label(node.labels))

    def _view(self, condition: tree.Condition) -> tuple[EventType, ...]:
        """The acts of the clauses that the property names; where it names none, all that have its fields."""
        named: dict[str, None] = {}
        for ref in _clause_refs(condition):
            clause = self.index.find(self.names, ref)
            if clause:
                named.update(dict.fromkeys(_acts(self.index.by_id[clause], self.names)))
        types = self.reader.world.types
        if named:
            return tuple(types[name] for name in named if name in types)
        wanted = {n.id for n in _names(condition)} & {f.name for t in types.values() for f in t.fields}
        return tuple(t for t in types.values() if wanted and wanted <= {f.name for f in t.fields})


def _acts(found: tuple[str, tree.Clause], names: Names) -> tuple[str, ...]:
    module, clause = found
    return acts_of(clause, Names(names.program, module, names.say))


def _clause_refs(node: object) -> Iterator[tree.ClauseRef]:
    if isinstance(node, tree.ClauseRef):
        yield node
    for part in parts(node):
        yield from _clause_refs(part)


def _names(node: object) -> Iterator[tree.Name]:
    if isinstance(node, tree.Name):
        yield node
    for part in parts(node):
        yield from _names(part)


def parts(node: object) -> Iterator[object]:
    """What stands directly inside a node of the tree."""
    if not isinstance(node, tree.Node):
        return
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, tree.Node):
                yield item


def _field(kind: EventType, name: str) -> FieldType | None:
    return next((f for f in kind.fields if f.name == name), None)
