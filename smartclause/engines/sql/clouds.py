"""Clouds in SQL: at which instants something unseen may still matter to a query. All are known before any row is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from smartclause.engines.sql.dated import changes_of_parameter, until_of
from smartclause.engines.sql.needs import Window
from smartclause.engines.sql.pieces import Sql, both, either, text, whole
from smartclause.engines.sql.readings import Why
from smartclause.logic.instants import FIRST, LAST, Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Parameter, Query
from smartclause.logic.world import Cloud, may_record


@dataclass(frozen=True, slots=True)
class Overcast:
    """The clouds that may hold an answer to the query, with where each of them matters."""

    query: Query
    found: tuple[tuple[Cloud, Sql], ...]

    def any(self) -> Sql:
        return either(*(c.copy() for _, c in self.found))

    def reaching(self, instant: Sql) -> Sql:
        """Some that may hold a record later than this one."""
        return either(
            *(both(c.copy(), exp.GTE(this=whole(cloud.until), expression=instant.copy())) for cloud, c in self.found)
        )

    def whys(self) -> tuple[Why, ...]:
        return tuple(
            Why(c.copy(), text(cloud.reason), text(self.query.event), role=cloud.source.name) for cloud, c in self.found
        )


def overcast(lookup: Lookup, clouds: tuple[Cloud, ...], query: Query, module: str, at: Sql) -> Overcast:
    kinds = lookup.relevant_types(query.event)
    concerned = [c for c in clouds if any(may_record(lookup, c.source, kind) for kind in kinds)]
    return Overcast(query, tuple((c, _matters(lookup, c, query, module, at)) for c in concerned))


def _matters(lookup: Lookup, cloud: Cloud, query: Query, module: str, at: Sql) -> Sql:
    conditions: list[Sql] = []
    if cloud.since > FIRST:
        conditions.append(exp.GTE(this=at.copy(), expression=whole(cloud.since)))
    reach = _reach(lookup, cloud, query, module)
    if reach is not None and reach < LAST:
        conditions.append(exp.LTE(this=at.copy(), expression=whole(reach)))
    return both(*conditions)


def _reach(lookup: Lookup, cloud: Cloud, query: Query, module: str) -> Instant | None:
    """Until when a record somewhere in the cloud could still lie in the window; None: for ever."""
    if query.within is None or cloud.until >= LAST:
        return None
    header = lookup.modules[module].header
    window = Window(query.within, header.rule, header.zone)
    instants = [cloud.until]
    if isinstance(query.within, Parameter):
        ends = [change - 1 for change in changes_of_parameter(lookup, query.within.name)]
        instants += [end for end in ends if cloud.since <= end <= cloud.until]
    found = [until_of(lookup, window, max(i, FIRST))[1] for i in instants]
    return None if None in found else max(f for f in found if f is not None)
