"""The audit of 1,691 published records: the licence clause answers exactly as the published reference does.

The plain-Python answer equals the reference column, and every clause equals what plain Python expects.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from smartclause.engines.audit import ranked_missing
from smartclause.language.load import load
from smartclause.logic.needs import open_reasons
from smartclause.logic.verdict import Verdict, judge_act
from tests.real import dpi_events as dpi
from tests.real import dpi_expected as expected
from tests.real.dpi_world import world_of

CONTRACT = Path(__file__).parents[2] / "contracts" / "commercial_training" / "commercial_training.clause"
STATUS = {"T": "met", "F": "forbidden", "U": "unknown"}

pytestmark = pytest.mark.skipif(not dpi.FOLDER.exists(), reason="the published dataset records are not on this machine")


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


@pytest.fixture(scope="module")
def verdicts(known) -> dict[tuple[str, str], Verdict]:
    """The reference's verdict on each training, all records in one history."""
    contract = load(CONTRACT).contract
    records = dpi.records()
    plain = [event for record in records for event in dpi.events(record, known)]
    world = world_of(contract, plain, "2026-02-03T00:00:00Z")
    acts = {act.event.asset: act for act in world.records if act.event.type.endswith(".train")}
    return {dpi.key(record): judge_act(world, acts[dpi.dataset_id(record)]) for record in records}


def states(verdict: Verdict) -> dict[str, str]:
    return {clause.clause.partition(".")[2]: clause.state.value for clause in verdict.clauses}


def test_the_licence_clause_answers_as_the_reference_on_all_records(verdicts, reference):
    found = {key: states(verdict)["1.1"] for key, verdict in verdicts.items()}
    assert found == {key: STATUS[row["commercial_all_sources_kleene_and"]] for key, row in reference.items()}


def test_the_clause_on_contradictions_forbids_exactly_the_257(verdicts, reference):
    found = {key for key, verdict in verdicts.items() if states(verdict)["1.2"] == "forbidden"}
    assert found == {key for key, row in reference.items() if row["sources_contradict_T_vs_F"] == "1"}
    assert len(found) == 257


def test_every_clause_and_verdict_is_what_plain_python_expects(verdicts, known):
    for record in dpi.records():
        verdict = verdicts[dpi.key(record)]
        found, wanted = states(verdict), expected.statuses(record, known)
        assert {clause: found[clause] for clause in wanted} == wanted, dpi.key(record)
        assert verdict.decision.value == expected.verdict(record, known), dpi.key(record)


def test_no_training_is_allowed_while_a_source_forbids_or_is_unclear(verdicts, reference):
    for key, verdict in verdicts.items():
        if verdict.decision.value == "allowed":
            assert reference[key]["commercial_all_sources_kleene_and"] == "T"


def test_what_is_missing_is_ranked_by_how_many_undecided_records_it_would_settle(verdicts):
    undecided = [verdict for verdict in verdicts.values() if verdict.decision.value == "undecided"]
    ranking = ranked_missing(open_reasons(verdict.finding) for verdict in undecided)
    named = {(fact.kind, fact.field, fact.role): (fact.uses, fact.settles) for fact in ranking}
    assert named["missing", "licence_class", "auditor"] == (786, 47)
    assert named["missing", "creator_places", "auditor"] == (197, 77)
    assert named["missing", "generator", "auditor"] == (36, 9)
    assert [fact.settles for fact in ranking] == sorted((fact.settles for fact in ranking), reverse=True)
