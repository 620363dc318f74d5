"""Standing duties (design 2.9): the instants at which a condition on history can change, and its stretches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from smartclause.logic.contract import Clause, Dated, Disjoint, Edge, Module, Standing
from smartclause.logic.counting import Duration, Instant, due, end_of_day, start_of_day, valid_until, window_start
from smartclause.logic.evaluate import judge
from smartclause.logic.finding import Finding, Reason
from smartclause.logic.force import force_begins, in_force
from smartclause.logic.history import dated_ends, period_of
from smartclause.logic.instances import AFTER_ALL, nobody
from smartclause.logic.record import Event
from smartclause.logic.terms import (
    TRUE,
    AnyOf,
    Const,
    CountDistinct,
    Covers,
    Not,
    Parameter,
    Query,
    Term,
    Value,
    walk,
)
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, Record

if TYPE_CHECKING:
    from smartclause.logic.duties import Duties


_HOUR = 3_600_000_000
# From the first instant of a day, month or year this far lies inside the next one, whatever clocks do.
_INTO_THE_NEXT: Mapping[str, Instant] = MappingProxyType(
    {"day": 36 * _HOUR, "month": 32 * 24 * _HOUR, "year": 367 * 24 * _HOUR}
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The condition had this truth from `start` up to before `end`; `end` None: still so."""

    start: Instant
    end: Instant | None
    finding: Finding


def stretches(duties: Duties, module: Module, clause: Clause, duty: Standing) -> Iterator[tuple[Value | None, Stretch]]:
    for key in _keys(duties, duty):
        for stretch in _of_key(duties, module, clause, duty, key):
            yield key, stretch


def _keys(duties: Duties, duty: Standing) -> list[Value | None]:
    """The values of the key in the records that the condition reads."""
    if not duty.for_each:
        return [None]
    kinds = {q.event for q in walk(duty.condition) if isinstance(q, Query)}
    found = {
        r.event.facts[duty.for_each]
        for kind in kinds
        for r in duties.world.of_type(kind)
        if r.position < duties.before and duty.for_each in r.event.facts
    }
    return sorted(found, key=str)


def _of_key(duties: Duties, module: Module, clause: Clause, duty: Standing, key: Value | None) -> Iterator[Stretch]:
    current: Stretch | None = None
    for instant in _instants(duties, module, duty, _imposed(clause, duty)):
        force = in_force(duties.world, module, clause, instant)
        if force is Truth.FALSE:
            if current is not None:
                yield replace(current, end=instant)
            current = None
            continue
        finding = _judged(duties, module, clause, duty, key, instant, force)
        if current is not None and current.finding.truth is finding.truth:
            current = replace(current, finding=finding)
            continue
        if current is not None:
            yield replace(current, end=instant)
        current = Stretch(instant, None, finding)
    if current is not None:
        yield current


def _imposed(clause: Clause, duty: Standing) -> Term:
    """What must hold: the condition, wherever the clause applies."""
    return duty.condition if clause.applies == TRUE else AnyOf((Not(clause.applies), duty.condition))


def _judged(
    duties: Duties, module: Module, clause: Clause, duty: Standing, key: Value | None, at: Instant, force: Truth
) -> Finding:
    facts = {duty.for_each: key} if duty.for_each and key is not None else {}
    kinds = [q.event for q in walk(duty.condition) if isinstance(q, Query)]
    record = Record(Event("", kinds[0] if kinds else "", at, duty.party, facts=facts), at, at)
    before = min(Position(at, AFTER_ALL), duties.before)
    finding = judge(_imposed(clause, duty), duties.view(module, record, duty.party, before, favour=True))
    if force is Truth.UNKNOWN and finding.truth is Truth.FALSE:
        return Finding(None, Truth.UNKNOWN, (finding,), (Reason("not in force", detail=module.name),))
    return finding


def _instants(duties: Duties, module: Module, duty: Standing, term: Term) -> list[Instant]:
    """Start of force (and the start agreed) and its end, each record read, each run-out, window starts, dated
    values and edges, and where sources fall silent, or their silence falls out of `within`: where alone the truth
    can change."""
    header = module.header
    first = force_begins(duties.world, module)
    if duty.after is not None:
        period = duties._period(module, duty.after, first)
        first = first if period is None else due(first, period, header.rule, header.zone).earliest + 1
    found = {first, *_ends(duties, module), *(i for c in duties.world.clouds for i in (c.since, c.until + 1))}
    for query in (q for q in walk(term) if isinstance(q, Query)):
        for record in duties.world.of_type(query.event):
            found |= {record.instant, *_run_out(duties, module, duty, query, record.instant)}
        for cloud in duties.world.clouds:
            lasts = (cloud.until, *dated_ends(query, cloud.since, cloud.until, duties.world.lookup))
            found.update(*(_run_out(duties, module, duty, query, i) for i in lasts if i <= duties.now))
        found |= _window_starts(duties, module, query, first)
    found |= _dated(duties, module, term)
    return sorted(i for i in found if first <= i <= duties.now)


def _ends(duties: Duties, module: Module) -> Iterator[Instant]:
    """Where force may end: after its last day, after a termination."""
    if module.header.until is not None:
        yield end_of_day(module.header.until, module.header.zone) + 1
    if module.name in duties.world.replaced:
        yield duties.world.replaced[module.name]
    yield from (r.instant + 1 for r in duties.world.of_type("termination"))


def _dated(duties: Duties, module: Module, term: Term) -> set[Instant]:
    """Where a dated value begins or ends; and a dated edge, if concepts are compared."""
    lookup = duties.world.lookup
    found: set[Instant] = set()
    for node in walk(term):
        if isinstance(node, Parameter):
            zone = lookup.modules[node.name.rpartition(".")[0]].header.zone
            found |= _borders(lookup.parameters[node.name].values, zone)
        if isinstance(node, Covers | CountDistinct):
            vocabulary = lookup.contract.vocabulary
            found |= _borders((*vocabulary.edges, *vocabulary.disjoint), module.header.zone)
    return found


def _borders(dated: Iterable[Dated | Edge | Disjoint], zone: str) -> set[Instant]:
    begins = {start_of_day(d.since, zone) for d in dated if d.since is not None}
    return begins | {end_of_day(d.until, zone) + 1 for d in dated if d.until is not None}


def _run_out(duties: Duties, module: Module, duty: Standing, query: Query, at: Instant) -> set[Instant]:
    """One instant after what was recorded then, or may have been, falls out of `within`."""
    if not isinstance(query.within, Const | Parameter):
        return set()
    view = duties.view(module, nobody(duty.party, at), duty.party, duties.before, favour=True)
    period = period_of(query.within, view).value
    if not isinstance(period, Duration):
        return set()
    span = valid_until(at, period, module.header.rule, module.header.zone)
    return {span.earliest + 1} | ({span.latest + 1} if span.latest is not None else set())


def _window_starts(duties: Duties, module: Module, query: Query, first: Instant) -> set[Instant]:
    if query.within not in ("day", "month", "year"):
        return set()
    zone, found = module.header.zone, set()
    start = window_start(max(first, _earliest(duties)), query.within, zone)
    while start <= duties.now and start not in found:
        found.add(start)
        start = window_start(min(start + _INTO_THE_NEXT[query.within], duties.now), query.within, zone)
    return found


def _earliest(duties: Duties) -> Instant:
    """Before it no window held anything that could fall out of it: no record, no silence that ended."""
    world = duties.world
    return min((duties.now, *(r.instant for r in world.records[:1]), *(c.until for c in world.clouds)))
