"""Who is told by the monitor and keeps it, or forgets it at once."""

from dataclasses import dataclass, field

from smartclause.logic.lookup import Lookup
from smartclause.verbs.monitor import Telling


@dataclass
class Listener:
    """`keeps` False: only how much was told."""

    keeps: bool = True
    told: list[Telling] = field(default_factory=list)
    number: int = 0

    def ready(self, lookup: Lookup) -> None:
        """Nothing to prepare."""

    def tell(self, telling: Telling) -> None:
        self.number += 1
        if self.keeps:
            self.told.append(telling)

    def settle(self) -> int:
        return 0

    def resume(self, length: int, number: int) -> None:  # noqa: ARG002
        self.number = number
