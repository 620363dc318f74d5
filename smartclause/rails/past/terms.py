"""Each form of history over its own index: its truth or bounds at a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias, assert_never

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reading, Reason
from smartclause.logic.terms import (
    Count,
    CountDistinct,
    Every,
    EveryFollowed,
    Kind,
    LatestField,
    LatestHas,
    Query,
    Some,
    Term,
    Total,
    Value,
)
from smartclause.logic.truth import Truth, some
from smartclause.logic.world import Cloud, FactKey
from smartclause.rails.dated import NEVER, Dated
from smartclause.rails.own_facts import OwnFacts, read_field
from smartclause.rails.past.clouds import Unseen
from smartclause.rails.past.entries import Entry, Load, Place, Weigher
from smartclause.rails.past.forms import (
    Has,
    Seen,
    Told,
    absent,
    amount,
    distinct_of,
    every_of,
    last_of,
    named,
    number_of,
    some_of,
    total_of,
)
from smartclause.rails.past.index import Index, Keeps, Keys, Made
from smartclause.rails.past.running import (
    Running,
    RunningEvery,
    RunningFollowed,
    RunningLatest,
    RunningTotal,
    RunningValues,
)
from smartclause.rails.rows import Row, Rows

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
HistoryTerm: TypeAlias = Some | Every | EveryFollowed | LatestHas
HistoryValue: TypeAlias = LatestField | Count | CountDistinct | Total


@dataclass(frozen=True, slots=True)
class Side:
    """Whose past it is: the module that counts, the party judged, and how its records are relied on."""

    module: str
    party: str
    rows: Rows
    own: OwnFacts
    dated: Dated

    @property
    def zone(self) -> str:
        return self.dated.zone(self.module)


class Series:
    """The records of one query."""

    def __init__(self, query: Query, side: Side, load: Load, made: Made) -> None:
        self.query = query
        weigher = Weigher(query, side.module, side.party, side.own, side.dated)
        self.weigher = weigher
        self.index = Index(weigher, query.keys, load, made)
        self.unseen = Unseen(query, side.own.lookup, side.dated, weigher.stay)

    def put(self, row: Row) -> None:
        if row.event.type in self.weigher.kinds:
            self.index.put(row)

    def keys(self, row: Row) -> Keys | Reason:
        """Those of the row in view, or the reason why one is not known."""
        found: list[Value] = []
        for name in self.index.keys:
            value = row.facts.get(name)
            if value is None:
                return row.why(name)
            found.append(value)
        return tuple(found)

    def seen(self, keys: Keys, row: Row, before: Place, now: Instant, doubt: bool) -> Seen:
        found = self.index.candidates(keys, before, now, row.id)
        return Seen(found, self.unseen.at(before[0], now), now, doubt, self.index.base(keys))


class Node:
    """One form of history in one leaf, or in several alike."""

    def __init__(self, node: HistoryTerm | HistoryValue, side: Side) -> None:
        self.node = node
        self.side = side
        self.series = Series(node.query, side, self._load(), _RUNNING[type(node)])
        self.answers: Series | None = None
        if isinstance(node, EveryFollowed):
            self.answers = Series(node.answer, side, _nothing, Running)

    @property
    def all_series(self) -> tuple[Series, ...]:
        return (self.series,) if self.answers is None else (self.series, self.answers)

    def put(self, row: Row) -> None:
        for series in self.all_series:
            series.put(row)

    def take(self, event: str) -> list[Series]:
        """From where it stood."""
        return [series for series in self.all_series if series.index.take(event)]

    def holds(self) -> Iterator[str]:
        for series in self.all_series:
            yield from series.index.homes

    def forget(self, before: Instant) -> None:
        """What runs out goes; without a window, what can no more change an answer."""
        keeps, fold = (_all, False) if self.series.index.windowed else self._keeps(before)
        self.series.index.forget(before, keeps, fold)
        if self.answers is not None:
            keeps = _all if self.answers.index.windowed else _from_last_firm
            self.answers.index.forget(before, keeps, False)

    def _keeps(self, before: Instant) -> tuple[Keeps, bool]:
        """What a form without a window needs of what is past; and whether the rest goes on counting."""
        match self.node:
            case Some():
                return _two_firm_or_all, False
            case LatestField() | LatestHas():
                return _last_two_firm, False
            case Count():
                return _unless(lambda _: True), True
            case CountDistinct():
                return _unless(lambda e: e.load.value is not None), True
            case Total():
                return _unless(lambda e: not e.load.why and e.load.least_units is not None), True
            case Every():
                return _unless(lambda e: e.load.truth is not U), True
            case EveryFollowed():
                return _unless(lambda e: self._surely_followed(e, before)), True
            case _:
                assert_never(self.node)

    def _surely_followed(self, entry: Entry, before: Instant) -> bool:
        assert self.answers is not None
        return not self.answers.index.windowed and self.followed(entry, (before, NEVER), before)[1] is T

    def see(self, clouds: tuple[Cloud, ...]) -> None:
        for series in self.all_series:
            series.unseen.see(clouds)

    def _load(self) -> Load:
        """What an entry must bring with it."""
        node, own, module = self.node, self.side.own, self.side.module
        match node:
            case Some() | Count():
                return _nothing
            case Every() | LatestHas():
                return _has(node.has, own, module)
            case EveryFollowed():
                names = node.answer.keys
                return lambda row: tuple(row.facts.get(name) for name in names)
            case LatestField():
                return _nothing
            case CountDistinct():
                return lambda row: named(row, node.field)
            case Total():
                lookup = own.lookup
                return lambda row: amount(row, node, lookup.field(row.event.type, node.field))
            case _:
                assert_never(node)

    # ---- terms

    def told(self, row: Row, before: Place, now: Instant, doubt: bool) -> Told:
        keys = self.series.keys(row)
        if isinstance(keys, Reason):
            return U, frozenset({keys})
        seen = self.series.seen(keys, row, before, now, doubt)
        match self.node:
            case Some():
                return some_of(seen)
            case Every():
                return every_of(seen, [e.load for e in seen.found])
            case EveryFollowed():
                return every_of(seen, [self._followed(e, before, now, doubt) for e in seen.found])
            case LatestHas():
                return self._latest_has(seen, before)
            case _:
                raise AssertionError(self.node)

    def _latest_has(self, seen: Seen, before: Place) -> Told:
        if not seen.found and not seen.unseen:
            return F, frozenset()
        last = self._last(seen, before)
        if last is None:
            return U, seen.why()
        has: Has = last.load
        return has.truth, has.why

    def _last(self, seen: Seen, before: Place) -> Entry | None:
        after = seen.found[-1].at[0] if seen.found else 0
        return last_of(seen, bool(self.series.unseen.at(before[0], seen.now, after)))

    def _followed(self, entry: Entry, before: Place, now: Instant, doubt: bool) -> Has:
        """Some answer strictly after the record and before the place, with the record's own keys."""
        assert self.answers is not None
        keys: tuple[Value | None, ...] = entry.load
        wanted = tuple(k for k in keys if k is not None)
        if len(wanted) < len(keys):
            return Has(U, frozenset({Reason("uncertain record", event=entry.id)}))
        after = [e for e in self.answers.index.candidates(wanted, before, now) if e.at > entry.at]
        seen = Seen(after, self.answers.unseen.at(before[0], now, entry.at[0]), now, doubt)
        truth = some((*seen.counts(), *(U for _ in seen.unseen)))
        return Has(truth, seen.why() if truth is U else frozenset())

    def followed(self, entry: Entry, before: Place, now: Instant) -> tuple[Truth, Truth]:
        """The same truth, on the word of the party judged and without it."""
        assert self.answers is not None
        if None in entry.load:
            return U, U
        word = possible = False
        for shelf in self.answers.index.shelves(entry.load):
            for answer in shelf.before(before):
                if answer.at <= entry.at:
                    break
                if now <= answer.sure_until and answer.firm:
                    return T, T
                word |= answer.sure and now <= answer.sure_until
                possible |= now <= answer.until
        unseen = self.answers.unseen
        least = U if possible or (unseen.any and unseen.at(before[0], now, entry.at[0])) else F
        return (T if word else least), least

    # ---- values

    def reading(self, row: Row, before: Place, now: Instant, doubt: bool, judged: bool) -> Reading:
        keys = self.series.keys(row)
        if isinstance(keys, Reason):
            return Reading(reasons=(keys,))
        seen = self.series.seen(keys, row, before, now, doubt)
        node = self.node
        if isinstance(node, LatestField):
            return self._latest_field(node, seen, row, before)
        itself = self.series.weigher.itself(row, self.series.index.load) if judged else None
        if itself is not None:
            seen = replace(seen, found=(*seen.found, itself))
        match node:
            case Count():
                return number_of(seen)
            case CountDistinct():
                return distinct_of(seen, lambda value: self.one_value(node, value, now))
            case Total():
                return total_of(seen, node)
            case _:
                raise AssertionError(node)

    def _latest_field(self, node: LatestField, seen: Seen, row: Row, before: Place) -> Reading:
        last = self._last(seen, before)
        if last is not None:
            return read_field(last.row, node.name)
        if seen.found or seen.unseen:
            return Reading(reasons=tuple(seen.why()))
        keys = ",".join(f"{k}={row.facts.get(k)}" for k in node.query.keys)
        key = FactKey(f"a {node.query.event} record with {keys}", node.name)
        ft = self.side.own.lookup.field(node.query.event, node.name)
        supplied = self.side.rows.world.supplied.get(key)
        if supplied is not None:
            missing = absent(node.query.event, node.name, "", key)
            return Reading(supplied, supplied, supplied, reads=missing.reads)
        return absent(node.query.event, node.name, ft.shown_by if ft else "", key)

    def one_value(self, node: CountDistinct, value: Value | None, now: Instant) -> bool:
        """Whether a value is one value on that day, and not a concept with narrower ones under it."""
        if value is None:
            return False
        ft = self.side.own.lookup.field(node.query.event, node.field)
        if ft is None or ft.type.kind is not Kind.CONCEPT:
            return True
        return isinstance(value, str) and self.side.dated.concepts(now, self.side.zone).is_leaf(value)


