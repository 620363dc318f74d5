"""Witnesses, kept checkpoints and time stamps through the verbs: split views and rollbacks are seen and shown."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import timestamp
from smartclause.evidence.growth import growth_text
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.ledger import entry_of, open_ledger, origin, system_clock
from smartclause.evidence.note import Checkpoint, checkpoint_text, note_key, read_note, verifier_text, write_note
from smartclause.evidence.proof import check_proof, read_proof
from smartclause.evidence.trust import TrustStore, save_trust
from smartclause.evidence.verification import verified_rows
from smartclause.verbs import stamps
from smartclause.verbs import witness as witnesses
from smartclause.verbs.compare import Agreement, compare, growth_from
from smartclause.verbs.ledger import Beside, prove, verify
from tests.evidence.authority import Authority, authority
from tests.evidence.test_timestamps import needs_openssl

from .samples import NOW, Setting

AT = NOW // 1_000_000


@dataclass
class Scene:
    """One ledger with two witnesses, the counterparty and a neutral one, and a policy that asks for both."""

    setting: Setting
    keys: dict[str, SigningKey]
    policy: Path

    @property
    def ledger(self) -> Path:
        return self.setting.ledger

    @property
    def trust(self) -> Path:
        return self.setting.trust

    def withdraw(self, *subjects: str) -> None:
        for subject in subjects:
            facts = {"subject": subject}
            self.setting.record(self.setting.envelope("A", type="voice_data.withdrawal", facts=facts))

    def state(self, name: str) -> Path:
        return self.setting.folder / f"{name}.db"

    def growth(self, old: int) -> Path:
        return self.setting.write("growth.txt", growth_text(growth_from(self.ledger, old)).encode())

    def cosign(self, name: str, old: int) -> Path:
        note = witnesses.cosign(self.state(name), self.growth(old), self.keys[name], lambda: AT)
        return self.setting.write(f"{name}.note", note.encode())

    def take(self, *names: str, old: int) -> None:
        for name in names:
            witnesses.take(self.ledger, self.cosign(name, old), self.policy, trust=self.trust)

    def note(self, name: str = "kept.note") -> Path:
        return self.setting.write(name, witnesses.last_note(self.ledger).encode())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    keys = {name: make_key() for name in ("counterparty", "neutral")}
    files = {}
    for name, key in keys.items():
        verifier = witnesses.make(tmp_path / f"{name}.db", f"{name}.example", key.public)
        files[name] = setting.write(f"{name}.vkey", verifier.encode() + b"\n")
    log = setting.write(
        "ledger.vkey", witnesses.ledger_verifier(setting.ledger, setting.keys["ledger"].public).encode()
    )
    for name in keys:
        witnesses.follow_ledger(tmp_path / f"{name}.db", log)
    policy = setting.write("policy.txt", witnesses.write_policy((log,), files, "all").encode())
    found = Scene(setting, keys, policy)
    found.withdraw("s1", "s2", "s3")
    return found


def test_the_quorum_holds_once_all_that_the_policy_asks_for_have_cosigned(scene: Scene) -> None:
    asked = Beside(policy=scene.policy)
    before = verify(scene.ledger, trust=scene.trust, beside=asked)
    assert (before.holds, before.quorum and before.quorum.size) == (False, 0)
    scene.take("counterparty", old=0)
    half = verify(scene.ledger, trust=scene.trust, beside=asked)
    assert not half.holds
    assert half.quorum is not None
    assert half.quorum.last is not None
    assert (list(half.quorum.last.cosignatures), half.quorum.last.missing) == (["counterparty"], ("neutral",))
    scene.take("neutral", old=0)
    assert verify(scene.ledger, trust=scene.trust, beside=asked).holds
    scene.withdraw("s4")
    later = verify(scene.ledger, trust=scene.trust, beside=asked)
    assert (later.holds, later.quorum and later.quorum.size) == (False, 3)
    scene.take("neutral", "counterparty", old=3)
    assert verify(scene.ledger, trust=scene.trust, beside=asked).holds


def test_a_policy_about_another_ledger_is_refused(scene: Scene) -> None:
    other = scene.setting.write("other.vkey", witnesses.make(scene.state("x"), "x.example", make_key().public).encode())
    with pytest.raises(EvidenceError, match="EV20"):
        witnesses.write_policy((other,), {}, "none")
    log = note_key(origin("0" * 32), scene.setting.keys["ledger"].public)
    file = scene.setting.write("log.vkey", verifier_text(log).encode())
    policy = scene.setting.write("p.txt", witnesses.write_policy((file,), {}, "none").encode())
    with pytest.raises(EvidenceError, match="EV18"):
        verify(scene.ledger, trust=scene.trust, beside=Beside(policy=policy))


def test_a_cosigned_proof_of_an_entry_meets_the_policy_offline(scene: Scene) -> None:
    scene.take("neutral", "counterparty", old=0)
    proof = read_proof(prove(scene.ledger, 1).encode())
    with open_ledger(scene.ledger) as ledger:
        row = [row for row, *_ in verified_rows(ledger)][1]
        entry = entry_of(ledger, row)
        key = note_key(ledger.origin, scene.setting.keys["ledger"].public)
    rules = witnesses.open_policy(scene.policy)
    assert check_proof(proof, entry, key, rules).size == 3
    scene.withdraw("s4")
    with pytest.raises(EvidenceError, match=r"EV18 .*too few"):
        check_proof(read_proof(prove(scene.ledger, 1).encode()), entry, key, rules)


def test_only_cosignatures_of_known_witnesses_over_our_own_checkpoints_are_kept(scene: Scene) -> None:
    cosigned = scene.cosign("neutral", 0)
    stranger = scene.setting.write("none.txt", b"quorum none\n")
    with pytest.raises(EvidenceError, match=r"EV18 .*no known witness"):
        witnesses.take(scene.ledger, cosigned, stranger, trust=scene.trust)
    lines = cosigned.read_text().splitlines(keepends=True)
    cut = scene.setting.write("cut.note", "".join([*lines[:-2], lines[-1]]).encode())
    with pytest.raises(EvidenceError, match=r"EV18 .*no known key"):
        witnesses.take(scene.ledger, cut, scene.policy, trust=scene.trust)
    point = checkpoint_text(Checkpoint(origin(scene.setting.ledger_id), 2, bytes(32)))
    forged = write_note(point, origin(scene.setting.ledger_id), scene.setting.keys["ledger"])
    with pytest.raises(EvidenceError, match=r"EV18 .*none of the checkpoints"):
        witnesses.take(scene.ledger, scene.setting.write("f.note", forged.encode()), scene.policy, trust=scene.trust)
    assert witnesses.last_note(scene.ledger).count("—") == 1


def test_a_changed_stored_cosignature_is_noticed(scene: Scene) -> None:
    scene.take("neutral", old=0)
    connection = sqlite3.connect(scene.ledger)
    connection.execute("UPDATE cosignatures SET line = replace(line, 'A', 'B')")
    connection.commit()
    connection.close()
    found = None
    try:
        found = verify(scene.ledger, trust=scene.trust, beside=Beside(policy=scene.policy))
    except EvidenceError as error:
        assert error.code in ("EV17", "EV18")  # noqa: PT017
    assert found is None or not found.holds


def other_view(scene: Scene, *subjects: str) -> Scene:
    """A copy of the ledger in which its keeper records something else."""
    folder = scene.setting.folder / "other"
    folder.mkdir()
    shutil.copy(scene.ledger, folder / "ledger.db")
    for extra in ("ledger.db-wal", "ledger.db-shm"):
        if (scene.setting.folder / extra).exists():
            shutil.copy(scene.setting.folder / extra, folder / extra)
    copied = Setting.__new__(Setting)
    for name in ("keys", "clock", "contract", "ledger_id", "bundle", "trust", "store", "path"):
        setattr(copied, name, getattr(scene.setting, name))
    copied.folder, copied.ledger, copied.places = folder, folder / "ledger.db", dict(scene.setting.places)
    copied.clock.now += 1
    view = Scene(copied, scene.keys, scene.policy)
    view.withdraw(*subjects)
    return view


def test_a_split_view_of_two_ledgers_is_located_and_shown_with_both_signed_notes(scene: Scene) -> None:
    other = other_view(scene, "other", "more")
    scene.withdraw("s4", "s5", "s6")
    found = compare(scene.ledger, other.ledger, trust=scene.trust)
    assert (found.agreement, found.size) == (Agreement.SPLIT, 4)
    key = note_key(found.origin, scene.setting.keys["ledger"].public)
    notes = [read_note(view.note.encode(), [key]).text for view in (found.first, found.second)]
    assert notes[0] != notes[1]
    assert [text.split("\n")[1] for text in notes] == ["4", "4"]
    assert compare(other.ledger, scene.ledger, trust=scene.trust).agreement is Agreement.SPLIT


def test_a_split_view_of_notes_and_ledgers_is_seen_from_a_note_alone(scene: Scene) -> None:
    other = other_view(scene, "other")
    scene.withdraw("s4")
    ours, theirs = scene.note("ours.note"), other.note("theirs.note")
    for one, two in ((ours, theirs), (scene.ledger, theirs), (ours, other.ledger), (theirs, scene.ledger)):
        found = compare(one, two, trust=scene.trust)
        assert (found.agreement, found.size) == (Agreement.SPLIT, 4), (one, two)
        assert found.first.note != found.second.note
        assert "" not in (found.first.note, found.second.note)
    asked = verify(scene.ledger, trust=scene.trust, beside=Beside(kept=(theirs,)))
    assert (asked.holds, asked.kept[0].agreement) == (False, Agreement.SPLIT)


def test_a_witness_refuses_the_other_view_and_keeps_both_notes(scene: Scene) -> None:
    other = other_view(scene, "other", "more")
    scene.withdraw("s4")
    scene.cosign("neutral", 0)
    with pytest.raises(EvidenceError, match=r"EV22 .*does not join it to size 4"):
        witnesses.cosign(scene.state("neutral"), other.growth(4), scene.keys["neutral"], lambda: AT)
    (refused,) = witnesses.show(scene.state("neutral")).refused
    ours, theirs = (
        scene.setting.write(name, text.encode())
        for name, text in (("a.note", refused.held), ("b.note", refused.offered))
    )
    assert compare(theirs, scene.ledger, trust=scene.trust).agreement in (Agreement.UNPROVEN, Agreement.BEHIND)
    assert compare(other.ledger, ours, trust=scene.trust).agreement is Agreement.SPLIT


def test_views_of_one_ledger_agree(scene: Scene) -> None:
    first, growth = scene.note("first.note"), Path()
    assert compare(scene.ledger, first, trust=scene.trust).agreement is Agreement.SAME
    assert compare(first, first, trust=scene.trust).agreement is Agreement.SAME
    scene.withdraw("s4", "s5")
    last, growth = scene.note("last.note"), scene.growth(3)
    for one, two in ((scene.ledger, first), (first, scene.ledger), (first, growth), (growth, first)):
        found = compare(one, two, trust=scene.trust)
        assert (found.agreement, found.size) == (Agreement.BEGINNING, 3), (one, two)
    assert compare(first, last, trust=scene.trust).agreement is Agreement.UNPROVEN
    assert compare(growth, scene.growth(2), trust=scene.trust).agreement is Agreement.SAME
    proof = scene.setting.write("entry.tlog-proof", prove(scene.ledger, 0).encode())
    assert compare(proof, scene.ledger, trust=scene.trust).agreement is Agreement.SAME
    assert verify(scene.ledger, trust=scene.trust, beside=Beside(kept=(first, last))).holds


def test_a_ledger_set_back_behind_a_kept_checkpoint_is_noticed(scene: Scene) -> None:
    back = scene.setting.folder / "back.db"
    with sqlite3.connect(scene.ledger) as connection, sqlite3.connect(back) as copy:
        connection.backup(copy)
    copy.close()
    connection.close()
    scene.withdraw("s4")
    kept = scene.note()
    found = verify(back, trust=scene.trust, beside=Beside(kept=(kept,)))
    assert (found.holds, found.kept[0].agreement) == (False, Agreement.BEHIND)
    assert (found.kept[0].first.point.size, found.kept[0].second.point.size) == (3, 4)
    assert compare(kept, back, trust=scene.trust).agreement is Agreement.BEHIND


def test_what_is_of_another_ledger_or_unknown_is_refused(scene: Scene) -> None:
    (scene.setting.folder / "second").mkdir()
    second = Setting(scene.setting.folder / "second", keys=scene.setting.keys)
    second.record()
    with pytest.raises(EvidenceError, match="EV18"):
        compare(scene.ledger, second.ledger, trust=scene.trust)
    note = write_note(checkpoint_text(Checkpoint("x", 1, bytes(32))), "x", make_key())
    with pytest.raises(EvidenceError, match="EV06"):
        compare(scene.ledger, scene.setting.write("x.note", note.encode()), trust=scene.trust)
    with pytest.raises(EvidenceError, match="EV19"):
        compare(scene.ledger, scene.setting.folder / "none", trust=scene.trust)
    with pytest.raises(EvidenceError, match="EV18"):
        growth_from(scene.ledger, 9)


def test_a_ledger_whose_key_nobody_vouches_for_is_compared_stamped_and_cosigned_by_nobody(scene: Scene) -> None:
    cosigned, note = scene.cosign("neutral", 0), scene.note()
    del scene.setting.keys["ledger"]
    scene.setting.trusting()
    for asked in (
        lambda: compare(scene.ledger, scene.ledger, trust=scene.trust),
        lambda: compare(note, note, trust=scene.trust),
        lambda: stamps.request(scene.ledger, trust=scene.trust),
        lambda: witnesses.take(scene.ledger, cosigned, scene.policy, trust=scene.trust),
        lambda: verify(scene.ledger, trust=scene.trust, beside=Beside(policy=scene.policy)),
    ):
        with pytest.raises(EvidenceError, match="EV06"):
            asked()


def test_a_ledger_under_a_compromised_key_does_not_hold_and_shows_its_witnesses_all_the_same(scene: Scene) -> None:
    scene.take("neutral", "counterparty", old=0)
    declared = {"compromised_since": "2026-02-01T00:00:00Z", "compromise_declared_by": "ledger"}
    records = tuple(r.model_copy(update=declared) if r.party == "ledger" else r for r in scene.setting.store.keys)
    save_trust(TrustStore(version=1, keys=records), scene.trust)
    found = verify(scene.ledger, trust=scene.trust, beside=Beside(policy=scene.policy))
    assert (found.holds, found.keeper) == (False, "")
    assert found.quorum is not None
    assert found.quorum.size == 3
    assert not verify(scene.ledger, trust=scene.trust).holds


def stamped(scene: Scene, tsa: Authority) -> tuple[Path, Path, Path]:
    asked = scene.setting.write("q.tsq", stamps.request(scene.ledger, trust=scene.trust))
    answer = scene.setting.write("r.tsr", tsa.answer(asked.read_bytes()))
    return asked, answer, scene.setting.write("roots.pem", tsa.roots)


@needs_openssl
def test_a_checkpoint_is_stamped_and_the_stamp_stays_with_the_ledger(scene: Scene, tmp_path: Path) -> None:
    asked, answer, roots = stamped(scene, authority(tmp_path / "tsa"))
    kept = stamps.keep(scene.ledger, answer, roots, request=asked, trust=scene.trust)
    assert (kept.size, kept.holds, kept.late) == (3, True, False)
    scene.withdraw("s4")
    again = stamps.keep(scene.ledger, answer, roots, trust=scene.trust)
    assert again == kept
    found = verify(scene.ledger, trust=scene.trust, beside=Beside(roots=roots))
    assert (found.holds, found.stamps) == (True, (kept,))
    assert kept.stamp is not None
    assert timestamp(kept.stamp.time)[:2] == "20"
    other = scene.setting.write("other.pem", authority(tmp_path / "other").roots)
    unknown = verify(scene.ledger, trust=scene.trust, beside=Beside(roots=other))
    assert not unknown.holds
    assert unknown.stamps is not None
    assert unknown.stamps[0].fault is not None


@needs_openssl
def test_an_answer_to_another_request_or_ledger_is_not_kept(scene: Scene, tmp_path: Path) -> None:
    tsa = authority(tmp_path / "tsa")
    asked, answer, roots = stamped(scene, tsa)
    again = scene.setting.write("q2.tsq", stamps.request(scene.ledger, trust=scene.trust))
    with pytest.raises(EvidenceError, match=r"EV21 .*another request"):
        stamps.keep(scene.ledger, answer, roots, request=again, trust=scene.trust)
    other = other_view(scene, "other")
    elsewhere = scene.setting.write("r2.tsr", tsa.answer(stamps.request(other.ledger, trust=scene.trust)))
    with pytest.raises(EvidenceError, match=r"EV21 .*other bytes"):
        stamps.keep(scene.ledger, elsewhere, roots, trust=scene.trust)
    assert verify(scene.ledger, trust=scene.trust, beside=Beside(roots=roots)).stamps == ()
    assert asked.exists()


@needs_openssl
def test_entries_that_claim_a_receipt_after_their_time_stamp_are_found_out(scene: Scene, tmp_path: Path) -> None:
    scene.setting.clock.now = system_clock() + stamps.CLOCKS_APART + 3_600_000_000
    scene.withdraw("s4")
    asked, answer, roots = stamped(scene, authority(tmp_path / "tsa"))
    assert stamps.keep(scene.ledger, answer, roots, request=asked, trust=scene.trust).late
    assert not verify(scene.ledger, trust=scene.trust, beside=Beside(roots=roots)).holds
