"""How far long work has come: a bar on standard error, only where it is a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from smartclause.cli.output import console


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Takes how much is done of how much; None where nobody would see it."""
    shown = console(error=True)
    if not shown.is_terminal:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=shown, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance
