"""What is missing and what decided (design 2.15): open facts, smallest evidence sets, deciding facts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import assert_never

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
from smartclause.logic.world import FactKey

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


def smallest_sets(
    lookup: Lookup,
    finding: Finding,
    terms: tuple[Node, ...],
    known: Mapping[str, frozenset[Value]],
    verdict: Callable[[Mapping[FactKey, Value]], Truth],
) -> Sets:
    """Sets of missing facts some values of which make `verdict` TRUE while no proper subset does.

    `verdict` judges the act with assumed facts; `known` holds identifiers that occur, by field. Values tried for
    a fact are those at which a term can change: both answers, every concept, each figure and its neighbours.
    """
    reasons = [r for r in open_reasons(finding) if r.supply is not None]
    facts = list(dict.fromkeys(r.supply for r in reasons if r.supply is not None))
    kinds = {r.supply: r for r in reasons if r.supply is not None}
    trials = _Trials(verdict)
    found: list[tuple[FactKey, ...]] = []
    for size in range(1, min(len(facts), MOST_FACTS) + 1):
        for group in combinations(facts, size):
            if any(set(smaller) <= set(group) for smaller in found):
                continue
            choices = {f: _values(lookup, kinds[f], f, terms, known) for f in group}
            if trials.reach(choices, {}):
                found.append(group)
            if trials.spent or len(found) >= MOST_SETS:
                return Sets(tuple(found), cut=True)
    return Sets(tuple(found), cut=len(facts) > MOST_FACTS and not found)


@dataclass
class _Trials:
    verdict: Callable[[Mapping[FactKey, Value]], Truth]
    count: int = 0

    @property
    def spent(self) -> bool:
        return self.count >= MOST_TRIALS

    def reach(self, choices: dict[FactKey, tuple[Value, ...]], chosen: dict[FactKey, Value]) -> bool:
        """Depth first; a false verdict stays false whatever is added (2.5), so that branch ends."""
        self.count += 1
        truth = self.verdict(chosen) if chosen else Truth.UNKNOWN
        rest = [f for f in choices if f not in chosen]
        if truth is Truth.TRUE and not rest:
            return True
        if truth is Truth.FALSE or not rest or self.spent:
            return False
        return any(self.reach(choices, {**chosen, rest[0]: value}) for value in choices[rest[0]])


def _values(
    lookup: Lookup,
    reason: Reason,
    fact: FactKey,
    terms: tuple[Node, ...],
    known: Mapping[str, frozenset[Value]],
) -> tuple[Value, ...]:
    ft = lookup.field(reason.type, fact.field)
    if ft is None:
        return ()
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


def _constants(lookup: Lookup, field: str, terms: tuple[Node, ...]) -> tuple[Value, ...]:
    """Figures that some comparison holds beside this field, parameters with each of their dated values."""
    found: dict[Value, None] = {}
    for term in terms:
        nodes = list(walk(term))
        if not any(isinstance(n, Field | LatestField) and n.name == field for n in nodes):
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
