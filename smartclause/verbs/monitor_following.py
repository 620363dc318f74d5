"""Lines of plain JSON followed: read, judged, told; and the state from which a run that ended goes on."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from smartclause.engines.monitor.saving import plain_placing, restore_placing
from smartclause.engines.monitor.told import MovedTold, Told
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.recording import MAX_EVENT
from smartclause.verbs.errors import VerbError
from smartclause.verbs.matter import Matter
from smartclause.verbs.monitor_cores import monitor_of
from smartclause.verbs.monitor_feed import Batch, Feed
from smartclause.verbs.monitor_lines import LineReader
from smartclause.verbs.monitor_quick import QuickLines
from smartclause.verbs.monitor_settings import RefusedLine, Settings, Stands, Tally, Teller, Telling, is_wanted
from smartclause.verbs.monitor_source import FirstPart, Followed
from smartclause.verbs.monitor_state import Saved, read_state, write_state


@dataclass
class Following:
    matter: Matter
    settings: Settings
    teller: Teller
    source: Path
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.offset, self.line, self.unended = 0, 1, False
        self._written = time.monotonic()
        self._silent = False
        self._between = True
        self._begin()

    def _begin(self) -> None:
        lookup = self.matter.main.reader.lookup
        self.careful = LineReader(lookup)
        self.quick = QuickLines(lookup)
        self.monitor = monitor_of(self.matter, self.settings)
        self.core = self.monitor.core

    # ---- lines

    def follow(self, file: BinaryIO) -> None:
        followed = Followed(self.source, file)
        feed = Feed(file, lambda: self._waits(followed, feed), self.offset, self.line, self.settings.piece)
        for batch in feed.batches():
            self._between = False
            self.take(batch)
            self.offset, self.line, self.unended = batch.offset, feed.number, not batch.ended
            self._between = True
            if self.settings.state is not None and time.monotonic() - self._written >= self.settings.every:
                self.checkpoint(file)

    def _waits(self, followed: Followed, feed: Feed) -> bool:
        """Whether there may be more: then after a while."""
        if not self.settings.follow:
            return False
        followed.must_be_the_same(feed.offset + feed.waiting)
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
            self._put(RefusedLine(number, fault))
            return
        if self.settings.at is None or event.time <= self.settings.at:
            self.tally.records += 1
            self._tell(self.monitor.event(event))

    def _tell(self, told: list[Told]) -> None:
        for each in told:
            if isinstance(each, MovedTold):
                self.tally.moved += 1
            if self.settings.at is None and is_wanted(each, self.settings):
                self._put(each)

    def _put(self, telling: Telling) -> None:
        if not self._silent:
            self.teller.tell(telling)

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

    def checkpoint(self, file: BinaryIO) -> None:
        if self.settings.state is None:
            return
        length = self.teller.settle()
        data: dict[str, Any] = {
            "offset": self.offset, "line": self.line, "unended": self.unended, "told": self.teller.number,
            "length": length, "prints": Followed(self.source, file).prints(self.offset),
        }  # fmt: skip
        if not self.core.rereads:
            data |= self._kept()
        write_state(self.settings.state, Saved(self._about(), data))
        self._written = time.monotonic()

    def leave(self, file: BinaryIO) -> None:
        """Before its end: what was begun and not told to the end is no part of a state."""
        if self._between:
            self.checkpoint(file)

    def _kept(self) -> dict[str, Any]:
        numbers = self.careful.numbers
        return {
            "numbers": [sorted(numbers.recent), sorted(numbers.older)], "placing": plain_placing(self.monitor.placing),
            "core": self.core.save(), "lines": self.tally.lines, "records": self.tally.records,
            "moved": self.tally.moved, "refused": dict(self.tally.refused_lines),
        }  # fmt: skip

    def resume(self, file: BinaryIO) -> None:
        """From the state, if there is one. Raises VerbError VB53."""
        path = self.settings.state
        data = None if path is None else read_state(path, self._about())
        if path is None or data is None:
            self.teller.resume(0, 0)
            return
        try:
            self._restore(data, file, path)
        except (KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError):
            raise VerbError("VB53", path.name, reason="it is no state that the monitor wrote") from None
        if self.unended:
            self._end_of_line(file, path)
        self.teller.resume(data["length"], data["told"])

    def _restore(self, data: dict[str, Any], file: BinaryIO, path: Path) -> None:
        offset, line = int(data["offset"]), int(data["line"])
        followed = Followed(self.source, file)
        if self.core.rereads:
            self._read_again(followed, offset, data["prints"], path)
        else:
            self._bring_back(data)
            followed.pass_over(offset, data["prints"], path)
        self.offset, self.line, self.unended = offset, line, bool(data["unended"])

    def _bring_back(self, data: dict[str, Any]) -> None:
        self.core.restore(data["core"])
        restore_placing(self.monitor.placing, data["placing"])
        recent, older = data["numbers"]
        numbers = self.careful.numbers
        numbers.recent, numbers.older = set(recent), set(older)
        tally = self.tally
        tally.lines, tally.records, tally.moved = data["lines"], data["records"], data["moved"]
        tally.refused_lines = Counter(data["refused"])

    def _read_again(self, followed: Followed, offset: int, prints: list[str], path: Path) -> None:
        """What was told of it is told no more."""
        if followed.file.seekable():
            followed.pass_over(offset, prints, path)
            followed.file.seek(0)
        self._silent = True
        feed = Feed(cast(BinaryIO, FirstPart(followed.file, offset)), lambda: False, piece=self.settings.piece)
        for batch in feed.batches():
            self.take(batch)
        self._silent = False
        if feed.offset < offset:
            raise VerbError("VB53", path.name, reason="the source is shorter than what was read of it")

    def _end_of_line(self, file: BinaryIO, path: Path) -> None:
        """The last line that was read had no end: what comes now must be that end."""
        found = file.read(1)
        if found not in (b"", b"\n"):
            raise VerbError("VB53", path.name, reason="its last line has grown since it was read")
        self.offset += len(found)
        self.unended = not found
