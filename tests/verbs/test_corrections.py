"""A late record corrects provisional verdicts only, a compromised key a final one; all else is a fault (2.5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.cli.main import cli
from smartclause.evidence.disclosure import disclosure_lines
from smartclause.evidence.envelope import countersign, read
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import read_form
from smartclause.evidence.trust import load_trust, save_trust
from smartclause.logic.canonical import Json
from smartclause.logic.truth import Truth
from smartclause.verbs import keys
from smartclause.verbs.answers import as_json, audit_form
from smartclause.verbs.answers_corrections import append_line, corrections_form
from smartclause.verbs.audit import audit
from smartclause.verbs.corrections import Corrections, Ground, corrections
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import LONG
from tests.verbs.samples import CONTRACT, HOUR, SINCE, Setting, use
from tests.verbs.test_amendments import CHANGE, WIDER, amend
from tests.verbs.test_privacy import withheld
from tests.verbs.test_schemas import validator

LATE = CONTRACT.replace('time zone "UTC".', 'time zone "UTC".\n  records of A may arrive up to 48 hours late.')


@dataclass
class Case:
    setting: Setting
    closed: bool = False

    def keep(self, name: str = "kept.json", **options: Any) -> Path:
        """Today's audit, as its JSON."""
        setting = self.setting
        given: dict[str, Any] = {"trust": setting.trust, "closed": self.closed, "clock": setting.clock} | options
        result = audit(setting.path, setting.ledger, **given)
        return setting.write(name, json.dumps(as_json(audit_form(result))).encode())

    def since(self, kept: Path, **options: Any) -> Corrections:
        setting = self.setting
        given: dict[str, Any] = {"trust": setting.trust, "closed": self.closed, "clock": setting.clock} | options
        return corrections(setting.path, setting.ledger, kept, **given)

    def act(self, *also: str, **members: Any) -> str:
        sealed = self.setting.envelope("B", *also, **use(**members))
        self.record(sealed)
        return read_form(EventBody, read(sealed).body).id

    def record(self, *envelopes: bytes) -> None:
        self.setting.record(*envelopes)
        self.setting.clock.now += HOUR

    def complete(self) -> None:
        """All sources say that they have sent everything."""
        self.record(*(self.setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))

    def withdrawal(self, at: int | None = None) -> bytes:
        return self.setting.envelope("A", type="withdrawal", facts={"subject": "s1"}, at=at)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    setting = Setting(tmp_path, LATE)
    setting.sign("A", "B", "C")
    return Case(setting)


def told(found: Corrections) -> list[tuple[Truth, Truth | None, list[Ground], bool]]:
    return [
        (c.old.truth, None if c.new is None else c.new.truth, [x.ground for x in c.causes], c.fault)
        for c in found.found
    ]


def edited(path: Path, **use_members: Any) -> Path:
    """A kept audit in which somebody changed its first act."""
    data = json.loads(path.read_text())
    data["uses"][0] |= use_members
    path.write_text(json.dumps(data))
    return path


# ---- what corrects


@pytest.mark.rule("2.5")
def test_nothing_is_corrected_while_nothing_changes(case: Case) -> None:
    case.act("C")
    case.complete()
    found = case.since(case.keep())
    assert (found.found, len(found.kept.verdicts), found.kept.size, found.size) == ((), 1, 4, 4)


@pytest.mark.rule("2.5")
@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize("after", [0, 1])
def test_a_late_record_corrects_a_provisional_verdict_and_is_named(case: Case, before: int, after: int) -> None:
    case.closed = True
    at = case.setting.clock.now - HOUR
    event = case.act("C")
    kept = case.keep()
    incident = {"type": "incident", "facts": {"case_number": "c"}}
    case.record(*(case.setting.envelope("A", **incident) for _ in range(before)))
    case.record(case.withdrawal(at))
    case.record(*(case.setting.envelope("A", **incident) for _ in range(after)))
    found = case.since(kept)
    assert told(found) == [(Truth.TRUE, Truth.FALSE, [Ground.RECORD], False)]
    [cause] = found.found[0].causes
    assert (found.found[0].old.event, cause.entry) == (event, 1 + before)
    assert cause.record is not None
    assert cause.record.body.type == "voice_data.withdrawal"


