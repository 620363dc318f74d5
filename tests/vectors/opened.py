"""A plugin of pytest that writes down which published files a run opens: `-p tests.vectors.opened`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

LIST = "SMARTCLAUSE_OPENED"  # the file to write the list to
VECTORS = (Path(__file__).parents[2] / ".." / "shared" / "vectors").resolve()

_opened: set[str] = set()


def _note(event: str, given: tuple[object, ...]) -> None:
    if event == "open" and isinstance(given[0], str) and "vectors" in given[0]:
        _opened.add(given[0])


def pytest_sessionstart() -> None:
    sys.addaudithook(_note)


def pytest_sessionfinish() -> None:
    found = (Path(name).resolve() for name in _opened)
    names = sorted(str(path.relative_to(VECTORS)) for path in found if path.is_relative_to(VECTORS))
    Path(os.environ[LIST]).write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
