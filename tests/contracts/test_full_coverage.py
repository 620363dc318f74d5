"""The shipped contracts are shown in full by their own scenarios, and small slips in them are noticed.

Both spellings of each contract have the same tree (tests beside this one), and the scenarios of the commercial
contract stand in both; those of the voice agreement are read against its English spelling, which imports find first.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from smartclause.engines.coverage.measured import Denied
from smartclause.engines.mutants.told import difference
from smartclause.engines.prose import explain_term
from smartclause.logic.terms import Compare, CountDistinct
from smartclause.verbs import scenarios
from smartclause.verbs.coverage import coverages
from smartclause.verbs.mutants import trials
from smartclause.verbs.mutants_proved import means_the_same

CONTRACTS = Path(__file__).parents[2] / "contracts"
VOICE = CONTRACTS / "cn" / "voice_synthesis"
FILES = {
    "commercial_training": (CONTRACTS / "commercial_training" / "commercial_training.clause",),
    "voice_synthesis": (VOICE / "voice_synthesis.clause", *sorted(VOICE.glob("*_cases.zh.clause"))),
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


@pytest.mark.parametrize("name", FILES)
def test_every_status_exception_and_condition_is_shown(name):
    (found,) = coverages(shipped(name))
    assert found.name == name
    for part in found.parts:
        assert part.of > 0
        assert part.is_full
    assert found.is_full


@pytest.mark.parametrize("name", FILES)
def test_only_what_is_proved_never_to_decide_alone_is_not_shown_to(name):
    (found,) = coverages(shipped(name))
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
    (trial,) = trials(shipped(name), means_the_same)
    score = trial.score()
    _, of = score.told
    assert of > 80
    assert score.percentage >= LEAST, [difference(score.file, s.mutant) for s in score.survivors]
    assert not [difference(score.file, s.mutant) for s in score.survivors]


# What no scenario of the export pack can count up to: 100,000, 1,000,000 and 10,000 persons. Each band is tried at its
# last and its first number with small figures in test_cn_export.py.
LARGE = ("exempt_persons", "assessed_persons", "assessed_sensitive", "number of distinct subject of transfer")
PACK = CONTRACTS / "rules" / "cn_export.clause"


@cache
def pack() -> tuple[scenarios.Tested, ...]:
    return scenarios.run_scenarios((PACK,))


def test_the_export_pack_is_shown_in_full_but_for_numbers_of_persons_that_no_scenario_counts_up_to():
    (found,) = coverages(pack())
    for part in (found.reached, found.statuses, found.exceptions):
        assert part.is_full
    lacking = [c.term for s in found.clauses for q in s.questions for c in q.conditions if c.pair is None or c.missing]
    assert len(lacking) == 3
    assert all(isinstance(t, Compare) and isinstance(t.left, CountDistinct) for t in lacking)


def test_every_slip_of_the_export_pack_is_noticed_but_for_such_numbers():
    (trial,) = trials(pack())
    score = trial.score()
    assert score.told[1] > 80
    lines = [difference(score.file, s.mutant)[-1] for s in score.survivors]
    assert [line for line in lines if not any(name in line for name in LARGE)] == []
