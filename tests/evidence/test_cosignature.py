"""Cosignatures: the bytes of the published format, and no byte of ours can be changed."""

from __future__ import annotations

import base64
import os
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from smartclause.evidence.cosignature import cosign, read_cosignatures, signed_message, with_cosignatures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import make_key, sign, signing_key
from smartclause.evidence.note import (
    COSIGNATURE,
    Checkpoint,
    checkpoint_text,
    note_key,
    note_parts,
    read_note,
    read_verifier,
    signature_line,
    verifier_text,
    write_note,
)

SPEC = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "c2sp-specs" / "tlog-cosignature.md"
NAME = "witness.example/w1"
LEDGER, WITNESS = make_key(), make_key()
KEY, COSIGNER = note_key("ledger/one", LEDGER.public), note_key(NAME, WITNESS.public, COSIGNATURE)
TEXT = checkpoint_text(Checkpoint("ledger/one", 7, bytes(range(32))))
NOTE = write_note(TEXT, "ledger/one", LEDGER)
COSIGNED = with_cosignatures(NOTE, [cosign(TEXT, NAME, WITNESS, 1_679_315_147).line])


@pytest.fixture
def example() -> list[str]:
    """The fenced and indented blocks of the published format: the cosigned note first."""
    if not SPEC.is_file():
        pytest.skip("the published formats are not beside this checkout")
    text = SPEC.read_text("utf-8")
    indented = "\n".join(line[4:] for line in text.splitlines() if line.startswith("    "))
    return [text.split("```\n")[1], indented]


def test_the_worked_example_is_read_and_gives_the_published_message(example: list[str]) -> None:
    note, indented = example
    text, lines = note_parts(note.encode())
    assert [line.name for line in lines] == ["example.com/behind-the-sofa", "witness.example.com/w1"]
    time, rest = int.from_bytes(lines[1].signature[:8]), lines[1].signature[8:]
    assert len(rest) == 64
    assert signed_message(text, time).decode() in indented + "\n"


def test_a_cosignature_has_the_published_bytes() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = private.public_key().public_bytes_raw()
    made = cosign(TEXT, NAME, signing_key(private, "ed25519"), 1_679_315_147)
    number = sha256(NAME.encode() + b"\n\x04" + public).digest()[:4]
    signature = private.sign(b"cosignature/v1\ntime 1679315147\n" + TEXT.encode())
    stated = number + (1_679_315_147).to_bytes(8, "big") + signature
    assert made.line == f"— {NAME} {base64.b64encode(stated).decode()}\n"
    material = base64.b64encode(bytes([4]) + public).decode()
    vkey = f"{NAME}+{number.hex()}+{material}"
    assert verifier_text(made.witness) == vkey
    assert read_verifier(vkey, COSIGNATURE) == made.witness


def test_a_cosignature_is_found_under_the_note_with_its_time() -> None:
    (found,) = read_cosignatures(COSIGNED.encode(), [COSIGNER])
    assert (found.witness, found.time) == (COSIGNER, 1_679_315_147)
    assert found.line in COSIGNED
    assert read_note(COSIGNED.encode(), [KEY]).signers == (KEY,)


def test_a_cosignature_and_a_signature_of_the_same_key_never_stand_for_each_other() -> None:
    plain = note_key(NAME, WITNESS.public)
    assert plain.id != COSIGNER.id
    with pytest.raises(EvidenceError, match="EV18"):
        read_note(COSIGNED.encode(), [plain])
    assert read_cosignatures(write_note(TEXT, NAME, WITNESS).encode(), [COSIGNER, plain]) == ()
    with pytest.raises(EvidenceError, match="EV07"):
        read_verifier(verifier_text(COSIGNER))
    with pytest.raises(EvidenceError, match="EV07"):
        read_verifier(verifier_text(plain), COSIGNATURE)


def test_unknown_witnesses_are_not_looked_at_and_a_wrong_known_one_refuses_the_note() -> None:
    stranger = cosign(TEXT, "other.example", make_key(), 5).line
    assert read_cosignatures(with_cosignatures(NOTE, [stranger]).encode(), [COSIGNER]) == ()
    other = cosign(TEXT + "more\n", NAME, WITNESS, 5).line
    with pytest.raises(EvidenceError, match=r"EV18 .*witness\.example/w1 is wrong"):
        read_cosignatures(with_cosignatures(COSIGNED, [other]).replace(COSIGNED, NOTE).encode(), [COSIGNER])


def test_the_first_cosignature_of_a_witness_counts_and_lines_are_not_repeated() -> None:
    later = cosign(TEXT, NAME, WITNESS, 1_779_315_147).line
    twice = with_cosignatures(COSIGNED, [later, *COSIGNED.splitlines(keepends=True)[-1:]])
    assert twice == COSIGNED + later
    assert [one.time for one in read_cosignatures(twice.encode(), [COSIGNER])] == [1_679_315_147]


@pytest.mark.parametrize("time", [0, 2**63 - 1])
def test_the_times_at_the_ends_of_the_range_are_kept(time: int) -> None:
    made = cosign(TEXT, NAME, WITNESS, time)
    (found,) = read_cosignatures((NOTE + made.line).encode(), [COSIGNER])
    assert found == made


@pytest.mark.parametrize("time", [-1, 2**63])
def test_a_time_out_of_range_is_refused(time: int) -> None:
    with pytest.raises(EvidenceError, match="EV18"):
        cosign(TEXT, NAME, WITNESS, time)


def test_a_signed_time_out_of_range_is_refused() -> None:
    late = 2**63
    signed = late.to_bytes(8) + sign(WITNESS, signed_message(TEXT, late))
    with pytest.raises(EvidenceError, match="EV18"):
        read_cosignatures((NOTE + signature_line(COSIGNER, signed)).encode(), [COSIGNER])


def test_the_key_of_a_witness_is_not_asked_for_the_signature_of_a_ledger() -> None:
    assert read_note(COSIGNED.encode(), [COSIGNER, KEY]).signers == (KEY,)
    with pytest.raises(EvidenceError, match=r"EV18 .*no known key"):
        read_note(COSIGNED.encode(), [COSIGNER])


@pytest.mark.parametrize("cut", [b"", b"\0" * 8, b"\0" * 71, b"\0" * 72, b"\0" * 73, b"\xff" * 72])
def test_a_cosignature_of_another_length_or_of_no_signature_is_refused(cut: bytes) -> None:
    line = f"— {NAME} {base64.b64encode(COSIGNER.id + cut).decode()}\n"
    with pytest.raises(EvidenceError, match="EV18"):
        read_cosignatures((NOTE + line).encode(), [COSIGNER])


@pytest.mark.parametrize("mask", range(1, 256) if os.environ.get("SMARTCLAUSE_DEEP") else [0x01, 0x80])
def test_each_flipped_byte_of_a_cosigned_note_is_refused_or_changes_nothing(mask: int) -> None:
    whole = read_cosignatures(COSIGNED.encode(), [COSIGNER])
    content = COSIGNED.encode()
    for at in range(len(content)):
        flipped = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
        try:
            read_note(flipped, [KEY])
            found = read_cosignatures(flipped, [COSIGNER])
        except EvidenceError:
            continue
        assert found in (whole, ())  # a changed name or number is that of an unknown witness
        assert note_parts(flipped)[0] == TEXT
