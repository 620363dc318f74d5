"""The monitor over signed records, a ledger as it grows or lines of envelopes: each new entry with all before it.

A verdict is told at once as the records have it, and again as final once every source is complete up to its act. While
a ledger is followed, time is that of the clock of whoever follows; otherwise that of the last entry.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from smartclause.engines.audit import AuditResult, Use
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.snapshot import Snapshot, differences, moments, snapshot, stands
from smartclause.engines.monitor.told import MovedTold, Told
from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import Clock, checkpoints, open_ledger, rows, system_clock
from smartclause.evidence.recording import MAX_EVENT
from smartclause.evidence.trust import TrustStore
from smartclause.evidence.verification import is_segment, verify_ledger
from smartclause.logic.answers import DEFAULT_RECORDS_DUE
from smartclause.logic.counting import Instant
from smartclause.logic.instances import Instance
from smartclause.logic.world import length
from smartclause.verbs.audit import audited
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.lines import each_line
from smartclause.verbs.reading import Opened, Received, joined, open_each
from smartclause.verbs.sources import Records, in_line, is_ledger, keeper_of, while_standing


@dataclass(frozen=True, slots=True)
class Entries:
    """What was read, each entry by itself. `checkpointed`: so many stand under a checkpoint of the keeper."""

    each: tuple[Opened, ...]
    ledger: str = ""
    checkpointed: int = 0
    attested: bool = False
    keeper: str = ""

    def first(self, count: int) -> Records:
        """As they were when so many had been received."""
        opened = tuple(joined(self.each[:count]))
        last = max((o.instant if o.received is None else o.received for o in self.each[:count]), default=0)
        numbers = tuple((o.body.id, o.digest) for o in opened)
        return Records(
            opened, self.ledger, count, "", last, self.checkpointed, self.attested, numbers, keeper=self.keeper
        )


def read_entries(path: Path, trust: TrustStore, now: Instant) -> Entries:
    """Raises EvidenceError, VerbError VB58 for a ledger with segments."""
    return _of_ledger(path, trust, now) if is_ledger(path) else _of_lines(path, trust, now)


def _of_ledger(path: Path, trust: TrustStore, now: Instant) -> Entries:
    with open_ledger(path) as ledger:
        key = keeper_of(trust, ledger.key_id, now)
        verified = verify_ledger(ledger, key)
        kept = list(rows(ledger, 0, verified.head.size))
        received = [
            Received(envelopes.read(r.envelope), r.received if key else None, r.position, r.kind, f"entry {r.position}")
            for r in kept
        ]
        _refuse_segments(received)
        each = tuple(open_each(received, trust, now))
        signed = verified.signed_size
        if key is not None and signed:
            stood = while_standing(trust, key.id, (r.received for r in kept[:signed]))
            signed = max((n for n, _ in checkpoints(ledger) if n <= stood), default=0)
        return Entries(each, ledger.id, signed, key is not None, key.id if key else "")


def _refuse_segments(received: Iterable[Received]) -> None:
    """Each entry is followed as one event: to pass over those of a segment would tell of uses and duties wrongly."""
    for item in received:
        if is_segment(item.envelope):
            raise VerbError("VB58", item.place, where=item.place)


def _of_lines(path: Path, trust: TrustStore, now: Instant) -> Entries:
    return Entries(tuple(open_each(_received(path), trust, now)))


def _received(path: Path) -> Iterator[Received]:
    for number, line in enumerate(each_line(path), 1):
        with in_line(line.number):
            envelope = envelopes.read(line.needed(), MAX_EVENT)
        yield Received(envelope, None, number, place=f"line {line.number}")


@dataclass
class LedgerFollowing:
    """`tell` gets what is told; `count` and `now` are how far entries and time have come."""

    bundle: Bundle
    trust: TrustStore
    tell: Callable[[Told], None]
    soon: Instant | None = None
    count: int = 0
    now: Instant = NEVER
    last: Snapshot = field(default_factory=lambda: Snapshot(NEVER))
    moved: set[str] = field(default_factory=set)
    result: AuditResult | None = None

    def step(self, entries: Entries, count: int, at: Instant) -> None:
        """Time comes to `at`, and then the entries up to `count` are there."""
        if self.count and count > self.count:
            self.passes(entries, at)
        self._look(entries, count, at)

    def _look(self, entries: Entries, count: int, at: Instant) -> None:
        after = self.judged(entries, count, at)
        for told in (*self._moves(after), *differences(self.last, after, self.soon)):
            self.tell(told)
        self.last, self.count, self.now = after, count, max(at, self.now)

    def _moves(self, after: Snapshot) -> Iterator[MovedTold]:
        for number, use in after.acts.items():
            if use.moved and number not in self.moved:
                self.moved.add(number)
                yield MovedTold(use.record.instant, number, use.record.event.time)

    def judged(self, entries: Entries, count: int, at: Instant) -> Snapshot:
        """The verdicts as the records have them; final ones as they stand whatever is still to come."""
        records = entries.first(count)
        asked = max(at, records.last)
        closed = audited(self.bundle, records, self.trust, asked, closed=True)
        sure = audited(self.bundle, records, self.trust, asked)
        final = {u.record.event.id: u for u in sure.uses if u.judged.final}
        self.result = closed
        return snapshot(asked, (_settled(u, final) for u in closed.uses), closed.duties)

    def moments(self) -> Iterator[Instant]:
        """When something may change though nothing is recorded."""
        header = self.bundle.root.header
        grace = length(header.records_due or DEFAULT_RECORDS_DUE)
        for instance in self.last.duties.values():
            yield from moments(instance, grace, self.soon)

    def passes(self, entries: Entries, now: Instant) -> None:
        """The clock has come so far, moment by moment."""
        while self.now < now:
            coming = min((m for m in self.moments() if self.now < m <= now), default=None)
            if coming is None:
                self.now = now
            else:
                self._look(entries, self.count, coming)

    def standing(self) -> list[Instance]:
        return [i for i in self.last.duties.values() if not i.is_otherwise and stands(i, self.last.now)]


def _settled(use: Use, final: dict[str, Use]) -> Use:
    return final.get(use.record.event.id, replace(use, judged=replace(use.judged, final=False)))


def follow_entries(
    following: LedgerFollowing, path: Path, until: Instant | None, live: bool, poll: float,
    kept: Callable[[], None], clock: Clock = system_clock,
) -> None:  # fmt: skip
    """All entries that are there in one step, then each new one by itself. `kept` is called after each look."""
    entries = read_entries(path, following.trust, clock())
    if until is not None:
        within = [o for o in entries.each if (o.received if o.received is not None else o.instant) <= until]
        following.step(entries, len(within), until)
        return
    _steps(following, entries, clock() if live else None)
    kept()
    while live:
        time.sleep(poll)
        if _grown(path, following.count):
            entries = read_entries(path, following.trust, clock())
            _steps(following, entries, None)
        following.passes(entries, clock())
        kept()


def _steps(following: LedgerFollowing, entries: Entries, now: Instant | None) -> None:
    size = len(entries.each)
    if following.count == 0 and size:
        following.step(entries, size, entries.first(size).last if now is None else now)
        return
    for count in range(following.count + 1, size + 1):
        newest = entries.each[count - 1]
        at = newest.instant if newest.received is None else newest.received
        following.step(entries, count, max(at, following.now))


def _grown(path: Path, count: int) -> bool:
    try:
        with open_ledger(path) as ledger:
            return any(True for _ in rows(ledger, count, count + 1))
    except EvidenceError:
        return not is_ledger(path)
