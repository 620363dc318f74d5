"""Segments under a contract: their events count as if each had been signed and recorded by itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from smartclause.engines.audit import AuditResult
from smartclause.engines.monitor.told import ActTold
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import timestamp
from smartclause.evidence.keys import make_key
from smartclause.evidence.ledger import open_ledger
from smartclause.evidence.segment_store import segments_folder
from smartclause.evidence.sequences import Defect
from smartclause.logic.verdict import Decision
from smartclause.verbs import case_export, monitor_ledger, segments
from smartclause.verbs.answers import audit_form
from smartclause.verbs.audit import audit
from smartclause.verbs.errors import VerbError
from smartclause.verbs.ledger import checkpoint, entries, owed
from smartclause.verbs.ledger import verify as verify_ledger
from smartclause.verbs.monitor import Settings, monitor
from smartclause.verbs.segments import RecordedSegment, statement_path
from smartclause.verbs.sign import Place
from smartclause.verbs.sources import read_ledger
from tests.evidence.segment_samples import paired
from tests.verbs.asking import ask
from tests.verbs.samples import CONTRACT, HOUR, NOW, Setting, use
from tests.verbs.tellers import Told

LAGGING = CONTRACT.replace(
    '  time zone "UTC".\n', '  time zone "UTC".\n  records of B may arrive up to 12 hours late.\n', 1
)


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    setting = Setting(tmp_path, LAGGING)
    setting.sign("A", "B", "C")
    return setting


def uses(count: int, start: int = NOW - 2 * HOUR, **facts: Any) -> list[dict[str, Any]]:
    """One use a minute, without the fact that the auditor must show."""
    plain = {"subject": "s1", "purpose": "voice_data.training", "samples": 10}
    return [use() | {"time": timestamp(start + n * 60_000_000), "facts": plain | facts} for n in range(count)]


def made(
    setting: Setting, events: Iterable[dict[str, Any]], who: str = "B", name: str = "day.parquet", **options: Any
) -> Path:
    lines = setting.folder / f"{name}.jsonl"
    lines.write_text("".join(f"{json.dumps(each)}\n" for each in events), encoding="utf-8")
    out = setting.folder / name
    found = segments.make(setting.path, lines, setting.keys[who], setting.ledger, out, clock=setting.clock, **options)
    stated = found.statement
    setting.places[who] = Place(setting.ledger_id, stated.end, stated.last)
    return out


def recorded(setting: Setting, file: Path, **options: Any) -> RecordedSegment:
    given: dict[str, Any] = {
        "trust": setting.trust, "contract": setting.path, "key": setting.keys["ledger"], "clock": setting.clock,
    }  # fmt: skip
    return segments.record(setting.ledger, file, **(given | options))


def audited(setting: Setting, **options: Any) -> AuditResult:
    given: dict[str, Any] = {"trust": setting.trust, "clock": setting.clock, "closed": True}
    return audit(setting.path, setting.ledger, **(given | options))


# ---- as if each had been recorded by itself


def test_the_events_of_a_segment_are_judged_as_single_ones_are(setting: Setting, tmp_path: Path) -> None:
    days = [*uses(3), *uses(2, NOW - HOUR, purpose="voice_data.advertising")]
    withdrawal = {"type": "withdrawal", "by": "A", "facts": {"subject": "s1"}}
    setting.record(setting.envelope("A", **withdrawal, at=NOW - 90 * 60_000_000))
    recorded(setting, made(setting, days))

    (tmp_path / "other").mkdir()
    other = Setting(tmp_path / "other", LAGGING, keys=setting.keys)
    other.sign("A", "B", "C")
    other.record(other.envelope("A", **withdrawal, at=NOW - 90 * 60_000_000))
    other.record(*(other.envelope("B", **each) for each in days))

    def told(result: AuditResult) -> list[Any]:
        return [(u.record.instant, u.judged.truth, u.judged.decision, u.moved) for u in result.uses]

    assert told(audited(setting)) == told(audited(other))
    assert {u.judged.decision for u in audited(setting).uses} == {Decision.REFUSED, Decision.UNDECIDED}


def test_events_of_a_segment_stand_between_entries_by_row(setting: Setting) -> None:
    first = setting.envelope("A", type="incident", facts={"case_number": "c1"})
    setting.record(first)
    recorded(setting, made(setting, uses(3)))
    setting.record(setting.envelope("B", type="notify", by="B", to="A", facts={"case_number": "c1"}))
    read = read_ledger(setting.ledger, setting.store, NOW)
    assert [(o.index, o.at_entry, o.row) for o in read.opened] == [
        (0, 0, None),
        (1, 1, 0),
        (2, 1, 1),
        (3, 1, 2),
        (4, 2, None),
    ]
    assert (read.size, read.next_index) == (3, 5)
    form = audit_form(audited(setting))
    assert [(use.act.index, use.act.row) for use in form.uses] == [(1, 0), (1, 1), (1, 2), (2, None)]


def test_a_segment_continues_the_sequence_of_its_issuer_and_is_continued(setting: Setting) -> None:
    setting.record(setting.envelope("B", type="notify", by="B", to="A", facts={"case_number": "c1"}))
    receipt = recorded(setting, made(setting, uses(3))).receipt
    assert (receipt.receipt.place.value, receipt.statement.first) == ("continues", 1)  # type: ignore[union-attr]
    [single] = setting.record(setting.envelope("B", type="notify", by="B", to="A", facts={"case_number": "c2"}))
    assert single.place.value == "continues"  # type: ignore[union-attr]
    found = owed(entries(setting.ledger, trust=setting.trust))
    assert (found.gaps, found.faults) == ((), ())


def test_a_gap_between_a_segment_and_a_single_event_is_seen(setting: Setting) -> None:
    recorded(setting, made(setting, uses(3)))
    setting.envelope("B", type="notify", by="B", to="A", facts={"case_number": "c1"})  # never recorded
    [single] = setting.record(setting.envelope("B", type="notify", by="B", to="A", facts={"case_number": "c2"}))
    assert single.place.value == "gap"  # type: ignore[union-attr]
    [gap] = owed(entries(setting.ledger, trust=setting.trust)).gaps
    assert (gap.first, gap.last, gap.after, gap.before, gap.void) == (3, 3, 0, 1, False)


def test_two_events_under_one_number_are_a_fork_though_one_stands_in_a_segment(setting: Setting) -> None:
    recorded(setting, made(setting, uses(3)))
    setting.places["B"] = Place(setting.ledger_id, 1, "sha256:" + "0" * 64)
    [single] = setting.record(setting.envelope("B", type="notify", by="B", to="A", facts={"case_number": "c1"}))
    assert single.place.value == "forked"  # type: ignore[union-attr]
    [fault] = owed(entries(setting.ledger, trust=setting.trust)).faults
    assert (fault.defect, fault.seq, fault.entries) == (Defect.FORK, 1, (0, 1))


def test_heartbeats_in_a_segment_make_its_source_complete(setting: Setting) -> None:
    heartbeat = {"type": "heartbeat", "time": timestamp(NOW - HOUR)}
    recorded(setting, made(setting, [*uses(2), heartbeat]))
    from smartclause.verbs.completeness import sequences

    read = read_ledger(setting.ledger, setting.store, NOW)
    assert sequences(read.opened)[setting.keys["B"].id].complete == NOW - HOUR


def test_decide_reads_the_history_in_segments(setting: Setting) -> None:
    recorded(setting, made(setting, [{"type": "withdrawal", "by": "A", "facts": {"subject": "s1"}}], "A"))
    asked = setting.envelope("B", "C", **use())
    assert ask(setting, asked).judged.decision is Decision.REFUSED


def test_a_segment_whose_key_was_compromised_is_uncertain_as_single_events_are(setting: Setting) -> None:
    recorded(setting, made(setting, [{"type": "withdrawal", "by": "A", "facts": {"subject": "s1"}}], "A"))
    from smartclause.evidence.trust import save_trust

    records = tuple(
        r.model_copy(update={"compromised_since": timestamp(NOW - HOUR), "compromise_declared_by": "B"})
        if r.id == setting.keys["A"].id
        else r
        for r in setting.store.keys
    )
    save_trust(setting.store.model_copy(update={"keys": records}), setting.trust)
    asked = setting.envelope("B", "C", **use())
    assert ask(setting, asked).judged.decision is Decision.UNDECIDED


# ---- what is refused, and what is there already


def test_a_segment_longer_than_the_agreed_lag_is_refused(setting: Setting) -> None:
    for minutes, fits in ((12 * 60 - 1, True), (12 * 60, True), (12 * 60 + 1, False)):
        events = [uses(1, NOW - minutes * 60_000_000)[0], uses(1, NOW)[0]]
        file = made(setting, events, name=f"{minutes}.parquet")
        if fits:
            recorded(setting, file)
            continue
        with pytest.raises(VerbError) as found:
            recorded(setting, file)
        assert (found.value.code, found.value.values["span"], found.value.values["lag"]) == (
            "VB50",
            "12:01:00",
            "12:00:00",
        )


def test_a_source_without_an_agreed_lag_seals_only_what_is_of_one_instant(setting: Setting) -> None:
    incidents = [{"type": "incident", "facts": {"case_number": f"c{n}"}} for n in range(3)]
    recorded(setting, made(setting, incidents, "A"))
    later = [each | {"time": timestamp(NOW + n)} for n, each in enumerate(incidents)]
    with pytest.raises(VerbError) as found:
        recorded(setting, made(setting, later, "A", name="b.parquet"))
    assert found.value.code == "VB50"


def test_the_contract_that_a_segment_names_must_be_given(setting: Setting) -> None:
    file = made(setting, uses(1))
    with pytest.raises(VerbError) as found:
        recorded(setting, file, contract=None)
    assert found.value.code == "VB11"


def test_an_event_that_the_contract_does_not_know_is_refused_with_its_row(setting: Setting) -> None:
    for code, members in (
        ("VB07", {"type": "voice_data.sell"}),
        ("VB07", {"facts": {"subject": "s1", "odd": 1}}),
        ("VB08", {"facts": {"subject": "s1", "purpose": "x"}}),
        ("VB09", {"facts": {"subject": "s1", "samples": 5_001}}),
        ("VB10", {"facts": {}}),
        ("VB10", {"asset": None}),
    ):
        bodies = [*chain(setting, 2), *chain(setting, 1, first=2, **members)]
        file = sealed(setting, bodies, f"{code}-{len(str(members))}.parquet")
        with pytest.raises(VerbError) as found:
            recorded(setting, file)
        assert (found.value.code, found.value.place.split(" facts")[0]) == (code, "row 2")


def chain(setting: Setting, count: int, first: int = 0, prev: str | None = None, **members: Any) -> list[EventBody]:
    from tests.evidence.segment_samples import chain as bodies

    given = {"type": "voice_data.use_voice", "asset": "voices", "ledger": setting.ledger_id,
             "contract": setting.bundle.document, "time": timestamp(NOW)}  # fmt: skip
    facts = members.pop("facts", {"subject": "s1"})
    if first and prev is None:
        prev = LAST[-1]
    found = list(bodies([facts] * count, issuer=setting.keys["B"], first=first, prev=prev, **(given | members)))
    from smartclause.evidence.forms import canonical
    from smartclause.logic.canonical import digest_of_bytes

    LAST.append(digest_of_bytes(canonical(found[-1])))
    return found


LAST: list[str] = []


def sealed(setting: Setting, bodies: Iterable[EventBody], name: str) -> Path:
    from smartclause.evidence.segment_making import make_segment

    file = setting.folder / name
    statement_path(file).write_bytes(make_segment(file, paired(bodies), setting.keys["B"]))
    return file


def test_the_same_segment_gets_the_old_receipt(setting: Setting) -> None:
    file = made(setting, uses(3))
    first = recorded(setting, file)
    setting.clock.now += HOUR
    again = recorded(setting, file)
    assert (first.already, again.already) == (False, True)
    assert again.receipt.receipt.index == first.receipt.receipt.index
    assert again.receipt.receipt.received == first.receipt.receipt.received
    assert again.size == 1


def test_recording_it_again_puts_a_missing_file_back(setting: Setting) -> None:
    file = made(setting, uses(3))
    recorded(setting, file)
    [kept] = segments_folder(setting.ledger).iterdir()
    kept.unlink()
    recorded(setting, file)
    assert kept.read_bytes() == file.read_bytes()


def test_an_event_of_a_segment_that_comes_by_itself_gets_the_receipt_of_the_segment(setting: Setting) -> None:
    from smartclause.evidence.envelope import seal
    from smartclause.evidence.forms import canonical

    bodies = chain(setting, 3)
    recorded(setting, sealed(setting, bodies, "day.parquet"))
    [receipt] = setting.record(seal(canonical(bodies[1]), [setting.keys["B"]], EventBody.PAYLOAD_TYPE))
    assert (receipt.index, receipt.kind, receipt.place) == (0, "segment", None)  # type: ignore[union-attr]


def test_the_id_of_another_issuers_event_is_refused_beside_and_in_segments(setting: Setting) -> None:
    from smartclause.evidence.envelope import seal
    from smartclause.evidence.forms import canonical

    bodies = chain(setting, 3)
    recorded(setting, sealed(setting, bodies, "day.parquet"))
    stolen = bodies[1].model_copy(update={"issuer": setting.keys["A"].id, "seq": 0, "prev": None})
    [refusal] = setting.record(seal(canonical(stolen), [setting.keys["A"]], EventBody.PAYLOAD_TYPE))
    assert refusal.error.code == "EV14"  # type: ignore[union-attr]

    from smartclause.evidence.segment_making import make_segment

    file = setting.folder / "stolen.parquet"
    statement_path(file).write_bytes(make_segment(file, paired([stolen]), setting.keys["A"]))
    with pytest.raises(EvidenceError) as found:
        recorded(setting, file)
    assert found.value.code == "EV14"


def test_an_id_told_again_in_another_version_is_noticed(setting: Setting) -> None:
    bodies = chain(setting, 3)
    recorded(setting, sealed(setting, bodies, "day.parquet"))
    other = bodies[0].model_copy(update={"facts": {"subject": "s1", "samples": 4}})
    found = recorded(setting, sealed(setting, [other], "other.parquet"))
    assert (found.receipt.known, found.receipt.receipt.place.value) == (1, "forked")  # type: ignore[union-attr]
    result = audited(setting)
    [torn] = [u for u in result.uses if u.record.event.id == other.id]
    world_says = [r for r in torn.judged.open if r.type == "contradicted" or "contradicted" in str(r)]
    assert world_says


def test_a_key_that_was_never_trusted_seals_nothing(setting: Setting) -> None:
    setting.keys["B"] = make_key()
    file = sealed(setting, chain(setting, 2), "day.parquet")
    with pytest.raises(EvidenceError) as found:
        recorded(setting, file)
    assert found.value.code == "EV06"


def test_nothing_is_left_behind_when_a_segment_is_refused(setting: Setting) -> None:
    file = made(setting, uses(3))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(EvidenceError):
        recorded(setting, file)
    assert not segments_folder(setting.ledger).exists()
    assert read_ledger(setting.ledger, setting.store, NOW).size == 0


def test_a_full_disk_leaves_neither_file_nor_entry(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    import smartclause.evidence.segment_recording as recording

    file = made(setting, uses(3))

    def full(*_: object) -> None:
        raise EvidenceError("EV16", reason="the disk is full")

    monkeypatch.setattr(recording, "write_checkpoint", full)
    with pytest.raises(EvidenceError):
        recorded(setting, file)
    assert list(segments_folder(setting.ledger).iterdir()) == []
    assert read_ledger(setting.ledger, setting.store, NOW).size == 0


# ---- a file that is missing, swapped or changed


def test_a_missing_file_is_a_gap_that_is_named(setting: Setting) -> None:
    heartbeat = {"type": "heartbeat", "time": timestamp(NOW)}
    recorded(setting, made(setting, [*uses(3), heartbeat]))
    setting.record(setting.envelope("A", type="incident", facts={"case_number": "c1"}))
    [kept] = segments_folder(setting.ledger).iterdir()
    kept.rename(setting.folder / kept.name)
    result = audited(setting)
    assert [n.detail for n in result.notes if n.kind == "segment missing"] == [
        f"entry 0: {kept.name} (0-3, {setting.keys['B'].id})"
    ]
    read = read_ledger(setting.ledger, setting.store, NOW)
    assert [o.index for o in read.opened] == [4]
    (absent,) = read.absent
    assert absent.stretch == (NOW - 2 * HOUR, NOW)
    assert not verify_ledger(setting.ledger, trust=setting.trust, clock=setting.clock).holds
    assert read_ledger(setting.ledger, setting.store, NOW, segments=setting.folder).absent == ()


def test_what_a_missing_file_may_hold_makes_a_verdict_unknown(setting: Setting) -> None:
    """A withdrawal may be in it: nobody can say that there was none."""
    setting.record(setting.envelope("A", type="heartbeat"))
    recorded(setting, made(setting, [{"type": "withdrawal", "by": "A", "facts": {"subject": "s2"}}], "A"))
    asked = setting.envelope("B", "C", **use())
    assert ask(setting, asked).judged.decision is Decision.ALLOWED
    [kept] = segments_folder(setting.ledger).iterdir()
    kept.unlink()
    assert ask(setting, asked).judged.decision is Decision.UNDECIDED


def test_a_file_that_was_changed_or_swapped_stops_every_reader(setting: Setting) -> None:
    recorded(setting, made(setting, uses(3)))
    recorded(setting, made(setting, uses(3), name="b.parquet"))
    one, two = segments_folder(setting.ledger).iterdir()
    content = one.read_bytes()
    one.write_bytes(two.read_bytes())
    with pytest.raises(EvidenceError) as found:
        audited(setting)
    assert found.value.code == "EV33"
    assert found.value.place.startswith(("entry 0: ", "entry 1: "))
    one.write_bytes(content)
    assert verify_ledger(setting.ledger, trust=setting.trust, clock=setting.clock).holds


@pytest.mark.parametrize("at", [None, NOW + HOUR])
def test_the_monitor_follows_the_events_of_a_segment(setting: Setting, at: int | None) -> None:
    setting.record(setting.envelope("A", type="heartbeat"))
    recorded(setting, made(setting, uses(3)))
    teller = Told()
    settings = Settings(at=at)
    tally = monitor(setting.path, setting.ledger, teller, trust=setting.trust, settings=settings, clock=setting.clock)
    judged = audited(setting, closed=True)
    assert tally.acts.total() == len(judged.uses) == 3
    assert tally.acts == Counter(u.decision.value for u in judged.uses)


def test_a_segment_that_comes_while_the_ledger_is_followed_is_followed(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends() -> None:
        raise KeyboardInterrupt

    setting.record(setting.envelope("A", type="heartbeat"))
    happens = iter((lambda: recorded(setting, made(setting, uses(3))), ends))
    monkeypatch.setattr(monitor_ledger.time, "sleep", lambda _: next(happens)())
    teller = Told()
    monitor(
        setting.path, setting.ledger, teller, trust=setting.trust, settings=Settings(follow=True), clock=setting.clock
    )
    assert len([t for t in teller.told if isinstance(t, ActTold)]) == 3


def test_a_changed_segment_stops_the_monitor_and_a_missing_one_leaves_a_gap(setting: Setting, tmp_path: Path) -> None:
    setting.record(setting.envelope("A", type="heartbeat"))
    recorded(setting, made(setting, uses(3)))
    [path] = segments_folder(setting.ledger).iterdir()
    content = path.read_bytes()

    def followed(**given: Any) -> Any:
        return monitor(setting.path, setting.ledger, Told(), trust=setting.trust, clock=setting.clock, **given)

    path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    with pytest.raises(EvidenceError) as found:
        followed()
    assert found.value.place.startswith("entry 1")
    path.unlink()
    assert followed().acts.total() == 0
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / path.name).write_bytes(content)
    assert followed(segments=tmp_path / "elsewhere").acts.total() == 3


# ---- one event


def test_one_event_is_proved_without_ledger_and_segment(setting: Setting, tmp_path: Path) -> None:
    recorded(setting, made(setting, uses(5)))
    read = read_ledger(setting.ledger, setting.store, NOW)
    for n, event in enumerate(read.opened):
        out = tmp_path / f"{n}.proof"
        segments.prove(setting.ledger, event.body.id if n % 2 else (0, n), out)
        found = segments.check(out, trust=setting.trust, clock=setting.clock)
        assert (found.event, found.row, found.entry.index, found.keeper) == (event.body, n, 0, "ledger")
        assert [s.party for s in found.signers] == ["B"]


@pytest.mark.parametrize("member", ["event", "row", "path", "statement", "entry", "proof"])
def test_a_proof_that_was_changed_does_not_hold(setting: Setting, member: str, tmp_path: Path) -> None:
    recorded(setting, made(setting, uses(5)))
    recorded(setting, made(setting, uses(5), name="b.parquet"))
    checkpoint(setting.ledger, setting.keys["ledger"])
    one, two = tmp_path / "1.proof", tmp_path / "2.proof"
    segments.prove(setting.ledger, (0, 1), one)
    segments.prove(setting.ledger, (1, 2), two)
    said, other = json.loads(one.read_bytes()), json.loads(two.read_bytes())
    from smartclause.logic.canonical import dumps

    for value in (other[member], other[member][:-1] if isinstance(other[member], str | list) else 3):
        one.write_bytes(dumps(said | {member: value}))
        with pytest.raises(EvidenceError):
            segments.check(one, trust=setting.trust, clock=setting.clock)
    one.write_bytes(dumps(said))
    segments.check(one, trust=setting.trust, clock=setting.clock)


def test_a_proof_needs_keys_that_the_trust_store_knows(setting: Setting, tmp_path: Path) -> None:
    recorded(setting, made(setting, uses(2)))
    segments.prove(setting.ledger, (0, 1), tmp_path / "1.proof")
    for gone in ("B", "ledger"):
        key = setting.keys.pop(gone)
        setting.trusting()
        with pytest.raises(EvidenceError) as found:
            segments.check(tmp_path / "1.proof", trust=setting.trust, clock=setting.clock)
        assert found.value.code == "EV35"
        setting.keys[gone] = key


def test_what_no_segment_holds_has_no_proof(setting: Setting, tmp_path: Path) -> None:
    recorded(setting, made(setting, uses(2)))
    for named in ("019cab5f-6c00-7a2b-8c3d-0123456789ab", (0, 2), (0, -1)):
        with pytest.raises(EvidenceError) as found:
            segments.prove(setting.ledger, named, tmp_path / "x.proof")
        assert found.value.code == "EV35"


# ---- beside


def test_a_case_does_not_carry_segments_and_says_so(setting: Setting) -> None:
    recorded(setting, made(setting, uses(2)))
    with pytest.raises(VerbError) as found:
        case_export._ledger(setting.ledger)
    assert found.value.code == "VB51"
    with open_ledger(setting.ledger) as ledger:
        from smartclause.evidence.ledger import rows
        from smartclause.verbs.case_entries import entry_line, read_entries

        lines = b"".join(map(entry_line, rows(ledger)))
    with pytest.raises(VerbError) as found:
        read_entries(lines, setting.ledger_id)
    assert found.value.code == "VB51"


def test_the_next_event_continues_a_segment_that_is_not_recorded_yet(setting: Setting) -> None:
    from smartclause.verbs.ledger import place_after

    file = made(setting, uses(3))
    where = place_after(setting.ledger, setting.keys["B"].id, statement_path(file))
    assert where == setting.places["B"]
