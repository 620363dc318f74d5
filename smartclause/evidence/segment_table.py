"""Which numbers of which issuer a ledger holds in segments: a table that repeats their statements.

It is made with the first segment; `verification` compares it with the statements.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.segment import SegmentStatement
from smartclause.evidence.store import SEGMENTS, own_words


class Held(NamedTuple):
    """Of the segment at an entry: the numbers `first` to `last`, the digest `after` which the next event follows, the
    least and the greatest id, the digest of the file."""

    position: int
    issuer: str
    first: int
    last: int
    after: str
    low: str
    high: str
    file: str


def held_of(position: int, stated: SegmentStatement) -> Held:
    return Held(
        position, stated.issuer, stated.first, stated.end - 1, stated.last, stated.low, stated.high, stated.file
    )


def hold(connection: sqlite3.Connection, held: Held) -> None:
    if not has_segments(connection):
        connection.execute(SEGMENTS.strip())
    connection.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?)", held)


def has_segments(connection: sqlite3.Connection) -> bool:
    with own_words():
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'segments'"
        return bool(connection.execute(query).fetchone()[0])


def holdings(connection: sqlite3.Connection) -> Iterator[Held]:
    """All segments by entry. Raises EvidenceError EV17."""
    yield from _found(connection, "1 = 1", ())


def under_number(connection: sqlite3.Connection, issuer: str, first: int, last: int) -> list[Held]:
    """Segments of the issuer with any of these numbers."""
    return list(_found(connection, "issuer = ? AND first <= ? AND last >= ?", (issuer, last, first)))


def with_ids_between(connection: sqlite3.Connection, low: str, high: str) -> list[Held]:
    """Segments that may hold one of these ids."""
    return list(_found(connection, "low <= ? AND high >= ?", (high, low)))


def _found(connection: sqlite3.Connection, condition: str, values: tuple[object, ...]) -> Iterator[Held]:
    if not has_segments(connection):
        return
    query = f"SELECT * FROM segments WHERE {condition} ORDER BY position"
    with own_words():
        for found in connection.execute(query, values):
            if not all(isinstance(value, kind) for value, kind in zip(found, _SHAPE, strict=True)):
                raise EvidenceError("EV17", reason="its table of segments has another kind of value")
            yield Held(*found)


_SHAPE = (int, str, int, int, str, str, str, str)
