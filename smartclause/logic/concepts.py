"""Concepts: which term covers which, at a date (design 2.12). Never FALSE without a declared reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from smartclause.logic.contract import Disjoint, Edge, Vocabulary
from smartclause.logic.truth import Truth


def _holds(item: Edge | Disjoint, day: date) -> bool:
    return (item.since is None or item.since <= day) and (item.until is None or day <= item.until)


@dataclass(frozen=True)
class Concepts:
    """The vocabulary as it stands on one day."""

    vocabulary: Vocabulary
    day: date

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(c.name for c in self.vocabulary.concepts)

    @cached_property
    def _parents(self) -> dict[str, set[str]]:
        parents: dict[str, set[str]] = {}
        for edge in self.vocabulary.edges:
            if _holds(edge, self.day):
                parents.setdefault(edge.child, set()).add(edge.parent)
        return parents

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        return {}

    def above(self, name: str) -> frozenset[str]:
        """The concept itself and everything broader."""
        if name not in self._above:
            parents = self._parents.get(name, set())
            self._above[name] = frozenset({name}).union(*(self.above(p) for p in parents))
        return self._above[name]

    @cached_property
    def inner(self) -> frozenset[str]:
        """Concepts with something narrower under them."""
        return frozenset(p for parents in self._parents.values() for p in parents)

    def is_leaf(self, name: str) -> bool:
        return name in self.names and name not in self.inner

    def below(self, name: str) -> frozenset[str]:
        """The concept itself and everything narrower."""
        return frozenset(n for n in self.names if name in self.above(n))

    def disjoint(self, one: str, other: str) -> bool:
        """Declared apart on this day, by themselves or by concepts above them."""
        left, right = self.above(one), self.above(other)
        return any(
            _holds(group, self.day) and _apart(left.intersection(group.members), right.intersection(group.members))
            for group in self.vocabulary.disjoint
        )

    @cached_property
    def _found(self) -> dict[tuple[str, str], tuple[Truth, str]]:
        return {}

    def covers(self, broad: str, narrow: str) -> tuple[Truth, str]:
        """Whether `narrow` is equal to or under `broad`, with the reason where that is unknown."""
        if (broad, narrow) not in self._found:
            found = self._compared(broad, narrow)
            if broad not in self.names or narrow not in self.names:
                return found  # whatever stands in a record is not kept
            self._found[broad, narrow] = found
        return self._found[broad, narrow]

    def _compared(self, broad: str, narrow: str) -> tuple[Truth, str]:
        if broad not in self.names or narrow not in self.names:
            return Truth.UNKNOWN, "not in the vocabulary"
        if broad in self.above(narrow):
            return Truth.TRUE, ""
        if narrow in self.above(broad):
            return Truth.UNKNOWN, "too broad"
        if self.disjoint(broad, narrow) or self._closed_out(broad, narrow):
            return Truth.FALSE, ""
        return Truth.UNKNOWN, "not declared disjoint"

    def _closed_out(self, broad: str, narrow: str) -> bool:
        """In a complete table what overlaps in nothing listed does not overlap."""
        listed = any(root in self.above(narrow) and root in self.above(broad) for root in self.vocabulary.complete)
        return listed and not self.below(broad) & self.below(narrow)


def _apart(left: Iterable[str], right: Iterable[str]) -> bool:
    return any(a != b for a in left for b in right)
