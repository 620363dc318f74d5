"""Counts of the past beside a figure: for each key never more ends than the figure can tell apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from smartclause.engines.monitor.conditions import Facts, Known
from smartclause.engines.monitor.questions import SWEEP, Answer, Feed, Key, Reading, key_of_plain, plain_key
from smartclause.engines.monitor.saving import plain_reasons, reasons_of
from smartclause.logic.contract import ANYONE
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.terms import Const, Order, Parameter


@dataclass
class Counted:
    """`number of E …` beside a figure: by key the last instants until which records surely count, and those of records
    that count possibly; never more of them than the figure can tell apart."""

    reading: Reading
    order: Order
    figure: Const | Parameter
    judged: bool
    sure: dict[Key, list[Instant]] = field(default_factory=dict)
    unsure: dict[Key, list[Instant]] = field(default_factory=dict)
    doubts: dict[Key, tuple[Reason, ...]] = field(default_factory=dict)
    limit: int = SWEEP

    def types(self) -> tuple[str, ...]:
        return self.reading.types()

    def most(self) -> int:
        if isinstance(self.figure, Const):
            values = [self.figure.value]
        else:
            values = [d.value for d in self.reading.lookup.parameters[self.figure.name].values]
        return max((int(v) for v in values if isinstance(v, Decimal)), default=0) + 2

    def feed(self, type_: str) -> Feed:
        counts, key_of, stay = self.reading.counts(type_), self.reading.recorded_key(type_), self.reading.stay()
        sure, unsure, most = self.sure, self.unsure, max(self.most(), 1)
        only, length = self.reading.only_key(), self.reading.length()
        whose = self.reading.plainly(type_)
        if whose is not None and only and length is not None:

            def plain_feed(by: str, facts: Facts, at: Instant, _name: str) -> None:
                if by != whose and whose != ANYONE:
                    return
                ends = sure.get(facts[only])
                if ends is None:
                    sure[facts[only]] = [at + length]
                    if len(sure) > self.limit:
                        self._sweep(at)
                else:
                    ends.append(at + length)
                    if len(ends) > most:
                        del ends[0]

            return plain_feed

        def feed(by: str, facts: Facts, at: Instant, name: str) -> None:
            found = True if counts is None else counts(by, facts, at)
            if found is False:
                return
            key, kept = key_of(facts), sure if found else unsure
            ends = kept.get(key)
            if ends is None:
                kept[key] = [stay(at)[0]]
                if len(kept) > self.limit:
                    self._sweep(at)
            else:
                ends.append(stay(at)[0])
                if len(ends) > most:
                    del ends[0]
            if not found:
                self.doubts[key] = self.reading.doubts(type_, by, facts, at, name)

        return feed

    def _sweep(self, now: Instant) -> None:
        for kept in (self.sure, self.unsure):
            for key in [k for k, ends in kept.items() if ends[-1] < now]:
                del kept[key]
        self.limit = max(SWEEP, 2 * max(len(self.sure), len(self.unsure)))

    def answer(self, type_: str) -> Answer:
        key_of, sure, unsure, figure = self.reading.asked_key(), self.sure, self.unsure, self._figure()
        judged = self.judged and type_ in self.reading.types()
        itself = self.reading.counts(type_) if judged else None
        settled = _SETTLED[self.order]
        only = self.reading.only_key()
        whose = self.reading.plainly(type_) if judged else ""
        if only and whose is not None and isinstance(self.figure, Const):
            more, limit_ = int(whose in (ANYONE, self.reading.party)), figure(0)

            def plain_answer(_by: str, facts: Facts, at: Instant) -> Known:
                key = facts.get(only)
                if key is None or limit_ is None:
                    return None
                ends = sure.get(key)
                if ends is None:
                    count = more
                elif ends[0] < at:
                    del ends[: bisect_left(ends, at)]
                    count = len(ends) + more
                    if not ends:
                        del sure[key]
                else:
                    count = len(ends) + more
                return settled(count, (count + _alive(unsure, key, at)) if unsure else count, limit_)

            return plain_answer

        def answer(by: str, facts: Facts, at: Instant) -> Known:
            key = key_of(facts)
            limit = figure(at)
            if key is None or limit is None:
                return None
            low = _alive(sure, key, at)
            high = low + _alive(unsure, key, at) if unsure else low
            if judged:
                mine = True if itself is None else itself(by, facts, at)
                if mine is not False:
                    high += 1
                    low += mine is True
            return settled(low, high, limit)

        return answer

    def _figure(self) -> Callable[[Instant], Any]:
        if isinstance(self.figure, Const):
            value: Any = self.figure.value
            value = int(value) if isinstance(value, Decimal) and value == int(value) else value
            return lambda _: value
        name, dated = self.figure.name, self.reading.dated
        return lambda at: dated.value(name, at).value

    def why(self, type_: str, by: str, facts: Facts, at: Instant, name: str) -> tuple[Reason, ...]:
        key = self.reading.asked_key()(facts)
        if key is None:
            return self.reading.lacking(facts, type_, name)
        found = self.doubts.get(key, ())
        itself = self.reading.counts(type_) if self.judged and type_ in self.reading.types() else None
        if itself is None or itself(by, facts, at) is not None:
            return found
        mine = self.reading.doubts(type_, by, facts, at, name)
        return (*found, *(replace(r, kind="narrower act") if r.kind == "uncertain record" else r for r in mine))

    def save(self) -> list[Any]:
        both = [[[plain_key(k), ends] for k, ends in kept.items()] for kept in (self.sure, self.unsure)]
        return [*both, [[plain_key(k), plain_reasons(why)] for k, why in self.doubts.items()]]

    def restore(self, data: list[Any]) -> None:
        for kept, saved in ((self.sure, data[0]), (self.unsure, data[1])):
            kept.update({key_of_plain(k): ends for k, ends in saved})
        self.doubts.update({key_of_plain(k): reasons_of(why) for k, why in data[2]})


def _alive(kept: dict[Key, list[Instant]], key: Key, now: Instant) -> int:
    """How many have not run out; those that have are dropped."""
    ends = kept.get(key)
    if ends is None:
        return 0
    if ends[0] < now:
        gone = bisect_left(ends, now)
        if gone == len(ends):
            del kept[key]
            return 0
        del ends[:gone]
    return len(ends)


Settled: TypeAlias = Callable[[int, int, Any], Known]
_SETTLED: Mapping[Order, Settled] = {
    Order.AT_LEAST: lambda low, high, n: True if low >= n else False if high < n else None,
    Order.AT_MOST: lambda low, high, n: True if high <= n else False if low > n else None,
    Order.BELOW: lambda low, high, n: True if high < n else False if low >= n else None,
    Order.EXCEEDS: lambda low, high, n: True if low > n else False if high <= n else None,
    Order.EQUAL: lambda low, high, n: True if low == high == n else False if high < n or low > n else None,
}
