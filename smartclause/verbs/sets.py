"""Smallest sets of missing facts for an undecided act, in bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from smartclause.engines.audit import Judged
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Finding
from smartclause.logic.needs import Sets, smallest_sets
from smartclause.logic.record import Event
from smartclause.logic.terms import Kind, Node, Value
from smartclause.logic.truth import Truth
from smartclause.logic.world import FactKey, Record, World
from smartclause.verbs.matter import History, Member, judge

SECONDS = 5.0

Placed = Callable[[Member, World], Record]


def sets_of(history: History, judged: Judged, act: Event, at: Instant, placed: Placed) -> Sets:
    """Nothing for a settled verdict. After SECONDS the search ends, and the answer says that it was cut."""
    if judged.truth is not Truth.UNKNOWN or not judged.open:
        return Sets(())
    member = history.matter.main
    lookup = member.reader.lookup
    deadline = time.monotonic() + SECONDS
    late = False

    def verdict(facts: Mapping[FactKey, Value]) -> Finding:
        nonlocal late
        if time.monotonic() > deadline:
            late = True
            return Finding(None, Truth.FALSE)
        return _judged_with(history, facts, act, at, placed).overall.finding

    found = smallest_sets(lookup, judged.overall.finding, _terms(member), _identifiers(history), verdict)
    return replace(found, cut=True) if late else found


def _judged_with(history: History, facts: Mapping[FactKey, Value], act: Event, at: Instant, placed: Placed) -> Judged:
    assumed = History(history.matter, history.opened, history.asked, history.watermarks, absent=history.absent)
    for member in {id(m): m for m in (history.matter.main, *history.matter.members.values())}.values():
        assumed.assume(member, history.world(member).assuming(facts))
    return judge(assumed, act, at, placed)


def _terms(member: Member) -> tuple[Node, ...]:
    found: list[Node] = []
    for _, clause in member.reader.lookup.all_clauses():
        found.append(clause.applies)
        for sentence in clause.sentences:
            for name in ("condition", "exception"):
                term = getattr(sentence, name, None)
                if term is not None:
                    found.append(term)
    return tuple(found)


def _identifiers(history: History) -> Mapping[str, frozenset[Value]]:
    found: dict[str, set[Value]] = {}
    world = history.world(history.matter.main)
    for record in world.records:
        for name, value in record.event.facts.items():
            ft = world.lookup.field(record.event.type, name)
            if ft is not None and ft.type.kind is Kind.IDENTIFIER:
                found.setdefault(name, set()).add(value)
    return {name: frozenset(values) for name, values in found.items()}
