"""`monitor`: follows records as they come, and tells what becomes open, due soon, fulfilled, violated, refused.

Lines of plain JSON have no attested times: what is told of them is never final. Time is that of the records; the wall
clock is read only while a ledger is followed as it grows, since periods of silence end whether or not anybody speaks.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from smartclause.engines.audit import Judged
from smartclause.engines.monitor.placing import NEVER, Placing
from smartclause.engines.monitor.shell import Monitor
from smartclause.engines.monitor.snapshot import with_second
from smartclause.engines.monitor.stored import StoredCore
from smartclause.engines.monitor.told import ActTold, DutyTold, MovedTold, Told
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.trust import TrustSource
from smartclause.logic.counting import Instant
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event, Source
from smartclause.logic.verdict import Decision
from smartclause.logic.world import Record, World, build
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import open_contract, open_trust
from smartclause.verbs.lines import Line, each_line, lines_in
from smartclause.verbs.matter import History, Matter, judge, matter_of
from smartclause.verbs.monitor_lines import LineReader


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that says nothing that can be used, and why."""

    line: int
    fault: VerbError | EvidenceError


@dataclass(frozen=True, slots=True)
class Stands:
    """How a duty stands at the end: told of each that is not settled, and of each breach."""

    instance: Instance


Telling: TypeAlias = Told | RefusedLine | Stands
Teller = Callable[[Telling], None]


@dataclass
class Tally:
    """What was read and found. `upto`: the instant to which time has come; NEVER if nothing was read."""

    lines: int = 0
    records: int = 0
    refused_lines: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    duties: Counter[str] = field(default_factory=Counter)
    violated: int = 0
    upto: Instant = NEVER

    @property
    def is_clean(self) -> bool:
        """No act refused and no duty missed, as far as time has come."""
        return not self.acts[Decision.REFUSED.value] and not self.violated

    @property
    def is_undecided(self) -> bool:
        hanging = (DutyStatus.UNPROVEN, DutyStatus.AWAITING)
        return bool(
            self.acts[Decision.UNDECIDED.value]
            or any(self.duties[s.value] for s in hanging)
            or self.refused_lines.total()
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """`soon`: how long before its due a duty is told as due soon. `lag`: by how much a line may come late."""

    attested: bool = False
    draft: bool = False
    lag: Instant = 0
    soon: Instant | None = None
    at: Instant | None = None


def monitor(
    contract: Path,
    source: Path,
    tell: Teller,
    *,
    trust: TrustSource | None = None,
    settings: Settings = Settings(),
    folders: tuple[Path, ...] = (),
    ready: Callable[[Lookup], None] = lambda _: None,
) -> Tally:
    """What is told goes to `tell`, one thing after another, after `ready`. Raises EvidenceError, VerbError."""
    bundle = open_contract(contract, folders)
    matter = matter_of(bundle, open_trust(trust), draft=settings.draft)
    if not (settings.attested or settings.draft):
        raise VerbError("VB47")
    ready(matter.main.reader.lookup)
    return follow_lines(matter, _lines(source), tell, settings)


def _lines(source: Path) -> Iterator[Line]:
    return lines_in(sys.stdin.buffer) if str(source) == "-" else each_line(source)


def follow_lines(matter: Matter, lines: Iterator[Line], tell: Teller, settings: Settings) -> Tally:
    following = Following(matter, settings, tell)
    for line in lines:
        following.take(line)
    return following.end()


@dataclass
class Following:
    matter: Matter
    settings: Settings
    tell: Teller
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.reader = LineReader(self.matter.main.reader.lookup)
        self.core = slow_core(self.matter, self.settings.soon)
        self.monitor = Monitor(self.core, Placing(self.settings.lag))

    def take(self, line: Line) -> None:
        self.tally.lines += 1
        try:
            event = self.reader.read(line.needed(), line.number)
        except (VerbError, EvidenceError) as fault:
            self._refuse(RefusedLine(line.number, fault))
            return
        at = self.settings.at
        if at is not None and event.time > at:
            return
        self.tally.records += 1
        self._tell(self.monitor.take(event))

    def end(self) -> Tally:
        at = self.settings.at
        self._tell(self.monitor.end(at))
        self.tally.upto = self.core.now
        self._count_duties()
        return self.tally

    def _refuse(self, refused: RefusedLine) -> None:
        self.tally.refused_lines[refused.fault.code] += 1
        self.tell(refused)

    def _tell(self, found: Iterator[Told]) -> None:
        for each in found:
            self._count(each)
            if self.settings.at is None:
                self.tell(each)

    def _count(self, told: Told) -> None:
        match told:
            case ActTold():
                if told.was is not None:
                    self.tally.acts[told.was.value] -= 1
                self.tally.acts[told.decision.value] += 1
            case MovedTold():
                self.tally.moved += 1
            case DutyTold():
                pass

    def _count_duties(self) -> None:
        for instance in with_second(self.core.duties()):
            status = instance.status
            self.tally.duties[status.value] += 1
            self.tally.violated += status in (DutyStatus.VIOLATED, DutyStatus.CURED)
            if self.settings.at is not None and status not in (DutyStatus.FULFILLED, DutyStatus.WAIVED):
                self.tell(Stands(instance))


# ---- the slow core


def slow_core(matter: Matter, soon: Instant | None) -> StoredCore:
    main = matter.main
    lookup, signed = main.reader.lookup, main.reader.holders.signed()

    def builds(events: list[Event], sources: tuple[Source, ...], asked: Instant) -> World:
        return build(lookup, events, asked, sources=sources, signed=signed, draft=matter.draft)

    def judges(world: World, record: Record) -> Judged:
        return judged_in(matter, world, record)

    return StoredCore(builds, judges, main.bundle.document, soon)


def judged_in(matter: Matter, world: World, record: Record) -> Judged:
    """Never final: nobody attests the times."""
    history = History(matter, (), world.asked)
    history.assume(matter.main, world)
    found = judge(history, record.event, record.instant, lambda _member, _world: record)
    return replace(found, final=False)
