"""The audit of 1,691 published records: the licence clause answers exactly as the published reference does.

The plain-Python answer equals the reference column, and every clause equals what plain Python expects.
"""

import csv
from collections import Counter
from dataclasses import replace

import pytest

from smartclause.engines.audit import AuditResult
from smartclause.engines.contradictions import contradictions, mixed_records
from smartclause.logic.duties import DutyStatus
from smartclause.logic.verdict import Decision, Verdict
from tests.real import dpi_events as dpi
from tests.real import dpi_expected as expected

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


def test_reading_no_license_as_unknown_changes_no_answer_over_all_sources(known):
    doubting = replace(known, licences={**known.licences, "No License": ("?", "?", "?")})
    for record in dpi.records():
        assert dpi.answer(record, doubting) == dpi.answer(record, known)


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
def result(real_run) -> AuditResult:
    """Of the signed and recorded events."""
    [audited] = real_run.results
    return audited


@pytest.fixture(scope="module")
def verdicts(result) -> dict[tuple[str, str], Verdict]:
    keys = {dpi.dataset_id(record): dpi.key(record) for record in dpi.records()}
    return {keys[use.record.event.asset]: use.judged.members[0][1] for use in result.uses}


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


def test_the_report_lists_exactly_the_257_contradictions_between_licence_sources(result, reference):
    found = list(contradictions(result))
    keys = {dpi.dataset_id(record): dpi.key(record) for record in dpi.records()}
    listed = [keys[each.use.record.event.asset] for each in found]
    assert sorted(listed) == sorted(key for key, row in reference.items() if row["sources_contradict_T_vs_F"] == "1")
    assert all(each.for_ and each.against for each in found)


def test_three_datasets_with_output_of_several_models_are_mixed_and_not_contradictory(result):
    assert [each.clauses for each in mixed_records(result)] == [("commercial_training.3.1",)] * 3


def test_what_is_missing_is_ranked_by_how_many_undecided_records_it_would_settle(result):
    ranking = result.missing()
    named = {(fact.kind, fact.field, fact.role): (fact.uses, fact.settles) for fact in ranking}
    assert result.count(Decision.UNDECIDED) == 1196
    assert named["no such record", "reservation", "auditor"] == (1016, 273)
    assert named["missing", "creator_places", "auditor"] == (197, 77)
    assert named["missing", "licence_class", "auditor"] == (786, 47)
    assert named["missing", "generator", "auditor"] == (36, 9)
    assert [fact.settles for fact in ranking] == sorted((fact.settles for fact in ranking), reverse=True)


def test_every_training_that_may_need_a_credit_opens_one_duty(result, known):
    owed = [
        record
        for record in dpi.records()
        if not all(said.use in dpi.CLASSES and said.attribution == "0" for said in dpi.statements(record, known))
    ]
    assert {duty.status for duty in result.duties} == {DutyStatus.OPEN}
    assert len(result.duties) == len(owed)
