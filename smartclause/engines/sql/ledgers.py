"""Several ledgers of one contract in one statement: what stands in one is no past of another.

A statement costs the more to plan the more its contract says, and little for each row; so ledgers that are read with
the same signatures, sources and clouds at one instant are read together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from smartclause.logic.world import Record, World
from smartclause.rails.refused import CannotDo

LEDGER = "ledger"  # the column with the number of the ledger, as text
_SHARED = ("asked", "sources", "clouds", "signed", "draft")


@dataclass(frozen=True)
class Ledgers:
    """Each a world; they share all but their records."""

    worlds: tuple[World, ...]

    @classmethod
    def of(cls, worlds: Sequence[World]) -> Ledgers:
        """Raises ValueError where they share less, and CannotDo."""
        first = worlds[0]
        if any(w.lookup.contract != first.lookup.contract for w in worlds):
            raise ValueError("ledgers of different contracts")
        for name in _SHARED:
            if any(getattr(w, name) != getattr(first, name) for w in worlds):
                raise ValueError(f"ledgers that differ in {name}")
        if any(w.earlier is not None for w in worlds):
            raise CannotDo("a contract with the version that it amends", first.lookup.contract.module)
        return cls(tuple(worlds))

    @property
    def shared(self) -> World:
        """To be asked for what all have in common."""
        return self.worlds[0]

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
