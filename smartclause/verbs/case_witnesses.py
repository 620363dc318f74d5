"""Who else saw the ledger of a case: witnesses that cosigned its checkpoints, authorities that stamped them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import PublicKey
from smartclause.evidence.ledger import origin
from smartclause.evidence.note import NoteKey, note_key, note_parts
from smartclause.evidence.policy import MAX_POLICY, Policy, Witnessed, read_policy, witnessed
from smartclause.evidence.served import plain_note
from smartclause.verbs.case_files import CaseFiles
from smartclause.verbs.case_materials import MAX_SMALL, POLICY, STAMP_ROOTS, STAMPS, Materials, note_name
from smartclause.verbs.case_stamps import CAN_CHECK, Stamp, read_stamp
from smartclause.verbs.errors import VerbError

CLOCKS_APART = 60 * 1_000_000  # microseconds by which honest clocks may differ


@dataclass(frozen=True, slots=True)
class Stamped:
    """A time stamp over the checkpoint of the first `size` entries. `fault` None: its signature and chain hold.

    `late`: the entries under it say that they were received after its time.
    """

    name: str
    size: int
    stamp: Stamp | None
    fault: EvidenceError | None
    late: bool = False


def policy_of(files: CaseFiles, given: bytes | None) -> Policy | None:
    """The reader's own, else that of the case. Raises EvidenceError EV20."""
    if given is not None:
        return read_policy(given)
    if POLICY not in files.sizes:
        return None
    try:
        return read_policy(files.read(POLICY, MAX_POLICY))
    except EvidenceError as error:
        raise EvidenceError(error.code, f"{POLICY} {error.place}".strip(), **error.values) from None


def has_cosignatures(materials: Materials) -> bool:
    return any(len(note_parts(note)[1]) > 1 for note in materials.notes.values())


def last_witnessed(materials: Materials, policy: Policy) -> Witnessed | None:
    """Of the newest checkpoint; None without one. Raises EvidenceError EV18 with its file."""
    if not materials.covered:
        return None
    try:
        return witnessed(policy, materials.notes[materials.covered])
    except EvidenceError as error:
        place = f"{note_name(materials.covered)} {error.place}".strip()
        raise EvidenceError(error.code, place, **error.values) from None


def stamp_name(size: int, number: int) -> str:
    return f"{STAMPS}{size:012d}-{number}.tsr"


def stamps(materials: Materials, files: CaseFiles, roots: bytes | None) -> Iterator[Stamped]:
    """Each time stamp of the case, down to the reader's roots or, without any, to those that the case brings."""
    found = [name for name in sorted(files.sizes) if name.startswith(STAMPS) and name != STAMP_ROOTS]
    if not found or not CAN_CHECK:
        return
    if roots is None and STAMP_ROOTS not in files.sizes:
        return
    if roots is None:
        roots = files.read(STAMP_ROOTS, MAX_SMALL)
    for name in found:
        size = _size_of(name)
        try:
            stamp = read_stamp(files.read(name, MAX_SMALL), _stamped_bytes(materials, size), roots)
            yield Stamped(name, size, stamp, None, _is_late(materials, size, stamp))
        except EvidenceError as error:
            own = EvidenceError(error.code, f"{name} {error.place}".strip(), **error.values)
            yield Stamped(name, size, None, own)


def _is_late(materials: Materials, size: int, stamp: Stamp) -> bool:
    latest = stamp.time + stamp.accuracy + CLOCKS_APART
    return 0 < size <= len(materials.entries) and materials.entries[size - 1].received > latest


def _stamped_bytes(materials: Materials, size: int) -> bytes:
    """The checkpoint with the ledger's own signature alone. Raises EvidenceError EV18."""
    if materials.keeper is None or size not in materials.signed:
        raise EvidenceError("EV18", reason="it is none of the checkpoints kept in this ledger")
    return plain_note(materials.notes[size].decode(), ledger_key(materials, materials.keeper)).encode()


def ledger_key(materials: Materials, keeper: PublicKey) -> NoteKey:
    return note_key(origin(materials.case.ledger.id), keeper)


def _size_of(name: str) -> int:
    size, _, number = name.removeprefix(STAMPS).removesuffix(".tsr").partition("-")
    if not size.isdecimal() or not number.isdecimal() or stamp_name(int(size), int(number)) != name:
        raise VerbError("VB31", name, reason="it does not have the name of a time stamp")
    return int(size)


def has_stamps(files: CaseFiles) -> bool:
    return any(name.startswith(STAMPS) and name != STAMP_ROOTS for name in files.sizes)
