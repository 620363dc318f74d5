"""`monitor` where something is wrong with what it is given to read or to write: it says so, and of what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from tests.cli.examples import EVENTS, VOICE

FULL = Path("/dev/full")  # to write there fails as on a disk that is full


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "voice.clause").write_text(VOICE, encoding="utf-8")
    (tmp_path / "events.jsonl").write_text("".join(f"{json.dumps(e)}\n" for e in EVENTS), encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str, contract: str = "voice.clause") -> Result:
    given = ["monitor", str(folder / contract), str(folder / "events.jsonl"), "--draft", *more]
    return CliRunner().invoke(cli, given)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full on this system")
def test_what_cannot_be_written_is_named_and_not_the_source(folder: Path) -> None:
    found = run(folder, "-o", str(FULL), "--lang", "en")
    assert (found.exit_code, "EV19 the file full" in found.stderr) == (2, True)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full on this system")
def test_a_state_that_is_no_file_is_not_read_without_end(folder: Path) -> None:
    found = run(folder, "--state", str(FULL), "--lang", "en")
    assert (found.exit_code, "VB53" in found.stderr) == (2, True)


def test_a_state_that_was_written_half_is_refused_in_chinese_too(folder: Path) -> None:
    state = folder / "state.json"
    assert run(folder, "--state", str(state)).exit_code == 0
    state.write_bytes(state.read_bytes()[:80])
    found = run(folder, "--state", str(state), "--lang", "zh")
    assert (found.exit_code, "VB53 监测无法从该状态继续" in found.stderr) == (2, True)


def test_lines_are_named_in_chinese(folder: Path) -> None:
    found = run(folder, "--lang", "zh", "--all", "--lag", "1d")
    assert "line" not in found.output
    assert "因第1行产生" in found.output
    assert "先行" in found.output


def test_a_contract_that_is_not_yet_in_force_is_said_to_be_none(folder: Path) -> None:
    text = VOICE.replace("in force from 2026-01-01", "in force from 2027-01-01")
    (folder / "later.clause").write_text(text, encoding="utf-8")
    found = run(folder, "--lang", "en", contract="later.clause")
    assert "the contract is in force only from 1 January 2027" in found.output
    assert "合同自2027年1月1日" in run(folder, "--lang", "zh", contract="later.clause").output
