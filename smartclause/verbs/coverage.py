"""`test --coverage`: what the scenarios of several files show of the contracts that stand in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from smartclause.engines.coverage.measured import Coverage
from smartclause.engines.coverage.measured import coverage as measured
from smartclause.engines.coverage.page import page
from smartclause.engines.coverage.questions import Question
from smartclause.evidence.errors import Lang
from smartclause.evidence.files import write_whole
from smartclause.logic.contract import Contract, ModuleKind
from smartclause.logic.lookup import Lookup
from smartclause.logic.truth import Truth
from smartclause.verbs.scenarios import Tested

if TYPE_CHECKING:
    from smartclause.engines.prove.alone import Alone


def coverages(tested: Sequence[Tested]) -> tuple[Coverage, ...]:
    """One for each contract (or pack) whose clauses stand in the files given, by the scenarios of all of them.

    Where no file given holds a clause, the clauses that they import are looked at. Of a condition that no scenario
    shows to decide alone the solver is asked whether it ever can.
    """
    runs = [run for each in tested for run in each.runs]
    found: list[Coverage] = []
    for lookup, module in subjects(tested):
        mine = [r for r in runs if module in r.world.lookup.modules]
        found.append(measured(lookup, mine, frozenset({module}), Proving(lookup.contract).never))
    return tuple(found)


@dataclass(frozen=True)
class Proving:
    """The solver is loaded only where it is asked."""

    contract: Contract

    @cached_property
    def _alone(self) -> Alone:
        from smartclause.engines.prove.alone import Alone

        return Alone(self.contract)

    def never(self, question: Question, place: int, is_: Truth, were: Truth) -> bool:
        return self._alone.never(question, place, is_, were)


def subjects(tested: Sequence[Tested]) -> tuple[tuple[Lookup, str], ...]:
    """The files that are tested: each name once, with the contract in which it was read first."""
    own = {each.lookup.contract.module: each.lookup for each in reversed(tested)}
    mine = {name: lookup for name, lookup in own.items() if lookup.modules[name].clauses}
    if mine:
        return tuple((lookup, name) for name, lookup in reversed(mine.items()))
    imported: dict[str, Lookup] = {}
    for each in tested:
        for module in each.lookup.contract.modules:
            if module.clauses and module.kind is not ModuleKind.VOCABULARY:
                imported.setdefault(module.name, each.lookup)
    return tuple((lookup, name) for name, lookup in imported.items())


def write_pages(found: Sequence[Coverage], out: Path, lang: Lang) -> tuple[Path, ...]:
    """One page for each contract; of several all but the first bear their name. Raises EvidenceError EV19."""
    paths = []
    for number, each in enumerate(found):
        path = out if number == 0 else out.with_name(f"{out.stem}-{each.name}{out.suffix}")
        write_whole(path, page(each, lang).encode())
        paths.append(path)
    return tuple(paths)
