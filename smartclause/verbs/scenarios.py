"""`test`: runs the scenarios of clause files, and says which clauses no scenario reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.errors import Lang
from smartclause.language.load import Loaded
from smartclause.logic.contract import ModuleKind, Share
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import Outcome, Run, run
from smartclause.logic.verdict import ClauseState
from smartclause.verbs.check import Checked, check
from smartclause.verbs.compile import NotCompiledError


@dataclass(frozen=True, slots=True)
class Tested:
    """`coverage`: for each clause that says something the states and statuses that some scenario reached."""

    path: Path
    lookup: Lookup
    runs: tuple[Run, ...]
    coverage: Mapping[str, tuple[str, ...]]
    loaded: Loaded

    @property
    def failed(self) -> tuple[Run, ...]:
        return tuple(r for r in self.runs if not r.holds)

    @property
    def uncovered(self) -> tuple[str, ...]:
        return tuple(clause for clause, states in self.coverage.items() if not states)

    @property
    def holds(self) -> bool:
        return not self.failed


def run_scenarios(files: tuple[Path, ...], *, folders: tuple[Path, ...] = ()) -> tuple[Tested, ...]:
    """Raises NotCompiledError (VB03), EvidenceError EV19."""
    return tuple(_tested(checked) for checked in check(files, folders=folders))


def _tested(checked: Checked) -> Tested:
    contract = checked.loaded.contract
    if contract is None or not checked.holds:
        raise NotCompiledError(checked.loaded, str(checked.path))
    lookup = Lookup(contract)
    runs = tuple(run(contract, scenario, lookup) for scenario in contract.scenarios)
    return Tested(checked.path, lookup, runs, coverage(lookup, runs), checked.loaded)


def coverage(lookup: Lookup, runs: Iterable[Run]) -> dict[str, tuple[str, ...]]:
    """States that decide nothing (inapplicable) reach no clause."""
    found: dict[str, dict[str, None]] = {clause: {} for clause in _speaking(lookup)}
    for each in runs:
        for clause in each.verdict.clauses if each.verdict else ():
            if clause.clause in found and clause.state is not ClauseState.INAPPLICABLE:
                found[clause.clause][clause.state.value] = None
        for instance in each.instances:
            if instance.clause in found:
                found[instance.clause][instance.status.value] = None
    return {clause: tuple(states) for clause, states in found.items()}


def _speaking(lookup: Lookup) -> Iterable[str]:
    """Clauses with a sentence that decides; vocabularies and annotations do not."""
    for module, clause in lookup.all_clauses():
        decides = any(not isinstance(s, Share) for s in clause.sentences)
        if decides and module.kind is not ModuleKind.VOCABULARY:
            yield clause.id


def merged(tested: Iterable[Tested]) -> dict[str, tuple[str, ...]]:
    """The coverage of several files together: cases of one contract may stand in many."""
    found: dict[str, dict[str, None]] = {}
    for each in tested:
        for clause, states in each.coverage.items():
            found.setdefault(clause, {}).update(dict.fromkeys(states))
    return {clause: tuple(states) for clause, states in found.items()}


def said(outcome: Outcome, lang: Lang) -> str:
    """What was expected of a line that does not hold, and what came instead."""
    about = f"{outcome.expected.clause} " if outcome.expected.clause else ""
    because = ", ".join(outcome.because)
    if lang == "zh":
        return f"{about}应为{outcome.expected.status}，实为{outcome.found}" + (f"，因{because}" if because else "")
    found = f"{about}expected {outcome.expected.status}, found {outcome.found}"
    return found + (f" because {because}" if because else "")
