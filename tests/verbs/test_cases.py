"""Case files: what is exported holds, and every change of it is found where it is."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from smartclause.evidence.envelope import seal
from smartclause.evidence.forms import timestamp
from smartclause.evidence.keys import make_key
from smartclause.evidence.trust import load_trust
from smartclause.logic.canonical import digest_of_bytes, dumps
from smartclause.resources import folder
from smartclause.verbs.answers import audit_form
from smartclause.verbs.audit import audit
from smartclause.verbs.case_check import check_case, check_files
from smartclause.verbs.case_derived import derived
from smartclause.verbs.case_disputed import disputed
from smartclause.verbs.case_entries import read_entries, roots
from smartclause.verbs.case_files import MANIFEST, held
from smartclause.verbs.case_findings import CaseCheck
from smartclause.verbs.case_manifest import read_manifest, write_manifest
from smartclause.verbs.case_materials import read_materials
from smartclause.verbs.case_reports import reports
from smartclause.verbs.case_words import told
from smartclause.verbs.cases import check_data, handover
from smartclause.verbs.errors import VerbError
from smartclause.verbs.sources import read_ledger
from tests.verbs.case_samples import exported, recorded, scope, shared
from tests.verbs.samples import HOUR, NOW, Setting, use

CASE = exported(shared(), sources=shared().folder)
ROOT = CASE.case.trust.root
NAMES = sorted(CASE.contents)


def checked(contents: dict[str, bytes]) -> CaseCheck:
    return check_files(held(contents), ROOT)


def places(found: CaseCheck) -> set[str]:
    return {fault.place.split(" ")[0].rstrip(":") for fault in found.faults}


# ---- what is exported holds


def test_an_exported_case_holds_in_a_folder_and_in_a_zip_file(tmp_path: Path) -> None:
    for name in ("case", "case.zip"):
        made = exported(shared(), out=tmp_path / name)
        found = check_case(tmp_path / name, made.case.trust.root)
        assert found.faults == ()
        assert found.exit_code == 0


def test_the_same_inputs_and_clock_give_the_same_bytes() -> None:
    assert exported(shared()).contents == exported(shared()).contents


def test_a_reader_who_knows_no_root_is_told_that_the_case_vouches_for_itself() -> None:
    assert check_files(held(CASE.contents)).exit_code == 3


def test_a_trust_list_that_nobody_signed_is_the_exporters_own_word(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    setting.record(setting.envelope("B", "C", **use()))
    made = exported(setting, scope(subject="s1"))
    found = check_files(held(made.contents), made.case.trust.root)
    assert found.exit_code == 3
    assert {c.name: c.state.value for c in found.checks}["trust"] == "not checked"


def test_another_root_than_that_of_the_case_is_a_fault() -> None:
    found = check_files(held(CASE.contents), "sha256:" + "0" * 64)
    assert found.exit_code == 1
    assert places(found) == {"trust.jsonl"}


def test_an_older_trust_list_than_the_one_seen_is_a_fault() -> None:
    """It does not know yet which keys were compromised."""
    assert check_files(held(CASE.contents), ROOT, trust_version=1).exit_code == 0
    found = check_files(held(CASE.contents), ROOT, trust_version=2)
    assert places(found) == {"trust.jsonl"}
    assert found.exit_code == 1


def test_another_exporter_than_the_one_known_is_a_fault() -> None:
    found = check_files(held(CASE.contents), ROOT, "sha256:" + "0" * 64)
    assert places(found) == {MANIFEST}


def test_the_records_of_a_case_are_those_of_its_ledger() -> None:
    setting = shared()
    direct = read_ledger(setting.ledger, load_trust(setting.trust), setting.clock.now)
    assert read_materials(held(CASE.contents)).records() == direct


def test_the_verdicts_of_a_case_are_those_of_an_audit() -> None:
    setting = shared()
    result = audit(setting.path, setting.ledger, trust=setting.trust, clock=setting.clock)
    every = exported(setting, scope(since=0))
    [whole] = [audit_form(result)]
    acts = [json.loads(every.contents[n]) for n in sorted(every.contents) if n.endswith(".act.json")]
    duties = [json.loads(every.contents[n]) for n in sorted(every.contents) if n.endswith(".duty.json")]
    assert [a["uses"][0] for a in acts] == [u.model_dump(mode="json", exclude_none=True) for u in whole.uses]
    assert [d["duties"][0] for d in duties] == [d.model_dump(mode="json", exclude_none=True) for d in whole.duties]
    assert acts[0]["inputs"] == [i.model_dump(mode="json", exclude_none=True) for i in whole.inputs]


def test_a_duty_is_exported_with_the_records_that_opened_it() -> None:
    made = exported(shared(), scope(duty="2.1/c"))
    assert (made.uses, made.duties, made.events) == (0, 1, 1)
    [duty] = [json.loads(c) for n, c in made.contents.items() if n.endswith(".duty.json")]
    assert duty["duties"][0]["status"] == "violated"


def test_an_act_is_exported_with_its_supplement(tmp_path: Path) -> None:
    setting = recorded(tmp_path)
    [act] = [
        e for e in read_materials(held(exported(setting).contents)).entries if e.event.facts.get("subject") == "s2"
    ]
    supplement = {"event": act.event.id, "field": "safe", "value": True}
    setting.record(setting.envelope("C", type="supplement", facts=supplement))
    setting.clock.now += HOUR
    made = exported(setting, scope(act=act.event.id))
    assert made.events == 2
    assert made.check.holds


@pytest.mark.parametrize("asked", [scope(subject="nobody"), scope(duty="9.9"), scope(until=1)])
def test_a_scope_in_which_nothing_lies_is_refused(asked: object) -> None:
    with pytest.raises(VerbError, match="VB32"):
        exported(shared(), asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("given_", [{}, {"act": "x"}, {"subject": "a", "duty": "2.1"}, {"duty": "/c"}])
def test_a_scope_is_exactly_one_thing(given_: dict[str, str]) -> None:
    with pytest.raises(VerbError, match="VB32"):
        scope(**given_)


instants = st.integers(0, 60).map(lambda h: NOW + h * HOUR)


@settings(max_examples=10, deadline=None)
@given(st.one_of(st.builds(lambda a, b: {"since": min(a, b), "until": max(a, b)}, instants, instants),
                 st.sampled_from([{"subject": "s1"}, {"subject": "c"}, {"subject": "voices"}, {"duty": "report"}])),
       st.booleans(), st.one_of(st.none(), instants))  # fmt: skip
def test_whatever_the_scope_what_is_exported_holds(given_: dict[str, object], closed: bool, at: int | None) -> None:
    try:
        made = exported(shared(), scope(**given_), closed=closed, at=at)
    except VerbError as nothing:
        assume("VB32" not in nothing.text())
        raise
    assert check_files(held(made.contents), made.case.trust.root).exit_code == 0


def test_every_form_in_a_case_follows_its_schema(tmp_path: Path) -> None:
    exported(shared(), out=tmp_path / "case")
    handover(tmp_path / "case", "clerk", "court", "", shared().keys["A"], shared().clock)
    lines = (tmp_path / "case" / "custody.jsonl").read_bytes().splitlines()
    forms = {
        "case": [CASE.contents["case.json"]],
        "case-manifest": [payload(CASE.contents[MANIFEST])],
        "case-entry": CASE.contents["ledger/entries.jsonl"].splitlines(),
        "case-consistency": CASE.contents["ledger/consistency.jsonl"].splitlines(),
        "case-completeness": [CASE.contents["completeness.json"]],
        "case-redactions": [CASE.contents["redactions.json"]],
        "case-system": [CASE.contents["system.json"]],
        "case-extraction": [lines[0]],
        "case-handover": [payload(lines[1])],
        "case-check": [json.dumps(check_data(CASE.check)).encode()],
        "audit": [c for n, c in CASE.contents.items() if n.startswith("verdicts/") and n.endswith(".json")],
    }
    for name, contents in forms.items():
        schema = json.loads((folder("grammar") / "schemas" / f"{name}.schema.json").read_text())
        for content in contents:
            assert list(Draft202012Validator(schema).iter_errors(json.loads(content))) == [], name
        assert contents


def payload(envelope: bytes) -> bytes:
    return base64.b64decode(json.loads(envelope)["payload"])


# ---- every change is found where it is


def changed_bytes(content: bytes) -> Iterator[bytes]:
    for place in {len(content) // 2, len(content) - 1}:
        yield content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


# One file of each kind; the property below draws from all.
KINDS = sorted({(Path(n).parent, Path(n).suffixes[-1]): n for n in NAMES}.values())


@pytest.mark.parametrize("name", KINDS)
def test_one_changed_byte_is_found_in_its_file(name: str) -> None:
    for content in changed_bytes(CASE.contents[name]):
        found = checked({**CASE.contents, name: content})
        assert not found.holds
        assert name in places(found)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_changed_byte_of_any_file_is_found_in_it(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    content = bytearray(CASE.contents[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    found = checked({**CASE.contents, name: bytes(content)})
    assert not found.holds
    assert name in places(found)


@pytest.mark.parametrize("name", [n for n in KINDS if n != MANIFEST])
def test_a_file_that_is_missing_is_named(name: str) -> None:
    found = checked({n: c for n, c in CASE.contents.items() if n != name})
    assert not found.holds
    assert name in places(found) or any(name in f.reason for f in found.faults)


def test_a_file_that_was_added_is_named() -> None:
    found = checked({**CASE.contents, "verdicts/000001.act.json": b"{}"})
    assert places(found) == {"verdicts/000001.act.json"}


OTHER = exported(shared(), scope(subject="s1"), closed=True)


@pytest.mark.parametrize("name", [n for n in KINDS if n in OTHER.contents and OTHER.contents[n] != CASE.contents[n]])
def test_a_file_of_another_case_is_found(name: str) -> None:
    found = checked({**CASE.contents, name: OTHER.contents[name]})
    assert not found.holds
    assert name in places(found) or name == MANIFEST


# ---- even if the manifest is signed anew


def resealed(contents: dict[str, bytes], setting: Setting | None = None) -> dict[str, bytes]:
    """As a forger would: everything signed again, with the exporter's own key."""
    from smartclause.verbs.case_export import _sealed

    kept = {n: c for n, c in contents.items() if n not in (MANIFEST, "custody.jsonl")}
    return kept | _sealed(kept, CASE.case, (setting or shared()).keys["A"])


