"""Without which facts and kinds of records no act of a cell is allowed, whatever else is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import z3

from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.matrix.asked import Asked
from smartclause.engines.prove.matrix.result import Can, Content, Index
from smartclause.logic.contract import Line
from smartclause.logic.verdict import Decision


def with_needs(
    asked: Asked, told: Mapping[Index, Content], shown: Mapping[tuple[Index, Decision], tuple[Line, ...]]
) -> dict[Index, Content]:
    """First what all cells of one content need; then of each cell what more its own example has."""
    missing = _missing(asked)
    alike: dict[Content, list[Index]] = {}
    for cell, content in told.items():
        if content.cans.allowed is Can.YES:
            alike.setdefault(content, []).append(cell)
    found = dict(told)
    for content, cells in alike.items():
        every = frozenset(n for n in missing if _needed(asked, asked.any_of(cells), missing[n]))
        for cell in cells:
            has = _told(shown[cell, Decision.ALLOWED]) - every
            more = {n for n in missing if n in has and _needed(asked, asked.cell(cell), missing[n])}
            found[cell] = replace(content, needs=tuple(n for n in missing if n in every | more))
    return found


def _needed(asked: Asked, cells: Yes, missing: Yes) -> bool:
    return asked.possible(z3.And(cells, asked.verdict.yes, missing)) is False


def _missing(asked: Asked) -> dict[str, Yes]:
    """By the name of a fact, or of a kind of record: that it is not shown, or that there is none."""
    space = asked.space
    axes = {a.fact.name for a in asked.axes}
    found: dict[str, Yes] = {n: z3.Not(f.known) for n, f in space.facts.made.items() if n not in axes}
    kinds: dict[str, list[Yes]] = {}
    for each in space.past.found.values():
        kinds.setdefault(each.asked.query.event, []).append(z3.And(each.high == 0, z3.Not(each.open)))
    return found | {kind: z3.And(parts) for kind, parts in kinds.items()}


def _told(lines: tuple[Line, ...]) -> set[str]:
    """What an act without which it would not be an example can need: what it has."""
    return {n for n, _ in lines[-1].facts} | {x.event for x in lines[:-1]}
