"""Versions of contracts drawn by lot, one of them changed in some place: what is proved to be the same, no
history tells apart; of verdicts, and of duties."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from smartclause.engines.audit import acts_of
from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.difference import difference
from smartclause.engines.prove.duty_difference import duty_shifts
from smartclause.engines.prove.versions import versions
from smartclause.logic.contract import Contract, Dated
from smartclause.logic.counting import Duration
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.terms import All, AnyOf, Compare, Const, Every, Holds, Not, Order, Query, Some
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import Position, World
from tests.agreement.worlds import case_of
from tests.engines.prove.test_soundness import plain

DEEP = os.environ.get("SMARTCLAUSE_DEEP")
SEEDS = range(400 if DEEP else 12)
HISTORIES = 20 if DEEP else 5
QUICK = Effort(bound=1, tries=1, instants=1)


def changed(contract: Contract, lot: Random) -> Contract:
    """In one place: of its clauses, or of its figures."""
    part = "parameters" if lot.random() < 0.3 and contract.parameters else "modules"
    before = getattr(contract, part)
    places = list(_places(before))
    return replace(contract, **{part: _with(before, *lot.choice(places))}) if places else contract


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    for other in _otherwise(node):
        yield path, other
    if isinstance(node, tuple):
        for number, each in enumerate(node):
            yield from _places(each, (*path, number))
    elif is_dataclass(node):
        for each in fields(node):
            if each.name not in ("header", "label", "parties", "type", "text"):
                yield from _places(getattr(node, each.name), (*path, each.name))


def _otherwise(node: Any) -> Iterator[Any]:
    match node:
        case Not(arg=arg):
            yield arg
        case Holds() | Compare() | Some() | Every():
            yield from (Not(Not(node)), Not(node))
        case All(args=args) if len(args) > 1:
            yield from (All(args[1:]), All(args[::-1]))
        case AnyOf(args=args) if len(args) > 1:
            yield from (AnyOf(args[1:]), AnyOf(args[::-1]))
        case Query(where=where) if where is not None:
            yield from (replace(node, where=None), replace(node, where=Not(Not(where))))
        case Const(value=Decimal() as value):
            yield replace(node, value=value + 1)
        case Const(value=Duration() as value):
            yield replace(node, value=replace(value, count=value.count + 1))
        case Dated(value=Decimal() as value):
            yield replace(node, value=value + 1)
        case Dated(value=Duration() as value):
            yield replace(node, value=replace(value, count=value.count + 1))
        case Order.AT_LEAST:
            yield Order.EXCEEDS


def _with(node: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    first, *rest = path
    if isinstance(node, tuple):
        return (*node[:first], _with(node[first], tuple(rest), other), *node[first + 1 :])
    return replace(node, **{first: _with(getattr(node, first), tuple(rest), other)})


def worlds(seed: int, number: int, *contracts: Contract) -> Iterator[tuple[World, ...]]:
    case = case_of(seed, number)
    case = replace(case, records=tuple(map(plain, case.records)), proposed=tuple(map(plain, case.proposed)))
    found = tuple(replace(replace(case, contract=c).world(), draft=True) for c in contracts)
    if found[0].earlier is None:
        yield found


def statuses(world: World, clause: str, number: int) -> list[object]:
    now = max((r.instant for r in world.records), default=0)
    duties = Duties(world, Position(now, LAST_INDEX), now)
    mine = (i for i in duties.of_clause(clause) if i.sentence == number)
    return sorted(repr((i.keys, i.trigger, i.recipient, i.start, i.status, i.since)) for i in mine)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_proved_to_be_the_same_no_history_tells_apart(seed):
    lot = Random(seed)
    old = replace(case_of(seed, 0).contract, scenarios=(), properties=())
    for new in (changed(old, lot) for _ in range(3)):
        both = versions(old, new)
        found = difference(both, QUICK)
        same_acts = {(a.act, a.party) for a in found.acts if a.shift.none}
        asked = {(a.act, a.party) for a in found.acts}
        same_duties = [(s.pair, s.old, s.new) for s in duty_shifts(both, QUICK) if s.same]
        for number in range(HISTORIES):
            for before, after in worlds(seed, number, both.old, new):
                for pair, a, b in same_duties:
                    assert statuses(before, pair.old.id, a.number) == statuses(after, pair.new.id, b.number)
                for one, two in zip(acts_of(before), acts_of(after), strict=True):
                    act = (one.event.type, one.event.by)
                    if act in same_acts or act not in asked:
                        one, two = (replace(x, received=x.instant) for x in (one, two))
                        assert judge_act(before, one).truth is judge_act(after, two).truth, act
