"""Concepts of a program: their order, what is apart, which tables are complete (design 2.12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from smartclause.language import tree
from smartclause.language.cycles import circles, printed, too_tall
from smartclause.language.diagnostic import NOWHERE, Span
from smartclause.language.names import Names, Sort
from smartclause.language.wording import Both
from smartclause.logic.concepts import Concepts
from smartclause.logic.contract import Concept, Disjoint, Edge, Text, Vocabulary

TALLEST = 64  # concepts, or types, one above the other
_APART = Both("apart from others", "列为互斥")
_COMPLETE = Both("in a complete table", "列为完整")


def label(texts: tree.Texts) -> Text:
    return Text(texts.zh or texts.plain or "", texts.en or texts.plain or "")


def read_vocabulary(files: tuple[Names, ...]) -> Vocabulary:
    """The concepts of all files together; of a circle in them nothing but the finding is kept."""
    concepts: list[Concept] = []
    edges: list[Edge] = []
    apart: list[Disjoint] = []
    complete: list[str] = []
    for names in files:
        for item in names.program.files[names.module].items:
            match item:
                case tree.Concept():
                    name = f"{names.module}.{item.name.id}"
                    concepts.append(Concept(name, label(item.labels), item.matches))
                    edges.extend(_edges(name, item, names))
                case tree.Disjoint():
                    apart.append(Disjoint(tuple(_own(item.concepts, names, _APART))))
                case tree.Complete():
                    complete.extend(_own(item.concepts, names, _COMPLETE))
    return _checked(Vocabulary(tuple(concepts), tuple(edges), tuple(apart), tuple(complete)), files)


def _edges(name: str, item: tree.Concept, names: Names) -> Iterator[Edge]:
    for edge in item.parents:
        found = names.find(edge.concept, Sort.CONCEPT, wanted=Sort.CONCEPT.value)
        since, until = day(edge.since), day(edge.until)
        check_days(since, until, edge.span, names)
        if found:
            yield Edge(name, found.name, since, until)


def day(node: tree.Date | None) -> date | None:
    return node.day if node else None


def check_days(since: date | None, until: date | None, span: Span, names: Names) -> None:
    if since and until and until < since:
        names.say.add("R20", span, since=since, until=until)


def _own(concepts: tuple[tree.Name, ...], names: Names, doing: Both) -> Iterator[str]:
    for concept in concepts:
        found = names.find(concept, Sort.CONCEPT, wanted=Sort.CONCEPT.value)
        if found and found.module != names.module:
            names.say.add("R11", concept.span, name=concept.id, module=found.module, doing=doing)
        elif found:
            yield found.name


def _checked(vocabulary: Vocabulary, files: tuple[Names, ...]) -> Vocabulary:
    places = {f"{names.module}.{n}": (names, d) for names in files for n, d in names.own.items()}
    above: dict[str, tuple[str, ...]] = {}
    for edge in vocabulary.edges:
        above[edge.child] = (*above.get(edge.child, ()), edge.parent)
    found = list(circles(above))
    for circle in found:
        names, declared = places[circle[0]]
        things = Both("concepts", "概念")
        names.say.add("R06", declared.node.span, things=things, cycle=printed(_bare(circle)))
    tall = None if found else too_tall(above, TALLEST)
    if tall is not None:
        names, declared = places[tall]
        names.say.add("R40", declared.node.span, name=declared.bare, limit=TALLEST)
    if found or tall is not None:
        return Vocabulary(vocabulary.concepts)
    for concept, one, other in _torn(vocabulary):
        names, declared = places[concept]
        span = declared.node.name.span if isinstance(declared.node, tree.Concept) else NOWHERE
        names.say.add("T19", span, name=declared.bare, one=bare(one), other=bare(other))
    return vocabulary


def bare(name: str) -> str:
    return name.rpartition(".")[2]


def _bare(circle: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(bare, circle))


def _torn(vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """Concepts that on some day stand under two concepts declared apart."""
    seen: set[str] = set()
    groups = [frozenset(each.members) for each in vocabulary.disjoint]
    for when in _days(vocabulary):
        concepts = Concepts(vocabulary, when)
        for concept in vocabulary.concepts:
            pair = _two_apart(concepts.above(concept.name), groups)
            if pair and concept.name not in seen:
                seen.add(concept.name)
                yield concept.name, *pair


def _days(vocabulary: Vocabulary) -> list[date]:
    """One day of each stretch in which nothing changes."""
    starts = {date(1900, 1, 1)}
    dated: tuple[Edge | Disjoint, ...] = (*vocabulary.edges, *vocabulary.disjoint)
    for item in dated:
        starts.update({item.since} if item.since else ())
        starts.update({item.until + timedelta(1)} if item.until and item.until < date.max else ())
    return sorted(starts)


def _two_apart(above: frozenset[str], groups: list[frozenset[str]]) -> tuple[str, str] | None:
    for group in groups:
        within = above & group
        if len(within) > 1:
            one, other, *_ = sorted(within)
            return one, other
    return None


@dataclass(frozen=True)
class Kinship:
    """Whether two concepts can have to do with each other, on any day."""

    vocabulary: Vocabulary

    @cached_property
    def _parents(self) -> dict[str, frozenset[str]]:
        parents: dict[str, set[str]] = {}
        for edge in self.vocabulary.edges:
            parents.setdefault(edge.child, set()).add(edge.parent)
        return {child: frozenset(each) for child, each in parents.items()}

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {}

    def above(self, name: str) -> frozenset[str]:
        if name not in self._known:
            found = {name}
            waiting = [name]
            while waiting:
                new = self._parents.get(waiting.pop(), frozenset()) - found
                found |= new
                waiting.extend(new)
            self._known[name] = frozenset(found)
        return self._known[name]

    def root(self, names: frozenset[str]) -> str:
        """The one concept at the top of all of them; empty if there are several."""
        tops = {top for name in names for top in self.above(name) if not self._parents.get(top)}
        return tops.pop() if len(tops) == 1 else ""

    def related(self, one: str, other: str) -> bool:
        """One of them stands above the other, or something may stand under both."""
        shared = any(one in self.above(c.name) and other in self.above(c.name) for c in self.vocabulary.concepts)
        return shared or one in self.above(other) or other in self.above(one)
