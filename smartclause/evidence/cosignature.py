"""C2SP cosignatures: a witness states that a checkpoint is the largest it saw, and grew from all that it saw before.

Ed25519 `cosignature/v1` only. What is signed is the time and the whole text of the checkpoint, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import SigningKey, sign, verify
from smartclause.evidence.note import COSIGNATURE, NoteKey, SignatureLine, note_key, note_parts, signature_line

LATEST_TIME = 2**63 - 1
_SIZE = 8 + 64


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified one. `time`: seconds since 1970 by the witness's clock."""

    witness: NoteKey
    time: int
    signature: bytes

    @property
    def line(self) -> str:
        """As it stands under a checkpoint, with its line feed."""
        return signature_line(self.witness, self.time.to_bytes(8) + self.signature)


def signed_message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def cosign(text: str, name: str, key: SigningKey, time: int) -> Cosignature:
    """`text` is that of a checkpoint, with its last line feed. Raises EvidenceError EV07, EV18."""
    witness = note_key(name, key.public, COSIGNATURE)
    if not 0 <= time <= LATEST_TIME:
        raise EvidenceError("EV18", reason="its time is out of range")
    return Cosignature(witness, time, sign(key, signed_message(text, time)))


def read_cosignatures(note: bytes, witnesses: Iterable[NoteKey]) -> tuple[Cosignature, ...]:
    """Those of `witnesses` under the note, in their order, the first of each; unknown signatures are not looked at.

    Raises EvidenceError EV02, EV18, also if one of them is wrong.
    """
    text, lines = note_parts(note)
    known = {(key.name, key.id): key for key in witnesses if key.type == COSIGNATURE}
    found: dict[tuple[str, bytes], Cosignature] = {}
    for line in lines:
        at = (line.name, line.id)
        if at in known and at not in found:
            found[at] = _verified(text, line, known[at])
    return tuple(found.values())


def _verified(text: str, line: SignatureLine, witness: NoteKey) -> Cosignature:
    time, signature = int.from_bytes(line.signature[:8]), line.signature[8:]
    well_formed = len(line.signature) == _SIZE and time <= LATEST_TIME
    if not well_formed or not verify(witness.key, signed_message(text, time), signature):
        raise EvidenceError("EV18", reason=f"the signature of {line.name} is wrong")
    return Cosignature(witness, time, signature)


def with_cosignatures(note: str, lines: Iterable[str]) -> str:
    """The signed note followed by further signature lines; a line that it has already is not repeated."""
    there = set(note.splitlines(keepends=True))
    return note + "".join(line for line in lines if line not in there)
