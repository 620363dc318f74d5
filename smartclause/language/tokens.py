"""Tokens: words, literals and marks of the source, each with its place."""

from dataclasses import dataclass, field

from smartclause.language.diagnostic import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what the author wrote, `value` what it means: a name, a number, an instant."""

    type: str
    text: str
    value: object = None
    span: Span = field(default=NOWHERE, compare=False)
    opening: bool = False
    """The first token of a statement."""
    first_on_line: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; `alone` when nothing stands before it on its line. `at` is its offset in the text."""

    text: str
    alone: bool
    at: int


@dataclass(frozen=True, slots=True)
class Scanned:
    tokens: tuple[Token, ...]
    comments: tuple[Comment, ...]
