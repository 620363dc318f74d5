"""A witness: it remembers the largest checkpoint of each ledger it follows, and cosigns only what grew from it.

The new state is on the disk before a cosignature leaves. What it refuses as smaller or inconsistent is kept beside
the checkpoint that it cosigned: both are signed by the ledger, and together they show what it did.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.cosignature import cosign, with_cosignatures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.growth import Growth, grew
from smartclause.evidence.keys import KeyId, PublicKey, SigningKey
from smartclause.evidence.merkle import EMPTY_ROOT
from smartclause.evidence.note import (
    COSIGNATURE,
    Checkpoint,
    NoteKey,
    note_key,
    note_parts,
    read_checkpoint,
    read_note,
    read_verifier,
    verifier_text,
)
from smartclause.evidence.served import plain_note
from smartclause.evidence.store import connect, own_words, transaction
from smartclause.logic.canonical import digest_of_bytes

EDITION = "witness 1"

Seconds = Callable[[], int]  # since 1970 in UTC

_TABLES = """
CREATE TABLE witness (edition TEXT NOT NULL, name TEXT NOT NULL PRIMARY KEY, key_id TEXT NOT NULL);
CREATE TABLE followed (
    origin TEXT NOT NULL PRIMARY KEY, verifier TEXT NOT NULL, size BIGINT NOT NULL, note TEXT NOT NULL,
    cosigned BIGINT NOT NULL
);
CREATE TABLE refused (
    origin TEXT NOT NULL, digest TEXT NOT NULL, seen BIGINT NOT NULL, reason TEXT NOT NULL,
    held TEXT NOT NULL, offered TEXT NOT NULL, PRIMARY KEY (origin, digest)
);
"""


@dataclass(frozen=True, slots=True)
class Witness:
    """An open state. `key_id` is the only key that cosigns with it."""

    name: str
    key_id: KeyId
    connection: sqlite3.Connection


@dataclass(frozen=True, slots=True)
class Followed:
    """A ledger and the checkpoint that was cosigned last; `note` is empty before the first."""

    key: NoteKey
    size: int
    note: str
    cosigned: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Two notes of one ledger: the one cosigned before, and the one offered at `seen` and refused."""

    origin: str
    seen: int
    reason: str
    held: str
    offered: str


def system_seconds() -> int:
    return time.time_ns() // 1_000_000_000


def create_witness(path: Path, name: str, key: PublicKey) -> NoteKey:
    """A new state, and the verifier key that others put into their policies. Raises EvidenceError."""
    verifier = note_key(name, key, COSIGNATURE)
    if path.exists():
        raise EvidenceError("EV19", name=path.name, reason="it exists already")
    with _own_words():
        connection = connect(path, "rwc")
        try:
            with transaction(connection, writing=True):
                for statement in filter(str.strip, _TABLES.split(";")):
                    connection.execute(statement)
                connection.execute("INSERT INTO witness VALUES (?, ?, ?)", (EDITION, name, key.id))
        finally:
            connection.close()
    return verifier


@contextmanager
def open_witness(path: Path, *, writing: bool = False) -> Iterator[Witness]:
    """Raises EvidenceError EV19, EV23."""
    if not path.is_file():
        raise EvidenceError("EV19", name=path.name, reason="there is no such state of a witness")
    with _own_words():
        connection = connect(path, "rw" if writing else "ro")
        try:
            with own_words():
                rows = connection.execute("SELECT edition, name, key_id FROM witness").fetchall()
            if len(rows) != 1 or rows[0][0] != EDITION or not all(isinstance(value, str) for value in rows[0]):
                raise EvidenceError("EV23", reason="its header is missing")
            yield Witness(rows[0][1], rows[0][2], connection)
        finally:
            connection.close()


def follow(witness: Witness, ledger: NoteKey) -> None:
    """The ledger's key for its origin never changes here: another one is another ledger. Raises EvidenceError."""
    if ledger.key.id == witness.key_id:
        raise EvidenceError("EV22", reason="a ledger is no witness to itself")
    with transaction(witness.connection, writing=True):
        held = _followed(witness, ledger.name)
        if held is not None and held.key != ledger:
            raise EvidenceError("EV22", reason="this ledger is followed with another key")
        if held is None:
            values = (ledger.name, verifier_text(ledger), 0, "", 0)
            witness.connection.execute("INSERT INTO followed VALUES (?, ?, ?, ?, ?)", values)