@pytest.mark.rule("2.5")
def test_the_mark_that_completes_the_records_settles_what_was_provisional(case: Case) -> None:
    case.act("C")
    kept = case.keep()
    case.complete()
    found = case.since(kept)
    assert told(found) == [(Truth.UNKNOWN, Truth.TRUE, [Ground.RECORD], False)]
    assert found.found[0].new is not None
    assert found.found[0].new.final


@pytest.mark.rule("2.5")
def test_a_compromised_key_corrects_a_final_verdict(case: Case) -> None:
    case.act("C")
    case.complete()
    kept = case.keep()
    key = case.setting.keys["C"].id
    keys.revoke(case.setting.trust, key, case.setting.clock.now, compromised_since="2026-02-28T00:00:00Z")
    found = case.since(kept)
    assert found.kept.verdicts[0].final
    assert told(found) == [(Truth.TRUE, Truth.UNKNOWN, [Ground.KEY], False)]
    [cause] = found.found[0].causes
    assert cause.key is not None
    assert (cause.key.id, cause.key.compromise_declared_by) == (key, "C")


@pytest.mark.rule("2.5")
def test_a_key_that_was_known_as_compromised_then_corrects_nothing_final(case: Case) -> None:
    """The trust store is the same as then, so the compromise was judged already."""
    case.act("C")
    case.complete()
    key = case.setting.keys["C"].id
    keys.revoke(case.setting.trust, key, case.setting.clock.now, compromised_since="2026-02-28T00:00:00Z")
    kept = edited(case.keep(), truth="true", decision="allowed", final=True)
    assert told(case.since(kept)) == [(Truth.TRUE, Truth.UNKNOWN, [Ground.NOTHING], True)]


@pytest.mark.rule("2.5")
def test_of_several_compromised_keys_only_those_that_matter_are_named(case: Case) -> None:
    case.act("C")
    case.complete()
    kept = case.keep()
    for who in ("keeper", "C"):
        keys.revoke(
            case.setting.trust, case.setting.keys[who].id, case.setting.clock.now,
            compromised_since="2026-02-28T00:00:00Z",
        )  # fmt: skip
    [found] = case.since(kept).found
    assert [c.key.id for c in found.causes if c.key is not None] == [case.setting.keys["C"].id]
    assert not found.fault


@pytest.mark.rule("2.5")
def test_two_keys_that_are_compromised_together_are_named_together(case: Case) -> None:
    case.act("C")
    case.complete()
    kept = case.keep()
    for who in ("A", "C"):
        keys.revoke(
            case.setting.trust, case.setting.keys[who].id, case.setting.clock.now,
            compromised_since="2026-02-28T00:00:00Z",
        )  # fmt: skip
    [found] = case.since(kept).found
    assert [c.key.party for c in sorted(found.causes, key=lambda c: c.key.party if c.key else "") if c.key] == [
        "A",
        "C",
    ]
    assert not found.fault


# ---- faults


@pytest.mark.rule("2.5")
def test_a_late_record_that_changes_a_final_verdict_is_a_fault(case: Case) -> None:
    """The kept verdict was provisional, and somebody wrote that it is final."""
    case.closed = True
    at = case.setting.clock.now - HOUR
    case.act("C")
    kept = edited(case.keep(), final=True)
    case.record(case.withdrawal(at))
    assert told(case.since(kept)) == [(Truth.TRUE, Truth.FALSE, [Ground.RECORD], True)]


@pytest.mark.rule("2.5")
@pytest.mark.parametrize("final", [True, False])
def test_a_verdict_that_its_own_inputs_do_not_give_is_a_fault(case: Case, final: bool) -> None:
    case.act("C")
    case.complete()
    kept = edited(case.keep(), truth="false", decision="refused", final=final)
    assert told(case.since(kept)) == [(Truth.FALSE, Truth.TRUE, [Ground.NOTHING], True)]


@pytest.mark.rule("2.5")
@pytest.mark.parametrize("final", [True, False])
def test_another_trust_store_corrects_provisional_verdicts_only(case: Case, final: bool) -> None:
    case.act("C")
    case.complete()
    kept = edited(case.keep(), final=final)
    store = load_trust(case.setting.trust)
    left = tuple(k for k in store.keys if k.id != case.setting.keys["A"].id)
    save_trust(store.model_copy(update={"keys": left}), case.setting.trust)
    [found] = case.since(kept).found
    assert (found.fault, [c.name for c in found.causes]) == (final, ["trust", "signatures"])


