"""The shipped vocabularies: what the examples use stays, places are dated, terms of DPV exist, labels are whole."""

import csv
import gzip
import io
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from smartclause.language import tree
from smartclause.language.format import format as layout
from smartclause.language.load import Loaded, load
from smartclause.logic.concepts import Concepts
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run
from smartclause.logic.truth import Truth

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "contracts" / "std"
SHARED = ROOT / ".." / "shared"
EXAMPLES = SHARED / "language"
DPV = SHARED / "data" / "dpv-2.3"
VOCABULARIES = sorted(p for p in FOLDER.glob("*.clause") if not p.name.endswith(".zh.clause"))
STEMS = [path.stem for path in VOCABULARIES]
APART = "the examples of the language are not beside the project"
OWN_VOICE = ("voice_synthesis", "remedies", "voice_eu")  # tested with the agreement that stands in for the example
PROGRAMS = sorted(p for p in EXAMPLES.glob("*.clause") if p.name.split(".")[0] not in (*OWN_VOICE, "data_training"))

EEA = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
]  # fmt: skip
EFTA = {"IS", "LI", "NO"}


@cache
def loaded(path: Path) -> Loaded:
    return load(path)


def items(stem: str) -> tuple[tree.Declaration, ...]:
    return loaded(FOLDER / f"{stem}.clause").trees[stem].items


def labelled() -> list[tuple[str, str, tree.Texts]]:
    found = []
    for stem in STEMS:
        for item in items(stem):
            if isinstance(item, (tree.Role, tree.Unit, tree.Concept, tree.EventType)):
                found.append((stem, item.name.id, item.labels))
            if isinstance(item, tree.EventType):
                found += [(stem, f.name.id, f.labels) for f in item.fields]
    return found


def on(day: date) -> Concepts:
    vocabulary = loaded(FOLDER / "places.clause").contract.vocabulary
    return Concepts(vocabulary, day)


def within(place: str, union: str, day: date) -> Truth:
    return on(day).covers(f"places.{union}", f"places.{place}")[0]


@pytest.mark.parametrize("stem", STEMS)
def test_a_vocabulary_has_no_findings_and_is_named_as_its_file(stem):
    found = loaded(FOLDER / f"{stem}.clause")
    assert [f"{d.code} {d.span.line} {d.message}" for d in found.diagnostics] == []
    assert found.root == stem


@pytest.mark.parametrize("stem", STEMS)
def test_a_vocabulary_is_in_the_canonical_layout(stem):
    path = FOLDER / f"{stem}.clause"
    assert layout(loaded(path).trees[stem]) == path.read_text(encoding="utf-8")


def test_all_vocabularies_can_be_imported_together():
    imports = "".join(f"import std.{stem} version 1.0.0.\n" for stem in STEMS)
    found = load(f"contract all version 1.0.0\n{imports}", name="all.clause")
    assert [d.message for d in found.diagnostics if d.is_error] == []


def test_every_label_is_given_in_chinese_and_in_english():
    assert [(stem, name) for stem, name, texts in labelled() if not (texts.zh and texts.en)] == []


def test_a_yes_form_comes_with_its_no_form_in_both_languages():
    assert [name for _, name, texts in labelled() if ("|" in texts.zh) is not ("|" in texts.en)] == []


def test_one_name_has_one_label_and_one_label_one_name():
    labels = {name: (texts.zh, texts.en) for _, name, texts in labelled()}
    assert [name for _, name, texts in labelled() if labels[name] != (texts.zh, texts.en)] == []
    for language in (0, 1):
        spelt = list(chain.from_iterable(pair[language].split("|") for pair in labels.values()))
        assert len(spelt) == len(set(spelt))


# ---- what the examples of the language rely on


@pytest.fixture(scope="module")
def example():
    if not EXAMPLES.exists():
        pytest.skip(APART)
    return load(EXAMPLES / "data_training.clause").trees["data_training"]


