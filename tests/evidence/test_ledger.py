"""The ledger: what is acknowledged stays, in order, under one root; nothing foreign comes in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.evidence import store
from smartclause.evidence.entry import LedgerEntry
from smartclause.evidence.envelope import countersign, seal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical, instant, read_form
from smartclause.evidence.judged import JudgedEntry, judged_entries
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.ledger import (
    checkpoint,
    create_ledger,
    entry_of,
    head,
    open_ledger,
    row_at,
    rows,
    write_tree,
)
from smartclause.evidence.merkle import is_consistent, leaf_hash
from smartclause.evidence.note import Checkpoint, checkpoint_text, note_key, write_note
from smartclause.evidence.proof import check_proof, proof_text, prove_entry, prove_growth, read_proof
from smartclause.evidence.recording import Place, Receipt, Refusal, record
from smartclause.evidence.sequences import Defect, Gap, follows, read_sequences, void_ranges
from smartclause.evidence.tiles import GrowingTree
from smartclause.evidence.trust import Standing, TrustStore, trusting
from smartclause.evidence.verification import verify_ledger
from smartclause.logic.canonical import digest_of_bytes

from .samples import KEY, OTHER, event, trust_of

LEDGER_KEY = make_key()
STRANGER = make_key()
TRUST = trust_of(KEY, OTHER)
START = instant("2026-02-01T08:00:00Z")


def sealed(body: EventBody, *keys: SigningKey) -> bytes:
    return seal(canonical(body), keys or (KEY,), EventBody.PAYLOAD_TYPE)


def chain(ledger: str, count: int, issuer: SigningKey = KEY, **members: Any) -> list[EventBody]:
    """Consecutive events of one issuer."""
    events: list[EventBody] = []
    for seq in range(count):
        prev = digest_of_bytes(canonical(events[-1])) if events else None
        events.append(event(issuer, ledger=ledger, seq=seq, prev=prev, **members))
    return events


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.ledger"


@pytest.fixture
def ledger_id(path: Path) -> str:
    return create_ledger(path, LEDGER_KEY.public)


def recorded(path: Path, *envelopes: bytes, trust: TrustStore = TRUST, **options: Any) -> list[Receipt | Refusal]:
    with open_ledger(path, writing=True) as ledger:
        return list(record(ledger, envelopes, trust, LEDGER_KEY, **options))


def receipts(path: Path, *envelopes: bytes, **options: Any) -> list[Receipt]:
    outcomes = recorded(path, *envelopes, **options)
    assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Receipt)]


def codes(path: Path, *envelopes: bytes, **options: Any) -> list[str]:
    outcomes = recorded(path, *envelopes, **options)
    return [o.error.code if isinstance(o, Refusal) else o.kind for o in outcomes]


def entries(path: Path, trust: TrustStore = TRUST) -> list[JudgedEntry]:
    with open_ledger(path) as ledger:
        return list(judged_entries(ledger, trust))


def verified(path: Path) -> int:
    with open_ledger(path) as ledger:
        return verify_ledger(ledger, LEDGER_KEY.public).head.size


def test_recorded_events_come_back_in_order_as_they_were_signed(path: Path, ledger_id: str) -> None:
    events = chain(ledger_id, 5)
    given_receipts = receipts(path, *map(sealed, events))
    assert [r.index for r in given_receipts] == [0, 1, 2, 3, 4]
    assert {r.place for r in given_receipts} == {Place.CONTINUES}
    found = entries(path)
    assert [e.body for e in found] == [json.loads(canonical(e)) for e in events]
    assert [(s.key, s.party, s.standing) for e in found for s in e.signers] == [(KEY.id, "B", Standing.TRUSTED)] * 5
    with open_ledger(path) as ledger:
        result = verify_ledger(ledger, LEDGER_KEY.public)
        assert (result.head, result.signed_size) == (head(ledger), 5)
        assert verify_ledger(ledger).signed_size == 0


def test_a_leaf_is_the_published_form_and_its_hash_is_in_the_receipt(path: Path, ledger_id: str) -> None:
    (receipt,) = receipts(path, sealed(event(ledger=ledger_id), KEY, OTHER))
    with open_ledger(path) as ledger:
        content = entry_of(ledger, row_at(ledger, 0))
    entry = read_form(LedgerEntry, content)
    assert leaf_hash(content) == receipt.leaf
    assert [s.keyid for s in entry.signatures] == sorted([KEY.id, OTHER.id])
    assert (instant(entry.received), entry.body) == (receipt.received, receipt.body)


def test_the_root_depends_on_the_signed_bytes_and_not_on_the_spelling_of_the_envelope(
    path: Path, ledger_id: str, tmp_path: Path
) -> None:
    envelope = sealed(event(ledger=ledger_id), KEY, OTHER)
    data = json.loads(envelope)
    respelled = json.dumps({"more": 1, "signatures": data["signatures"][::-1]} | data, indent=2).encode()
    copy = tmp_path / "copy.ledger"
    copy.write_bytes(path.read_bytes())
    (one,) = receipts(path, envelope, clock=lambda: START)
    (two,) = receipts(copy, respelled, clock=lambda: START)
    assert one == two


@given(cuts=st.lists(st.integers(0, 12), max_size=4))
@settings(max_examples=8, deadline=None)
def test_grouping_does_not_change_the_root(cuts: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("grouping")
    ledger_id = create_ledger(folder / "a", LEDGER_KEY.public)
    (folder / "b").write_bytes((folder / "a").read_bytes())
    envelopes = [sealed(e) for e in chain(ledger_id, 12)]
    receipts(folder / "a", *envelopes, clock=lambda: START)
    bounds = [0, *sorted(cuts), 12]
    for first, end in pairwise(bounds):
        receipts(folder / "b", *envelopes[first:end], clock=lambda: START)
    with open_ledger(folder / "a") as a, open_ledger(folder / "b") as b:
        assert head(a) == head(b)
    assert verified(folder / "b") == 12


def test_the_same_event_again_gets_the_old_receipt(path: Path, ledger_id: str) -> None:
    one, other = sealed(event(ledger=ledger_id)), sealed(event(OTHER, ledger=ledger_id), OTHER)
    (first, twin) = receipts(path, one, one)
    again_signed = seal(canonical(event(OTHER, ledger=ledger_id)), [OTHER], EventBody.PAYLOAD_TYPE)
    (second, third) = receipts(path, one, other)
    assert (first.place, twin.place, second.place) == (Place.CONTINUES, None, None)
    assert first.leaf == twin.leaf == second.leaf
    assert (first.index, third.index) == (0, 1)
    assert again_signed != other
    assert verified(path) == 2


def test_a_new_signature_of_the_same_key_over_the_same_bytes_is_the_same_event(path: Path, ledger_id: str) -> None:
    body = event(OTHER, ledger=ledger_id)
    first, second = sealed(body, OTHER), sealed(body, OTHER)
    assert first != second  # ECDSA draws a random number
    assert [r.leaf for r in receipts(path, first)] == [r.leaf for r in receipts(path, second)]


def test_the_same_number_over_other_bytes_is_kept_as_an_equivocation_with_both_signatures(
    path: Path, ledger_id: str
) -> None:
    first = event(ledger=ledger_id)
    second = first.model_copy(update={"facts": {"consent": True}})
    assert codes(path, sealed(first), sealed(second)) == ["event", "equivocation"]
    assert codes(path, sealed(second), sealed(first)) == ["equivocation", "event"]
    with open_ledger(path) as ledger:
        entry = read_form(LedgerEntry, entry_of(ledger, row_at(ledger, 1)))
    assert entry.earlier is not None
    assert entry.earlier.body == digest_of_bytes(canonical(first))
    assert entry.body == digest_of_bytes(canonical(second))
    assert [s.keyid for s in (*entry.earlier.signatures, *entry.signatures)] == [KEY.id, KEY.id]
    assert verified(path) == 2


def test_further_signatures_on_the_same_bytes_are_kept_as_a_cosignature(path: Path, ledger_id: str) -> None:
    one = sealed(event(ledger=ledger_id))
    both = countersign(one, [OTHER])
    assert codes(path, one, both, both, one) == ["event", "cosignature", "cosignature", "event"]
    found = entries(path)
    assert [(e.kind, e.earlier, len(e.signers)) for e in found] == [("event", None, 1), ("cosignature", 0, 2)]
    assert verified(path) == 2


def test_what_does_not_belong_here_is_refused_and_the_rest_recorded(path: Path, ledger_id: str) -> None:
    good = event(ledger=ledger_id)
    later = event(ledger=ledger_id, seq=1, prev=digest_of_bytes(canonical(good)))
    outcome = codes(
        path,
        sealed(good),
        b"{",
        sealed(event()),
        sealed(event(ledger=ledger_id), OTHER),
        sealed(event(STRANGER, ledger=ledger_id), STRANGER),
        seal(canonical(good), [KEY], "application/json"),
        seal(b'{"a": 1}', [KEY], EventBody.PAYLOAD_TYPE),
        seal(b"{}", [KEY], EventBody.PAYLOAD_TYPE),
        b" " * 2_000_000,
        sealed(later).replace(b'"sig":"', b'"sig":"AAAA'),
        sealed(event(OTHER, id=good.id, ledger=ledger_id), OTHER),
        sealed(later),
    )
    assert outcome == [
        "event", "EV01", "EV11", "EV12", "EV06", "EV04", "EV01", "EV08", "EV02", "EV05", "EV14", "event",
    ]  # fmt: skip
    assert verified(path) == 2


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"valid_from": "2026-02-01T08:00:00.000001Z"}, "EV13"),
        ({"valid_from": "2026-02-01T08:00:00Z"}, Standing.TRUSTED),
        ({"valid_until": "2026-02-01T08:00:00Z"}, Standing.LAPSED),
        ({"valid_until": "2026-02-01T08:00:00.000001Z"}, Standing.TRUSTED),
        ({"revoked": "2026-02-01T08:00:00Z"}, Standing.LAPSED),
        ({"compromised_since": "2026-02-01T08:00:00Z", "compromise_declared_by": "B"}, Standing.COMPROMISED),
        ({"compromised_since": "2026-02-01T08:00:00.000001Z", "compromise_declared_by": "B"}, Standing.TRUSTED),
        ({"contracts": ("sha256:" + "d" * 64,)}, "EV13"),
        ({"contracts": ("sha256:" + "c" * 64,)}, Standing.TRUSTED),
    ],
)
def test_a_key_is_judged_by_the_time_of_receipt_and_by_contract(
    path: Path, ledger_id: str, members: dict[str, Any], expected: object
) -> None:
    plain = trust_of(KEY).keys[0].model_dump()
    changed = type(trust_of(KEY).keys[0])(**(plain | members))
    trust = trusting(None, changed)
    claimed_long_ago = sealed(event(ledger=ledger_id, time="2020-06-01T00:00:00Z"))
    outcome = recorded(path, claimed_long_ago, trust=trust, clock=lambda: START)[0]
    if isinstance(outcome, Refusal):
        assert outcome.error.code == expected
    else:
        assert [s.standing for e in entries(path, trust) for s in e.signers] == [expected]


def test_a_key_struck_from_the_trust_store_makes_its_entries_unreliable_not_invisible(
    path: Path, ledger_id: str
) -> None:
    receipts(path, sealed(event(ledger=ledger_id)))
    (entry,) = entries(path, trust_of(OTHER))
    assert [(s.key, s.standing, s.party) for s in entry.signers] == [(KEY.id, Standing.UNKNOWN, "")]


def test_the_time_of_receipt_never_runs_backwards(path: Path, ledger_id: str) -> None:
    times = iter([START + 5, START, START + 5, START + 6, START - 9])
    found = receipts(path, *map(sealed, chain(ledger_id, 5)), clock=lambda: next(times))
    assert [r.received - START for r in found] == [5, 5, 5, 6, 6]
    (late,) = receipts(path, sealed(event(OTHER, ledger=ledger_id), OTHER), clock=lambda: 0)
    assert late.received == START + 6


def test_gaps_forks_and_breaks_in_a_sequence_are_reported_and_not_refused(path: Path, ledger_id: str) -> None:
    events = chain(ledger_id, 6)
    fork = event(ledger=ledger_id, seq=1, prev=digest_of_bytes(canonical(events[0])))
    broken = event(ledger=ledger_id, seq=6, prev="sha256:" + "0" * 64)
    places = [r.place for r in receipts(path, *map(sealed, [*events[:2], fork, *events[4:], broken]))]
    assert places == [
        Place.CONTINUES, Place.CONTINUES, Place.FORKED, Place.GAP, Place.CONTINUES, Place.BROKEN,
    ]  # fmt: skip
    found = read_sequences(entries(path))
    assert found.gaps == (Gap(KEY.id, 2, 3, 1, 3, False),)
    assert [(f.seq, f.defect, f.entries) for f in found.faults] == [(1, Defect.FORK, (1, 2)), (6, Defect.BREAK, (4, 5))]
    receipts(path, *map(sealed, events[2:4]))
    assert read_sequences(entries(path)).gaps == ()


@pytest.mark.rule("2.7")
@pytest.mark.parametrize("honest", [True, False])
def test_numbers_are_void_only_if_the_next_record_continues_from_before_them(
    path: Path, ledger_id: str, honest: bool
) -> None:
    before, hidden = chain(ledger_id, 2)
    prev = digest_of_bytes(canonical(before if honest else hidden))
    void = event(ledger=ledger_id, type="void", facts={"first": 1, "last": 2}, seq=3, prev=prev)
    receipts(path, sealed(before), sealed(void))
    assert [g.void for g in read_sequences(entries(path)).gaps] == [honest]


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(
    ("ranges", "owed"),
    [
        ([(1, 3)], False),
        ([(0, 4)], False),
        ([(1, 1), (2, 3)], False),
        ([(2, 3), (1, 2)], False),
        ([(1, 2)], True),
        ([(2, 3)], True),
        ([(1, 1), (3, 3)], True),
        ([(3, 1)], True),
        ([], True),
    ],
)
def test_each_number_between_two_records_is_void_or_owed(ranges: list[tuple[int, int]], owed: bool) -> None:
    assert follows(["a"], 0, 4, "a", ranges) is not owed
    assert not follows(["a"], 0, 4, "b", ranges)
    assert not follows(["a"], 0, 4, None, ranges)


@pytest.mark.rule("2.7")
def test_the_number_after_the_last_follows_it_by_naming_it() -> None:
    assert follows(["a"], 3, 4, "a", [])
    assert follows(["a", "b"], 3, 4, "b", [])
    assert not follows(["a"], 3, 4, "c", [(0, 9)])
    assert not follows([], 3, 4, None, [(0, 9)])


@pytest.mark.rule("2.7")
def test_a_void_in_two_versions_declares_nothing() -> None:
    one = ("v", {"first": 1, "last": 2})
    assert void_ranges([one, one]) == ((1, 2),)
    assert void_ranges([one, ("v", {"first": 1, "last": 3})]) == ()
    assert void_ranges([one, ("w", {"first": 1, "last": 3})]) == ((1, 2), (1, 3))


def test_a_sequence_that_does_not_begin_is_a_gap(path: Path, ledger_id: str) -> None:
    receipts(path, sealed(event(ledger=ledger_id, seq=2, prev="sha256:" + "0" * 64)))
    assert read_sequences(entries(path)).gaps == (Gap(KEY.id, 0, 1, None, 0, False),)


def test_every_entry_is_proved_to_who_holds_the_ledger_key_only(path: Path, ledger_id: str) -> None:
    receipts(path, *map(sealed, chain(ledger_id, 7)))
    with open_ledger(path) as ledger:
        key = note_key(ledger.origin, LEDGER_KEY.public)
        for row in rows(ledger):
            text = proof_text(prove_entry(ledger, row.position)).encode()
            entry = entry_of(ledger, row)
            assert check_proof(read_proof(text), entry, key).size == 7
            with pytest.raises(EvidenceError, match="EV18"):
                check_proof(read_proof(text), entry + b" ", key)
            with pytest.raises(EvidenceError, match="EV18"):
                check_proof(read_proof(text), entry, note_key(ledger.origin, STRANGER.public))
        with pytest.raises(EvidenceError, match="EV18"):
            prove_entry(ledger, 7)


@pytest.mark.parametrize("hashes", ["zeroblob(224)", "substr(hashes, 1, 96)", "hashes || hashes", "'x'"])
def test_no_proof_is_given_from_a_damaged_tree(path: Path, ledger_id: str, hashes: str) -> None:
    """Nobody is handed a proof that others would have to refuse."""
    receipts(path, *map(sealed, chain(ledger_id, 7)))
    with open_ledger(path, writing=True) as ledger:
        good = [prove_entry(ledger, index) for index in range(7)]
        ledger.connection.execute(f"UPDATE tiles SET hashes = {hashes}")
        for index in range(7):
            try:
                proof = prove_entry(ledger, index)
            except EvidenceError as error:
                proof = good[index] if error.code == "EV17" else None
            assert proof == good[index]


def test_a_grown_ledger_is_proved_to_contain_the_old_one(path: Path, ledger_id: str) -> None:
    events = chain(ledger_id, 7)
    receipts(path, *map(sealed, events[:3]))
    with open_ledger(path) as ledger:
        old = head(ledger)
    receipts(path, *map(sealed, events[3:]))
    with open_ledger(path) as ledger:
        new = head(ledger)
        assert is_consistent(3, 7, prove_growth(ledger, 3, 7), old.root, new.root)
        for first, end in ((0, 7), (8, 7)):
            with pytest.raises(EvidenceError, match="EV18"):
                prove_growth(ledger, first, end)


def test_only_the_ledgers_own_key_signs_its_checkpoints(path: Path, ledger_id: str) -> None:
    assert ledger_id
    with open_ledger(path, writing=True) as ledger:
        assert checkpoint(ledger, LEDGER_KEY).startswith(f"smartclause-ledger/{ledger_id}\n0\n")
        with pytest.raises(EvidenceError, match="EV07"):
            checkpoint(ledger, STRANGER)
        with pytest.raises(EvidenceError, match="EV07"):
            verify_ledger(ledger, STRANGER.public)
    with pytest.raises(EvidenceError, match="EV07"):
        create_ledger(path.with_name("other"), OTHER.public)


Change = Callable[[sqlite3.Connection], object]


def sql(statement: str, *values: object) -> Change:
    return lambda connection: connection.execute(statement, values)


def swapped(connection: sqlite3.Connection) -> None:
    for old, new in ((1, -1), (2, 1), (-1, 2)):
        connection.execute("UPDATE entries SET position = ? WHERE position = ?", (new, old))


@pytest.mark.parametrize(
    "change",
    [
        sql("DELETE FROM entries WHERE position = 3"),
        sql("DELETE FROM entries WHERE position = 1"),
        sql("UPDATE entries SET received = received - 1 WHERE position = 2"),
        sql("UPDATE entries SET received = received + 1 WHERE position = 3"),
        sql("UPDATE entries SET received = 9223372036854775807 WHERE position = 3"),
        sql("UPDATE entries SET received = 'now' WHERE position = 3"),
        sql("UPDATE entries SET kind = 'equivocation', earlier = 0 WHERE position = 3"),
        sql("UPDATE entries SET kind = 'other' WHERE position = 3"),
        sql("UPDATE entries SET event = 'x' WHERE position = 3"),
        sql("UPDATE entries SET issuer = 'x' WHERE position = 3"),
        sql("UPDATE entries SET seq = 9 WHERE position = 3"),
        sql("UPDATE entries SET prev = NULL WHERE position = 3"),
        sql("UPDATE entries SET body = 'x' WHERE position = 3"),
        sql("UPDATE entries SET envelope = x'7b7d' WHERE position = 3"),
        sql("UPDATE entries SET envelope = 'text' WHERE position = 3"),
        sql("UPDATE entries SET envelope = (SELECT envelope FROM entries WHERE position = 2) WHERE position = 3"),
        sql("UPDATE tree SET size = 3"),
        sql("UPDATE tree SET roots = zeroblob(32)"),
        sql("UPDATE tree SET roots = 'x'"),
        sql("DELETE FROM tree"),
        sql("UPDATE tiles SET hashes = zeroblob(128)"),
        sql("UPDATE tiles SET hashes = substr(hashes, 1, 96)"),
        sql("UPDATE tiles SET hashes = hashes || zeroblob(32)"),
        sql("UPDATE tiles SET hashes = 'x'"),
        sql("DELETE FROM tiles"),
        sql("INSERT INTO tiles VALUES (1, 0, zeroblob(32))"),
        sql("DELETE FROM header"),
        sql("UPDATE header SET ledger = '00000000000000000000000000000000'"),
        sql("UPDATE header SET edition = 'ledger 2'"),
        sql("UPDATE checkpoints SET size = 3"),
        sql("UPDATE checkpoints SET note = replace(note, '4', '5')"),
        sql("UPDATE checkpoints SET note = ''"),
        sql("DROP TABLE entries"),
        swapped,
    ],
)
def test_every_change_to_the_stored_ledger_is_detected(path: Path, ledger_id: str, change: Change) -> None:
    tick = iter(range(START, START + 9))
    receipts(path, *map(sealed, chain(ledger_id, 4)), clock=lambda: next(tick))
    connection = sqlite3.connect(path, isolation_level=None)
    change(connection)
    connection.close()
    with pytest.raises(EvidenceError) as detected:
        verified(path)
    assert detected.value.code in ("EV17", "EV18")


def test_entries_rewritten_together_with_their_tree_are_detected_by_the_checkpoint(
    path: Path, ledger_id: str, tmp_path: Path
) -> None:
    """The keeper of the file can rebuild tables and tree, but not the signed checkpoints of before."""
    events = chain(ledger_id, 4)
    other = tmp_path / "other.ledger"
    other.write_bytes(path.read_bytes())
    receipts(path, *map(sealed, events))
    with open_ledger(other, writing=True) as ledger:
        record(ledger, [sealed(e) for e in events[:2] + events[3:]], TRUST)
    with open_ledger(path) as ledger:
        note = ledger.connection.execute("SELECT size, note FROM checkpoints").fetchone()
    connection = sqlite3.connect(other, isolation_level=None)
    connection.execute("INSERT INTO checkpoints VALUES (?, ?)", note)
    connection.close()
    with pytest.raises(EvidenceError, match="EV17"):
        verified(other)


def rebuilt(path: Path, *changes: Change) -> None:
    """What the keeper of the file can do: change entries, then make the tree fit them."""
    connection = sqlite3.connect(path, isolation_level=None)
    for change in changes:
        change(connection)
    with open_ledger(path, writing=True) as ledger:
        grown = GrowingTree()
        grown.add(leaf_hash(entry_of(ledger, row)) for row in rows(ledger))
        write_tree(ledger, grown)
    connection.close()


@pytest.mark.parametrize("last", [2, 3])
def test_a_rebuilt_tree_does_not_fit_the_checkpoints_of_before(path: Path, ledger_id: str, last: int) -> None:
    events = [sealed(e) for e in chain(ledger_id, 4)]
    receipts(path, *events[:last], clock=lambda: START)
    with open_ledger(path, writing=True) as ledger:
        record(ledger, events[last:], TRUST, clock=lambda: START)
    rebuilt(path)
    assert verified(path) == 4
    rebuilt(path, sql("UPDATE entries SET received = received + 1 WHERE position >= ?", last))
    assert verified(path) == 4  # nobody had signed for these yet
    rebuilt(path, sql("UPDATE entries SET received = received + 1 WHERE position >= ?", last - 1))
    with pytest.raises(EvidenceError, match="EV17"):
        verified(path)


def test_a_checkpoint_of_the_empty_ledger_is_compared_too(path: Path, ledger_id: str) -> None:
    wrong = write_note(checkpoint_text(Checkpoint(f"smartclause-ledger/{ledger_id}", 0, bytes(32))), "x", LEDGER_KEY)
    rebuilt(path, sql("INSERT INTO checkpoints VALUES (0, ?)", wrong))
    with open_ledger(path) as ledger, pytest.raises(EvidenceError, match="EV17"):
        verify_ledger(ledger)


@pytest.mark.parametrize(
    "change",
    [
        sql("UPDATE entries SET received = received - 1 WHERE position = 1"),
        sql("UPDATE entries SET kind = 'cosignature' WHERE position = 1"),
        sql("UPDATE entries SET kind = 'equivocation', earlier = 0 WHERE position = 2"),
        sql("UPDATE entries SET kind = 'event', earlier = NULL WHERE position = 1"),
    ],
)
def test_entries_that_cannot_have_been_recorded_so_are_detected_without_any_checkpoint(
    path: Path, ledger_id: str, change: Change
) -> None:
    first = event(ledger=ledger_id)
    second = first.model_copy(update={"facts": {"consent": True}})
    with open_ledger(path, writing=True) as ledger:
        others = [sealed(e, OTHER) for e in chain(ledger_id, 2, OTHER)]
        record(ledger, [sealed(first), sealed(second), *others], TRUST, clock=lambda: START)
    rebuilt(path)
    assert verified(path) == 4
    rebuilt(path, change)
    with pytest.raises(EvidenceError, match="EV17"):
        verified(path)


def test_what_is_committed_is_on_the_disk(path: Path, ledger_id: str) -> None:
    assert ledger_id
    with open_ledger(path, writing=True) as ledger:
        assert ledger.connection.execute("PRAGMA synchronous").fetchone() == (2,)  # full
        assert ledger.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_proof_under_a_checkpoint_of_another_ledger_is_refused(path: Path, ledger_id: str) -> None:
    """One key may sign for two ledgers; an entry of the one is not an entry of the other."""
    receipts(path, sealed(event(ledger=ledger_id)))
    with open_ledger(path) as ledger:
        entry, proof, root = entry_of(ledger, row_at(ledger, 0)), prove_entry(ledger, 0), head(ledger).root
        key = note_key(ledger.origin, LEDGER_KEY.public)
        moved = write_note(checkpoint_text(Checkpoint("another", 1, root)), ledger.origin, LEDGER_KEY)
    assert check_proof(proof, entry, key).size == 1
    with pytest.raises(EvidenceError, match="EV18"):
        check_proof(replace(proof, checkpoint=moved), entry, key)


def test_a_changed_signature_in_a_stored_envelope_is_detected(path: Path, ledger_id: str) -> None:
    receipts(path, sealed(event(ledger=ledger_id)), sealed(event(OTHER, ledger=ledger_id), OTHER))
    with open_ledger(path) as ledger:
        stored = row_at(ledger, 0).envelope
    data = json.loads(stored)
    data["signatures"][0]["sig"] = "A" * 86 + "=="
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE entries SET envelope = ? WHERE position = 0", (json.dumps(data).encode(),))
    connection.close()
    with pytest.raises(EvidenceError, match="EV17"):
        verified(path)
    with pytest.raises(EvidenceError, match="EV05"):
        entries(path)


def test_a_truncated_or_foreign_file_is_no_ledger(path: Path, ledger_id: str, tmp_path: Path) -> None:
    receipts(path, *map(sealed, chain(ledger_id, 3)))
    whole = path.read_bytes()
    torn = tmp_path / "torn.ledger"
    for size in (0, 10, 100, 4096, len(whole) // 2, len(whole) - 3 * 8192):
        torn.write_bytes(whole[:size])
        with pytest.raises(EvidenceError) as refused:
            verified(torn)
        assert refused.value.code in ("EV16", "EV17")
    torn.write_bytes(b"no ledger at all " * 500)
    with pytest.raises(EvidenceError, match="EV17"):
        verified(torn)
    with pytest.raises(EvidenceError, match="EV19"):
        verified(tmp_path / "none.ledger")
    with pytest.raises(EvidenceError, match="EV19"):
        create_ledger(path, LEDGER_KEY.public)


def test_a_ledger_opened_for_reading_or_on_a_full_disk_keeps_all_it_has(path: Path, ledger_id: str) -> None:
    events = [sealed(e) for e in chain(ledger_id, 40)]
    receipts(path, *events[:2])
    with open_ledger(path) as ledger, pytest.raises(EvidenceError, match="EV16"):
        record(ledger, events, TRUST)
    with open_ledger(path, writing=True) as ledger:
        pages = ledger.connection.execute("PRAGMA page_count").fetchone()[0]
        ledger.connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(EvidenceError, match="EV16"):
            record(ledger, events, TRUST, LEDGER_KEY)
        assert head(ledger).size == 2
    assert verified(path) == 2
    assert len(receipts(path, *events)) == 40
    assert verified(path) == 40


def test_a_second_writer_waits_and_is_then_refused(path: Path, ledger_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WAIT_FOR_WRITER", 0.05)
    envelope = sealed(event(ledger=ledger_id))
    with open_ledger(path, writing=True) as first:
        first.connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(EvidenceError, match="EV15"):
            recorded(path, envelope)
        assert verified(path) == 0  # readers are never kept waiting
        first.connection.execute("ROLLBACK")
        assert codes(path, envelope) == ["event"]


def test_writers_in_turn_share_one_sequence_of_entries(path: Path, ledger_id: str) -> None:
    mine, yours = chain(ledger_id, 3), chain(ledger_id, 3, OTHER)
    with open_ledger(path, writing=True) as first, open_ledger(path, writing=True) as second:
        for a, b in zip(mine, yours, strict=True):
            record(first, [sealed(a)], TRUST, LEDGER_KEY)
            record(second, [sealed(b, OTHER)], TRUST, LEDGER_KEY)
    assert verified(path) == 6


def failing(*_arguments: object) -> None:
    raise EvidenceError("EV16", reason="the test says so")


def test_a_group_that_fails_at_its_end_leaves_no_trace(
    path: Path, ledger_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    envelopes = [sealed(e) for e in chain(ledger_id, 3)]
    receipts(path, envelopes[0])
    with monkeypatch.context() as patch:
        patch.setattr("smartclause.evidence.recording.write_checkpoint", failing)
        with pytest.raises(EvidenceError, match="EV16"):
            recorded(path, *envelopes)
    assert verified(path) == 1
    assert codes(path, *envelopes) == ["event"] * 3
    assert verified(path) == 3
