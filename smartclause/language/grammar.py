"""The parser tables, built once for a process from the shipped grammar; refuses an ambiguous grammar."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from lark import Lark, Tree
from lark.common import LexerConf
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift
from lark.parsers.lalr_parser_state import ParserState

from smartclause import resources
from smartclause.language.tokens import Token
from smartclause.language.words import words

END = "$END"
_TERMINAL = re.compile(r"\b[A-Z][A-Z_]+\b")
_COMMENT = re.compile(r"//.*")


class _Tokens(Lexer):
    """The scanner has done the work."""

    def __init__(self, conf: LexerConf) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:  # noqa: ARG002
        yield from lexer_state


@cache
def _parser() -> Lark:
    text = (resources.folder("grammar") / "clause.lark").read_text(encoding="utf-8")
    terminals = sorted(set(_TERMINAL.findall(_COMMENT.sub("", text))))
    declared = f"{text}\n%declare {' '.join(terminals)}\n"
    return Lark(declared, parser="lalr", lexer=_Tokens, start="statement", strict=True)


class Unexpected(Exception):  # noqa: N818
    """A token that the grammar does not expect, and what it expects there."""

    def __init__(self, token: Token, expected: frozenset[str], index: int) -> None:
        super().__init__(token.text)
        self.token = token
        self.expected = expected
        self.index = index


def statement(tokens: list[Token], end: Token) -> Tree[Token]:
    """The parse tree of one statement. Raises Unexpected."""
    state = _fresh()
    soft = words("en").soft
    tree: Any = None
    for index, token in enumerate([*tokens, end]):
        given = token
        row = state.parse_conf.states[state.state_stack[-1]]
        if given.type not in row and given.type in soft:
            given = Token("NAME", given.text, given.text, given.span, given.opening, given.first_on_line)
        tree = _feed(state, given, index)
    assert isinstance(tree, Tree)
    return tree


def _fresh() -> "ParserState[Any]":
    interactive = _parser().parse_interactive([], start="statement")
    return interactive.parser_state


def _feed(state: "ParserState[Any]", token: Token, index: int) -> Any:
    row = state.parse_conf.states[state.state_stack[-1]]
    if token.type not in row:
        raise Unexpected(token, _expected(state), index)
    # a token in the row may still fail after reductions, since LALR merges states
    before = list(state.state_stack)
    try:
        return state.feed_token(token, is_end=token.type == END)  # type: ignore[arg-type]
    except UnexpectedToken:
        state.state_stack[:] = before
        raise Unexpected(token, _expected(state), index) from None


def _expected(state: "ParserState[Any]") -> frozenset[str]:
    """The tokens that can really stand here: each is tried on a copy of the stack."""
    row = state.parse_conf.states[state.state_stack[-1]]
    return frozenset(name for name in row if (name.isupper() or name == END) and _accepts(state, name))


def _accepts(state: "ParserState[Any]", terminal: str) -> bool:
    states = state.parse_conf.states
    stack = list(state.state_stack)
    while True:
        found = states[stack[-1]].get(terminal)
        if found is None:
            return False
        action, argument = found
        if action is Shift:
            return True
        if argument.expansion:
            del stack[-len(argument.expansion) :]
        if terminal == END and argument.origin.name == "statement":
            return True
        stack.append(states[stack[-1]][argument.origin.name][1])
