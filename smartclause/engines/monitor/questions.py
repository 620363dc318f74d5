"""Questions on the past, each kept as little as its answer needs: by key the last record, the last end, or the last
few ends. Everything that can be asked lies before the records that are still to come, and time never goes back.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from smartclause.engines.monitor.conditions import Conditions, Facts, Known, Own
from smartclause.engines.monitor.saving import plain_reasons, reasons_of
from smartclause.logic.contract import ANYONE
from smartclause.logic.counting import Duration, Instant, Unit
from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Compare, Const, Count, Kind, LatestHas, Order, Parameter, Query, Some, Term, Value
from smartclause.rails.dated import Dated, Stay
from smartclause.rails.figures import FLIPPED
from smartclause.rails.formula import Leaf
from smartclause.rails.refused import CannotDo

Key: TypeAlias = "Value | tuple[Value, ...] | None"
KeyOf: TypeAlias = Callable[[Facts], Key]
Feed: TypeAlias = Callable[[str, Facts, Instant, str], None]
"""A record of a type: by whom, its facts, its instant, its name."""
Counts: TypeAlias = Callable[[str, Facts, Instant], Known]
Answer: TypeAlias = Callable[[str, Facts, Instant], Known]
"""Of an act or trigger of a type: by whom, its facts, its instant."""

SWEEP = 4096  # entries; with fewer none is looked for that has run out
NOT_YET: Instant = -(2**63)
FOREVER: Instant = 2**62  # longer than all time


class Question(Protocol):
    def types(self) -> tuple[str, ...]:
        """Of the records that matter."""
        ...

    def feed(self, type_: str) -> Feed:
        """What a record of one of the `types` of the reading does."""
        ...

    def answer(self, type_: str) -> Answer: ...

    def why(self, type_: str, by: str, facts: Facts, at: Instant, name: str) -> tuple[Reason, ...]:
        """Where the answer to the act or trigger of this name is not known."""
        ...

    def save(self) -> list[Any]:
        """What is kept, as plain data."""
        ...

    def restore(self, data: list[Any]) -> None: ...


@dataclass
class Reading:
    """Which records of a query count, under which key, and until when."""

    conditions: Conditions
    dated: Dated
    query: Query
    module: str
    party: str
    reasons: Callable[[Term, str, str, Facts, Instant, str], tuple[Reason, ...]]

    @property
    def lookup(self) -> Lookup:
        return self.conditions.lookup

    def types(self) -> tuple[str, ...]:
        return self.lookup.relevant_types(self.query.event)

    def wanted(self) -> str:
        """Whose records: acts are those of the party judged unless the query names another."""
        return self.query.by or (self.party if self.lookup.is_act(self.query.event) else ANYONE)

    def stay(self) -> Callable[[Instant], Stay]:
        """Until when a record is inside the window. Raises CannotDo where a later one may run out before it."""
        within = self.query.within
        if isinstance(within, Parameter) or (isinstance(within, Const) and not _is_exact(within.value)):
            raise CannotDo("a window whose length changes or is not sure", self.query.event)
        return self.dated.stay(self.query, self.module)

    def length(self) -> Instant | None:
        """How long a record stays inside the window, where that is the same for all."""
        match self.query.within:
            case None:
                return FOREVER
            case Const(value=Duration(count=count, unit=Unit.HOUR | Unit.MINUTE as unit)):
                return count * (60 if unit is Unit.HOUR else 1) * 60_000_000
            case _:
                return None

    def recorded_key(self, type_: str) -> KeyOf:
        """Raises CannotDo where a record of the type may have no key: it could be anybody's."""
        for name in self.query.keys:
            ft = self.lookup.field(type_, name)
            if ft is None or ft.shown_by or ft.type.kind is not Kind.IDENTIFIER:
                raise CannotDo("records without a sure key", self.query.event)
        return keys_of(self.query.keys)

    def only_key(self) -> str:
        """The one field that is the key, if it is one."""
        return self.query.keys[0] if len(self.query.keys) == 1 else ""

    def asked_key(self) -> KeyOf:
        return keys_of(self.query.keys)

    def counts(self, type_: str) -> Counts | None:
        """Whether a record of the type counts: surely, possibly, or not at all; None if each surely does."""
        sure_type = self.lookup.is_under(type_, self.query.event)
        wanted, where = self.wanted(), self._where(type_)
        if wanted == ANYONE and where is None and sure_type:
            return None

        def counts(by: str, facts: Facts, at: Instant) -> Known:
            if by and wanted not in (ANYONE, by):
                return False
            found = True if where is None else where(facts, at)
            if found and (not sure_type or not (by or wanted == ANYONE)):
                return None
            return found

        return counts

    def plainly(self, type_: str) -> str | None:
        """If nothing but who did it decides whether a record of the type counts: whose records do."""
        wanted = self.wanted()
        named = wanted == ANYONE or self.lookup.is_act(type_)  # an act names who did it
        plain = named and self.query.where is None and self.lookup.is_under(type_, self.query.event)
        return wanted if plain else None

    def _where(self, type_: str) -> Own | None:
        where = self.query.where
        return None if where is None else self.conditions.own(where, self.module, self.party, type_)

    def doubts(self, type_: str, by: str, facts: Facts, at: Instant, name: str) -> tuple[Reason, ...]:
        """Why a record counts only possibly."""
        found: tuple[Reason, ...] = ()
        if self.query.where is not None:
            found = self.reasons(self.query.where, self.module, type_, facts, at, name)
        sure = self.lookup.is_under(type_, self.query.event) and (by or self.wanted() == ANYONE)
        return found if sure else (*found, Reason("uncertain record", "", type_, "", name))

    def lacking(self, facts: Facts, type_: str, name: str) -> tuple[Reason, ...]:
        """The key that the asking record lacks."""
        lacking = next(k for k in self.query.keys if k not in facts)
        declared = self.lookup.field(type_, lacking) is not None
        return (Reason("missing" if declared else "narrower act", lacking, type_, event=name),)


