"""Why an act is undecided: one row for each reason, read beside the answers of its statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from smartclause.engines.sql.conditions import Looked, fixed, open_grounds, rails_of, told
from smartclause.engines.sql.history import AnswerWhy, PastWhy
from smartclause.engines.sql.joining import ACT, answers_of, pairs
from smartclause.engines.sql.pieces import (
    Rails,
    Sql,
    both,
    column,
    either,
    inverse,
    is_no,
    joining,
    named,
    only,
    selected,
    source,
    text,
    yes,
)
from smartclause.engines.sql.readings import Why
from smartclause.engines.sql.statement import LOOKED, WIDE, Group, layers, same_act
from smartclause.logic.finding import Reason
from smartclause.rails.formula import Fixed, Force, Ground

OPEN = "open"
BOTH = "|"  # between a kind and the role, where one column holds both


@dataclass(frozen=True)
class _Opened:
    """What is open under undecided verdicts: each with the column that says for which acts."""

    holds: dict[Ground | Reason, Sql]

    def columns(self) -> Iterator[Sql]:
        for number, condition in enumerate(self.holds.values()):
            yield named(condition.copy(), f"r{number}")

    def name(self, ground: Ground | Reason) -> str:
        return f"r{list(self.holds).index(ground)}"


def reasons_statement(group: Group) -> exp.Select | None:
    """Columns: n, place, kind, type, field, role. None where no act of the group can be undecided."""
    opened = _opened(group)
    found = [s for ground in opened.holds for s in _of(group, opened, ground)]
    if not found:
        return None
    every: exp.Expression = found[0]
    for each in found[1:]:
        every = exp.Union(this=every, expression=each, distinct=True)
    statement = selected([exp.Star()], exp.Subquery(this=every, alias=exp.to_identifier("every")))
    relations = [(n, q) for n, q in layers(group) if n != "spoken"]
    for name, query in [*relations, (OPEN, _open(group, opened))]:
        statement = statement.with_(exp.to_identifier(name, quoted=True), as_=query, materialized=True, copy=False)
    return statement


def _opened(group: Group) -> _Opened:
    found: dict[Ground | Reason, list[Sql]] = {}
    for ground, holds in open_grounds(group.lowered.verdict, lambda g: _in_looked(group, g), yes()):
        if not is_no(holds):
            found.setdefault(ground, []).append(holds)
    return _Opened({ground: either(*conditions) for ground, conditions in found.items()})


def _in_looked(group: Group, ground: Ground) -> Looked:
    if isinstance(ground, Fixed):
        return Looked(fixed(ground.truth))
    number = group.grounds.index(ground)
    rails = group.looked[ground].rails
    return Looked(Rails(_kept(rails.is_true, f"t{number}"), _kept(rails.is_false, f"f{number}")))


def _kept(rail: Sql, name: str) -> Sql:
    return rail.copy() if isinstance(rail, exp.Boolean) else column(name, LOOKED)


def _open(group: Group, opened: _Opened) -> exp.Select:
    """Acts whose verdict is unknown, with what is open under it."""
    rails = rails_of(group.lowered.verdict, lambda g: _in_looked(group, g))
    undecided = both(inverse(rails.is_true), inverse(rails.is_false))
    columns = [column("n", LOOKED), column("place", LOOKED), *opened.columns()]
    return only(selected(columns, source(LOOKED)), undecided)


# ---- one relation for each reason


def _of(group: Group, opened: _Opened, ground: Ground | Reason) -> Iterator[exp.Select]:
    here = column(opened.name(ground), OPEN)
    match ground:
        case Reason():
            yield _plain(told(ground, here))
        case Fixed() | Force():
            yield from (_plain(told(reason, here.copy())) for reason in ground.reasons)
        case _:
            for why in group.looked[ground].whys:
                yield _of_act(why, here.copy())
            for past in group.past_whys[ground]:
                yield _of_past(past, here.copy())


def _plain(why: Why) -> exp.Select:
    return only(selected(_row(why, OPEN), source(OPEN)), why.holds)


def _of_act(why: Why, here: Sql) -> exp.Select:
    return only(_acts(why), both(here, why.holds.copy()))


def _acts(why: Why) -> exp.Select:
    return joining(selected(_row(why, OPEN), source(OPEN)), source(WIDE, ACT), same_act(OPEN))


def _of_past(past: PastWhy | AnswerWhy, here: Sql) -> exp.Select:
    """The reason of a candidate: the act with the measures of its past, and its candidates."""
    if isinstance(past, PastWhy):
        candidates = pairs(past.question, WIDE)
    else:
        candidates = answers_of(past.followed, WIDE, past.answered)
    found = joining(candidates, source(OPEN), same_act(OPEN))
    condition = both(here, past.holds.copy(), past.of.holds.copy())
    return only(found.select(*_row(past.of, ACT), copy=False), condition)


def _row(why: Why, table: str) -> list[Sql]:
    kind = why.kind.copy()
    role: Sql = text("") if why.role is None else text(why.role)
    if why.role is not None:
        kind = exp.DPipe(this=kind, expression=text(BOTH))
    told_ = {"kind": kind, "type": why.type.copy(), "field": text(why.field), "role": role}
    return [column("n", table), column("place", table), *(named(value, name) for name, value in told_.items())]


def split(kind: str, role: str) -> tuple[str, str]:
    """Kind and role, wherever the role stood."""
    name, _, told_role = kind.partition(BOTH)
    return name, role or told_role
