"""The audit as text, to be run where the rows already are: one statement for each type of act and doer.

The reader's table has one row for each event: `row` (its number, in the order of events of one instant), `type`, `time`
(microseconds UTC), `by`, and a column for each fact under its name. Nothing is assumed of what the columns hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.errors import ErrorLevel, UnsupportedError

from smartclause.engines.sql.column_types import kinds_of_facts
from smartclause.engines.sql.each_use import rows_of
from smartclause.engines.sql.gates import Gates
from smartclause.engines.sql.needs import needs_of
from smartclause.engines.sql.pieces import column, named, selected, source
from smartclause.engines.sql.plain_rows import Laying
from smartclause.engines.sql.profile import DIALECT, SOURCE, Profile, TypeCount
from smartclause.engines.sql.sheet import RECORDS
from smartclause.engines.sql.spark import DIALECT as SPARK
from smartclause.engines.sql.spark import in_its_words
from smartclause.engines.sql.statement import group_of
from smartclause.logic.instants import LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.world import World
from smartclause.rails.lowering import Lowered, lower_verdict
from smartclause.rails.refused import CannotDo

_NO_MEMBERS = ("postgres", "snowflake")  # `a.b` is the column b of a table a there


@dataclass(frozen=True, slots=True)
class Printed:
    """Of acts of `type` by `party` (empty: of nobody)."""

    type: str
    party: str
    text: str


def printed(lookup: Lookup, dialect: str, table: str) -> Iterator[Printed]:
    """As if all parties had signed. Raises CannotDo, also for what the dialect cannot say."""
    world = World(lookup, (), LAST, draft=True)
    profile = _anything(lookup)
    for kind in lookup.types.values():
        if lookup.is_act(kind.name):
            for party in _spoken_to(lookup, kind.name):
                lowered = lower_verdict(lookup, kind.name, party, {}, draft=True)
                yield Printed(kind.name, party, _text(world, profile, lowered, dialect, table))


def _spoken_to(lookup: Lookup, kind: str) -> tuple[str, ...]:
    """Parties on whose acts of this type some sentence speaks; of the others nothing depends on a row."""
    parties = dict.fromkeys(p.name for m in lookup.contract.modules for p in m.parties)
    return tuple(p for p in parties if lower_verdict(lookup, kind, p, {}, draft=True).norms)


def _text(world: World, profile: Profile, lowered: Lowered, dialect: str, table: str) -> str:
    needs = needs_of(world.lookup, [lowered])
    laid = Laying(world.lookup, profile, needs, ((lowered.type, lowered.party),), attested=True, whys=False).laid()
    if laid.days:
        raise CannotDo("a window of calendar days outside a table that is read", lowered.type)
    statement = rows_of(group_of(world, laid.sheet, lowered, Gates()), world.lookup, grouped=False)
    every = exp.Column(this=exp.Star(), table=exp.Identifier(this=table, quoted=True))
    rows = selected([every, named(column("row", table), "file_row")], source(table))
    for name, query in ((SOURCE, rows), (RECORDS, laid.rows)):
        statement = statement.with_(exp.to_identifier(name, quoted=True), as_=query, copy=False)
    _need_words(statement, dialect, lowered.type)
    try:
        if dialect == SPARK:
            return in_its_words(statement).sql(dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)
        return statement.sql(dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        raise CannotDo(f"{dialect}: {error}", lowered.type) from None


def _need_words(statement: exp.Expression, dialect: str, place: str) -> None:
    """Raises CannotDo for what is spelled in so many ways that the text would be a guess."""
    if dialect not in (DIALECT, SPARK) and any(
        isinstance(each, exp.Anonymous | exp.ArraySize) for each in statement.find_all(exp.Func)
    ):
        raise CannotDo(f"{dialect}: sets of concepts", place)
    if dialect in _NO_MEMBERS and statement.find(exp.Dot) is not None:
        raise CannotDo(f"{dialect}: amounts of money, which are read from a column with two members", place)


def _anything(lookup: Lookup) -> Profile:
    """A table of which nothing is known but its columns."""
    facts = kinds_of_facts(lookup)
    columns = {"type": "VARCHAR", "time": "BIGINT", "by": "VARCHAR", **facts}
    doers = (None, *dict.fromkeys(p.name for m in lookup.contract.modules for p in m.parties), "anyone else")
    counts = tuple(TypeCount(t, by, 2, dict.fromkeys(facts, 1)) for t in lookup.types for by in doers)
    counts = (*counts, TypeCount("another type", None, 2, dict.fromkeys(facts, 1)))
    return Profile(columns, facts, counts, timeless=1)
