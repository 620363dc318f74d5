"""What the books of one contract share: the world without its records, and what they have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from smartclause.logic.contract import Clause, Module
from smartclause.logic.counting import Instant, end_of_day
from smartclause.logic.force import force_begins, in_force
from smartclause.logic.record import Source
from smartclause.logic.truth import Truth
from smartclause.logic.world import Cloud, Record, World


class Ground:
    """`world` holds terminations only; `first`: the instant of the earliest record of any type."""

    def __init__(self, world: World) -> None:
        self.world = replace(world, records=(), supplements={}, contradicted=frozenset(), supplied={})
        self.first: Instant | None = None
        self.ending = frozenset(world.lookup.relevant_types("termination"))
        self._plain: dict[str, tuple[Instant, Instant | None]] = {}
        for module in world.lookup.modules.values():
            header = module.header
            end = None if header.until is None else end_of_day(header.until, header.zone)
            self._plain[module.name] = force_begins(world, module), end

    @property
    def terminated(self) -> bool:
        """Whether anybody recorded that the contract ends."""
        return bool(self.world.records)

    def end(self, record: Record) -> None:
        others = (r for r in self.world.records if r.event.id != record.event.id)
        self.world = replace(self.world, records=tuple(sorted((*others, record), key=lambda r: r.position)))

    def see(self, sources: Iterable[Source], clouds: Iterable[Cloud]) -> None:
        self.world = replace(self.world, sources=tuple(sources), clouds=tuple(clouds))

    def in_force(self, module: Module, clause: Clause, at: Instant) -> Truth:
        """Whether new triggers lie inside the force of their file."""
        world = self.world
        if world.records or world.clouds or world.replaced:
            return in_force(world, module, clause, at)
        begins, end = self._plain[module.name]
        ended = end is not None and at > end and not clause.survives
        return Truth.FALSE if at < begins or ended else Truth.TRUE
