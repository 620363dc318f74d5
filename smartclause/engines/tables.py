"""Answers as tables in a terminal."""

from rich.console import Console
from rich.text import Text

from smartclause.engines.audit import AuditResult
from smartclause.engines.prose_names import Lang
from smartclause.engines.prose_states import word
from smartclause.logic.verdict import Decision


def print_audit(result: AuditResult, lang: Lang, console: Console) -> None:
    """Shares of verdicts, clauses with counts, what is missing, what is due next."""
    for decision in Decision:
        console.print(Text(f"{word(decision, lang)}: {result.count(decision)}"))
