"""Concept tests as sets: which values make the test true, and which false, in one stretch of the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smartclause.logic.concepts import Concepts
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth, every, some
from smartclause.rails.stretches import Stated

_Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Sets:
    """Values that surely pass and values that surely fail; of all others it is unknown."""

    inside: _Names = frozenset()
    outside: _Names = frozenset()


def elements(value: Value) -> tuple[str, ...]:
    return tuple(sorted(value)) if isinstance(value, frozenset) else (str(value),)


def covering(value: Value) -> tuple[str, ...]:
    """An empty set covers what no concept is: it is not known what was meant."""
    return elements(value or "")


def element_covered(concepts: Concepts, broad: Iterable[str], open_list: bool, narrow: str) -> Truth:
    """A set covers what one of its elements covers; off an open list nothing is known."""
    found = some(concepts.covers(b, narrow)[0] for b in broad)
    return Truth.UNKNOWN if found is Truth.FALSE and open_list else found


def narrower_of(concepts: Concepts, broad: Stated) -> Sets:
    """Of a field tested against something stated: the values that it covers."""
    if broad.value is None:
        return Sets()
    wide = covering(broad.value)
    return _sets({n: element_covered(concepts, wide, broad.open_list, n) for n in concepts.names})


def broader_of(concepts: Concepts, narrow: str) -> Sets:
    """Of a field that shall cover one stated concept: the values that do."""
    return _sets({n: concepts.covers(n, narrow)[0] for n in concepts.names})


def covered(concepts: Concepts, broad: Stated, narrow: Stated) -> Truth:
    """Both sides stated."""
    if broad.value is None or narrow.value is None:
        return Truth.UNKNOWN
    wide = covering(broad.value)
    cells = [element_covered(concepts, wide, broad.open_list, n) for n in elements(narrow.value)]
    if every(cells) is Truth.TRUE:
        return Truth.TRUE
    return Truth.FALSE if some(cells) is Truth.FALSE else Truth.UNKNOWN


def _sets(found: dict[str, Truth]) -> Sets:
    inside = frozenset(n for n, t in found.items() if t is Truth.TRUE)
    return Sets(inside, frozenset(n for n, t in found.items() if t is Truth.FALSE))
