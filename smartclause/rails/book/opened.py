"""What opened one instance of a duty: fixed once everything before it is, and small."""

from __future__ import annotations

from dataclasses import dataclass

from smartclause.logic.counting import Instant, Span
from smartclause.logic.finding import Reason
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record


@dataclass(frozen=True, slots=True)
class Opened:
    """`record`: the one that opened it, if one did. `latest_start` None: the clock may have started at any time."""

    record: Record | None
    trigger: str
    start: Instant
    latest_start: Instant | None
    holds: Truth
    keys: tuple[tuple[str, Value | None], ...]
    due: Span
    reasons: tuple[Reason, ...] = ()
    after: tuple[Instant, int] | None = None  # only acts later than this place answer

    @property
    def first(self) -> tuple[Instant, int]:
        """The first place at which an act may answer."""
        return (self.start, -(2**63)) if self.after is None else (self.after[0], self.after[1] + 1)

    @property
    def unsure_start(self) -> bool:
        return self.latest_start != self.start

    def begun(self, at: Instant) -> Truth:
        """Whether the clock had started then."""
        if at < self.start:
            return Truth.FALSE
        surely = self.latest_start is not None and at >= self.latest_start
        return Truth.TRUE if surely else Truth.UNKNOWN
