"""The core that keeps the past and the book of the rails: for every construct, records in any order, told at once.

What is told of a record is what the reference says of all records that are there; a record that stands before others
makes what was told of those be judged again, and a correction names the old.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from smartclause.engines.monitor.acting import Acting
from smartclause.engines.monitor.conditions import Conditions, Facts
from smartclause.engines.monitor.owing import SELDOM, Owing
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.reading import SHOWN
from smartclause.engines.monitor.runs import Runs
from smartclause.engines.monitor.told import ActTold, Told
from smartclause.logic.contract import BUILT_IN, Norm
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.instances import AFTER_ALL, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event, Source
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.verdict import Decision
from smartclause.logic.world import Cloud, Position, Record, World
from smartclause.rails.book.book import Book
from smartclause.rails.formula import Leaf, grounds
from smartclause.rails.lowering import lower_term
from smartclause.rails.past.past import Past
from smartclause.rails.source.module import Source as Rails


@dataclass(slots=True)
class Kept:
    """An act that may be judged again, and what was told of it."""

    record: Record
    told: ActTold

    @property
    def last(self) -> Position:
        """The latest place at which it is judged."""
        return Position(self.record.received, self.record.event.index)


def _said(told: ActTold) -> tuple[Decision, tuple[str, ...], frozenset[Reason]]:
    return told.decision, told.clauses, frozenset(told.reasons)


NOT_YET = ActTold(NEVER, "", "", "", Decision.UNDECIDED, False)
_place: Callable[[Kept], Position] = attrgetter("record.position")


class BookedCore:
    """`settles`: every record comes after all that came before, so that acts are not kept. `keeps_breaches`: those that
    the book drops are kept too, for `standing`. `known_to_open_file`: see `Acting`."""

    rereads = True

    def __init__(
        self, lookup: Lookup, signed: Mapping[str, frozenset[str]], draft: bool = False, document: str = "",
        soon: Instant | None = None, party_of: Callable[[str], str] = str, keeps_breaches: bool = False,
        settles: bool = True, known_to_open_file: frozenset[str] | None = None,
    ) -> None:  # fmt: skip
        self.lookup, self.document, self.party_of, self.settles = lookup, document, party_of, settles
        world = World(lookup, (), 0, signed=signed, draft=draft)
        self.past = Past.of(world)
        self.book = Book(world, self.past)
        self._prepare()
        self.acting = Acting(lookup, Conditions(Rails(lookup, signed, draft)), self.past, self.book, known_to_open_file)
        self.owing = Owing(self.book, soon, keeps_breaches)
        self.runs = Runs(lookup)
        self.now: Instant = NEVER
        self.marks: dict[str, Instant] = {}
        self.kept: list[Kept] = []
        self._named: dict[str, Kept] = {}
        self._decisions = dict.fromkeys(Decision, 0)
        self._last = Position(NEVER, 0)
        self._horizon: Instant = NEVER
        self._few = SELDOM  # acts: of fewer none is looked for that nothing can change
        self._in_two_places = False  # some act is judged at its received place too

    def _prepare(self) -> None:
        """Every question on the past is known before anything of it is forgotten."""
        for module, clause in self.lookup.all_clauses():
            for sentence in (s for s in clause.sentences if isinstance(s, Norm)):
                for term in (clause.applies, sentence.condition, sentence.exception):
                    for ground in grounds(lower_term(term, module.name, sentence.party, True)):
                        if isinstance(ground, Leaf) and not isinstance(ground.term, ClauseViolated):
                            self.past.reader(ground)

    @property
    def acts(self) -> Counter[str]:
        return Counter({decision.value: count for decision, count in self._decisions.items()})

    # ---- records

    def take(
        self, type_: str, by: str, to: str, asset: str, facts: Facts, at: Instant, name: str, index: int
    ) -> list[Told]:
        event = Event(name or f"line {index}", type_, at, by, to, asset, facts, SHOWN, index=index)
        return self.put(Record(event, at, at))

    def put(self, record: Record) -> list[Told]:
        """At its place, whatever came before."""
        told = self.advance(record.instant)
        self.now = max(self.now, record.instant)
        event = record.event
        again = self._concerned(record)
        if self.is_act(event) and event.id not in self._named:
            told.append(self._first(record))
        self.book.add(record)
        for run in self.runs.add(record):
            again.setdefault(run, self._named[run])
        self._last = max(self._last, record.position, Position(record.received, event.index))
        told += self._judge_again(again.values())
        told += self.owing.look(self.now)
        if self.settles:
            self.settle(self.now)
        return told

    def load(self, records: Iterable[Record], to: Instant) -> None:
        """Many at once, in any order, when nothing is there yet: each act is judged with all of them."""
        acts = []
        for record in records:
            if self.is_act(record.event) and record.event.id not in self._named:
                kept = self._named[record.event.id] = Kept(record, NOT_YET)
                acts.append(kept)
                self.runs.begins(record)
            self.book.add(record)
            self.runs.add(record)
            self._last = max(self._last, record.position, Position(record.received, record.event.index))
        self.now = max(self.now, to)
        self.kept = sorted(acts, key=_place)
        self._in_two_places = any(k.record.received != k.record.instant for k in acts)
        for kept in self.kept:
            kept.told = self._judged(kept.record)
            self._decisions[kept.told.decision] += 1
        self.owing.look(self.now)

    def keep_final(self, before: Mapping[str, ActTold]) -> None:
        """What was told as final before all was loaded anew stays so."""
        for name, old in before.items():
            kept = self._named.get(name)
            if kept is not None and old.final:
                self._decisions[kept.told.decision] -= 1
                self._decisions[old.decision] += 1
                kept.told = replace(old, was=None, was_final=False)

    def is_act(self, event: Event) -> bool:
        kind = event.type
        undeclared = kind not in self.lookup.types and kind not in BUILT_IN
        return self.lookup.is_act(kind) or (undeclared and event.contract in ("", self.document))

    def _first(self, record: Record) -> ActTold:
        goes_on = self.runs.begins(record)
        told = self._judged(record)
        self._decisions[told.decision] += 1
        if not self.settles or goes_on or self._hangs(record, told):
            self._keep(Kept(record, told))
        return told

    def _judged(self, record: Record) -> ActTold:
        told = self.acting.judged(record)
        silent = self.runs.silence(record, self.now) if told.decision is Decision.ALLOWED else None
        return told if silent is None else self.acting.undecided(record, (silent,))

    def _hangs(self, record: Record, told: ActTold) -> bool:
        """On how complete the sources are: then their marks may settle it."""
        known = self.acting.of(record.event.type, record.event.by)
        return told.decision is Decision.UNDECIDED and known.on_duties

    def _keep(self, kept: Kept) -> None:
        self._in_two_places = self._in_two_places or kept.record.received != kept.record.instant
        insort(self.kept, kept, key=_place)
        self._named[kept.record.event.id] = kept

    def _concerned(self, record: Record) -> dict[str, Kept]:
        """The acts that were told and of which a record may make something else."""
        event = record.event
        if event.type == "supplement" or event.id in self._named:
            return dict(self._named)
        if not self.kept or record.position > self._last:
            return {}
        first = 0 if self._in_two_places else bisect_right(self.kept, record.position, key=_place)
        after = (k for k in self.kept[first:] if k.last > record.position)
        return {k.record.event.id: k for k in after if self._looks_at(k, event.type)}

    def _looks_at(self, kept: Kept, type_: str) -> bool:
        event = kept.record.event
        return type_ in self.acting.of(event.type, event.by).looks_at

    def _judge_again(self, again: Iterable[Kept]) -> Iterator[ActTold]:
        for kept in sorted(again, key=_place):
            old, new = kept.told, self._judged(kept.record)
            kept.told = replace(new, final=old.final and new.decision is old.decision)
            if _said(new) != _said(old):
                self._decisions[old.decision] -= 1
                self._decisions[new.decision] += 1
                yield replace(kept.told, was=old.decision, was_final=old.final)

    # ---- sources and time

    def mark(self, source: str, complete: Instant) -> list[Told]:
        self.marks[source] = max(complete, self.marks.get(source, NEVER))
        sources = (Source(n, self.party_of(n), complete=c, last_heard=c) for n, c in sorted(self.marks.items()))
        return self.see(tuple(sources), ())

    def see(self, sources: tuple[Source, ...], clouds: tuple[Cloud, ...], changed: bool = False) -> list[Told]:
        """How far sources are complete, and where records may stand unseen. `changed`: other clouds than before."""
        self.book.see(sources, clouds)
        if self.now == NEVER:
            return []
        again = [k for k in self.kept if changed or self.acting.of(k.record.event.type, k.record.event.by).on_duties]
        return [*self._judge_again(again), *self.owing.look(self.now)]

    def advance(self, to: Instant) -> list[Told]:
        """Moment by moment, so that what is told does not hang on who else speaks in between."""
        told: list[Told] = []
        while self.now < to:
            moments = (self.owing.coming(self.now), self.runs.coming(self.now))
            self.now = min((to, *(m for m in moments if m is not None)))
            told += self._judge_again([self._named[name] for name in self.runs.silent(self.now)])
            told += self.owing.look(self.now)
        return told

    def settle(self, horizon: Instant) -> None:
        """Nothing earlier is recorded or revised any more."""
        if horizon > self._horizon and (not self.settles or len(self.kept) > self._few):
            self._horizon = horizon
            self._drop(horizon)
            self._few = max(SELDOM, 2 * len(self.kept))
        if self.kept:
            horizon = min(horizon, self.kept[0].record.instant)
        self.owing.forget(horizon)

    def _drop(self, horizon: Instant) -> None:
        """The acts of which nothing can change; those that go on stay."""
        old = bisect_left(self.kept, Position(horizon, -AFTER_ALL), key=_place)
        if not old:
            return
        staying = [k for k in self.kept[:old] if self._may_change(k)]
        for kept in self.kept[:old]:
            if kept not in staying:
                del self._named[kept.record.event.id]
        self.kept[:old] = staying

    def _may_change(self, kept: Kept) -> bool:
        record = kept.record
        marks = self.marks.values()
        complete = bool(marks) and min(marks) >= record.instant
        return self.runs.is_running(record, self._horizon) or (self._hangs(record, kept.told) and not complete)

    # ---- asked

    def duties(self) -> tuple[Instance, ...]:
        return self.owing.duties()

    def standing(self) -> tuple[Instance, ...]:
        return self.owing.standing()

    def tally(self) -> Counter[str]:
        return self.owing.tally()

    def save(self) -> dict[str, Any]:
        return {}

    def restore(self, data: Mapping[str, Any]) -> None:
        """Nothing is kept: what was read is read again."""
