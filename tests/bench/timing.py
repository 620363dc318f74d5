"""Timing that can be compared: several runs in turn, the median of each, and ratios inside one run."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True)
class Timed:
    """`seconds` for one of `items`; `against` names the row that this one is compared with.

    `limit`: the ratio to it that must be kept; 0 where none was set. `note`: what was found besides the time.
    """

    name: str
    seconds: float
    items: int
    unit: str
    against: str = ""
    limit: float = 0
    note: str = ""

    @property
    def each(self) -> float:
        """Microseconds for one item."""
        return self.seconds / self.items * 1e6


@dataclass(frozen=True)
class Skipped:
    """What could not be measured here, and why."""

    name: str
    reason: str


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """The median of `runs` after one run that is not counted."""
    return median(seconds_in_turn([work], runs)[0])


def seconds_in_turn(
    works: list[Callable[[], object]], runs: int = 5, clock: Callable[[], float] = perf_counter
) -> list[list[float]]:
    """Each work once in every round, so that a drifting machine slows all alike."""
    for work in works:
        work()
    found: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for times, work in zip(found, works, strict=True):
            start = clock()
            work()
            times.append(clock() - start)
    return found


def medians(works: list[Callable[[], object]], runs: int = 9) -> list[float]:
    """Of the processor's own time, for works of a few milliseconds in one thread: what else runs here counts less."""
    return [median(times) for times in seconds_in_turn(works, runs, process_time)]
