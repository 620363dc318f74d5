"""The overall verdict over the files an asset stands under (design 2.4): the Kleene value of an expression.

Which files those are comes from the asker's register, never from the event. An open member never satisfies an
alternative and never allows alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from smartclause.logic.finding import Finding, Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.truth import Truth, every, some
from smartclause.logic.verdict import Decision, Verdict, decision_of


@dataclass(frozen=True, slots=True)
class Either:
    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Both:
    parts: "tuple[Expression, ...]"


Expression: TypeAlias = str | Either | Both


@dataclass(frozen=True, slots=True)
class Overall:
    """The verdict of the register, and of each member by itself, so that tracks can be seen to agree or not."""

    truth: Truth
    finding: Finding
    members: tuple[tuple[str, Verdict], ...]
    registered: bool = True

    @property
    def decision(self) -> Decision:
        return decision_of(self.truth)


def members(expression: Expression) -> Iterator[str]:
    match expression:
        case str():
            yield expression
        case Either() | Both():
            for part in expression.parts:
                yield from members(part)
        case _:
            assert_never(expression)


def overall(
    expression: Expression | None, verdicts: Mapping[str, Verdict], lookups: Mapping[str, Lookup], act_type: str
) -> Overall:
    """No expression: the asset is missing, unregistered or stands under nothing, which is undecided."""
    if expression is None:
        finding = _undecided("not registered", act_type)
        return Overall(finding.truth, finding, (), registered=False)
    names = tuple(dict.fromkeys(members(expression)))
    finding, closed = _value(expression, verdicts, lookups, act_type)
    finding = _with_contract(finding, closed, lookups, act_type)
    clash = two_versions({n: lookups[n] for n in names})
    if clash:
        reason = Reason("two versions of one vocabulary", type=act_type, detail=clash)
        finding = Finding(None, Truth.UNKNOWN, (finding,), (reason,))
    return Overall(finding.truth, finding, tuple((n, verdicts[n]) for n in names))


def agreeing(first: Overall, later: Overall, act_type: str, event: str) -> Overall:
    """Inside an agreed lag an act stands at its claimed and at its received place, under the files in force at each
    (design 2.2): undecided where they differ."""
    if later.truth is first.truth:
        return first
    reason = Reason("order within the lag", type=act_type, event=event)
    finding = Finding(None, Truth.UNKNOWN, (first.finding, later.finding), (reason,))
    return Overall(finding.truth, finding, first.members, first.registered)


def _value(
    expression: Expression, verdicts: Mapping[str, Verdict], lookups: Mapping[str, Lookup], act_type: str
) -> tuple[Finding, bool]:
    """The finding, and whether a contract speaks in it; an alternative without one is at best undecided."""
    match expression:
        case str():
            verdict = verdicts[expression]
            truth = Truth.TRUE if verdict.not_barred else verdict.truth
            closed = any(t.closed for t in verdict.tracks) or not lookups[expression].is_controlled(act_type)
            return Finding(None, truth, (verdict.finding,), label=expression), closed
        case Both():
            parts = [_value(p, verdicts, lookups, act_type) for p in expression.parts]
            together = Finding(None, every(f.truth for f, _ in parts), tuple(f for f, _ in parts), label="all")
            return together, any(closed for _, closed in parts)
        case Either():
            parts = [_value(p, verdicts, lookups, act_type) for p in expression.parts]
            alternatives = tuple(_with_contract(f, closed, lookups, act_type) for f, closed in parts)
            return Finding(None, some(f.truth for f in alternatives), alternatives, label="some grant"), True
        case _:
            assert_never(expression)


def _with_contract(finding: Finding, closed: bool, lookups: Mapping[str, Lookup], act_type: str) -> Finding:
    controlled = any(lookup.is_controlled(act_type) for lookup in lookups.values())
    if closed or not controlled or finding.truth is not Truth.TRUE:
        return finding
    return Finding(None, Truth.UNKNOWN, (finding,), (Reason("no contract", type=act_type),))


def two_versions(lookups: Mapping[str, Lookup]) -> str:
    """The vocabulary that two members use in different versions, if any."""
    seen: dict[str, str] = {}
    for lookup in lookups.values():
        for name, version in lookup.vocabulary_versions().items():
            if seen.setdefault(name, version) != version:
                return name
    return ""


def _undecided(kind: str, act_type: str) -> Finding:
    return Finding(None, Truth.UNKNOWN, (), (Reason(kind, type=act_type),))
