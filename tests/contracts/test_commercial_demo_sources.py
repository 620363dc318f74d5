"""The sources that are at hand say what the demonstration takes from them, fact for fact.

Records and tables of a licence review, and dataset cards, are read where they were published; nothing is copied here.
"""

import csv
import io
import json
import re
import tarfile
from functools import cache
from pathlib import Path

import pytest

from smartclause.verbs import demo_data
from tests.real import dpi_events as dpi

CARDS = dpi.FOLDER.parent / "hf_cards" / "cards.tar.gz"
REVIEW, TABLE, TERMS, HUB = "provenance_records", "licence_table", "terms_survey", "hub_cards"
WIKIPEDIA, REUSE = "wikipedia_card", "gsm8k_reuse"

review_at_hand = pytest.mark.skipif(
    not dpi.FOLDER.exists(), reason="the published dataset records are not on this machine"
)
cards_at_hand = pytest.mark.skipif(not CARDS.exists(), reason="the published dataset cards are not on this machine")

# Names that cards use for licences, as the table of licences has them.
LICENCES = {
    "mit": "MIT License",
    "cc-by-2.0": "CC BY 2.0",
    "cc-by-4.0": "CC BY 4.0",
    "cc-by-nc-4.0": "CC BY-NC 4.0",
    "cc-by-nc-nd-4.0": "CC BY-NC-ND 4.0",
    "unlicense": "Unlicense",
    "unknown": "unknown",
}


@cache
def known():
    return dpi.tables()


@cache
def records():
    return {dpi.key(record): record for record in dpi.records()}


