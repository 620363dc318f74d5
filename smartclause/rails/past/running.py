"""Running counts of one shelf: questions that come in order cost what has entered or run out since the last one.

A question at an earlier place takes back what had entered; at an earlier instant it is answered the long way.
"""

from __future__ import annotations

from decimal import Decimal
from heapq import heapify, heappop, heappush

from smartclause.logic.counting import Instant
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth
from smartclause.rails.dated import FOREVER, NEVER
from smartclause.rails.past.entries import Entry, Place

BEFORE_ALL: Place = (NEVER, 0)
SCALE = 9  # decimals of an amount that are added up as whole numbers
MOST_DIGITS = 18
EXACT = 10**28  # beyond it sums of the reference are rounded


class Running:
    """Entries of a shelf told in order: `enter`, `fade` (from now on only possible), `leave`."""

    __slots__ = ("_ends", "_turn", "entries", "firm", "next", "now", "place", "possible", "sure", "windowed")

    def __init__(self, entries: list[Entry], windowed: bool) -> None:
        self.entries = entries
        self.windowed = windowed
        self.next = 0  # the first entry not yet entered
        self.place = BEFORE_ALL
        self.now: Instant = NEVER
        self._ends: list[tuple[Instant, int, Entry]] = []
        self._turn = 0
        self.possible = self.sure = self.firm = 0

    def advance(self, place: Place, now: Instant) -> bool:
        """Whether the counts are now those of this place and instant."""
        if now < self.now and self.windowed:
            return False
        entries, number = self.entries, self.next
        if place < self.place:
            self._back(place)
        else:
            while number < len(entries) and entries[number].at < place:
                self._arrive(entries[number], now)
                number += 1
            self.next = number
        self.place, self.now = place, now
        ends = self._ends
        while ends and ends[0][0] < now:
            self._run_out(heappop(ends)[2], now)
        return True

    def _back(self, place: Place) -> None:
        while self.next and self.entries[self.next - 1].at >= place:
            self.next -= 1
            self.withdraw(self.entries[self.next])

    def _arrive(self, entry: Entry, now: Instant) -> None:
        if entry.until < now:
            return
        entry.inside, entry.faded = True, False
        self.enter(entry)
        if entry.sure_until < now:
            self._fade(entry)
        elif entry.sure_until < FOREVER:
            self._watch(entry.sure_until, entry)

    def _watch(self, end: Instant, entry: Entry) -> None:
        self._turn += 1
        heappush(self._ends, (end, self._turn, entry))

    def _fade(self, entry: Entry) -> None:
        self.fade(entry)
        entry.faded = True
        if entry.until < FOREVER:
            self._watch(entry.until, entry)

    def _run_out(self, entry: Entry, now: Instant) -> None:
        """Entries may be watched twice, or no longer be there."""
        if entry.inside and entry.until < now:
            self.withdraw(entry)
        elif entry.inside and not entry.faded and entry.sure_until < now:
            self._fade(entry)

    def withdraw(self, entry: Entry) -> None:
        if entry.inside:
            self.leave(entry)
            entry.inside = False

    def put_late(self, entry: Entry) -> None:
        """An entry that was just put among those already entered."""
        self.next += 1
        self._arrive(entry, self.now)

    def take(self, entry: Entry, number: int) -> None:
        if number < self.next:
            self.next -= 1
        self.withdraw(entry)

    def drop(self, entry: Entry) -> None:
        """One of many that are forgotten together."""
        self.withdraw(entry)

    def settle(self, entry: Entry) -> None:
        """It goes on counting and is no more kept."""

    def forgotten(self, count: int, before: Instant) -> None:
        """That many of the first entries stand here no more; what they had counted stays, unless withdrawn."""
        self.next -= count
        self._ends = [end for end in self._ends if end[2].inside and end[2].until >= before]
        heapify(self._ends)

    # ---- what is counted

    def enter(self, entry: Entry) -> None:
        self.possible += 1
        self.sure += entry.sure
        self.firm += entry.firm

    def fade(self, entry: Entry) -> None:
        self.sure -= entry.sure
        self.firm -= entry.firm

    def leave(self, entry: Entry) -> None:
        self.possible -= 1
        if not entry.faded:
            self.sure -= entry.sure
            self.firm -= entry.firm


class RunningTotal(Running):
    """Amounts in units of 10**-SCALE, not how many surely count. `open`: those without an upper bound; `odd`: such as
    are not added up here."""

    __slots__ = ("firm_sum", "high", "odd", "open", "sure_sum")

    def __init__(self, entries: list[Entry], windowed: bool) -> None:
        super().__init__(entries, windowed)
        self.sure_sum = self.firm_sum = self.high = self.open = self.odd = 0

    def enter(self, entry: Entry) -> None:
        self.possible += 1
        load = entry.load
        if load.least_units is None:
            self.odd += 1
            return
        self.high += load.most_units or 0
        self.open += load.most is None
        self.sure_sum += load.least_units if entry.sure else 0
        self.firm_sum += load.least_units if entry.firm else 0

    def fade(self, entry: Entry) -> None:
        load = entry.load
        self.sure_sum -= (load.least_units or 0) if entry.sure else 0
        self.firm_sum -= (load.least_units or 0) if entry.firm else 0

    def leave(self, entry: Entry) -> None:
        self.possible -= 1
        load = entry.load
        if load.least_units is None:
            self.odd -= 1
            return
        self.high -= load.most_units or 0
        self.open -= load.most is None
        if not entry.faded:
            self.sure_sum -= load.least_units if entry.sure else 0
            self.firm_sum -= load.least_units if entry.firm else 0


