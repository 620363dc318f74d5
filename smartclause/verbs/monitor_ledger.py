"""The monitor over signed records, a ledger as it grows or lines of envelopes: each new entry with all before it.

A verdict is told at once as the records have it, and again as final once every source is complete up to its act. While
a ledger is followed, time is that of the clock of whoever follows; otherwise that of the last entry.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from smartclause.engines.monitor.told import Told
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.logic.counting import Instant
from smartclause.logic.instances import Instance
from smartclause.rails.refused import CannotDo
from smartclause.verbs.monitor_booked import Booked
from smartclause.verbs.monitor_entries import Entries, EntryReader
from smartclause.verbs.monitor_reference import Reference, Under


class Judging(Protocol):
    """`count` and `now`: how far entries and time have come."""

    count: int
    now: Instant

    def step(self, entries: Entries, count: int, at: Instant) -> list[Told]:
        """Time comes to `at`, and then the entries up to `count` are there."""
        ...

    def look(self, entries: Entries, count: int, at: Instant) -> list[Told]:
        """As so many entries have it, at once."""
        ...

    def advance(self, entries: Entries, to: Instant) -> list[Told]:
        """The clock comes so far, moment by moment, and nothing is recorded."""
        ...

    def standing(self) -> list[Instance]: ...

    def acts(self) -> Counter[str]: ...

    def duties(self) -> Counter[str]: ...


def judging_of(under: Under, soon: Instant | None, slow: bool = False) -> Judging:
    """The quick way where it can follow the contract, otherwise the reference."""
    if not slow:
        with suppress(CannotDo):
            return Booked(under, soon)
    return Reference(under, soon)


@dataclass
class LedgerFollowing:
    """`tell` gets what is told. `checkpointed`: so many entries were signed for when it was last looked."""

    judging: Judging
    reader: EntryReader
    tell: Callable[[Told], None]
    checkpointed: int = 0

    def digest(self) -> str:
        """Of the entries that were judged."""
        return self.reader.entries.digest(self.judging.count)

    def resume(self, count: int, now: Instant, checkpointed: int, clock: Clock) -> None:
        """As an earlier run left it: nothing of it is told again."""
        entries = self.reader.read(clock())
        count = min(count, len(entries.each))
        self.checkpointed = min(checkpointed, entries.checkpointed)
        self.judging.look(replace(entries, checkpointed=self.checkpointed), count, now)

    def follow(
        self, until: Instant | None, live: bool, poll: float, kept: Callable[[], None], clock: Clock = system_clock
    ) -> None:
        """All entries that are there in one step, then each new one by itself. `kept` is called after each look."""
        entries = self.reader.read(clock())
        if until is not None:
            within = sum(at <= until for at in entries.received)
            self._told(self.judging.look(entries, within, until))
            return
        self._steps(entries, clock() if live else None)
        kept()
        while live:
            time.sleep(poll)
            if self.reader.has_grown():
                entries = self.reader.read(clock())
                self._steps(entries, None)
            self._told(self.judging.advance(entries, clock()))
            kept()

    def _told(self, told: list[Told]) -> None:
        for each in told:
            self.tell(each)

    def _steps(self, entries: Entries, now: Instant | None) -> None:
        judging, size = self.judging, len(entries.each)
        if judging.count == 0 and size:
            self._told(judging.step(entries, size, entries.last(size) if now is None else now))
        for count in range(judging.count + 1, size + 1):
            self._told(judging.step(entries, count, max(entries.received[count - 1], judging.now)))
        if entries.checkpointed > self.checkpointed and judging.count:
            self._told(judging.step(entries, size, judging.now))
        self.checkpointed = entries.checkpointed
