"""What a matrix says: the facts whose values are told, the cells, and in each what can be found and by what.

Of the act while the contract is in force, judged as a draft; whatever else is shown of it or not, and whatever was
recorded before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Literal, TypeAlias

from smartclause.logic.contract import FieldType, Line
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import Decision

Shown: TypeAlias = str | bool | None  # of a set its only element; None: not shown
Index: TypeAlias = tuple[int, ...]


class Can(Enum):
    """Whether an act of the cell can be judged so: shown by one that the reference judged so, or proved not to be."""

    YES = "yes"
    NO = "no"
    OPEN = "not proven"


class Kind(Enum):
    """What a cell comes to; the first words of it for people."""

    ALLOWED = "always allowed"
    NOT_REFUSED = "never refused"  # allowed, or undecided until all is shown
    DEPENDS = "depends"
    UNSETTLED = "always undecided"
    NEVER = "never allowed"  # refused, or undecided until all is shown
    REFUSED = "always refused"
    OPEN = "not proven"
    NOTHING = "no such act"


@dataclass(frozen=True, slots=True)
class Cans:
    allowed: Can
    refused: Can
    undecided: Can

    @property
    def kind(self) -> Kind:
        if self.allowed is Can.NO:
            return self._never()
        if self.allowed is Can.OPEN:
            return Kind.OPEN
        if self.refused is Can.YES:
            return Kind.DEPENDS
        if self.refused is Can.OPEN:
            return Kind.OPEN
        match self.undecided:
            case Can.NO:
                return Kind.ALLOWED
            case Can.YES:
                return Kind.NOT_REFUSED
            case Can.OPEN:
                return Kind.OPEN

    def _never(self) -> Kind:
        match self.refused, self.undecided:
            case Can.NO, Can.NO:
                return Kind.NOTHING
            case _, Can.NO:
                return Kind.REFUSED
            case Can.NO, _:
                return Kind.UNSETTLED
            case _:
                return Kind.NEVER

    def of(self, decision: Decision) -> Can:
        return {
            Decision.ALLOWED: self.allowed,
            Decision.REFUSED: self.refused,
            Decision.UNDECIDED: self.undecided,
        }[decision]


Part: TypeAlias = Literal["forbids", "open", "stops", "does not permit", "permits", "may stop", "together"]


@dataclass(frozen=True, slots=True)
class Deciding:
    """A sentence (0: the only one of its clause), and the part it plays in every act of the cell.

    forbids: a bar that holds. open: a bar or permission that stays unknown. stops: a bar that holds or stays unknown.
    does not permit: a permission that never holds, and there is no other. permits: one that does or can. may stop: a
    bar that is not lifted in every act; no other can stop it. together: of several one stops each act, none them all.
    `narrower`: it speaks of these narrower acts, and what is asked does not say whether it is one.
    """

    clause: str
    sentence: int
    part: Part
    narrower: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """`values` in the order of their tree, None last. `under`: for each the numbers of those under it."""

    fact: FieldType
    values: tuple[Shown, ...]
    under: tuple[frozenset[int], ...]

    @property
    def is_set(self) -> bool:
        return self.fact.type.kind.name == "CONCEPTS"


@dataclass(frozen=True, slots=True)
class Content:
    """What is said of a cell; many cells may say the same. `needs`: without any one of these facts and kinds of records
    no act of the cell is allowed."""

    cans: Cans
    deciding: tuple[Deciding, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        return self.cans.kind


@dataclass(frozen=True, slots=True)
class Listed:
    """A value of a group; `narrower`: how many values under it are told with it, which are all but those of `but`.

    `whole`: there is no value under it that is not told with it, or is of `but`.
    """

    number: int
    narrower: int = 0
    whole: bool = True
    but: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Values that differ in no cell. `listed`: those that stand for all."""

    members: tuple[int, ...]
    listed: tuple[Listed, ...]


@dataclass(frozen=True)
class Table:
    """Of one act by one party, or of several acts of which the same is found (`acts`).

    `cells`: by the number of a group in each axis, the number of their content. `examples`: for a cell of groups and a
    decision, lines of a scenario.
    `open_file`: it bars or does not bar, and never allows by itself.
    """

    acts: tuple[str, ...]
    party: str
    axes: tuple[Axis, ...]
    groups: tuple[tuple[Group, ...], ...]
    contents: tuple[Content, ...]
    cells: Mapping[Index, int]
    examples: Mapping[tuple[Index, Decision], tuple[Line, ...]]
    asked: int
    open_file: bool = False

    def content(self, cell: Index) -> Content:
        return self.contents[self.cells[cell]]

    @property
    def common(self) -> tuple[Deciding, ...]:
        """What may stop the act in every cell in which it can be allowed: told once, beside the cells."""
        allowing = [c for c in self.contents if c.cans.allowed is Can.YES]
        if len(allowing) < 2:
            return ()
        every = set.intersection(*({d for d in c.deciding if d.part == "may stop"} for c in allowing))
        return tuple(d for d in allowing[0].deciding if d in every)

    def slices(self) -> Iterator[Index]:
        """Of more than two facts: each choice of a group of the third and those after it."""
        yield from product(*(range(len(g)) for g in self.groups[2:]))


@dataclass(frozen=True, slots=True)
class Example:
    """Of a cell, by the numbers of its groups: an act judged so, as a scenario that holds when it is pasted."""

    cell: Index
    decision: Decision
    scenario: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Of one contract. `without`: acts with none of the facts asked for."""

    lookup: Lookup
    tables: tuple[Table, ...]
    without: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether something is not proven."""
        cans = (c.cans for t in self.tables for c in t.contents)
        return any(Can.OPEN in (c.allowed, c.refused, c.undecided) for c in cans)
