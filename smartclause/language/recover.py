"""What to tell the author where a statement breaks off, and where to read on."""

from smartclause.language.diagnostic import Diagnostic
from smartclause.language.grammar import Unexpected
from smartclause.language.lexicon import Lexicon
from smartclause.language.pieces import finding
from smartclause.language.tokens import Token


def explain(problem: Unexpected, tokens: list[Token], lexicon: Lexicon) -> tuple[Diagnostic, list[Token]]:
    """The finding, and the tokens of the next statement where only a full stop was missing."""
    language = lexicon.language
    found = problem.token
    return finding("P01", found.span, language, found=found.text or "end", help=" ".join(sorted(problem.expected))), []
