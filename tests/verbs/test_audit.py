"""`audit`: acts at their own place, what is not complete is unknown, duties followed to the instant asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smartclause.engines.audit import AuditResult
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import open_ledger
from smartclause.evidence.recording import record as append
from smartclause.evidence.trust import load_trust, save_trust
from smartclause.logic.duties import DutyStatus
from smartclause.logic.verdict import Decision
from smartclause.verbs.ledger import checkpoint
from tests.verbs.audits import audit
from tests.verbs.samples import HOUR, Setting, use


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


def audited(setting: Setting, source: Path | None = None, **options: Any) -> AuditResult:
    return audit(setting.path, source or setting.ledger, trust=setting.trust, clock=setting.clock, **options)


def heartbeats(setting: Setting) -> list[bytes]:
    return [setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")]


def decisions(result: AuditResult) -> list[Decision]:
    return [each.decision for each in result.uses]


def test_without_marks_of_completeness_history_is_unknown(setting: Setting) -> None:
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    assert decisions(audited(setting)) == [Decision.UNDECIDED]
    closed = audited(setting, closed=True)
    assert decisions(closed) == [Decision.ALLOWED]
    assert not closed.uses[0].judged.final


def test_after_the_marks_of_all_sources_the_verdict_is_final(setting: Setting) -> None:
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    setting.record(*heartbeats(setting))
    setting.clock.now += HOUR
    result = audited(setting)
    assert decisions(result) == [Decision.ALLOWED]
    assert result.uses[0].judged.final


def test_entries_behind_the_last_checkpoint_leave_it_provisional(setting: Setting) -> None:
    """Nobody signed for their times of receipt."""
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    with open_ledger(setting.ledger, writing=True) as ledger:
        append(ledger, heartbeats(setting), setting.store, None, setting.clock)
    setting.clock.now += HOUR
    result = audited(setting)
    assert decisions(result) == [Decision.ALLOWED]
    assert not result.uses[0].judged.final
    checkpoint(setting.ledger, setting.keys["ledger"])
    assert audited(setting).uses[0].judged.final


def test_one_silent_source_keeps_it_provisional(setting: Setting) -> None:
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("B", "C")))
    assert decisions(audited(setting)) == [Decision.UNDECIDED]


def test_a_mark_does_not_reach_over_a_gap(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="incident", facts={"case_number": "c"}))
    setting.clock.now += HOUR
    setting.envelope("A", type="withdrawal", facts={"subject": "s1"})  # held back
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    setting.record(*heartbeats(setting))
    result = audited(setting)
    assert decisions(result) == [Decision.UNDECIDED]
    assert not result.uses[0].judged.final


def test_a_mark_in_the_future_counts_up_to_its_receipt(setting: Setting) -> None:
    marks = [setting.envelope(who, type="heartbeat", at=setting.clock.now + 100 * HOUR) for who in ("A", "B", "C")]
    setting.record(*marks)
    setting.clock.now += HOUR
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    assert decisions(audited(setting)) == [Decision.UNDECIDED]


def test_acts_are_judged_by_what_stood_before_them(setting: Setting) -> None:
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    setting.clock.now += HOUR
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    result = audited(setting, closed=True)
    assert decisions(result) == [Decision.ALLOWED, Decision.REFUSED]
    assert result.uses[1].forbidden_by == ("voice_data.1.2",)
    assert not result.is_clean


def test_as_of_an_instant_only_what_had_been_received_counts(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="incident", facts={"case_number": "c"}))
    before = setting.clock.now + HOUR
    setting.clock.now += 50 * HOUR
    setting.record(setting.envelope("B", to="A", by="B", type="notify", facts={"case_number": "c"}))
    assert [d.status for d in audited(setting, at=before, closed=True).duties] == [DutyStatus.OPEN]
    assert [d.status for d in audited(setting, closed=True).duties] == [DutyStatus.VIOLATED]


def test_lines_of_envelopes_attest_no_time(setting: Setting) -> None:
    act = setting.envelope("B", "C", **use())
    setting.clock.now += HOUR
    lines = setting.write("events.jsonl", b"\n".join([act, *heartbeats(setting)]))
    result = audited(setting, lines)
    assert decisions(result) == [Decision.ALLOWED]
    assert not result.uses[0].judged.final
    assert "time not attested" in {note.kind for note in result.notes}


def test_plain_lines_are_no_evidence(setting: Setting) -> None:
    lines = setting.write("events.jsonl", b'{"type":"voice_data.use_voice","by":"B"}')
    with pytest.raises(EvidenceError, match="EV03"):
        audited(setting, lines)


def test_one_unreadable_line_stops_the_audit(setting: Setting) -> None:
    """Leaving it out might leave out a withdrawal."""
    withdrawal = setting.envelope("A", type="withdrawal", facts={"subject": "s1"})
    broken = withdrawal.replace(b'"payload":"', b'"payload":"AAAA', 1)
    lines = setting.write("events.jsonl", b"\n".join([broken, setting.envelope("B", "C", **use())]))
    with pytest.raises(EvidenceError, match="line 1"):
        audited(setting, lines)


def test_missing_facts_are_ranked(setting: Setting) -> None:
    setting.record(*(setting.envelope("B", **use(facts={"subject": f"s{n}", "samples": 1})) for n in range(3)))
    setting.clock.now += HOUR
    [missing] = audited(setting, closed=True).missing()
    assert (missing.field, missing.role, missing.uses, missing.settles) == ("safe", "auditor", 3, 3)


def test_the_progress_is_told(setting: Setting) -> None:
    setting.record(*(setting.envelope("B", "C", **use()) for _ in range(3)))
    seen: list[tuple[int, int]] = []
    audited(setting, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_an_unsigned_contract_permits_nothing_in_hindsight(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B")
    setting.record(setting.envelope("B", "C", **use()), *heartbeats(setting))
    assert decisions(audited(setting)) == [Decision.UNDECIDED]


def test_under_a_keeper_whom_nobody_knows_no_verdict_is_final(setting: Setting) -> None:
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    setting.record(*heartbeats(setting))
    setting.clock.now += HOUR
    store = load_trust(setting.trust)
    kept = tuple(k for k in store.keys if k.id != setting.keys["ledger"].id)
    save_trust(store.model_copy(update={"keys": kept}), setting.trust)
    result = audited(setting)
    assert decisions(result) == [Decision.ALLOWED]
    assert not result.uses[0].judged.final
    assert result.uses[0].record.event.received is None
