"""`record`: signed events are checked and appended; each act is judged again at the place it got.

One bad line is refused with its place; the rest is recorded. What was done is recorded whether allowed or not.
Lines are read and recorded in groups: without a contract, memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import TypeAlias

from smartclause.engines.audit import Judged
from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import read_form
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.ledger import Clock, Ledger, head, open_ledger, system_clock
from smartclause.evidence.recording import MAX_EVENT, Receipt, Refusal
from smartclause.evidence.recording import record as append
from smartclause.evidence.trust import TrustSource, TrustStore
from smartclause.logic.counting import Instant
from smartclause.logic.second_values import SecondValue, second_values
from smartclause.logic.verdict import Decision
from smartclause.logic.world import Record, World, place
from smartclause.verbs.admission import refuse_misfit
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import OpenedRegister, need_trust, open_contract, open_register
from smartclause.verbs.lines import Line, each_line
from smartclause.verbs.matter import Changes, History, Matter, Member, judge, matter_of
from smartclause.verbs.reading import Opened
from smartclause.verbs.sources import Records, on_line, read_ledger

Fault = EvidenceError | VerbError


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one line. For an act under the contract given: `before`, as `decide` would have answered
    at the head before this group, and `at_place`, at the position it got. `second_value`: it states another value
    for a fact that is known, and fills nothing."""

    line: int
    receipt: Receipt | None = None
    fault: Fault | None = None
    before: Judged | None = None
    at_place: Judged | None = None
    second_value: SecondValue | None = None

    @property
    def already(self) -> bool:
        """The same bytes were in the ledger before: nothing was added, and the receipt is the old one."""
        return self.receipt is not None and self.receipt.place is None

    @property
    def differs(self) -> bool:
        if self.before is None or self.at_place is None:
            return False
        return self.before.decision is not self.at_place.decision


@dataclass(frozen=True, slots=True)
class Counts:
    """Of lines: new in the ledger, there before, refused; and of new ones, judged otherwise at their place.

    `contradicting`: lines, new or not, that state a second value for a known fact.
    """

    added: int = 0
    already: int = 0
    refused: int = 0
    differing: int = 0
    contradicting: int = 0

    def and_of(self, lines: Sequence[Recorded]) -> Counts:
        already, refused = sum(r.already for r in lines), sum(r.fault is not None for r in lines)
        return Counts(
            self.added + len(lines) - already - refused,
            self.already + already,
            self.refused + refused,
            self.differing + sum(r.differs for r in lines),
            self.contradicting + sum(r.second_value is not None for r in lines),
        )


@dataclass(frozen=True, slots=True)
class Recording:
    """`lines` is empty where each was told to the caller as it was done; `counts` has them all."""

    lines: tuple[Recorded, ...]
    ledger: str
    size: int
    root: str
    counts: Counts

    @property
    def refused(self) -> tuple[Recorded, ...]:
        return tuple(r for r in self.lines if r.fault is not None)

    @property
    def already(self) -> tuple[Recorded, ...]:
        return tuple(r for r in self.lines if r.already)

    @property
    def added(self) -> tuple[Recorded, ...]:
        return tuple(r for r in self.lines if r.receipt is not None and not r.already)

    @property
    def differing(self) -> tuple[Recorded, ...]:
        return tuple(r for r in self.lines if r.differs)

    @property
    def contradicting(self) -> tuple[Recorded, ...]:
        return tuple(r for r in self.lines if r.second_value is not None)

    @property
    def not_allowed(self) -> tuple[Recorded, ...]:
        judged = ((r, r.at_place) for r in self.lines)
        return tuple(r for r, j in judged if j is not None and j.decision is not Decision.ALLOWED)


Told: TypeAlias = Callable[[Sequence[Recorded]], None]
"""Told of lines once they are on the disk, or refused."""
Progress: TypeAlias = Callable[[int, int], None]
"""Told how many of how many bytes of the file are done."""


def record(
    ledger: Path,
    events: Path,
    *,
    trust: TrustSource | None = None,
    contract: Path | None = None,
    register: Path | None = None,
    members: tuple[Path, ...] = (),
    key: SigningKey | None = None,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
    told: Told | None = None,
    progress: Progress | None = None,
    segments: Path | None = None,
) -> Recording:
    """`key`: the ledger's own, which signs a checkpoint of each new head. Raises EvidenceError, VerbError."""
    store = need_trust(trust)
    opened = None if register is None else open_register(register, store, clock())
    others = tuple(open_contract(m, folders) for m in members)
    bundle = None if contract is None else open_contract(contract, folders)
    lines = _watched(events, progress)
    return recorded(ledger, lines, store, bundle, opened, others, key=key, clock=clock, told=told, segments=segments)


def _watched(events: Path, progress: Progress | None) -> Iterator[Line]:
    done, size = 0, events.stat().st_size if progress is not None and events.exists() else 0
    for line in each_line(events):
        yield line
        done += line.size + 1
        if progress is not None:
            progress(done, size)