@pytest.mark.rule("2.5")
def test_an_act_that_is_judged_no_more_is_told(case: Case) -> None:
    case.act("C")
    case.complete()
    kept = case.keep()
    store = load_trust(case.setting.trust)
    left = tuple(k for k in store.keys if k.id != case.setting.keys["B"].id)
    save_trust(store.model_copy(update={"keys": left}), case.setting.trust)
    [found] = case.since(kept).found
    assert (found.new, found.fault) == (None, True)


@pytest.mark.rule("2.5")
@pytest.mark.parametrize("with_a_signature", [True, False])
def test_what_was_undecided_though_final_is_settled_by_what_fills_it(case: Case, with_a_signature: bool) -> None:
    act = case.setting.envelope("B", **use())
    case.record(act)
    event = read_form(EventBody, read(act).body).id
    case.complete()
    kept = case.keep()
    facts = {"event": event, "field": "safe", "value": True}
    if with_a_signature:
        case.record(countersign(act, [case.setting.keys["C"]]))
    else:
        case.record(case.setting.envelope("C", type="supplement", facts=facts))
    found = case.since(kept)
    assert found.kept.verdicts[0].final
    assert told(found) == [(Truth.UNKNOWN, Truth.TRUE, [Ground.RECORD], False)]
    assert found.found[0].causes[0].entry == 4


@pytest.mark.rule("2.5")
@settings(max_examples=5, deadline=None)
@given(
    st.lists(st.sampled_from(["mark", "withdrawal", "incident", "act", "supplement"]), max_size=6), st.integers(0, 6)
)
def test_no_later_record_corrects_a_verdict_that_was_truly_final(kinds: list[str], when: int) -> None:
    """Whatever is recorded, and however early it claims to be: what the audit itself called final stands."""
    with TemporaryDirectory() as folder:
        setting = Setting(Path(folder), LATE)
        setting.sign("A", "B", "C")
        case = Case(setting)
        start = setting.clock.now
        first = case.act("C")
        case.complete()
        kept = case.keep("first.json")
        for number, kind in enumerate(kinds):
            if number == when:
                kept = case.keep()
            match kind:
                case "mark":
                    case.complete()
                case "withdrawal":
                    case.record(case.withdrawal(start - HOUR))
                case "act":
                    case.act("C")
                case "supplement":
                    facts = {"event": first, "field": "safe", "value": False}
                    case.record(setting.envelope("C", type="supplement", facts=facts))
                case _:
                    case.record(setting.envelope("A", type="incident", facts={"case_number": "c"}, at=start - HOUR))
        for path in (kept, setting.folder / "first.json"):
            found = case.since(path)
            assert found.faults == ()
            assert not any(c.old.final for c in found.found)


# ---- amendments


@pytest.mark.rule("2.5", "2.11")
def test_each_act_is_compared_under_the_version_in_force_at_it(case: Case) -> None:
    """One act under the contract, one under the amendment that grants advertising too; a withdrawal corrects both."""
    case.closed = True
    path = amend(case.setting, WIDER, "A", "B", "C")
    start = case.setting.clock.now
    case.act("C")
    case.setting.clock.now = CHANGE + HOUR
    case.act("C", facts={"purpose": "voice_data.advertising"})
    options = {"amended_by": (path,), "signed_at": start}
    kept = case.keep(**options)
    assert case.since(kept, **options).found == ()
    case.record(case.withdrawal(start - HOUR))
    found = case.since(kept, **options)
    ruled = [(Truth.TRUE, Truth.FALSE, [Ground.RECORD], False)]
    assert told(found) == ruled * 2
    [first, second] = found.kept.verdicts
    assert first.document != second.document
    again = case.keep("again.json", **options)
    assert case.since(again, **options).found == ()


