"""What changes with the calendar: parameters, edges of concepts. Cut into stretches in each of which nothing does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from smartclause.logic.contract import ListKind
from smartclause.logic.counting import Instant, end_of_day, start_of_day
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Parameter, Value


@dataclass(frozen=True, slots=True)
class Stated:
    """A constant, or a parameter inside one stretch. `value` None: it has none then."""

    value: Value | None
    open_list: bool = False


def of_parameter(lookup: Lookup, name: str) -> Iterator[Instant]:
    """The instants from which on another value may hold."""
    zone = zone_of(lookup, name)
    for dated in lookup.parameters[name].values:
        yield from _ends(dated.since, dated.until, zone)


def of_concepts(lookup: Lookup, zone: str) -> Iterator[Instant]:
    vocabulary = lookup.contract.vocabulary
    for edge in vocabulary.edges:
        yield from _ends(edge.since, edge.until, zone)
    for group in vocabulary.disjoint:
        yield from _ends(group.since, group.until, zone)


def zone_of(lookup: Lookup, parameter: str) -> str:
    return lookup.modules[parameter.rpartition(".")[0]].header.zone


def _ends(since: date | None, until: date | None, zone: str) -> Iterator[Instant]:
    if since is not None:
        yield start_of_day(since, zone)
    if until is not None and until != date.max:
        yield end_of_day(until, zone) + 1


def stretches(changes: Iterable[Instant]) -> tuple[tuple[Instant, ...], tuple[Instant, ...]]:
    """The instants of change in order, and one instant inside each of the stretches that they part."""
    cuts = tuple(sorted(set(changes)))
    return cuts, ((cuts[0] - 1 if cuts else 0), *cuts)


def stated(lookup: Lookup, expression: Const | Parameter, at: Instant) -> Stated:
    if isinstance(expression, Const):
        return Stated(expression.value)
    found, zone = lookup.parameters[expression.name], zone_of(lookup, expression.name)
    for dated in found.values:
        begins = dated.since is None or at >= start_of_day(dated.since, zone)
        if begins and (dated.until is None or at <= end_of_day(dated.until, zone)):
            return Stated(dated.value, found.list_kind is ListKind.OPEN)
    return Stated(None)
