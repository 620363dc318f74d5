"""Entries on shelves by key, in the order of their positions; one with an unknown key where any may be meant."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.terms import Value
from smartclause.rails.dated import NEVER
from smartclause.rails.past.entries import Entry, Known, Load, Place, Weigher, keys_of
from smartclause.rails.past.running import Running, RunningFollowed
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Row

Keys: TypeAlias = tuple[Value, ...]
Keeps: TypeAlias = Callable[[list[Entry]], list[Entry]]
Made: TypeAlias = Callable[[list[Entry], bool], Running]
_at = attrgetter("at")


class Shelf:
    """Entries of one key, with their running counts; `base` holds what was counted and is no more kept."""

    __slots__ = ("alone", "base", "entries", "grown", "running")

    def __init__(self, made: Made, windowed: bool) -> None:
        self.entries: list[Entry] = []
        self.running = made(self.entries, windowed)
        self.alone = (self.running,)
        self.base: Running | None = None
        self.grown = False  # entries came that no forgetting has seen as past

    def put(self, entry: Entry) -> None:
        if not self.entries or self.entries[-1].at <= entry.at:
            self.entries.append(entry)
        else:
            insort(self.entries, entry, key=_at)
        self.grown = True
        if entry.at < self.running.place:
            self.running.put_late(entry)

    def take(self, entry: Entry) -> None:
        number = bisect_left(self.entries, entry.at, key=_at)
        while self.entries[number] is not entry:
            number += 1
        del self.entries[number]
        self.running.take(entry, number)

    def forget(self, before: Instant, keeps: Keeps, fold: bool) -> list[str]:
        """The ids of entries that are no more kept: run out, or counted once and for all (`fold`), or of no matter."""
        if self._as_before(before):
            return []
        run = self.running
        run.advance(max(run.place, (before, NEVER)), max(run.now, before))
        old = bisect_left(self.entries, (before, NEVER), key=_at)
        staying = set(map(id, keeps(self.entries[:old])))
        kept: list[Entry] = []
        dropped: list[Entry] = []
        for entry in self.entries[:old]:
            (kept if entry.until >= before and id(entry) in staying else dropped).append(entry)
        for entry in dropped:
            self._let_go(entry, fold and entry.until >= before)
        self.grown = old < len(self.entries)
        if dropped:
            self.entries[:old] = kept
            run.forgotten(len(dropped), before)
        return [e.id for e in dropped]

    def _as_before(self, before: Instant) -> bool:
        """Nothing can have run out or become past since the last time."""
        if not self.entries:
            return True
        if self.running.windowed:
            return self.entries[0].until >= before
        return not self.grown and not isinstance(self.running, RunningFollowed)

    def _let_go(self, entry: Entry, fold: bool) -> None:
        if fold:
            if self.base is None:
                self.base = type(self.running)([], False)
            self.base.enter(entry)
            for run in (self.base, self.running):
                run.settle(entry)
        else:
            self.running.drop(entry)

    def before(self, place: Place) -> Iterator[Entry]:
        """Backwards from a place."""
        for number in range(bisect_left(self.entries, place, key=_at) - 1, -1, -1):
            yield self.entries[number]


class Index:
    """The records of one query."""

    def __init__(self, weigher: Weigher, keys: tuple[str, ...], load: Load, made: Made = Running) -> None:
        self.weigher = weigher
        self.keys = keys
        self.load = load
        self.exact: dict[Known, Shelf] = {}
        self.loose: dict[tuple[bool, ...], dict[Known, Shelf]] = {}
        self.homes: dict[str, tuple[Shelf, Entry]] = {}
        self.version = 0  # counts what was taken back
        self._made = made
        self._only = keys[0] if len(keys) == 1 else ""
        self.windowed = weigher.query.within is not None

    def put(self, row: Row) -> None:
        found = keys_of(row, self.keys)
        if found is None:
            return
        known, vague = found
        entry = self.weigher.entry(row, vague, self.load)
        if entry is None:
            return
        table = self.loose.setdefault(tuple(k is not None for k in known), {}) if vague else self.exact
        shelf = table.get(known)
        if shelf is None:
            shelf = table[known] = Shelf(self._made, self.windowed)
        shelf.put(entry)
        self.homes[row.id] = (shelf, entry)

    def take(self, event: str) -> bool:
        """Whether it stood here."""
        home = self.homes.pop(event, None)
        if home is not None:
            self.version += 1
            home[0].take(home[1])
        return home is not None

    def forget(self, before: Instant, keeps: Keeps, fold: bool) -> None:
        for table in (self.exact, *self.loose.values()):
            for known, shelf in list(table.items()):
                for event in shelf.forget(before, keeps, fold):
                    self.homes.pop(event, None)
                if not shelf.entries and shelf.base is None:
                    del table[known]
        self.loose = {mask: table for mask, table in self.loose.items() if table}

    def shelves(self, keys: Keys) -> list[Shelf]:
        """Where records of these keys may stand."""
        found = [self.exact.get(keys)]
        for mask, table in self.loose.items():
            found.append(table.get(tuple(k if m else None for k, m in zip(keys, mask, strict=True))))
        return [shelf for shelf in found if shelf is not None]

    def candidates(self, keys: Keys, before: Place, now: Instant, but: str = "") -> list[Entry]:
        """What may count there, in order; `but`: the record in view."""
        found = [
            entry
            for shelf in self.shelves(keys)
            for entry in shelf.before(before)
            if now <= entry.until and entry.id != but
        ]
        return sorted(found, key=_at)

    def base(self, keys: Keys) -> Running | None:
        shelf = self.exact.get(keys)
        return None if shelf is None else shelf.base

    def runs(self, row: Row, place: Place, now: Instant) -> tuple[Running, ...] | None:
        """The running counts there; None: to be answered the long way. Only for a row that has the keys."""
        facts = row.facts
        keys = (facts[self._only],) if self._only else tuple([facts[name] for name in self.keys])
        home = self.homes.get(row.id)
        if home is not None and home[1].at < place:
            return None  # a record does not count for itself, also where it is asked at a later place
        shelf = self.exact.get(keys)
        if shelf is not None and shelf.base is not None:
            self._not_itself(row, place)
        if not self.loose:
            if shelf is None:
                return ()
            return shelf.alone if shelf.running.advance(place, now) else None
        shelves = self.shelves(keys)
        in_order = [s.running.advance(place, now) for s in shelves]
        return tuple(s.running for s in shelves) if all(in_order) else None

    def _not_itself(self, row: Row, place: Place) -> None:
        """Of what was counted once and for all nobody knows any more whether the record in view was among it."""
        if (row.instant, row.index) < place and row.event.type in self.weigher.kinds and row.id not in self.homes:
            raise CannotDo("a question about a record that was forgotten", row.id)
