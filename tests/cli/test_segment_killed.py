"""`record --segment` as a user runs it: killed at any moment, or on a full disk, it leaves all of a segment or nothing.

`SMARTCLAUSE_RECORD_KILLS=100 python -m pytest tests/cli/test_segment_killed.py` is the deep run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from time import sleep

import pytest

from smartclause.evidence.ledger import open_ledger, rows
from smartclause.evidence.segment_store import segments_folder
from smartclause.evidence.verification import verify_ledger
from smartclause.verbs import segments
from tests.verbs.samples import Setting

KILLS = int(os.environ.get("SMARTCLAUSE_RECORD_KILLS", "3"))
ROOT = Path(__file__).parents[2]
INCIDENT = {"type": "incident", "facts": {"case_number": "c1"}}

# The command, with no file larger than so many bytes; the ledger's own log stays below.
ON_A_FULL_DISK = """
import resource, runpy, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
sys.argv = sys.argv[1:]
runpy.run_module('smartclause', run_name='__main__')
"""


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    setting = Setting(tmp_path_factory.mktemp("killed"))
    setting.sign("A", "B", "C")
    lines = setting.folder / "day.jsonl"
    lines.write_text(f"{json.dumps(INCIDENT)}\n" * 2_000, encoding="utf-8")
    key, out = setting.keys["A"], setting.folder / "day.parquet"
    segments.make(setting.path, lines, key, setting.ledger, out, clock=setting.clock)
    return setting


def command(setting: Setting) -> list[str]:
    return ["record", str(setting.ledger), "--segment", str(setting.folder / "day.parquet"),
            "--trust", str(setting.trust), "--contract", str(setting.path)]  # fmt: skip


def state(setting: Setting) -> tuple[int, int]:
    """Entries, and files of segments; the ledger holds, and names no file that is not there."""
    folder = segments_folder(setting.ledger)
    with open_ledger(setting.ledger) as ledger:
        verify_ledger(ledger)
        entries = len(list(rows(ledger)))
    files = [f for f in folder.iterdir() if not f.name.startswith(".")] if folder.exists() else []
    assert entries <= len(files)
    return entries, len(files)


def test_a_full_disk_leaves_nothing_and_says_so(setting: Setting) -> None:
    size = (setting.folder / "day.parquet").stat().st_size // 2
    words = [sys.executable, "-c", ON_A_FULL_DISK, str(size), "smartclause", *command(setting)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, "EV19" in ended.stderr) == (2, True), ended.stderr
    assert state(setting) == (0, 0)
    assert list(segments_folder(setting.ledger).iterdir()) == []


def test_killed_at_any_moment_all_of_a_segment_is_there_or_nothing(setting: Setting) -> None:
    chosen = Random(1)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-m", "smartclause", *command(setting)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        sleep(chosen.uniform(0.3, 1.5))
        process.kill()
        process.wait()
        entries, _ = state(setting)
        assert entries in (0, 1)
    ended = subprocess.run(
        [sys.executable, "-m", "smartclause", *command(setting)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert state(setting) == (1, 1)
    found = segments.verify(setting.folder / "day.parquet", trust=setting.trust)
    assert found.statement.count == 2_000
