"""What may change how the instances of one duty stand, in the order of places; late entries are announced."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.world import Record
from smartclause.rails.book.acts import FIRST, Act
from smartclause.rails.book.conditions import Place
from smartclause.rails.book.matter import Matter

if TYPE_CHECKING:
    from smartclause.rails.book.front import Front

Item: TypeAlias = "Matter | Act | Record"
"""What opens, what may answer, what waives."""


class Log:
    """`fronts` have gone through it up to some place each."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.items: list[Item] = []
        self.fronts: list[Front] = []

    def forget(self, before: Instant) -> None:
        """What stands earlier is gone through no more; who had not come so far starts anew."""
        gone = bisect_left(self.places, (before, FIRST))
        del self.places[:gone], self.items[:gone]
        for front in self.fronts:
            front.shift(gone)

    def add(self, place: Place, item: Item) -> None:
        if not self.places or self.places[-1] <= place:
            self.places.append(place)
            self.items.append(item)
            return
        at = bisect_right(self.places, place)
        self.places.insert(at, place)
        self.items.insert(at, item)
        for front in self.fronts:
            front.late(place, item)
