"""What every engine must give, in one form, and how the reference gives it.

`Told` is the answer on one act: the verdict, every leaf, every clause and the reasons. `Owes` is one duty as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from smartclause.engines.audit import acts_of
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.finding import Reason
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.needs import open_reasons
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, NormFinding, Verdict, judge_act
from smartclause.logic.world import Position, Record, World

PLACES = ("applies", "condition", "exception")
Place = tuple[str, int, str, int]  # clause, sentence, one of PLACES, the n-th leaf there


@dataclass(frozen=True, slots=True)
class Told:
    """`leaves` in the order of the text, each with its own truth, whatever negations stand around it."""

    event: str
    truth: Truth
    clauses: dict[str, ClauseState]
    leaves: dict[Place, Truth]
    reasons: frozenset[Reason]


@dataclass(frozen=True, slots=True)
class Owes:
    """A duty as it stands. `since`: the instant of the breach; `ended`: when a standing or repeated one ended."""

    clause: str
    sentence: int
    party: str
    recipient: str
    keys: tuple[tuple[str, Value | None], ...]
    trigger: str
    start: Instant
    earliest: Instant
    latest: Instant | None
    holds: Truth
    status: DutyStatus
    since: Instant | None
    ended: Instant | None
    answered: str
    answered_at: Instant | None
    otherwise: Owes | None


def at_end_of(instant: Instant) -> Position:
    """After every record of the instant."""
    return Position(instant, LAST_INDEX)


def reference_acts(world: World) -> list[Told]:
    return [reference_proposed(world, act) for act in acts_of(world)]


def reference_proposed(world: World, act: Record) -> Told:
    return told_of(judge_act(world, act))


def reference_duties(world: World, before: Position, now: Instant) -> list[Owes]:
    return in_order([owes_of(i) for i in Duties(world, before, now).all()])


def told_of(verdict: Verdict) -> Told:
    norms = [n for c in verdict.clauses for n in c.norms]
    return Told(
        verdict.event,
        verdict.truth,
        {c.clause: c.state for c in verdict.clauses},
        {place: truth for norm in norms for place, truth in _leaves(norm)},
        frozenset(open_reasons(verdict.finding)),
    )


def _leaves(norm: NormFinding) -> Iterator[tuple[Place, Truth]]:
    for name, part in zip(PLACES, norm.finding.parts, strict=False):
        for number, leaf in enumerate(part.leaves()):
            yield (norm.clause, norm.norm.number, name, number), leaf.truth


def owes_of(one: Instance) -> Owes:
    return Owes(
        one.clause, one.sentence, one.party, one.recipient, one.keys, one.trigger, one.start, one.due.earliest,
        one.due.latest, one.holds, one.status, one.since, one.ended, one.answered, one.answered_at,
        None if one.otherwise is None else owes_of(one.otherwise),
    )  # fmt: skip


def in_order(owed: list[Owes]) -> list[Owes]:
    """Engines need not list duties in one order."""
    return sorted(owed, key=repr)


def without_events(reasons: frozenset[Reason]) -> frozenset[Reason]:
    """What a reason says of no single record: the form in which tables give reasons."""
    return frozenset(Reason(r.kind, r.field, r.type, r.role) for r in reasons)


def coarse(told: Told) -> Told:
    return replace(told, reasons=without_events(told.reasons))
