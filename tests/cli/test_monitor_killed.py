"""`monitor` as a user runs it: killed at any moment it goes on where it stood; what it told is the same to the byte.

`SMARTCLAUSE_MONITOR_KILLS=100 SMARTCLAUSE_MONITOR_LINES=1000000 python -m pytest tests/cli/test_monitor_killed.py` is
the deep run.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from time import sleep

import pytest

from smartclause.evidence.forms import timestamp
from tests.chance import chance
from tests.cli.examples import VOICE

KILLS = int(os.environ.get("SMARTCLAUSE_MONITOR_KILLS", "2"))
LINES = int(os.environ.get("SMARTCLAUSE_MONITOR_LINES", "4000"))
ROOT = Path(__file__).parents[2]
START = 1_772_355_600_000_000
MINUTE = 60_000_000


def lines(count: int) -> str:
    chance, found, open_ones = Random(1), [], []
    for n in range(count):
        at = timestamp(START + n * MINUTE)
        match chance.randrange(6):
            case 0:
                open_ones.append(f"c{n}")
                event = {"type": "incident", "time": at, "facts": {"case_number": f"c{n}"}}
            case 1 if open_ones:
                facts = {"case_number": open_ones.pop(chance.randrange(len(open_ones)))}
                event = {"type": "notify", "time": at, "by": "B", "to": "A", "facts": facts}
            case _:
                facts = {"purpose": chance.choice(("voice.training", "voice.advertising")), "released": n % 9 > 0}
                event = {"type": "use_voice", "time": at, "by": "B", "asset": "v", "facts": facts}
        found.append(json.dumps(event))
    late = {n: n + chance.choice((0, 0, 0, 30, 80)) for n in range(count)}  # by so many minutes, inside the lag
    return "\n".join(found[n] for n in sorted(late, key=late.__getitem__)) + "\n"


def command(folder: Path, name: str, *more: str) -> list[str]:
    words = ["monitor", "voice.clause", "events.jsonl", "--draft", "--lag", "90m", "--soon", "1h", "--format", "jsonl"]
    return [sys.executable, "-m", "smartclause", *words, "-o", str(folder / name), *more]


def run(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(arguments, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)})


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this system")
@pytest.mark.parametrize("settled", [("--settled",), ()], ids=["what is settled", "at once, with corrections"])
def test_a_run_that_is_killed_goes_on_and_tells_the_same_to_the_byte(tmp_path: Path, settled: tuple[str, ...]) -> None:
    (tmp_path / "voice.clause").write_text(VOICE, encoding="utf-8")
    (tmp_path / "events.jsonl").write_text(lines(LINES), encoding="utf-8")
    assert run(tmp_path, *command(tmp_path, "whole.jsonl", *settled)).wait() == 1
    moments = chance("monitor killed", *settled)
    state = (*settled, "--state", str(tmp_path / "state.json"), "--every", "0s")
    killed = 0
    for _ in range(KILLS):
        going = run(tmp_path, *command(tmp_path, "told.jsonl", *state))
        before = (tmp_path / "state.json").stat().st_mtime_ns if (tmp_path / "state.json").exists() else 0
        path = tmp_path / "state.json"
        while going.poll() is None and not (path.exists() and path.stat().st_mtime_ns != before):
            sleep(0.02)
        sleep(moments.random() * 0.2)
        killed += going.poll() is None
        going.kill()
        going.wait()
    assert run(tmp_path, *command(tmp_path, "told.jsonl", *state)).wait() == 1
    assert killed or KILLS < 2
    assert (tmp_path / "told.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
