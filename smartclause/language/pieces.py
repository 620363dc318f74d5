"""What passes between the builders: the children of a rule, and parts that are no nodes of their own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from smartclause.language import tree as t
from smartclause.language.diagnostic import NOWHERE, Diagnostic, Language, Span
from smartclause.language.tokens import Token
from smartclause.language.wording_text import TEXT

N = TypeVar("N")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a statement under the name of its rule."""

    kind: str
    value: Any
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Lost(t.Item):
    """A statement that could not be read; what belonged to it is passed over."""

    opening: str


@dataclass(slots=True)
class Context:
    """The language of the file and the findings so far."""

    language: Language
    found: list[Diagnostic] = field(default_factory=list)

    def report(self, code: str, span: Span, **said: object) -> None:
        self.found.append(finding(code, span, self.language, **said))

    def say(self, english: str, chinese: str) -> str:
        return chinese if self.language == "zh" else english


def finding(code: str, span: Span, language: Language, **said: object) -> Diagnostic:
    wording = TEXT[code]
    sentence, help_ = (wording.zh, wording.zh_help) if language == "zh" else (wording.en, wording.en_help)
    return Diagnostic(code, wording.severity, sentence.format(**said), span, help_.format(**said), language)


class Kids:
    """The children of one rule, found by type of token, class of node or kind of piece."""

    __slots__ = ("all", "span")

    def __init__(self, children: list[Any]) -> None:
        self.all = children
        span = NOWHERE
        for child in children:
            if child.span.line:
                span = span.to(child.span)
        self.span = span

    def token(self, *types: str) -> Token | None:
        return next((c for c in self.all if isinstance(c, Token) and c.type in types), None)

    def has(self, *types: str) -> bool:
        return self.token(*types) is not None

    def tokens(self, *types: str) -> Iterator[Token]:
        return (c for c in self.all if isinstance(c, Token) and c.type in types)

    def value(self, *types: str) -> Any:
        token = self.token(*types)
        assert token is not None
        return token.value

    def names(self) -> tuple[t.Name, ...]:
        return tuple(name(token) for token in self.tokens("NAME"))

    def name(self, index: int = 0) -> t.Name:
        return self.names()[index]

    def name_after(self, *types: str) -> t.Name | None:
        """The name right after the token."""
        for token, following in zip(self.all, self.all[1:], strict=False):
            if isinstance(token, Token) and token.type in types and isinstance(following, Token):
                return name(following)
        return None

    def piece(self, kind: str, absent: Any = None) -> Any:
        return next((c.value for c in self.all if isinstance(c, Piece) and c.kind == kind), absent)

    def pieces(self, kind: str) -> tuple[Any, ...]:
        return tuple(c.value for c in self.all if isinstance(c, Piece) and c.kind == kind)

    def nodes(self) -> tuple[Any, ...]:
        """Nodes among the children, tokens that are names or literals turned into nodes."""
        return tuple(node for child in self.all if (node := as_node(child)) is not None)

    def only(self) -> Any:
        (node,) = self.nodes()
        return node


def name(token: Token) -> t.Name:
    return t.Name(str(token.value), span=token.span)


def as_node(child: Any) -> t.Node | None:
    if isinstance(child, Token):
        return _token_node(child)
    return child if isinstance(child, t.Node) else None


def _token_node(token: Token) -> t.Node | None:
    value: Any = token.value
    match token.type:
        case "NAME":
            return name(token)
        case "PERCENTAGE":
            return t.Percentage(value, span=token.span)
        case "MONEY":
            return t.Money(*value, span=token.span)
        case "DURATION":
            return t.Duration(*value, span=token.span)
        case "DATE":
            return t.Date(value, span=token.span)
        case "INSTANT":
            return t.Instant(value, span=token.span)
        case "STRING":
            return t.Text(value, span=token.span)
        case "YES" | "NO":
            return t.YesNo(token.type == "YES", span=token.span)
        case "CLAUSE_REF":
            return t.ClauseRef(*value, span=token.span)
        case _:
            return None
