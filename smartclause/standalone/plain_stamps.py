"""Time stamps verified by the program `openssl`, where it is installed: stands in for `verbs.case_stamps`.

Where it is not, time stamps are said to be not checked.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.timestamp_token import read_token

_SECONDS = 60


def _program() -> str | None:
    """Never one that lies in the folder where the reader works: that may be the case."""
    found = shutil.which("openssl")
    return None if found is None or Path(found).resolve().parent == Path.cwd() else found


CAN_CHECK = _program() is not None


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamped bytes existed at `time`, says the authority, give or take `accuracy`: microseconds, since 1970."""

    time: int
    accuracy: int
    authority: str


def read_stamp(answer: bytes, message: bytes, roots: bytes) -> Stamp:
    """`roots` in PEM. Raises EvidenceError EV02, EV21."""
    token = read_token(answer)
    with TemporaryDirectory() as folder:
        place = Path(folder)
        for name, content in (("answer", answer), ("message", message), ("roots", roots)):
            (place / name).write_bytes(content)
        given = ["-in", "answer", "-data", "message", "-CAfile", "roots", "-untrusted", "roots"]
        # The chain is judged at the time that the stamp states, not today.
        at = ["-attime", str(token.info.time // 1_000_000)]
        held = any(_ran(["ts", "-verify", *given, *at, *more], place) for more in ([], ["-token_in"]))
    if not held:
        raise EvidenceError("EV21", reason="openssl does not verify it")
    return Stamp(token.info.time, token.info.accuracy or 0, "openssl ts")


def _ran(words: list[str], place: Path) -> bool:
    program = _program()
    if program is None:
        return False
    try:
        found = subprocess.run([program, *words], cwd=place, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return found.returncode == 0
