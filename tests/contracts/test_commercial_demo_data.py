"""The demonstration's facts are well formed, and each has a source and a date; its verdicts are of every kind."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from smartclause.language.load import load
from smartclause.logic.verdict import ClauseState, judge_act
from smartclause.verbs import demo_data
from tests.real.dpi_world import case_of

FILE = Path(__file__).parents[2] / "contracts" / "commercial_training" / "demo_datasets.json"
FACT_LISTS = ("licences", "generators", "collections", "takedowns")
REVIEWED = {"model_generated", "origins", "creator_places"}
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


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


def facts(entry):
    """Whatever the entry states, each with the path to it, as the file has it."""
    for kind in FACT_LISTS:
        yield from ((f"{entry['id']} {kind}[{n}]", fact) for n, fact in enumerate(entry[kind]))
    yield from ((f"{entry['id']} review {name}", fact) for name, fact in entry["review"].items())


def test_there_are_seventy_datasets_or_more_each_under_one_identifier(entries):
    names = [entry["id"] for entry in entries]
    assert 70 <= len(names) == len(set(names)) <= 80
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in names)


def test_an_entry_holds_nothing_but_its_name_the_records_read_and_facts(entries):
    for entry in entries:
        assert set(entry) == {"id", "name", "records", *FACT_LISTS, "review"}
        assert set(entry["review"]) <= REVIEWED


def test_no_fact_lacks_a_source_and_a_date(document):
    """A source is dated to the day where it can be, and nothing is recorded before its source was published."""
    dates = {name: source["published"] for name, source in document["sources"].items()}
    for where, fact in (found for entry in document["datasets"] for found in facts(entry)):
        assert fact["from"], where
        for name in fact["from"]:
            assert DATE.fullmatch(dates[name]), where
            assert dates[name] < demo_data.RECORDED_AT, where


def test_a_fact_of_the_content_has_a_value(entries):
    for entry in entries:
        assert all(set(fact) == {"value", "from"} for fact in entry["review"].values())
        assert all(fact["value"] not in (None, []) for fact in entry["review"].values()), entry["id"]


def test_every_listed_source_is_used_and_says_what_it_is(document):
    used = {name for entry in document["datasets"] for _, fact in facts(entry) for name in fact["from"]}
    assert used == set(document["sources"])
    assert all(set(source) == {"kind", "name", "published"} for source in document["sources"].values())


def test_a_takedown_is_dated_as_its_notice(document):
    for fact in (fact for entry in document["datasets"] for fact in entry["takedowns"]):
        assert [document["sources"][name]["published"] for name in fact["from"]] == [fact["on"]]


def test_every_event_recorded_before_the_training_restates_sourced_facts(entries):
    """What the demonstration signs is what the file says, and nothing more."""
    for entry in entries:
        *recorded, _ = demo_data.events(entry)
        assert len(recorded) == sum(len(entry[kind]) for kind in FACT_LISTS) + 1
        assert set(recorded[-1]["facts"]) == {"dataset", *entry["review"]}


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


EXPECTED = {
    "dolly_creative": ("allowed", set()),
    "winogrande": ("allowed", set()),
    "squad": ("allowed", set()),
    "imagenet": ("refused", {"1.1"}),
    "mnli": ("refused", {"1.1", "1.2"}),
    "capybara_theorem_qa": ("refused", {"3.1"}),
    "bookcorpus": ("refused", {"3.2"}),
    "samsum": ("refused", {"1.1", "3.3"}),
    "books3": ("refused", {"4.1"}),
    "s2orc": ("refused", {"4.1"}),
    "alpaca": ("refused", {"1.1", "3.1"}),
    "gsm8k": ("undecided", set()),
    "cifar_10": ("undecided", set()),
    "hh_rlhf": ("undecided", set()),
}


@pytest.fixture(scope="module")
def verdicts(entries):
    contract = load(FILE.with_name("commercial_training.clause")).contract
    plain = sorted((event for entry in entries for event in demo_data.events(entry)), key=lambda each: each["time"])
    world = case_of(contract, plain, "2026-02-03T00:00:00Z").world()
    acts = [record for record in world.records if record.event.type == "commercial_training.train"]
    return {act.event.asset: judge_act(world, act) for act in acts}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_demonstration_shows_each_way_a_dataset_can_end(name, verdicts):
    verdict = verdicts[name]
    forbidding = {c.clause.partition(".")[2] for c in verdict.clauses if c.state is ClauseState.FORBIDDEN}
    assert (verdict.decision.value, forbidding) == EXPECTED[name]


def test_a_good_part_of_the_datasets_ends_in_each_verdict(verdicts):
    counts = Counter(verdict.decision.value for verdict in verdicts.values())
    assert counts == {"allowed": 13, "refused": 32, "undecided": 31}
