"""Files of lines, read one line after another: memory does not grow with the file, nor with a line that is too long."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.recording import MAX_EVENT
from smartclause.logic.opening import opened

_PIECE = 2**16


@dataclass(frozen=True, slots=True)
class Line:
    """`number` as an editor counts. Of a line longer than an event can be only the beginning is kept."""

    number: int
    content: bytes
    size: int

    def needed(self) -> bytes:
        """Raises EvidenceError EV02 if the line is too long."""
        if self.size > len(self.content):
            raise EvidenceError("EV02", f"line {self.number}", what="the envelope", size=self.size, limit=MAX_EVENT)
        return self.content


def each_line(path: Path) -> Iterator[Line]:
    """The lines that are not empty; a file that is one JSON value over several lines is one line.

    Raises EvidenceError EV19.
    """
    with _opened(path) as file:
        yield from lines_in(file)


def lines_in(file: BinaryIO) -> Iterator[Line]:
    """As `each_line`, of what is open already, such as standard input."""
    pieces = iter(lambda: file.readline(_PIECE), b"")
    first = next(pieces, b"")
    begun = [first]
    if first.strip() == b"{":
        begun += _up_to(MAX_EVENT, pieces)
        whole = b"".join(begun).strip()
        if _is_one_value(whole):
            yield Line(1, whole, len(whole))
            return
    yield from (line for line in _split(chain(begun, pieces)) if line.content.strip() or line.size > MAX_EVENT)


def _up_to(limit: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces until they are longer than the limit."""
    size = 0
    while size <= limit and (piece := next(pieces, b"")):
        size += len(piece)
        yield piece


def _split(pieces: Iterable[bytes]) -> Iterator[Line]:
    """A piece ends with a line feed, or the line goes on in the next one."""
    number, size = 1, 0
    kept: list[bytes] = []
    for piece in pieces:
        body = piece.removesuffix(b"\n")
        size += len(body)
        kept = [*kept, body] if size <= MAX_EVENT else kept[:1]
        if len(body) < len(piece):
            yield Line(number, b"".join(kept), size)
            number, kept, size = number + 1, [], 0
    if size:
        yield Line(number, b"".join(kept), size)


def _is_one_value(content: bytes) -> bool:
    if len(content) > MAX_EVENT:
        return False
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with opened(path) as file:
            yield file
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be read") from None