FORGED = [n for n in NAMES if n.startswith(("events/", "verdicts/", "ledger/", "contract/"))]


@pytest.mark.parametrize("name", [*FORGED, "completeness.json", "redactions.json", "trust.jsonl"])
def test_the_exporter_cannot_change_what_follows_from_the_records(name: str) -> None:
    for content in changed_bytes(CASE.contents[name]):
        found = checked(resealed({**CASE.contents, name: content}))
        assert not found.holds, name


# A checkpoint before the last shows nothing that the last does not; clause files are there as far as somebody has them.
NEEDED = [n for n in FORGED if not n.startswith(("contract/sources/", "ledger/checkpoints/"))]


@pytest.mark.parametrize("name", [*NEEDED, "ledger/checkpoints/000000000007.note"])
def test_the_exporter_cannot_leave_out_what_follows_from_the_records(name: str) -> None:
    assert not checked(resealed({n: c for n, c in CASE.contents.items() if n != name})).holds


def test_a_record_that_is_left_out_at_the_end_does_not_hold() -> None:
    lines = CASE.contents["ledger/entries.jsonl"].splitlines(keepends=True)
    found = checked(resealed({**CASE.contents, "ledger/entries.jsonl": b"".join(lines[:-1])}))
    assert "ledger/entries.jsonl" in places(found)
    assert "ledger/checkpoints/000000000007.note" in places(found)


