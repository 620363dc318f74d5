"""The slow core: keeps every record and asks the reference after each. It defines what the fast core must tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from smartclause.engines.audit import Judged, Use, acts_of
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.reading import SHOWN
from smartclause.engines.monitor.snapshot import Snapshot, differences, is_over, moments, snapshot, stands, with_second
from smartclause.engines.monitor.told import Told
from smartclause.logic.answers import DEFAULT_RECORDS_DUE
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.instances import Instance
from smartclause.logic.record import Event, Signer, Source
from smartclause.logic.terms import Value
from smartclause.logic.world import Position, Record, World, length

GRACE: Instant = length(DEFAULT_RECORDS_DUE)
Builds = Callable[[list[Event], tuple[Source, ...], Instant], World]
Judges = Callable[[World, Record], Judged]
Parties = Callable[[str], str]  # whose a source is; empty: nobody's


@dataclass
class StoredCore:
    """`builds` makes the world of these records, with these sources, asked at an instant."""

    builds: Builds
    judges: Judges
    document: str = ""
    soon: Instant | None = None
    grace: Instant = GRACE
    party_of: Parties = str
    signers: tuple[Signer, ...] = SHOWN
    events: list[Event] = field(default_factory=list)
    marks: dict[str, Instant] = field(default_factory=dict)
    now: Instant = NEVER
    last: Snapshot = field(default_factory=lambda: Snapshot(NEVER))

    @property
    def acts(self) -> Counter[str]:
        return Counter(use.decision.value for use in self.last.acts.values())

    def take(
        self, type_: str, by: str, to: str, asset: str, facts: Mapping[str, Value], at: Instant, name: str, index: int
    ) -> list[Told]:
        event = Event(name or f"line {index}", type_, at, by, to, asset, facts, self.signers, index=index)
        found = self.advance(event.time)
        self.events.append(event)
        return [*found, *self._look()]

    def mark(self, source: str, complete: Instant) -> list[Told]:
        self.marks[source] = max(complete, self.marks.get(source, NEVER))
        return self._look() if self.now > NEVER else []

    def advance(self, to: Instant) -> list[Told]:
        found: list[Told] = []
        while self.now < to:
            coming = (m for i in self.last.duties.values() for m in moments(i, self.grace, self.soon))
            self.now = min((m for m in coming if self.now < m <= to), default=to)
            found += self._look()
        return found

    def duties(self) -> tuple[Instance, ...]:
        return tuple(i for i in self._duties(self.world()) if not is_over(i, self.now))

    def standing(self) -> tuple[Instance, ...]:
        return tuple(i for i in self._duties(self.world()) if stands(i, self.now))

    def tally(self) -> Counter[str]:
        return Counter(i.status.value for i in with_second(self._duties(self.world())))

    @property
    def rereads(self) -> bool:
        return True

    def settle(self, horizon: Instant) -> None:
        """All is kept."""

    def save(self) -> dict[str, Any]:
        return {}

    def restore(self, data: Mapping[str, Any]) -> None:
        """Nothing is kept: what was read is read again."""

    def uses(self) -> tuple[Use, ...]:
        return tuple(self.last.acts.values())

    def world(self) -> World:
        sources = tuple(
            Source(name, self.party_of(name), complete=at, last_heard=at) for name, at in sorted(self.marks.items())
        )
        return self.builds(self.events, sources, self.now)

    def _duties(self, world: World) -> list[Instance]:
        return list(Duties(world, Position(self.now, LAST_INDEX), self.now).all())

    def _look(self) -> list[Told]:
        world = self.world()
        uses = (Use(r, self.judges(world, r)) for r in acts_of(world, self.document))
        after = snapshot(self.now, uses, self._duties(world))
        found = differences(self.last, after, self.soon)
        self.last = after
        return found
