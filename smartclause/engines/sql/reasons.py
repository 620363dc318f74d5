"""Why an act is undecided: one row for each reason, read beside the answers of its statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqlglot import exp

from smartclause.engines.sql.conditions import Looked, fixed, open_grounds, rails_of, told
from smartclause.engines.sql.joining import ACT, answers_of, pairs
from smartclause.engines.sql.past import AnswerWhy, PastWhy
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
    whole,
    yes,
)
from smartclause.engines.sql.questions import Followed, Question
from smartclause.engines.sql.readings import Why
from smartclause.engines.sql.statement import LOOKED, WIDE, Group, layers, same_act
from smartclause.logic.finding import Reason
from smartclause.rails.formula import Fixed, Force, Ground

OPEN, NUMBERS = "open", "numbers"
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
    gathered: dict[Where, _Gathered] = {}
    for ground in opened.holds:
        for where_, why in _of(group, opened, ground):
            gathered.setdefault(where_, _Gathered({})).add(why)
    found = [_rows(where_, each) for where_, each in gathered.items()]
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


# ---- one relation for all reasons that are read from the same rows


@dataclass(frozen=True, slots=True)
class Where:
    """The rows that tell a reason: the open acts, the acts with their past, the candidates of a question, or what
    should follow them."""

    kind: str
    source: Question | Followed | None = field(default=None, compare=False)
    number: int = 0


@dataclass(frozen=True)
class _Gathered:
    """Reasons by what they say, each with where it holds."""

    holds: dict[tuple[Sql, Sql, str, str | None], list[Sql]]

    def add(self, why: Why) -> None:
        self.holds.setdefault((why.kind, why.type, why.field, why.role), []).append(why.holds)

    def whys(self) -> list[Why]:
        return [Why(either(*conditions), *said) for said, conditions in self.holds.items()]


def _of(group: Group, opened: _Opened, ground: Ground | Reason) -> Iterator[tuple[Where, Why]]:
    here = column(opened.name(ground), OPEN)
    match ground:
        case Reason():
            yield Where("open"), told(ground, here)
        case Fixed() | Force():
            yield from ((Where("open"), told(reason, here.copy())) for reason in ground.reasons)
        case _:
            for why in group.looked[ground].whys:
                yield Where("act"), replace(why, holds=both(here.copy(), why.holds.copy()))
            for past in group.past_whys[ground]:
                holds = both(here.copy(), past.holds.copy(), past.of.holds.copy())
                yield _where_of(past), replace(past.of, holds=holds)


def _where_of(past: PastWhy | AnswerWhy) -> Where:
    if isinstance(past, PastWhy):
        return Where("candidate", past.question, past.question.number)
    return Where("answer" if past.answered else "followed", past.followed, past.followed.number)


def _from(where_: Where) -> tuple[exp.Select, str]:
    """The rows, and the alias that has the act's number and place."""
    match where_.kind, where_.source:
        case "candidate", Question() as question:
            return joining(pairs(question, WIDE), source(OPEN), same_act(OPEN)), ACT
        case kind, Followed() as followed:
            candidates = answers_of(followed, WIDE, kind == "answer")
            return joining(candidates, source(OPEN), same_act(OPEN)), ACT
        case "act", _:
            return joining(selected((), source(OPEN)), source(WIDE, ACT), same_act(OPEN)), OPEN
        case _:
            return selected((), source(OPEN)), OPEN


def _rows(where_: Where, gathered: _Gathered) -> exp.Select:
    """One row for each reason that holds: the rows are met with the numbers of the reasons."""
    whys = gathered.whys()
    found, alias = _from(where_)
    if len(whys) == 1:
        return only(found.select(*_row(whys[0], alias), copy=False), whys[0].holds)
    numbers = exp.Values(
        expressions=[exp.Tuple(expressions=[whole(n)]) for n in range(len(whys))],
        alias=exp.TableAlias(
            this=exp.to_identifier(NUMBERS, quoted=True), columns=[exp.to_identifier("i", quoted=True)]
        ),
    )
    told_ = [_row(why, alias)[2:] for why in whys]
    names = ("kind", "type", "field", "role")
    columns = [named(_numbered([row[c].this for row in told_]), name) for c, name in enumerate(names)]
    found = found.join(numbers, join_type="cross", copy=False)
    holds = _numbered([why.holds for why in whys])
    return only(found.select(column("n", alias), column("place", alias), *columns, copy=False), holds)


def _numbered(values: list[Sql]) -> Sql:
    """The value of the number in view."""
    if all(value == values[0] for value in values):
        return values[0]
    number = column("i", NUMBERS)
    return exp.Case(this=number, ifs=[exp.If(this=whole(n), true=value.copy()) for n, value in enumerate(values)])


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
