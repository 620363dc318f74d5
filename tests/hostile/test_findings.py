"""Bytes that once ended in an exception that is not ours: found by flips and by the fuzz run, kept for ever."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import make_key
from smartclause.evidence.note import note_key, read_verifier, verifier_text
from smartclause.evidence.timestamp_chain import read_roots
from tests.evidence.authority import plain_authority
from tests.hostile.readers import LEDGER_KEY


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
