"""Signed records judged by the past and the book of the rails, entry by entry: each costs what it changes.

It tells what the reference tells of the same entries; what it cannot follow it refuses with CannotDo.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from smartclause.engines.monitor.booked import BookedCore, Kept
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.snapshot import Snapshot, differences
from smartclause.engines.monitor.told import ActTold, DutyTold, MovedTold, Told
from smartclause.evidence.keys import KeyId
from smartclause.evidence.sequences import follows
from smartclause.logic.counting import Instant
from smartclause.logic.instances import Instance
from smartclause.logic.record import Source
from smartclause.logic.world import Cloud, Record, may_record, place
from smartclause.rails.refused import CannotDo
from smartclause.verbs.completeness import Sequence, gap_clouds, is_compromised, sequence_of, sources_of
from smartclause.verbs.matter import Matter, matter_of
from smartclause.verbs.monitor_entries import Entries, Entry
from smartclause.verbs.monitor_reference import Under
from smartclause.verbs.reading import Absent, Opened
from smartclause.verbs.sources import Records


@dataclass
class Heard:
    """What each key sent, and how far its records are complete."""

    matter: Matter
    _opened: dict[KeyId, list[Opened]] = field(default_factory=lambda: defaultdict(list))
    _absent: dict[KeyId, list[Absent]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[KeyId, Sequence] = field(default_factory=dict)

    def add(self, item: Opened) -> None:
        issuer = item.body.issuer
        if issuer not in item.keys:
            return
        known, before = self._known.get(issuer), self._opened[issuer]
        simply = bool(before) and known is not None and _simply(before[-1], item, known)
        before.append(item)
        if not simply or known is None or item.body.type == "void":
            self._known[issuer] = self._sequence(issuer)
        elif item.body.type == "heartbeat" and not is_compromised(item, self.matter.main.reader.holders):
            mark = item.instant if known.mark is None else max(known.mark, item.instant)
            self._known[issuer] = replace(known, mark=mark)

    def miss(self, segment: Absent) -> None:
        if segment.issuer in segment.keys:
            self._absent[segment.issuer].append(segment)
            self._known[segment.issuer] = self._sequence(segment.issuer)

    def _sequence(self, issuer: KeyId) -> Sequence:
        return sequence_of(self._opened[issuer], self.matter.main.reader.holders, self._absent[issuer])

    def sources(self, at: Instant) -> tuple[Source, ...]:
        """When they were last heard matters to no duty."""
        found = sources_of(self.matter.main.reader.holders, self._known, at)
        return tuple(replace(source, last_heard=None) for source in found)


def _simply(before: Opened, item: Opened, known: Sequence) -> bool:
    one, other = before.body, item.body
    return not known.gaps and follows((before.digest,), one.seq, other.seq, other.prev, ())


@dataclass
class Booked:
    """Raises CannotDo where it is made, if there is something in the contract that it cannot follow."""

    under: Under
    soon: Instant | None = None
    now: Instant = NEVER
    count: int = 0

    def __post_init__(self) -> None:
        self.matter = matter_of(self.under.bundle, self.under.trust)
        if not self.under.is_alone:
            raise CannotDo("a register or amendments", self.under.bundle.contract.module)
        if self.under.bundle.root.header.news is not None:
            raise CannotDo("a limit on how old news may be", self.under.bundle.contract.module)
        self._begin()

    def _begin(self) -> None:
        main = self.matter.main
        self.core = BookedCore(
            main.reader.lookup, main.reader.holders.signed(), False, main.bundle.document, self.soon, settles=False,
            known_to_open_file=main.parties if main.bundle.is_open else None,
        )  # fmt: skip
        self.heard = Heard(self.matter)
        self._numbers: set[str] = set()
        self._types: dict[str, str] = {}
        self._awaited: set[str] = set()  # events that supplements name and nobody has seen
        self._marks: dict[str, Instant] = {}
        self._clouds: tuple[Cloud, ...] = ()
        self._sources: tuple[Source, ...] = ()
        self._attested, self._partly = True, set[tuple[str, str]]()

    # ---- steps

    def step(self, entries: Entries, count: int, at: Instant) -> list[Told]:
        """Time comes to `at`, and then the entries up to `count` are there."""
        new = entries.each[self.count : count]
        if self.count == 0 and count:
            return self._anew(entries, count, at)
        told = self.core.advance(at) if self.count else []
        self.now = max(self.now, at)
        if any(self._speaks_of_earlier(item) for entry in new if not isinstance(entry, Absent) for item in entry):
            return [*told, *self._anew(entries, count, at)]
        told += self._entered(new)
        self.count = count
        return _at_once([*told, *self._final(entries, count)])

    def look(self, entries: Entries, count: int, at: Instant) -> list[Told]:
        return self.step(entries, count, at)

    def advance(self, entries: Entries, to: Instant) -> list[Told]:
        """Nothing of the entries is looked at again."""
        del entries
        self.now = max(self.now, to) if self.count else self.now
        return self.core.advance(to) if self.count else []

    def _anew(self, entries: Entries, count: int, at: Instant) -> list[Told]:
        """All entries in one step: what is told is what is now otherwise than it was told."""
        acts = {k.record.event.id: k.told for k in self.core.kept}
        before = Snapshot(self.core.now, {}, dict(self.core.owing.last))
        self._begin()
        records = entries.first(count)
        self.now, self.count = max(self.now, at, records.last), count
        self._load(records)
        self.core.keep_final(acts)
        self._final(entries, count)
        after = Snapshot(self.core.now, {}, self.core.owing.last)
        told: list[Told] = [
            *self._moves(k.record for k in self.core.kept if k.record.event.id not in acts),
            *_acts_told(acts, self.core.kept), *differences(before, after, self.soon),
        ]  # fmt: skip
        return sorted(told, key=lambda t: (isinstance(t, MovedTold) < 1, t.at, isinstance(t, DutyTold)))

    def _load(self, records: Records) -> None:
        reader = self.matter.main.reader
        self._types = {o.body.id: o.body.type for o in records.opened if reader.counts(o)}
        placed = [self._placed(item) for item in records.opened]
        for segment in records.absent:
            self.heard.miss(segment)
        self._see()
        self.core.load((r for r in placed if r is not None), self.now)

    def _entered(self, new: tuple[Entry, ...]) -> list[Told]:
        told: list[Told] = []
        placed = []
        for entry in new:
            for item in () if isinstance(entry, Absent) else entry:
                placed.append(self._placed(item))
            if isinstance(entry, Absent):
                self.heard.miss(entry)
        told += self._see()
        for record in (r for r in placed if r is not None):
            told += self._moves((record,))
            told += self.core.put(record)
        return told

    def _speaks_of_earlier(self, item: Opened) -> bool:
        """Of an event that is here already, signed once more or in another version, or of one that a supplement named
        before it came: then all is begun anew."""
        return item.body.id in self._numbers or item.body.id in self._awaited

    def _moves(self, records: Iterable[Record]) -> Iterator[MovedTold]:
        for record in records:
            if self.core.is_act(record.event) and record.instant != record.event.time:
                yield MovedTold(record.instant, record.event.id, record.event.time)

    def _see(self) -> list[Told]:
        sources = self.heard.sources(max(self.now, 0))
        clouds = tuple(gap_clouds(sources))
        changed, other = clouds != self._clouds, sources != self._sources
        self._sources, self._clouds = sources, clouds
        return self.core.see(sources, clouds, changed) if changed or other else []

    def _placed(self, item: Opened) -> Record | None:
        """The record of an event at its place; None of what is none, or counts for nothing here."""
        body, reader = item.body, self.matter.main.reader
        self._numbers.add(body.id)
        self.heard.add(item)
        if not reader.counts(item):
            return None
        self._attested = self._attested and item.received is not None
        if 0 < len(item.disclosed) < len(body.sd):
            self._partly.add((body.id, body.type))
        self._types.setdefault(body.id, body.type)
        target = str(body.facts.get("event", "")) if body.type == "supplement" else ""
        if target and target not in self._types:
            self._awaited.add(target)
        event = reader.event(item, self._types)
        if event is None:
            return None
        if event.type == "heartbeat":
            self._marks[event.source] = max(self._marks.get(event.source, event.time), event.time)
            return None
        return place(reader.lookup, event, self._marks.get(event.source))

    # ---- final verdicts

    def _final(self, entries: Entries, count: int) -> list[Told]:
        """Once every source that may record what was read is complete up to the act (design 2.5)."""
        matter = self.matter
        signed_for = entries.attested and entries.checkpointed >= count and not matter.rests_on_word
        if not (signed_for and self._sources and self._attested) or matter.doubts(entries.first(0)):
            return []
        told: list[Told] = []
        for kept in self.core.kept:
            if not kept.told.final and self._is_final(kept):
                kept.told = replace(kept.told, final=True)
                told.append(replace(kept.told, was=kept.told.decision, was_final=False))
        return told

    def _is_final(self, kept: Kept) -> bool:
        event = kept.record.event
        lookup, reads = self.matter.main.reader.lookup, self.core.acting.of(event.type, event.by).looks_at
        if not event.asset and lookup.is_controlled(event.type):
            return False
        if event.caller or any(name == event.id or kind in reads for name, kind in self._partly):
            return False
        return all(
            s.complete is not None and s.complete >= kept.record.instant
            for s in self._sources
            if any(may_record(lookup, s, kind) for kind in reads)
        )

    # ---- asked

    def standing(self) -> list[Instance]:
        return list(self.core.standing())

    def acts(self) -> Counter[str]:
        return self.core.acts

    def duties(self) -> Counter[str]:
        return self.core.tally()


def _acts_told(before: dict[str, ActTold], now: Iterable[Kept]) -> Iterator[ActTold]:
    for kept in now:
        old, new = before.get(kept.record.event.id), kept.told
        if old is None:
            yield replace(new, was=None, was_final=False)
        elif (old.decision, old.final) != (new.decision, new.final):
            yield replace(new, was=old.decision, was_final=old.final)


def _at_once(told: list[Told]) -> list[Told]:
    """A verdict that is final in the step in which it is first told is told once."""
    final = {t.event: t for t in told if isinstance(t, ActTold) and t.final and t.was is not None and not t.was_final}
    first = {t.event for t in told if isinstance(t, ActTold) and t.was is None and t.event in final}
    return [
        replace(final[t.event], was=None) if isinstance(t, ActTold) and t.event in first else t
        for t in told
        if not (isinstance(t, ActTold) and t.event in first and t.was is not None)
    ]
