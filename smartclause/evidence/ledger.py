"""The ledger: signed events in the order of their receipt, in a tree whose root commits to all of them.

What is read here is as stored and unchecked; `verification` checks it.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias, cast, get_args

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.entry import Kind, entry_bytes
from smartclause.evidence.envelope import Envelope
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import KeyId, PublicKey, SigningKey
from smartclause.evidence.merkle import HASH_SIZE, Frontier, root_of
from smartclause.evidence.note import Checkpoint, checkpoint_text, note_key, write_note
from smartclause.evidence.segment_table import under_number
from smartclause.evidence.store import TABLES, check_tables, connect, own_words, transaction
from smartclause.evidence.tiles import GrowingTree, reading, stored_tree, write_tiles
from smartclause.logic.canonical import CanonicalError

EDITION = "ledger 1"

Clock = Callable[[], int]  # microseconds since 1970 in UTC


def system_clock() -> int:
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger. `id` stands in each of its events, `key_id` is the key that signs its checkpoints."""

    id: str
    key_id: KeyId
    path: Path
    connection: sqlite3.Connection

    @property
    def origin(self) -> str:
        return origin(self.id)


def origin(ledger: str) -> str:
    """The name of the ledger in checkpoints."""
    return f"smartclause-ledger/{ledger}"


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it is stored; nothing in it has been checked."""

    position: int
    received: int
    kind: Kind
    earlier: int | None
    event: str
    issuer: str
    seq: int
    prev: str | None
    body: str
    envelope: bytes


def create_ledger(path: Path, key: PublicKey, clock: Clock = system_clock) -> str:
    """A new, empty ledger and its id. Raises EvidenceError EV07, EV16, EV19."""
    ledger = secrets.token_hex(16)
    note_key(origin(ledger), key)
    if path.exists():
        raise EvidenceError("EV19", name=path.name, reason="it exists already")
    connection = connect(path, "rwc")
    try:
        with transaction(connection, writing=True):
            for statement in filter(str.strip, TABLES.split(";")):
                connection.execute(statement)
            connection.execute("INSERT INTO header VALUES (?, ?, ?, ?)", (EDITION, ledger, key.id, clock()))
            connection.execute("INSERT INTO tree VALUES (0, ?)", (b"",))
    finally:
        connection.close()
    return ledger


@contextmanager
def open_ledger(path: Path, *, writing: bool = False) -> Iterator[Ledger]:
    """Raises EvidenceError EV16, EV17, EV19."""
    if not path.is_file():
        raise EvidenceError("EV19", name=path.name, reason="there is no such ledger")
    connection = connect(path, "rw" if writing else "ro")
    try:
        with own_words():
            rows = connection.execute("SELECT edition, ledger, key_id FROM header").fetchall()
        if len(rows) != 1 or not all(isinstance(value, str) for value in rows[0]):
            raise EvidenceError("EV17", reason="its header is missing")
        edition, ledger, key_id = rows[0]
        if edition != EDITION:
            raise EvidenceError("EV17", reason=f"it has the edition `{edition}`, and `{EDITION}` is read here")
        check_tables(connection)
        yield Ledger(ledger, key_id, path, connection)
    finally:
        connection.close()


def entry_of(ledger: Ledger, row: Row, parts: Envelope | None = None) -> bytes:
    """The bytes of the ledger entry, from the stored envelope (`parts`, if it was read already).

    Raises EvidenceError EV17.
    """
    try:
        earlier = None
        if row.earlier is not None:
            other = row_at(ledger, row.earlier)
            earlier = (other.position, stored_envelope(other))
        stored = parts or stored_envelope(row)
        return entry_bytes(ledger.id, row.position, row.received, row.kind, stored, earlier)
    except (OverflowError, CanonicalError):
        raise EvidenceError("EV17", f"entry {row.position}", reason="a value is out of range") from None


def stored_envelope(row: Row) -> Envelope:
    """Raises EvidenceError EV17."""
    try:
        return envelopes.read(row.envelope)
    except EvidenceError as error:
        raise EvidenceError("EV17", f"entry {row.position}", reason=error.text()) from None


_COLUMNS = "position, received, kind, earlier, event, issuer, seq, prev, body, envelope"


def rows(ledger: Ledger, first: int = 0, end: int | None = None) -> Iterator[Row]:
    """The stored entries from `first` (included) to `end` (excluded), in order, unchecked."""
    query = f"SELECT {_COLUMNS} FROM entries WHERE position >= ? AND position < ? ORDER BY position"
    with own_words():
        for values in ledger.connection.execute(query, (first, 2**63 - 1 if end is None else end)):
            yield _row(values)


def row_at(ledger: Ledger, position: int) -> Row:
    """Raises EvidenceError EV17 if there is none."""
    for row in rows(ledger, position, position + 1):
        return row
    raise EvidenceError("EV17", f"entry {position}", reason="an entry is missing")


class Recorded(NamedTuple):
    """An entry without its envelope: where the event was recorded, of which issuer, with which body."""

    event: str
    position: int
    issuer: str
    body: str


_MOST_AT_ONCE = 500  # values in one question


def recorded(ledger: Ledger, events: Sequence[str]) -> Iterator[Recorded]:
    """All entries of these events; those of one event in their order."""
    for first in range(0, len(events), _MOST_AT_ONCE):
        some = events[first : first + _MOST_AT_ONCE]
        marks = ", ".join("?" * len(some))
        query = f"SELECT event, position, issuer, body FROM entries WHERE event IN ({marks}) ORDER BY position"
        with own_words():
            for values in ledger.connection.execute(query, some):
                yield Recorded(*values)


def under(ledger: Ledger, issuer: str, seq: int) -> tuple[tuple[str, str], ...]:
    """Event and body of what was recorded of the issuer under this number.

    Of a segment that holds it, an event without a number of its own, and its body only if it is the last one.
    """
    query = "SELECT event, body, position FROM entries WHERE issuer = ? AND seq = ? ORDER BY position"
    held = {each.position: each for each in under_number(ledger.connection, issuer, seq, seq)}
    with own_words():
        single = [
            (event, body) for event, body, at in ledger.connection.execute(query, (issuer, seq)) if at not in held
        ]
    return (*single, *(("", each.after if each.last == seq else "") for each in held.values()))


def last_of(ledger: Ledger, issuer: str) -> tuple[int, str] | None:
    """The issuer's highest number and the body that was received last under it."""
    query = "SELECT seq, body, position FROM entries WHERE issuer = ? ORDER BY seq DESC, position DESC LIMIT 1"
    with own_words():
        found = ledger.connection.execute(query, (issuer,)).fetchone()
    if found is None:
        return None
    seq, body, position = found
    held = next((h for h in under_number(ledger.connection, issuer, seq, seq) if h.position == position), None)
    return seq, body if held is None else held.after


