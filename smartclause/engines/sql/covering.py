"""Concepts in SQL: which values a concept covers, as lists of names for each stretch of time of the vocabulary.

The lists come from the primitives of the meaning, so that a value that the vocabulary does not know is on none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from smartclause.engines.sql.pieces import Rails, Sql, both, inverse, is_null, no, one_of, settled, text, texts
from smartclause.logic.concepts import Concepts
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth, between, every, some

UNLISTED = "not in the vocabulary"


@dataclass(frozen=True)
class Cover:
    """How the names of a vocabulary stand to a covering side: those covered, those apart, the others by reason."""

    covered: tuple[str, ...]
    apart: tuple[str, ...]
    doubtful: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def elements(value: Value) -> list[str]:
    return sorted(value) if isinstance(value, frozenset) else [str(value)]


def stands(concepts: Concepts, broad: Value, item: str, open_list: bool) -> tuple[Truth, str]:
    """A set covers what one of its elements covers; off an open list nothing is known."""
    cells = [concepts.covers(b, item) for b in elements(broad)]
    best = some(t for t, _ in cells)
    if best is Truth.FALSE and open_list:
        return Truth.UNKNOWN, "open list"
    return best, next((kind for t, kind in cells if t is Truth.UNKNOWN), "")


def cover(concepts: Concepts, broad: Value, open_list: bool) -> Cover:
    covered, apart = [], []
    doubtful: dict[str, list[str]] = {}
    for name in sorted(concepts.names):
        found, kind = stands(concepts, broad, name, open_list)
        if found is Truth.TRUE:
            covered.append(name)
        elif found is Truth.FALSE:
            apart.append(name)
        else:
            doubtful.setdefault(kind, []).append(name)
    return Cover(tuple(covered), tuple(apart), {k: tuple(v) for k, v in doubtful.items()})


def constant_cover(concepts: Concepts, broad: Value, narrow: Value, open_list: bool) -> tuple[Truth, tuple[str, ...]]:
    """Both sides known beforehand: the truth, and the kinds of reason if it is unknown."""
    cells = [stands(concepts, broad, item, open_list) for item in elements(narrow)]
    truths = [t for t, _ in cells]
    found = between(every(truths) is Truth.TRUE, some(truths) is not Truth.FALSE)
    kinds = dict.fromkeys(kind for t, kind in cells if t is Truth.UNKNOWN and kind)
    return found, tuple(kinds or ("too broad",)) if found is Truth.UNKNOWN else ()


def covered_one(found: Cover, value: Sql, full: bool) -> Rails:
    """Of a single concept."""
    return Rails(
        settled(one_of(value.copy(), texts(found.covered)), full),
        settled(one_of(value.copy(), texts(found.apart)), full),
    )


def covered_set(found: Cover, value: Sql, full: bool) -> Rails:
    """Each element covered; each element apart."""
    return Rails(
        settled(all_among(value, found.covered), full),
        settled(all_among(value, found.apart), full),
    )


def all_among(value: Sql, names: Iterable[str]) -> Sql:
    names = tuple(names)
    if not names:
        return no()
    equal = exp.EQ(this=exp.ArraySize(this=_shared(value, names)), expression=exp.ArraySize(this=value.copy()))
    # The size of no list is -1 for some engines: asked apart.
    return both(inverse(is_null(value.copy())), equal)


def _shared(value: Sql, names: tuple[str, ...]) -> Sql:
    return shared(value, exp.Array(expressions=texts(names)))


def shared(value: Sql, other: Sql) -> Sql:
    """What two lists have in common."""
    return exp.ArrayIntersect(expressions=[value.copy(), other.copy()])


def kinds_of_one(found: Cover, value: Sql) -> list[tuple[str, Sql]]:
    """For each kind of reason, where it is the reason."""
    listed = [(kind, one_of(value.copy(), texts(names))) for kind, names in found.doubtful.items()]
    known = (*found.covered, *found.apart, *(n for names in found.doubtful.values() for n in names))
    outside = inverse(one_of(value.copy(), texts(known)))
    return [*listed, (UNLISTED, both(inverse(is_null(value.copy())), outside))]


def kinds_of_set(found: Cover, value: Sql) -> list[tuple[str, Sql]]:
    """As of one; of a set that is partly in and partly out, that it is too broad."""
    known = (*found.covered, *found.apart, *(n for names in found.doubtful.values() for n in names))
    listed = [(kind, any_among(value, names)) for kind, names in found.doubtful.items()]
    listed.append((UNLISTED, inverse(all_among(value, known))))
    mixed = both(*(inverse(condition.copy()) for _, condition in listed))
    return [*listed, ("too broad", mixed)]


def any_among(value: Sql, names: Iterable[str]) -> Sql:
    names = tuple(names)
    if not names:
        return no()
    some_shared = exp.GT(this=exp.ArraySize(this=_shared(value, names)), expression=exp.Literal.number(0))
    return both(inverse(is_null(value.copy())), some_shared)


def pair(one: Sql, other: Sql) -> Sql:
    """Two names as one text; no name holds a space."""
    return exp.DPipe(this=exp.DPipe(this=one.copy(), expression=text(" ")), expression=other.copy())
