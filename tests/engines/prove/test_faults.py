"""Faults planted in the prover are found. One here, of all by `python -m tests.engines.prove.faults`."""

from __future__ import annotations

from tests.agreement.faults import is_caught
from tests.engines.prove.faults import listed, wrong

OWN_WORD = next(f for f in listed() if f.new.startswith("helped = self._leaf(term, place, module, False)"))


def test_two_dozen_faults_are_listed():
    assert len(listed()) >= 24


def test_every_fault_that_is_listed_can_still_be_planted():
    assert [f"{fault.module}: {fault.old}" for fault in listed() if fault.changed() is None] == []


def test_ones_own_word_that_is_taken_for_a_proof_is_caught():
    source = OWN_WORD.changed()
    assert source is not None
    assert is_caught(OWN_WORD, source, wrong)
