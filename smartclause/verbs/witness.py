"""`witness`: keep the state of a witness, cosign checkpoints, write policies; and take cosignatures into a ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.cosignature import Cosignature
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited
from smartclause.evidence.growth import MAX_GROWTH, read_growth
from smartclause.evidence.keys import PublicKey, SigningKey
from smartclause.evidence.ledger import Ledger, open_ledger
from smartclause.evidence.note import (
    ED25519,
    MAX_NOTE,
    NoteKey,
    note_key,
    read_verifier,
    verifier_text,
)
from smartclause.evidence.policy import MAX_POLICY, Policy, Witnessed, knows, read_policy, witnessed
from smartclause.evidence.served import keep_cosignatures, served_checkpoints
from smartclause.evidence.witness import (
    Followed,
    Refused,
    Seconds,
    cosign_growth,
    create_witness,
    follow,
    followed_ledgers,
    open_witness,
    refused_notes,
    system_seconds,
)
from smartclause.verbs.inputs import need_trust
from smartclause.verbs.keepers import need_keeper

MAX_VERIFIER = 10_000


def make(state: Path, name: str, key: PublicKey) -> str:
    """A new state; the verifier key that others put into their policies. Raises EvidenceError."""
    return verifier_text(create_witness(state, name, key))


def ledger_verifier(path: Path, key: PublicKey) -> str:
    """The verifier key of a ledger, as witnesses and other tools take it. Raises EvidenceError EV07, EV17, EV19."""
    with open_ledger(path) as ledger:
        if key.id != ledger.key_id:
            raise EvidenceError("EV07", path.name, reason="it is not the key of this ledger")
        return verifier_text(note_key(ledger.origin, key))


def follow_ledger(state: Path, verifier: Path) -> NoteKey:
    """From now on the witness cosigns this ledger. Raises EvidenceError EV07, EV18, EV19, EV22, EV23."""
    key = read_verifier(_line(verifier), ED25519)
    with open_witness(state, writing=True) as witness:
        follow(witness, key)
    return key


def cosign(state: Path, growth: Path, key: SigningKey, clock: Seconds = system_seconds) -> str:
    """The note with the cosignature. Raises EvidenceError; EV22 if the witness refuses."""
    asked = read_growth(read_limited(growth, MAX_GROWTH))
    with open_witness(state, writing=True) as witness:
        return cosign_growth(witness, asked, key, clock)


@dataclass(frozen=True, slots=True)
class WitnessState:
    name: str
    followed: tuple[Followed, ...]
    refused: tuple[Refused, ...]


def show(state: Path) -> WitnessState:
    """Raises EvidenceError EV19, EV23."""
    with open_witness(state) as witness:
        return WitnessState(witness.name, followed_ledgers(witness), refused_notes(witness))


def write_policy(ledgers: tuple[Path, ...], witnesses: Mapping[str, Path], quorum: str) -> str:
    """A policy over files of verifier keys; `quorum` is `none`, `any`, `all` or a number of witnesses.

    Raises EvidenceError EV07, EV18-EV20.
    """
    lines = [f"log {_line(path)}" for path in ledgers]
    lines += [f"witness {name} {_line(path)}" for name, path in witnesses.items()]
    lines += ["quorum none"] if quorum == "none" else [f"group agreed {quorum} {' '.join(witnesses)}", "quorum agreed"]
    text = "\n".join(lines) + "\n"
    read_policy(text.encode())
    return text


def open_policy(path: Path) -> Policy:
    """Raises EvidenceError EV02, EV19, EV20."""
    return read_policy(read_limited(path, MAX_POLICY))


def take(path: Path, note: Path, policy: Path, *, trust: Path | None = None) -> tuple[Cosignature, ...]:
    """Keeps the cosignatures of the policy's witnesses with the ledger. Raises EvidenceError, VerbError VB11."""
    store, rules = need_trust(trust), open_policy(policy)
    with open_ledger(path, writing=True) as ledger:
        key = need_keeper(ledger, store)
        return keep_cosignatures(ledger, read_limited(note, MAX_NOTE), key, rules.witnesses.values())


def last_note(path: Path, size: int | None = None) -> str:
    """The last checkpoint, or that of `size`, with its cosignatures. Raises EvidenceError EV17-EV19."""
    with open_ledger(path) as ledger:
        stored = dict(served_checkpoints(ledger))
    wanted = max(stored, default=0) if size is None else size
    if wanted not in stored:
        raise EvidenceError("EV18", path.name, reason="no checkpoint was signed yet")
    return stored[wanted]


@dataclass(frozen=True, slots=True)
class Quorum:
    """The largest checkpoint that enough witnesses cosigned counts `size` entries; 0 if there is none.

    `last`: who cosigned the last checkpoint, and who is missing there.
    """

    size: int
    last: Witnessed | None


def quorum(ledger: Ledger, key: PublicKey, policy: Policy) -> Quorum:
    """Over the stored checkpoints, whose own signatures are verified elsewhere. Raises EvidenceError EV18."""
    if not knows(policy, note_key(ledger.origin, key)):
        raise EvidenceError("EV18", reason="its ledger is none of the policy")
    found = [(size, witnessed(policy, note.encode())) for size, note in served_checkpoints(ledger)]
    return Quorum(max((size for size, one in found if one.holds), default=0), found[-1][1] if found else None)


def _line(path: Path) -> str:
    try:
        return read_limited(path, MAX_VERIFIER).decode().strip()
    except UnicodeDecodeError:
        raise EvidenceError("EV18", path.name, reason="it is not UTF-8") from None
