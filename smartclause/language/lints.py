"""Faults of drafting that need no proof, found in the file judged (design 2, end)."""

from smartclause.language.diagnostic import Diagnostic
from smartclause.language.headers import kind_of
from smartclause.language.lints_clauses import lint_clauses, lint_unused
from smartclause.language.lints_norms import lint_norms
from smartclause.language.lints_prose import lint_prose
from smartclause.language.program import Linked
from smartclause.logic.contract import ModuleKind


def lint(linked: Linked, sink: list[Diagnostic]) -> None:
    """Adds what it finds to the sink; a contract with errors is linted as far as it was read."""
    root = linked.contract.module
    names = linked.names[root]
    assert names.say.sink is sink
    if kind_of(names.program.files[root]) is ModuleKind.VOCABULARY:
        return
    lint_norms(linked, names)
    lint_clauses(linked, names)
    lint_unused(linked, names)
    lint_prose(linked, names)