def test_every_word_of_the_example_vocabulary_keeps_its_name_and_labels(example):
    ours = {name: texts for _, name, texts in labelled()}
    for item in example.items:
        if isinstance(item, (tree.Role, tree.Unit, tree.Concept, tree.EventType)):
            assert ours[item.name.id] == item.labels
        for field in item.fields if isinstance(item, tree.EventType) else ():
            assert ours[field.name.id] == field.labels


@pytest.mark.parametrize(
    "path", PROGRAMS or [pytest.param(EXAMPLES, marks=pytest.mark.skip(reason=APART))], ids=lambda path: path.name
)
def test_the_examples_check_and_hold_on_the_shipped_words(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    found = load(copy)
    assert [d.message for d in found.diagnostics if d.is_error] == []
    assert found.paths["data_training"].parent == FOLDER
    for scenario in found.contract.scenarios:
        assert run(found.contract, scenario, Lookup(found.contract)).holds


# ---- places


@pytest.mark.parametrize("place", ["HK", "MO", "TW"])
@pytest.mark.parametrize("day", [date(1990, 1, 1), date(2026, 11, 21)])
def test_hong_kong_macao_and_taiwan_are_not_the_mainland(place, day):
    assert within(place, "CN_mainland", day) is Truth.FALSE


@pytest.mark.parametrize("place", EEA)
def test_the_thirty_members_of_the_area_are_in_it_today(place):
    assert within(place, "EEA", date(2026, 11, 21)) is Truth.TRUE
    assert within(place, "EU", date(2026, 11, 21)) is (Truth.FALSE if place in EFTA else Truth.TRUE)


def test_nobody_else_is_in_the_area_today():
    today = on(date(2026, 11, 21))
    inside = {name.split(".")[1] for name in today.below("places.EEA")} - {"EEA"}
    assert inside == set(EEA)
    outside = [n for n in today.names if today.is_leaf(n) and n.split(".")[1] not in EEA]
    assert all(today.covers("places.EEA", name)[0] is Truth.FALSE for name in outside)


@pytest.mark.parametrize(
    ("place", "union", "last_outside", "first_inside"),
    [
        ("HR", "EU", date(2013, 6, 30), date(2013, 7, 1)),
        ("HR", "EEA", date(2014, 4, 11), date(2014, 4, 12)),
        ("RO", "EU", date(2006, 12, 31), date(2007, 1, 1)),
        ("RO", "EEA", date(2007, 7, 31), date(2007, 8, 1)),
        ("PL", "EEA", date(2004, 4, 30), date(2004, 5, 1)),
        ("LI", "EEA", date(1995, 4, 30), date(1995, 5, 1)),
        ("DE", "EEA", date(1993, 12, 31), date(1994, 1, 1)),
    ],
)
def test_a_member_is_inside_from_its_day_on(place, union, last_outside, first_inside):
    assert within(place, union, last_outside) is Truth.FALSE
    assert within(place, union, first_inside) is Truth.TRUE


@pytest.mark.parametrize(
    ("union", "last", "first_after"),
    [("EU", date(2020, 1, 31), date(2020, 2, 1)), ("EEA", date(2020, 12, 31), date(2021, 1, 1))],
)
def test_the_united_kingdom_is_inside_to_the_end_of_its_last_day(union, last, first_after):
    assert within("GB", union, last) is Truth.TRUE
    assert within("GB", union, first_after) is Truth.FALSE


def test_a_union_named_instead_of_a_place_settles_nothing():
    assert within("EU", "EEA", date(2026, 11, 21)) is Truth.UNKNOWN
    assert within("places", "EEA", date(2026, 11, 21)) is Truth.UNKNOWN
    assert within("ZZ", "EEA", date(2026, 11, 21)) is Truth.UNKNOWN


# ---- purposes, kinds, operations


@pytest.fixture(scope="module")
def words():
    vocabulary = loaded(FOLDER / "data_training.clause").contract.vocabulary
    return Concepts(vocabulary, date(2026, 11, 21))


def covers(words, broad, narrow):
    return words.covers(f"data_training.{broad}", f"data_training.{narrow}")[0]


@pytest.mark.parametrize("kind", ["voiceprint", "faceprint", "health_data", "account_data", "child_data"])
def test_the_kinds_that_the_law_calls_sensitive_are_sensitive_and_personal(words, kind):
    assert covers(words, "sensitive_data", kind) is Truth.TRUE
    assert covers(words, "personal_data", kind) is Truth.TRUE
    assert covers(words, "anonymous_data", kind) is Truth.FALSE


def test_a_voice_sample_may_be_sensitive(words):
    assert covers(words, "sensitive_data", "voice_sample") is Truth.UNKNOWN


def test_wider_purposes_settle_nothing_and_marketing_is_no_model_work(words):
    assert covers(words, "training", "fine_tuning") is Truth.TRUE
    assert covers(words, "fine_tuning", "training") is Truth.UNKNOWN
    assert covers(words, "model_work", "marketing") is Truth.FALSE
    assert covers(words, "training", "evaluation") is Truth.FALSE


def test_lineage_names_data_mixtures_checkpoints_models_and_the_start_and_end_of_runs():
    names = {item.name.id for item in items("lineage") if isinstance(item, (tree.Concept, tree.EventType))}
    assert {"source_data", "mixture", "model_checkpoint", "trained_model", "derived_from"} <= names
    assert {"start_run", "run_checkpoint", "run_ended", "distillation_run", "fine_tuning_run"} <= names


# Events that the law asks evidence of (law/README.md, proposed vocabulary) and where they are here.
LEGAL_EVENTS = {
    "collect": "gather", "store": "keep", "access": "access", "annotate": "annotate", "train_run": "start_run",
    "derive": "derived_from", "model_release": "publish_model", "output": "generate", "label": "mark_output",
    "transfer_out": "transfer", "consent": "consent", "withdraw": "consent", "objection": "objection",
    "opt_out": "opt_out", "notice": "tell_person", "request_in": "request_received", "request_done": "answer",
    "delete": "erase_batch", "deidentify": "deidentify", "incident": "breach", "provide": "supply_on",
    "incident_report": "report_incident", "assess": "impact_assessment", "audit": "audit",
    "filing": "filing_accepted", "contract": "standard_contract", "certificate": "certificate_issued",
    "complaint": "complaint", "approval": "export_approval", "review": "access_review", "scan": "scan",
    "patch": "patch", "person": "staff_training", "security_control": "measure_attested",
}  # fmt: skip


def test_every_event_that_the_law_asks_evidence_of_has_a_type_here():
    events = {i.name.id for stem in STEMS for i in items(stem) if isinstance(i, tree.EventType)}
    assert set(LEGAL_EVENTS.values()) <= events
    readme = SHARED / "law" / "README.md"
    if readme.exists():
        line = next(x for x in readme.read_text(encoding="utf-8").splitlines() if "Kinds: `collect`" in x)
        assert set(LEGAL_EVENTS) == set(line.split("`")[1::2])


# ---- terms of DPV


def matches() -> list[str]:
    concepts = [i for stem in STEMS for i in items(stem) if isinstance(i, tree.Concept)]
    return [iri for concept in concepts for iri in concept.matches]


def test_every_matching_term_exists_in_the_published_vocabulary():
    if not DPV.exists():
        pytest.skip("the published vocabulary is not beside the project")
    known = set()
    for path in DPV.glob("*.csv.gz"):
        with gzip.open(path) as file:
            known |= {row["iri"] for row in csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"))}
    assert matches()
    assert [iri for iri in matches() if iri not in known] == []


def test_the_mainland_is_not_matched_to_a_term_of_another_extent():
    mainland = next(i for i in items("places") if isinstance(i, tree.Concept) and i.name.id == "CN_mainland")
    assert mainland.matches == ()