@pytest.mark.rule("2.5", "2.11")
@pytest.mark.parametrize("final", [True, False])
def test_an_amendment_that_was_not_given_then_is_another_input(case: Case, final: bool) -> None:
    case.closed = True
    path = amend(case.setting, WIDER, "A", "B", "C")
    start = case.setting.clock.now
    case.setting.clock.now = CHANGE + HOUR
    case.act("C", facts={"purpose": "voice_data.advertising"})
    kept = edited(case.keep(), final=final)
    [found] = case.since(kept, amended_by=(path,), signed_at=start).found
    assert ([c.name for c in found.causes], found.fault) == (["amendments"], final)


# ---- what may be compared


@pytest.mark.rule("2.5")
def test_a_ledger_that_was_rewritten_corrects_nothing(case: Case) -> None:
    case.act("C")
    kept = case.keep()
    data = json.loads(kept.read_text())
    for member in data["inputs"]:
        if member["name"] == "root":
            member["value"] = "sha256:" + "0" * 64
    with pytest.raises(VerbError, match="VB34"):
        case.since(case.setting.write("other.json", data))


@pytest.mark.rule("2.5")
@pytest.mark.parametrize(("name", "value", "code"), [
    ("ledger", "f" * 32, "VB34"), ("document", "sha256:" + "1" * 64, "VB34"), ("size", "2", "VB34"),
    ("size", "-1", "VB35"), ("size", "9" * 400, "VB35"), ("size", "", "VB35"),
])  # fmt: skip
def test_verdicts_on_something_else_are_not_compared(case: Case, name: str, value: str, code: str) -> None:
    case.act("C")
    data = json.loads(case.keep().read_text())
    data["inputs"] = [{"name": name, "value": value} if i["name"] == name else i for i in data["inputs"]]
    with pytest.raises(VerbError, match=code):
        case.since(case.setting.write("other.json", data))


@pytest.mark.rule("2.5")
@pytest.mark.parametrize("closed", [True, False])
def test_verdicts_read_otherwise_are_not_compared(case: Case, closed: bool) -> None:
    case.act("C")
    case.closed = closed
    kept = case.keep()
    case.closed = not closed
    with pytest.raises(VerbError, match="VB35"):
        case.since(kept)


@pytest.mark.parametrize("missing", ["ledger", "size", "root", "document"])
def test_an_audit_that_names_no_head_is_not_compared(case: Case, missing: str) -> None:
    case.act("C")
    data = json.loads(case.keep().read_text())
    data["inputs"] = [i for i in data["inputs"] if i["name"] != missing]
    with pytest.raises(VerbError, match="VB35"):
        case.since(case.setting.write("other.json", data))


def test_lines_of_events_are_no_ledger(case: Case) -> None:
    case.act("C")
    kept = case.keep()
    lines = case.setting.write("lines", b"")
    with pytest.raises(VerbError, match="VB35"):
        corrections(case.setting.path, lines, kept, trust=case.setting.trust, clock=case.setting.clock)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"edition": "audit 2"}'])
def test_what_is_no_audit_is_not_compared(case: Case, content: bytes) -> None:
    with pytest.raises(VerbError, match="VB12"):
        case.since(case.setting.write("kept.json", content))


# ---- what is told


def corrected(case: Case) -> Corrections:
    case.closed = True
    at = case.setting.clock.now - HOUR
    case.act("C")
    kept = case.keep()
    case.record(case.withdrawal(at))
    return case.since(kept)


@pytest.mark.rule("2.5")
def test_a_correction_names_the_old_and_the_new_verdict_and_follows_its_schema(case: Case) -> None:
    data = as_json(corrections_form(corrected(case)))
    assert list(validator("corrections").iter_errors(data)) == []
    assert isinstance(data, dict)
    [one] = data["corrections"]  # type: ignore[misc]
    assert isinstance(one, dict)
    assert one["old"] == {"decision": "allowed", "truth": "true", "final": False}
    assert one["new"] == {"decision": "refused", "truth": "false", "final": False}
    assert [c["ground"] for c in one["causes"]] == ["record"]  # type: ignore[index, union-attr, call-overload]
    assert (data["old_head"]["size"], data["new_head"]["size"]) == (1, 2)  # type: ignore[index, call-overload]