def rebuilt(entries: bytes) -> dict[str, bytes]:
    """As a forger with all of the program would: other entries, and everything made anew that follows from them."""
    stated = json.loads(CASE.contents["case.json"])
    read = read_entries(entries, stated["ledger"]["id"])
    stated["ledger"] |= {"size": len(read), "root": f"sha256:{roots(read, (len(read),))[len(read)].hex()}"}
    contents = {**CASE.contents, "ledger/entries.jsonl": entries, "case.json": dumps(stated) + b"\n"}
    materials = read_materials(held(contents))
    return resealed({**contents, **derived(materials, disputed(materials))})


def test_a_case_rebuilt_over_another_time_of_receipt_does_not_fit_the_signed_checkpoints() -> None:
    lines = CASE.contents["ledger/entries.jsonl"].splitlines(keepends=True)
    late = json.loads(lines[0]) | {"received": "2026-03-01T11:00:00Z"}
    found = checked(rebuilt(b"".join([dumps(late) + b"\n", *lines[1:]])))
    assert {place.split("/")[1] for place in places(found)} == {"checkpoints"}


def test_a_case_rebuilt_over_fewer_entries_does_not_fit_the_signed_checkpoints() -> None:
    lines = CASE.contents["ledger/entries.jsonl"].splitlines(keepends=True)
    assert places(checked(rebuilt(b"".join(lines[:-1])))) == {"ledger/checkpoints/000000000007.note"}


