"""Builders of scenarios and properties."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from smartclause.language import tree as t
from smartclause.language.build_conditions import Built, nodes_part
from smartclause.language.pieces import Context, Kids, Piece

_PROPERTIES: Mapping[str, t.PropertyKind] = MappingProxyType(
    {"NEVER": "never", "ALWAYS": "always", "POSSIBLE": "possible"}
)


def _scenario(_: Context, kids: Kids) -> t.Scenario:
    return t.Scenario(kids.name(), kids.piece("labels"), span=kids.span)


def _instant(kids: Kids) -> t.Instant:
    return next(node for node in kids.nodes() if isinstance(node, t.Instant))


def _clock(_: Context, kids: Kids) -> t.Clock:
    return t.Clock(_instant(kids), span=kids.span)


def _actors(_: Context, kids: Kids) -> Piece:
    """`event`, `party event` or `party event recipient`."""
    names = kids.names()
    event = names[0] if len(names) == 1 else names[1]
    party = names[0] if len(names) > 1 else None
    return Piece("actors", (event, party, names[2] if len(names) > 2 else None), kids.span)


def _happens(_: Context, kids: Kids) -> t.Happens:
    event, party, recipient = kids.piece("actors")
    facts, not_shown, unreliable = kids.piece("givens", ((), (), False))
    return t.Happens(
        _instant(kids), event, party, recipient, facts, not_shown, unreliable, _repeat(kids), span=kids.span
    )


def _repeat(kids: Kids) -> t.Repeat | None:
    number = kids.token("NUMBER", "TIMES")
    if number is None:
        return None
    every = next(node for node in kids.nodes() if isinstance(node, t.Duration))
    return t.Repeat(int(str(number.value)), every, span=kids.span)


def _givens(_: Context, kids: Kids) -> Piece:
    facts = tuple(node for node in kids.nodes() if isinstance(node, t.Given))
    return Piece("givens", (facts, kids.pieces("not_shown"), bool(kids.pieces("unreliable"))), kids.span)


def _given(_: Context, kids: Kids) -> t.Given:
    field, value = kids.nodes()
    return t.Given(field, value, span=kids.span)


def _not_shown(_: Context, kids: Kids) -> Piece:
    return Piece("not_shown", kids.name(), kids.span)


def _unreliable(_: Context, kids: Kids) -> Piece:
    return Piece("unreliable", True, kids.span)


def _several(_: Context, kids: Kids) -> t.Several:
    return t.Several(kids.names(), span=kids.span)


def _silent(_: Context, kids: Kids) -> t.Silent:
    return t.Silent(kids.name(), _instant(kids), span=kids.span)


def _then_status(_: Context, kids: Kids) -> t.ThenStatus:
    status: Any = kids.value("STATUS")
    reference = next(node for node in kids.nodes() if isinstance(node, t.ClauseRef))
    return t.ThenStatus(reference, status, kids.piece("since"), kids.piece("because"), span=kids.span)


def _since(_: Context, kids: Kids) -> Piece:
    return Piece("since", _instant(kids), kids.span)


def _then_verdict(_: Context, kids: Kids) -> t.ThenVerdict:
    verdict: Any = kids.value("VERDICT")
    return t.ThenVerdict(verdict, kids.piece("because"), span=kids.span)


def _because(_: Context, kids: Kids) -> Piece:
    node = t.Because(kids.nodes(), kids.has("BECAUSE_AT_LEAST"), span=kids.span)
    return Piece("because", node, kids.span)


def _reason_name(_: Context, kids: Kids) -> t.Name:
    return t.Name(".".join(name.id for name in kids.names()), span=kids.span)


def _property(_: Context, kids: Kids) -> t.Property:
    token = kids.token(*_PROPERTIES)
    assert token is not None
    return t.Property(
        kids.name(), _PROPERTIES[token.type], kids.nodes()[-1], None, kids.piece("labels"), span=kids.span
    )


def _stricter(_: Context, kids: Kids) -> t.Property:
    return t.Property(kids.name(), "at_least_as_strict", None, kids.piece("path"), kids.piece("labels"), span=kids.span)


SCENARIOS: Mapping[str, Built] = MappingProxyType(
    {
        "scenario": _scenario, "clock": _clock, "happens": _happens, "happens_often": _happens,
        "happens_often_zh": _happens, "actors": _actors, "givens": _givens, "given": _given,
        "not_shown": _not_shown, "unreliable": _unreliable, "several": _several, "silent": _silent,
        "then_status": _then_status, "since": _since, "then_verdict": _then_verdict, "because": _because,
        "reason_name": _reason_name, "property": _property, "stricter": _stricter,
        "settings_list": nodes_part("settings"),
    }
)  # fmt: skip
