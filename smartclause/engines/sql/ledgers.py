"""Several ledgers of one contract in one statement: what stands in one is no past of another.

A statement costs the more to plan the more its contract says, and little for each row; so ledgers that are read with
the same signatures, sources and clouds at one instant are read together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from smartclause.logic.world import Record, World
from smartclause.rails.lowering import Before

LEDGER = "ledger"  # the column with the number of the ledger, as text
_SHARED = ("asked", "sources", "clouds", "signed", "draft", "effective", "replaced")


@dataclass(frozen=True)
class Ledgers:
    """Each a world; they share all but their records."""

    worlds: tuple[World, ...]

    @classmethod
    def of(cls, worlds: Sequence[World]) -> Ledgers:
        """Raises ValueError where they share less."""
        first = worlds[0]
        if any(w.lookup.contract != first.lookup.contract for w in worlds):
            raise ValueError("ledgers of different contracts")
        for name in _SHARED:
            if any(getattr(w, name) != getattr(first, name) for w in worlds):
                raise ValueError(f"ledgers that differ in {name}")
        if any(_before(w) != _before(first) for w in worlds):
            raise ValueError("ledgers that differ in the versions before")
        return cls(tuple(worlds))

    @property
    def shared(self) -> World:
        """To be asked for what all have in common."""
        return self.worlds[0]

    @property
    def before(self) -> tuple[Before, ...]:
        """The versions that the contract amends, the last one first."""
        found: list[Before] = []
        world = self.shared.earlier
        while world is not None:
            found.append((world.lookup, world.signed))
            world = world.earlier
        return tuple(found)

    @property
    def several(self) -> bool:
        return len(self.worlds) > 1

    @cached_property
    def rows(self) -> tuple[tuple[int, Record], ...]:
        """Number of the ledger, and the record; `n` of a row is its place here."""
        return tuple((number, r) for number, world in enumerate(self.worlds) for r in world.records)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        return tuple(r for _, r in self.rows)

    def offsets(self) -> Iterator[tuple[int, World]]:
        """Each with `n` of its first row."""
        before = 0
        for world in self.worlds:
            yield before, world
            before += len(world.records)


def _before(world: World) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    earlier = world.earlier
    while earlier is not None:
        found.append((earlier.lookup.contract, *(getattr(earlier, name) for name in _SHARED)))
        earlier = earlier.earlier
    return found
