"""Builders of conditions, values and history."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from smartclause.language import tree as t
from smartclause.language.pieces import Context, Kids, Piece

Built = Callable[[Context, Kids], Any]


def passed_on(_: Context, kids: Kids) -> Any:
    """The one node among the children."""
    return kids.only()


def part(kind: str) -> Built:
    """A piece that holds the one node among the children."""
    return lambda _, kids: Piece(kind, kids.only(), kids.span)


def names_part(kind: str) -> Built:
    return lambda _, kids: Piece(kind, kids.names(), kids.span)


def nodes_part(kind: str) -> Built:
    return lambda _, kids: Piece(kind, kids.nodes(), kids.span)


def _two(node: Callable[..., Any], negated: bool = False) -> Built:
    def built(_: Context, kids: Kids) -> Any:
        left, right = kids.nodes()
        made = node(left, right, span=kids.span)
        return t.Not(made, span=kids.span) if negated else made

    return built


def _compare(op: t.CompareOp) -> Built:
    def built(_: Context, kids: Kids) -> t.Compare:
        left, right = kids.nodes()
        return t.Compare(left, op, right, span=kids.span)

    return built


def _all_of(_: Context, kids: Kids) -> t.All:
    return t.All(kids.nodes(), span=kids.span)


def _any_of(_: Context, kids: Kids) -> t.AnyOf:
    return t.AnyOf(kids.nodes(), span=kids.span)


def _not(_: Context, kids: Kids) -> t.Not:
    return t.Not(kids.only(), span=kids.span)


# ---- lists


def _items(context: Context, kids: Kids) -> Piece:
    """Labelled items; the labels must count up from the first."""
    pairs = kids.pieces("item")
    for wanted, (label, token) in enumerate(((label, token) for label, token, _ in pairs), 1):
        if label != wanted:
            context.report("P07", token.span, found=token.text, wanted=_label(token.type, wanted, context))
            break
    return Piece("items", tuple(condition for _, _, condition in pairs), kids.span)


def _label(kind: str, number: int, context: Context) -> str:
    from smartclause.language.numerals import to_chinese

    if kind == "NUMBER_LABEL":
        return context.say(f"({number})", f"（{number}）")
    if context.language == "zh":
        return f"（{to_chinese(number)}）"
    return f"({chr(ord('a') + number - 1)})" if number <= 26 else "a nested list"


def _item(_: Context, kids: Kids) -> Piece:
    token = kids.token("LETTER_LABEL", "NUMBER_LABEL")
    assert token is not None
    return Piece("item", (token.value, token, kids.only()), kids.span)


def _list(kind: type[t.All] | type[t.AnyOf]) -> Built:
    def built(_: Context, kids: Kids) -> t.All | t.AnyOf:
        return kind(kids.piece("items", ()), span=kids.span, listed=True)

    return built


def _some_list(_: Context, kids: Kids) -> t.AtLeast:
    return t.AtLeast(int(kids.value("NUMBER")), kids.piece("items", ()), span=kids.span)


# ---- facts and values


def _possesses(_: Context, kids: Kids) -> t.Name:
    return kids.name()


def _no_form(_: Context, kids: Kids) -> t.Not:
    token = kids.token("NAME_NOT")
    assert token is not None
    return t.Not(t.Name(str(token.value), span=token.span), span=token.span)


def _lacks(_: Context, kids: Kids) -> t.Not:
    return t.Not(kids.name(), span=kids.span)


def _field_of(_: Context, kids: Kids) -> t.FieldOf:
    record, field = kids.names()
    return t.FieldOf(record, field, span=kids.span)


def _this(_: Context, kids: Kids) -> t.This:
    return t.This(kids.name(), span=kids.span)


def _latest_field(_: Context, kids: Kids) -> t.FieldOf:
    record, field = kids.nodes()
    return t.FieldOf(record, field, span=kids.span)


def _quantity(_: Context, kids: Kids) -> t.Quantity:
    names = kids.names()
    return t.Quantity(kids.value("NUMBER"), names[0] if names else None, span=kids.span)


# ---- history


def _tailed(_: Context, kids: Kids) -> t.Query:
    return t.Query(
        kids.name(), kids.piece("where"), kids.piece("keys", ()), kids.piece("window"), kids.piece("by"),
        span=kids.span,
    )  # fmt: skip


def _scoped(_: Context, kids: Kids) -> t.Query:
    by, keys, window = kids.piece("scope")
    return t.Query(kids.name(), kids.piece("where"), keys, window, by, span=kids.span)


def _scope(_: Context, kids: Kids) -> Piece:
    inner = kids.piece("scope")
    if inner is not None:
        return Piece("scope", inner, kids.span)
    return Piece("scope", (kids.piece("by"), kids.piece("keys", ()), kids.piece("window")), kids.span)


def _by(_: Context, kids: Kids) -> Piece:
    anyone = kids.token("ANYONE")
    return Piece("by", t.Anyone(span=anyone.span) if anyone else kids.name(), kids.span)


def _window(_: Context, kids: Kids) -> Piece:
    calendar = kids.token("CALENDAR")
    if calendar is not None:
        unit: Any = calendar.value
        return Piece("window", t.Calendar(unit, span=calendar.span), kids.span)
    return Piece("window", kids.piece("period") or kids.only(), kids.span)


def _some(_: Context, kids: Kids) -> t.Some:
    return t.Some(kids.only(), span=kids.span)


def _every(_: Context, kids: Kids) -> t.Every:
    return t.Every(kids.only(), kids.piece("has"), span=kids.span)


def _every_zh(context: Context, kids: Kids) -> t.Every:
    return t.Every(_scoped(context, kids), kids.piece("has"), span=kids.span)


def _followed(_: Context, kids: Kids) -> t.EveryFollowed:
    query, by = kids.nodes()
    return t.EveryFollowed(query, by, span=kids.span)


def _followed_zh(context: Context, kids: Kids) -> t.EveryFollowed:
    by = next(node for node in kids.nodes() if isinstance(node, t.Query))
    return t.EveryFollowed(_scoped(context, kids), by, span=kids.span)


def _latest(_: Context, kids: Kids) -> t.Latest:
    return t.Latest(kids.only(), span=kids.span)


def _latest_zh(context: Context, kids: Kids) -> t.Latest:
    return t.Latest(_scoped(context, kids), span=kids.span)


def _latest_has(_: Context, kids: Kids) -> t.LatestHas:
    return t.LatestHas(kids.only().query, kids.piece("has"), span=kids.span)


def _number(_: Context, kids: Kids) -> t.Number:
    return t.Number(kids.only(), span=kids.span)


def _counted(node: type[t.NumberDistinct] | type[t.Total]) -> Built:
    def built(_: Context, kids: Kids) -> t.NumberDistinct | t.Total:
        first, second = kids.nodes()
        field, query = (first, second) if isinstance(first, t.Name) else (second, first)
        return node(field, query, span=kids.span)

    return built


def _status(negated: bool = False, ever: bool = False) -> Built:
    def built(_: Context, kids: Kids) -> t.ClauseStatus | t.Not:
        reference = kids.only()
        status = t.ClauseStatus(reference, kids.value("STATUS"), kids.piece("keys", ()), ever, span=kids.span)
        return t.Not(status, span=kids.span) if negated else status

    return built


CONDITIONS: Mapping[str, Built] = MappingProxyType(
    {
        "cond0": passed_on, "cond1": passed_on, "bracket": passed_on, "body": passed_on, "fixed": passed_on,
        "comparison": passed_on,
        "all_of": _all_of, "any_of": _any_of, "not_": _not, "simple": passed_on, "literal": passed_on,
        "all_list": _list(t.All), "any_list": _list(t.AnyOf), "some_list": _some_list,
        "letters": _items, "numbers": _items, "letter_item": _item, "number_item": _item,
        "no_form": _no_form, "possesses": _possesses, "lacks": _lacks, "field_of": _field_of, "this": _this,
        "latest_field": _latest_field, "quantity": _quantity,
        "is_": _two(t.Is), "is_not": _two(t.Is, True), "is_in": _two(t.IsIn), "is_not_in": _two(t.IsIn, True),
        "covers": _two(t.Covers),
        "at_least": _compare("at_least"), "at_most": _compare("at_most"), "exceeds": _compare("exceeds"),
        "below": _compare("below"), "before": _compare("before"), "after": _compare("after"),
        "status_is": _status(), "status_is_not": _status(negated=True), "status_ever": _status(ever=True),
        "query": passed_on, "own_query": passed_on, "tailed": _tailed, "scoped": _scoped, "scope": _scope,
        "latest_scope": _scope, "by": _by, "done": _by, "same": names_part("keys"), "window": _window,
        "window_first": _window, "where": part("where"), "has": part("has"),
        "some": _some, "every": _every, "every_zh": _every_zh, "every_followed": _followed,
        "every_followed_zh": _followed_zh, "latest": _latest, "latest_zh": _latest_zh, "latest_has": _latest_has,
        "number": _number, "distinct": _counted(t.NumberDistinct), "distinct_zh": _counted(t.NumberDistinct),
        "total": _counted(t.Total), "total_zh": _counted(t.Total),
    }
)  # fmt: skip
