"""What each issuer still owes: numbers of its sequence that were never received, used twice or broken.

A ledger proves nothing about what was never submitted; unbroken sequences are what makes silence visible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import cast

from smartclause.evidence.judged import JudgedEntry
from smartclause.logic.canonical import Json


@dataclass(frozen=True, slots=True)
class Gap:
    """The numbers `first` to `last` were not received. `after` and `before` are the entries on both sides.

    `void` only if the issuer declared them unused and its next record continues from the record before
    them; otherwise a signed record exists and is owed.
    """

    issuer: str
    first: int
    last: int
    after: int | None
    before: int
    void: bool


class Defect(Enum):
    FORK = "fork"  # two events under one number
    BREAK = "break"  # `prev` is not the record received under the number before


@dataclass(frozen=True, slots=True)
class SequenceFault:
    issuer: str
    seq: int
    defect: Defect
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sequences:
    gaps: tuple[Gap, ...]
    faults: tuple[SequenceFault, ...]


def read_sequences(entries: Iterable[JudgedEntry]) -> Sequences:
    """The sequences of all issuers as far as `entries`, which begin with the first one of the ledger."""
    by_issuer: dict[str, dict[int, list[JudgedEntry]]] = {}
    for entry in entries:
        if entry.kind == "event":
            numbers = by_issuer.setdefault(str(entry.body["issuer"]), {})
            numbers.setdefault(_number(entry.body["seq"]), []).append(entry)
    gaps: list[Gap] = []
    faults: list[SequenceFault] = []
    for issuer, numbers in sorted(by_issuer.items()):
        gaps += _gaps(issuer, numbers)
        faults += _faults(issuer, numbers)
    return Sequences(tuple(gaps), tuple(faults))


def _gaps(issuer: str, numbers: dict[int, list[JudgedEntry]]) -> list[Gap]:
    voids = [e.body["facts"] for group in numbers.values() for e in group if e.body["type"] == "void"]
    present = sorted(numbers)
    gaps = []
    if present[0] > 0:
        gaps.append(Gap(issuer, 0, present[0] - 1, None, numbers[present[0]][0].index, False))
    for left, right in pairwise(present):
        if right - left > 1:
            before, after = numbers[left][0], numbers[right][0]
            first, last = left + 1, right - 1
            void = after.body.get("prev") == before.digest and _is_void(first, last, voids)
            gaps.append(Gap(issuer, first, last, before.index, after.index, void))
    return gaps


def _is_void(first: int, last: int, voids: list[Json]) -> bool:
    ranges = [cast(dict[str, int], facts) for facts in voids]
    return any(facts["first"] <= first and last <= facts["last"] for facts in ranges)


def _faults(issuer: str, numbers: dict[int, list[JudgedEntry]]) -> list[SequenceFault]:
    faults = []
    for seq, group in sorted(numbers.items()):
        if len(group) > 1:
            faults.append(SequenceFault(issuer, seq, Defect.FORK, tuple(e.index for e in group)))
        before = numbers.get(seq - 1, [])
        broken = [e for e in group if before and e.body.get("prev") not in {b.digest for b in before}]
        faults += [SequenceFault(issuer, seq, Defect.BREAK, (before[0].index, e.index)) for e in broken]
    return faults


def _number(value: Json) -> int:
    return cast(int, value)
