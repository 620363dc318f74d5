"""How the instances of one duty stand while places are asked in order: each is looked at again only when a record of
its key or its own deadline makes it change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import chain
from typing import TYPE_CHECKING

from smartclause.logic.counting import Instant
from smartclause.logic.instances import DutyStatus, Instance, violated
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth
from smartclause.rails.book.acts import Act, Values, is_exact
from smartclause.rails.book.conditions import Place
from smartclause.rails.book.matter import Matter

if TYPE_CHECKING:
    from smartclause.rails.book.log import Item
    from smartclause.rails.book.sentences import DutySentence

DONE = (DutyStatus.FULFILLED, DutyStatus.WAIVED, DutyStatus.CURED)
PATIENCE = 8  # questions about earlier places, one after the other, until it goes back


@dataclass(slots=True)
class Tally:
    """Of matters with the same keys: how many are violated, and which of them nobody knows. First of those violated
    now, then of those that ever were."""

    sure: list[int] = field(default_factory=lambda: [0, 0])
    unsure: tuple[dict[Matter, None], dict[Matter, None]] = field(default_factory=lambda: ({}, {}))


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a matter was counted."""

    truths: tuple[Truth, Truth]
    owed: bool


NOTHING_DONE = Stand((Truth.FALSE, Truth.FALSE), owed=False)


