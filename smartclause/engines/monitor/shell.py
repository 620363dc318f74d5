"""The shell of the monitor: places records of lines, settles those that wait, and moves time on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from smartclause.engines.monitor.core import Core
from smartclause.engines.monitor.placing import NEVER, Placing
from smartclause.engines.monitor.told import MovedTold, Told
from smartclause.logic.counting import Instant
from smartclause.logic.record import Event

HEARTBEAT = "heartbeat"


@dataclass(slots=True)
class Monitor:
    core: Core
    placing: Placing = field(default_factory=Placing)

    def take(self, event: Event) -> Iterator[Told]:
        """A record as it came; `event.index` counts arrivals. Yields what is told of it and of what waited."""
        claimed, source = event.time, event.source
        if event.type == HEARTBEAT:
            self.placing.marked(claimed, source)
            yield from self.core.mark(source, claimed)
        else:
            at = self.placing.instant_of(claimed, source)
            if at != claimed:
                yield MovedTold(at, event.id, claimed)
                event = replace(event, time=at)
            self.placing.put(at, event.index, event)
            self.placing.heard_at(claimed, source)
        yield from self.settled()

    def settled(self) -> Iterator[Told]:
        while (following := self.placing.next_settled()) is not None:
            yield from self.core.settle(following[2])
        if self.placing.frontier > NEVER:
            yield from self.core.advance(self.placing.frontier)

    def end(self, at: Instant | None = None) -> Iterator[Told]:
        """Nothing more will come. `at`: time goes on to this instant."""
        self.placing.ended()
        yield from self.settled()
        if at is not None:
            yield from self.core.advance(at)
