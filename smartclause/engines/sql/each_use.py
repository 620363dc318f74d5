"""Each use as a row: its number, type, doer and decision, and the state of every clause in words."""

from __future__ import annotations

from sqlglot import exp

from smartclause.engines.sql.counting import ANSWERS, answers, clause_columns
from smartclause.engines.sql.grouping import Grouping
from smartclause.engines.sql.pieces import (
    Sql,
    added,
    both,
    chosen,
    column,
    joining,
    named,
    nothing,
    selected,
    source,
    text,
    whole,
)
from smartclause.engines.sql.profile import SOURCE
from smartclause.engines.sql.statement import STATES, Group, by_key, grouped_statement, grouping_for, statement
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import Decision

DECISIONS = (Decision.REFUSED, Decision.UNDECIDED, Decision.ALLOWED)  # by code
KEYS = "keys"


def rows_of(group: Group, lookup: Lookup, grouped: bool = True) -> exp.Select:
    grouping = grouping_for(group) if grouped else None
    rows = answers(statement(group, leaves=False))
    mine = clause_columns(group)
    columns: list[Sql] = [
        named(added(column("n", _rows_name(grouping)), whole(1)), "row"),
        named(text(group.lowered.type), "type"),
        named(text(group.lowered.party), "by"),
        named(_word(column("verdict", ANSWERS), [d.value for d in DECISIONS]), "decision"),
    ]
    for _, clause in lookup.all_clauses():
        state = _word(column(mine[clause.id], ANSWERS), STATES) if clause.id in mine else text(STATES[0])
        columns.append(named(state, clause.id))
    if grouping is None:
        return selected(columns, rows)
    same = both(*(exp.EQ(this=column(n, KEYS), expression=column(n, ANSWERS)) for n in grouping.names()))
    keys = exp.Subquery(this=by_key(group, grouping), alias=exp.TableAlias(this=exp.to_identifier(KEYS, quoted=True)))
    return joining(selected(columns, keys), answers(grouped_statement(group, grouping)), same)


def _rows_name(grouping: Grouping | None) -> str:
    return ANSWERS if grouping is None else KEYS


def no_rows(lookup: Lookup) -> exp.Select:
    """The same columns, of a table without uses."""
    names = ("type", "by", "decision", *(c.id for _, c in lookup.all_clauses()))
    columns = [named(nothing("BIGINT"), "row"), *(named(nothing("VARCHAR"), n) for n in names)]
    return selected(columns, source(SOURCE)).where(exp.Boolean(this=False), copy=False)


def _word(code: Sql, words: list[str] | tuple[str, ...]) -> Sql:
    branches = [(exp.EQ(this=code.copy(), expression=whole(n)), text(word)) for n, word in enumerate(words[:-1])]
    return chosen(branches, text(words[-1]))
