"""The contract on commercial training: its scenarios hold and show every clause in every status."""

from collections import defaultdict
from pathlib import Path

import pytest

from smartclause.language.format import format
from smartclause.language.load import load
from smartclause.logic.contract import Duty
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run

FILE = Path(__file__).parents[2] / "contracts" / "commercial_training" / "commercial_training.clause"
LOADED = load(FILE)
SCENARIOS = {each.name.rpartition(".")[2]: each for each in LOADED.contract.scenarios} if LOADED.contract else {}

# What each clause can be for an act, and what its duties can become.
REACHABLE = {
    "1.1": {"met", "forbidden", "unknown", "set aside"},
    "1.2": {"met", "forbidden", "unknown", "set aside"},
    "1.3": {"permitted", "silent", "unknown"},
    "2.1": {"open", "fulfilled", "violated", "waived", "unproven", "awaiting records"},
    "2.2": {"permitted", "forbidden", "unknown", "silent"},
    "3.1": {"inapplicable", "met", "forbidden", "unknown"},
    "3.2": {"inapplicable", "met", "forbidden", "unknown"},
    "3.3": {"met", "forbidden", "unknown"},
    "4.1": {"met", "forbidden", "open", "fulfilled", "violated", "cured", "unproven"},
    "5.1": {"permitted", "silent"},
}


@pytest.fixture(scope="module")
def lookup():
    return Lookup(LOADED.contract)


def test_the_only_findings_are_the_two_weakenings_meant_by_clause_1_3():
    assert [each.code for each in LOADED.diagnostics] == ["V08", "V08"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_holds(name, lookup):
    outcomes = run(LOADED.contract, SCENARIOS[name], lookup).outcomes
    assert [(each.expected, each.found, each.because) for each in outcomes if not each.holds] == []


def test_every_clause_is_seen_in_every_status_it_can_have():
    seen = defaultdict(set)
    for scenario in SCENARIOS.values():
        for line in scenario.expected:
            seen[line.clause.partition(".")[2]].add(line.status)
    missing = {clause: statuses - seen[clause] for clause, statuses in REACHABLE.items()}
    assert {clause: statuses for clause, statuses in missing.items() if statuses} == {}


def test_every_clause_of_the_contract_is_in_the_table_of_statuses():
    own = next(each for each in LOADED.contract.modules if each.name == LOADED.contract.module)
    assert {clause.number for clause in own.clauses} == set(REACHABLE)


@pytest.mark.parametrize("name", ["credit_not_due", "credit_before_training"])
def test_no_credit_is_owed_where_none_is_due_or_it_was_given(name, lookup):
    found = run(LOADED.contract, SCENARIOS[name], lookup).instances
    assert [each for each in found if each.clause.endswith(".2.1")] == []


def test_every_duty_has_a_period_and_a_key():
    duties = [
        sentence
        for module in LOADED.contract.modules
        for clause in module.clauses
        for sentence in clause.sentences
        if isinstance(sentence, Duty)
    ]
    assert len(duties) == 2
    assert all(duty.period and duty.keys for duty in duties)


def test_both_spellings_are_one_contract():
    chinese = load(FILE.with_name("commercial_training.zh.clause"))
    assert chinese.trees[chinese.root] == LOADED.trees[LOADED.root]
    assert chinese.contract == LOADED.contract


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_spellings_are_in_the_canonical_layout(language):
    file = FILE if language == "en" else FILE.with_name("commercial_training.zh.clause")
    loaded = load(file)
    assert format(loaded.trees[loaded.root], language) == file.read_text(encoding="utf-8")
