"""Circles in who depends on whom, each found once and printed in order."""

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

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


def printed(circle: tuple[Thing, ...]) -> str:
    return " → ".join(str(thing) for thing in circle)
