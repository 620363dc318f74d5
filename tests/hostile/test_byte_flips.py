"""One byte of anything that is read is changed: it is refused, or says exactly what was signed.

A run tries some bytes of each; `SMARTCLAUSE_DEEP=1` tries every bit of every byte.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.verbs.case_check import check_files
from smartclause.verbs.case_files import held
from tests.chance import DEEP, chance
from tests.hostile.readers import Reader, every, judged
from tests.verbs.case_samples import exported, shared

EACH = 60  # flips of each sample where not every bit is tried
NAMES = tuple(every())


def flips(size: int, of: str) -> list[tuple[int, int]]:
    """Every bit, or some by chance and, always, the first and last bytes."""
    if DEEP:
        return [(at, 1 << bit) for at in range(size) for bit in range(8)]
    drawn = chance("flips", of)
    ends = [(0, 1), (0, 0x80), (size - 1, 1), (size - 1, 0x80)]
    return ends + [(drawn.randrange(size), drawn.randrange(1, 256)) for _ in range(EACH)]


def flipped(content: bytes, at: int, mask: int) -> bytes:
    return content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]


@pytest.fixture(params=NAMES)
def reader(request: pytest.FixtureRequest) -> Reader:
    return every()[request.param]


def test_a_genuine_sample_is_read(reader: Reader) -> None:
    assert judged(reader, reader.sample) == "same"


def test_each_flipped_byte_is_refused_or_says_what_was_signed(reader: Reader) -> None:
    for at, mask in flips(len(reader.sample), reader.name):
        found = judged(reader, flipped(reader.sample, at, mask))
        assert found != "other" or not reader.signed, (at, mask)


@given(st.sampled_from(NAMES), st.integers(0, 10**6), st.binary(max_size=8), st.integers(0, 40))
@settings(max_examples=200)
def test_what_is_cut_out_or_put_in_is_refused_or_says_what_was_signed(
    name: str, at: int, more: bytes, less: int
) -> None:
    reader = every()[name]
    at %= len(reader.sample)
    changed = reader.sample[:at] + more + reader.sample[at + less :]
    assert judged(reader, changed) != "other" or not reader.signed


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
@settings(max_examples=100)
def test_one_kind_of_file_is_never_taken_for_another(one: str, other: str) -> None:
    if one != other:
        assert judged(every()[one], every()[other].sample) == "refused" or not every()[one].signed


CASE = exported(shared())
FILES = sorted(CASE.contents)


@pytest.mark.parametrize("name", FILES)
def test_each_flipped_byte_of_a_file_of_a_case_is_found_in_that_file(name: str) -> None:
    content = CASE.contents[name]
    every_one = flips(len(content), name)
    chosen = every_one if DEEP else chance("file of a case", name).sample(every_one, 3)
    for at, mask in chosen:
        found = check_files(held({**CASE.contents, name: flipped(content, at, mask)}), CASE.case.trust.root)
        assert not found.holds, (at, mask)
        assert name in {fault.place.split(" ")[0].rstrip(":") for fault in found.faults}, (at, mask)
