"""The demonstration's facts are well formed and sourced; those from a published review agree with it."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from smartclause.verbs import demo_data
from tests.real import dpi_events as dpi

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
        kinds["no-compete"] += any(
            each["generator"] == "restricted_generator" for each in entry["generators"]
        )
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
