"""The past as the fast engines read it: what a leaf on history says at a place, without going through all records.

Agrees with `logic.history` and `logic.amounts` on truth and reasons, for every form, window, key and cloud.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reading, Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Expression
from smartclause.logic.truth import Truth
from smartclause.logic.world import Cloud, Position, Record, World
from smartclause.rails.formula import Leaf
from smartclause.rails.rows import Row

Reader: TypeAlias = Callable[[Row, Position, Instant], Truth]


class Past:
    """Records indexed for the leaves that were asked, by key and party judged."""

    def __init__(self, lookup: Lookup, clouds: tuple[Cloud, ...] = ()) -> None:
        raise NotImplementedError

    @classmethod
    def of(cls, world: World) -> Past:
        """All records, supplements, contradictions, supplied facts, doubted parties and clouds of a world."""
        raise NotImplementedError

    def doubting(self, party: str) -> Past:
        """The same records, where what this party alone recorded is only possible (`World.doubting`)."""
        raise NotImplementedError

    def row(self, record: Record, party: str) -> Row:
        """Of any record, also one that is not in the past: the act judged."""
        raise NotImplementedError

    def add(self, record: Record) -> None:
        """In any order. A supplement fills its record; a second version of an event contradicts the first."""
        raise NotImplementedError

    def see(self, clouds: Iterable[Cloud]) -> None:
        """From now on these stretches, and no others, are those in which records may stand that nobody has shown."""
        raise NotImplementedError

    def reader(self, leaf: Leaf) -> Reader:
        """`reader(row, before, now)`: the leaf's truth at a place. Made once for each leaf, before `forget`."""
        raise NotImplementedError

    def truth(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> Truth:
        """Raises CannotDo for `clause N is violated`."""
        raise NotImplementedError

    def reasons(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> frozenset[Reason]:
        """Why it is unknown; nothing where it is not."""
        raise NotImplementedError

    def reading(
        self, expression: Expression, leaf: Leaf, row: Row, before: Position, now: Instant, doubt: bool
    ) -> Reading:
        """The value or bounds of an expression of the leaf's module, party and view; with reasons."""
        raise NotImplementedError

    def forget(self, before: Instant) -> None:
        """No question will come with `now` or position earlier than this, and nothing earlier is added or revised."""
        raise NotImplementedError