def of_issuer_between(ledger: Ledger, issuer: str, first: int, last: int) -> bool:
    """Whether anything was recorded of the issuer under these numbers."""
    query = "SELECT 1 FROM entries WHERE issuer = ? AND seq BETWEEN ? AND ? LIMIT 1"
    with own_words():
        single = ledger.connection.execute(query, (issuer, first, last)).fetchone()
    return single is not None or bool(under_number(ledger.connection, issuer, first, last))


def recorded_between(ledger: Ledger, low: str, high: str) -> Iterator[Recorded]:
    """All entries of events with an id from `low` to `high`."""
    query = "SELECT event, position, issuer, body FROM entries WHERE event BETWEEN ? AND ? ORDER BY event, position"
    with own_words():
        for values in ledger.connection.execute(query, (low, high)):
            yield Recorded(*values)


def last_entry(ledger: Ledger) -> tuple[int, int] | None:
    """Position and time of receipt of the last entry."""
    with own_words():
        query = "SELECT position, received FROM entries ORDER BY position DESC LIMIT 1"
        found: tuple[int, int] | None = ledger.connection.execute(query).fetchone()
    return found


Columns: TypeAlias = tuple[int, int, Kind, int | None, str, str, int, str | None, str, bytes]
"""The members of a Row, in their order."""


