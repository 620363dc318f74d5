"""Gates: force of a file as a function of the act's place, and what duties say, read from a relation of their own.

Duties are followed elsewhere; here they are two columns for each question about them, keyed by act and place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlglot import exp

from smartclause.engines.sql.conditions import Looked
from smartclause.engines.sql.ledgers import LEDGER
from smartclause.engines.sql.pieces import (
    Rails,
    Sql,
    both,
    chosen,
    column,
    either,
    one_of,
    settled,
    text,
    texts,
    truth,
    whole,
    yes,
)
from smartclause.engines.sql.readings import Why
from smartclause.logic.contract import Clause, Module
from smartclause.logic.counting import Instant, end_of_day
from smartclause.logic.force import force_begins, holds_at, in_force
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, World
from smartclause.rails.formula import Force, Ground
from smartclause.rails.refused import CannotDo

GATES = "gates"
OF_GATE = "gate "  # before the name of a column, where a reason stands
ACT = "a"
_AFTER_ALL = 2**60


@dataclass(frozen=True, slots=True)
class Gates:
    """The relation of gates has the columns n, place, and for each leaf about breaches and each question what is owed
    two: its name here with `t` (surely) and with `f` (surely not)."""

    columns: dict[Ground, str] = field(default_factory=dict)

    def look(self, ground: Ground, where: str) -> Looked:
        """Why it is unknown stands beside the relation: the reason in SQL only names the column."""
        if ground not in self.columns:
            raise CannotDo("duties", where)
        name = self.columns[ground]
        rails = Rails(settled(column(f"{name}t", ACT)), settled(column(f"{name}f", ACT)))
        return Looked(rails, (Why(yes(), text(f"{OF_GATE}{name}"), text("")),))


@dataclass(frozen=True, slots=True, order=True)
class _Turn:
    """After this position something is otherwise."""

    instant: Instant
    index: int


_Course: TypeAlias = tuple[tuple[_Turn, ...], tuple[Truth, ...]]  # where something is otherwise, and what holds around


def force(world: World, ground: Force, alias: str) -> Rails:
    return _rails(_course(world, ground), alias)


def force_in_ledgers(worlds: Sequence[World], ground: Force, alias: str) -> Rails:
    """Terminations are records: what ends one ledger's contract is nothing to another."""
    found: dict[_Course, list[str]] = {}
    for number, world in enumerate(worlds):
        found.setdefault(_course(world, ground), []).append(str(number))
    rails = [(one_of(column(LEDGER, alias), texts(numbers)), _rails(c, alias)) for c, numbers in found.items()]
    (_, usual), *others = sorted(rails, key=lambda r: len(r[0].args.get("expressions") or ()), reverse=True)
    return Rails(
        chosen([(here.copy(), r.is_true) for here, r in others], usual.is_true),
        chosen([(here.copy(), r.is_false) for here, r in others], usual.is_false),
    )


def _course(world: World, ground: Force) -> _Course:
    module, clause = world.lookup.clauses[ground.clause]
    turns = _turns(world, module)
    samples = [Position(FIRST, -1), *(Position(t.instant, t.index + 1) if t.index < _AFTER_ALL
                                      else Position(t.instant + 1, -1) for t in turns)]  # fmt: skip
    return tuple(turns), tuple(_truth(world, ground, module, clause, at) for at in samples)


def _rails(course: _Course, alias: str) -> Rails:
    turns, found = course
    return Rails(
        _by_turn(turns, [t is Truth.TRUE for t in found], alias),
        _by_turn(turns, [t is Truth.FALSE for t in found], alias),
    )


def _truth(world: World, ground: Force, module: Module, clause: Clause, at: Position) -> Truth:
    inside = in_force if ground.grants else holds_at
    return inside(world, module, clause, min(at.instant, LAST), at)


def _turns(world: World, module: Module) -> list[_Turn]:
    header = module.header
    begins = [force_begins(world, module), *(c.since for c in world.clouds)]
    begins += [world.replaced[module.name]] if module.name in world.replaced else []
    begins += [end_of_day(header.until, header.zone) + 1] if header.until is not None else []
    turns = {_Turn(at - 1, _AFTER_ALL) for at in begins if FIRST < at <= LAST}
    turns |= {_Turn(r.instant, r.event.index) for r in world.of_type("termination")}
    return sorted(turns)


def _by_turn(turns: Sequence[_Turn], values: Sequence[bool], alias: str) -> Sql:
    """The value after the last turn that stands before the act."""
    branches: list[tuple[Sql, Sql]] = []
    for number, (turn, value) in enumerate(zip(turns, values, strict=False)):
        if value is not values[number + 1]:
            branches.append((_not_after(turn, alias), truth(value)))
    return chosen(branches, truth(values[-1]))


def _not_after(turn: _Turn, alias: str) -> Sql:
    at = column("at", alias)
    if turn.index == _AFTER_ALL:
        return exp.LTE(this=at, expression=whole(turn.instant))
    tie = both(
        exp.EQ(this=at.copy(), expression=whole(turn.instant)),
        exp.LTE(this=column("idx", alias), expression=whole(turn.index)),
    )
    return either(exp.LT(this=at, expression=whole(turn.instant)), tie)
