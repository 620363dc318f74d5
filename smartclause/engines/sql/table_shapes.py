"""What a verdict on a row of a table may depend on: rows of some types with the same keys, so far back in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smartclause.engines.sql.gated import duty_grounds
from smartclause.engines.sql.needs import Within, leaves_of, queries
from smartclause.engines.sql.questions import length_of
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, EveryFollowed, Parameter, walk
from smartclause.logic.world import World
from smartclause.rails.formula import Leaf
from smartclause.rails.lowering import Lowered, lower_verdict

_DAY = 86_400_000_000
_OF_UNIT = {Unit.DAY: 1, Unit.MONTH: 31, Unit.YEAR: 366}
_CALENDAR = {"day": 1, "month": 31, "year": 366}
_SLACK = 3 * _DAY  # of a day that ends late, of a month that begins early, of clocks that are changed
STRANGER = "\N{REPLACEMENT CHARACTER}"  # a doer that no contract can name


@dataclass(frozen=True, slots=True)
class Shape:
    """`length`: no longer back than so many microseconds; None: however long."""

    types: tuple[str, ...]
    keys: tuple[str, ...]
    length: int | None


def shapes_of(world: World, kinds: Iterable[str]) -> dict[Shape, frozenset[str]]:
    """By shape the kinds of acts whose verdict looks at the past so, whoever does them."""
    found: dict[Shape, set[str]] = {}
    for kind, lowered in _verdicts(world, kinds):
        for leaf in leaves_of(lowered):
            for shape in _shapes(world.lookup, leaf):
                found.setdefault(shape, set()).add(kind)
    return {shape: frozenset(acts) for shape, acts in found.items()}


def duties_decide(world: World, kinds: Iterable[str]) -> bool:
    """Whether the verdict on such an act, whoever does it, asks what is owed or was missed."""
    return any(duty_grounds(lowered) for _, lowered in _verdicts(world, kinds))


def _verdicts(world: World, kinds: Iterable[str]) -> Iterator[tuple[str, Lowered]]:
    parties = dict.fromkeys([*(p.name for m in world.lookup.contract.modules for p in m.parties), "", STRANGER])
    for kind in kinds:
        yield from ((kind, lower_verdict(world.lookup, kind, p, world.signed, world.draft)) for p in parties)


def _shapes(lookup: Lookup, leaf: Leaf) -> Iterator[Shape]:
    """What should follow a record has the record's keys, not the act's: any of them may matter."""
    followers = {node.answer for node in walk(leaf.term) if isinstance(node, EveryFollowed)}
    for query in queries(leaf.term):
        types = lookup.relevant_types(query.event)
        if query in followers:
            yield Shape(types, (), None)
        else:
            yield Shape(types, query.keys, longest(lookup, query.within))


def longest(lookup: Lookup, within: Within | None) -> int | None:
    """A length that no window of this kind has more of."""
    if within is None:
        return None
    exact = length_of(lookup, within)
    if exact is not None:
        return exact
    if isinstance(within, str):
        return _CALENDAR[within] * _DAY + _SLACK
    value = within.value if isinstance(within, Const) else _always(lookup, within)
    if isinstance(value, Duration) and value.unit in _OF_UNIT:
        return value.count * _OF_UNIT[value.unit] * _DAY + _SLACK
    return None


def _always(lookup: Lookup, parameter: Parameter) -> object:
    dated = lookup.parameters[parameter.name].values
    always = len(dated) == 1 and dated[0].since is None and dated[0].until is None
    return dated[0].value if always else None
