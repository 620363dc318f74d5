"""What judges for the monitor. The shell brings records in order of position and says how far time has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from smartclause.engines.monitor.told import Told
from smartclause.logic.counting import Instant
from smartclause.logic.instances import Instance
from smartclause.logic.terms import Value


class Core(Protocol):
    """INVARIANT: no record is taken before one that was taken, and time never goes back."""

    now: Instant

    @property
    def acts(self) -> Counter[str]:
        """How many acts there were with each decision."""
        ...

    def take(
        self, type_: str, by: str, to: str, asset: str, facts: Mapping[str, Value], at: Instant, name: str, index: int
    ) -> list[Told]:
        """A record at its instant, after all that were taken at the same instant."""
        ...

    def mark(self, source: str, complete: Instant) -> list[Told]:
        """The source says that nothing of it is missing up to then."""
        ...

    def advance(self, to: Instant) -> list[Told]:
        """Nothing more is taken before `to`."""
        ...

    def duties(self) -> Iterable[Instance]:
        """Those that are not over, at the instant up to which time has come."""
        ...

    def standing(self) -> Iterable[Instance]:
        """Those that are not over, and every breach, also one that was made good late. Only a core that was made to
        keep breaches knows all of these."""
        ...

    def tally(self) -> Counter[str]:
        """How many duties there were with each status."""
        ...

    def save(self) -> dict[str, Any]:
        """All that is kept, as plain data."""
        ...

    def restore(self, data: Mapping[str, Any]) -> None:
        """Into a new core. Raises ValueError, KeyError, TypeError for what `save` did not give."""
        ...
