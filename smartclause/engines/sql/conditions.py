"""Formulas as SQL, given the rails of what they rest on: only `and`, `or`, `not` and counting, over two values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from sqlglot import exp

from smartclause.engines.sql.pieces import (
    Rails,
    Sql,
    added,
    both,
    chosen,
    either,
    grouped,
    inverse,
    is_no,
    no,
    text,
    truth,
    whole,
)
from smartclause.engines.sql.readings import Why
from smartclause.logic.finding import Reason
from smartclause.logic.truth import Truth
from smartclause.rails.formula import (
    AtBestUnknown,
    AtLeast,
    Each,
    Either,
    Fixed,
    Force,
    Formula,
    Ground,
    Inverse,
    Leaf,
    Owed,
    parts,
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a ground is for a row. `whys` hold only where the ground is unknown; those of the past stand apart."""

    rails: Rails
    whys: tuple[Why, ...] = ()


Look: TypeAlias = Callable[[Ground], Looked]


def fixed(value: Truth) -> Rails:
    return Rails(truth(value is Truth.TRUE), truth(value is Truth.FALSE))


def unknown(rails: Rails) -> Sql:
    return both(inverse(rails.is_true.copy()), inverse(rails.is_false.copy()))


def rails_of(formula: Formula, look: Look) -> Rails:
    match formula:
        case Inverse():
            return rails_of(formula.arg, look).inverse()
        case Each():
            found = [rails_of(a, look) for a in formula.args]
            return Rails(both(*(r.is_true for r in found)), either(*(r.is_false for r in found)))
        case Either():
            found = [rails_of(a, look) for a in formula.args]
            return Rails(either(*(r.is_true for r in found)), both(*(r.is_false for r in found)))
        case AtLeast():
            return _at_least(formula.count, [rails_of(a, look) for a in formula.args])
        case AtBestUnknown():
            return Rails(no(), rails_of(formula.arg, look).is_false)
        case Fixed():
            return fixed(formula.truth)
        case Leaf() | Force() | Owed():
            return look(formula).rails
        case _:
            assert_never(formula)


def _at_least(count: int, found: list[Rails]) -> Rails:
    if not found:
        return Rails(truth(count <= 0), truth(count > 0))
    sure = _number([r.is_true for r in found])
    possible = _number([inverse(r.is_false) for r in found])
    return Rails(
        exp.GTE(this=sure, expression=whole(count)),
        exp.LT(this=possible, expression=whole(count)),
    )


def _number(conditions: list[Sql]) -> Sql:
    found = chosen([(conditions[0], whole(1))], whole(0))
    for each in conditions[1:]:
        found = added(found, chosen([(each, whole(1))], whole(0)))
    return grouped(found)


def open_grounds(formula: Formula, look: Look, gate: Sql) -> Iterator[tuple[Ground | Reason, Sql]]:
    """What is unknown under unknown parts only, each with where that is so."""
    mine = both(gate.copy(), unknown(rails_of(formula, look)))
    if is_no(mine):
        return
    match formula:
        case AtBestUnknown():
            yield formula.reason, both(mine, rails_of(formula.arg, look).is_true)
            yield from open_grounds(formula.arg, look, mine)
        case Fixed() | Force() | Leaf() | Owed():
            yield formula, mine
        case _:
            for part in parts(formula):
                yield from open_grounds(part, look, mine)


def whys_of(formula: Formula, look: Look, gate: Sql) -> Iterator[Why]:
    """The reasons under unknown parts of unknown terms, each with where it holds."""
    for ground, holds in open_grounds(formula, look, gate):
        match ground:
            case Reason():
                yield told(ground, holds)
            case Fixed() | Force():
                yield from (told(reason, holds.copy()) for reason in ground.reasons)
            case _:
                yield from (replace(w, holds=both(holds.copy(), w.holds.copy())) for w in look(ground).whys)


def told(reason: Reason, holds: Sql) -> Why:
    return Why(holds, text(reason.kind), text(reason.type), reason.field, reason.role)
