"""What each issuer still owes: numbers of its sequence that were never received, used twice or broken.

A ledger proves nothing about what was never submitted; unbroken sequences are what makes silence visible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TypeAlias, cast

from smartclause.evidence.judged import JudgedEntry
from smartclause.logic.canonical import Json

Range: TypeAlias = tuple[int, int]  # first and last number, both included


@dataclass(frozen=True, slots=True)
class Gap:
    """The numbers `first` to `last` were not received. `after` and `before` are the entries on both sides.

    `void`: nothing is owed under them, as `follows` says.
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
    voids: dict[str, list[tuple[str, Mapping[str, object]]]] = defaultdict(list)
    for entry in entries:
        issuer = str(entry.body["issuer"])
        if entry.body["type"] == "void" and isinstance(facts := entry.body["facts"], dict):
            voids[issuer].append((str(entry.body["id"]), facts))
        if entry.kind == "event":
            numbers = by_issuer.setdefault(issuer, {})
            numbers.setdefault(_number(entry.body["seq"]), []).append(entry)
    gaps: list[Gap] = []
    faults: list[SequenceFault] = []
    for issuer, numbers in sorted(by_issuer.items()):
        gaps += _gaps(issuer, numbers, void_ranges(voids[issuer]))
        faults += _faults(issuer, numbers)
    return Sequences(tuple(gaps), tuple(faults))


def follows(before: Iterable[str], last: int, seq: int, prev: str | None, voids: Iterable[Range]) -> bool:
    """Whether nothing is owed between the records under `last`, with the digests `before`, and the next one received.

    Numbers between them are void only if their issuer declared each of them unused and the next record names the one
    before them; a record that names another one shows that this other one was signed, and it is owed.
    """
    return prev in set(before) and _covers(voids, last + 1, seq - 1)


def void_ranges(voids: Iterable[tuple[str, Mapping[str, object]]]) -> tuple[Range, ...]:
    """What the voids of one issuer declare unused, each given as event number and facts.

    A void that was signed in versions that differ declares nothing.
    """
    versions: dict[str, set[Range]] = defaultdict(set)
    for event, facts in voids:
        first, last = facts.get("first"), facts.get("last")
        if isinstance(first, int) and isinstance(last, int):
            versions[event].add((first, last))
    return tuple(each for found in versions.values() if len(found) == 1 for each in found)


def _covers(voids: Iterable[Range], low: int, high: int) -> bool:
    """Whether each number from `low` to `high`, both included, is in one of the ranges."""
    for first, last in sorted(voids):
        if first <= low <= last:
            low = last + 1
    return low > high


def _gaps(issuer: str, numbers: dict[int, list[JudgedEntry]], voids: tuple[Range, ...]) -> list[Gap]:
    present = sorted(numbers)
    gaps = []
    if present[0] > 0:
        gaps.append(Gap(issuer, 0, present[0] - 1, None, numbers[present[0]][0].index, False))
    for left, right in pairwise(present):
        if right - left > 1:
            before, after = numbers[left], numbers[right]
            digests = [entry.digest for entry in before]
            void = all(follows(digests, left, right, _text(entry.body.get("prev")), voids) for entry in after)
            gaps.append(Gap(issuer, left + 1, right - 1, before[0].index, after[0].index, void))
    return gaps


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


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
