"""Faults of drafting that need no proof, found in the file judged (design 2, end)."""

from smartclause.language.diagnostic import Diagnostic
from smartclause.language.program import Linked


def lint(linked: Linked, sink: list[Diagnostic]) -> None:
    pass
