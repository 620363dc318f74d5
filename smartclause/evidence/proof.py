"""Proofs that an entry stands in the ledger, in the text form `tlog-proof@v1` that other tools read."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import Ledger, entry_of, latest_checkpoint, read_frontier, row_at
from smartclause.evidence.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    Subtree,
    is_included,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
)
from smartclause.evidence.note import Checkpoint, NoteKey, read_checkpoint, read_note
from smartclause.evidence.policy import Policy, knows, witnessed
from smartclause.evidence.served import served
from smartclause.evidence.store import transaction
from smartclause.evidence.tiles import reading, subtrees

MAX_PROOF = 1_000_000
_FIRST_LINE = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """`checkpoint` is a signed note, with its cosignatures. `extra` goes along unsigned: nothing may rest on it."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""


def prove_entry(ledger: Ledger, index: int) -> Proof:
    """Under the latest checkpoint, from stored hashes. Raises EvidenceError EV17, EV18 if none covers the entry."""
    with transaction(ledger.connection, writing=False):
        size, note = latest_checkpoint(ledger)
        if not 0 <= index < size:
            raise EvidenceError("EV18", f"entry {index}", reason="no checkpoint covers this entry yet")
        root = _stored(ledger, size)
        path = prove_inclusion(index, size, root)
        leaf = leaf_hash(entry_of(ledger, row_at(ledger, index)))
        # A damaged tile gives no proof that others would have to refuse.
        if not is_included(leaf, index, size, path, read_checkpoint(note.rpartition("\n\n")[0] + "\n").root):
            raise EvidenceError("EV17", f"entry {index}", reason="its stored tree does not lead to its checkpoint")
        return Proof(index, path, served(ledger, size, note))


def prove_growth(ledger: Ledger, old: int, size: int) -> tuple[bytes, ...]:
    """That the first `size` entries begin with the first `old`. Raises EvidenceError EV17, EV18."""
    with transaction(ledger.connection, writing=False):
        root = _stored(ledger, size)
        if not 0 < old <= size:
            raise EvidenceError("EV18", reason="it is not a beginning of the ledger")
        return prove_consistency(old, size, root)


def root_at(ledger: Ledger, size: int) -> bytes:
    """The root of the first `size` entries, from stored hashes. Raises EvidenceError EV17."""
    with transaction(ledger.connection, writing=False):
        return _stored(ledger, size)(0, size) if size else EMPTY_ROOT


def _stored(ledger: Ledger, size: int) -> Subtree:
    left = read_frontier(ledger).size
    if size > left:
        raise EvidenceError("EV17", reason=f"{size} entries are expected; {left} are left")
    return subtrees(reading(ledger.connection))


def proof_text(proof: Proof) -> str:
    path = "".join(f"{base64.b64encode(node).decode()}\n" for node in proof.path)
    extra = f"extra {base64.b64encode(proof.extra).decode()}\n" if proof.extra else ""
    return f"{_FIRST_LINE}\n{extra}index {proof.index}\n{path}\n{proof.checkpoint}"


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
    extra = _base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
    index = re.fullmatch("index (0|[1-9][0-9]{0,18})", lines.pop(0) if lines else "")
    if index is None:
        raise EvidenceError("EV18", reason="it does not say which entry it proves")
    return Proof(int(index[1]), tuple(map(_hash, lines)), note, extra)


def check_proof(proof: Proof, entry: bytes, key: NoteKey, policy: Policy | None = None) -> Checkpoint:
    """That the ledger with this key holds `entry`, the bytes of a ledger entry, at the index of the proof.

    With `policy`, also that its witnesses cosigned the checkpoint. Raises EvidenceError EV02, EV18.
    """
    checkpoint = read_checkpoint(read_note(proof.checkpoint.encode(), [key]).text)
    if checkpoint.origin != key.name:
        raise EvidenceError("EV18", reason="it is of another ledger")
    if not is_included(leaf_hash(entry), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise EvidenceError("EV18", f"entry {proof.index}", reason="the proof does not lead to its root")
    if policy is not None and not knows(policy, key):
        raise EvidenceError("EV18", reason="its ledger is none of the policy")
    if policy is not None and not witnessed(policy, proof.checkpoint.encode()).holds:
        raise EvidenceError("EV18", reason="too few of the witnesses of the policy cosigned it")
    return checkpoint


def _hash(line: str) -> bytes:
    node = _base64(line)
    if len(node) != HASH_SIZE:
        raise EvidenceError("EV18", reason="a line of the proof is no hash")
    return node


def _base64(line: str) -> bytes:
    try:
        return base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raise EvidenceError("EV18", reason="a line of the proof is no base64 text") from None
