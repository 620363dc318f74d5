"""What a contract's events can be made of: for each field the values at which a sentence can turn, and their
neighbours; for each clause the types that it looks at, and the distances in time at which it turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from smartclause.logic.contract import (
    BreachTrigger,
    Clause,
    Contract,
    Duty,
    EventTrigger,
    EventType,
    FieldType,
    ModuleKind,
    Norm,
    Repeated,
)
from smartclause.logic.counting import Duration, Instant, Unit
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import (
    ClauseViolated,
    Compare,
    Const,
    Covers,
    Field,
    Kind,
    LatestField,
    Money,
    Parameter,
    Query,
    Type,
    Value,
    walk,
)
from smartclause.logic.walking import terms_of, terms_of_clause
from smartclause.logic.world import inside_bounds

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
IDENTIFIERS = ("k1", "k2")
_LENGTHS = {
    Unit.MINUTE: MINUTE, Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WORKING_DAY: DAY, Unit.MONTH: 30 * DAY,
    Unit.YEAR: 365 * DAY,
}  # fmt: skip
_MOST_CONCEPTS = 14


@dataclass(frozen=True)
class Material:
    lookup: Lookup

    @property
    def contract(self) -> Contract:
        return self.lookup.contract

    @cached_property
    def opening(self) -> Instant:
        """A morning inside force."""
        starts = [force_start(m.header) for m in self.contract.modules]
        known = [s for s in starts if s > BEGINNING]
        return max(known, default=1_767_225_600_000_000) + 45 * DAY + 9 * HOUR

    # ---- values

    @cached_property
    def _named(self) -> dict[str, tuple[Value, ...]]:
        """Constants and figures that stand beside a field of this name somewhere."""
        found: dict[str, dict[Value, None]] = {}
        for term in terms_of(self.contract):
            for node in walk(term):
                if isinstance(node, Compare | Covers):
                    sides = (node.left, node.right) if isinstance(node, Compare) else (node.broad, node.narrow)
                    names = [s.name for s in sides if isinstance(s, Field | LatestField)]
                    for value in (v for s in sides for v in self._constants(s)):
                        for name in names:
                            found.setdefault(name, {})[value] = None
        return {name: tuple(values) for name, values in found.items()}

    def _constants(self, node: object) -> tuple[Value, ...]:
        match node:
            case Const():
                return (node.value,)
            case Parameter():
                return tuple(d.value for d in self.lookup.parameters[node.name].values)
            case _:
                return ()

    def values(self, field: FieldType) -> tuple[Value, ...]:
        """At least one; those at which something turns first."""
        if field.name not in self._values:
            found = tuple(v for v in dict.fromkeys(self._candidates(field)) if inside_bounds(v, field))
            self._values[field.name] = found or tuple(self._plain(field.type, field))
        return self._values[field.name]

    @cached_property
    def _values(self) -> dict[str, tuple[Value, ...]]:
        return {}

    def _candidates(self, field: FieldType) -> Iterator[Value]:
        named = self._named.get(field.name, ())
        match field.type.kind:
            case Kind.CONCEPT:
                yield from self._concepts(field.type.detail, named)
            case Kind.CONCEPTS:
                yield from (frozenset({c}) for c in self._concepts(field.type.detail, named))
            case Kind.FACT | Kind.TEXT | Kind.IDENTIFIER | Kind.PARTY:
                yield from self._plain(field.type, field)
                yield from (v for v in named if isinstance(v, str))
            case _:
                yield from (v for figure in named for v in beside(figure))
                yield from self._plain(field.type, field)

    def _concepts(self, root: str, named: tuple[Value, ...]) -> list[str]:
        """What is named, what stands right under it and beside it; then the root itself, which is too broad."""
        concepts = self.lookup.concepts(self.opening, "UTC")
        wanted = [c for v in named for c in (sorted(v) if isinstance(v, frozenset) else [v]) if isinstance(c, str)]
        under = [c for c in sorted(concepts.below(root)) if c != root]
        near = [c for c in under if any(w in concepts.above(c) or c in concepts.above(w) for w in wanted)]
        opposed = [c for c in under if any(concepts.disjoint(w, c) for w in wanted if w in concepts.names)]
        order = dict.fromkeys([*(w for w in wanted if w in concepts.names), *near, *opposed, *under])
        return [*list(order)[:_MOST_CONCEPTS], root]

    def _plain(self, kind: Type, field: FieldType) -> Iterator[Value]:
        match kind.kind:
            case Kind.FACT:
                yield from (True, False)
            case Kind.IDENTIFIER:
                yield from IDENTIFIERS
            case Kind.TEXT:
                yield "text"
            case Kind.PARTY:
                yield from (p.name for m in self.contract.modules for p in m.parties)
            case Kind.NUMBER | Kind.PERCENTAGE:
                yield from (v for v in (field.low, field.high) if v is not None)
                yield from (Decimal(0), Decimal(1), Decimal(10))
            case Kind.MONEY:
                yield from (Money(Decimal(n), kind.detail or "CNY") for n in (0, 1000))
            case Kind.INSTANT:
                yield from (self.opening, self.opening - DAY)
            case Kind.DATE:
                yield date(2026, 3, 1)
            case Kind.DURATION:
                yield Duration(1, Unit.DAY)
            case Kind.CONCEPT:
                yield kind.detail
            case Kind.CONCEPTS:
                yield frozenset({kind.detail})

    # ---- what a clause looks at

    def types_of(self, clause: Clause) -> tuple[EventType, ...]:
        """Types that its sentences speak of, read in history, or that broader sentences would speak of."""
        if clause.id not in self._types:
            names = dict.fromkeys(self._names_of(clause, set()))
            under = dict.fromkeys(n for name in names for n in self.lookup.relevant_types(name))
            self._types[clause.id] = tuple(self.lookup.types[n] for n in (*names, *under) if n in self.lookup.types)
        return self._types[clause.id]

    @cached_property
    def _types(self) -> dict[str, tuple[EventType, ...]]:
        return {}

    def _names_of(self, clause: Clause, seen: set[str]) -> Iterator[str]:
        """Of the clauses too whose breach it looks at."""
        if clause.id in seen:
            return
        seen.add(clause.id)
        for sentence in clause.sentences:
            match sentence:
                case Norm():
                    yield from sentence.acts
                case Duty():
                    duty: Duty | None = sentence
                    while duty is not None:
                        yield from (t.event for t in duty.triggers if isinstance(t, EventTrigger))
                        yield from (a.act for a in duty.answers)
                        duty = duty.otherwise
                case Repeated():
                    yield from (a.act for a in sentence.answers)
                case _:
                    pass
        for term in terms_of_clause(clause):
            yield from (n.event for n in walk(term) if isinstance(n, Query))
        for other in self._breaches(clause):
            if other in self.lookup.clauses:
                yield from self._names_of(self.lookup.clauses[other][1], seen)

    def _breaches(self, clause: Clause) -> Iterator[str]:
        for term in terms_of_clause(clause):
            yield from (n.clause for n in walk(term) if isinstance(n, ClauseViolated))
        for sentence in clause.sentences:
            if isinstance(sentence, Duty):
                yield from (t.clause for t in sentence.triggers if isinstance(t, BreachTrigger))

    def acts_of(self, clause: Clause) -> tuple[tuple[str, str], ...]:
        """What it permits or bars, and to whom."""
        pairs = ((a, s.party) for s in clause.sentences if isinstance(s, Norm) for a in s.acts)
        return tuple(dict.fromkeys(pairs))

    def distances(self, clause: Clause) -> tuple[int, ...]:
        """Lengths of time in it, in microseconds, with one step less and one more."""
        if clause.id not in self._distances:
            lengths = [_LENGTHS[d.unit] * d.count for d in _durations(clause, self.lookup)]
            around = (x for n in lengths for x in (n, n - MINUTE, n + MINUTE, n + DAY))
            self._distances[clause.id] = tuple(dict.fromkeys(around))
        return self._distances[clause.id]

    @cached_property
    def _distances(self) -> dict[str, tuple[int, ...]]:
        return {}

    def parties(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.name for m in self.contract.modules for p in m.parties))

    def doer(self, kind: EventType) -> str:
        """Who does or records it, where one party is named; of a role whoever holds it."""
        if kind.by in self.parties():
            return kind.by
        holders = [p for p, role in self.lookup.roles.items() if kind.by and kind.by in role.split()]
        return holders[0] if holders else ""

    @cached_property
    def spoken(self) -> tuple[EventType, ...]:
        """Every type that some sentence of a file that is no vocabulary looks at."""
        clauses = (c for m in self.contract.modules if m.kind is not ModuleKind.VOCABULARY for c in m.clauses)
        found = dict.fromkeys(t for c in clauses for t in self.types_of(c))
        return tuple(found) or self.contract.types


def beside(figure: Value) -> tuple[Value, ...]:
    """The figure, one step less, one step more."""
    match figure:
        case bool() | str() | frozenset():
            return (figure,)
        case Decimal():
            step = Decimal(1) if figure == figure.to_integral_value() and abs(figure) >= 1 else Decimal("0.1")
            return (figure, figure - step, figure + step)
        case Money():
            return tuple(Money(figure.amount + s, figure.currency) for s in (0, -1, 1))
        case Duration():
            return (figure, *(Duration(n, figure.unit) for n in (figure.count - 1, figure.count + 1) if n > 0))
        case date():
            return tuple(figure + timedelta(days=s) for s in (0, -1, 1))
        case _:
            return (figure, figure - MINUTE, figure + MINUTE)


def _durations(clause: Clause, lookup: Lookup) -> Iterator[Duration]:
    for node in _inside(clause):
        if isinstance(node, Duration):
            yield node
        elif isinstance(node, Parameter):
            yield from (d.value for d in lookup.parameters[node.name].values if isinstance(d.value, Duration))


def _inside(node: Any) -> Iterator[Any]:
    yield node
    if isinstance(node, tuple):
        for part in node:
            yield from _inside(part)
    elif is_dataclass(node) and not isinstance(node, type):
        for each in fields(node):
            yield from _inside(getattr(node, each.name))
