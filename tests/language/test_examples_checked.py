"""The twelve example pairs check without errors, mean the same in both languages, and are read back whole."""

from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from smartclause.language.format import format
from smartclause.language.load import Loaded, load
from smartclause.logic.identity import document_data, meaning_digest, read_contract
from smartclause.logic.scenario import run

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "language"
PAIRS = (
    "data_training", "voice_synthesis", "commercial_training", "cn_export", "incident_timers", "retention",
    "minimum_necessary", "release_indicators", "opt_out", "remedies", "voice_eu", "eu_timers",
)  # fmt: skip
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the example files are not beside this checkout")


@cache
def loaded(name: str, language: str) -> Loaded:
    return load(FOLDER / f"{name}{'.zh' if language == 'zh' else ''}.clause")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PAIRS)
def test_an_example_checks_without_errors(name: str, language: str) -> None:
    found = loaded(name, language)
    assert [each for each in found.diagnostics if each.is_error] == []
    assert found.contract is not None


@pytest.mark.parametrize("name", PAIRS)
def test_both_spellings_have_one_meaning(name: str) -> None:
    english, chinese = loaded(name, "en").contract, loaded(name, "zh").contract
    assert english is not None
    assert chinese is not None
    assert meaning_digest(english) == meaning_digest(chinese)


@pytest.mark.parametrize("name", PAIRS)
def test_a_contract_is_read_back_from_its_data(name: str) -> None:
    contract = loaded(name, "en").contract
    assert contract is not None
    assert read_contract(document_data(contract)) == contract


@pytest.mark.parametrize("to", ["en", "zh"])
@pytest.mark.parametrize("name", PAIRS)
def test_a_file_printed_in_either_language_keeps_its_meaning(name: str, to: Literal["en", "zh"]) -> None:
    before = loaded(name, "en")
    printed = load(format(before.trees[name], to), name=name, beside=FOLDER)
    assert before.contract is not None
    assert printed.contract is not None, [each.message for each in printed.diagnostics]
    assert meaning_digest(printed.contract) == meaning_digest(before.contract)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PAIRS)
def test_the_scenarios_of_an_example_hold(name: str, language: str) -> None:
    contract = loaded(name, language).contract
    assert contract is not None
    for scenario in contract.scenarios:
        assert [outcome for outcome in run(contract, scenario).outcomes if not outcome.holds] == []


def test_the_only_advice_on_the_examples_is_what_they_show() -> None:
    codes = {name: {d.code for d in loaded(name, "en").diagnostics} for name in PAIRS}
    assert {name: each for name, each in codes.items() if each} == {
        "cn_export": {"V08"},
        "opt_out": {"V08"},
        "minimum_necessary": {"T20"},
        "retention": {"V12"},
    }
