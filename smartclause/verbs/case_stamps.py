"""One time stamp of a case, verified down to given roots. A narrow face: only here a certificate is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from smartclause.evidence.timestamp_chain import read_roots
from smartclause.evidence.timestamps import verify_timestamp

CAN_CHECK = True
"""Whether time stamps can be verified where this runs."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamped bytes existed at `time`, says the authority, give or take `accuracy`: microseconds, since 1970."""

    time: int
    accuracy: int
    authority: str


def read_stamp(answer: bytes, message: bytes, roots: bytes) -> Stamp:
    """`roots` in PEM. Raises EvidenceError EV02, EV21."""
    found = verify_timestamp(answer, message, read_roots(roots))
    return Stamp(found.time, found.accuracy or 0, found.authority)
