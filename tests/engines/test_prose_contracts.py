"""The shipped contracts read well: every scenario explained in both languages, no name of the program showing."""

import re
from pathlib import Path

import pytest

from smartclause.engines import prose
from smartclause.language.load import load
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
FILES = (
    "commercial_training/commercial_training.clause",
    "cn/voice_synthesis/breach_cases.zh.clause",
    "cn/voice_synthesis/use_and_rights_cases.zh.clause",
    "cn/voice_synthesis/border_and_end_cases.zh.clause",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z_]{3,}")
EVERY = 4  # scenarios: the suite stays fast, and neighbours resemble each other


@pytest.fixture(scope="module", params=FILES)
def lookup(request):
    loaded = load(CONTRACTS / request.param, [CONTRACTS])
    assert loaded.contract is not None, loaded.diagnostics
    return Lookup(loaded.contract)


@pytest.fixture(scope="module")
def runs(lookup):
    return [run(lookup.contract, s, lookup) for s in lookup.contract.scenarios[::EVERY]]


def texts(lookup, found, lang):
    if found.verdict is not None:
        yield prose.explain_verdict(lookup, found.verdict, lang, records=found.world.by_id)
    yield from (prose.explain_duty(lookup, duty, lang) for duty in found.instances)


def test_no_qualified_name_reaches_a_reader(lookup, runs):
    modules = "|".join(re.escape(m.name) for m in lookup.contract.modules)
    for found in runs:
        for lang in prose.LANGUAGES:
            for text in texts(lookup, found, lang):
                assert not re.search(rf"\b({modules})\.\w", text), text


def test_chinese_explanations_hold_no_english_words(lookup, runs):
    zone = lookup.modules[lookup.contract.module].header.zone
    for found in runs:
        for text in texts(lookup, found, "zh"):
            rest = re.sub(r"“[^”]*”|（资产[^）]*）", "", text.replace(zone, ""))
            assert not LATIN.search(rest), text


def test_what_stops_an_act_is_said_with_a_clause_or_silence(lookup, runs):
    for verdict in (found.verdict for found in runs if found.verdict is not None):
        if verdict.truth.value == "true":
            continue
        text = prose.explain_verdict(lookup, verdict, "en")
        assert re.search(r"Clause \d|silence permits nothing|What is missing", text)


@pytest.mark.parametrize("lang", prose.LANGUAGES)
def test_every_sentence_of_the_contract_ends_as_a_sentence(lookup, lang):
    for _, clause in lookup.all_clauses():
        for sentence in clause.sentences:
            text = prose.explain_sentence(lookup, sentence, lang)
            assert text.endswith("。" if lang == "zh" else ".")
            assert "  " not in text.replace("\n  ", "\n")
            assert bool(CHINESE.search(text)) is (lang == "zh")
