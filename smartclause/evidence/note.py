"""C2SP signed notes and checkpoints: the state of a ledger in a few lines that other tools can read and verify.

Ed25519 notes only; `cosignature` reads what witnesses add. A signature by an unknown key is ignored, a wrong one by
a known key refuses the note.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from smartclause.evidence.ed25519_points import fault_of_key
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import PublicKey, SigningKey, public_key, sign, verify
from smartclause.evidence.merkle import HASH_SIZE

MAX_NOTE = 1_000_000
MAX_NOTE_SIGNATURES = 100
ED25519 = b"\x01"
COSIGNATURE = b"\x04"  # tlog-cosignature: an Ed25519 signature with the time at which it was made
_SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")  # RFC 8410, 4
_NAME = re.compile(r"[^\s+\x00-\x20]+")


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A verifier key: the same name with another key, or another name with the same key, is another one.

    `type` is what the key signs, `ED25519` or `COSIGNATURE`.
    """

    name: str
    id: bytes
    key: PublicKey
    type: bytes = ED25519


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    signers: tuple[NoteKey, ...]


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """As read; nothing in it has been checked. `id` is the key's number of four bytes."""

    name: str
    id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The root hash of the first `size` entries of the ledger `origin`."""

    origin: str
    size: int
    root: bytes


def note_key(name: str, key: PublicKey, kind: bytes = ED25519) -> NoteKey:
    """Raises EvidenceError EV07, EV18."""
    if key.algorithm != "ed25519":
        raise EvidenceError("EV07", reason="a checkpoint is signed with an Ed25519 key")
    if not _NAME.fullmatch(name) or not _is_utf8(name):
        raise EvidenceError("EV18", reason="the name of its key is empty or has a space or plus sign")
    return NoteKey(name, _key_id(name, key, kind), key, kind)


def _is_utf8(text: str) -> bool:
    """What a command line gives may hold bytes that are no text."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def verifier_text(key: NoteKey) -> str:
    """`name+id+key`, as other tools for signed notes take it."""
    return f"{key.name}+{key.id.hex()}+{base64.b64encode(key.type + key.key.der[-32:]).decode()}"


def read_verifier(text: str, kind: bytes = ED25519) -> NoteKey:
    """A verifier key of the one `kind`; others are refused. Raises EvidenceError EV07, EV18."""
    parts = text.split("+", 2)
    try:
        name, number, material = parts[0], parts[1], base64.b64decode(parts[2], validate=True)
    except (IndexError, binascii.Error, ValueError):
        raise EvidenceError("EV18", reason="it is no verifier key") from None
    if material[:1] != kind or len(material) != 33 or fault_of_key(material[1:]):
        raise EvidenceError("EV07", reason="it is no acceptable Ed25519 verifier key")
    key = note_key(name, public_key(_SPKI_ED25519 + material[1:], "ed25519"), kind)
    if key.id.hex() != number:
        raise EvidenceError("EV18", reason="the number of the verifier key does not fit it")
    return key


def write_note(text: str, name: str, key: SigningKey) -> str:
    """`text` ends with a line feed. Raises EvidenceError EV07, EV18."""
    return f"{text}\n{signature_line(note_key(name, key.public), sign(key, text.encode()))}"


def signature_line(key: NoteKey, signature: bytes) -> str:
    """With its line feed."""
    return f"— {key.name} {base64.b64encode(key.id + signature).decode()}\n"


def read_note(note: bytes, keys: Iterable[NoteKey]) -> Note:
    """Raises EvidenceError EV02, EV18, also if none of `keys` signed."""
    text, lines = note_parts(note)
    known = {(key.name, key.id): key for key in keys if key.type == ED25519}
    signers: dict[tuple[str, bytes], NoteKey] = {}
    for line in lines:
        at = (line.name, line.id)
        key = known.get(at)
        if key is None or at in signers:
            continue
        if not verify(key.key, text.encode(), line.signature):
            raise EvidenceError("EV18", reason=f"the signature of {line.name} is wrong")
        signers[at] = key
    if not signers:
        raise EvidenceError("EV18", reason="no known key signed it")
    return Note(text, tuple(signers.values()))


def note_parts(note: bytes) -> tuple[str, tuple[SignatureLine, ...]]:
    """The text and its signatures, unchecked. Raises EvidenceError EV02, EV18."""
    if len(note) > MAX_NOTE:
        raise EvidenceError("EV02", what="the note", size=len(note), limit=MAX_NOTE)
    try:
        content = note.decode()
    except UnicodeDecodeError:
        raise EvidenceError("EV18", reason="it is not UTF-8") from None
    if re.search(r"[\x00-\x09\x0b-\x1f]", content):
        raise EvidenceError("EV18", reason="it has a control character")
    text, blank, signatures = content.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise EvidenceError("EV18", reason="it has no signatures")
    lines = signatures[:-1].split("\n")
    if len(lines) > MAX_NOTE_SIGNATURES:
        raise EvidenceError("EV18", reason="it has too many signatures")
    return text + "\n", tuple(map(_signature, lines))


def _signature(line: str) -> SignatureLine:
    dash, name, encoded = (*line.split(" "), "", "")[:3]
    try:
        signature = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise EvidenceError("EV18", reason="a signature line cannot be read") from None
    if dash != "—" or line.count(" ") != 2 or not _NAME.fullmatch(name) or len(signature) < 5:
        raise EvidenceError("EV18", reason="a signature line cannot be read")
    return SignatureLine(name, signature[:4], signature[4:])


def _key_id(name: str, key: PublicKey, kind: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + kind + key.der[-32:]).digest()[:4]


def checkpoint_text(checkpoint: Checkpoint) -> str:
    root = base64.b64encode(checkpoint.root).decode()
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Further lines, which the format allows, are not read. Raises EvidenceError EV18."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise EvidenceError("EV18", reason="it does not have three lines")
    if not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise EvidenceError("EV18", reason="its size is no number")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError):
        raise EvidenceError("EV18", reason="its root is no base64 text") from None
    if len(root) != HASH_SIZE or base64.b64encode(root).decode() != lines[2]:
        raise EvidenceError("EV18", reason="its root is no hash")
    return Checkpoint(lines[0], int(lines[1]), root)
