"""The plain-Python answer equals the published reference column; the events say no more than the records."""

import csv
from collections import Counter

import pytest

from tests.real import dpi_events as dpi

pytestmark = pytest.mark.skipif(
    not dpi.FOLDER.exists(), reason="the published dataset records are not on this machine"
)


@pytest.fixture(scope="module")
def known() -> dpi.Tables:
    return dpi.tables()


@pytest.fixture(scope="module")
def reference() -> dict[tuple[str, str], dict[str, str]]:
    with (dpi.FOLDER / "commercial_kleene_reference.csv").open(encoding="utf-8") as file:
        return {(row["file"], row["id"]): row for row in csv.DictReader(file)}


def test_each_source_and_all_sources_answer_as_the_reference_says(known, reference):
    columns = {"initiative": "dpi", "model_hub": "hf", "code_host": "github", "paper_index": "pwc"}
    for record in dpi.records():
        row, said = reference[dpi.key(record)], dpi.answers(record, known)
        assert {source: row[f"commercial_{name}"] for source, name in columns.items()} == {
            source: said.get(source, "") for source in columns
        }
        assert dpi.answer(record, known) == row["commercial_all_sources_kleene_and"]
        assert dpi.contradicts(record, known) is (row["sources_contradict_T_vs_F"] == "1")


def test_the_published_totals_are_reproduced(known):
    records = dpi.records()
    assert Counter(dpi.answer(record, known) for record in records) == {"T": 449, "F": 446, "U": 796}
    assert sum(dpi.contradicts(record, known) for record in records) == 257


def test_every_record_gets_an_identifier_of_its_own_in_ascii_without_white_space():
    names = [dpi.dataset_id(record) for record in dpi.records()]
    assert len(set(names)) == 1691
    assert all(name.isascii() and not any(sign.isspace() for sign in name) for name in names)


def test_every_record_gives_one_training_one_review_and_at_least_one_statement(known):
    for record in dpi.records():
        kinds = Counter(event["type"].split(".")[1] for event in dpi.events(record, known))
        assert kinds["train"] == kinds["dataset_review"] == 1
        assert kinds["licence_statement"] >= 1


def test_a_licence_that_the_tables_do_not_settle_gets_no_class(known):
    for record in dpi.records():
        said = dpi.statements(record, known)
        shown = [
            event["facts"].get("licence_class")
            for event in dpi.events(record, known)
            if event["type"].endswith("licence_statement")
        ]
        assert [value is None for value in shown] == [dpi.KLEENE.get(each.use) is None for each in said]
