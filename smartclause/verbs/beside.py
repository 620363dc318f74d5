"""`test --boundaries`: the thresholds of clause files, tried with scenarios made from all that the files hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smartclause.logic.contract import Scenario
from smartclause.verbs.boundaries import boundaries, found_instead
from smartclause.verbs.scenarios import Tested
from smartclause.verbs.thresholds import Threshold


@dataclass(frozen=True, slots=True)
class Tried:
    """One threshold, how many scenarios were made beside it, and what was found in those that do not hold."""

    threshold: Threshold
    made: int
    failed: tuple[tuple[Scenario, str], ...] = ()

    @property
    def reached(self) -> bool:
        return self.made > 0


def tried(tested: Sequence[Tested]) -> tuple[Tried, ...]:
    """Each file that is given answers for its own thresholds, the first for those of what is only imported."""
    scenarios = [run.scenario for each in tested for run in each.runs]
    roots = {each.lookup.contract.module for each in tested}
    seen: set[str] = set()
    found: list[Tried] = []
    for each in tested:
        own = {m for m in each.lookup.modules if m == each.lookup.contract.module or m not in roots | seen}
        seen |= own
        found += _tried(each, scenarios, own)
    return tuple(found)


def _tried(tested: Tested, scenarios: list[Scenario], modules: set[str]) -> list[Tried]:
    lookup = tested.lookup
    found: list[Tried] = []
    for threshold, made in boundaries(lookup.contract, scenarios, modules).items():
        outcomes = [(b.scenario, found_instead(lookup.contract, b, lookup)) for b in made]
        found.append(Tried(threshold, len(made), tuple((s, instead) for s, instead in outcomes if instead)))
    return found
