"""Lists announced in a sentence and given at its end: puts the items where they were announced."""

from lark import Tree

from smartclause.language.diagnostic import Span
from smartclause.language.pieces import Context
from smartclause.language.tokens import Token

_ANNOUNCING = {"all_list", "any_list", "some_list"}
_CLOSED = {"bracket", "where", "has", "letter_item", "number_item"}
_FIGURES = {2: "two", 3: "three", 4: "four", 5: "five"}


def attach(tree: "Tree[Token]", context: Context) -> None:
    """Moves each list at the end of a sentence, item or bracket to the words that announce it."""
    waiting = _waiting(tree, context)
    if tree.data != "statement" or not waiting:
        return
    _settle(tree, waiting, context)


def _waiting(tree: "Tree[Token]", context: Context) -> "list[Tree[Token]]":
    """The announcements below this node that nothing below has answered."""
    found: list[Tree[Token]] = []
    for child in list(tree.children):
        if isinstance(child, Tree):
            inner = _waiting(child, context)
            if child.data in _CLOSED:
                _settle(child, inner, context)
            else:
                found.extend(inner)
    if tree.data in _ANNOUNCING and not _items(tree):
        found.append(tree)
    tail = _tail(tree)
    if tail is not None and tree.data not in _CLOSED:
        _settle(tree, found, context)
        return []
    return found


def _items(tree: "Tree[Token]") -> bool:
    return any(isinstance(child, Tree) and child.data in {"letters", "numbers"} for child in tree.children)


def _tail(tree: "Tree[Token]") -> "Tree[Token] | None":
    return next(
        (
            child
            for child in tree.children
            if isinstance(child, Tree) and child.data in {"tail", "number_tail", "trigger_items"}
        ),
        None,
    )


def _settle(tree: "Tree[Token]", waiting: "list[Tree[Token]]", context: Context) -> None:
    tail = _tail(tree)
    if tail is not None and tail.data == "trigger_items":
        if waiting:
            _one_follows(len(waiting) + 1, _place(waiting[0]), context)
            _fill(waiting)
        return
    if tail is None:
        for announcement in waiting:
            context.report("P09", _place(announcement))
        _fill(waiting)
        return
    tree.children.remove(tail)
    if len(waiting) != 1:
        place = _place(waiting[-1]) if waiting else _place(tail)
        _one_follows(len(waiting), place, context)
        _fill(waiting)
        return
    waiting[0].children.extend(child for child in tail.children if isinstance(child, Tree))


def _one_follows(announced: int, place: Span, context: Context) -> None:
    if announced:
        lists = context.say(f"{_FIGURES.get(announced, announced)} lists are", str(announced))
        help_ = context.say("name one of them with `define`", "用“定义”为其中之一命名")
    else:
        lists = context.say("no list is", "0")
        help_ = context.say("announce it, for example with `any of`", "先预告列项，例如写“符合下列条件之一”")
    context.report("P08", place, announced=lists, help=help_)


def _fill(waiting: "list[Tree[Token]]") -> None:
    """So that building can go on after the finding."""
    for announcement in waiting:
        announcement.children.append(Tree("letters", []))


def _place(tree: "Tree[Token]") -> Span:
    token = next(iter(tree.scan_values(lambda value: isinstance(value, Token))))
    span: Span = token.span
    return span
