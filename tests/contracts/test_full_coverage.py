"""The shipped contracts are shown in full by their own scenarios, and small slips in them are noticed.

Both spellings of each contract have the same tree (tests beside this one), and the scenarios of the commercial
contract stand in both; those of the voice agreement are read against its English spelling, which imports find first.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from smartclause.engines.coverage.measured import Coverage, Denied
from smartclause.engines.mutants.told import difference
from smartclause.engines.prose import explain_term
from smartclause.verbs import scenarios
from smartclause.verbs.coverage import coverages
from smartclause.verbs.mutants import trials
from smartclause.verbs.mutants_proved import means_the_same

CONTRACTS = Path(__file__).parents[2] / "contracts"
VOICE = CONTRACTS / "cn" / "voice_synthesis"
FILES = {
    "commercial_training": (CONTRACTS / "commercial_training" / "commercial_training.clause",),
    "voice_synthesis": (VOICE / "voice_synthesis.clause", *sorted(VOICE.glob("*_cases.zh.clause"))),
    "cn_export": tuple(CONTRACTS / "rules" / f"cn_export{each}.clause" for each in ("", "_cases", "_figures_cases")),
}
LEAST = 95  # of a hundred mutants that mean something else

# Conditions that are proved never to decide alone, or not by being false: (clause, how it begins), with why it stands.
PROVED = {
    ("commercial_training.1.1", "the number of different values of source"): (
        Denied.AT_ALL,
        "where no source states anything, `every source permits` is false already: (b) says it to the reader",
    ),
    ("commercial_training.3.2", "reservation at collection in the latest collection"): (
        Denied.BY_FALSE,
        "where the latest collection is reserved, (2) is false too; where nothing was collected it alone decides",
    ),
}


@cache
def shipped(name: str) -> tuple[scenarios.Tested, ...]:
    return scenarios.run_scenarios(FILES[name])


def covered(name: str) -> Coverage:
    return next(found for found in coverages(shipped(name)) if found.name == name)


@pytest.mark.parametrize("name", FILES)
def test_every_status_exception_and_condition_is_shown(name):
    found = covered(name)
    for part in found.parts:
        assert part.of > 0
        assert part.is_full
    assert found.is_full


@pytest.mark.parametrize("name", FILES)
def test_only_what_is_proved_never_to_decide_alone_is_not_shown_to(name):
    found = covered(name)
    denied = {
        (clause.clause, explain_term(found.lookup, condition.term, "en", shown.question.types)): condition.denied
        for clause in found.clauses
        for shown in clause.questions
        for condition in shown.conditions
        if condition.denied is not None
    }
    mine = {key: proof for key, (proof, _) in PROVED.items() if key[0].startswith(f"{name}.")}
    told = {(c, begins) for c, said in denied for d, begins in mine if c == d and said.startswith(begins)}
    assert (len(denied), told) == (len(mine), set(mine))
    assert set(denied.values()) == set(mine.values())


@pytest.mark.parametrize("name", FILES)
def test_every_slip_that_means_something_else_is_noticed(name):
    trial = next(trial for trial in trials(shipped(name), means_the_same) if trial.module == name)
    score = trial.score()
    _, of = score.told
    assert of >= 80
    assert score.percentage >= LEAST, [difference(score.file, s.mutant) for s in score.survivors]
    assert not [difference(score.file, s.mutant) for s in score.survivors]
