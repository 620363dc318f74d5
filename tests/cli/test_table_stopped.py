"""The audit of a table as a user stops it: Ctrl-C, a full disk, a kill; what stands on the disk is whole."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import duckdb
import pytest

from tests.cli.examples import VOICE

ROOT = Path(__file__).parents[2]
OLD = '{"row": 1}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough rows that writing one line for each takes a while."""
    found = tmp_path_factory.mktemp("stopped")
    (found / "voice.clause").write_text(VOICE, encoding="utf-8")
    duckdb.execute(
        "COPY (SELECT 'voice.use_voice' AS type, TIMESTAMP '2026-03-01' + to_seconds(i) AS time, 'B' AS \"by\","
        f" 'voice.training' AS purpose, i % 3 > 0 AS released FROM range(500000) r(i)) TO '{found / 'rows.parquet'}'"
    )
    return found


def start(folder: Path, *more: str, most: int | None = None) -> subprocess.Popen[str]:
    """`most`: no file may become longer, as on a disk that is full."""
    words = [sys.executable, "-m", "smartclause", "audit", "voice.clause", "rows.parquet", "--draft", *more]
    limit = None if most is None else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C"}
    return subprocess.Popen(
        words, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit
    )


def drafts(folder: Path) -> list[Path]:
    return list(folder.glob(".told*"))


def interrupted(folder: Path, *more: str) -> subprocess.Popen[str]:
    """By Ctrl-C while results are written."""
    going = start(folder, *more)
    while not drafts(folder) and going.poll() is None:
        sleep(0.005)
    going.send_signal(signal.SIGINT)
    return going


def test_what_ctrl_c_stops_is_not_half_written(folder: Path) -> None:
    (folder / "told.jsonl").write_text(OLD)
    going = interrupted(folder, "-o", "told.jsonl", "--state", "kept")
    out, error = going.communicate()
    if going.returncode != 2:  # it was through before the signal came
        pytest.skip("this machine writes faster than the test can see")
    assert out == ""
    assert "the audit was interrupted; no file was left half-written" in error
    assert "Traceback" not in error
    assert (folder / "told.jsonl").read_text() == OLD
    assert not drafts(folder)
    assert not (folder / "kept" / "state.json").exists()


def test_a_disk_that_is_full_leaves_the_results_as_they_were(folder: Path) -> None:
    (folder / "told.jsonl").write_text(OLD)
    going = start(folder, "-o", "told.jsonl", most=200_000)
    out, error = going.communicate()
    assert going.returncode == 2
    assert out == ""
    assert "EV19 the file told.jsonl cannot be used: File too large" in error
    assert (folder / "told.jsonl").read_text() == OLD
    assert not drafts(folder)


def test_what_was_killed_begins_from_the_state_before(folder: Path) -> None:
    first = start(folder, "--state", "old")
    assert "for the first time" in first.communicate()[0]
    before = (folder / "old" / "state.json").read_bytes()
    going = start(folder, "-o", "told.jsonl", "--state", "old")
    while not drafts(folder) and going.poll() is None:
        sleep(0.005)
    going.kill()
    going.communicate()
    assert (folder / "old" / "state.json").read_bytes() == before
    for draft in drafts(folder):
        draft.unlink()
    out, _ = start(folder, "--state", "old").communicate()
    assert "Only what changed since the state was kept was judged again: 0 acts" in out
