"""Values that differ in no cell are told together: whole branches of a tree by their top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smartclause.engines.prove.matrix.result import Axis, Group, Index, Listed, Table


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
    return tuple(_group(axis, members) for members in sorted(found))


def shown_in(table: Table, axis: int, rest: Index) -> list[tuple[Group, int]]:
    """The groups of the first or second fact that differ where the third and those after it are `rest`: each with the
    number of one that it is told by."""
    found: dict[tuple[int, ...], list[int]] = {}
    for number in range(len(table.groups[axis])):
        found.setdefault(tuple(table.cells[(*c, *rest)] for c in _beside(table, axis, number)), []).append(number)
    return [(together(table, axis, numbers), numbers[0]) for numbers in found.values()]


def _beside(table: Table, axis: int, number: int) -> list[Index]:
    """The cells of a row, or of a column."""
    if len(table.axes) < 2:
        return [(number,)]
    others = range(len(table.groups[1 - axis]))
    return [(n, number) if axis else (number, n) for n in others]


def together(table: Table, axis: int, numbers: Sequence[int]) -> Group:
    groups = [table.groups[axis][n] for n in numbers]
    return groups[0] if len(groups) == 1 else _group(table.axes[axis], sorted(m for g in groups for m in g.members))


def _group(axis: Axis, members: Sequence[int]) -> Group:
    return Group(tuple(members), tuple(_listed(axis, frozenset(members))))


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
