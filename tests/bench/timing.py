"""Timing that can be compared: several runs in turn, the median of each, and ratios inside one run."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Timed:
    """`seconds` for one of `items`; `against` names the row that this one is compared with."""

    name: str
    seconds: float
    items: int
    unit: str
    against: str = ""

    @property
    def each(self) -> float:
        """Microseconds for one item."""
        return self.seconds / self.items * 1e6


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """The median of `runs` after one run that is not counted."""
    return median(seconds_in_turn([work], runs)[0])


def seconds_in_turn(works: list[Callable[[], object]], runs: int = 5) -> list[list[float]]:
    """Each work once in every round, so that a drifting machine slows all alike."""
    for work in works:
        work()
    found: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for times, work in zip(found, works, strict=True):
            start = perf_counter()
            work()
            times.append(perf_counter() - start)
    return found
