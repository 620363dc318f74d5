"""Case files with cosignatures, time stamps and withheld facts: each checked again, each fault located."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smartclause.evidence.disclosure import disclosure_lines, read_disclosures
from smartclause.evidence.keys import make_key
from smartclause.evidence.ledger import system_clock
from smartclause.evidence.note import note_key, verifier_text
from smartclause.verbs import stamps
from smartclause.verbs import vault as vaults
from smartclause.verbs import witness as witnesses
from smartclause.verbs.case_check import check_case, check_files
from smartclause.verbs.case_export import Asked, Exported, export
from smartclause.verbs.case_files import held
from smartclause.verbs.case_findings import CaseCheck, Check
from smartclause.verbs.case_witnesses import CLOCKS_APART
from smartclause.verbs.case_words import told
from smartclause.verbs.errors import VerbError
from tests.evidence.authority import authority
from tests.evidence.test_timestamps import needs_openssl
from tests.verbs.case_samples import scope, sign_trust
from tests.verbs.samples import CONTRACT, HOUR, Setting
from tests.verbs.test_privacy import withheld
from tests.verbs.test_witnesses import Scene, scene, stamped

__all__ = ["scene"]  # a fixture


def exported(setting: Setting, asked: Asked) -> Exported:
    key = setting.keys["A"]
    return export(setting.path, setting.ledger, asked, trust=setting.trust, key=key, clock=setting.clock)


def state(found: CaseCheck, name: str) -> str:
    return next(c.state.value for c in found.checks if c.name == name)


def test_cosignatures_meet_the_policy_of_the_case_or_of_the_reader(scene: Scene) -> None:
    scene.take("counterparty", "neutral", old=0)
    made = exported(scene.setting, Asked(scope(subject="s1"), policy=scene.policy))
    own = check_files(held(made.contents))
    assert state(own, "witnesses") == "not checked"  # who exports chose these witnesses
    assert any("by the policy that the case itself brings: counterparty" in line for line in told(own, "en"))
    without = {n: c for n, c in made.contents.items() if n != "ledger/policy.txt"}
    assert state(check_files(held(without)), "witnesses") == "not checked"
    mine = check_files(held(without), policy=scene.policy.read_bytes())
    assert state(mine, "witnesses") == "holds"


def test_a_case_whose_checkpoint_too_few_cosigned_is_not_written(scene: Scene) -> None:
    scene.take("counterparty", old=0)
    with pytest.raises(VerbError, match=r"VB33 .*fewer witnesses"):
        exported(scene.setting, Asked(scope(subject="s1"), policy=scene.policy))
    made = exported(scene.setting, Asked(scope(subject="s1")))
    found = check_files(held(made.contents), policy=scene.policy.read_bytes())
    assert state(found, "witnesses") == "fails"
    assert [f.place for f in found.faults] == ["ledger/checkpoints/000000000003.note"]


def test_a_changed_cosignature_is_located(scene: Scene) -> None:
    scene.take("counterparty", "neutral", old=0)
    made = exported(scene.setting, Asked(scope(subject="s1"), policy=scene.policy))
    name = "ledger/checkpoints/000000000003.note"
    lines = made.contents[name].split(b"\n")
    lines[-2] = lines[-2][:-6] + (b"A" if lines[-2][-6:-5] != b"A" else b"B") + lines[-2][-5:]
    found = check_files(held({**made.contents, name: b"\n".join(lines)}), policy=scene.policy.read_bytes())
    assert state(found, "witnesses") == "fails"
    assert name in found.faults[0].place


@needs_openssl
def test_time_stamps_are_checked_down_to_the_readers_roots(scene: Scene, tmp_path: Path) -> None:
    asked, answer, roots = stamped(scene, authority(tmp_path / "tsa"))
    stamps.keep(scene.ledger, answer, roots, request=asked, trust=scene.trust)
    made = exported(scene.setting, Asked(scope(subject="s1"), stamp_roots=roots))
    assert state(check_files(held(made.contents)), "stamps") == "not checked"
    assert state(check_files(held(made.contents), stamp_roots=roots.read_bytes()), "stamps") == "holds"
    other = authority(tmp_path / "other").roots
    found = check_files(held(made.contents), stamp_roots=other)
    assert state(found, "stamps") == "fails"
    assert found.faults[0].text().startswith("ledger/timestamps/000000000003-0.tsr")
    bare = exported(scene.setting, Asked(scope(subject="s1")))
    assert state(check_files(held(bare.contents)), "stamps") == "not checked"
    assert "It existed at" in made.contents["report.en.html"].decode()


@needs_openssl
def test_entries_received_after_their_own_time_stamp_do_not_hold(scene: Scene, tmp_path: Path) -> None:
    assert CLOCKS_APART == stamps.CLOCKS_APART
    scene.setting.clock.now = system_clock() + CLOCKS_APART + HOUR
    scene.withdraw("s4")
    asked, answer, roots = stamped(scene, authority(tmp_path / "tsa"))
    stamps.keep(scene.ledger, answer, roots, request=asked, trust=scene.trust)
    with pytest.raises(VerbError, match=r"VB33 .*received after its time"):
        exported(scene.setting, Asked(scope(subject="s1"), stamp_roots=roots))


# ---- withheld facts


@pytest.fixture
def private(tmp_path: Path) -> tuple[Setting, Path]:
    """An act with a withheld fact, and the file that opens it."""
    setting = Setting(tmp_path)
    sign_trust(setting)
    setting.sign("A", "B", "C")
    act, opening = withheld(setting, "purpose")
    setting.record(act)
    setting.clock.now += HOUR
    return setting, setting.write("shown", disclosure_lines(opening))


def decision(made: Exported) -> str:
    [name] = [n for n in made.contents if n.endswith(".act.json")]
    word: str = json.loads(made.contents[name])["uses"][0]["decision"]
    return word


def test_a_withheld_fact_stays_withheld_unless_it_is_disclosed_for_the_case(private: tuple[Setting, Path]) -> None:
    setting, shown = private
    shut = exported(setting, Asked(scope(subject="s1"), closed=True))
    opened = exported(setting, Asked(scope(subject="s1"), closed=True, disclosures=shown))
    assert (decision(shut), decision(opened)) == ("undecided", "allowed")
    salt = read_disclosures(shown.read_bytes())[0].salt.encode()
    assert [n for n, c in shut.contents.items() if salt in c] == []
    for made, names in ((shut, []), (opened, ["purpose"])):
        assert json.loads(made.contents["redactions.json"])["withheld"][0]["opened"] == names
        assert check_files(held(made.contents), made.case.trust.root).exit_code == 0


def test_a_changed_disclosure_is_located(private: tuple[Setting, Path]) -> None:
    setting, shown = private
    made = exported(setting, Asked(scope(subject="s1"), closed=True, disclosures=shown))
    lie = made.contents["disclosures.jsonl"].replace(b"voice_data.training", b"voice_data.fine_tuning")
    found = check_files(held({**made.contents, "disclosures.jsonl": lie}), made.case.trust.root)
    assert {f.place.split(" ")[0] for f in found.faults} == {"disclosures.jsonl"}
    assert state(found, "verdicts") == "not checked"


def test_what_was_erased_is_said_by_whom_and_on_what_ground(private: tuple[Setting, Path]) -> None:
    setting, shown = private
    vault = setting.folder / "b.vault"
    vaults.make(vault, "correct horse")
    vaults.keep(vault, "correct horse", shown, "s1")
    erased = vaults.erase(
        vault, "correct horse", "s1", ground="request", by="B", key=setting.keys["B"], clock=setting.clock
    )
    record = setting.write("s1.redaction", erased.envelope)
    made = exported(setting, Asked(scope(subject="s1"), redactions=(record,)))
    [said] = json.loads(made.contents["redactions.json"])["erased"]
    assert (said["by"], said["ground"], said["facts"][0]["name"]) == ("B", "request", "purpose")
    assert check_files(held(made.contents), made.case.trust.root).exit_code == 0


def test_the_policy_and_roots_of_the_reader_reach_the_check_of_a_folder(scene: Scene, tmp_path: Path) -> None:
    scene.take("counterparty", "neutral", old=0)
    key = scene.setting.keys["A"]
    export(
        scene.setting.path, scene.ledger, Asked(scope(subject="s1")), trust=scene.trust, key=key,
        out=tmp_path / "case", clock=scene.setting.clock,
    )  # fmt: skip
    found = check_case(tmp_path / "case", policy=scene.policy.read_bytes())
    assert state(found, "witnesses") == "holds"


# ---- what the contract agrees on


def agreeing(folder: Path, line: str) -> Setting:
    header = '  time zone "UTC".\n'
    assert CONTRACT.count(header) == 1
    setting = Setting(folder, contract=CONTRACT.replace(header, f"{header}  {line}\n"))
    setting.sign("A", "B", "C")
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    return setting


def test_what_the_contract_agrees_on_is_compared_with_what_is_there(tmp_path: Path) -> None:
    silent = Setting(made(tmp_path, "silent"))
    silent.sign("A", "B", "C")
    silent.record(silent.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    assert agreed(exported(silent, Asked(scope(subject="s1")))).values == {}
    kept = agreeing(made(tmp_path, "kept"), "evidence is kept in this ledger.")
    assert agreed(exported(kept, Asked(scope(subject="s1")))).state.value == "holds"
    lacking = agreeing(made(tmp_path, "lacking"), "evidence is kept in this ledger, time-stamped by T, witnessed by W.")
    case = exported(lacking, Asked(scope(subject="s1")))
    assert agreed(case).values["missing"] == "stamps, W"
    lines = {lang: list(told(case.check, lang)) for lang in ("en", "zh")}
    assert "? agreed in the contract, and not shown here by anything that you gave: time stamps, W" in lines["en"]
    assert "? 合同有约定，而您所提供的内容在此未能证明：时间戳、W" in lines["zh"]
    assert "time-stamped by T" in case.contents["report.en.html"].decode()


@needs_openssl
def test_agreed_time_stamps_and_witnesses_are_found(tmp_path: Path) -> None:
    line = "evidence is kept in this ledger, time-stamped by T, witnessed by neutral."
    scene = Scene(agreeing(tmp_path, line), {"neutral": make_key()}, tmp_path / "policy.txt")
    verifier = scene.setting.write("neutral.vkey", witnesses.make(scene.state("neutral"), "neutral.example",
                                   scene.keys["neutral"].public).encode() + b"\n")  # fmt: skip
    log = scene.setting.write(
        "ledger.vkey", witnesses.ledger_verifier(scene.ledger, scene.setting.keys["ledger"].public).encode()
    )
    witnesses.follow_ledger(scene.state("neutral"), log)
    scene.policy.write_text(witnesses.write_policy((log,), {"neutral": verifier}, "all"))
    scene.take("neutral", old=0)
    asked, answer, roots = stamped(scene, authority(tmp_path / "tsa"))
    stamps.keep(scene.ledger, answer, roots, request=asked, trust=scene.trust)
    case = exported(scene.setting, Asked(scope(subject="s1"), policy=scene.policy, stamp_roots=roots))
    assert agreed(case).values["missing"] == "stamps, neutral"  # shown by the case alone
    mine = check_files(held(case.contents), policy=scene.policy.read_bytes(), stamp_roots=roots.read_bytes())
    found = next(c for c in mine.checks if c.name == "agreed")
    assert (found.state.value, found.values["missing"]) == ("holds", "")


def test_a_policy_for_another_ledger_says_nothing_of_this_one(scene: Scene) -> None:
    """Its witnesses may have cosigned many ledgers; the reader asked about one."""
    scene.take("counterparty", "neutral", old=0)
    made = exported(scene.setting, Asked(scope(subject="s1"), policy=scene.policy))
    lines = scene.policy.read_text().splitlines()
    other = ledger_line("smartclause-ledger/" + "0" * 32)
    policy = "\n".join([other, *(line for line in lines if not line.startswith("log "))]) + "\n"
    found = check_files(held(made.contents), policy=policy.encode())
    assert [f.text() for f in found.faults] == ["ledger/policy.txt: the policy does not know this ledger"]


def ledger_line(name: str) -> str:
    return f"log {verifier_text(note_key(name, make_key().public))}"


def agreed(case: Exported) -> Check:
    return next(c for c in case.check.checks if c.name == "agreed")


def made(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name
