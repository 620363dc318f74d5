"""A file of a gigabyte in the place of any other takes no gigabyte: most is refused unread, lines one by one.

A run tries some commands; `SMARTCLAUSE_DEEP=1` tries all, with each kind of huge file.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.chance import DEEP

MEGABYTES = 900  # a contract of the largest size that is read takes most of it


def test_commands_take_bounded_memory_whatever_they_are_given() -> None:
    command = [sys.executable, "-m", "tests.hostile.memory", *(["all"] if DEEP else [])]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "VB25" not in done.stdout
    assert "VB26" not in done.stdout, done.stdout
    found = re.search(r"at most (\d+) MB", done.stdout)
    assert found is not None
    assert int(found[1]) < MEGABYTES, done.stdout
