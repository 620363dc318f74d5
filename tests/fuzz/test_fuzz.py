"""A little of the fuzz run, with other changes each time; `HYPOTHESIS_PROFILE=nightly` tries thousands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import main
from tests.fuzz.changes import LONGEST, changed
from tests.fuzz.run import Subject, tried
from tests.fuzz.subjects import subjects

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "fuzz-the-readers.md"
SUBJECTS = tuple(subjects())
SAMPLES = [subject.sample for subject in SUBJECTS]
KINDS = tuple({subject.kind: subject for subject in SUBJECTS})


def chosen(chance: Random) -> Subject:
    kind = chance.choice(KINDS)
    return chance.choice([subject for subject in SUBJECTS if subject.kind == kind])


@given(st.integers(0, 2**64))
@settings(settings.get_profile(settings.get_current_profile_name()), derandomize=False, database=None)
def test_no_change_of_a_sample_ends_in_an_exception_that_is_not_ours(seed: int) -> None:
    chance = Random(seed)
    subject = chosen(chance)
    tried(subject, changed(subject.sample, SAMPLES, chance))


def test_each_genuine_sample_is_read() -> None:
    for subject in {subject.kind: subject for subject in SUBJECTS}.values():
        assert tried(subject, subject.sample) == "read", subject.name


def test_the_same_seed_makes_the_same_changes_and_none_too_long() -> None:
    for seed in range(200):
        one, two = (changed(SAMPLES[0], SAMPLES, Random(seed)) for _ in range(2))
        assert one == two
        assert len(one) <= LONGEST


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seconds", "0.2", "--seed", "1", "--only", "envelope", "policy"]) == 0
    assert "0 findings" in capsys.readouterr().out


@pytest.mark.parametrize("typed", re.findall(r"^python -m tests.fuzz (.*)$", PAGE.read_text("utf-8"), re.MULTILINE))
def test_the_commands_of_the_page_run(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*shlex.split(typed), "--seconds", "0.5"]) == 0
    assert " readers, 0.5 s" in capsys.readouterr().out


def test_the_command_ends_with_1_and_shows_the_bytes_where_a_reader_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Subject("broken", b"text", lambda content: content.decode("ascii"))
    monkeypatch.setattr("tests.fuzz.__main__.subjects", lambda: [broken])
    assert main(["--seconds", "0.2", "--seed", "1"]) == 1
    said = capsys.readouterr().out
    assert "FOUND broken" in said
    assert "UnicodeDecodeError" in said
