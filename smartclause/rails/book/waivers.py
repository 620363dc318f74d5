"""Waivers of one duty, by its first key (design 2.8): in time they relieve, later they end the owing only."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from typing import TYPE_CHECKING

from smartclause.logic.answers import as_text, waives_any
from smartclause.logic.contract import Clause, Duty, Module
from smartclause.logic.counting import Instant
from smartclause.logic.instances import equal
from smartclause.logic.lookup import Lookup
from smartclause.logic.truth import Truth, between, every, some
from smartclause.logic.world import Record
from smartclause.rails.book.conditions import Place
from smartclause.rails.book.opened import Opened

if TYPE_CHECKING:
    from smartclause.rails.book.log import Log

Said = tuple[Place, Record, Truth]


class Waivers:
    """`truth` of a waiver: whether it waives such a duty at all, of whatever key."""

    reads_past = False

    def __init__(self, lookup: Lookup, module: Module, clause: Clause, duty: Duty, names: tuple[str, ...]) -> None:
        self._lookup, self._module, self._clause, self._duty = lookup, module, clause, duty
        self._name = names[0] if names else ""
        self._by_key: dict[str | None, list[Said]] = {}
        self.log: Log | None = None

    def put(self, record: Record) -> None:
        """Kept if it concerns this duty; again if it was here before."""
        self.drop(record.event.id)
        truth = waives_any(self._lookup, self._module, self._clause, self._duty, record)
        if truth is Truth.FALSE:
            return
        key = as_text(record.event.facts.get(self._name)) if self._name else None
        said = self._by_key.setdefault(key, [])
        insort(said, ((record.instant, record.event.index), record, truth), key=lambda s: s[0])
        if self.log is not None:
            self.log.add((record.instant, record.event.index), record)

    def drop(self, record: str) -> None:
        for said in self._by_key.values():
            for gone in [s for s in said if s[1].event.id == record]:
                said.remove(gone)
                if self.log is not None:
                    self.log.add(gone[0], gone[1])

    def records(self) -> Iterator[str]:
        return (record.event.id for said in self._by_key.values() for _, record, _ in said)

    def since(self, _at: Instant) -> list[Record]:
        return []

    def of(self, opened: Opened, before: Place) -> tuple[Truth, Truth]:
        """Whether an instance was waived in time, and whether at all."""
        if not self._by_key:
            return Truth.FALSE, Truth.FALSE
        early, late = opened.due.earliest, opened.due.latest
        in_time, at_all = Truth.FALSE, Truth.FALSE
        for place, record, truth in self._may_be(opened):
            if place < before:
                facts = record.event.facts
                keys = (equal(as_text(facts.get(k)), as_text(v)) for k, v in opened.keys)
                waives = every((truth, opened.begun(record.instant), *keys))
                timely = between(record.instant <= early, late is None or record.instant <= late)
                at_all, in_time = some((at_all, waives)), some((in_time, every((waives, timely))))
        return in_time, at_all

    def _may_be(self, opened: Opened) -> Iterator[Said]:
        value = as_text(opened.keys[0][1]) if opened.keys else None
        if value is None:
            for said in self._by_key.values():
                yield from said
        else:
            yield from self._by_key.get(value, ())
            yield from self._by_key.get(None, ())
