"""Where records of lines stand in time: they wait until none can come before them, then they are taken in order.

Only the times of the records and the marks of their sources move this clock. A record that comes later than agreed
is never dropped and never changes what was settled: it counts from the frontier on, and is told as moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.terms import Value

NEVER: Instant = -(2**61)
Waiting: TypeAlias = tuple[Instant, int, str, str, str, str, Mapping[str, Value], str]
"""Instant, index, type, by, to, asset, facts, name."""


@dataclass(slots=True)
class Placing:
    """`lag`: by how much a line may come after later ones. `clock`: the latest time read; `marks`: how far each source
    says to be complete. Everything before `frontier` is settled."""

    lag: Instant = 0
    clock: Instant = NEVER
    frontier: Instant = NEVER
    marks: dict[str, Instant] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)

    def instant_of(self, claimed: Instant, source: str) -> Instant:
        """Not before what is settled, nor before a mark of the same source."""
        return max(claimed, self.frontier, self.marks.get(source, NEVER))

    def heard_at(self, claimed: Instant, source: str) -> None:
        """A record was put: its time moves the frontier."""
        if source:
            self.heard.add(source)
        if claimed > self.clock:
            self.clock = claimed
        self._move()

    def marked(self, at: Instant, source: str) -> None:
        self.heard.add(source)
        self.marks[source] = max(at, self.marks.get(source, NEVER))
        self.clock = max(self.clock, at)
        self._move()

    def _move(self) -> None:
        """As far as the lag allows, or as all sources heard of are complete."""
        found = self.clock - self.lag
        if self.marks and len(self.marks) == len(self.heard):
            found = max(found, min(self.marks.values()))
        self.frontier = max(self.frontier, found)

    def ended(self) -> None:
        """Nothing more will come: what waits is settled too."""
        self.frontier = max(self.frontier, self.clock)