@pytest.mark.parametrize("hand", ["in its name", "by another"])
def test_a_case_rebuilt_over_an_entry_that_its_issuer_did_not_sign_is_found(hand: str) -> None:
    """The forger signs in the name of the issuer's key, or with a key that the trust list knows too."""
    lines = CASE.contents["ledger/entries.jsonl"].splitlines(keepends=True)
    first = json.loads(lines[0])
    envelope = json.loads(base64.b64decode(first["envelope"]))
    body = base64.b64decode(envelope["payload"])
    key = make_key() if hand == "in its name" else shared().keys["A"]
    forged = json.loads(seal(body, [key], envelope["payloadType"]))
    if hand == "in its name":
        forged["signatures"][0]["keyid"] = json.loads(body)["issuer"]
    first["envelope"] = base64.b64encode(dumps(forged)).decode()
    found = checked(rebuilt(b"".join([dumps(first) + b"\n", *lines[1:]])))
    assert any(fault.text().startswith("ledger/entries.jsonl line 1") for fault in found.faults)


@pytest.mark.parametrize("lie", [{"result": "sha256:" + "0" * 64}, {"by": {}}])
def test_a_custody_log_that_names_other_files_or_another_exporter_is_found(lie: dict[str, object]) -> None:
    first = json.loads(CASE.contents["custody.jsonl"])
    other = first | lie
    if "by" in lie:
        other["by"] = first["by"] | {"party": "B"}
    line = dumps(other) + b"\n"
    opened = read_manifest(CASE.contents[MANIFEST])
    digests = {**opened.digests, "custody.jsonl": digest_of_bytes(line)}
    manifest = write_manifest(digests, opened.manifest.predicate, shared().keys["A"])
    found = checked({**CASE.contents, "custody.jsonl": line, MANIFEST: manifest})
    assert places(found) == {"custody.jsonl"}


OTHER_DIGEST = "sha256:" + "0" * 64
LIES = (
    ("ledger", {"root": OTHER_DIGEST}), ("ledger", {"size": 6}), ("ledger", {"id": "0" * 32}),
    ("ledger", {"key": OTHER_DIGEST}), ("trust", {"root": OTHER_DIGEST}), ("trust", {"newest": OTHER_DIGEST}),
    ("trust", {"signed": False}), ("contract", {"document": OTHER_DIGEST}), ("contract", {"meaning": OTHER_DIGEST}),
    ("exporter", {"party": "B"}), ("", {"engine": OTHER_DIGEST}), ("", {"exported": "2026-03-03T18:00:01Z"}),
    ("", {"asked": "2026-03-01T12:30:00Z"}), ("", {"closed": True}), ("", {"scope": {"subject": "s1"}}),
    ("", {"register_digest": OTHER_DIGEST}), ("", {"signed_at": "2026-03-03T18:00:01Z", "edition": "case 2"}),
)  # fmt: skip


