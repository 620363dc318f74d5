"""Files that somebody else put there, opened without waiting: a pipe into which nobody writes is empty."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO


def opened(path: Path) -> BinaryIO:
    """To read. Raises OSError."""
    return open(path, "rb", opener=_at_once)


def beginning(path: Path, limit: int) -> bytes:
    """At most `limit` bytes and one more, by which a longer file is known. Raises OSError."""
    with opened(path) as file:
        return file.read(limit + 1)


def _at_once(name: str, flags: int) -> int:
    """To open a pipe waits for a writer; to read from one that has a writer may wait."""
    handle = os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(handle, True)
    return handle
