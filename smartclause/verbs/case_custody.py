"""The custody log of a case: its first line is covered by the manifest, each later one signed by who hands over."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import read_form
from smartclause.evidence.keys import public_key
from smartclause.logic.canonical import digest_of_bytes
from smartclause.verbs.case_files import MANIFEST, digest_of_all
from smartclause.verbs.case_forms import Extraction, Handover
from smartclause.verbs.case_manifest import refuse_other_spelling

CUSTODY = "custody.jsonl"
MAX_CUSTODY = 2**24
COVERED = 1  # lines that the manifest covers


@dataclass(frozen=True, slots=True)
class Custody:
    extraction: Extraction
    handovers: tuple[Handover, ...]


def split(content: bytes) -> tuple[bytes, bytes]:
    """What the manifest covers, and the lines added since."""
    lines = content.split(b"\n")
    covered = b"".join(line + b"\n" for line in lines[:COVERED])
    return covered, content[len(covered) :]


def result_digest(digests: Mapping[str, str]) -> str:
    """Of all files but the manifest and the log itself."""
    return digest_of_all({name: d for name, d in digests.items() if name not in (MANIFEST, CUSTODY)})


def read_custody(content: bytes, manifest: bytes) -> Custody:
    """Raises EvidenceError with the line."""
    if not content.endswith(b"\n"):
        raise EvidenceError("EV08", CUSTODY, what="custody line", reason="its last line is cut off")
    lines = content.split(b"\n")[:-1]
    case, number = digest_of_bytes(manifest), 1
    try:
        first = read_form(Extraction, lines[0])
        handovers = []
        for before, line in pairwise(lines):
            number += 1
            handovers.append(_handover(line, case, digest_of_bytes(before)))
    except EvidenceError as error:
        raise EvidenceError(error.code, f"{CUSTODY} line {number} {error.place}".strip(), **error.values) from None
    return Custody(first, tuple(handovers))


def _handover(line: bytes, case: str, before: str) -> Handover:
    envelope = envelopes.read(line)
    stated = read_form(Handover, envelope.body)
    key = public_key(base64.b64decode(stated.public_key), stated.algorithm)
    verified = envelopes.check(envelope, {key.id: key}, Handover.PAYLOAD_TYPE)
    if key.id != stated.key or verified.signers != (key.id,) or verified.unknown:
        raise EvidenceError("EV06")
    refuse_other_spelling(envelope, line)
    if (stated.case, stated.previous) != (case, before):
        raise EvidenceError("EV08", what="custody line", reason="it does not continue the line before it")
    return stated
