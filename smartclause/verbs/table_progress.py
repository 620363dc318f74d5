"""How far the audit of a table has come: the steps that are done, and how much of the statement that runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

Progress = Callable[[int, int], None]
EACH = 100  # parts of a step
_PAUSE = 0.2  # seconds


@contextmanager
def watching(connection: duckdb.DuckDBPyConnection, progress: Progress | None) -> Iterator[Progress | None]:
    """Takes steps done of how many; tells them in hundredths. Nothing is printed by the database itself."""
    connection.execute(f"SET enable_progress_bar = {str(progress is not None).lower()}")
    if progress is None:
        yield None
        return
    connection.execute("SET enable_progress_bar_print = false")
    watched = _Watched(connection, progress)
    watched.start()
    try:
        yield watched.step
    finally:
        watched.over.set()
        watched.join()


class _Watched(threading.Thread):
    def __init__(self, connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
        super().__init__(daemon=True)
        self._connection, self._progress = connection, progress
        self._done, self._of = 0, 1
        self.over = threading.Event()

    def step(self, done: int, of: int) -> None:
        self._done, self._of = done, max(of, 1)
        self._progress(self._done * EACH, self._of * EACH)

    def run(self) -> None:
        while not self.over.wait(_PAUSE):
            part = self._connection.query_progress()
            if 0 < part < EACH and self._done < self._of:
                self._progress(self._done * EACH + int(part), self._of * EACH)
