"""The demonstration's facts are well formed and sourced; those from a published review agree with it."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from smartclause.language.load import load
from smartclause.logic.verdict import ClauseState, judge_act
from smartclause.verbs import demo_data
from tests.real import dpi_events as dpi
from tests.real.dpi_world import world_of

FILE = Path(__file__).parents[2] / "contracts" / "commercial_training" / "demo_datasets.json"
FACT_LISTS = ("licences", "generators", "collections", "takedowns")


@pytest.fixture(scope="module")
def document():
    return json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def entries():
    return demo_data.entries()


def sources_answer(entry):
    said = {}
    for licence in entry["licences"]:
        value = {None: "U", "commercial_use": "T"}.get(licence["class"], "F")
        said.setdefault(licence["source"], []).append(value)
    return {name: "F" if "F" in values else "U" if "U" in values else "T" for name, values in said.items()}


def test_there_are_some_sixty_datasets_each_under_one_identifier(entries):
    names = [entry["id"] for entry in entries]
    assert 55 <= len(names) == len(set(names)) <= 80
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in names)


def test_every_fact_names_a_listed_source_and_every_source_is_used(document):
    used = {fact["from"] for entry in document["datasets"] for kind in FACT_LISTS for fact in entry[kind]}
    assert used == set(document["sources"])


def test_every_source_has_kind_name_and_date(document):
    for source in document["sources"].values():
        assert set(source) == {"kind", "name", "published"}
        assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", source["published"])


def test_only_an_entry_from_the_published_review_names_a_record_of_it(entries):
    for entry in entries:
        reviewed = {fact["from"] for fact in entry["licences"]} == {"provenance_records"}
        assert reviewed is (entry["review_record"] is not None)


def test_every_kind_of_case_is_shown(entries):
    answers = [sources_answer(entry) for entry in entries]
    kinds = Counter()
    for entry, said in zip(entries, answers, strict=True):
        values = set(said.values())
        kinds["contradiction"] += {"T", "F"} <= values
        kinds["permitted"] += values == {"T"}
        kinds["forbidden"] += values == {"F"}
        kinds["missing"] += "U" in values and "F" not in values
        kinds["takedown"] += bool(entry["takedowns"])
        kinds["reserved"] += any(each["reservation"] == "reserved" for each in entry["collections"])
        kinds["no-compete"] += any(each["generator"] == "restricted_generator" for each in entry["generators"])
        kinds["licensed but no-compete"] += values == {"T"} and any(
            each["generator"] == "restricted_generator" for each in entry["generators"]
        )
    assert all(kinds[name] for name in kinds)
    assert len(kinds) == 8


def test_the_events_leave_out_what_nobody_has_shown(entries):
    for entry in entries:
        for event in demo_data.events(entry):
            assert all(value is not None for value in event["facts"].values())


def test_the_last_event_of_each_dataset_asks_to_train_on_it(entries):
    for entry in entries:
        *recorded, asked = demo_data.events(entry)
        assert (asked["type"], asked["asset"]) == ("commercial_training.train", entry["id"])
        assert all(event["time"] < asked["time"] for event in recorded)


@pytest.mark.skipif(not dpi.FOLDER.exists(), reason="the published dataset records are not on this machine")
def test_restated_facts_agree_with_the_published_records(entries):
    known, records = dpi.tables(), {dpi.key(record): record for record in dpi.records()}
    for entry in filter(lambda each: each["review_record"], entries):
        record = records[entry["review_record"]["file"], entry["review_record"]["id"]]
        assert facts_of(demo_data.events(entry)) == facts_of(dpi.events(record, known)), entry["id"]


def facts_of(events):
    """What is said, without identifiers, words and collections, which the review does not record."""
    return [
        (event["type"], {k: v for k, v in event["facts"].items() if k not in {"dataset", "licence_name"}})
        for event in events
        if not event["type"].endswith(".collection")
    ]


EXPECTED = {
    "gsm8k": ("allowed", set()),
    "common_voice": ("allowed", set()),
    "squad": ("allowed", set()),
    "imagenet": ("refused", {"1.1"}),
    "mnli": ("refused", {"1.1", "1.2"}),
    "capybara_theorem_qa": ("refused", {"3.1"}),
    "bookcorpus": ("refused", {"3.2"}),
    "samsum": ("refused", {"1.1", "3.3"}),
    "laion_5b": ("refused", {"4.1"}),
    "c4": ("undecided", set()),
    "cifar_10": ("undecided", set()),
    "hh_rlhf": ("undecided", set()),
}


@pytest.fixture(scope="module")
def verdicts(entries):
    contract = load(FILE.with_name("commercial_training.clause")).contract
    plain = sorted((event for entry in entries for event in demo_data.events(entry)), key=lambda each: each["time"])
    world = world_of(contract, plain, "2026-02-03T00:00:00Z")
    acts = [record for record in world.records if record.event.type == "commercial_training.train"]
    return {act.event.asset: judge_act(world, act) for act in acts}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_demonstration_shows_each_way_a_dataset_can_end(name, verdicts):
    verdict = verdicts[name]
    forbidding = {c.clause.partition(".")[2] for c in verdict.clauses if c.state is ClauseState.FORBIDDEN}
    assert (verdict.decision.value, forbidding) == EXPECTED[name]


def test_a_good_part_of_the_datasets_ends_in_each_verdict(verdicts):
    counts = Counter(verdict.decision.value for verdict in verdicts.values())
    assert counts == {"allowed": 18, "refused": 28, "undecided": 25}
