"""Files that verbs are given: contracts, trust stores, registers, instants."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.files import read_limited
from smartclause.evidence.forms import instant, read_form
from smartclause.evidence.register import Register
from smartclause.evidence.trust import (
    KeyRecord,
    Standing,
    TrustSource,
    TrustStore,
    load_trust,
    record_of,
    ring,
    standing,
)
from smartclause.logic.canonical import digest_of_bytes
from smartclause.logic.counting import Instant
from smartclause.verbs.bundle import Bundle, read_bundle
from smartclause.verbs.errors import VerbError

MAX_REGISTER = 64 * 2**20


def open_contract(path: Path, folders: tuple[Path, ...] = ()) -> Bundle:
    """A clause file is compiled on the spot and is unsigned. Raises EvidenceError, VerbError VB01-VB03."""
    if path.suffix == ".clause":
        from smartclause.verbs.compile import compiled  # the language is loaded only where a clause file is given

        return compiled(path, folders)
    return read_bundle(path)


def open_trust(path: TrustSource | None) -> TrustStore | None:
    return None if path is None else load_trust(path)


def need_trust(path: TrustSource | None) -> TrustStore:
    """Raises VerbError VB11: signed records mean nothing without it."""
    if path is None:
        raise VerbError("VB11", what="trust store", option="--trust FILE")
    return load_trust(path)


@dataclass(frozen=True, slots=True)
class OpenedRegister:
    register: Register
    digest: str


def open_register(path: Path, trust: TrustStore, now: Instant) -> OpenedRegister:
    """Only as its keeper signed it, with a key that the trust store holds. Raises EvidenceError, VerbError VB13."""
    return register_from(read_limited(path, MAX_REGISTER), path.name, trust, now)


def register_from(content: bytes, place: str, trust: TrustStore, now: Instant) -> OpenedRegister:
    """As `open_register`, from the bytes of the envelope; `place` names the file in messages."""
    verified = envelopes.unseal(content, ring(trust), Register.PAYLOAD_TYPE)
    register = read_form(Register, verified.body)
    for key in verified.signers:
        record = record_of(trust, key)
        if record is not None and record.party == register.keeper and _trusted(record, trust, now):
            return OpenedRegister(register, digest_of_bytes(verified.body))
    raise VerbError("VB13", place)


def _trusted(record: KeyRecord, trust: TrustStore, now: Instant) -> bool:
    return standing(record, now, issuers=trust.issuers) is Standing.TRUSTED


def read_instant(text: str) -> Instant:
    """Raises VerbError VB20."""
    try:
        return instant(text)
    except ValueError:
        raise VerbError("VB20", text=text) from None