class Front:
    """Has gone through what happened before a place and up to an instant."""

    def __init__(self, sentence: DutySentence) -> None:
        self._sentence, self._obligation, self._log = sentence, sentence.obligation, sentence.log
        self._projections: dict[tuple[str, ...], dict[Values, Tally]] = {}
        self._back = 0
        self.noted: dict[Matter, Instance | None] | None = None  # how each stands that was looked at, None: gone
        self._start_anew()
        self._log.fronts.append(self)

    def _start_anew(self) -> None:
        self._before: Place = (-(2**63), 0)
        self._now: Instant = -(2**63)
        self._next = 0
        self._late: list[Item] = list(self._sentence.matters(None))
        self._deadlines: list[tuple[Instant, int, Matter]] = []
        self._waited: dict[Matter, Instant] = {}
        self._live: dict[Values, dict[Matter, None]] = {}
        self._vague: dict[Matter, None] = {}
        self._stands: dict[Matter, Stand] = {}
        self.owed: dict[Values, dict[Matter, None]] = {}
        self._projections = {names: self._closed(names) for names in self._projections}

    def _closed(self, names: tuple[str, ...]) -> dict[Values, Tally]:
        """With the breaches of what is no longer kept."""
        tallies: dict[Values, Tally] = {}
        for values, sure in self._sentence.closed.items():
            tally = tallies.setdefault(_project(values, self._obligation.names, names), Tally())
            tally.sure = [a + b for a, b in zip(tally.sure, sure, strict=True)]
        return tallies

    def shift(self, gone: int) -> None:
        """So many entries at the beginning of the log are there no more."""
        if self._next < gone:
            self._start_anew()
        else:
            self._next -= gone

    def close(self, matter: Matter, breaches: list[bool]) -> None:
        """It is kept no more; whether it is violated now, and ever was, stays counted."""
        self._count(matter, NOTHING_DONE)
        self._leave(matter)
        self._waited.pop(matter, None)
        for names, tallies in self._projections.items():
            tally = tallies.setdefault(self._projected(matter, names), Tally())
            tally.sure = [n + breach for n, breach in zip(tally.sure, breaches, strict=True)]

    def look_again(self) -> None:
        """Sources or gaps stand otherwise: at all that is not answered or waived."""
        self._late.extend(self._stands)

    def late(self, place: Place, item: Item) -> None:
        if place < self._before:
            self._next += 1
            self._late.append(item)

    # ---- going on

    def reach(self, before: Place, now: Instant) -> bool:
        """Goes on to a place and an instant; not where it would have to go back, unless that is asked again and
        again."""
        if before < self._before or now < self._now:
            self._back += 1
            if self._back <= PATIENCE:
                return False
            self._start_anew()
        self._back = 0
        touched: dict[Matter, None] = {}
        self._before, self._now = before, now
        late, self._late = self._late, []
        for item in late:
            touched.update(self._touched_late(item))
        places, items = self._log.places, self._log.items
        while self._next < len(places) and places[self._next] < before:
            touched.update(self._touched(items[self._next]))
            self._next += 1
        while self._deadlines and self._deadlines[0][0] <= now:
            at, _, matter = heappop(self._deadlines)
            if self._waited.get(matter) == at:
                del self._waited[matter]
                touched[matter] = None
        for matter in touched:
            self._look(matter)
        return True

    def _touched(self, item: Item) -> dict[Matter, None]:
        match item:
            case Matter():
                self._enter(item)
                return {item: None}
            case Act() if is_exact(item):
                return {**self._live.get(item.keys, {}), **self._vague}
            case _:
                return dict.fromkeys(chain(*self._live.values()))

    def _touched_late(self, item: Item) -> dict[Matter, None]:
        """Also what had come to its end."""
        if isinstance(item, Matter):
            return self._touched(item)
        found = self._sentence.matters(item.keys if isinstance(item, Act) and is_exact(item) else None)
        return {m: None for m in found if m.place < self._before}

    def _enter(self, matter: Matter) -> None:
        values = matter.values
        self._live.setdefault(values, {})[matter] = None
        if None in values:
            self._vague[matter] = None

    def _leave(self, matter: Matter) -> None:
        values = matter.values
        live = self._live.get(values)
        if live is not None:
            live.pop(matter, None)
            if not live:
                del self._live[values]
        self._vague.pop(matter, None)

    def _look(self, matter: Matter) -> None:
        if matter.opened is None or matter.gone or matter.place >= self._before:
            if self.noted is not None:
                self.noted[matter] = None
            self._count(matter, NOTHING_DONE)
            self._leave(matter)
            self._waited.pop(matter, None)
            return
        found = self._obligation.instance(matter.opened, self._before, self._now)
        if self.noted is not None:
            self.noted[matter] = found
        stand = Stand((violated(found, ever=False), violated(found, ever=True)), may_be_owed(found))
        self._count(matter, stand)
        over = self._now > found.due.earliest  # until then what was waived may still be done, and counts as done
        done = found.status is DutyStatus.FULFILLED or (found.status is DutyStatus.WAIVED and over)
        changes = () if done else self._obligation.changes(matter.opened)
        upcoming = min((c for c in changes if c > self._now), default=None)
        if upcoming is None:
            self._waited.pop(matter, None)
        elif self._waited.get(matter) != upcoming:
            self._waited[matter] = upcoming
            heappush(self._deadlines, (upcoming, id(matter), matter))
        if done or (upcoming is None and self._obligation.otherwise is None and not stand.owed):
            self._leave(matter)
        else:
            self._enter(matter)

    @property
    def upcoming(self) -> Instant | None:
        """The next instant at which time alone may change something."""
        return self._deadlines[0][0] if self._deadlines else None

    # ---- counting

    def _count(self, matter: Matter, stand: Stand) -> None:
        old = self._stands.get(matter, NOTHING_DONE)
        if old == stand:
            return
        if stand == NOTHING_DONE:
            self._stands.pop(matter, None)
        else:
            self._stands[matter] = stand
        self._count_owed(matter, stand.owed)
        for names, tallies in self._projections.items():
            self._change(tallies, self._projected(matter, names), matter, old, stand)

    def _count_owed(self, matter: Matter, owed: bool) -> None:
        values = matter.values
        if owed:
            self.owed.setdefault(values, {})[matter] = None
        elif values in self.owed:
            self.owed[values].pop(matter, None)
            if not self.owed[values]:
                del self.owed[values]

    def _change(self, tallies: dict[Values, Tally], values: Values, matter: Matter, old: Stand, new: Stand) -> None:
        tally = tallies.get(values)
        if tally is None:
            tally = tallies[values] = Tally()
        for n in (0, 1):
            tally.sure[n] += (new.truths[n] is Truth.TRUE) - (old.truths[n] is Truth.TRUE)
            if new.truths[n] is Truth.UNKNOWN:
                tally.unsure[n][matter] = None
            else:
                tally.unsure[n].pop(matter, None)

    def _projected(self, matter: Matter, names: tuple[str, ...]) -> Values:
        return _project(matter.values, self._obligation.names, names)

    # ---- asking

    def tallies(self, asked: dict[str, Value]) -> Iterator[Tally]:
        """Of the matters that may be for these keys."""
        names = tuple(n for n in self._obligation.names if n in asked)
        if names not in self._projections:
            tallies = self._closed(names)
            for matter, stand in self._stands.items():
                self._change(tallies, self._projected(matter, names), matter, NOTHING_DONE, stand)
            self._projections[names] = tallies
        tallies = self._projections[names]
        wanted = tuple(asked[n] for n in names)
        if not self._sentence.vague:
            if wanted in tallies:
                yield tallies[wanted]
            return
        for values, tally in tallies.items():
            if all(v is None or v == w for v, w in zip(values, wanted, strict=True)):
                yield tally

    def may_be_owed(self, asked: dict[str, Value]) -> list[Matter]:
        """Matters of these keys of which something may be owed."""
        names = self._obligation.names
        if not self._sentence.vague and all(n in asked for n in names):
            return list(self.owed.get(tuple([asked[n] for n in names]), ()))
        return [
            matter
            for values, matters in self.owed.items()
            if all(v in (None, asked.get(n, v)) for n, v in zip(names, values, strict=True))
            for matter in matters
        ]


def _project(values: Values, names: tuple[str, ...], wanted: tuple[str, ...]) -> Values:
    held = dict(zip(names, values, strict=True))
    return tuple([held[name] for name in wanted])


def may_be_owed(instance: Instance) -> bool:
    steps = (instance, instance.otherwise)
    return any(s is not None and s.status not in DONE and not s.answered and not s.relieved for s in steps)
