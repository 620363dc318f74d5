"""The past as the fast engines read it: what a leaf on history says at a place, without going through all records.

Agrees with `logic.history` and `logic.amounts` on truth and reasons, for every form, window, key and cloud.
"""

from __future__ import annotations

from collections.abc import Iterable

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reading, Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import (
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
    LatestField,
    LatestHas,
    Parameter,
    Some,
    Total,
)
from smartclause.logic.truth import Truth
from smartclause.logic.world import Cloud, Position, Record, World
from smartclause.rails.formula import Leaf
from smartclause.rails.own_facts import why_unknown
from smartclause.rails.past.leaves import Leaves, Reader
from smartclause.rails.past.store import Store
from smartclause.rails.past.terms import HistoryTerm, HistoryValue, Node
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Row

__all__ = ["Past", "Reader"]


class Past:
    """Records indexed for the leaves that were asked, by key and party judged."""

    def __init__(
        self, lookup: Lookup, clouds: tuple[Cloud, ...] = (), *, store: Store | None = None,
        doubted: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self._store = Store(World(lookup, (), 0, clouds=clouds)) if store is None else store
        self._doubted = doubted
        self._rows = self._store.rows(doubted)
        self._readers: dict[Leaf, Reader] = {}

    @classmethod
    def of(cls, world: World) -> Past:
        """All records, supplements, contradictions, supplied facts, doubted parties and clouds of a world."""
        return cls(world.lookup, store=Store(world), doubted=world.doubted)

    def doubting(self, party: str) -> Past:
        """The same records, where what this party alone recorded is only possible (`World.doubting`)."""
        return Past(self._store.lookup, store=self._store, doubted=self._doubted | {party})

    def row(self, record: Record, party: str) -> Row:
        """Of any record, also one that is not in the past: the act judged."""
        return self._rows.of(record, party)

    def add(self, record: Record) -> None:
        """In any order. A supplement fills its record; a second version of an event contradicts the first."""
        self._store.add(record)

    def see(self, clouds: Iterable[Cloud]) -> None:
        """From now on these stretches, and no others, are those in which records may stand that nobody has shown."""
        self._store.see(tuple(clouds))

    # ---- questions

    def reader(self, leaf: Leaf) -> Reader:
        """`reader(row, before, now)`: the leaf's truth at a place. Made once for each leaf, before `forget`."""
        if leaf not in self._readers:
            leaves = Leaves(leaf, lambda node: self._node(leaf, node), self._store.own_facts)
            self._readers[leaf] = leaves.reader()
        return self._readers[leaf]

    def truth(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> Truth:
        """At its received place an act that is recorded is no part of its own past. Raises CannotDo for
        `clause N is violated`."""
        reader = self.reader(leaf)
        own = self._store.own(row.id, before.instant, before.index)
        if own is None:
            return reader(row, before, now)
        with self._store.without(own):
            return reader(row, before, now)

    def reasons(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> frozenset[Reason]:
        """Why it is unknown; nothing where it is not."""
        if self.truth(leaf, row, before, now) is not Truth.UNKNOWN:
            return frozenset()
        own = self._store.own(row.id, before.instant, before.index)
        if own is None:
            return self._why(leaf, row, before, now)
        with self._store.without(own):
            return self._why(leaf, row, before, now)

    def _why(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> frozenset[Reason]:
        term = leaf.term
        match term:
            case Some() | Every() | EveryFollowed() | LatestHas():
                return self._node(leaf, term).told(row, (before.instant, before.index), now, True)[1]
            case Holds() | Compare() | Covers():
                concepts = self._store.dated.concepts(now, self._store.dated.zone(leaf.module))
                return why_unknown(term, lambda e: self.reading(e, leaf, row, before, now, True), concepts)
            case ClauseViolated():
                raise CannotDo("whether a clause is violated", term.clause)

    def reading(
        self, expression: Expression, leaf: Leaf, row: Row, before: Position, now: Instant, doubt: bool
    ) -> Reading:
        """The value or bounds of an expression of the leaf's module, party and view; with reasons."""
        match expression:
            case Const() | Field() | Parameter():
                return self._store.own_facts.reading(expression, row, now)
            case LatestField() | Count() | CountDistinct() | Total():
                node = self._node(leaf, expression)
                return node.reading(row, (before.instant, before.index), now, doubt, leaf.judged)

    def forget(self, before: Instant, at_once: bool = False) -> None:
        """From now on no question comes with `now` or a position earlier than this, no earlier record is added, and
        what is surely known of earlier ones stays so; what is not may still be filled.

        Costs little when nothing is to be gained; `at_once`: looks through all that is kept.
        """
        self._store.forget(before, at_once)

    # ---- how it is read

    def _node(self, leaf: Leaf, node: HistoryTerm | HistoryValue) -> Node:
        return self._store.node(node, leaf.module, leaf.party, self._doubted)
