"""Values that differ in no cell are told together: whole branches of a tree by their top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smartclause.engines.prove.matrix.result import Axis, Group, Index, Listed


def grouped(cells: Mapping[Index, int], axes: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """For each axis its values, those together that stand beside the same in every cell of the others."""
    for axis in range(axes):
        beside: dict[int, dict[Index, int]] = {}
        for cell, content in cells.items():
            beside.setdefault(cell[axis], {})[cell[:axis] + cell[axis + 1 :]] = content
        found: dict[tuple[tuple[Index, int], ...], list[int]] = {}
        for value, others in beside.items():
            found.setdefault(tuple(sorted(others.items())), []).append(value)
        yield tuple(tuple(v) for v in found.values())


def groups_of(axis: Axis, found: tuple[tuple[int, ...], ...]) -> tuple[Group, ...]:
    """In the order of the tree."""
    return tuple(Group(members, tuple(_listed(axis, frozenset(members)))) for members in sorted(found))


def _listed(axis: Axis, members: frozenset[int]) -> Iterator[Listed]:
    """Branches that are there as a whole, or but for few, by their top; of others each value by itself."""
    tops = {m: axis.under[m] - members for m in members if _nearly_whole(axis.under[m], members)}
    inside = {u for t in tops for u in axis.under[t]}
    for member in sorted(members - inside):
        if member in tops:
            yield Listed(member, len(axis.under[member] & members), True, tuple(sorted(tops[member])))
        else:
            yield Listed(member, 0, False)


def _nearly_whole(under: frozenset[int], members: frozenset[int]) -> bool:
    """All that is under it, or all but one or two of many."""
    left = len(under - members)
    return left == 0 or (left <= _FEW and len(under) >= _MANY)


_FEW, _MANY = 2, 8
