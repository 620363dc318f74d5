"""From the parse tree of one statement to its node of the surface tree."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from lark import Tree

from smartclause.language import tree as t
from smartclause.language.build_conditions import CONDITIONS
from smartclause.language.build_declarations import DECLARATIONS
from smartclause.language.build_scenarios import SCENARIOS
from smartclause.language.build_sentences import SENTENCES
from smartclause.language.pieces import Context, Kids, Piece
from smartclause.language.tokens import Token

Builder = Callable[[Context, Kids], Any]
_BUILDERS: Mapping[str, Builder] = MappingProxyType({**CONDITIONS, **DECLARATIONS, **SENTENCES, **SCENARIOS})


def build(tree: "Tree[Token]", context: Context) -> t.Node | Piece:
    """The node of the statement; problems that the grammar cannot see go to the context."""
    built: t.Node | Piece = _node(tree, context)
    return built


def _node(tree: "Tree[Token]", context: Context) -> Any:
    if tree.data == "statement":
        (inner,) = tree.children
        assert isinstance(inner, Tree)
        return _node(inner, context)
    children = [_node(child, context) if isinstance(child, Tree) else child for child in tree.children]
    return _BUILDERS[str(tree.data)](context, Kids(children))
