"""A source of lines that is followed: that it is still the file it was, while it grows and after a run that ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from smartclause.evidence.errors import EvidenceError
from smartclause.logic.opening import opened
from smartclause.verbs.errors import VerbError
from smartclause.verbs.monitor_feed import PIECE

PRINT = 4096  # bytes by which a file is known again: its first, and the last that were read


@contextmanager
def opened_source(source: Path) -> Iterator[BinaryIO]:
    """Raises EvidenceError EV19."""
    if str(source) == "-":
        yield sys.stdin.buffer
        return
    try:
        file = opened(source)
    except OSError as error:
        raise _unreadable(source, error) from None
    with file:
        yield file


def _unreadable(source: Path, error: OSError) -> EvidenceError:
    return EvidenceError("EV19", name=source.name, reason=error.strerror or "it cannot be read")


@dataclass(frozen=True)
class Followed:
    """`file` is the source as it was opened; its path may since name another."""

    source: Path
    file: BinaryIO

    @property
    def _is_file(self) -> bool:
        return str(self.source) != "-" and self.file.seekable()

    def must_be_the_same(self, read: int) -> None:
        """While it grows. A path that names nothing at the moment is waited for. Raises VerbError VB58."""
        if not self._is_file:
            return
        here = os.fstat(self.file.fileno())
        if here.st_size < read:
            raise VerbError("VB58", self.source.name, reason="it was cut short")
        try:
            there = self.source.stat()
        except OSError:
            return
        if (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino):
            raise VerbError("VB58", self.source.name, reason="another file has taken its place")

    def prints(self, offset: int) -> list[str]:
        """Of what was read up to there; nothing of what cannot be read twice."""
        if not self._is_file:
            return []
        number, size = self.file.fileno(), min(PRINT, offset)
        return [sha256(os.pread(number, size, at)).hexdigest() for at in (0, offset - size)]

    def pass_over(self, offset: int, prints: list[str], state: Path) -> None:
        """What an earlier run read. Standard input is given again from its beginning. Raises VerbError VB53."""
        if self.file.seekable():
            if offset > self.file.seek(0, os.SEEK_END):
                raise VerbError("VB53", state.name, reason="the source is shorter than what was read of it")
            if prints and prints != self.prints(offset):
                raise VerbError("VB53", state.name, reason="the source is another than the one that was read")
            self.file.seek(offset)
            return
        left = offset
        while left and (piece := self.file.read(min(left, PIECE))):
            left -= len(piece)
        if left:
            raise VerbError("VB53", state.name, reason="the source is shorter than what was read of it")


class FirstPart:
    """The bytes of a file up to a place, to be read again."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size

    def read(self, most: int) -> bytes:
        piece = self._file.read(min(most, self._left))
        self._left -= len(piece)
        return piece
