"""The demonstration is real: what it made can be verified, asked and audited again with the other verbs."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import instant
from smartclause.logic.instances import DutyStatus
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.resources import folder
from smartclause.verbs import demo_data, ledger
from smartclause.verbs.answers_demo import demo_form
from smartclause.verbs.audit import audit
from smartclause.verbs.decide import decide
from smartclause.verbs.demo import ASKED, AUDITED_AT, TRAINED_AGAIN, Demonstrated, demo
from smartclause.verbs.demo_scene import PARTIES, PASSPHRASE
from smartclause.verbs.demo_story import FACTS, Story, commands
from smartclause.verbs.keys import open_key
from smartclause.verbs.verify import verify

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Demonstrated, str]:
    out = io.StringIO()
    folder = tmp_path_factory.mktemp("tour") / "new"
    made = demo(folder, lang="en", console=Console(file=out, width=140, force_terminal=False))
    return made, out.getvalue()


@pytest.fixture(scope="module")
def made(told: tuple[Demonstrated, str]) -> Demonstrated:
    return told[0]


def clock() -> int:
    return instant(AUDITED_AT)


def test_one_question_is_allowed_one_refused_and_one_lacks_a_fact(made: Demonstrated) -> None:
    assert [a.decision for a in made.answers] == [Decision.ALLOWED, Decision.REFUSED, Decision.UNDECIDED]
    assert made.answers[-1].sets.sets


def test_every_dataset_is_trained_on_and_judged(made: Demonstrated) -> None:
    trained = {u.record.event.asset for u in made.audit.uses if u.record.event.type.endswith(".train")}
    assert trained == {entry["id"] for entry in demo_data.entries()}
    assert all(made.audit.count(decision) for decision in Decision)


def test_every_verdict_is_final_since_every_party_declared_its_records_complete(made: Demonstrated) -> None:
    assert all(use.judged.final for use in made.audit.uses)


def test_the_audit_agrees_with_what_was_decided_before(made: Demonstrated) -> None:
    """The same act, asked before and found in the ledger after; the third has gained nothing in between."""
    found = {u.record.event.asset: u.decision for u in made.audit.uses if u.record.event.type.endswith(".train")}
    assert [found[name] for name in ASKED] == [a.decision for a in made.answers]


def test_contradictions_of_sources_are_those_that_forbid(made: Demonstrated) -> None:
    forbidden = {u.record.event.asset for u in made.audit.uses if "1.2" in _numbers(u.clauses(ClauseState.FORBIDDEN))}
    assert forbidden
    page = made.reports["en"].read_text(encoding="utf-8")
    section = page.partition('id="conflicts-1"')[2].partition("</details>")[0]
    assert set(re.findall("<b>(.*?)</b>", section)) == forbidden


def _numbers(clauses: tuple[str, ...]) -> set[str]:
    return {clause.partition(".")[2] for clause in clauses}


def test_duties_were_kept_missed_done_late_and_are_still_open(made: Demonstrated) -> None:
    statuses = {duty.status for duty in made.audit.duties}
    assert {DutyStatus.FULFILLED, DutyStatus.VIOLATED, DutyStatus.OPEN} <= statuses
    assert any(d.status is DutyStatus.VIOLATED and d.answered for d in made.audit.duties)
    assert [d.keys[0][1] for d in made.audit.upcoming] == [TRAINED_AGAIN]


def test_the_contract_is_signed_by_all_parties(made: Demonstrated) -> None:
    found = verify(made.folder / "commercial_training.json", trust=made.folder / "trust.json")
    assert not found.missing
    assert {s.party for s in found.signers} == set(PARTIES)


def test_the_ledger_verifies_and_the_changed_copy_does_not(made: Demonstrated) -> None:
    trust = made.folder / "trust.json"
    assert ledger.verify(made.folder / "ledger.db", trust=trust, clock=clock).holds
    with pytest.raises(EvidenceError) as caught:
        ledger.verify(made.tampered, trust=trust, clock=clock)
    assert caught.value.code == made.detected.code == "EV17"


def test_the_changed_copy_differs_in_one_byte(made: Demonstrated) -> None:
    one, other = ((made.folder / name).read_bytes() for name in ("ledger.db", "tampered.db"))
    assert len(one) == len(other)
    assert sum(a != b for a, b in zip(one, other, strict=True)) == 1


def test_neither_decide_nor_audit_reads_the_changed_copy(made: Demonstrated) -> None:
    contract, trust = made.folder / "commercial_training.json", made.folder / "trust.json"
    with pytest.raises(EvidenceError):
        audit(contract, made.tampered, trust=trust, clock=clock)
    question = made.folder / "questions" / f"{ASKED[0]}.json"
    with pytest.raises(EvidenceError):
        decide(contract, question, ledger=made.tampered, trust=trust, clock=clock)


def test_the_folder_can_be_audited_again_with_the_same_answer(made: Demonstrated) -> None:
    contract, trust = made.folder / "commercial_training.json", made.folder / "trust.json"
    again = audit(contract, made.folder / "ledger.db", trust=trust, clock=clock)
    assert [u.decision for u in again.uses] == [u.decision for u in made.audit.uses]


def test_private_keys_are_encrypted(made: Demonstrated) -> None:
    for path in (made.folder / "keys").glob("*.pem"):
        assert b"ENCRYPTED" in path.read_bytes()
        assert open_key(path, PASSPHRASE)


def test_no_fact_is_recorded_that_the_shipped_file_does_not_state(made: Demonstrated) -> None:
    """Statements of reviewer and rightholder are those of the file, one for one."""
    known = [e for entry in demo_data.entries() for e in list(demo_data.events(entry))[:-1]]
    wanted = sorted((e["type"], e["facts"]["dataset"]) for e in known)
    recorded = [r.event for r in made.audit.world.records if r.event.source]
    stated = [e for e in recorded if e.by in (demo_data.REVIEWER, demo_data.RIGHTHOLDER)]
    assert sorted((e.type, e.facts["dataset"]) for e in stated if e.type != "heartbeat") == wanted


def test_the_folder_holds_every_fact_with_its_source_and_date(told: tuple[Demonstrated, str]) -> None:
    made, text = told
    assert (made.folder / FACTS).read_bytes() == demo_data.document()
    assert f"source and date in {FACTS}" in text


def test_the_story_tells_decisions_what_to_bring_the_audit_and_the_change(told: tuple[Demonstrated, str]) -> None:
    made, text = told
    for words in ("allowed", "refused", "undecided", "What is missing", "Reviewer (the auditor)", "Due next", "EV17"):
        assert words in text
    assert str(made.reports["en"]).rpartition("/")[2] in text
    assert all(command in text for command in commands("en"))
    assert not CHINESE.search(text)


def test_the_story_is_told_in_chinese_too(made: Demonstrated) -> None:
    out = io.StringIO()
    story = Story("zh", Console(file=out, width=140, force_terminal=False))
    story.opening(made.folder)
    story.decided([("Dolly", made.answers[0]), ("HH-RLHF", made.answers[2])])
    story.trained(76, 63)
    story.went_on(1, 2, 3)
    story.closing(made.folder, made.reports["zh"])
    for words in ("暂不准许", "尚缺的证据", "由核查方（审计机构）以签名的补充记录载明", "自行查看"):
        assert words in out.getvalue()


def test_both_reports_are_written_and_load_nothing(made: Demonstrated) -> None:
    for lang, path in made.reports.items():
        page = path.read_text(encoding="utf-8")
        assert page.startswith("<!doctype html>")
        assert f'lang="{"zh-Hans" if lang == "zh" else "en"}"' in page
        assert "http://" not in page
        assert "https://" not in page
        assert "<script" not in page


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        demo(tmp_path, console=Console(file=io.StringIO()))
    assert caught.value.code == "EV19"
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_what_was_made_is_told_as_data_too(made: Demonstrated) -> None:
    told = demo_form(made)
    schema = json.loads((folder("grammar") / "schemas" / "demo.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(told.model_dump(mode="json", exclude_none=True))
    assert [a.decision for a in told.asked] == [a.decision for a in made.answers]
    assert told.allowed + told.refused + told.undecided == len(made.audit.uses)
