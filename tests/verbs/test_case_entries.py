"""The entries of a case are read as strictly as a ledger file, and its tree is that of the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import open_ledger, rows
from smartclause.evidence.merkle import is_consistent, is_included, over, prove_consistency, prove_inclusion
from smartclause.logic.canonical import dumps
from smartclause.verbs.case_entries import CaseEntry, Subtrees, entry_line, read_entries, roots
from tests.verbs.case_samples import shared

with open_ledger(shared().ledger) as _ledger:
    LEDGER, LINES = _ledger.id, [entry_line(row) for row in rows(_ledger)]

Line = dict[str, Any]


def changed(number: int, change: Callable[[Line], Line]) -> bytes:
    lines = [*LINES]
    lines[number] = dumps(change(json.loads(lines[number]))) + b"\n"
    return b"".join(lines)


HOSTILE = {
    "another index": changed(2, lambda e: e | {"index": 3}),
    "another kind": changed(2, lambda e: e | {"kind": "cosignature", "earlier": 0}),
    "an earlier entry of an event": changed(2, lambda e: e | {"earlier": 1}),
    "a later entry": changed(2, lambda e: e | {"kind": "equivocation", "earlier": 2**40}),
    "a time that runs backwards": changed(2, lambda e: e | {"received": "2026-01-01T00:00:00Z"}),
    "no envelope": changed(2, lambda e: e | {"envelope": "AAAA"}),
    "no base64 text": changed(2, lambda e: e | {"envelope": "A"}),
    "another spelling": changed(2, lambda e: e | {"envelope": e["envelope"][:-2] + "B="}),
    "an unknown member": changed(2, lambda e: e | {"more": 1}),
    "an entry left out": b"".join(LINES[:2] + LINES[3:]),
    "entries in another order": b"".join([*LINES[:2], LINES[3], LINES[2], *LINES[4:]]),
    "the same entry twice": b"".join([*LINES[:2], *LINES[1:]]),
    "an empty line": b"".join([*LINES[:2], b"\n", *LINES[2:]]),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_no_ledger_keeps_is_refused_at_its_line(content: bytes) -> None:
    with pytest.raises(EvidenceError, match=r"EV17") as refused:
        read_entries(content, LEDGER)
    assert refused.value.place == "ledger/entries.jsonl line 3"


def test_a_last_line_that_is_cut_off_is_refused() -> None:
    with pytest.raises(EvidenceError, match="line 7: EV17"):
        read_entries(b"".join(LINES)[:-1], LEDGER)


def test_entries_of_another_ledger_are_refused() -> None:
    with pytest.raises(EvidenceError, match="line 1: EV17"):
        read_entries(b"".join(LINES), "0" * 32)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 70), st.data())
def test_subtrees_hashed_once_give_the_same_proofs_and_roots(size: int, data: st.DataObject) -> None:
    [sample, *_] = read_entries(b"".join(LINES), LEDGER)
    leaves = [bytes([n]) * 32 for n in range(size)]
    entries = [_with(sample, leaf) for leaf in leaves]
    once, plain = Subtrees(entries), over(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = roots(entries, (old, size))
    path = prove_inclusion(index, size, once)
    assert path == prove_inclusion(index, size, plain)
    assert is_included(leaves[index], index, size, path, root[size])
    proof = prove_consistency(old, size, once)
    assert proof == prove_consistency(old, size, plain)
    assert is_consistent(old, size, proof, root[old], root[size])


def _with(sample: CaseEntry, leaf: bytes) -> CaseEntry:
    return replace(sample, leaf=leaf)