def cosign_growth(witness: Witness, growth: Growth, key: SigningKey, clock: Seconds = system_seconds) -> str:
    """The offered note with the cosignature. Raises EvidenceError EV07, EV18, EV22; EV22 if it is refused."""
    if key.id != witness.key_id:
        raise EvidenceError("EV07", reason="it is not the key of this witness")
    with transaction(witness.connection, writing=True):
        held, point, text = _offered(witness, growth)
        now = max(clock(), held.cosigned)  # a statement about a later tree never carries an earlier time
        reason, evident = _objection(held, point, growth)
        if reason and evident:
            _keep_refused(witness, held, growth.note, reason, now)
        made = None if reason else cosign(text, witness.name, key, now)
        if made is not None:
            change = "UPDATE followed SET size = ?, note = ?, cosigned = ? WHERE origin = ?"
            values = (point.size, plain_note(growth.note, held.key), now, point.origin)
            witness.connection.execute(change, values)
    if made is None:  # raised only now: what was refused is kept
        raise EvidenceError("EV22", reason=reason)
    return with_cosignatures(growth.note, [made.line])


def _offered(witness: Witness, growth: Growth) -> tuple[Followed, Checkpoint, str]:
    """Raises EvidenceError EV18 unless the followed ledger itself signed the note."""
    text, _ = note_parts(growth.note.encode())
    held = _followed(witness, read_checkpoint(text).origin)
    if held is None:
        raise EvidenceError("EV22", reason="this ledger is not followed here")
    text = read_note(growth.note.encode(), [held.key]).text
    return held, read_checkpoint(text), text


def _objection(held: Followed, point: Checkpoint, growth: Growth) -> tuple[str, bool]:
    """Why not to cosign, empty if there is nothing; and whether the two notes are worth keeping."""
    before = _checkpoint_of(held)
    if point.size < before.size:
        return f"it is of size {point.size}; size {before.size} was cosigned before", True
    if point.size == before.size and point.root != before.root:
        return f"it has another root at size {point.size}", True
    if growth.old != before.size:
        return f"its proof begins at size {growth.old}; size {before.size} was cosigned last", False
    if not grew(before, point, growth.proof):
        return f"its proof does not join it to size {before.size}, cosigned before", True
    return "", False


def _checkpoint_of(held: Followed) -> Checkpoint:
    """Verified again, so that a changed state cosigns nothing. Raises EvidenceError EV23."""
    if not held.note and held.size == 0:
        return Checkpoint(held.key.name, 0, EMPTY_ROOT)
    try:
        point = read_checkpoint(read_note(held.note.encode(), [held.key]).text)
    except EvidenceError as error:
        raise EvidenceError("EV23", reason=error.values["reason"]) from None
    if (point.origin, point.size) != (held.key.name, held.size):
        raise EvidenceError("EV23", reason="it is not of this ledger, or stands in the place of another")
    return point


def _keep_refused(witness: Witness, held: Followed, note: str, reason: str, now: int) -> None:
    offered = plain_note(note, held.key)
    values = (held.key.name, digest_of_bytes(offered.encode()), now, reason, held.note, offered)
    witness.connection.execute("INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?, ?, ?)", values)


def followed_ledgers(witness: Witness) -> tuple[Followed, ...]:
    """Raises EvidenceError EV23."""
    with _own_words(), own_words():
        origins = [o for (o,) in witness.connection.execute("SELECT origin FROM followed ORDER BY origin")]
    return tuple(held for held in (_followed(witness, origin) for origin in origins) if held is not None)


def refused_notes(witness: Witness) -> tuple[Refused, ...]:
    """Raises EvidenceError EV23."""
    query = "SELECT origin, seen, reason, held, offered FROM refused ORDER BY origin, seen, digest"
    with _own_words(), own_words():
        rows = witness.connection.execute(query).fetchall()
    if not all(isinstance(row[1], int) and all(isinstance(row[n], str) for n in (0, 2, 3, 4)) for row in rows):
        raise EvidenceError("EV23", reason="a column has another kind of value")
    return tuple(Refused(*row) for row in rows)


def _followed(witness: Witness, origin: str) -> Followed | None:
    query = "SELECT verifier, size, note, cosigned FROM followed WHERE origin = ?"
    with own_words():
        row = witness.connection.execute(query, (origin,)).fetchone()
    if row is None:
        return None
    if not all(isinstance(value, kind) for value, kind in zip(row, (str, int, str, int), strict=True)):
        raise EvidenceError("EV23", reason="a column has another kind of value")
    key = read_verifier(row[0])
    if key.name != origin:
        raise EvidenceError("EV23", reason="it is not of this ledger, or stands in the place of another")
    return Followed(key, row[1], row[2], row[3])


@contextmanager
def _own_words() -> Iterator[None]:
    """What the store says of a ledger is said of the state of the witness."""
    try:
        yield
    except EvidenceError as error:
        if error.code == "EV15":
            raise EvidenceError("EV23", reason="another process uses it") from None
        if error.code in ("EV16", "EV17"):
            raise EvidenceError("EV23", reason=error.values["reason"]) from None
        raise