def recorded(
    ledger: Path,
    lines: Iterable[Line],
    trust: TrustStore,
    bundle: Bundle | None = None,
    register: OpenedRegister | None = None,
    others: tuple[Bundle, ...] = (),
    *,
    key: SigningKey | None = None,
    clock: Clock = system_clock,
    told: Told | None = None,
    segments: Path | None = None,
) -> Recording:
    """As `record`, on what was read. With a contract, what became of the lines is told when all are judged; refused
    lines with nothing before them that waits for that are told at once."""
    now = clock()
    known = {b.document: b for b in (bundle, *others) if b is not None}
    before = None if bundle is None else read_ledger(ledger, trust, now, segments=segments)
    taken = _Taken(told)
    waiting: list[Recorded] = []
    try:
        with open_ledger(ledger, writing=True) as store:
            for group in _groups(lines):
                done = _append(store, group, known, trust, key, clock, segments)
                if before is None:
                    taken.add(done)
                else:
                    refused = [] if waiting else list(takewhile(lambda line: line.fault is not None, done))
                    taken.add(refused)
                    waiting += done[len(refused) :]
            number, new_head = store.id, head(store)
        judged = waiting
        if bundle is not None and before is not None:
            judging = _Judging(
                bundle, register, others, trust, before, read_ledger(ledger, trust, clock(), segments=segments), now
            )
            judged = [_judged(line, judging) for line in waiting]
    except (EvidenceError, VerbError):
        taken.add(waiting)  # they are on the disk, though nobody comes to judge them
        raise
    taken.add(judged)
    return Recording(tuple(taken.kept), number, new_head.size, f"sha256:{new_head.root.hex()}", taken.counts)


class _Taken:
    """Lines that are done: counted, and told or kept."""

    def __init__(self, told: Told | None) -> None:
        self.kept: list[Recorded] = []
        self.counts = Counts()
        self.told: Told = self.kept.extend if told is None else told

    def add(self, lines: Sequence[Recorded]) -> None:
        if lines:
            self.counts = self.counts.and_of(lines)
            self.told(lines)


_MOST_LINES = 1_000
_MOST_BYTES = 16 * 2**20


def _groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """At least one, so that a file without lines has its checkpoint too."""
    group: list[Line] = []
    size = 0
    first = True
    for line in lines:
        group.append(line)
        size += len(line.content)
        if len(group) == _MOST_LINES or size >= _MOST_BYTES:
            yield group
            group, size, first = [], 0, False
    if group or first:
        yield group


def _append(
    ledger: Ledger,
    group: list[Line],
    known: Mapping[str, Bundle],
    trust: TrustStore,
    key: SigningKey | None,
    clock: Clock,
    segments: Path | None,
) -> list[Recorded]:
    faults = {line.number: fault for line in group if (fault := _fault(line, known)) is not None}
    fit = [line for line in group if line.number not in faults]
    outcomes = append(ledger, [line.content for line in fit], trust, key, clock, segments)
    found = {line.number: outcome for line, outcome in zip(fit, outcomes, strict=True)}
    return [_outcome(line.number, faults.get(line.number), found.get(line.number)) for line in group]


def _fault(line: Line, known: Mapping[str, Bundle]) -> Fault | None:
    try:
        content = line.needed()
    except EvidenceError as error:
        return error
    return _misfit(content, known, line.number) if known else None  # what is no event, recording refuses itself


def _misfit(line: bytes, known: Mapping[str, Bundle], number: int) -> Fault | None:
    """What the contract named in the event would never read; an event of another contract is none of ours."""
    try:
        body = read_form(EventBody, envelopes.read(line, MAX_EVENT).body)
        bundle = known.get(body.contract)
        if bundle is not None:
            refuse_misfit(body, bundle.lookup, f"line {number}")
    except EvidenceError as error:
        return EvidenceError(error.code, on_line(number, error.place), **error.values)
    except VerbError as error:
        return error
    return None


def _outcome(number: int, fault: Fault | None, found: Receipt | Refusal | None) -> Recorded:
    match found:
        case None:
            return Recorded(number, fault=fault)
        case Refusal():
            error = found.error
            return Recorded(number, fault=EvidenceError(error.code, on_line(number, error.place), **error.values))
        case Receipt():
            return Recorded(number, found)


def _judged(line: Recorded, judging: _Judging) -> Recorded:
    if line.receipt is None:
        return line
    event = line.receipt.event
    second = judging.second_values.get(event)
    before, at_place = (None, None) if line.already else judging.judged(event)
    return replace(line, before=before, at_place=at_place, second_value=second)


class _Judging:
    """The acts of one group, before and after it was recorded."""

    def __init__(
        self,
        bundle: Bundle,
        register: OpenedRegister | None,
        others: tuple[Bundle, ...],
        trust: TrustStore,
        before: Records,
        after: Records,
        now: Instant,
    ) -> None:
        self.asked = max(now, before.last)
        changes = Changes((), self.asked, None, after.deposits)
        read = None if register is None else register.register
        self.matter: Matter = matter_of(bundle, trust, read, others, changes=changes)
        self.index = before.next_index
        self.before = History(self.matter, before.opened, self.asked, absent=before.absent)
        self.after = History(self.matter, after.opened, max(now, after.last), absent=after.absent)
        self.opened = {o.body.id: o for o in after.opened}
        found = second_values(self.after.world(self.matter.main))
        self.second_values = {s.second.event.id: s for s in found}

    def judged(self, event: str) -> tuple[Judged | None, Judged | None]:
        """None for what is no act here."""
        record = self.after.world(self.matter.main).by_id.get(event)
        opened = self.opened.get(event)
        if record is None or opened is None or not record.event.by or not self._is_act(record):
            return None, None
        asked = judge(
            self.before, record.event, self.asked, lambda member, world: self._proposed(member, world, opened)
        )
        placed = judge(
            self.after, record.event, record.instant, lambda member, _: self.after.world(member).by_id[event]
        )
        return asked, placed

    def _is_act(self, record: Record) -> bool:
        return self.matter.main.reader.lookup.is_act(record.event.type)

    def _proposed(self, member: Member, world: World, opened: Opened) -> Record:
        return place(world.lookup, member.reader.proposed(opened, self.asked, self.index, []))
