"""The shells of the monitor: they place records of lines, bring them to the core, and move time on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from smartclause.engines.monitor.core import Core
from smartclause.engines.monitor.placing import NEVER, Placing
from smartclause.engines.monitor.told import MovedTold, Told
from smartclause.logic.counting import Instant
from smartclause.logic.record import Event
from smartclause.logic.terms import Value

HEARTBEAT = "heartbeat"


@dataclass(slots=True)
class Monitor:
    """Brings what is settled: each thing is told once, when no line can change it any more."""

    core: Core
    placing: Placing = field(default_factory=Placing)

    def take(
        self, type_: str, by: str, to: str, asset: str, facts: Mapping[str, Value], claimed: Instant, name: str,
        index: int, source: str = "",
    ) -> list[Told]:  # fmt: skip
        """A record as it came; `index` counts arrivals. What is told of it and of what waited."""
        placing = self.placing
        if not (source or placing.lag or placing.marks) and claimed >= placing.frontier and not placing.waiting:
            placing.clock = placing.frontier = claimed  # in order, and nothing can come before it
            return self.core.take(type_, by, to, asset, facts, claimed, name, index)
        told: list[Told] = []
        at = placing.instant_of(claimed, source)
        if at != claimed:
            told.append(MovedTold(at, name or f"line {index}", claimed))
        heappush(placing.waiting, (at, index, type_, by, to, asset, facts, name))
        placing.heard_at(claimed, source)
        return self._settled(told)

    def mark(self, source: str, at: Instant) -> list[Told]:
        """A source says that it is complete up to then. What lies before the frontier nobody can add to."""
        self.placing.marked(at, source)
        told = self.core.mark(source, max(at, self.placing.frontier))
        return self._settled(told)

    def event(self, event: Event) -> list[Told]:
        if event.type == HEARTBEAT:
            return self.mark(event.source, event.time)
        return self.take(
            event.type, event.by, event.to, event.asset, event.facts, event.time, event.id, event.index, event.source
        )

    def _settled(self, told: list[Told]) -> list[Told]:
        placing, core = self.placing, self.core
        waiting, frontier = placing.waiting, placing.frontier
        while waiting and waiting[0][0] <= frontier:
            at, index, type_, by, to, asset, facts, name = heappop(waiting)
            told += core.take(type_, by, to, asset, facts, at, name, index)
        if frontier > NEVER:
            told += core.advance(frontier)
        return told

    def end(self, at: Instant | None = None) -> list[Told]:
        """Nothing more will come. `at`: time goes on to this instant."""
        self.placing.ended()
        told = self._settled([])
        return told if at is None else told + self.core.advance(at)


@dataclass(slots=True)
class EarlyMonitor(Monitor):
    """Brings each record as it comes: what is told inside the lag is early, and corrected where a late line makes it
    otherwise. The core must take records in any order."""

    def take(
        self, type_: str, by: str, to: str, asset: str, facts: Mapping[str, Value], claimed: Instant, name: str,
        index: int, source: str = "",
    ) -> list[Told]:  # fmt: skip
        placing = self.placing
        told: list[Told] = []
        at = placing.instant_of(claimed, source)
        if at != claimed:
            told.append(MovedTold(at, name or f"line {index}", claimed))
        placing.heard_at(claimed, source)
        told += self.core.take(type_, by, to, asset, facts, at, name, index)
        return self._settled(told)

    def mark(self, source: str, at: Instant) -> list[Told]:
        self.placing.marked(at, source)
        return self._settled(self.core.mark(source, max(at, self.placing.frontier)))

    def _settled(self, told: list[Told]) -> list[Told]:
        placing = self.placing
        if placing.clock > NEVER:
            told += self.core.advance(placing.clock)
        for each in told:
            if not isinstance(each, MovedTold):
                each.early = each.at >= placing.frontier
        self.core.settle(placing.frontier)
        return told

    def end(self, at: Instant | None = None) -> list[Told]:
        self.placing.ended()
        told = self.core.advance(self.placing.clock) if self.placing.clock > NEVER else []
        return told if at is None else told + self.core.advance(at)
