"""Acts that may answer a duty, kept by their key: looked up, never searched."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.instances import equal
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth, between, every
from smartclause.logic.world import Record
from smartclause.rails.book.conditions import Condition, History, Place
from smartclause.rails.book.opened import Opened
from smartclause.rails.rows import Row

if TYPE_CHECKING:
    from smartclause.rails.book.log import Log

Values: TypeAlias = "tuple[Value | None, ...]"
FIRST = -(2**63)  # an index before every record of an instant


@dataclass(slots=True, eq=False)
class Act:
    """One record as an answer: whether it answers a duty of its key that had surely begun. `stated`: its first key
    as the record itself states it, by which it is found."""

    place: Place
    record: Record
    keys: Values
    stated: Value | None
    truth: Truth
    reasons: tuple[Reason, ...] = ()


def place_of(act: Act) -> Place:
    return act.place


def put(acts: list[Act], act: Act) -> None:
    if not acts or acts[-1].place <= act.place:
        acts.append(act)
    else:
        acts.insert(bisect_right(acts, act.place, key=place_of), act)


def drop(acts: list[Act], act: Act) -> None:
    found = next(n for n in range(bisect_left(acts, act.place, key=place_of), len(acts)) if acts[n] is act)
    del acts[found]


@dataclass(frozen=True, slots=True)
class Found:
    """Acts with one truth for one duty, in order: a stretch of a list, without the record that opened the duty."""

    acts: Sequence[Act]
    low: int
    high: int
    opener: str

    def __iter__(self) -> Iterator[Act]:
        return (self.acts[n] for n in range(self.low, self.high) if self.acts[n].record.event.id != self.opener)

    def first(self, after: Instant | None = None) -> Act | None:
        """The first; or the first later than an instant."""
        low = self.low
        if after is not None and low < self.high:
            low = bisect_left(self.acts, (after + 1, FIRST), low, self.high, key=place_of)
        return next((self.acts[n] for n in range(low, self.high) if self.acts[n].record.event.id != self.opener), None)

    def any(self, after: Instant | None, until: Instant | None) -> bool:
        """Whether there is one later than `after` and not later than `until`; None: no such bound."""
        found = self.first(after)
        return found is not None and (until is None or found.record.instant <= until)


NOTHING = Found((), 0, 0, "")


@dataclass(slots=True)
class OfKey:
    """The acts of one key: those that surely answer, and those that may."""

    sure: list[Act] = field(default_factory=list)
    unsure: list[Act] = field(default_factory=list)

    def of(self, truth: Truth) -> list[Act]:
        return self.sure if truth is Truth.TRUE else self.unsure


class Acts:
    """What was done that one duty asks for. `names`: the keys of the duty's instances."""

    def __init__(
        self,
        lookup: Lookup,
        past: History,
        party: str,
        recipient: str,
        answers: tuple[tuple[str, Condition], ...],
        names: tuple[str, ...],
    ) -> None:
        self.past, self.party, self.recipient, self.names = past, party, recipient, names
        self.kinds: dict[str, list[tuple[Condition, bool]]] = {}
        for act, where in answers:
            for kind in lookup.relevant_types(act):
                self.kinds.setdefault(kind, []).append((where, lookup.is_under(kind, act)))
        self.reads_past = any(where.past for _, where in answers)
        self._exact: dict[Values, OfKey] = {}
        self._vague: list[Act] = []  # whose key is not surely known
        self._of_record: dict[str, list[Act]] = {}
        self.log: Log | None = None

    # ---- keeping

    def put(self, record: Record) -> None:
        """Judges a record, again if it was here before."""
        acts = self._judged(record)
        self.drop(record.event.id)
        for act in acts:
            put(self._list(act), act)
        if acts:
            self._of_record[record.event.id] = acts
            self._tell(acts)

    def drop(self, record: str) -> None:
        gone = self._of_record.pop(record, ())
        for act in gone:
            drop(self._list(act), act)
        self._tell(gone)

    def _tell(self, acts: Iterable[Act]) -> None:
        if self.log is not None:
            for act in acts:
                self.log.add(act.place, act)

    def _judged(self, record: Record) -> list[Act]:
        """The record as each answer that it may be, by the party to the recipient."""
        event = record.event
        fits = event.by == self.party and (not self.recipient or event.to == self.recipient)
        if not fits or event.type not in self.kinds:
            return []
        row = self.past.row(record, self.party)
        place = (record.instant, event.index)
        keys = tuple([row.facts.get(name) for name in self.names])
        stated = event.facts.get(self.names[0]) if self.names else None
        found = []
        for where, sure_type in self.kinds[event.type]:
            truth = answers(row, where, sure_type)
            if truth is not Truth.FALSE:
                why = () if truth is Truth.TRUE else tuple(why_unsure(row, where))
                found.append(Act(place, record, keys, stated, truth, why))
        return found

    def _list(self, act: Act) -> list[Act]:
        if not is_exact(act):
            return self._vague
        kept = self._exact.get(act.keys)
        if kept is None:
            kept = self._exact[act.keys] = OfKey()
        return kept.of(act.truth)

    def forget(self, before: Instant, first: Mapping[Values, Instant]) -> None:
        """Acts from before an instant, but of a key those from its `first` instant on."""
        for values, kept in list(self._exact.items()):
            line = (first.get(values, before), FIRST)
            for acts in (kept.sure, kept.unsure):
                gone = bisect_left(acts, line, key=place_of)
                for act in acts[:gone]:
                    self._of_record.pop(act.record.event.id, None)
                del acts[:gone]
            if not kept.sure and not kept.unsure:
                del self._exact[values]

    def unsure(self) -> Iterator[Record]:
        """Records whose condition read the past and was not settled."""
        if self.reads_past:
            yield from (a.record for acts in self._of_record.values() for a in acts if a.truth is Truth.UNKNOWN)

    def records(self) -> Iterable[str]:
        return self._of_record.keys()

    def since(self, _at: Instant) -> list[Record]:
        """Records kept here do not hang on force or silence, but for what they read of the past."""
        return []

    # ---- asking

    def found(self, opened: Opened, before: Place, now: Instant) -> tuple[Found, Found]:
        """Those that surely answer an instance, and those that may, before a place and up to an instant."""
        values = tuple([v for _, v in opened.keys])
        if self._vague or opened.unsure_start or None in values:
            return self._with_care(opened, values, before, now)
        kept = self._exact.get(values)
        if kept is None:
            return NOTHING, NOTHING
        first, last = opened.first, min(before, (now + 1, FIRST))
        return _between(kept.sure, first, last, opened.trigger), _between(kept.unsure, first, last, opened.trigger)

    def _with_care(self, opened: Opened, values: Values, before: Place, now: Instant) -> tuple[Found, Found]:
        found: dict[Truth, list[Act]] = {Truth.TRUE: [], Truth.UNKNOWN: [], Truth.FALSE: []}
        first = opened.first
        for act in sorted(self._may_be(values), key=place_of):
            instant = act.record.instant
            if first <= act.place < before and instant <= now:
                found[every((act.truth, *map(equal, act.keys, values), opened.begun(instant)))].append(act)
        sure, unsure = found[Truth.TRUE], found[Truth.UNKNOWN]
        return Found(sure, 0, len(sure), opened.trigger), Found(unsure, 0, len(unsure), opened.trigger)

    def _may_be(self, values: Values) -> Iterator[Act]:
        """Found by the first key: acts that state this value, or none; all, where the duty's own is not known."""
        first = values[0] if values else None
        if None in values:
            kept = [k for v, k in self._exact.items() if first is None or v[0] == first]
        else:
            kept = [self._exact[values]] if values in self._exact else []
        for each in kept:
            yield from each.sure
            yield from each.unsure
        yield from (a for a in self._vague if first is None or a.stated in (None, first))


def is_exact(act: Act) -> bool:
    """Of a key that is known, and that the record itself states, if it states one."""
    return None not in act.keys and (not act.keys or act.stated in (None, act.keys[0]))


def _between(acts: list[Act], first: Place, last: Place, opener: str) -> Found:
    if not acts:
        return NOTHING
    low = bisect_left(acts, first, key=place_of)
    high = len(acts) if acts[-1].place < last else bisect_left(acts, last, low, key=place_of)
    return Found(acts, low, high, opener)


def answers(row: Row, where: Condition, sure_type: bool, asked: bool = False) -> Truth:
    """Whether an act of the party answers a duty of its key. One only asked for need not be proved to have happened."""
    truth = where.truth(row, row.position, row.instant)
    if truth is Truth.FALSE:
        return truth
    exists = Truth.TRUE if asked else row.exists(doubt=True)
    return every((truth, exists, between(sure_type, True)))


def why_unsure(row: Row, where: Condition, asked: bool = False) -> Iterator[Reason]:
    yield from where.reasons(row, row.position, row.instant)
    if not asked and row.exists(doubt=True) is Truth.UNKNOWN:
        yield row.exists_why(doubt=True)
