"""Cases under a contract that was amended in the midst of its history: each version with those before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from smartclause.logic.world import World
from tests.agreement.worlds import Case, case_of
from tests.engines.amended import versions


@dataclass(frozen=True)
class Amended(Case):
    """`contract` is the first version; the case is asked of the one with this number, from 0."""

    drawn: str = ""
    version: int = 0

    def world(self) -> World:
        return versions(self, self.drawn)[self.version]


def amended_of(seed: int, number: int) -> Iterator[Amended]:
    """All versions of one contract with one history."""
    case = case_of(seed, number)
    shared = {each.name: getattr(case, each.name) for each in fields(case)}
    for version in range(len(versions(case, case.seed))):
        yield Amended(**shared, drawn=case.seed, version=version)
