"""What each issuer still owes: numbers of its sequence that were never received, used twice or broken.

A ledger proves nothing about what was never submitted; unbroken sequences are what makes silence visible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import TypeAlias, cast

from smartclause.evidence.entry import ALONE
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


@dataclass(frozen=True, slots=True)
class _Run:
    """The numbers `first` to `last` that one entry holds; `ends` is the digest that the next record names."""

    index: int
    first: int
    last: int
    prev: str | None
    ends: str


def read_sequences(entries: Iterable[JudgedEntry]) -> Sequences:
    """The sequences of all issuers as far as `entries`, which begin with the first one of the ledger.

    A void inside a segment is not seen here: what is declared unused there counts as owed.
    """
    by_issuer: dict[str, list[_Run]] = defaultdict(list)
    voids: dict[str, list[tuple[str, Mapping[str, object]]]] = defaultdict(list)
    for entry in entries:
        issuer = str(entry.body["issuer"])
        if entry.body.get("type") == "void" and isinstance(facts := entry.body["facts"], dict):
            voids[issuer].append((str(entry.body["id"]), facts))
        if entry.kind in ALONE:
            by_issuer[issuer].append(_run(entry))
    gaps: list[Gap] = []
    faults: list[SequenceFault] = []
    for issuer, runs in sorted(by_issuer.items()):
        runs.sort(key=lambda run: (run.first, run.last, run.index))
        gaps += _gaps(issuer, runs, void_ranges(voids[issuer]))
        faults += _faults(issuer, runs)
    return Sequences(tuple(gaps), tuple(faults))


def _run(entry: JudgedEntry) -> _Run:
    body, prev = entry.body, _text(entry.body.get("prev"))
    if entry.kind == "segment":
        first = _number(body["first"])
        return _Run(entry.index, first, first + _number(body["count"]) - 1, prev, str(body["last"]))
    return _Run(entry.index, _number(body["seq"]), _number(body["seq"]), prev, entry.digest)


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


def _gaps(issuer: str, runs: list[_Run], voids: tuple[Range, ...]) -> list[Gap]:
    """`runs` in the order of their numbers."""
    gaps = []
    if runs[0].first > 0:
        gaps.append(Gap(issuer, 0, runs[0].first - 1, None, runs[0].index, False))
    reach = runs[0].last
    ends = _by_end(runs)
    for first, group in groupby(runs, key=lambda run: run.first):
        after = list(group)
        if first > reach + 1:
            before = ends[reach]
            digests = [each.ends for each in before]
            void = all(follows(digests, reach, first, each.prev, voids) for each in after)
            gaps.append(Gap(issuer, reach + 1, first - 1, before[0].index, after[0].index, void))
        reach = max(reach, *(run.last for run in after))
    return gaps


def _by_end(runs: Iterable[_Run]) -> dict[int, list[_Run]]:
    found: dict[int, list[_Run]] = defaultdict(list)
    for run in runs:
        found[run.last].append(run)
    return found


def _faults(issuer: str, runs: list[_Run]) -> list[SequenceFault]:
    faults: list[SequenceFault] = []
    ends = _by_end(runs)
    for first, group in _forks(runs):
        faults.append(SequenceFault(issuer, first, Defect.FORK, tuple(run.index for run in group)))
    for run in runs:
        before = ends.get(run.first - 1, [])
        if before and run.prev not in {each.ends for each in before}:
            faults.append(SequenceFault(issuer, run.first, Defect.BREAK, (before[0].index, run.index)))
    return sorted(faults, key=lambda fault: fault.seq)


def _forks(runs: list[_Run]) -> Iterator[tuple[int, list[_Run]]]:
    """Numbers under which several entries hold an event, each with the entries that begin there or reach it."""
    reaching: list[_Run] = []
    for first, each in groupby(runs, key=lambda run: run.first):
        reaching = [run for run in reaching if run.last >= first] + list(each)
        if len(reaching) > 1:
            yield first, reaching


def _number(value: Json) -> int:
    return cast(int, value)


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
