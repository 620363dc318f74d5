"""How many acts of a group have each verdict, and how many each state of each clause.

Of few clauses the states of an act are one number, so that a database counts few different ones and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from smartclause.engines.sql.pieces import Sql, added, chosen, column, named, selected, whole
from smartclause.engines.sql.profile import DIALECT
from smartclause.engines.sql.statement import STATES, Group, grouped_statement, grouping_for, statement

VERDICT = ""  # where the name of a clause may stand
VERDICTS = 3
ANSWERS = "answers"
MOST_TOGETHER = 21  # 3 verdicts by 7 states of so many clauses are a number of 64 bits
Count = tuple[str, int, int]  # clause or VERDICT, code of its state, acts


def clause_columns(group: Group) -> dict[str, str]:
    """Clause and the column of its state."""
    found: dict[str, str] = {}
    for number, norm in enumerate(group.lowered.norms):
        found.setdefault(norm.clause, f"c{number}")
    return found


@dataclass(frozen=True)
class Counting:
    """The statement that counts, and what its rows say."""

    group: Group

    @property
    def names(self) -> dict[str, str]:
        return {VERDICT: "verdict", **clause_columns(self.group)}

    @property
    def together(self) -> bool:
        return len(self.names) - 1 <= MOST_TOGETHER

    @cached_property
    def query(self) -> exp.Select:
        grouping = grouping_for(self.group)
        inner = statement(self.group, leaves=False) if grouping is None else grouped_statement(self.group, grouping)
        if not self.together:
            return selected(self._sums(whole(1) if grouping is None else column("uses")), answers(inner))
        acts: Sql = exp.Count(this=exp.Star()) if grouping is None else exp.Sum(this=column("uses"))
        columns = [named(packed(self.names.values()), "code"), named(acts, "acts")]
        return selected(columns, answers(inner)).group_by(exp.Literal.number(1), copy=False)

    @cached_property
    def text(self) -> str:
        return self.query.sql(DIALECT)

    def read(self, rows: Iterable[Sequence[int]]) -> Iterator[Count]:
        if self.together:
            return (each for code, acts in rows for each in unpacked(self.names, code, acts))
        (row,) = rows
        return ((name, code, acts or 0) for (name, code), acts in zip(self._keys(), row, strict=True) if acts)

    def _keys(self) -> Iterator[tuple[str, int]]:
        for name in self.names:
            yield from ((name, code) for code in range(size_of(name)))

    def _sums(self, weight: Sql) -> Iterator[Sql]:
        columns = self.names
        for number, (name, code) in enumerate(self._keys()):
            here = exp.EQ(this=column(columns[name]), expression=whole(code))
            yield named(exp.Sum(this=chosen([(here, weight.copy())], whole(0))), f"s{number}")


def size_of(name: str) -> int:
    return VERDICTS if name == VERDICT else len(STATES)


def answers(inner: exp.Select) -> exp.Subquery:
    return exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(ANSWERS, quoted=True)))


def packed(columns: Iterable[str]) -> Sql:
    """The verdict and the states of an act as one number."""
    found: Sql | None = None
    size = 1
    for name in columns:
        digit: Sql = exp.cast(column(name), "BIGINT")
        digit = exp.Mul(this=digit, expression=whole(size)) if size > 1 else digit
        found = digit if found is None else added(found, digit)
        size *= VERDICTS if size == 1 else len(STATES)
    assert found is not None
    return found


def unpacked(names: Iterable[str], code: int, acts: int) -> Iterator[Count]:
    for name in names:
        code, digit = divmod(code, size_of(name))
        yield name, digit, acts
