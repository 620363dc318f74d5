"""What a witness is asked with: a checkpoint, and the proof that it grew from an older one (C2SP tlog-witness)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.merkle import EMPTY_ROOT, HASH_SIZE, is_consistent
from smartclause.evidence.note import Checkpoint

MAX_GROWTH = 1_000_000
MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class Growth:
    """The signed note and the consistency proof from its first `old` entries; none from 0."""

    old: int
    proof: tuple[bytes, ...]
    note: str


def growth_text(growth: Growth) -> str:
    proof = "".join(f"{base64.b64encode(node).decode()}\n" for node in growth.proof)
    return f"old {growth.old}\n{proof}\n{growth.note}"


def read_growth(content: bytes) -> Growth:
    """Raises EvidenceError EV02, EV18."""
    if len(content) > MAX_GROWTH:
        raise EvidenceError("EV02", what="the proof", size=len(content), limit=MAX_GROWTH)
    try:
        upper, blank, note = content.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise EvidenceError("EV18", reason="it is not UTF-8") from None
    first, *lines = upper.split("\n")
    old = re.fullmatch("old (0|[1-9][0-9]{0,18})", first)
    if not blank or old is None:
        raise EvidenceError("EV18", reason="it does not say from which size it grew")
    if len(lines) > MAX_HASHES:
        raise EvidenceError("EV18", reason="its proof has more than 63 hashes")
    return Growth(int(old[1]), tuple(map(_hash, lines)), note)


def grew(old: Checkpoint, new: Checkpoint, proof: tuple[bytes, ...]) -> bool:
    """Whether the proof shows that `new` begins with `old`. The empty ledger is a beginning of every one."""
    if old.origin != new.origin or (new.size == 0 and new.root != EMPTY_ROOT):
        return False
    if old.size == 0:
        return old.root == EMPTY_ROOT and not proof
    return is_consistent(old.size, new.size, proof, old.root, new.root)


def _hash(line: str) -> bytes:
    try:
        node = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raise EvidenceError("EV18", reason="a line of the proof is no base64 text") from None
    if len(node) != HASH_SIZE:
        raise EvidenceError("EV18", reason="a line of the proof is no hash")
    return node