@cache
def surveyed():
    """What the survey says of the terms of generating models, by collection."""
    with (dpi.FOLDER / "source_terms_text.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    column = heading.index("Model ToS restrictions?")
    return {row[0]: row[column] for row in rows}


@cache
def cards():
    with tarfile.open(CARDS) as archive:
        named = {Path(m.name).parent.name: archive.extractfile(m) for m in archive.getmembers() if m.isfile()}
        return {name: io.TextIOWrapper(file, encoding="utf-8").read() for name, file in named.items()}


def listed(card, name):
    """The values of one list in the heading of a card."""
    heading = cards()[card].split("---")[1]
    found = re.search(rf"^{name}:\n((?:- .*\n)+)", heading, re.MULTILINE)
    return [line.removeprefix("- ") for line in found[1].splitlines()] if found else []


def entries_from(source):
    return [entry for entry in demo_data.entries() if source in entry["records"]]


def by_id(name):
    return next(entry for entry in demo_data.entries() if entry["id"] == name)


def record_of(entry):
    place = entry["records"][REVIEW]
    return records()[place["file"], place["id"]]


def stated(events):
    """What is said of licences, generators and content, without what the review does not record."""
    found = {}
    for event in events:
        found.setdefault(event["type"].partition(".")[2], []).append(event["facts"])
    return found


@pytest.fixture(params=[entry["id"] for entry in entries_from(REVIEW)])
def reviewed(request):
    return by_id(request.param)


@pytest.fixture(params=[entry["id"] for entry in entries_from(HUB)])
def carded(request):
    return by_id(request.param)


def test_the_entries_from_records_and_cards_are_those_that_cite_them():
    for source in (REVIEW, HUB):
        citing = {e["id"] for e in demo_data.entries() for fact in all_facts(e) if source in fact["from"]}
        assert citing == {entry["id"] for entry in entries_from(source)}


def all_facts(entry):
    lists = ("licences", "generators", "collections", "takedowns")
    return [fact for kind in lists for fact in entry[kind]] + list(entry["review"].values())


def unnamed(facts):
    return {name: value for name, value in facts.items() if name != "dataset"}


@review_at_hand
def test_every_licence_of_the_record_is_restated_and_no_other(reviewed):
    ours, theirs = stated(demo_data.events(reviewed)), stated(dpi.events(record_of(reviewed), known()))
    assert [unnamed(f) for f in ours["licence_statement"]] == [unnamed(f) for f in theirs["licence_statement"]]
    assert all(fact["from"][0] == REVIEW for fact in reviewed["licences"])


@review_at_hand
def test_the_content_of_the_record_is_restated_and_no_other(reviewed):
    ours, theirs = stated(demo_data.events(reviewed)), stated(dpi.events(record_of(reviewed), known()))
    assert unnamed(ours["dataset_review"][0]) == unnamed(theirs["dataset_review"][0])
    assert all(fact["from"] == [REVIEW] for fact in reviewed["review"].values())


@review_at_hand
def test_every_generator_of_the_record_is_restated_and_no_other(reviewed):
    theirs = stated(dpi.events(record_of(reviewed), known())).get("generator_statement", [])
    assert [g["name"] for g in reviewed["generators"]] == [facts["generator_name"] for facts in theirs]


@review_at_hand
def test_a_generator_has_a_no_compete_term_where_the_survey_names_its_provider(reviewed):
    """No source at hand says that the output of a model is free, so none is said to be."""
    for generator in reviewed["generators"]:
        if generator["generator"] is None:
            assert generator["from"] == [REVIEW]
        else:
            assert (generator["generator"], generator["from"]) == ("restricted_generator", [REVIEW, TERMS])
            assert has_no_compete(generator["name"].split()[0], record_of(reviewed)["Collection"])


def has_no_compete(provider, collection):
    return re.search(rf"Non-compete ?-.*\b{provider}\b", surveyed()[collection]) is not None


@review_at_hand
def test_what_a_licence_allows_is_what_the_table_of_licences_says():
    for entry in demo_data.entries():
        for licence in (each for each in entry["licences"] if TABLE in each["from"]):
            assert said_by_table(licence["licence"]) == (
                licence["class"],
                licence["attribution"],
                licence["share_alike"],
            ), entry["id"]


def said_by_table(name):
    flags = {"1": True, "0": False, "?": None}
    row = known().licences.get(name) or known().addresses[name.removeprefix("Custom ")]
    return dpi.CLASSES[row[0]], flags[row[1]], flags[row[2]]


def test_what_a_licence_allows_is_said_by_the_table_or_by_terms_of_the_dataset_itself():
    for entry in demo_data.entries():
        for licence in entry["licences"]:
            assert (licence["class"] is not None) is (TABLE in licence["from"] or "imagenet_terms" in licence["from"])


@cards_at_hand
def test_every_licence_of_the_card_is_restated_and_no_other(carded):
    card = carded["records"][HUB]
    assert [e["licence"] for e in carded["licences"]] == [LICENCES[name] for name in listed(card, "license")]
    assert {(e["source"], e["from"][0]) for e in carded["licences"]} == {("model_hub", HUB)}


@cards_at_hand
def test_the_content_is_what_the_card_says_of_its_makers(carded):
    """Found content was published before; content that persons made for the dataset is no model output. A card that
    says less, or that its own text belies, gives no fact."""
    makers = set(listed(carded["records"][HUB], "language_creators"))
    stated = {name: fact["value"] for name, fact in carded["review"].items()}
    if makers == {"found"}:
        assert stated in ({}, {"origins": ["published_works"]})
    else:
        assert makers <= {"crowdsourced", "expert-generated"}
        assert stated in ({}, {"model_generated": False, "origins": ["contributed"]})


@cards_at_hand
def test_a_collection_sourced_by_a_card_is_of_works_that_the_card_puts_in_the_public_domain():
    collected = [e for e in demo_data.entries() for c in e["collections"] if c["from"] == [HUB]]
    assert [entry["id"] for entry in collected] == ["lj_speech"]
    text = cards()["lj_speech"].lower()
    assert "librivox" in text
    assert text.count("public domain") >= 3


@review_at_hand
def test_a_collection_of_wikipedia_is_of_a_dataset_whose_record_names_it_as_a_source_of_text():
    collected = [e for e in demo_data.entries() for c in e["collections"] if c["from"] == [REVIEW, WIKIPEDIA]]
    assert collected
    assert all("wikipedia.org" in record_of(entry)["Text Sources"] for entry in collected)


@review_at_hand
def test_the_licence_of_gsm8k_is_the_one_that_the_record_of_its_reuse_names():
    [licence] = [each for each in by_id("gsm8k")["licences"] if REUSE in each["from"]]
    named = [
        each["License"]
        for key, record in records().items()
        if key[0].endswith("MetaMathQA.json")
        for each in record["Licenses"]
        if "openai/grade-school-math" in (each.get("License URL") or "")
    ]
    assert set(named) == {licence["licence"]}
    assert licence["source"] == "code_host"


@review_at_hand
def test_the_generator_of_alpaca_has_a_no_compete_term_by_the_survey():
    [generator] = by_id("alpaca")["generators"]
    assert TERMS in generator["from"]
    assert has_no_compete("OpenAI", "Alpaca")


def test_what_is_not_at_hand_is_cited_for_the_one_dataset_it_is_about():
    """A document of its own speaks of its own dataset; the general ones are checked above."""
    document = json.loads(
        (Path(__file__).parents[2] / "contracts" / demo_data.CONTRACT / "demo_datasets.json").read_text("utf-8")
    )
    for source in set(document["sources"]) - {REVIEW, TABLE, TERMS, HUB, WIKIPEDIA}:
        citing = {e["id"] for e in demo_data.entries() for fact in all_facts(e) if source in fact["from"]}
        assert citing == {source.partition("_")[0]}
