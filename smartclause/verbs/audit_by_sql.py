"""The acts and duties of an audit told by a database: verdicts, clauses and what is open.

All that is behind them (reasons by record, deciding facts, the tree of conditions) is the reference's, worked out where
it is asked for and compared with what was told: where the two differ nothing is told at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa

from smartclause.engines.audit import Judged, Note, Outlined, Stated
from smartclause.engines.sql.acts import Told, acts_in_ledgers
from smartclause.engines.sql.database import Database
from smartclause.engines.sql.duck import Duck
from smartclause.engines.sql.duty_rows import duties_by_sql
from smartclause.engines.sql.ledgers import Ledgers
from smartclause.logic.contract import Duty, Norm, Repeated, Standing
from smartclause.logic.counting import Span
from smartclause.logic.duties import Duties
from smartclause.logic.finality import is_final
from smartclause.logic.finding import Finding, Reason
from smartclause.logic.instances import AFTER_ALL, DutyStatus, Instance
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseFinding, ClauseState, NormFinding, TrackFinding, Verdict
from smartclause.logic.world import Position, Record, World
from smartclause.rails.refused import CannotDo
from smartclause.verbs.errors import VerbError
from smartclause.verbs.matter import History, Member, by_reference, judge
from smartclause.verbs.table import _stopping

_NOT_TOLD = Finding(None, Truth.UNKNOWN)
_PLAINLY = (DutyStatus.FULFILLED, DutyStatus.VIOLATED, DutyStatus.CURED)
_BROKEN = (duckdb.Error, pa.ArrowException, OverflowError, RecursionError)


@contextmanager
def embedded() -> Iterator[Duck]:
    """In this process. Raises VerbError VB66 where it is interrupted."""
    with duckdb.connect() as connection, _stopping(connection):
        yield Duck(connection)


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What all acts have in common of which the same was told. `worlds`: of each file, with what was told under it."""

    truth: Truth
    stated: tuple[Stated, ...]
    open: tuple[Reason, ...]
    fails_every: bool
    registered: bool
    worlds: tuple[tuple[World, Verdict], ...]

    def is_final(self, record: Record) -> bool:
        return bool(self.worlds) and all(is_final(w, w.by_id[record.event.id], v) for w, v in self.worlds)


@dataclass
class Telling:
    """`vouched`: what is final here is final. `acts`: the numbers of those to judge. `reference`: the explained verdict
    on an act."""

    database: Database
    history: History
    vouched: bool
    acts: tuple[str, ...]
    reference: Callable[[Record], Judged]
    notes: list[Note]
    _told: dict[str, Mapping[str, Told] | None] = field(default_factory=dict)
    _clauses: dict[tuple[str, str, ClauseState, bool], ClauseFinding] = field(default_factory=dict)
    _sketches: dict[tuple[object, ...], _Sketch | None] = field(default_factory=dict)
    _stated: dict[tuple[Stated, ...], tuple[Stated, ...]] = field(default_factory=dict)
    _tracks: dict[str, tuple[TrackFinding, ...]] = field(default_factory=dict)

    # ---- acts

    def judged(self, record: Record) -> Judged | Outlined:
        sketch = self._alike_sketch(record)
        if sketch is None:
            return self.reference(record)
        outline = Outlined(
            sketch.truth,
            self.vouched and sketch.is_final(record),
            sketch.stated,
            sketch.open,
            sketch.fails_every,
            sketch.registered,
            lambda: _alike(outline, self.reference(record), record),
        )
        return outline

    def _alike_sketch(self, record: Record) -> _Sketch | None:
        """Under one contract all acts of which the same was told share a sketch."""
        matter, event = self.history.matter, record.event
        if matter.register is not None or matter.versions:
            return self._sketch(record)
        every = self.told(matter.main)
        if every is None:
            return None
        told = every[event.id]
        key = (event.type, event.by, bool(event.asset), told.truth, id(told.clauses), told.reasons, told.not_barred,
               told.fails_every)  # fmt: skip
        if key not in self._sketches:
            self._sketches[key] = self._sketch(record)
        return self._sketches[key]

    def _sketch(self, record: Record) -> _Sketch | None:
        """None where the reference must judge under one of the files."""
        found = judge(self.history, record.event, record.instant, self._same(record), self._verdict)
        members = [self.history.matter.members.get(name, self.history.matter.main) for name, _ in found.members]
        told = [self.told(member) for member in members]
        if None in told:
            return None
        worlds = tuple((self.history.world(m), v) for m, (_, v) in zip(members, found.members, strict=True))
        fails = any(each is not None and each[record.event.id].fails_every for each in told)
        stated = self._stated.setdefault(found.stated, found.stated)
        return _Sketch(found.truth, stated, found.open, fails, found.registered, worlds)

    def _same(self, record: Record) -> Callable[[Member, World], Record]:
        return lambda _, world: world.by_id[record.event.id]

    def told(self, member: Member) -> Mapping[str, Told] | None:
        """Of every act; None where the database cannot judge under this file."""
        if member.name not in self._told:
            self._told[member.name] = self._ask(member)
        return self._told[member.name]

    def _ask(self, member: Member) -> Mapping[str, Told] | None:
        world = self.history.world(member)
        events = (world.by_id[number].event for number in self.acts)  # as this file calls who did them
        kinds = tuple(dict.fromkeys((event.type, event.by) for event in events))
        try:
            (found,) = acts_in_ledgers(Ledgers.of([world]), self.database, groups=kinds)
        except CannotDo as refused:
            self.notes.append(Note("judged by the reference", f"{member.name}: {refused.construct}"))
            return None
        except _BROKEN as fault:
            self.notes.append(Note("judged by the reference", f"{member.name}: {_line(fault)}"))
            return None
        return {told.event: told for told in found}

    def _verdict(self, member: Member, world: World, record: Record) -> Verdict:
        """As much of it as was told."""
        every = self.told(member)
        if every is None:
            return by_reference(member, world, record)
        told, event = every[record.event.id], record.event
        clauses = tuple(
            self._clause(member, clause, state, clause in told.concerned) for clause, state in told.clauses.items()
        )
        reasons = tuple(Reason(kind, name, type_, role) for kind, name, type_, role in sorted(told.reasons))
        return Verdict(
            event.id, event.type, event.by, record.position, told.truth, Finding(None, told.truth, (), reasons),
            self._track(member), clauses, told.not_barred,
        )  # fmt: skip

    def _clause(self, member: Member, clause: str, state: ClauseState, concerned: bool) -> ClauseFinding:
        key = member.name, clause, state, concerned
        if key not in self._clauses:
            self._clauses[key] = ClauseFinding(clause, state, _norms(member, clause) if concerned else ())
        return self._clauses[key]

    def _track(self, member: Member) -> tuple[TrackFinding, ...]:
        if member.name not in self._tracks:
            tracks = member.reader.lookup.contract.tracks
            self._tracks[member.name] = tuple(
                TrackFinding(t.module, t.closed, Truth.UNKNOWN, _NOT_TOLD) for t in tracks
            )
        return self._tracks[member.name]

    # ---- duties

    def owed(self, world: World) -> Iterator[Instance]:
        """In the order of the reference, which also follows what SQL does not."""
        reference = Duties(world, Position(world.asked, AFTER_ALL), world.asked)
        told = self._owed(world)
        for _, clause in world.lookup.all_clauses():
            for sentence in clause.sentences:
                if isinstance(sentence, Duty | Repeated | Standing):
                    found = told.get((clause.id, sentence.number))
                    if found is None:
                        yield from reference.of_clause(clause.id, sentence.number)
                    else:
                        yield from _explained(found, reference)

    def _owed(self, world: World) -> dict[tuple[str, int], list[Instance]]:
        try:
            found = list(duties_by_sql(Ledgers.of([world]), self.database, world.asked))
        except (CannotDo, *_BROKEN):
            return {}
        return {place: [i for _, i in told] for place, told in found if told is not None}


