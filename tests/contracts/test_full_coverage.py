"""The shipped contracts are shown in full by their own scenarios, and small slips in them are noticed.

Both spellings of each contract have the same tree (tests beside this one), and the scenarios of the commercial
contract stand in both; those of the voice agreement are read against its English spelling, which imports find first.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from smartclause.engines.mutants.told import difference
from smartclause.engines.prose import explain_term
from smartclause.verbs import scenarios
from smartclause.verbs.coverage import coverages
from smartclause.verbs.mutants import trials

CONTRACTS = Path(__file__).parents[2] / "contracts"
VOICE = CONTRACTS / "cn" / "voice_synthesis"
FILES = {
    "commercial_training": (CONTRACTS / "commercial_training" / "commercial_training.clause",),
    "voice_synthesis": (VOICE / "voice_synthesis.clause", *sorted(VOICE.glob("*_cases.zh.clause"))),
}
LEAST = 95  # of a hundred mutants that mean something else

# Conditions that no two acts can show to decide alone, with the reason: (clause, how it begins).
TOGETHER = {
    ("commercial_training.1.1", "the number of different values of source"): (
        "where no source states anything, `every source permits` is false already: (b) can only follow (a)"
    ),
    ("commercial_training.3.2", "reservation at collection in the latest collection"): (
        "where the latest collection is reserved, (2) is false too; alone it only decides where there is no collection"
    ),
}
# Slips that survive, as lines of the file, with the reason why no scenario can notice them.
UNSEEN = {
    "+ (b) number of distinct licence_source of licence_statement is at least 1 sources.": "(b) follows (a)",
    "+ (b) number of distinct licence_source of licence_statement with the same dataset is at least 0 sources.": (
        "(b) follows (a)"
    ),
}


@cache
def shipped(name: str) -> tuple[scenarios.Tested, ...]:
    return scenarios.run_scenarios(FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_every_status_exception_and_condition_is_shown(name):
    (found,) = coverages(shipped(name))
    assert found.name == name
    for part in (found.reached, found.statuses, found.exceptions, found.values):
        assert part.of > 0
        assert part.is_full
    lacking = {
        (clause.clause, explain_term(found.lookup, condition.term, "en", shown.question.types))
        for clause in found.clauses
        for shown in clause.questions
        for condition in shown.conditions
        if condition.pair is None
    }
    mine = [(clause, words) for clause, words in TOGETHER if clause.startswith(f"{name}.")]
    assert len(lacking) == len(mine)
    assert all(any(c == clause and said.startswith(words) for clause, words in mine) for c, said in lacking)


@pytest.mark.parametrize("name", FILES)
def test_nearly_every_slip_is_noticed(name):
    (trial,) = trials(shipped(name))
    score = trial.score()  # without proofs, which could only raise it
    noticed, of = score.told
    assert of > 80
    assert score.percentage >= LEAST, [difference(score.file, s.mutant) for s in score.survivors]
    known = {difference(score.file, s.mutant)[-1] for s in score.survivors} & set(UNSEEN)
    assert name != "commercial_training" or (noticed, known) == (of - len(UNSEEN), set(UNSEEN))
