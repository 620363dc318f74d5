"""The vault: disclosures of withheld facts, kept outside the ledger, sealed under one key for each subject.

Destroying a subject's key makes what it sealed unreadable for ever, while every commitment in the ledger still
stands. The keys are wrapped under a passphrase; a copy of the file made before an erasure must be erased too.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from smartclause.evidence.disclosure import Disclosure, commitment
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import PRIVATE
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.redaction import RedactedFact

EDITION = "vault 1"
_COST, _BLOCK, _REPEAT = 2**14, 8, 5  # RFC 7914; as for private keys
_NONCE = 12
_CHECK = b"smartclause vault"

_TABLES = (
    "CREATE TABLE header (edition TEXT NOT NULL, salt BLOB NOT NULL, proof BLOB NOT NULL)",
    "CREATE TABLE subjects (subject TEXT NOT NULL PRIMARY KEY, key BLOB NOT NULL)",
    "CREATE TABLE facts (commitment TEXT NOT NULL PRIMARY KEY, event TEXT NOT NULL, name TEXT NOT NULL,"
    " subject TEXT NOT NULL, sealed BLOB)",
    "CREATE TABLE redactions (number INTEGER PRIMARY KEY, subject TEXT NOT NULL, envelope BLOB NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Vault:
    connection: sqlite3.Connection
    master: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """A withheld fact in the vault. `erased`: its key is gone."""

    commitment: str
    event: str
    name: str
    subject: str
    erased: bool


def create_vault(path: Path, passphrase: str) -> None:
    """Raises EvidenceError EV19, EV31."""
    if not passphrase:
        raise EvidenceError("EV31", path.name, reason="a vault needs a passphrase")
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    except FileExistsError:
        raise EvidenceError("EV19", name=path.name, reason="it exists already") from None
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be written") from None
    salt = secrets.token_bytes(16)
    with _connected(path) as connection, _changing(connection):
        for statement in _TABLES:
            connection.execute(statement)
        proof = _seal(_master(passphrase, salt), _CHECK, b"")
        connection.execute("INSERT INTO header VALUES (?, ?, ?)", (EDITION, salt, proof))


@contextmanager
def open_vault(path: Path, passphrase: str) -> Iterator[Vault]:
    """Raises EvidenceError EV19, EV31."""
    if not path.is_file():
        raise EvidenceError("EV19", name=path.name, reason="there is no such vault")
    with _connected(path) as connection:
        stored = connection.execute("SELECT edition, salt, proof FROM header").fetchall()
        if len(stored) != 1 or stored[0][0] != EDITION:
            raise EvidenceError("EV31", path.name, reason="it is no vault of this edition")
        _, salt, proof = stored[0]
        master = _master(passphrase, salt)
        if _unseal(master, proof, b"") != _CHECK:
            raise EvidenceError("EV31", path.name, reason="the passphrase is wrong or the file is damaged")
        yield Vault(connection, master)


def keep(vault: Vault, subject: str, given: Iterable[Disclosure]) -> int:
    """Seals what the vault does not hold yet; how many were added. Raises EvidenceError EV31."""
    added = 0
    with _changing(vault.connection):
        key = _key_of(vault, subject) or _new_key(vault, subject)
        for one in given:
            number = commitment(one)
            values = (number, one.event, one.name, subject, _seal(key, canonical(one), number.encode()))
            done = vault.connection.execute("INSERT OR IGNORE INTO facts VALUES (?, ?, ?, ?, ?)", values)
            added += done.rowcount
    return added


def held(vault: Vault, *, event: str | None = None, subject: str | None = None) -> tuple[Held, ...]:
    """In the order of events."""
    found = vault.connection.execute(
        "SELECT commitment, event, name, subject, sealed IS NULL FROM facts"
        " WHERE (?1 IS NULL OR event = ?1) AND (?2 IS NULL OR subject = ?2) ORDER BY event, name, commitment",
        (event, subject),
    )
    return tuple(Held(number, at, name, whose, bool(gone)) for number, at, name, whose, gone in found)


def take_out(vault: Vault, wanted: Iterable[Held]) -> Iterator[Disclosure]:
    """The disclosures of what is not erased. Raises EvidenceError EV31 for what cannot be opened."""
    for one in wanted:
        row = vault.connection.execute("SELECT sealed FROM facts WHERE commitment = ?", (one.commitment,)).fetchone()
        key = _key_of(vault, one.subject)
        if row is None or row[0] is None or key is None:
            continue
        plain = _unseal(key, row[0], one.commitment.encode())
        found = None if plain is None else read_form(Disclosure, plain)
        # What stands beside it in the file is not sealed: another event or name there would hand out another fact.
        if found is None or (commitment(found), found.event, found.name) != (one.commitment, one.event, one.name):
            raise EvidenceError("EV31", one.event, reason="a sealed fact is damaged")
        yield found


def erase(vault: Vault, subject: str, recorded: Callable[[tuple[RedactedFact, ...]], bytes]) -> None:
    """Destroys the subject's key and what it sealed. `recorded` gives the envelope of the redaction record of the
    facts that are gone; it is kept in the same step. Raises EvidenceError EV31.
    """
    with _changing(vault.connection):
        gone = [h for h in held(vault, subject=subject) if not h.erased]
        facts = (RedactedFact(commitment=h.commitment, event=h.event, name=h.name) for h in gone)
        envelope = recorded(tuple(sorted(facts, key=lambda f: f.commitment)))
        vault.connection.execute("DELETE FROM subjects WHERE subject = ?", (subject,))
        vault.connection.execute("UPDATE facts SET sealed = NULL WHERE subject = ?", (subject,))
        vault.connection.execute("INSERT INTO redactions (subject, envelope) VALUES (?, ?)", (subject, envelope))
    vault.connection.execute("VACUUM")  # no page keeps what was deleted


def redactions(vault: Vault) -> tuple[bytes, ...]:
    """Envelopes of the redaction records, oldest first."""
    return tuple(row[0] for row in vault.connection.execute("SELECT envelope FROM redactions ORDER BY number"))


def pseudonym(vault: Vault, name: str) -> str:
    """The same name gives the same pseudonym in this vault; nobody else can compute it or lead it back."""
    key = hmac.digest(vault.master, b"pseudonym", "sha256")
    return f"s-{hmac.new(key, name.encode(), sha256).hexdigest()[:32]}"


# ---- keys and sealing


def _master(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_REPEAT).derive(passphrase.encode())


def _seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
    except (InvalidTag, ValueError):
        return None


def _key_of(vault: Vault, subject: str) -> bytes | None:
    row = vault.connection.execute("SELECT key FROM subjects WHERE subject = ?", (subject,)).fetchone()
    if row is None:
        return None
    key = _unseal(vault.master, row[0], subject.encode())
    if key is None:
        raise EvidenceError("EV31", reason="the key of a subject is damaged")
    return key


def _new_key(vault: Vault, subject: str) -> bytes:
    key = secrets.token_bytes(32)
    wrapped = _seal(vault.master, key, subject.encode())
    vault.connection.execute("INSERT INTO subjects VALUES (?, ?)", (subject, wrapped))
    return key


# ---- the file


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    with _own_words(path.name):
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=rw", uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")  # no second file keeps old pages
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA trusted_schema = OFF")
            yield connection
        finally:
            connection.close()


@contextmanager
def _changing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _own_words(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        reason = "another process uses it" if busy else "it cannot be read or written as a vault"
        raise EvidenceError("EV31", name, reason=reason) from None
