"""Measures of the past by joining each judged act with its candidates. Right for every window, key and doubt; its cost
grows with the product of both, so that it is for what `running` cannot follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from smartclause.engines.sql.pieces import (
    Sql,
    both,
    chosen,
    column,
    either,
    inverse,
    joining,
    named,
    only,
    selected,
    settled,
    source,
    whole,
)
from smartclause.engines.sql.questions import (
    ANSWER,
    CANDIDATE,
    Counted,
    Distinct,
    Exists,
    Followed,
    Last,
    Measure,
    Question,
    Reaches,
    stands_before,
)
from smartclause.engines.sql.sheet import RECORDS

ACT = "a"
ACTS = "acts"
PAIR = "p"


def joined(question: Question) -> Iterator[tuple[str, exp.Select]]:
    """The relations that hold the measures of a question, by name."""
    if question.runs:
        return
    counted = [(n, m) for n, m in enumerate(question.measures) if not isinstance(m, Last)]
    last = [(n, m) for n, m in enumerate(question.measures) if isinstance(m, Last)]
    if counted:
        yield question.alias, _counted(question, counted)
    if last:
        yield f"{question.alias}l", _last(question, last)


def names_of(question: Question) -> Iterator[tuple[str, list[str], list[str]]]:
    """Relation, its columns of measures, and their names beside the act."""
    if question.runs:
        return
    for name, last in ((question.alias, False), (f"{question.alias}l", True)):
        inside = [f"m{n}" for n, m in enumerate(question.measures) if isinstance(m, Last) is last]
        yield name, inside, [f"{question.alias}{i}" for i in inside]


def followed_names(followed: Followed) -> Iterator[tuple[str, list[str], list[str]]]:
    inside = ["o0", "o1", "x0", "x1"]
    yield followed.alias, inside, [f"{followed.alias}{i}" for i in inside]


def pairs(question: Question, acts: str = ACTS) -> exp.Select:
    """Each act with each candidate that may count for it."""
    on = both(
        question.same_keys(ACT)[1],
        stands_before(CANDIDATE, ACT),
        exp.NEQ(this=column("n", CANDIDATE), expression=column("n", ACT)),
        question.possible,
        question.inside(False, column("at", ACT)),
    )
    return joining(selected((), source(acts, ACT)), source(RECORDS, CANDIDATE), on)


def _heads() -> list[Sql]:
    return [column("n", ACT), column("place", ACT)]


def _counted(question: Question, measures: Sequence[tuple[int, Measure]]) -> exp.Select:
    found = [named(_aggregate(question, m), f"m{n}") for n, m in measures]
    return pairs(question).select(*_heads(), *found, copy=False).group_by(*_heads(), copy=False)


def _aggregate(question: Question, measure: Measure) -> Sql:
    match measure:
        case Exists():
            return _any(_condition(question, measure))
        case Reaches():
            count = exp.Sum(this=chosen([(_condition(question, measure), whole(1))], whole(0)))
            return exp.GTE(this=count, expression=whole(measure.number))
        case Counted():
            amount = whole(1) if measure.amount is None else measure.amount.copy()
            return exp.Sum(this=chosen([(_condition(question, measure), amount)], whole(0)))
        case Distinct():
            value = exp.Case(ifs=[exp.If(this=_condition(question, measure), true=measure.value.copy())])
            return exp.Count(this=exp.Distinct(expressions=[value]))
        case _:
            raise AssertionError(measure)


def _condition(question: Question, measure: Exists | Counted | Reaches | Distinct) -> Sql:
    """A record surely counts only with its keys surely the act's, and surely inside the window."""
    if not measure.sure:
        return measure.condition.copy()
    keys, _ = question.same_keys(ACT)
    return both(measure.condition.copy(), keys, question.inside(True, column("at", ACT)))


def _last(question: Question, measures: list[tuple[int, Last]]) -> exp.Select:
    order = exp.Order(
        expressions=[exp.Ordered(this=column(n, CANDIDATE), desc=True, nulls_first=False) for n in ("instant", "idx")]
    )
    rank = exp.Window(this=exp.RowNumber(), partition_by=_heads(), order=order)
    values = [named(m.value.copy(), f"m{n}") for n, m in measures]
    inner = pairs(question).select(*_heads(), *values, named(rank, "rank"), copy=False)
    outer = [column("n"), column("place"), *(column(f"m{n}") for n, _ in measures)]
    first = exp.EQ(this=column("rank"), expression=whole(1))
    return only(selected(outer, exp.Subquery(this=inner, alias=exp.to_identifier("ranked"))), first)