def _nothing(_: Row) -> Any:
    return None


def _has(term: Term, own: OwnFacts, module: str) -> Callable[[Row], Has]:
    test, why = own.test(term, module), own.why(term, module)

    def load(row: Row) -> Has:
        truth = test(row, row.instant)
        return Has(truth, why(row, row.instant) if truth is U else frozenset())

    return load


def _all(entries: list[Entry]) -> list[Entry]:
    return entries


def _unless(settled: Callable[[Entry], bool]) -> Keeps:
    """All but those of which everything is surely known."""
    return lambda entries: [e for e in entries if not (e.firm and settled(e))]


def _two_firm_or_all(entries: list[Entry]) -> list[Entry]:
    """One that surely counts is enough, and another for when that one asks."""
    firm = [e for e in entries if e.firm][:2]
    return firm if len(firm) == 2 else entries


def _last_two_firm(entries: list[Entry]) -> list[Entry]:
    """Earlier ones are the latest no more; the doubtful ones are reasons still."""
    last = [e for e in entries if e.firm][-2:]
    return [e for e in entries if not e.firm or e in last]


def _from_last_firm(entries: list[Entry]) -> list[Entry]:
    """Whatever an earlier answer followed, the last one that surely counts follows too."""
    last = max((number for number, e in enumerate(entries) if e.firm), default=0)
    return entries[last:]


_RUNNING: Final[Mapping[type, Made]] = MappingProxyType(
    {
        Some: Running, Every: RunningEvery, EveryFollowed: RunningFollowed, LatestHas: RunningLatest,
        LatestField: RunningLatest, Count: Running, CountDistinct: RunningValues, Total: RunningTotal,
    }
)  # fmt: skip
