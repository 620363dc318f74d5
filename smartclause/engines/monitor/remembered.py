"""What happened at all, and what was last: by key the last end, or what the last record has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from smartclause.engines.monitor.conditions import Facts, Known
from smartclause.engines.monitor.questions import (
    FOREVER,
    NOT_YET,
    SWEEP,
    Answer,
    Feed,
    Key,
    Reading,
    key_of_plain,
    plain_key,
)
from smartclause.engines.monitor.saving import plain_reasons, reasons_of
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.terms import Term

First = TypeVar("First", Instant, Known)
_NONE: tuple[Known, Instant] = (False, FOREVER)


@dataclass
class Remembered(Generic[First]):
    """By key something of the records that count, and until when; and why they count only possibly."""

    reading: Reading
    kept: dict[Key, tuple[First, Instant]] = field(default_factory=dict)
    doubts: dict[Key, tuple[Reason, ...]] = field(default_factory=dict)
    limit: int = SWEEP

    def types(self) -> tuple[str, ...]:
        return self.reading.types()

    def _sweep(self, now: Instant) -> None:
        for key in [k for k, (_, until) in self.kept.items() if until < now]:
            del self.kept[key]
            self.doubts.pop(key, None)
        self.limit = max(SWEEP, 2 * len(self.kept))

    def why(self, type_: str, _by: str, facts: Facts, _at: Instant, name: str) -> tuple[Reason, ...]:
        key = self.reading.asked_key()(facts)
        return self.reading.lacking(facts, type_, name) if key is None else self.doubts.get(key, ())

    def save(self) -> list[Any]:
        return [
            [plain_key(key), first, until, plain_reasons(self.doubts.get(key, ()))]
            for key, (first, until) in self.kept.items()
        ]

    def restore(self, data: list[Any]) -> None:
        for key, first, until, why in data:
            self.kept[key_of_plain(key)] = (first, until)
            if why:
                self.doubts[key_of_plain(key)] = reasons_of(why)


@dataclass
class Happened(Remembered[Instant]):
    """`some E`: by key the last instants until which one surely and one possibly counts."""

    def feed(self, type_: str) -> Feed:
        counts, key_of, stay = self.reading.counts(type_), self.reading.recorded_key(type_), self.reading.stay()
        kept, doubts = self.kept, self.doubts

        def feed(by: str, facts: Facts, at: Instant, name: str) -> None:
            found = True if counts is None else counts(by, facts, at)
            if found is False:
                return
            until, key = stay(at)[0], key_of(facts)
            old = kept.get(key)
            if found:
                kept[key] = (until, until)
            else:
                kept[key] = (NOT_YET if old is None else old[0], until)
                doubts[key] = self.reading.doubts(type_, by, facts, at, name)
            if len(kept) > self.limit:
                self._sweep(at)

        return feed

    def answer(self, _type: str) -> Answer:
        key_of, kept = self.reading.asked_key(), self.kept

        def answer(_by: str, facts: Facts, at: Instant) -> Known:
            key = key_of(facts)
            if key is None:
                return None
            found = kept.get(key)
            if found is None:
                return False
            return True if at <= found[0] else None if at <= found[1] else False

        return answer


@dataclass
class Latest(Remembered[Known]):
    """`latest E … has (C)`: by key, of the last record that may count, what it has and until when it counts; None
    for a record that counts only possibly."""

    has: Term = field(kw_only=True)

    def feed(self, type_: str) -> Feed:
        reading, has, kept, doubts = self.reading, self.has, self.kept, self.doubts
        counts, key_of, stay = reading.counts(type_), reading.recorded_key(type_), reading.stay()
        holds = reading.conditions.own(has, reading.module, reading.party, type_)
        only, length = reading.only_key(), reading.length()
        if counts is None and holds is not None and only and length == FOREVER:

            def plain_feed(_by: str, facts: Facts, at: Instant, name: str) -> None:
                key, told = facts[only], holds(facts, at)
                kept[key] = (told, FOREVER)
                if told is None:
                    doubts[key] = reading.reasons(has, reading.module, type_, facts, at, name)

            return plain_feed

        def feed(by: str, facts: Facts, at: Instant, name: str) -> None:
            found = True if counts is None else counts(by, facts, at)
            if found is False:
                return
            key = key_of(facts)
            told = True if holds is None else holds(facts, at)
            if found is None or told is None:
                why = () if found else reading.doubts(type_, by, facts, at, name)
                if found:
                    why = reading.reasons(has, reading.module, type_, facts, at, name)
                kept[key] = (None, stay(at)[0])
                doubts[key] = why
            else:
                kept[key] = (told, stay(at)[0])
            if len(kept) > self.limit:
                self._sweep(at)

        return feed

    def answer(self, _type: str) -> Answer:
        key_of, kept = self.reading.asked_key(), self.kept
        only = self.reading.only_key()
        if only and self.reading.length() == FOREVER:

            def plain_answer(_by: str, facts: Facts, _at: Instant) -> Known:
                key = facts.get(only)
                return None if key is None else kept.get(key, _NONE)[0]

            return plain_answer

        def answer(_by: str, facts: Facts, at: Instant) -> Known:
            key = key_of(facts)
            if key is None:
                return None
            found = kept.get(key)
            return found[0] if found is not None and at <= found[1] else False

        return answer