def units(number: Decimal | None) -> int | None:
    """In units of 10**-SCALE; None where that is not exact or too long."""
    if number is None:
        return None
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or exponent < -SCALE or len(digits) + max(exponent, 0) > MOST_DIGITS:
        return None
    return int(number.scaleb(SCALE))


class RunningValues(Running):
    """How often each value stands there: possibly, surely, firmly; None: the value is not known. And how many values
    there are of each."""

    __slots__ = ("firm_values", "possible_values", "sure_values", "values")

    def __init__(self, entries: list[Entry], windowed: bool) -> None:
        super().__init__(entries, windowed)
        self.values: dict[Value | None, list[int]] = {}
        self.possible_values = self.sure_values = self.firm_values = 0

    def enter(self, entry: Entry) -> None:
        super().enter(entry)
        self._count(entry.load.value, 1, int(entry.sure), int(entry.firm))

    def fade(self, entry: Entry) -> None:
        super().fade(entry)
        self._count(entry.load.value, 0, -int(entry.sure), -int(entry.firm))

    def leave(self, entry: Entry) -> None:
        super().leave(entry)
        full = not entry.faded
        self._count(entry.load.value, -1, -int(entry.sure and full), -int(entry.firm and full))

    def _count(self, value: Value | None, possible: int, sure: int, firm: int) -> None:
        cell = self.values.setdefault(value, [0, 0, 0])
        if value is not None:
            self.possible_values += bool(cell[0] + possible) - bool(cell[0])
            self.sure_values += bool(cell[1] + sure) - bool(cell[1])
            self.firm_values += bool(cell[2] + firm) - bool(cell[2])
        cell[0] += possible
        cell[1] += sure
        cell[2] += firm
        if not cell[0]:
            del self.values[value]


class RunningEvery(Running):
    """`lacking`: those that surely have not what was asked (sure, firm); `unmet`: those that have it not surely."""

    __slots__ = ("lacking_firm", "lacking_sure", "unmet")

    def __init__(self, entries: list[Entry], windowed: bool) -> None:
        super().__init__(entries, windowed)
        self.lacking_sure = self.lacking_firm = self.unmet = 0

    def enter(self, entry: Entry) -> None:
        super().enter(entry)
        if entry.load.truth is not Truth.TRUE:
            self.unmet += 1
            if entry.load.truth is Truth.FALSE:
                self.lacking_sure += entry.sure
                self.lacking_firm += entry.firm

    def fade(self, entry: Entry) -> None:
        super().fade(entry)
        if entry.load.truth is Truth.FALSE:
            self.lacking_sure -= entry.sure
            self.lacking_firm -= entry.firm

    def leave(self, entry: Entry) -> None:
        super().leave(entry)
        if entry.load.truth is Truth.TRUE:
            return
        self.unmet -= 1
        if entry.load.truth is Truth.FALSE and not entry.faded:
            self.lacking_sure -= entry.sure
            self.lacking_firm -= entry.firm


class RunningLatest(Running):
    """Those inside in order of position; what has run out goes from the end when it stands there."""

    __slots__ = ("inside",)

    def __init__(self, entries: list[Entry], windowed: bool) -> None:
        super().__init__(entries, windowed)
        self.inside: list[Entry] = []

    def last(self) -> Entry | None:
        while self.inside and self.inside[-1].until < self.now:
            self.inside.pop().inside = False
        return self.inside[-1] if self.inside else None

    def _arrive(self, entry: Entry, now: Instant) -> None:
        if entry.until < now:
            return
        entry.inside = True
        if not self.inside or self.inside[-1].at <= entry.at:
            self.inside.append(entry)
        else:
            self._among(entry)

    def _among(self, entry: Entry) -> None:
        number = len(self.inside)
        while number and self.inside[number - 1].at > entry.at:
            number -= 1
        self.inside.insert(number, entry)

    def drop(self, entry: Entry) -> None:
        entry.inside = False

    def forgotten(self, count: int, before: Instant) -> None:
        super().forgotten(count, before)
        self.inside = [e for e in self.inside if e.inside]

    def leave(self, entry: Entry) -> None:
        if self.inside[-1] is entry:
            self.inside.pop()
        else:
            self.inside.remove(entry)


class RunningFollowed(Running):
    """`pending`: those inside that no firm answer is known to have followed."""

    __slots__ = ("pending", "version")

    def __init__(self, entries: list[Entry], windowed: bool) -> None:
        super().__init__(entries, windowed)
        self.pending: dict[Entry, None] = {}
        self.version = 0

    def _back(self, place: Place) -> None:
        super()._back(place)
        self.version = -1

    def settle(self, entry: Entry) -> None:
        self.pending.pop(entry, None)

    def again(self, version: int) -> None:
        """An answer was taken back, or the place is earlier: nothing is known to be followed."""
        self.version = version
        self.pending = {e: None for e in self.entries[: self.next] if e.inside}

    def enter(self, entry: Entry) -> None:
        super().enter(entry)
        self.pending[entry] = None

    def leave(self, entry: Entry) -> None:
        super().leave(entry)
        self.pending.pop(entry, None)
