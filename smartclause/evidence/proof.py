"""Proofs that an entry stands in the ledger, in the text form `tlog-proof@v1` that other tools read."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import Ledger, checkpoints, entry_of, rows
from smartclause.evidence.merkle import HASH_SIZE, is_included, leaf_hash, over, prove_consistency, prove_inclusion
from smartclause.evidence.note import Checkpoint, NoteKey, read_checkpoint, read_note
from smartclause.evidence.store import transaction

MAX_PROOF = 1_000_000
_FIRST_LINE = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    index: int
    path: tuple[bytes, ...]
    checkpoint: str


def prove_entry(ledger: Ledger, index: int) -> Proof:
    """Under the latest checkpoint. Raises EvidenceError EV17, EV18 if none covers the entry."""
    with transaction(ledger.connection, writing=False):
        size, note = max(checkpoints(ledger), default=(0, ""))
        if not 0 <= index < size:
            raise EvidenceError("EV18", f"entry {index}", reason="no checkpoint covers this entry yet")
        leaves = _leaves(ledger, size)
    return Proof(index, prove_inclusion(index, size, over(leaves)), note)


def prove_growth(ledger: Ledger, old: int, size: int) -> tuple[bytes, ...]:
    """That the first `size` entries begin with the first `old`. Raises EvidenceError EV17, EV18."""
    with transaction(ledger.connection, writing=False):
        leaves = _leaves(ledger, size)
    if not 0 < old <= size:
        raise EvidenceError("EV18", reason="it is not a beginning of the ledger")
    return prove_consistency(old, size, over(leaves))


def _leaves(ledger: Ledger, size: int) -> list[bytes]:
    leaves = [leaf_hash(entry_of(ledger, row)) for row in rows(ledger, 0, size)]
    if len(leaves) != size:
        raise EvidenceError("EV17", reason=f"{size} entries are expected; {len(leaves)} are left")
    return leaves


def proof_text(proof: Proof) -> str:
    path = "".join(f"{base64.b64encode(node).decode()}\n" for node in proof.path)
    return f"{_FIRST_LINE}\nindex {proof.index}\n{path}\n{proof.checkpoint}"


def read_proof(text: bytes) -> Proof:
    """Raises EvidenceError EV02, EV18."""
    if len(text) > MAX_PROOF:
        raise EvidenceError("EV02", what="the proof", size=len(text), limit=MAX_PROOF)
    try:
        upper, blank, note = text.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise EvidenceError("EV18", reason="it is not UTF-8") from None
    lines = upper.split("\n")
    if not blank or lines.pop(0) != _FIRST_LINE:
        raise EvidenceError("EV18", reason="it is no proof of an entry")
    if lines and lines[0].startswith("extra "):
        lines.pop(0)
    index = re.fullmatch("index (0|[1-9][0-9]{0,18})", lines.pop(0) if lines else "")
    if index is None:
        raise EvidenceError("EV18", reason="it does not say which entry it proves")
    return Proof(int(index[1]), tuple(map(_hash, lines)), note)


def check_proof(proof: Proof, entry: bytes, key: NoteKey) -> Checkpoint:
    """That the ledger with this key holds `entry`, the bytes of a ledger entry, at the index of the proof.

    Raises EvidenceError EV18.
    """
    checkpoint = read_checkpoint(read_note(proof.checkpoint.encode(), [key]).text)
    if checkpoint.origin != key.name:
        raise EvidenceError("EV18", reason="it is of another ledger")
    if not is_included(leaf_hash(entry), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise EvidenceError("EV18", f"entry {proof.index}", reason="the proof does not lead to its root")
    return checkpoint


def _hash(line: str) -> bytes:
    try:
        node = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raise EvidenceError("EV18", reason="a line of the proof is no base64 text") from None
    if len(node) != HASH_SIZE:
        raise EvidenceError("EV18", reason="a line of the proof is no hash")
    return node
