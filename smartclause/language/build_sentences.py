"""Builders of norm sentences."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from smartclause.language import tree as t
from smartclause.language.build_conditions import Built, names_part, nodes_part, part
from smartclause.language.pieces import Context, Kids, Piece


def _priority(_: Context, kids: Kids) -> Piece:
    kind = "despite" if kids.has("DESPITE") else "subject_to"
    return Piece(kind, kids.piece("references"), kids.span)


def _lead(_: Context, kids: Kids) -> Piece:
    priorities = {
        kind: tuple(reference for found in kids.pieces(kind) for reference in found)
        for kind in ("despite", "subject_to")
    }
    return Piece("lead", priorities, kids.span)


def _excepts(_: Context, kids: Kids) -> Piece:
    return Piece("excepts", (kids.pieces("exception"), kids.pieces("waiver")), kids.span)


def _common(kids: Kids) -> dict[str, Any]:
    lead = kids.piece("lead", {})
    return {"despite": lead.get("despite", ()), "subject_to": lead.get("subject_to", ()), "span": kids.span}


def _exceptions(context: Context, kids: Kids) -> tuple[t.Condition, ...]:
    """Only duties can be waived."""
    conditions, waivers = kids.piece("excepts", ((), ()))
    for waiver in waivers:
        context.report("P12", waiver.span, what=context.say("a waiver", "免除"))
    return tuple(conditions)


def _condition(_: Context, kids: Kids) -> t.Condition | None:
    """The conditions before and after the verb, both if both are given."""
    found = (*kids.pieces("if_first"), *kids.pieces("if_last"))
    if len(found) == 2:
        return t.All(found, span=kids.span)
    return found[0] if found else None


def _grant(context: Context, kids: Kids) -> t.Grant:
    return t.Grant(
        kids.name(), kids.piece("acts"), _condition(context, kids), _exceptions(context, kids),
        kids.piece("when", ()), **_common(kids),
    )  # fmt: skip


def _limit(context: Context, kids: Kids) -> t.Limit:
    return t.Limit(
        kids.name(), kids.piece("acts"), kids.nodes()[1], _exceptions(context, kids), kids.piece("when", ()),
        **_common(kids),
    )  # fmt: skip


def _bar(context: Context, kids: Kids) -> t.Bar:
    unless = kids.pieces("unless")
    return t.Bar(
        kids.name(), kids.piece("acts"), _condition(context, kids),
        (*_exceptions(context, kids), *unless), kids.piece("when", ()), **_common(kids),
    )  # fmt: skip


def _answer(_: Context, kids: Kids) -> t.Answer:
    names = kids.names()
    return t.Answer(names[0], names[1] if len(names) > 1 else None, kids.piece("where"), span=kids.span)


def _occasion(_: Context, kids: Kids) -> t.Occurs:
    return t.Occurs(kids.name(), kids.piece("where"), span=kids.span)


def _timing(context: Context, kids: Kids) -> Piece:
    """Period, field at which the clock starts, fixed end."""
    start = kids.name_after("FROM", "SINCE")
    period = kids.piece("period")
    fixed = kids.nodes()[-1] if kids.has("NO_LATER_THAN") else None
    _check_start(context, kids, period)
    return Piece("timing", (period, start, fixed), kids.span)


def _check_start(context: Context, kids: Kids, period: Any) -> None:
    """Hours run from the moment, days and longer from the day."""
    marker = kids.token("FROM_MOMENT", "FROM_DAY")
    if marker is None or not isinstance(period, t.Duration):
        return
    in_hours = period.unit in {"minute", "hour"}
    if in_hours and marker.type == "FROM_DAY":
        context.report(
            "P11",
            marker.span,
            unit=context.say("hours", "小时"),
            wanted=context.say("at the moment", "自发生之时"),
            word="自发生之时起",
        )
    elif not in_hours and marker.type == "FROM_MOMENT":
        context.report(
            "P11",
            marker.span,
            unit=context.say("days", "日"),
            wanted=context.say("on the day", "自发生之日"),
            word="自发生之日起",
        )


def _duty_body(_: Context, kids: Kids) -> Piece:
    return Piece("duty", kids, kids.span)


def _duty(_: Context, kids: Kids) -> t.Duty:
    body: Kids = kids.piece("duty")
    within, start, fixed = body.piece("timing", (None, None, None))
    exceptions, waivers = body.piece("excepts", ((), ()))
    triggers = kids.piece("triggers") or kids.piece("when") or kids.piece("trigger_items") or ()
    return t.Duty(
        kids.name(), body.piece("answers"), triggers, within, start, fixed, body.piece("keys", ()),
        tuple(exceptions), waivers[0] if waivers else None, body.piece("otherwise"),
        announced=kids.piece("trigger_items") is not None, **_common(kids),
    )  # fmt: skip


def _otherwise(context: Context, kids: Kids) -> Piece:
    within, start, fixed = kids.piece("timing", (None, None, None))
    for what in (start, fixed):
        if what is not None:
            context.report("P01", what.span, found=getattr(what, "id", ""), help=context.say(
                "after `otherwise` only `within` can stand", "“逾期未履行的”之后只能写“在……内”"))  # fmt: skip
    node = t.Otherwise(kids.name(), kids.piece("answers"), within, kids.piece("keys", ()), span=kids.span)
    return Piece("otherwise", node, kids.span)


def _trigger_items(_: Context, kids: Kids) -> Piece:
    return Piece("trigger_items", kids.nodes(), kids.span)


def _repeated(_: Context, kids: Kids) -> t.Repeated:
    return t.Repeated(kids.name(), kids.piece("answers"), kids.piece("period"), span=kids.span)


def _standing(_: Context, kids: Kids) -> t.Standing:
    return t.Standing(kids.name(), kids.nodes()[1], kids.piece("each", ()), kids.piece("delay"), span=kids.span)


def _delay(_: Context, kids: Kids) -> Piece:
    return Piece("delay", kids.piece("period"), kids.span)


def _share(_: Context, kids: Kids) -> t.Share:
    found = {type(node): node for node in kids.nodes()}
    return t.Share(kids.name(), found[t.Percentage], found[t.ClauseRef], span=kids.span)


SENTENCES: Mapping[str, Built] = MappingProxyType(
    {
        "lead": _lead, "despite": _priority, "subject_to": _priority, "clause_refs": nodes_part("references"),
        "when": nodes_part("when"), "if_first": part("if_first"), "if_last": part("if_last"),
        "excepts": _excepts, "except_": part("exception"), "acts": names_part("acts"),
        "grant": _grant, "limit": _limit, "limit_zh": _limit, "bar": _bar,
        "unless_last": part("unless"), "unless_first": part("unless"),
        "duty": _duty, "duty_announced": _duty, "triggers": nodes_part("triggers"), "occasion": _occasion,
        "announced": lambda _, kids: Piece("announced", True, kids.span),
        "trigger_items": _trigger_items, "duty_body": _duty_body, "answers": nodes_part("answers"),
        "answer": _answer, "within": _timing, "within_from": _timing, "within_moment": _timing,
        "within_day": _timing, "within_since": _timing, "no_later": _timing, "period": part("period"),
        "for_keys": names_part("keys"), "waiver": part("waiver"), "otherwise": _otherwise,
        "repeated": _repeated, "standing": _standing, "for_each": names_part("each"),
        "delay_last": _delay, "delay_first": _delay, "share": _share, "share_zh": _share,
    }
)  # fmt: skip
