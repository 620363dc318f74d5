"""Who is told in tests."""

from __future__ import annotations

from smartclause.logic.lookup import Lookup
from smartclause.verbs.monitor import Telling


class Told:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Telling] = []
        self.number = 0

    def ready(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def tell(self, telling: Telling) -> None:
        self.number += 1
        self.told.append(telling)

    def settle(self) -> int:
        return len(self.told)

    def resume(self, length: int, number: int) -> None:
        self.number = number
        del self.told[length:]
