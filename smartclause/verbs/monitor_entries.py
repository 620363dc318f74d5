"""Signed records as the monitor reads them, entry by entry: of a ledger with its segments, or lines of envelopes.

A ledger is verified as a whole each time it is read; envelopes that were opened before are not opened again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import Ledger, checkpoints, latest_checkpoint, open_ledger, rows
from smartclause.evidence.recording import MAX_EVENT
from smartclause.evidence.trust import TrustStore, ring
from smartclause.evidence.verification import is_segment, verify_ledger
from smartclause.logic.counting import Instant
from smartclause.verbs.errors import VerbError
from smartclause.verbs.lines import each_line
from smartclause.verbs.reading import Absent, Opened, Received, joined, open_each
from smartclause.verbs.sources import Records, in_line, is_ledger, keeper_of, while_standing

Entry: TypeAlias = "tuple[Opened, ...] | Absent"
"""The event of an entry, the events of a segment, or what is known of a segment whose file is missing."""


@dataclass(frozen=True, slots=True)
class Entries:
    """`received`: when each came; of lines the times they claim. `checkpointed`: so many stand under a checkpoint of
    the keeper. `events`: how many places of events there are up to each entry, and `segments` whether there are any."""

    each: tuple[Entry, ...] = ()
    received: tuple[Instant, ...] = ()
    events: tuple[int, ...] = ()
    ledger: str = ""
    checkpointed: int = 0
    attested: bool = False
    keeper: str = ""

    def last(self, count: int) -> Instant:
        return max(self.received[:count], default=0)

    def digest(self, count: int) -> str:
        """Of the first entries, by which they are known again."""
        found = sha256(self.ledger.encode())
        for entry in self.each[:count]:
            said = (entry.file,) if isinstance(entry, Absent) else (o.digest for o in entry)
            found.update("".join((*said, "\n")).encode())
        return found.hexdigest()

    def first(self, count: int, checkpointed: int | None = None) -> Records:
        """As they were when so many had been received; `checkpointed`: and so many were signed for."""
        found = self.each[:count]
        opened = tuple(joined(o for entry in found if not isinstance(entry, Absent) for o in entry))
        numbers = tuple((o.body.id, o.digest) for o in opened)
        places = self.events[count - 1] if count else 0
        return Records(
            opened, self.ledger, count, "", self.last(count),
            self.checkpointed if checkpointed is None else min(checkpointed, self.checkpointed), self.attested, numbers,
            keeper=self.keeper, absent=tuple(e for e in found if isinstance(e, Absent)),
            events=places if places != count else None,
        )  # fmt: skip


@dataclass
class EntryReader:
    """`segments`: the folder of the ledger's segments, if not beside it."""

    path: Path
    trust: TrustStore
    segments: Path | None = None
    entries: Entries = field(default_factory=Entries)
    _stated: int = 0
    _prints: list[bytes] = field(default_factory=list)

    def read(self, now: Instant) -> Entries:
        """All that is there: what was read before, and more. Raises EvidenceError, VerbError VB58."""
        found, known = self._of_ledger(now) if is_ledger(self.path) else self._of_lines(now), len(self.entries.each)
        if len(found.each) < known:
            raise VerbError("VB58", self.path.name, reason="it was cut short")
        if known and found.digest(known) != self.entries.digest(known):
            raise VerbError("VB58", self.path.name, reason="another file has taken its place")
        self.entries = found
        return found

    def has_grown(self) -> bool:
        """Whether there are more entries, or more of them signed for, than were read."""
        known = self.entries
        try:
            with open_ledger(self.path) as ledger:
                more = any(True for _ in rows(ledger, len(known.each), len(known.each) + 1))
                return more or latest_checkpoint(ledger)[0] > self._stated
        except EvidenceError:
            return True  # whatever it is now, to read it says so

    def _of_ledger(self, now: Instant) -> Entries:
        with open_ledger(self.path) as ledger:
            key = keeper_of(self.trust, ledger.key_id, now)
            verified = verify_ledger(ledger, key)
            self._stated = latest_checkpoint(ledger)[0]
            before = self.entries if key is not None and self.entries.attested else Entries()
            if self.entries.ledger:
                self._must_go_on(ledger, len(self.entries.each))
            each, received, events = list(before.each), list(before.received), list(before.events)
            for item, at in self._received(ledger, len(each), verified.head.size, key is not None):
                found, count = self._opened(item, now, events[-1] if events else 0)
                each.append(found)
                received.append(at)
                events.append(count)
            signed = verified.signed_size if key is not None else 0
            if key is not None and signed:
                stood = while_standing(self.trust, key.id, received[:signed])
                signed = max((n for n, _ in checkpoints(ledger) if n <= stood), default=0)
            kept = tuple(each), tuple(received), tuple(events)
            return Entries(*kept, ledger.id, signed, key is not None, key.id if key else "")

    def _must_go_on(self, ledger: Ledger, count: int) -> None:
        """What was read is there still, byte by byte. Raises VerbError VB58."""
        found = [sha256(row.envelope).digest() for row in rows(ledger, 0, count)]
        if len(found) < count and found == self._prints[: len(found)]:
            raise VerbError("VB58", self.path.name, reason="it was cut short")
        if ledger.id != self.entries.ledger or found != self._prints[:count]:
            raise VerbError("VB58", self.path.name, reason="another file has taken its place")

    def _received(self, ledger: Ledger, first: int, end: int, attested: bool) -> Iterator[tuple[Received, Instant]]:
        for row in rows(ledger, first, end):
            at = row.received if attested else None
            place = f"entry {row.position}"
            self._prints[row.position :] = [sha256(row.envelope).digest()]
            yield Received(envelopes.read(row.envelope), at, row.position, row.kind, place), row.received

    def _opened(self, item: Received, now: Instant, places: int) -> tuple[Entry, int]:
        """With the place of the next event."""
        placed = item if places == item.index else replace(item, index=places, at=item.index)
        if not is_segment(item.envelope):
            return tuple(open_each((placed,), self.trust, now)), places + 1
        from smartclause.verbs.segment_reading import open_segment_entry, segments_folder  # reads Parquet

        stated, found = open_segment_entry(
            replace(placed, at=item.index), ring(self.trust), now, self.segments or segments_folder(self.path)
        )
        return (found if isinstance(found, Absent) else tuple(found)), places + stated.count

    def _of_lines(self, now: Instant) -> Entries:
        each = tuple((o,) for o in open_each(_lines(self.path), self.trust, now))
        return Entries(each, tuple(o.instant for (o,) in each), tuple(range(1, len(each) + 1)))


def _lines(path: Path) -> Iterator[Received]:
    for number, line in enumerate(each_line(path), 1):
        with in_line(line.number):
            envelope = envelopes.read(line.needed(), MAX_EVENT)
        yield Received(envelope, None, number, place=f"line {line.number}")
