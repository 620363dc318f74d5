"""Findings in clause files as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartclause.language.load import Loaded


def rendered(loaded: Loaded) -> Iterator[str]:
    from smartclause.language.diagnostic import render

    for found in loaded.diagnostics:
        yield render(found, loaded.texts.get(found.span.file))


def findings_of(error: Exception) -> Iterator[str]:
    """The errors of a clause file that could not be compiled."""
    loaded = getattr(error, "loaded", None)
    if loaded is not None:
        yield from rendered(loaded)
