"""A witness cosigns only what grew from what it cosigned before, and remembers it through every end."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence.cosignature import read_cosignatures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.growth import Growth, grew, growth_text, read_growth
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.merkle import EMPTY_ROOT, Frontier, append, leaf_hash, over, prove_consistency, root_of
from smartclause.evidence.note import Checkpoint, NoteKey, checkpoint_text, note_key, read_note, write_note
from smartclause.evidence.witness import (
    cosign_growth,
    create_witness,
    follow,
    followed_ledgers,
    open_witness,
    refused_notes,
)

ORIGIN, NAME = "smartclause-ledger/one", "witness.example/w1"
LEDGER, WITNESS, STRANGER = make_key(), make_key(), make_key()
KEY = note_key(ORIGIN, LEDGER.public)
LEAVES = [leaf_hash(bytes([n])) for n in range(12)]
OTHERS = [*LEAVES[:3], *(leaf_hash(b"other" + bytes([n])) for n in range(3, 12))]


def growth(old: int, size: int, leaves: list[bytes] = LEAVES, key: SigningKey = LEDGER) -> Growth:
    root = root_of(append(Frontier(), leaves[:size]))
    proof = prove_consistency(old, size, over(leaves)) if 0 < old <= size else ()
    return Growth(old, proof, write_note(checkpoint_text(Checkpoint(ORIGIN, size, root)), ORIGIN, key))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    path = tmp_path / "witness.db"
    create_witness(path, NAME, WITNESS.public)
    with open_witness(path, writing=True) as witness:
        follow(witness, KEY)
    return path


def cosigned(state: Path, asked: Growth, at: int = 1_700_000_000) -> str:
    with open_witness(state, writing=True) as witness:
        return cosign_growth(witness, asked, WITNESS, lambda: at)


def test_a_ledger_that_only_grows_is_cosigned_each_time(state: Path, tmp_path: Path) -> None:
    verifier = create_witness(tmp_path / "same.db", NAME, WITNESS.public)
    old = 0
    for at, size in enumerate((0, 1, 1, 5, 8, 12)):
        note = cosigned(state, growth(old, size), 1_700_000_000 + at)
        (found,) = read_cosignatures(note.encode(), [verifier])
        assert found.time == 1_700_000_000 + at
        assert read_note(note.encode(), [KEY]).signers == (KEY,)
        old = size
    with open_witness(state) as witness:
        (held,) = followed_ledgers(witness)
        assert (held.size, held.cosigned, refused_notes(witness)) == (12, 1_700_000_005, ())


@pytest.mark.parametrize(
    ("asked", "fault", "kept"),
    [
        (growth(4, 4), "it is of size 4; size 5 was cosigned before", True),
        (growth(0, 0), "it is of size 0", True),
        (growth(5, 5, OTHERS), "another root at size 5", True),
        (growth(5, 9, OTHERS), "does not join", True),
        (Growth(5, (), growth(5, 9).note), "does not join", True),
        (growth(4, 9), "its proof begins at size 4; size 5 was cosigned last", False),
        (growth(0, 9), "its proof begins at size 0", False),
    ],
)
def test_what_did_not_grow_from_it_is_refused_and_both_notes_are_kept(
    state: Path, asked: Growth, fault: str, kept: bool
) -> None:
    held = cosigned(state, growth(0, 5))
    for _ in range(2):
        with pytest.raises(EvidenceError, match="EV22") as refused:
            cosigned(state, asked, 1_700_000_009)
        assert fault in refused.value.text()
    with open_witness(state) as witness:
        found = refused_notes(witness)
        assert len(found) == kept
        for one in found:
            assert held.startswith(one.held)
            assert (one.origin, one.seen, one.offered) == (ORIGIN, 1_700_000_009, asked.note)
            for note in (one.held, one.offered):
                assert read_note(note.encode(), [KEY]).signers == (KEY,)
        assert followed_ledgers(witness)[0].size == 5
    assert cosigned(state, growth(5, 7))


def test_notes_of_strangers_and_unknown_ledgers_are_refused(state: Path) -> None:
    with pytest.raises(EvidenceError, match=r"EV18 .*no known key"):
        cosigned(state, growth(0, 5, key=STRANGER))
    point = checkpoint_text(Checkpoint("smartclause-ledger/two", 1, LEAVES[0]))
    with pytest.raises(EvidenceError, match=r"EV22 .*not followed"):
        cosigned(state, Growth(0, (), write_note(point, "smartclause-ledger/two", LEDGER)))
    with pytest.raises(EvidenceError, match=r"EV07"), open_witness(state, writing=True) as witness:
        cosign_growth(witness, growth(0, 5), STRANGER)
    with open_witness(state) as witness:
        assert (followed_ledgers(witness)[0].size, refused_notes(witness)) == (0, ())


def test_a_witness_follows_a_ledger_with_one_key_and_never_itself(state: Path) -> None:
    with open_witness(state, writing=True) as witness:
        follow(witness, KEY)
        for other in (note_key(ORIGIN, STRANGER.public), note_key(ORIGIN, WITNESS.public)):
            with pytest.raises(EvidenceError, match="EV22"):
                follow(witness, other)


def test_a_clock_that_runs_backwards_gives_no_earlier_cosignature(state: Path, tmp_path: Path) -> None:
    verifier = create_witness(tmp_path / "same.db", NAME, WITNESS.public)
    cosigned(state, growth(0, 5), 1_700_000_500)
    (found,) = read_cosignatures(cosigned(state, growth(5, 6), 1_700_000_000).encode(), [verifier])
    assert found.time == 1_700_000_500


def test_the_state_is_written_before_the_cosignature_leaves(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("smartclause.evidence.witness.with_cosignatures", fail)
    with pytest.raises(KeyboardInterrupt):
        cosigned(state, growth(0, 5))
    monkeypatch.undo()
    with pytest.raises(EvidenceError, match="EV22"):
        cosigned(state, growth(0, 4, OTHERS))
    assert cosigned(state, growth(5, 5))


def test_two_at_once_never_both_cosign_from_the_same_size(state: Path) -> None:
    cosigned(state, growth(0, 5))
    with open_witness(state, writing=True) as one, open_witness(state, writing=True) as other:
        other.connection.execute("PRAGMA busy_timeout = 10")
        cosign_growth(one, growth(5, 7), WITNESS, lambda: 0)
        with pytest.raises(EvidenceError, match="EV22"):
            cosign_growth(other, growth(5, 7, OTHERS), WITNESS, lambda: 0)
        one.connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(EvidenceError, match="EV15"):
            cosign_growth(other, growth(7, 8), WITNESS, lambda: 0)


def test_a_state_that_cannot_be_written_or_read_cosigns_nothing(state: Path, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="EV23"), open_witness(state) as witness:
        cosign_growth(witness, growth(0, 5), WITNESS, lambda: 0)
    with pytest.raises(EvidenceError, match="EV19"), open_witness(tmp_path / "none"):
        pass
    with pytest.raises(EvidenceError, match="EV19"):
        create_witness(state, NAME, WITNESS.public)
    (tmp_path / "odd").write_bytes(b"x" * 5000)
    with pytest.raises(EvidenceError, match="EV23"), open_witness(tmp_path / "odd"):
        pass


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE followed SET size = 2",
        "UPDATE followed SET size = 0",
        "UPDATE followed SET note = ''",
        "UPDATE followed SET note = replace(note, '5', '2')",
        "UPDATE followed SET verifier = 'x'",
        "UPDATE followed SET cosigned = 'x'",
        "UPDATE followed SET origin = origin || 'x'",
        "UPDATE witness SET edition = 'witness 0'",
        "DROP TABLE followed",
        "DROP TABLE refused",
    ],
)
def test_a_changed_state_cosigns_nothing_that_the_kept_note_does_not_bear(state: Path, change: str) -> None:
    cosigned(state, growth(0, 5))
    connection = sqlite3.connect(state)
    connection.execute(change)
    connection.commit()
    connection.close()
    for asked in (growth(2, 9, OTHERS), growth(0, 4, OTHERS), growth(5, 9, OTHERS)):
        with pytest.raises(EvidenceError):
            cosigned(state, asked)


@pytest.mark.parametrize("size", [0, 2, 9])
def test_a_size_that_the_kept_note_does_not_bear_is_noticed(state: Path, size: int) -> None:
    cosigned(state, growth(0, 5))
    connection = sqlite3.connect(state)
    connection.execute("UPDATE followed SET size = ?", (size,))
    connection.commit()
    connection.close()
    with pytest.raises(EvidenceError, match="EV23"):
        cosigned(state, growth(5, 9))


def test_a_request_has_the_published_form() -> None:
    text = growth_text(growth(5, 7))
    assert re.fullmatch("old 5\n([A-Za-z0-9+/]{43}=\n)+\n(?s:.*)", text)
    assert text.endswith("\n\n" + growth(5, 7).note)
    assert growth_text(growth(0, 3)) == "old 0\n\n" + growth(0, 3).note


@given(st.integers(0, 12), st.integers(0, 12))
def test_a_request_comes_back_from_its_text(old: int, size: int) -> None:
    asked = growth(old, size)
    assert read_growth(growth_text(asked).encode()) == asked


@pytest.mark.parametrize("old", ["", "old", "old -1", "old 01", "old 1 ", "new 1", "old 1\nAAAA", "old 1\n!"])
def test_a_request_out_of_form_is_refused(old: str) -> None:
    with pytest.raises(EvidenceError, match="EV18"):
        read_growth(f"{old}\n\n{growth(0, 5).note}".encode())


def test_a_request_with_too_many_hashes_is_refused() -> None:
    line = "A" * 43 + "=\n"
    assert len(read_growth(f"old 1\n{line * 63}\nx\n".encode()).proof) == 63
    with pytest.raises(EvidenceError, match="EV18"):
        read_growth(f"old 1\n{line * 64}\nx\n".encode())


def test_the_empty_ledger_is_a_beginning_and_has_one_root() -> None:
    empty, full = Checkpoint(ORIGIN, 0, EMPTY_ROOT), Checkpoint(ORIGIN, 1, LEAVES[0])
    assert grew(empty, full, ())
    assert grew(empty, empty, ())
    assert not grew(empty, full, (LEAVES[1],))
    assert not grew(Checkpoint(ORIGIN, 0, LEAVES[0]), full, ())
    assert not grew(empty, Checkpoint(ORIGIN, 0, LEAVES[0]), ())
    assert not grew(empty, Checkpoint("other", 1, LEAVES[0]), ())


@pytest.mark.parametrize("mask", range(1, 256) if os.environ.get("SMARTCLAUSE_DEEP") else [0x01, 0x80])
def test_each_flipped_byte_of_a_request_is_refused_or_gives_the_same_checkpoint(state: Path, mask: int) -> None:
    cosigned(state, growth(0, 5))
    content = growth_text(growth(5, 9)).encode()
    key: NoteKey = KEY
    for at in range(len(content)):
        flipped = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
        try:
            asked = read_growth(flipped)
            text = read_note(asked.note.encode(), [key]).text
        except EvidenceError:
            continue
        if asked.old == 5 and asked.proof == growth(5, 9).proof:
            assert text == read_note(growth(5, 9).note.encode(), [key]).text
        else:
            with pytest.raises(EvidenceError, match="EV22"):
                cosigned(state, asked)
