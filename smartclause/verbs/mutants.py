"""`test --mutants`: whether the scenarios of clause files notice small slips in the sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from smartclause.engines.mutants.judged import Progress, Score, Setting, Trial
from smartclause.language.names import Program
from smartclause.logic.contract import Contract
from smartclause.verbs.coverage import subjects
from smartclause.verbs.scenarios import Tested


def scores(tested: Sequence[Tested], progress: Progress | None = None) -> tuple[Score, ...]:
    """One for each contract whose clauses stand in the files given; only scenarios that hold are asked.

    An amendment is not changed: what it says stands in the contract as amended.
    """
    from smartclause.verbs.mutants_proved import means_the_same  # the prover is loaded only for this

    return tuple(trial.score(progress) for trial in trials(tested, means_the_same))


def trials(tested: Sequence[Tested], equal: Callable[[Contract, Contract], bool] | None = None) -> tuple[Trial, ...]:
    found = []
    for lookup, module in subjects(tested):
        loaded = next(t.loaded for t in tested if t.lookup is lookup)
        if loaded.before is None:
            program = Program(loaded.root, dict(loaded.trees))
            found.append(Trial(program, module, _settings(tested, module), equal))
    return tuple(found)


def _settings(tested: Sequence[Tested], module: str) -> tuple[Setting, ...]:
    mine = (t for t in tested if module in t.lookup.modules)
    held = ((t, tuple(r.scenario for r in t.runs if r.holds)) for t in mine)
    return tuple(Setting(t.lookup, scenarios, _program(t)) for t, scenarios in held if scenarios)


def _program(tested: Tested) -> Program | None:
    """None of an amendment: its files are not what is asked."""
    loaded = tested.loaded
    return Program(loaded.root, dict(loaded.trees)) if loaded.before is None else None