def _is_exact(value: Value) -> bool:
    return isinstance(value, Duration) and value.unit is not Unit.WORKING_DAY


def keys_of(names: tuple[str, ...]) -> KeyOf:
    """The key under which a record is kept, or asked for; None where a part of it is missing."""
    if not names:
        return lambda _: ""
    if len(names) == 1:
        name = names[0]
        return lambda facts: facts.get(name)
    return lambda facts: None if any(n not in facts for n in names) else tuple(facts[n] for n in names)


def _plain(key: Key) -> Any:
    return list(key) if isinstance(key, tuple) else key


def _key(data: Any) -> Key:
    return tuple(data) if isinstance(data, list) else data


@dataclass
class Happened:
    """`some E`: by key the last instants until which one surely and one possibly counts."""

    reading: Reading
    kept: dict[Key, tuple[Instant, Instant]] = field(default_factory=dict)
    doubts: dict[Key, tuple[Reason, ...]] = field(default_factory=dict)
    limit: int = SWEEP

    def types(self) -> tuple[str, ...]:
        return self.reading.types()

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

    def _sweep(self, now: Instant) -> None:
        for key in [k for k, (_, until) in self.kept.items() if until < now]:
            del self.kept[key]
            self.doubts.pop(key, None)
        self.limit = max(SWEEP, 2 * len(self.kept))

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

    def why(self, type_: str, _by: str, facts: Facts, _at: Instant, name: str) -> tuple[Reason, ...]:
        key = self.reading.asked_key()(facts)
        return self.reading.lacking(facts, type_, name) if key is None else self.doubts.get(key, ())

    def save(self) -> list[Any]:
        return [[_plain(k), *v, plain_reasons(self.doubts.get(k, ()))] for k, v in self.kept.items()]

    def restore(self, data: list[Any]) -> None:
        for key, sure, possible, why in data:
            self.kept[_key(key)] = (sure, possible)
            if why:
                self.doubts[_key(key)] = reasons_of(why)


@dataclass
class Latest:
    """`latest E … has (C)`: by key, of the last record that may count, what it has and until when it counts; None
    for a record that counts only possibly."""

    reading: Reading
    has: Term
    kept: dict[Key, tuple[Known, Instant]] = field(default_factory=dict)
    doubts: dict[Key, tuple[Reason, ...]] = field(default_factory=dict)
    limit: int = SWEEP

    def types(self) -> tuple[str, ...]:
        return self.reading.types()

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

    def _sweep(self, now: Instant) -> None:
        for key in [k for k, (_, until) in self.kept.items() if until < now]:
            del self.kept[key]
            self.doubts.pop(key, None)
        self.limit = max(SWEEP, 2 * len(self.kept))

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

    def why(self, type_: str, _by: str, facts: Facts, _at: Instant, name: str) -> tuple[Reason, ...]:
        key = self.reading.asked_key()(facts)
        return self.reading.lacking(facts, type_, name) if key is None else self.doubts.get(key, ())

    def save(self) -> list[Any]:
        return [[_plain(k), *v, plain_reasons(self.doubts.get(k, ()))] for k, v in self.kept.items()]

    def restore(self, data: list[Any]) -> None:
        for key, told, until, why in data:
            self.kept[_key(key)] = (told, until)
            if why:
                self.doubts[_key(key)] = reasons_of(why)


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
        both = [[[_plain(k), ends] for k, ends in kept.items()] for kept in (self.sure, self.unsure)]
        return [*both, [[_plain(k), plain_reasons(why)] for k, why in self.doubts.items()]]

    def restore(self, data: list[Any]) -> None:
        for kept, saved in ((self.sure, data[0]), (self.unsure, data[1])):
            kept.update({_key(k): ends for k, ends in saved})
        self.doubts.update({_key(k): reasons_of(why) for k, why in data[2]})


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


_NONE: tuple[Known, Instant] = (False, FOREVER)
Settled: TypeAlias = Callable[[int, int, Any], Known]
_SETTLED: Mapping[Order, Settled] = {
    Order.AT_LEAST: lambda low, high, n: True if low >= n else False if high < n else None,
    Order.AT_MOST: lambda low, high, n: True if high <= n else False if low > n else None,
    Order.BELOW: lambda low, high, n: True if high < n else False if low >= n else None,
    Order.EXCEEDS: lambda low, high, n: True if low > n else False if high <= n else None,
    Order.EQUAL: lambda low, high, n: True if low == high == n else False if high < n or low > n else None,
}


def question_of(leaf: Leaf, reading: Callable[[Query, str, str], Reading]) -> Question:
    """Raises CannotDo for a leaf that needs more to be kept than this."""
    match leaf.term:
        case Some():
            return Happened(reading(leaf.term.query, leaf.module, leaf.party))
        case LatestHas():
            return Latest(reading(leaf.term.query, leaf.module, leaf.party), leaf.term.has)
        case Compare(order=order, left=Count() as count, right=Const() | Parameter() as figure):
            return Counted(reading(count.query, leaf.module, leaf.party), order, figure, leaf.judged)
        case Compare(order=order, left=Const() | Parameter() as figure, right=Count() as count):
            return Counted(reading(count.query, leaf.module, leaf.party), FLIPPED[order], figure, leaf.judged)
        case _:
            raise CannotDo("a question on the past that needs every record", type(leaf.term).__name__)
