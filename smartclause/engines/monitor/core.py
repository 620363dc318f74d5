"""What judges for the monitor. The shell brings records and says how far time has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from smartclause.engines.monitor.told import Told
from smartclause.logic.counting import Instant
from smartclause.logic.instances import Instance
from smartclause.logic.terms import Value


class Core(Protocol):
    """Time never goes back. A core that is brought records in any order tells what of the earlier it makes otherwise;
    to others none is brought before one that was. `rereads`: nothing is saved of it, and a run that goes on brings
    again all that it was brought."""

    now: Instant

    @property
    def rereads(self) -> bool: ...

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

    def settle(self, horizon: Instant) -> None:
        """Nothing earlier will be brought."""
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
