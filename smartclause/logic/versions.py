"""A contract and its amendments (design 2.11): an act is judged under the version in force at its instant.

The worlds of the versions stand in their order; what was opened under one lives on under it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from smartclause.logic.contract import Contract
from smartclause.logic.counting import Instant
from smartclause.logic.force import force_start
from smartclause.logic.identity import document_digest
from smartclause.logic.verdict import Verdict, at_both_places, judge_act
from smartclause.logic.world import Record, World

Reading = Callable[[World], Record]
"""The act as one of the versions reads it."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The worlds of a contract and of its amendments in force, the oldest first."""

    worlds: tuple[World, ...]

    def at(self, instant: Instant) -> World:
        """The version in force then: from the first instant of an amendment's force, not before."""
        begun = [w for w in self.worlds[1:] if instant >= w.effective[w.lookup.contract.module]]
        return begun[-1] if begun else self.worlds[0]

    def judge(self, read: Reading) -> Verdict:
        """Inside an agreed lag the versions at its claimed and at its received place must agree (design 2.2)."""
        world = self._of(read)
        act = read(world)
        later = self.at(act.received)
        if later is world or act.received == act.instant or not world.lookup.is_controlled(act.event.type):
            return judge_act(world, act)
        first = judge_act(world, replace(act, received=act.instant))
        received = read(later)
        return at_both_places(first, judge_act(later, replace(received, instant=received.received)), act)

    def _of(self, read: Reading) -> World:
        """The latest version by whose own reading the act lies inside its force."""
        begun = [w for w in self.worlds[1:] if read(w).instant >= w.effective[w.lookup.contract.module]]
        return begun[-1] if begun else self.worlds[0]


def effect(world: World, received: Instant) -> Instant:
    """An amendment takes effect at its date or at receipt of the last signature, whichever is later."""
    return max(force_start(world.lookup.modules[world.lookup.contract.module].header), received)


def versions(worlds: Sequence[World], received: Sequence[Instant]) -> Versions:
    """`received`: for each world but the first, when the last signature of the amendment was received."""
    linked: list[World] = [worlds[0]]
    start: Instant | None = None
    for world, moment in zip(worlds[1:], received, strict=True):
        name = world.lookup.contract.module
        start = effect(world, moment) if start is None else max(start, effect(world, moment))
        before = replace(linked[-1], replaced={name: start})
        linked[-1] = before
        linked.append(replace(world, earlier=before, effective={name: start}))
    return Versions(tuple(linked))


def amending(amended: Contract, before: Contract) -> Contract:
    """The amended contract, with what it amends and who was a party of that and is no more."""
    root = next(m for m in amended.modules if m.name == amended.module)
    old = next(m for m in before.modules if m.name == before.module)
    left = {p.name for p in old.parties} - {p.name for p in root.parties}
    modules = tuple(replace(m, former=tuple(sorted(left))) if m is root else m for m in amended.modules)
    return replace(amended, modules=modules, amends=document_digest(before))
