"""Whether two contracts read the same of a condition: its figures, and what its words cover, for every value that a
record may hold, on every day."""

from __future__ import annotations

from collections.abc import Iterable

from smartclause.engines.prove.facts import related
from smartclause.engines.prove.moments import Moments
from smartclause.logic.concepts import Concepts
from smartclause.logic.counting import Instant
from smartclause.logic.identity import meaning_of
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, CountDistinct, Covers, Kind, Node, Parameter
from smartclause.rails.source.covering import broader_of, covered, narrower_of
from smartclause.rails.stretches import stated


class AlikeWords:
    """Of two contracts."""

    def __init__(self, one: Lookup, other: Lookup) -> None:
        self.one, self.other = one, other
        self.same = meaning_of(one.contract.vocabulary) == meaning_of(other.contract.vocabulary)
        self._moments: tuple[Instant, ...] = ()
        self._known: dict[tuple[Node, str], bool] = {}

    def __call__(self, nodes: Iterable[Node], zone: str) -> bool:
        found = list(nodes)
        figures = {n.name for n in found if isinstance(n, Parameter)}
        if any(meaning_of(self.one.parameters.get(f)) != meaning_of(self.other.parameters.get(f)) for f in figures):
            return False
        return self.same or all(self._alike(n, zone) for n in found if isinstance(n, Covers | CountDistinct))

    def _alike(self, node: Covers | CountDistinct, zone: str) -> bool:
        if (node, zone) not in self._known:
            self._known[node, zone] = all(self._at(node, zone, at) for at in self._instants())
        return self._known[node, zone]

    def _instants(self) -> tuple[Instant, ...]:
        if not self._moments:
            self._moments = Moments((self.one, self.other)).inside
        return self._moments

    def _at(self, node: Covers | CountDistinct, zone: str, at: Instant) -> bool:
        pair = tuple((k, k.concepts(at, zone)) for k in (self.one, self.other))
        if isinstance(node, CountDistinct):
            return self._leaves(node, pair)
        first, second = (self._told(node, k, concepts, at) for k, concepts in pair)
        return first is not None and first == second

    def _leaves(self, node: CountDistinct, pair: tuple[tuple[Lookup, Concepts], ...]) -> bool:
        """A concept with something under it may be any of that."""
        types = [self.one.field(node.query.event, node.field), self.other.field(node.query.event, node.field)]
        if all(f is None or f.type.kind not in (Kind.CONCEPT, Kind.CONCEPTS) for f in types):
            return True
        names = self._values([f.type.detail for f in types if f is not None])
        first, second = ({n for n in names if c.is_leaf(n)} for _, c in pair)
        return first == second

    def _values(self, roots: Iterable[str]) -> frozenset[str]:
        """The concepts that a record may hold, by the words of either."""
        return frozenset(n for k in (self.one, self.other) for root in roots for n in related(k, root))

    def _told(self, node: Covers, lookup: Lookup, concepts: Concepts, at: Instant) -> object:
        """For which values it is so and for which not; None: that is not to be said by values."""
        broad, narrow = (
            stated(lookup, e, at) if isinstance(e, Const | Parameter) else None for e in (node.broad, node.narrow)
        )
        if broad is not None and narrow is not None:
            return covered(concepts, broad, narrow)
        if broad is not None:
            sets, values = narrower_of(concepts, broad), self._values([node.narrow.type.detail])
        elif narrow is not None and isinstance(narrow.value, str):
            sets, values = broader_of(concepts, narrow.value), self._values([node.broad.type.detail])
        else:
            return None
        return sets.inside & values, sets.outside & values
