"""Lines of a file that may still grow, or of standard input, as they come: many at a time, none longer than an event.

Of a line that is too long only its length is kept, so that memory does not grow with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.recording import MAX_EVENT

PIECE = 2**18


@dataclass(slots=True)
class Batch:
    """`lines` in their order, the first with the number `first`; None for one that was too long, its size in `sizes`.
    `offset`: the bytes before the next line that is not here. `ended` False: the last line has no end."""

    first: int
    lines: list[bytes | None]
    offset: int
    sizes: dict[int, int]
    ended: bool = True


@dataclass
class Feed:
    """`waiting`: so many bytes wait for the end of their line. `more`: called where nothing is left; False ends it."""

    file: BinaryIO
    more: Callable[[], bool]
    offset: int = 0
    number: int = 1
    piece: int = PIECE
    waiting: int = 0

    def batches(self) -> Iterator[Batch]:
        rest, lost = b"", 0
        while True:
            piece = self._read()
            if not piece:
                if self.more():
                    continue
                break
            lines = (rest + piece).split(b"\n")
            rest = lines.pop()
            batch, lost = self._batch(lines, lost)
            if len(rest) > MAX_EVENT:
                lost, rest = lost + len(rest), b""
            self.waiting = lost + len(rest)
            if batch.lines:
                yield batch
        if rest or lost:
            yield self._batch([rest], lost, ended=False)[0]

    def _read(self) -> bytes:
        """Raises EvidenceError EV19."""
        read1 = getattr(self.file, "read1", None)
        try:
            return bytes(read1(self.piece) if read1 is not None else self.file.read(self.piece))
        except OSError as error:
            name = Path(str(getattr(self.file, "name", "-"))).name
            raise EvidenceError("EV19", name=name, reason=error.strerror or "it cannot be read") from None

    def _batch(self, lines: list[bytes], lost: int, ended: bool = True) -> tuple[Batch, int]:
        """`lost`: how much of the first line was passed over."""
        first, sizes = self.number, {}
        kept: list[bytes | None] = list(lines)
        self.offset += sum(map(len, lines)) + (lost if lines else 0) + (len(lines) if ended else 0)
        self.number += len(lines)
        if lines and lost:
            sizes[first], kept[0], lost = lost + len(lines[0]), None, 0
        if lines and max(map(len, lines)) > MAX_EVENT:
            for place, line in enumerate(lines):
                if len(line) > MAX_EVENT and kept[place] is not None:
                    sizes[first + place], kept[place] = len(line), None
        return Batch(first, kept, self.offset, sizes, ended), lost
