"""`monitor`: follows records as they come, and tells what becomes open, due soon, fulfilled, violated, refused.

Lines of plain JSON have no attested times: what is told of them is never final. Time is that of the records; a wall
clock is read only to look for more of a file that grows, and to write the state now and then.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias

from smartclause.engines.audit import Judged
from smartclause.engines.monitor.booked import BookedCore
from smartclause.engines.monitor.core import Core
from smartclause.engines.monitor.fast import FastCore
from smartclause.engines.monitor.placing import NEVER, Placing
from smartclause.engines.monitor.saving import plain_placing, restore_placing
from smartclause.engines.monitor.shell import Monitor
from smartclause.engines.monitor.stored import StoredCore
from smartclause.engines.monitor.told import ActTold, DutyTold, MovedTold, Told
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.recording import MAX_EVENT
from smartclause.evidence.trust import TrustSource, TrustStore
from smartclause.logic.answers import DEFAULT_RECORDS_DUE
from smartclause.logic.counting import Instant
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.opening import beginning, opened
from smartclause.logic.record import Event, Source
from smartclause.logic.verdict import Decision
from smartclause.logic.world import Record, World, build, length
from smartclause.rails.refused import CannotDo
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import need_trust, open_contract, open_trust
from smartclause.verbs.matter import History, Matter, judge, matter_of
from smartclause.verbs.monitor_feed import PIECE, Batch, Feed
from smartclause.verbs.monitor_ledger import LedgerFollowing, follow_entries, read_entries
from smartclause.verbs.monitor_lines import LineReader
from smartclause.verbs.monitor_quick import QuickLines
from smartclause.verbs.monitor_state import Saved, read_state, write_state
from smartclause.verbs.sources import is_ledger


@dataclass(slots=True)
class RefusedLine:
    """A line that says nothing that can be used, and why."""

    line: int
    fault: VerbError | EvidenceError


@dataclass(slots=True)
class Stands:
    """How a duty stands at the instant asked about: told of each that is not over, and of each that was
    missed, also where it was made good late."""

    instance: Instance


Telling: TypeAlias = Told | RefusedLine | Stands


class Teller(Protocol):
    """Who is told. `number` counts what was told."""

    number: int

    def ready(self, lookup: Lookup) -> None:
        """Before anything is told: the contract was read."""
        ...

    def tell(self, telling: Telling) -> None: ...

    def settle(self) -> int:
        """What was told is on the disk; how long it is there."""
        ...

    def resume(self, length: int, number: int) -> None:
        """What was told after so much will be told again."""
        ...


@dataclass
class Tally:
    """What was read and found. `upto`: the instant to which time has come; NEVER if nothing was read."""

    lines: int = 0
    records: int = 0
    refused_lines: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    duties: Counter[str] = field(default_factory=Counter)
    upto: Instant = NEVER

    @property
    def is_clean(self) -> bool:
        """No act refused and no duty missed, as far as time has come."""
        missed = self.duties[DutyStatus.VIOLATED.value] + self.duties[DutyStatus.CURED.value]
        return not self.acts[Decision.REFUSED.value] and not missed

    @property
    def is_undecided(self) -> bool:
        hanging = self.duties[DutyStatus.UNPROVEN.value] + self.duties[DutyStatus.AWAITING.value]
        return bool(self.acts[Decision.UNDECIDED.value] or hanging or self.refused_lines.total())


@dataclass(frozen=True)
class Settings:
    """`soon`: how long before its due a duty is told as due soon. `lag`: by how much a line may come late. `wanted`:
    statuses and decisions that are told, all if None. `follow`: wait for more at the end of the file, looking again
    after `poll` seconds; `state` is written every `every` seconds."""

    attested: bool = False
    draft: bool = False
    lag: Instant = 0
    soon: Instant | None = None
    at: Instant | None = None
    tells_all: bool = True
    wanted: frozenset[str] | None = None
    follow: bool = False
    poll: float = 0.5
    state: Path | None = None
    every: float = 10.0
    piece: int = PIECE
    slow: bool = False

    def about(self) -> dict[str, Any]:
        """What a run that goes on must have in common with the one before."""
        wanted = None if self.wanted is None else sorted(self.wanted)
        return {
            "attestation": [self.attested, self.draft], "lag": self.lag, "notice before a due": self.soon,
            "instant": self.at, "choice of what is told": [self.tells_all, wanted],
        }  # fmt: skip


def monitor(
    contract: Path,
    source: Path,
    teller: Teller,
    *,
    trust: TrustSource | None = None,
    settings: Settings = Settings(),
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> Tally:
    """`source` is a ledger, lines of envelopes, or lines of plain JSON. `clock` is the wall clock, read only while a
    ledger is followed as it grows. Raises EvidenceError, VerbError.
    """
    bundle = open_contract(contract, folders)
    if is_ledger(source) or _is_signed(source):
        return _signed(bundle, source, teller, need_trust(trust), settings, clock)
    matter = matter_of(bundle, open_trust(trust), draft=settings.draft)
    if not (settings.attested or settings.draft):
        raise VerbError("VB47")
    following = Following(matter, settings, teller, source)
    with _opened(source) as file:
        following.resume(file)
        teller.ready(matter.main.reader.lookup)
        try:
            following.follow(file)
        except KeyboardInterrupt:
            following.checkpoint()
            return following.tally_now()
        following.checkpoint()
    return following.end()


def _is_signed(source: Path) -> bool:
    """Whether the first line is an envelope; of a pipe nothing is taken."""
    try:
        return source.is_file() and b'"payloadType"' in beginning(source, 4096).split(b"\n")[0]
    except OSError:
        return False


def _signed(bundle: Bundle, source: Path, teller: Teller, trust: TrustStore, settings: Settings, clock: Clock) -> Tally:
    about = {"contract": bundle.document, "source": source.name, **settings.about()}
    quiet = settings.at is not None

    def tell(told: Told) -> None:
        tally.moved += isinstance(told, MovedTold)
        if not quiet and is_wanted(told, settings):
            teller.tell(told)

    def kept() -> None:
        if settings.state is not None:
            data = {"count": following.count, "now": following.now, "told": teller.number, "length": teller.settle()}
            write_state(settings.state, Saved(about, data))

    tally = Tally()
    following = LedgerFollowing(bundle, trust, tell, settings.soon)
    before = None if settings.state is None else read_state(settings.state, about)
    teller.resume(0 if before is None else before["length"], 0 if before is None else before["told"])
    teller.ready(bundle.lookup)
    if before is not None:
        entries = read_entries(source, trust, clock())
        following.last = following.judged(entries, before["count"], before["now"])
        following.count, following.now = before["count"], before["now"]
        following.moved = {n for n, u in following.last.acts.items() if u.moved}
    with suppress(KeyboardInterrupt):
        follow_entries(following, source, settings.at, settings.follow, settings.poll, kept, clock)
    for instance in following.standing() if quiet else ():
        teller.tell(Stands(instance))
    tally.lines = tally.records = following.count
    tally.upto = following.last.now
    tally.acts = Counter(u.decision.value for u in following.last.acts.values())
    tally.duties = Counter(i.status.value for i in following.last.duties.values())
    return tally


@contextmanager
def _opened(source: Path) -> Iterator[BinaryIO]:
    if str(source) == "-":
        yield sys.stdin.buffer
        return
    try:
        with opened(source) as file:
            yield file
    except OSError as error:
        raise EvidenceError("EV19", name=source.name, reason=error.strerror or "it cannot be read") from None


@dataclass
class Following:
    matter: Matter
    settings: Settings
    teller: Teller
    source: Path
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        lookup = self.matter.main.reader.lookup
        self.careful = LineReader(lookup)
        self.quick = QuickLines(lookup)
        self.core = core_of(self.matter, self.settings)
        self.monitor = Monitor(self.core, Placing(self.settings.lag))
        self.offset, self.line = 0, 1
        self._written = time.monotonic()

    # ---- lines

    def follow(self, file: BinaryIO) -> None:
        feed = Feed(file, self._waits, self.offset, self.line, self.settings.piece)
        for batch in feed.batches():
            self.take(batch)
            self.offset, self.line = batch.offset, feed.number
            if self.settings.state is not None and time.monotonic() - self._written >= self.settings.every:
                self.checkpoint()

    def _waits(self) -> bool:
        """Whether there may be more: then after a while."""
        if not self.settings.follow:
            return False
        self.teller.settle()
        time.sleep(self.settings.poll)
        return True

    def take(self, batch: Batch) -> None:
        quick, take, tell, at = self.quick.read, self.monitor.take, self._tell, self.settings.at
        records = 0
        for number, line in enumerate(batch.lines, batch.first):
            read = None if line is None else quick(line)
            if read is None:
                self._carefully(line, number, batch)
                continue
            type_, by, to, asset, facts, time_ = read
            if at is not None and time_ > at:
                continue
            records += 1
            told = take(type_, by, to, asset, facts, time_, "", number)
            if told:
                tell(told)
        self.tally.records += records
        self.tally.lines += len(batch.lines)

    def _carefully(self, line: bytes | None, number: int, batch: Batch) -> None:
        if line is not None and not line.strip():
            self.tally.lines -= 1
            return
        try:
            if line is None:
                size, place = batch.sizes[number], f"line {number}"
                raise EvidenceError("EV02", place, what="the envelope", size=size, limit=MAX_EVENT)
            event = self.careful.read(line, number)
        except (VerbError, EvidenceError) as fault:
            self.tally.refused_lines[fault.code] += 1
            self.teller.tell(RefusedLine(number, fault))
            return
        if self.settings.at is None or event.time <= self.settings.at:
            self.tally.records += 1
            self._tell(self.monitor.event(event))

    def _tell(self, told: list[Told]) -> None:
        for each in told:
            if isinstance(each, MovedTold):
                self.tally.moved += 1
            if self.settings.at is None and is_wanted(each, self.settings):
                self.teller.tell(each)

    # ---- the end

    def end(self) -> Tally:
        self._tell(self.monitor.end(self.settings.at))
        if self.settings.at is not None:
            for instance in self.core.standing():
                self.teller.tell(Stands(instance))
        return self.tally_now()

    def tally_now(self) -> Tally:
        self.tally.upto, self.tally.acts, self.tally.duties = self.core.now, self.core.acts, self.core.tally()
        return self.tally

    # ---- the state

    def _about(self) -> dict[str, Any]:
        return {
            "contract": self.matter.main.bundle.document, "source": self.source.name,
            "way of judging": type(self.core).__name__, **self.settings.about(),
        }  # fmt: skip

    def checkpoint(self) -> None:
        if self.settings.state is None:
            return
        length = self.teller.settle()
        numbers = self.careful.numbers
        data = {
            "offset": self.offset, "line": self.line, "told": self.teller.number, "length": length,
            "numbers": [sorted(numbers.recent), sorted(numbers.older)], "placing": plain_placing(self.monitor.placing),
            "core": self.core.save(), "lines": self.tally.lines, "records": self.tally.records,
            "moved": self.tally.moved, "refused": dict(self.tally.refused_lines),
        }  # fmt: skip
        write_state(self.settings.state, Saved(self._about(), data))
        self._written = time.monotonic()

    def resume(self, file: BinaryIO) -> None:
        """From the state, if there is one. Raises VerbError VB53."""
        path = self.settings.state
        data = None if path is None else read_state(path, self._about())
        if path is None or data is None:
            self.teller.resume(0, 0)
            return
        try:
            self._restore(data)
        except (KeyError, ValueError, TypeError, IndexError):
            raise VerbError("VB53", path.name, reason="it is no state that the monitor wrote") from None
        if not _passed_over(file, self.offset):
            raise VerbError("VB53", path.name, reason="the source is shorter than what was read of it")
        self.teller.resume(data["length"], data["told"])

    def _restore(self, data: dict[str, Any]) -> None:
        self.core.restore(data["core"])
        restore_placing(self.monitor.placing, data["placing"])
        recent, older = data["numbers"]
        numbers = self.careful.numbers
        numbers.recent, numbers.older = set(recent), set(older)
        self.offset, self.line = data["offset"], data["line"]
        tally = self.tally
        tally.lines, tally.records, tally.moved = data["lines"], data["records"], data["moved"]
        tally.refused_lines = Counter(data["refused"])


def _passed_over(file: BinaryIO, offset: int) -> bool:
    """Standard input is given again from its beginning."""
    left = offset
    if file.seekable():
        end = file.seek(0, 2)
        file.seek(min(offset, end))
        return offset <= end
    while left and (piece := file.read(min(left, PIECE))):
        left -= len(piece)
    return left == 0


def is_wanted(told: Told, settings: Settings) -> bool:
    wanted = settings.wanted
    match told:
        case ActTold():
            allowed = told.decision is Decision.ALLOWED and not told.corrects
            chosen = wanted is None or told.decision.value in wanted
            return chosen and (settings.tells_all or not allowed)
        case DutyTold():
            return wanted is None or told.status in wanted
        case MovedTold():
            return True


# ---- who judges


def core_of(matter: Matter, settings: Settings) -> Core:
    """The first that can follow the contract: the fast core, the one with the book, the reference."""
    main = matter.main
    if settings.slow or main.bundle.is_open:
        return slow_core(matter, settings.soon)
    lookup, signed, document = main.reader.lookup, main.reader.holders.signed(), main.bundle.document

    def party_of(name: str) -> str:
        return name if name in main.parties else ""

    keeps = settings.at is not None
    with suppress(CannotDo):
        return FastCore(
            lookup, signed, matter.draft, document, settings.soon, settings.tells_all, settings.wanted, party_of, keeps
        )
    with suppress(CannotDo):
        return BookedCore(lookup, signed, matter.draft, document, settings.soon, party_of, keeps)
    return slow_core(matter, settings.soon)


def slow_core(matter: Matter, soon: Instant | None) -> StoredCore:
    main = matter.main
    lookup, signed = main.reader.lookup, main.reader.holders.signed()

    def builds(events: list[Event], sources: tuple[Source, ...], asked: Instant) -> World:
        return build(lookup, events, asked, sources=sources, signed=signed, draft=matter.draft)

    def judges(world: World, record: Record) -> Judged:
        return judged_in(matter, world, record)

    def party_of(name: str) -> str:
        return name if name in main.parties else ""

    grace = length(main.bundle.root.header.records_due or DEFAULT_RECORDS_DUE)
    return StoredCore(builds, judges, main.bundle.document, soon, grace, party_of)


def judged_in(matter: Matter, world: World, record: Record) -> Judged:
    """Never final: nobody attests the times."""
    history = History(matter, (), world.asked)
    history.assume(matter.main, world)
    found = judge(history, record.event, record.instant, lambda _member, _world: record)
    return replace(found, final=False)
