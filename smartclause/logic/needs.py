"""What is missing and what decided (design 2.15): open facts, smallest evidence sets, deciding facts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias, assert_never

from smartclause.logic.contract import FieldType
from smartclause.logic.counting import Duration
from smartclause.logic.finding import Finding, Read, Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import (
    AnyOf,
    AtLeast,
    Const,
    Field,
    Kind,
    LatestField,
    Money,
    Node,
    Not,
    Parameter,
    Value,
    walk,
)
from smartclause.logic.truth import Truth
from smartclause.logic.world import FactKey, inside_bounds

DISJUNCTIVE = ("some grant", "some act", "owed")
MOST_SETS = 16
MOST_FACTS = 8
MOST_TRIALS = 20_000


@dataclass(frozen=True, slots=True)
class Sets:
    """`cut`: there may be more sets than those listed."""

    sets: tuple[tuple[FactKey, ...], ...]
    cut: bool = False


def open_reasons(finding: Finding) -> tuple[Reason, ...]:
    """The reasons under unknown parts of unknown terms: linear, each once, in reading order."""
    return tuple(dict.fromkeys(_open(finding)))


def _open(finding: Finding) -> Iterator[Reason]:
    if finding.truth is Truth.UNKNOWN:
        yield from finding.reasons
        for part in finding.parts:
            yield from _open(part)


def deciding_reads(finding: Finding) -> tuple[Read, ...]:
    """Facts read by leaves that each alone settle the finding; nothing while it is unknown."""
    return tuple(dict.fromkeys(_deciding(finding))) if finding.truth is not Truth.UNKNOWN else ()


def _deciding(finding: Finding) -> Iterator[Read]:
    """A part settles the whole alone if the whole keeps its truth with every other part unknown."""
    if not finding.parts:
        yield from [r for r in finding.reads if r.field] or finding.reads
        return
    for part in finding.parts:
        if part.truth is finding.truth or len(finding.parts) == 1:
            if _settles(finding, part):
                yield from _deciding(part)
        elif isinstance(finding.term, Not) or finding.label == "not":
            yield from _deciding(part)


def _settles(whole: Finding, part: Finding) -> bool:
    """All of: one false part suffices; to be true every other part must be fixed. Any of: the reverse."""
    enough = Truth.TRUE if _disjunctive(whole) else Truth.FALSE
    if whole.truth is enough and not _counts_several(whole):
        return True
    return all(p is part or _fixed(p) for p in whole.parts)


def _disjunctive(whole: Finding) -> bool:
    match whole.term:
        case AnyOf():
            return True
        case AtLeast():
            return whole.term.count == 1
        case _:
            return whole.label in DISJUNCTIVE


def _counts_several(whole: Finding) -> bool:
    return isinstance(whole.term, AtLeast) and 1 < whole.term.count < len(whole.term.args)


def _fixed(part: Finding) -> bool:
    """Rests on no fact: a constant, the force of the file, a signature."""
    return not part.reads and not part.reasons and all(_fixed(p) for p in part.parts)


# ---- smallest sets


Assignment: TypeAlias = frozenset[tuple[FactKey, Value]]


def smallest_sets(
    lookup: Lookup,
    finding: Finding,
    terms: tuple[Node, ...],
    known: Mapping[str, frozenset[Value]],
    verdict: Callable[[Mapping[FactKey, Value]], Finding],
) -> Sets:
    """Sets of missing facts some values of which make the verdict TRUE while no proper subset does.

    `verdict` judges the act with assumed facts; `known` holds identifiers that occur, by field. Values tried for
    a fact are those at which a term can change: both answers, every concept, each figure and its neighbours.
    """
    search = _Search(lookup, terms, known, verdict)
    level: dict[Assignment, Finding] = {frozenset(): finding} if finding.truth is Truth.UNKNOWN else {}
    for _ in range(MOST_FACTS):
        level = search.next_level(level)
        if search.spent:
            return Sets(search.listed, cut=True)
    return Sets(search.listed, cut=any(_supplies(f) for f in level.values()))


def _supplies(finding: Finding) -> dict[FactKey, Reason]:
    return {r.supply: r for r in reversed(open_reasons(finding)) if r.supply is not None}


@dataclass
class _Search:
    """Breadth first: every level supplies one more of the facts that are open then. A settled verdict stays
    settled whatever is added (2.5), so those branches end."""

    lookup: Lookup
    terms: tuple[Node, ...]
    known: Mapping[str, frozenset[Value]]
    verdict: Callable[[Mapping[FactKey, Value]], Finding]
    found: dict[frozenset[FactKey], None] = field(default_factory=dict)
    count: int = 0

    @property
    def spent(self) -> bool:
        return self.count >= MOST_TRIALS or len(self.found) >= MOST_SETS

    @property
    def listed(self) -> tuple[tuple[FactKey, ...], ...]:
        return tuple(tuple(sorted(one, key=lambda f: (f.event, f.field))) for one in self.found)

    def next_level(self, level: dict[Assignment, Finding]) -> dict[Assignment, Finding]:
        smaller = tuple(self.found)
        following: dict[Assignment, Finding] = {}
        tried: set[Assignment] = set()
        for chosen, finding in level.items():
            facts = frozenset(f for f, _ in chosen)
            for fact, reason in sorted(_supplies(finding).items(), key=lambda item: (item[0].event, item[0].field)):
                group = facts | {fact}
                if fact in facts or group in self.found or any(one <= group for one in smaller):
                    continue
                for value in _values(self.lookup, reason, fact, self.terms, self.known):
                    self._try(chosen | {(fact, value)}, group, tried, following)
                    if self.spent:
                        return following
                    if group in self.found:
                        break
        return {c: f for c, f in following.items() if not any(one <= {k for k, _ in c} for one in self.found)}

    def _try(
        self,
        assignment: Assignment,
        group: frozenset[FactKey],
        tried: set[Assignment],
        following: dict[Assignment, Finding],
    ) -> None:
        if assignment in tried:
            return
        tried.add(assignment)
        self.count += 1
        finding = self.verdict(dict(assignment))
        if finding.truth is Truth.TRUE:
            self.found[group] = None
        elif finding.truth is Truth.UNKNOWN:
            following[assignment] = finding


def _values(
    lookup: Lookup,
    reason: Reason,
    fact: FactKey,
    terms: tuple[Node, ...],
    known: Mapping[str, frozenset[Value]],
) -> tuple[Value, ...]:
    """Only what may be recorded: values inside the declared bounds."""
    ft = lookup.field(reason.type, fact.field)
    if ft is None:
        return ()
    return tuple(v for v in _candidates(lookup, reason, fact, ft, terms, known) if inside_bounds(v, ft))


def _candidates(
    lookup: Lookup,
    reason: Reason,
    fact: FactKey,
    ft: FieldType,
    terms: tuple[Node, ...],
    known: Mapping[str, frozenset[Value]],
) -> tuple[Value, ...]:
    match ft.type.kind:
        case Kind.FACT:
            return (True, False)
        case Kind.CONCEPT | Kind.CONCEPTS:
            return _concepts(lookup, ft.type.detail, ft.type.kind, reason)
        case Kind.TEXT | Kind.PARTY | Kind.IDENTIFIER:
            return (
                *sorted(known.get(fact.field, frozenset()), key=str),
                *_constants(lookup, fact.field, terms),
                "?",
            )
        case _:
            figures = _constants(lookup, fact.field, terms)
            return tuple(dict.fromkeys(v for figure in figures for v in _neighbours(figure)))


def _concepts(lookup: Lookup, root: str, kind: Kind, reason: Reason) -> tuple[Value, ...]:
    """Everything under the root, or under the present value where that is too broad."""
    vocabulary = lookup.contract.vocabulary
    children: dict[str, list[str]] = {}
    for edge in vocabulary.edges:
        children.setdefault(edge.parent, []).append(edge.child)
    top = reason.detail if reason.kind == "too broad" and reason.detail in lookup_names(lookup) else root
    found, waiting = [], [top]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting.extend(children.get(name, ()))
    if kind is Kind.CONCEPT:
        return tuple(found)
    return (*(frozenset({n}) for n in found), frozenset(found))


def lookup_names(lookup: Lookup) -> frozenset[str]:
    return frozenset(c.name for c in lookup.contract.vocabulary.concepts)


def _constants(lookup: Lookup, name: str, terms: tuple[Node, ...]) -> tuple[Value, ...]:
    """Figures that some comparison holds beside this field, parameters with each of their dated values."""
    found: dict[Value, None] = {}
    for term in terms:
        nodes = list(walk(term))
        if not any(isinstance(n, Field | LatestField) and n.name == name for n in nodes):
            continue
        for node in nodes:
            match node:
                case Const():
                    found[node.value] = None
                case Parameter():
                    found.update({d.value: None for d in lookup.parameters[node.name].values})
                case _:
                    pass
    return tuple(found)


def _neighbours(figure: Value) -> tuple[Value, ...]:
    """The figure and what lies next to it on both sides."""
    match figure:
        case bool() | str() | frozenset():
            return (figure,)
        case Decimal():
            return (figure, figure + 1, figure - 1)
        case Money():
            return tuple(Money(a, figure.currency) for a in (figure.amount, figure.amount + 1, figure.amount - 1))
        case int():
            return (figure, figure + 1, figure - 1)
        case date():
            return (figure, figure + timedelta(days=1), figure - timedelta(days=1))
        case Duration():
            return (figure, Duration(figure.count + 1, figure.unit), Duration(figure.count - 1, figure.unit))
        case _:
            assert_never(figure)
