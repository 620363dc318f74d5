"""The SQLite file of a ledger: its tables, and its faults in our own words.

A committed group is on the disk (write-ahead log, full synchronisation); an uncommitted one leaves no trace.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote

from smartclause.evidence.errors import EvidenceError

WAIT_FOR_WRITER = 5.0  # seconds

# Types and constraints that PostgreSQL knows too, under BYTEA for BLOB and BIGINT for INTEGER.
TABLES = """
CREATE TABLE header (
    edition TEXT NOT NULL, ledger TEXT NOT NULL PRIMARY KEY, key_id TEXT NOT NULL, created BIGINT NOT NULL
);
CREATE TABLE entries (
    position INTEGER NOT NULL PRIMARY KEY,
    received BIGINT NOT NULL,
    kind TEXT NOT NULL,
    earlier INTEGER REFERENCES entries (position),
    event TEXT NOT NULL,
    issuer TEXT NOT NULL,
    seq BIGINT NOT NULL,
    prev TEXT,
    body TEXT NOT NULL,
    envelope BLOB NOT NULL
);
CREATE INDEX entries_by_event ON entries (event);
CREATE INDEX entries_by_sequence ON entries (issuer, seq);
CREATE TABLE tree (size BIGINT NOT NULL PRIMARY KEY, roots BLOB NOT NULL);
CREATE TABLE tiles (level BIGINT NOT NULL, number BIGINT NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, number));
CREATE TABLE checkpoints (size BIGINT NOT NULL PRIMARY KEY, note TEXT NOT NULL);
CREATE TABLE cosignatures (
    size BIGINT NOT NULL, witness TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (size, witness)
);
CREATE TABLE timestamps (
    size BIGINT NOT NULL, digest TEXT NOT NULL, token BLOB NOT NULL, PRIMARY KEY (size, digest)
);
"""

# Made with the first segment: a ledger without one is as it always was.
SEGMENTS = """
CREATE TABLE segments (
    position INTEGER NOT NULL PRIMARY KEY REFERENCES entries (position),
    issuer TEXT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    after TEXT NOT NULL,
    low TEXT NOT NULL,
    high TEXT NOT NULL,
    file TEXT NOT NULL
)
"""

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_REASONS = {
    sqlite3.SQLITE_READONLY: "it may only be read",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk reports a fault",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
}


@contextmanager
def own_words() -> Iterator[None]:
    """Turns the store's faults into EvidenceError EV15, EV16, EV17."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _BUSY:
            raise EvidenceError("EV15") from None
        if code in _REASONS:
            raise EvidenceError("EV16", reason=_REASONS[code]) from None
        reason = "its pages cannot be read" if code in _DAMAGED else "its tables are not those of a ledger"
        raise EvidenceError("EV17", reason=reason) from None
    except UnicodeDecodeError:
        raise EvidenceError("EV17", reason="a text in it is not UTF-8") from None


Mode: TypeAlias = Literal["ro", "rw", "rwc"]
"""As in SQLite's own file names: to read, to write, to create."""


def connect(path: Path, mode: Mode) -> sqlite3.Connection:
    """Raises EvidenceError EV15-EV17."""
    if mode == "rw" and path.is_file() and path.stat().st_size == 0:  # SQLite would make it one of its own
        raise EvidenceError("EV17", reason="its tables are not those of a ledger")
    with own_words():
        connection = sqlite3.connect(_uri(path, mode), uri=True, timeout=WAIT_FOR_WRITER, isolation_level=None)
        try:
            _prepare(connection, mode)
        except BaseException:
            connection.close()
            raise
        return connection


def _uri(path: Path, mode: Mode) -> str:
    """Readers leave each other notes beside the file. Where a folder takes none, and no log of a writer stands
    there, the file is whole by itself and read as it is."""
    shared = path.with_name(f"{path.name}-wal").exists() or os.access(path.parent, os.W_OK)
    unchanging = "&immutable=1" if mode == "ro" and not shared else ""
    return f"file:{quote(str(path.absolute()))}?mode={mode}{unchanging}"


def _prepare(connection: sqlite3.Connection, mode: Mode) -> None:
    if mode == "rwc":
        connection.execute("PRAGMA page_size = 8192")  # an entry takes more than a kilobyte
    if mode != "ro":
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 2000")  # pages
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")


def check_pages(connection: sqlite3.Connection) -> None:
    """All pages, and indexes against their tables: a row that an index misses would be recorded twice.

    Raises EvidenceError EV17.
    """
    with own_words():
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != ("ok",):
        raise EvidenceError("EV17", reason="its pages cannot be read")


def check_tables(connection: sqlite3.Connection) -> None:
    """A view in the place of a table could show something else at each look, and a trigger keep a row from the disk.

    Raises EvidenceError EV17.
    """
    with own_words():
        found = connection.execute("SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    wanted = {statement.strip() for statement in TABLES.split(";") if statement.strip()}
    if any(sql == SEGMENTS.strip() for _, sql in found):
        wanted.add(SEGMENTS.strip())
    others = [sql for _, sql in found if sql not in wanted]
    if others or len(found) != len(wanted) or any(kind in ("view", "trigger") for kind, _ in found):
        raise EvidenceError("EV17", reason="its tables are not those of a ledger")


@contextmanager
def transaction(connection: sqlite3.Connection, *, writing: bool) -> Iterator[None]:
    """All or nothing; a writer keeps others from writing, a reader sees one state. Raises EvidenceError."""
    with own_words():
        connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
