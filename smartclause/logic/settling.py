"""Settling sets (design 2.15): few facts that settle a verdict together, where no single fact does.

Read off the finding: each set keeps the verdict whatever every other fact may be, and no part of it does. A leaf (a
comparison, a question to history) counts with all that it read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from smartclause.logic.finding import Finding, Read, all_reads
from smartclause.logic.needs import DISJUNCTIVE, MOST_FACTS, MOST_SETS
from smartclause.logic.terms import AnyOf, AtLeast, Not
from smartclause.logic.truth import Truth, negate

MOST_KEPT = 64  # while they are put together


@dataclass(frozen=True, slots=True)
class Settling:
    """The smallest first. `cut`: there may be more sets than those listed, or larger ones."""

    sets: tuple[tuple[Read, ...], ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    sets: tuple[frozenset[Read], ...]
    cut: bool = False


_Choices: TypeAlias = dict[int, _Found]
_NOTHING = _Found((frozenset(),))


def settling_sets(finding: Finding) -> Settling:
    """None while it is unknown, or where no fact was read."""
    if finding.truth is Truth.UNKNOWN:
        return Settling()
    found = _of(finding)
    listed = [tuple(sorted(s, key=_order)) for s in found.sets if s]
    return Settling(tuple(listed[:MOST_SETS]), found.cut or len(listed) > MOST_SETS)


def _of(finding: Finding) -> _Found:
    if not finding.parts:
        reads = frozenset(r for r in finding.reads if r.field) or frozenset(finding.reads)
        return _smallest((reads,))
    if isinstance(finding.term, Not) or finding.label == "not":
        part = finding.parts[0]
        return _of(part) if part.truth is negate(finding.truth) else _whole(finding)
    parts = [p for p in finding.parts if p.truth is finding.truth]
    needed = _needed(finding)
    return _whole(finding) if len(parts) < needed else _choosing(parts, needed)


def _needed(finding: Finding) -> int:
    """How many parts of its own truth settle it. All of: one false, or all of them true; any of: the reverse."""
    count = len(finding.parts)
    match finding.term:
        case AtLeast():
            enough = finding.term.count
        case AnyOf():
            enough = 1
        case _:
            enough = 1 if finding.label in DISJUNCTIVE else count
    return enough if finding.truth is Truth.TRUE else count - enough + 1


def _choosing(parts: Sequence[Finding], needed: int) -> _Found:
    """Sets that settle `needed` of the parts: of those seen so far, as many as can still lead there."""
    chosen: _Choices = {0: _NOTHING}
    for left, part in zip(range(len(parts) - 1, -1, -1), parts, strict=True):
        mine = _of(part)
        with_it = {count + 1: _together(found, mine) for count, found in chosen.items() if count < needed}
        both = {n: _either(chosen[n], found) if n in chosen else found for n, found in with_it.items()}
        chosen = {n: found for n, found in (chosen | both).items() if n + left >= needed}
    return chosen[needed]


def _together(one: _Found, other: _Found) -> _Found:
    return _smallest((a | b for a in one.sets for b in other.sets), one.cut or other.cut)


def _either(one: _Found, other: _Found) -> _Found:
    return _smallest((*one.sets, *other.sets), one.cut or other.cut)


def _smallest(sets: Iterable[frozenset[Read]], cut: bool = False) -> _Found:
    """Without those that contain another one, and inside the limits."""
    kept: list[frozenset[Read]] = []
    for each in sorted(set(sets), key=lambda s: (len(s), sorted(map(_order, s)))):
        if any(other <= each for other in kept):
            continue
        if len(each) > MOST_FACTS or len(kept) == MOST_KEPT:
            return _Found(tuple(kept), cut=True)
        kept.append(each)
    return _Found(tuple(kept), cut)


def _whole(finding: Finding) -> _Found:
    """It is settled in another way than by its parts: all that was read for it."""
    return _smallest((frozenset(all_reads(finding)),))


def _order(read: Read) -> tuple[str, str, str, str, str]:
    return read.type, read.event, read.field, str(read.value), read.stated_by