def insert(ledger: Ledger, rows: Sequence[Columns]) -> None:
    query = f"INSERT INTO entries ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ledger.connection.executemany(query, rows)


_SHAPE = ((int,), (int,), (str,), (int, type(None)), (str,), (str,), (int,), (str, type(None)), (str,), (bytes,))


def _row(values: tuple[object, ...]) -> Row:
    if not all(isinstance(value, kind) for value, kind in zip(values, _SHAPE, strict=True)):
        raise EvidenceError("EV17", f"entry {values[0]}", reason="a column has another kind of value")
    if values[2] not in get_args(Kind):
        raise EvidenceError("EV17", f"entry {values[0]}", reason="an entry of unknown kind")
    return Row(*cast(Columns, values))


def read_frontier(ledger: Ledger) -> Frontier:
    """Raises EvidenceError EV17."""
    with own_words():
        stored = ledger.connection.execute("SELECT size, roots FROM tree").fetchall()
    if len(stored) != 1 or not isinstance(stored[0][0], int) or not isinstance(stored[0][1], bytes):
        raise EvidenceError("EV17", reason="its tree is missing")
    size, joined = stored[0]
    try:
        return Frontier(size, tuple(joined[n : n + HASH_SIZE] for n in range(0, len(joined), HASH_SIZE)))
    except ValueError:
        raise EvidenceError("EV17", reason="its tree does not fit its size") from None


def open_tree(ledger: Ledger) -> GrowingTree:
    """The stored tree, to append to. Raises EvidenceError EV17."""
    return stored_tree(read_frontier(ledger), reading(ledger.connection))


def write_tree(ledger: Ledger, tree: GrowingTree) -> None:
    frontier = tree.frontier
    ledger.connection.execute("UPDATE tree SET size = ?, roots = ?", (frontier.size, b"".join(frontier.roots)))
    write_tiles(ledger.connection, tree.settle())


def head(ledger: Ledger) -> Checkpoint:
    """The size and root as stored; `verify_ledger` recomputes them."""
    frontier = read_frontier(ledger)
    return Checkpoint(ledger.origin, frontier.size, root_of(frontier))


def checkpoint(ledger: Ledger, key: SigningKey) -> str:
    """A signed checkpoint of the present head, kept in the ledger. Raises EvidenceError EV07, EV15-EV17."""
    with transaction(ledger.connection, writing=True):
        return write_checkpoint(ledger, key)


def write_checkpoint(ledger: Ledger, key: SigningKey) -> str:
    """As `checkpoint`, inside a transaction."""
    if key.id != ledger.key_id:
        raise EvidenceError("EV07", reason="it is not the key of this ledger")
    now = head(ledger)
    note = write_note(checkpoint_text(now), ledger.origin, key)
    ledger.connection.execute("INSERT OR REPLACE INTO checkpoints VALUES (?, ?)", (now.size, note))
    return note


def latest_checkpoint(ledger: Ledger) -> tuple[int, str]:
    """Size and note of the stored checkpoint over the most entries, unchecked; (0, "") if there is none."""
    with own_words():
        found = ledger.connection.execute("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    if found is None:
        return 0, ""
    size, note = found
    if not isinstance(size, int) or not isinstance(note, str):
        raise EvidenceError("EV17", reason="a checkpoint has another kind of value")
    return size, note


def checkpoint_count(ledger: Ledger) -> int:
    with own_words():
        return int(ledger.connection.execute("SELECT count(*) FROM checkpoints").fetchone()[0])


def checkpoints(ledger: Ledger) -> Iterator[tuple[int, str]]:
    """The stored checkpoints by size, unchecked."""
    with own_words():
        stored = ledger.connection.execute("SELECT size, note FROM checkpoints ORDER BY size")
        for size, note in stored:
            if not isinstance(size, int) or not isinstance(note, str):
                raise EvidenceError("EV17", reason="a checkpoint has another kind of value")
            yield size, note
