"""What judges for the monitor. The shell brings records in order of position and says how far time has come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from smartclause.engines.monitor.told import Told
from smartclause.logic.counting import Instant
from smartclause.logic.instances import Instance
from smartclause.logic.record import Event


class Core(Protocol):
    """INVARIANT: no record is settled before one that was settled, and time never goes back."""

    def settle(self, event: Event) -> Iterable[Told]:
        """The record stands at `event.time`, after all that were settled at the same instant."""
        ...

    def mark(self, source: str, complete: Instant) -> Iterable[Told]:
        """The source says that nothing of it is missing up to then."""
        ...

    def advance(self, to: Instant) -> Iterable[Told]:
        """Nothing more is settled before `to`."""
        ...

    def duties(self) -> Iterable[Instance]:
        """As they stand, at the instant up to which time has come."""
        ...