@pytest.mark.rule("2.5")
@pytest.mark.parametrize("begun", [b"", b'{"one": 1}\n', b'{"torn'])
def test_corrections_are_appended_and_nothing_is_rewritten(case: Case, begun: bytes) -> None:
    found = corrected(case)
    path = case.setting.write("corrections.jsonl", begun)
    append_line(found, path)
    append_line(found, path)
    content = path.read_bytes()
    assert content.startswith(begun)
    *before, first, second = content.splitlines()
    assert (first, before) == (second, begun.splitlines())
    assert json.loads(first)["edition"] == "corrections 1"


@pytest.mark.rule("2.5")
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("was allowed, provisional; is refused, provisional", "turned by entry 1: voice_data.withdrawal",
             "1 corrected, 0 faults")),
     ("zh", ("原为应予准许、暂定；现为不予准许、暂定", "因第1号记录而改变", "更正1项，其中有误0项"))],
)  # fmt: skip
def test_the_command_tells_each_correction_and_ends_with_1(case: Case, lang: str, words: tuple[str, ...]) -> None:
    corrected(case)
    setting = case.setting
    kept = setting.folder / "kept.json"
    given = [setting.path, setting.ledger, "--since", kept, "--trust", setting.trust, "--closed"]
    out = setting.folder / "corrections.jsonl"
    told = CliRunner().invoke(cli, ["corrections", *map(str, given), "--append", str(out), "--lang", lang])
    assert told.exit_code == 1
    assert [w for w in words if w not in told.stdout] == []
    assert len(out.read_text().splitlines()) == 1
    data: Json = json.loads(CliRunner().invoke(cli, ["corrections", *map(str, given), "--format", "json"]).stdout)
    assert list(validator("corrections").iter_errors(data)) == []


@pytest.mark.rule("2.5")
def test_the_command_ends_with_0_where_every_verdict_stands(case: Case) -> None:
    case.act("C")
    kept, setting = case.keep(), case.setting
    out = setting.folder / "corrections.jsonl"
    given = [setting.path, setting.ledger, "--since", kept, "--trust", setting.trust, "--append", out]
    told = CliRunner().invoke(cli, ["corrections", *map(str, given)])
    assert (told.exit_code, out.exists()) == (0, False)


def test_a_settled_verdict_stands_when_what_it_rested_on_is_opened_no_more(case: Case) -> None:
    case.closed = True
    sealed, opening = withheld(case.setting, "purpose")
    case.record(sealed)
    shown = case.setting.write("shown", disclosure_lines(opening))
    kept = case.keep(disclosures=shown)
    assert [v.truth for v in case.since(kept, disclosures=shown).kept.verdicts] == [Truth.TRUE]
    erased = case.since(kept)
    assert told(erased) == []
    assert [v.event for v in erased.stands] == [opening[0].event]
    assert len(corrections_form(erased).stands) == 1


def test_a_withdrawal_from_before_corrects_a_verdict_whose_facts_are_withheld(case: Case) -> None:
    case.closed = True
    sealed, opening = withheld(case.setting, "purpose")
    case.record(sealed)
    kept = case.keep(disclosures=case.setting.write("shown", disclosure_lines(opening)))
    case.record(case.withdrawal(at=case.setting.clock.now - 3 * HOUR))
    found = case.since(kept)
    assert [(c.old.truth, c.new and c.new.truth) for c in found.found] == [(Truth.TRUE, Truth.FALSE)]
    assert found.stands == ()


def test_what_else_is_open_beside_withheld_facts_is_no_reason_to_stand(case: Case) -> None:
    case.closed = True
    sealed, opening = withheld(case.setting, "purpose")
    case.record(sealed)
    kept = case.keep(disclosures=case.setting.write("shown", disclosure_lines(opening)))
    keys.revoke(case.setting.trust, case.setting.keys["C"].id, case.setting.clock.now, compromised_since=SINCE)
    found = case.since(kept)
    assert len(found.found) == 1
    assert found.stands == ()


@pytest.mark.parametrize("size", [10, LONG + 1])
def test_what_is_no_audit_is_told_alike_whether_short_or_long(case: Case, size: int) -> None:
    other = case.setting.write("other.json", b'{"payload":"' + b"A" * size + b'"}')
    with pytest.raises(VerbError) as raised:
        case.since(other)
    assert (raised.value.code, raised.value.place) == ("VB12", "source")
    assert raised.value.values["reason"] == "this member is missing"