def _norms(member: Member, clause: str) -> tuple[NormFinding, ...]:
    """Which sentences there are; how they stand was not told."""
    module, found = member.reader.lookup.clauses[clause]
    unknown = Truth.UNKNOWN
    return tuple(
        NormFinding(module.name, clause, s, unknown, unknown, unknown, _NOT_TOLD)
        for s in found.sentences
        if isinstance(s, Norm)
    )


def _line(fault: BaseException) -> str:
    return (str(fault).strip().splitlines() or [type(fault).__name__])[0][:200]


# ---- compared with the reference


def _alike(told: Outlined, found: Judged, record: Record) -> Judged:
    """Raises VerbError VB75."""
    kinds = frozenset(told.open_kinds)
    same = told.truth is found.truth and told.final == found.final and told.stated == found.stated
    if not same or (kinds != _kinds(found.open) and told.truth is Truth.UNKNOWN):
        raise VerbError("VB75", event=record.event.id)
    return found


def _kinds(reasons: Iterable[Reason]) -> frozenset[Reason]:
    return frozenset(Reason(r.kind, r.field, r.type, r.role) for r in reasons)


def _explained(told: list[Instance], reference: Duties) -> Iterator[Instance]:
    """What is settled needs no reasons; of the rest the reference tells them. Raises VerbError VB75."""
    seen: defaultdict[str, int] = defaultdict(int)
    for instance in told:
        number = seen[instance.trigger]
        seen[instance.trigger] += 1
        if _is_plain(instance):
            yield instance
            continue
        record = reference.world.by_id[instance.trigger]
        every = list(reference.opened_by(instance.clause, instance.sentence, record))
        if number >= len(every) or _bare(every[number]) != _bare(instance):
            raise VerbError("VB75", event=instance.trigger)
        yield every[number]


def _is_plain(instance: Instance) -> bool:
    return instance.status in _PLAINLY and (instance.otherwise is None or _is_plain(instance.otherwise))


def _bare(one: Instance) -> Instance:
    """Without what a database does not tell."""
    second = None if one.otherwise is None else _bare(one.otherwise)
    due = Span(one.due.earliest, one.due.latest)
    return replace(one, reasons=(), reads=(), doubtful=False, relieved=False, due=due, otherwise=second)
