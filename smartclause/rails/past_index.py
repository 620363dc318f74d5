"""Entries on shelves by key, in the order of their positions; one with an unknown key where any may be meant."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from operator import attrgetter
from typing import TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.terms import Value
from smartclause.rails.past_entries import Entry, Known, Load, Place, Weigher, keys_of
from smartclause.rails.rows import Row

Keys: TypeAlias = tuple[Value, ...]
_at = attrgetter("at")


class Shelf:
    """Entries of one key."""

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def put(self, entry: Entry) -> None:
        if not self.entries or self.entries[-1].at <= entry.at:
            self.entries.append(entry)
        else:
            insort(self.entries, entry, key=_at)

    def take(self, entry: Entry) -> None:
        self.entries.remove(entry)

    def before(self, place: Place) -> Iterator[Entry]:
        """Backwards from a place."""
        for number in range(bisect_left(self.entries, place, key=_at) - 1, -1, -1):
            yield self.entries[number]


class Index:
    """The records of one query."""

    def __init__(self, weigher: Weigher, keys: tuple[str, ...], load: Load) -> None:
        self.weigher = weigher
        self.keys = keys
        self.load = load
        self.exact: dict[Known, Shelf] = {}
        self.loose: dict[tuple[bool, ...], dict[Known, Shelf]] = {}
        self._homes: dict[str, tuple[Shelf, Entry]] = {}

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
            shelf = table[known] = Shelf()
        shelf.put(entry)
        self._homes[row.id] = (shelf, entry)

    def take(self, event: str) -> None:
        home = self._homes.pop(event, None)
        if home is not None:
            home[1].gone = True
            home[0].take(home[1])

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
