"""What stands beside a checkpoint in the ledger: the cosignatures of witnesses and the time stamps of authorities.

Kept only after they were verified; read here as stored, so that whoever relies on them verifies them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from smartclause.evidence.cosignature import Cosignature, read_cosignatures, with_cosignatures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import PublicKey
from smartclause.evidence.ledger import Ledger, checkpoints
from smartclause.evidence.note import (
    Checkpoint,
    NoteKey,
    note_key,
    note_parts,
    read_checkpoint,
    read_note,
    signature_line,
    verifier_text,
)
from smartclause.evidence.store import own_words, transaction
from smartclause.logic.canonical import digest_of_bytes


def served(ledger: Ledger, size: int, note: str) -> str:
    """The stored checkpoint of this size with its cosignatures. Raises EvidenceError EV17."""
    with own_words():
        query = "SELECT line FROM cosignatures WHERE size = ? ORDER BY witness"
        lines = [line for (line,) in ledger.connection.execute(query, (size,))]
    if not all(isinstance(line, str) and re.fullmatch(r"— \S+ [A-Za-z0-9+/=]+\n", line) for line in lines):
        raise EvidenceError("EV17", reason="a cosignature has another kind of value")
    return with_cosignatures(note, lines)


def served_checkpoints(ledger: Ledger) -> Iterator[tuple[int, str]]:
    """As `checkpoints`, with cosignatures."""
    for size, note in checkpoints(ledger):
        yield size, served(ledger, size, note)


def keep_cosignatures(
    ledger: Ledger, note: bytes, key: PublicKey, witnesses: Iterable[NoteKey]
) -> tuple[Cosignature, ...]:
    """Those of `witnesses` under `note`, which must be a checkpoint that this ledger signed; the first of each stays.

    Raises EvidenceError EV02, EV15-EV18.
    """
    point, text = signed_checkpoint(note, ledger.origin, key)
    if dict(checkpoints(ledger)).get(point.size, "").rpartition("\n\n")[0] + "\n" != text:
        raise EvidenceError("EV18", reason="it is none of the checkpoints kept in this ledger")
    found = read_cosignatures(note, witnesses)
    if not found:
        raise EvidenceError("EV18", reason="no known witness cosigned it")
    with transaction(ledger.connection, writing=True):
        for one in found:
            values = (point.size, verifier_text(one.witness), one.line)
            ledger.connection.execute("INSERT OR IGNORE INTO cosignatures VALUES (?, ?, ?)", values)
    return found


def signed_checkpoint(note: bytes, origin: str, key: PublicKey) -> tuple[Checkpoint, str]:
    """The checkpoint under the ledger's own signature, and its text. Raises EvidenceError EV02, EV07, EV18."""
    text = read_note(note, [note_key(origin, key)]).text
    point = read_checkpoint(text)
    if point.origin != origin:
        raise EvidenceError("EV18", reason="it is of another ledger")
    return point, text


def plain_note(note: str, key: NoteKey) -> str:
    """The text and the ledger's own signature alone, in its one spelling: the bytes that a time stamp covers.

    Raises EvidenceError EV02, EV18.
    """
    text, lines = note_parts(note.encode())
    for line in lines:
        if (line.name, line.id) == (key.name, key.id):
            return f"{text}\n{signature_line(key, line.signature)}"
    raise EvidenceError("EV18", reason="no known key signed it")


def keep_timestamp(ledger: Ledger, size: int, token: bytes) -> None:
    """Raises EvidenceError EV15, EV16, EV17."""
    with transaction(ledger.connection, writing=True):
        values = (size, digest_of_bytes(token), token)
        ledger.connection.execute("INSERT OR IGNORE INTO timestamps VALUES (?, ?, ?)", values)


def kept_timestamps(ledger: Ledger) -> Iterator[tuple[int, bytes]]:
    """The size of the stamped checkpoint and the answer of the authority. Raises EvidenceError EV17."""
    with own_words():
        for size, token in ledger.connection.execute("SELECT size, token FROM timestamps ORDER BY size, digest"):
            if not isinstance(size, int) or not isinstance(token, bytes):
                raise EvidenceError("EV17", reason="a time stamp has another kind of value")
            yield size, token
