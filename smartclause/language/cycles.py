"""Circles in who depends on whom, each found once and printed in order."""

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

_LONGEST = 12
Thing = TypeVar("Thing", bound=Hashable)


def circles(edges: Mapping[Thing, tuple[Thing, ...]]) -> Iterator[tuple[Thing, ...]]:
    """One circle `(a, b, a)` for each thing that closes one, in bounded depth and linear time."""
    done: set[Thing] = set()
    for start in edges:
        if start not in done:
            yield from _from(start, edges, done)


def _from(start: Thing, edges: Mapping[Thing, tuple[Thing, ...]], done: set[Thing]) -> Iterator[tuple[Thing, ...]]:
    path: dict[Thing, Iterator[Thing]] = {start: iter(edges.get(start, ()))}
    while path:
        here = next(reversed(path))
        following = next(path[here], None)
        if following is None:
            done.add(here)
            del path[here]
        elif following in path:
            way = list(path)
            yield (*way[way.index(following) :], following)
        elif following not in done:
            path[following] = iter(edges.get(following, ()))


def too_tall(edges: Mapping[Thing, tuple[Thing, ...]], limit: int) -> Thing | None:
    """Something with more than `limit` things above it, one above the other; the edges have no circle."""
    heights: dict[Thing, int] = {}
    for start in edges:
        waiting = [start]
        while waiting:
            here = waiting[-1]
            above = edges.get(here, ())
            open_ = [each for each in above if each not in heights]
            if open_:
                waiting.extend(open_)
                continue
            heights[here] = 1 + max((heights[each] for each in above), default=-1)
            waiting.pop()
            if heights[here] > limit:
                return here
    return None


def printed(circle: tuple[Thing, ...]) -> str:
    """`a → b → a`; of a long circle the beginning and the end."""
    shown = [str(thing) for thing in circle]
    if len(shown) > _LONGEST:
        shown = [*shown[: _LONGEST - 4], "…", *shown[-3:]]
    return " → ".join(shown)