# ---- records that are each followed


def followed_by(followed: Followed) -> Iterator[tuple[str, exp.Select]]:
    """First each pair of act and record with whether it is followed, then what holds of all records of an act."""
    yield f"{followed.alias}p", _pairs_followed(followed)
    yield followed.alias, _all_followed(followed)


def answers_of(followed: Followed, acts: str, answered: bool = False) -> exp.Select:
    """Acts with their records, and the pair of both; with what may follow the record, if asked for."""
    same = both(
        exp.EQ(this=column("n", PAIR), expression=column("n", ACT)),
        exp.EQ(this=column("place", PAIR), expression=column("place", ACT)),
        exp.EQ(this=column("cn", PAIR), expression=column("n", CANDIDATE)),
    )
    found = joining(pairs(followed.question, acts), source(f"{followed.alias}p", PAIR), same)
    return joining(found, source(RECORDS, ANSWER), _follows(followed, plainly=True)) if answered else found


def _follows(followed: Followed, plainly: bool = False) -> Sql:
    """After the record and before the act. `plainly`: by type, doer and key alone."""
    answer = followed.answer
    after = either(
        exp.GT(this=column("instant", ANSWER), expression=column("instant", CANDIDATE)),
        both(
            exp.EQ(this=column("instant", ANSWER), expression=column("instant", CANDIDATE)),
            exp.GT(this=column("idx", ANSWER), expression=column("idx", CANDIDATE)),
        ),
    )
    place = both(answer.same_keys(CANDIDATE)[1], after, stands_before(ANSWER, ACT))
    if plainly:
        return both(answer.may_be_type, answer.done_by()[1], place)
    return both(answer.possible, place, answer.inside(False, column("at", ACT)))


def _pairs_followed(followed: Followed) -> exp.Select:
    """`t0`, `t1`: surely followed, without and with doubt. `f`: surely not. `s0`, `s1`: the record surely counts."""
    answer, now = followed.answer, column("at", ACT)
    ready = answer.ready()
    heads = [*_heads(), column("n", CANDIDATE)]
    surely, _ = answer.same_keys(CANDIDATE)
    found = joining(pairs(followed.question), source(RECORDS, ANSWER), _follows(followed), "left")
    columns = [column("n", ACT), column("place", ACT), named(column("n", CANDIDATE), "cn")]
    for doubt in (False, True):
        sure = both(answer.sure(doubt), surely.copy(), answer.inside(True, now), ready.copy())
        columns.append(named(_any(settled(sure)), f"t{int(doubt)}"))
    none = exp.EQ(this=exp.Count(this=column("n", ANSWER)), expression=whole(0))
    unseen = _any(followed.unseen.reaching(column("instant", CANDIDATE)))
    columns.append(named(both(none, inverse(unseen), _any(ready.copy())), "f"))
    columns.append(named(_any(ready.copy()), "ready"))
    for doubt in (False, True):
        condition = Exists(followed.question.sure(doubt), True)
        columns.append(named(_any(_condition(followed.question, condition)), f"s{int(doubt)}"))
    return found.select(*columns, copy=False).group_by(*heads, copy=False)


def _any(condition: Sql) -> Sql:
    flag = exp.Max(this=chosen([(condition, whole(1))], whole(0)))
    return exp.EQ(this=flag, expression=whole(1))


def _all_followed(followed: Followed) -> exp.Select:
    """`o0`, `o1`: some record is not surely followed; `x0`, `x1`: some sure record surely is not."""
    columns: list[Sql] = [column("n"), column("place")]
    for d in ("0", "1"):
        columns.append(named(_most(inverse(column(f"t{d}"))), f"o{d}"))
        columns.append(named(_most(both(column(f"s{d}"), column("f"))), f"x{d}"))
    return selected(columns, source(f"{followed.alias}p")).group_by(column("n"), column("place"), copy=False)


def _most(condition: Sql) -> Sql:
    return exp.Max(this=chosen([(condition, whole(1))], whole(0)))
