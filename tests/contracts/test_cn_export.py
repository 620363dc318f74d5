"""The rule pack on export of personal information: each clause in each status, and the bands meet (P-093, V-6.2 or)."""

from functools import cache
from pathlib import Path

import pytest

from smartclause.language.format import format as layout
from smartclause.language.load import Loaded, load
from smartclause.language.tree import Clause
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run
from tests.contracts.clause_statuses import possible, shown

FOLDER = Path(__file__).parents[2] / "contracts" / "rules"
ENGLISH, CHINESE = FOLDER / "cn_export.clause", FOLDER / "cn_export.zh.clause"


@cache
def loaded(path: Path) -> Loaded:
    return load(path)


@cache
def lookup() -> Lookup:
    return Lookup(loaded(ENGLISH).contract)


SCENARIOS = {each.name.rpartition(".")[2]: each for each in loaded(ENGLISH).contract.scenarios}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_holds(name: str) -> None:
    outcomes = run(loaded(ENGLISH).contract, SCENARIOS[name], lookup()).outcomes
    assert [(each.expected, each.found, each.because) for each in outcomes if not each.holds] == []


def test_every_clause_is_shown_in_every_status_it_can_have() -> None:
    tree = loaded(ENGLISH).trees["cn_export"]
    clauses = [item for item in tree.items if isinstance(item, Clause)]
    assert [(c.name.id, possible(c) - shown((tree,), c)) for c in clauses] == [(c.name.id, set()) for c in clauses]


def test_the_chinese_file_is_the_english_one_in_chinese() -> None:
    assert layout(loaded(ENGLISH).trees["cn_export"], "zh") == CHINESE.read_text(encoding="utf-8")
    assert layout(loaded(ENGLISH).trees["cn_export"]) == ENGLISH.read_text(encoding="utf-8")
    assert not [each.code for path in (ENGLISH, CHINESE) for each in loaded(path).diagnostics]


# The bands of persons, at the last and the first number of each, and the figures of the law entered twice.
CASES = ("cn_export_cases", "cn_export_figures_cases")


@pytest.mark.parametrize("name", CASES)
def test_the_bands_of_persons_meet_without_a_gap_and_the_figures_are_those_of_the_law(name: str) -> None:
    read = loaded(FOLDER / f"{name}.clause")
    outcomes = [o for s in read.contract.scenarios for o in run(read.contract, s).outcomes]
    assert len(outcomes) == len(read.contract.scenarios)
    assert [(each.expected, each.found) for each in outcomes if not each.holds] == []


@pytest.mark.parametrize("name", CASES)
def test_the_chinese_cases_are_the_english_ones_in_chinese(name: str) -> None:
    tree = loaded(FOLDER / f"{name}.clause").trees[name]
    assert layout(tree, "zh") == (FOLDER / f"{name}.zh.clause").read_text(encoding="utf-8")
    assert layout(tree) == (FOLDER / f"{name}.clause").read_text(encoding="utf-8")


def test_a_contract_may_agree_on_fewer_persons_than_the_law_and_not_on_more() -> None:
    text = (FOLDER / "cn_export_figures_cases.clause").read_text(encoding="utf-8")
    for persons, codes in (("100,000", []), ("99,999", []), ("100,001", ["T08"])):
        with_figure = text.replace("with H = B", f"with H = B, exempt_persons = {persons} persons")
        assert [d.code for d in load(with_figure, beside=FOLDER).diagnostics if d.is_error] == codes
