"""Work done in a process of its own, which may be killed, or may have no rights."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, NoReturn

NOBODY = 65_534

Say = Callable[[str], None]


@dataclass
class Apart:
    """A running process. What it says arrives line by line; a line that was cut off is not heard."""

    pid: int
    said: IO[str]

    def line(self) -> str:
        return self.said.readline()

    def kill(self) -> list[str]:
        """Kills it at once. All whole lines that it had said and nobody had heard yet."""
        os.kill(self.pid, signal.SIGKILL)
        return self.rest()

    def rest(self) -> list[str]:
        lines = self.said.read().splitlines(keepends=True)
        self.said.close()
        os.waitpid(self.pid, 0)
        return [line.rstrip("\n") for line in lines if line.endswith("\n")]


def start(work: Callable[[Say], object]) -> Apart:
    """No connection to a store may be open here while the process begins."""
    hear, speak = os.pipe()
    pid = os.fork()
    if not pid:
        _do(work, speak, hear)
    os.close(speak)
    return Apart(pid, os.fdopen(hear))


def _do(work: Callable[[Say], object], speak: int, hear: int) -> NoReturn:
    with suppress(BaseException):
        os.close(hear)
        with os.fdopen(speak, "w") as mouth:
            work(lambda text: print(text, file=mouth, flush=True))
    os._exit(0)


def outcome(work: Callable[[], Any], *, prepare: Callable[[], object] = lambda: None) -> Any:
    """What `work` returns, or the text of what it raises, done apart after `prepare`, which may give up rights."""

    def done(say: Say) -> None:
        try:
            prepare()
            found: object = work()
        except Exception as error:
            found = f"{type(error).__name__} {error}"
        say(pickle.dumps(found).hex())

    (line,) = start(done).rest()
    return pickle.loads(bytes.fromhex(line))


def as_nobody() -> None:
    """Rights as an ordinary stranger, also where the tests run as root."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def wait_a_little(most: float, random: Callable[[], float]) -> None:
    time.sleep(most * random())


if sys.platform == "win32":
    raise ImportError("these tests need processes that fork")