@pytest.mark.parametrize(("member", "lie"), LIES, ids=lambda value: json.dumps(value)[:40])
def test_the_exporter_cannot_name_another_ground_than_the_case_rests_on(member: str, lie: dict[str, object]) -> None:
    stated = json.loads(CASE.contents["case.json"])
    (stated[member] if member else stated).update(lie)
    assert not checked(resealed({**CASE.contents, "case.json": dumps(stated) + b"\n"})).holds


def test_an_exporter_whose_key_was_revoked_does_not_hold() -> None:
    """Signed by a key that the trust list knew, and that had ended."""
    stated = json.loads(CASE.contents["case.json"])
    stated["exported"] = "2025-12-31T00:00:00Z"
    found = checked(resealed({**CASE.contents, "case.json": dumps(stated) + b"\n"}))
    assert any("was not valid" in fault.text() for fault in found.faults)


@pytest.mark.parametrize("name", ["report.zh.html", "papers/notice.en.md", "README.md", "verify_case.py"])
def test_the_exporter_cannot_change_what_its_own_program_says_to_people(name: str) -> None:
    lie = resealed({**CASE.contents, name: CASE.contents[name] + b" "})
    without = check_files(held(lie), ROOT)
    assert name in next(c for c in without.checks if c.name == "papers").values["names"]
    found = check_files(held(lie), ROOT, remake=reports)
    assert places(found) == {name}
    assert any(name in line for line in told(found, "en"))
    whole = check_files(held(CASE.contents), ROOT, remake=reports)
    assert next(c for c in whole.checks if c.name == "papers").values == {"names": "system.json"}


# ---- custody


def test_a_handover_is_one_more_signed_line(tmp_path: Path) -> None:
    setting = shared()
    for name in ("case", "case.zip"):
        exported(setting, out=tmp_path / name)
        assert handover(tmp_path / name, "clerk", "court", "by hand", setting.keys["A"], setting.clock).lines == 2
        assert handover(tmp_path / name, "court", "expert", "", setting.keys["C"], setting.clock).lines == 3
        assert check_case(tmp_path / name, ROOT).exit_code == 0


def test_a_changed_handover_is_found_in_its_line(tmp_path: Path) -> None:
    setting = shared()
    exported(setting, out=tmp_path / "case")
    handover(tmp_path / "case", "clerk", "court", "", setting.keys["A"], setting.clock)
    handover(tmp_path / "case", "court", "expert", "", setting.keys["C"], setting.clock)
    log = (tmp_path / "case" / "custody.jsonl").read_bytes()
    lines = log.splitlines(keepends=True)
    for changed in (*changed_bytes(lines[1]), b""):
        (tmp_path / "case" / "custody.jsonl").write_bytes(lines[0] + changed + lines[2])
        [fault] = check_case(tmp_path / "case", ROOT).faults
        assert fault.text().startswith("custody.jsonl line 2")


# ---- planted lies of another kind


def test_an_exporter_whose_key_nobody_knows_is_open_until_the_reader_names_it() -> None:
    setting = shared()
    store = load_trust(setting.trust)
    from smartclause.verbs.case_export import Asked, export

    key = make_key()
    assert key.id not in {k.id for k in store.keys}
    made = export(
        setting.path, setting.ledger, Asked(scope(subject="s2")), trust=setting.trust, key=key, clock=setting.clock
    )
    states = {c.name: c.state.value for c in check_files(held(made.contents), ROOT).checks}
    assert states["exporter"] == "not checked"
    states = {c.name: c.state.value for c in check_files(held(made.contents), ROOT, key.id).checks}
    assert states["exporter"] == "holds"


def test_the_manifest_names_each_file_by_the_hash_that_sha256sum_prints() -> None:
    opened = read_manifest(CASE.contents[MANIFEST])
    assert set(opened.digests) == set(NAMES) - {MANIFEST}
    assert all(opened.digests[n] == digest_of_bytes(CASE.contents[n]) for n in opened.digests)


def test_the_custody_log_begins_with_the_extraction() -> None:
    first = json.loads(CASE.contents["custody.jsonl"])
    assert (first["action"], first["at"]) == ("extracted", timestamp(shared().clock.now))
