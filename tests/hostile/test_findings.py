"""Bytes that once ended in an exception that is not ours: found by flips and by the fuzz run, kept for ever."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from smartclause.evidence.der import INTEGER, OCTETS, SEQUENCE, spell, spell_integer, spell_oid
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import make_key
from smartclause.evidence.ledger import open_ledger
from smartclause.evidence.note import note_key, read_verifier, verifier_text
from smartclause.evidence.timestamp_chain import read_roots
from smartclause.evidence.timestamps import read_request
from smartclause.evidence.witness import open_witness
from smartclause.verbs.case_check import check_case
from smartclause.verbs.errors import VerbError
from smartclause.verbs.keys import certificates_of
from smartclause.verbs.ledger import place_after
from smartclause.verbs.sources import read_records
from tests.evidence.authority import plain_authority
from tests.hostile.readers import LEDGER_KEY, every, setting
from tests.verbs.case_samples import exported, shared


def test_a_root_whose_name_is_no_text_is_refused() -> None:
    """The library reads names only when they are asked for."""
    der = plain_authority().root.public_bytes(Encoding.DER)
    with pytest.raises(EvidenceError, match="EV21"):
        read_roots(der.replace(b"Test Root", b"\xffest Root"))


def test_a_name_of_bytes_that_are_no_text_is_refused() -> None:
    with pytest.raises(EvidenceError, match="EV18"):
        read_verifier("\udcec" + verifier_text(LEDGER_KEY))
    with pytest.raises(EvidenceError, match="EV18"):
        note_key("ledger/\ud800", make_key().public)


def another_version(der: bytes) -> bytes:
    """The certificate says that it is of version 4, which there is not."""
    assert der.count(b"\xa0\x03\x02\x01\x02") == 1
    return der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x03")


def test_a_certificate_of_a_version_that_there_is_not_is_refused_wherever_it_stands() -> None:
    """The library's word for it is no ValueError."""
    root = another_version(plain_authority().root.public_bytes(Encoding.DER))
    with pytest.raises(EvidenceError, match="EV21"):
        read_roots(root)
    with pytest.raises(EvidenceError, match="EV19"):
        certificates_of(root, "file")
    with pytest.raises(EvidenceError, match="EV07"):
        every()["certificate"].read(another_version(every()["certificate"].sample))
    stamp = every()["time stamp"]
    with pytest.raises(EvidenceError, match="EV21"):
        stamp.read(another_version(stamp.sample))


def test_a_request_whose_nonce_is_not_spelled_as_der_asks_is_refused() -> None:
    """Two spellings of zero: refused like any other number out of form."""
    body = spell(SEQUENCE, spell(SEQUENCE, spell_oid("2.16.840.1.101.3.4.2.1"), spell(5)), spell(OCTETS, bytes(32)))
    assert read_request(spell(SEQUENCE, spell_integer(1), body, spell_integer(7))).nonce == 7
    with pytest.raises(EvidenceError, match="EV21"):
        read_request(spell(SEQUENCE, spell_integer(1), body, spell(INTEGER, b"\x00\x07")))


def test_a_pipe_in_the_place_of_a_case_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "case.zip")
    with pytest.raises(VerbError, match="VB31"):
        check_case(tmp_path / "case.zip")


@pytest.mark.parametrize("open_file", [open_ledger, open_witness])
def test_an_empty_file_in_the_place_of_a_ledger_stays_empty(tmp_path: Path, open_file: Any) -> None:
    """SQLite makes any empty file its own as soon as it may write to it."""
    path = tmp_path / "file.db"
    path.touch()
    for writing in (True, False):
        with pytest.raises(EvidenceError), open_file(path, writing=writing):
            pass
    assert [(p.name, p.stat().st_size) for p in tmp_path.iterdir()] == [("file.db", 0)]


@pytest.mark.parametrize("option", ["policy", "stamp_roots"])
def test_what_nobody_can_read_is_not_put_into_a_case(tmp_path: Path, option: str) -> None:
    (tmp_path / "odd").write_bytes(b'{"type":"x"}')
    with pytest.raises(EvidenceError, match=r"EV2[01]"):
        exported(shared(), None, None, **{option: tmp_path / "odd"})


def test_a_bad_line_is_told_by_its_number_as_an_editor_counts(tmp_path: Path) -> None:
    made = setting()
    lines = tmp_path / "lines"
    lines.write_bytes(b"\n" + made.envelope("A", type="heartbeat") + b"\n\n{}\n")
    with pytest.raises(EvidenceError, match=r"line 4 .*EV03"):
        read_records(lines, made.store, made.clock.now)
    with pytest.raises(EvidenceError, match=r"line 4 .*EV03"):
        place_after(made.ledger, made.keys["A"].id, lines)
