"""`python -m tests.hostile.memory [all]`: commands on files of a gigabyte, and how much memory that took at most.

In a process of its own, since what a process once took cannot be asked for each command.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from unittest.mock import patch

from smartclause.cli.main import cli
from smartclause.cli.options import PASSPHRASE
from smartclause.evidence import key_files
from tests.chance import chance
from tests.hostile.story import Slot, slots, tell

SIZE = 60 * 2**20


def _nothing(path: Path) -> None:
    """A gigabyte that takes no place on the disk."""
    path.touch()
    os.truncate(path, 2**30)


def _line(path: Path) -> None:
    path.write_bytes(b'{"payload":"' + b"A" * SIZE + b'"}')


def _values(path: Path) -> None:
    path.write_bytes(b'{"format":[' + b"[]," * (SIZE // 3) + b"[]]}")


def _lines(path: Path) -> None:
    path.write_bytes(b"{}\n" * 1_000_000)


FILES: Mapping[str, Callable[[Path], None]] = {
    "a gigabyte of nothing": _nothing, "one line": _line, "many values": _values, "a million bad lines": _lines,
}  # fmt: skip


def main(every: bool) -> None:
    with TemporaryDirectory(prefix="memory-") as folder:
        os.environ[PASSPHRASE] = "a passphrase for the examples"
        key_files._COST = 16
        story, kept = Path(folder, "story"), Path(folder, "kept")
        story.mkdir()
        places = [slot for told in tell(story, kept) for slot in slots(told)]
        print(f"before {_megabytes()} MB")
        chosen = [(s, k) for s in places for k in FILES]
        for slot, kind in chosen if every else chance("memory").sample(chosen, 5):
            _one(slot, kind)
    print(f"at most {_megabytes()} MB")


def _one(slot: Slot, kind: str) -> None:
    file = slot.told.folder / f"huge{slot.genuine.suffix if slot.genuine else '.json'}"
    FILES[kind](file)
    begun, before = time.monotonic(), _megabytes()
    code, first = _ended([*slot.words(file.name), "--lang", "en"], slot.told.folder)
    file.unlink()
    print(
        f"{code} {time.monotonic() - begun:5.1f} s +{_megabytes() - before} MB {slot}, {kind}: {first}",
        flush=True,
    )


def _ended(words: list[str], folder: Path) -> tuple[object, str]:
    """The exit code and how what is wrong begins. What is printed goes to files, since a million lines are no small
    thing to hold either."""
    with TemporaryFile("w+") as said, TemporaryFile("w+") as wrong, Path(os.devnull).open() as nothing:
        code: object = 0
        with chdir(folder), redirect_stdout(said), redirect_stderr(wrong), patch.object(sys, "stdin", nothing):
            try:
                cli.main(words)
            except SystemExit as ended:
                code = ended.code
        wrong.seek(0)
        return code, wrong.readline()[:100].strip()


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main("all" in sys.argv[1:])
