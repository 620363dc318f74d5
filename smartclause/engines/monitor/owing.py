"""How the duties of a book stand, told as it changes: each is looked at again only where it may stand otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import heappop, heappush

from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.snapshot import Identity, identity, is_over, of_duty, stands, with_second
from smartclause.engines.monitor.told import NO_LONGER, DutyTold
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.world import Position
from smartclause.rails.book.book import Book
from smartclause.rails.book.matter import Matter

SELDOM = 256  # records after which what is over is dropped


class Owing:
    """`keeps_breaches`: those that the book drops are kept too, for `standing`; what is kept then grows with them."""

    def __init__(self, book: Book, soon: Instant | None, keeps_breaches: bool) -> None:
        self._book, self._soon, self._keeps_breaches = book, soon, keeps_breaches
        self.now: Instant = NEVER
        self.last: dict[Identity, Instance] = {}
        self._of: dict[Matter, tuple[Identity, ...]] = {}
        self._at_home: dict[Identity, Matter] = {}
        self._others: dict[Identity, Instance] = {}  # of sentences that are looked through as a whole
        self._near: list[tuple[Instant, int, Identity]] = []
        self._pushed = 0
        self._next: Instant | None = None
        self._over: Counter[str] = Counter()
        self._breaches: list[Instance] = []
        self._since = 0

    # ---- how they stand now

    def coming(self, now: Instant) -> Instant | None:
        """The next instant at which one may stand otherwise though nothing is recorded."""
        near = self._near[0][0] if self._near else None
        moments = (self._book.upcoming(), near, self._next)
        return min((m for m in moments if m is not None and m > now), default=None)

    def look(self, now: Instant) -> list[DutyTold]:
        """What became otherwise since the last look, in the order in which it came to be so."""
        before, self.now = self.now, now
        touched, others = self._book.changed(Position(now, LAST_INDEX), now)
        gone: dict[Identity, None] = {}
        new: dict[Identity, Instance] = {}
        for matter, instance in touched.items():
            gone |= dict.fromkeys(self._of.pop(matter, ()))
            if instance is not None:
                self._enter(matter, instance, new)
        self._whole(others, gone, new)
        while self._near and self._near[0][0] <= now:
            name = heappop(self._near)[2]
            if name in self.last and name not in gone:
                new.setdefault(name, self.last[name])
        return sorted(self._told(gone, new, before), key=_at)

    def _enter(self, matter: Matter, instance: Instance, new: dict[Identity, Instance]) -> None:
        each = {identity(i): i for i in with_second((instance,))}
        new |= each
        self._of[matter] = tuple(each)
        self._at_home |= dict.fromkeys(each, matter)

    def _whole(self, others: list[Instance], gone: dict[Identity, None], new: dict[Identity, Instance]) -> None:
        found = {identity(i): i for i in with_second(others)}
        gone |= dict.fromkeys(name for name in self._others if name not in found)
        new |= {name: i for name, i in found.items() if i != self._others.get(name)}
        self._others = found
        changes = (self._book.next_change(i, self.now) for i in others)
        self._next = min((c for c in changes if c is not None), default=None)

    def _told(self, gone: dict[Identity, None], new: dict[Identity, Instance], before: Instant) -> Iterator[DutyTold]:
        for name, instance in new.items():
            old = self.last.get(name)
            yield from of_duty(old, instance, before, self.now, self._soon)
            self.last[name] = instance
            self._wait(name, instance)
        for name in gone:
            if name not in new:
                left = self.last.pop(name, None)
                self._at_home.pop(name, None)
                if left is not None:
                    yield DutyTold(self.now, NO_LONGER, left.status.value, left)

    def _wait(self, name: Identity, instance: Instance) -> None:
        """Until it is soon due."""
        if self._soon is not None and instance.status is DutyStatus.OPEN:
            near = instance.due.earliest - self._soon
            if near > self.now:
                self._pushed += 1
                heappush(self._near, (near, self._pushed, name))

    # ---- what is over

    def forget(self, horizon: Instant) -> None:
        """Nothing earlier is recorded any more. Costs little where nothing is to be gained."""
        self._since += 1
        if self._since >= max(SELDOM, len(self.last)):
            self._since = 0
            self._drop(self._book.forget(horizon))

    def _drop(self, dropped: list[Instance]) -> None:
        if self._keeps_breaches:
            self._breaches += [i for i in dropped if stands(i, self.now)]
        for instance in with_second(dropped):
            name = identity(instance)
            self._over[instance.status.value] += 1
            self.last.pop(name, None)
            matter = self._at_home.pop(name, None)
            if matter is not None:
                self._of.pop(matter, None)

    # ---- asked

    def _every(self) -> list[Instance]:
        """Those that are kept, with the reasons of now."""
        return list(self._book.statuses(Position(self.now, LAST_INDEX), self.now)) if self.now > NEVER else []

    def duties(self) -> tuple[Instance, ...]:
        return tuple(i for i in self._every() if not is_over(i, self.now))

    def standing(self) -> tuple[Instance, ...]:
        return tuple(i for i in (*self._breaches, *self._every()) if stands(i, self.now))

    def tally(self) -> Counter[str]:
        return self._over + Counter(i.status.value for i in self.last.values())


def _at(told: DutyTold) -> Instant:
    return told.at
