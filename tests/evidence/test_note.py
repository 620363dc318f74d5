"""Checkpoints: published notes are judged as published, and no byte of ours can be changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import make_key
from smartclause.evidence.merkle import EMPTY_ROOT
from smartclause.evidence.note import (
    Checkpoint,
    checkpoint_text,
    note_key,
    read_checkpoint,
    read_note,
    read_verifier,
    verifier_text,
    write_note,
)
from smartclause.evidence.proof import Proof, proof_text, read_proof

VECTORS = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "signed-note" / "vectors.json"

SIGNER = make_key()
KEY = note_key("ledger/one", SIGNER.public)
POINT = Checkpoint("ledger/one", 7, bytes(range(32)))
NOTE = write_note(checkpoint_text(POINT), "ledger/one", SIGNER).encode()


@pytest.fixture
def published() -> dict[str, Any]:
    if not VECTORS.is_file():
        pytest.skip("the published vectors are not beside this checkout")
    loaded: dict[str, Any] = json.loads(VECTORS.read_text())
    return loaded


def test_the_published_notes_are_judged_as_published(published: dict[str, Any]) -> None:
    keys = {name: read_verifier(text) for name, text in published["vkeys"].items()}
    for case in published["cases"]:
        known = [keys[name] for name in case["keys"]]
        note = bytes.fromhex(case["note_hex"]) if "note_hex" in case else case["note"].encode()
        if case["want"] == "ok":
            signers = read_note(note, known).signers
            assert set(signers) == {keys[name] for name in case["verified"]}, case["name"]
        else:
            with pytest.raises(EvidenceError):
                read_note(note, known)


def test_the_published_verifier_keys_are_read_and_written_as_published(published: dict[str, Any]) -> None:
    for text in published["vkeys"].values():
        assert verifier_text(read_verifier(text)) == text
    for text in (*published["bad_vkeys"], "", "name", "a+b", "name+00000000+!!"):
        with pytest.raises(EvidenceError):
            read_verifier(text)


def test_a_checkpoint_comes_back_from_its_note() -> None:
    note = read_note(NOTE, [KEY])
    assert read_checkpoint(note.text) == POINT
    assert note.signers == (KEY,)
    assert read_checkpoint(checkpoint_text(Checkpoint("o", 0, EMPTY_ROOT))).size == 0


@pytest.mark.parametrize("mask", [0x01, 0x80])
def test_each_flipped_byte_of_a_note_is_refused_or_leaves_the_checkpoint_as_it_was(mask: int) -> None:
    for at in range(len(NOTE)):
        flipped = NOTE[:at] + bytes([NOTE[at] ^ mask]) + NOTE[at + 1 :]
        try:
            text = read_note(flipped, [KEY]).text
        except EvidenceError:
            continue
        assert read_checkpoint(text) == POINT


@given(st.binary(max_size=150))
def test_hostile_notes_and_proofs_end_in_our_error(content: bytes) -> None:
    with pytest.raises(EvidenceError):
        read_note(content, [KEY])
    with pytest.raises(EvidenceError):
        read_note(NOTE[:60] + content, [KEY])
    with pytest.raises(EvidenceError):
        read_proof(content)


@given(st.text(alphabet="o0123456789\nAB=/ ", max_size=60))
def test_hostile_checkpoints_end_in_our_error_or_are_exact(text: str) -> None:
    try:
        checkpoint = read_checkpoint(text)
    except EvidenceError:
        return
    assert text.startswith(checkpoint_text(checkpoint))


@pytest.mark.parametrize(
    "text",
    [
        "o\n7\n",
        "o\n07\n" + "A" * 43 + "=\n",
        "o\n-1\n" + "A" * 43 + "=\n",
        "\n7\n" + "A" * 43 + "=\n",
        "o\n7\n" + "A" * 43 + "=",
        "o\n7\n" + "A" * 42 + "B=\n",
        "o\n7\nAAAA\n",
        "o\n7\n!\n",
        "o\n7\n" + "A" * 43 + "=\n\nx\n",
    ],
)
def test_a_checkpoint_out_of_form_is_refused(text: str) -> None:
    with pytest.raises(EvidenceError, match="EV18"):
        read_checkpoint(text)


def test_a_name_that_would_break_the_line_is_refused() -> None:
    for name in ("", "two words", "a+b", "a\nb"):
        with pytest.raises(EvidenceError, match="EV18"):
            note_key(name, SIGNER.public)
    with pytest.raises(EvidenceError, match="EV07"):
        note_key("name", make_key("ecdsa-p256-sha256").public)


def test_a_proof_comes_back_from_its_text_with_or_without_extra_data() -> None:
    proof = Proof(3, (bytes(32), bytes(range(32))), NOTE.decode())
    text = proof_text(proof)
    assert read_proof(text.encode()) == proof
    more = text.replace("\nindex", "\nextra AAAA\nindex", 1)
    assert read_proof(more.encode()) == replace(proof, extra=bytes(3))
    assert proof_text(read_proof(more.encode())) == more
    for wrong in (
        text.replace("@v1", "@v2"),
        text.replace("index 3", "index 03"),
        text.replace("index 3\n", ""),
        text.replace("AAAA", "AA!A", 1),
        text.replace("AAAA", "", 1),
        text.replace("\nindex", "\nextra !\nindex", 1),
        text.replace("\nindex", "\nextra AAAA\nextra AAAA\nindex", 1),
        text.replace("\nindex 3", "\nindex 3\nextra AAAA", 1),
    ):
        with pytest.raises(EvidenceError, match="EV18"):
            read_proof(wrong.encode())


def test_the_published_example_of_a_proof_is_read_and_written_as_published() -> None:
    page = VECTORS.parents[1] / "c2sp-specs" / "tlog-proof.md"
    if not page.is_file():
        pytest.skip("the published formats are not beside this checkout")
    example = page.read_text("utf-8").split("```\n")[1]
    proof = read_proof(example.encode())
    assert (proof.index, len(proof.path), len(proof.extra) > 0) == (73894, 5, True)
    assert proof.checkpoint.startswith("example.com/fancylog\n109482\nsFodV/")
    assert proof_text(proof) == example
