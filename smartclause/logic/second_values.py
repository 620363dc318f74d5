"""Second values for known facts (design 2.13): each is refused, fills nothing, and stands on record as a contradiction.

Who signs two versions of one event equivocates (2.7): then nothing is known, and that is no matter of this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from smartclause.logic.record import Event
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth
from smartclause.logic.world import FactKey, Record, World, attested, statements


@dataclass(frozen=True, slots=True)
class Statement:
    """A value and the event that states it, with who signed it and at which entry."""

    event: Event
    value: Value

    @property
    def parties(self) -> tuple[str, ...]:
        return tuple(sorted({s.party for s in self.event.signers}))


@dataclass(frozen=True, slots=True)
class SecondValue:
    """`first` is the known value of a fact of `record`; `second` another one, by who could have filled it."""

    record: Record
    field: str
    first: Statement
    second: Statement


def second_values(world: World, others: Iterable[Record] = ()) -> tuple[SecondValue, ...]:
    """Of all records, and of `others` that are asked and not recorded; in the order of the second statements."""
    asked = {r.event.id: r for r in others}
    found = [each for target, name in world.supplements for each in _of_fact(world, asked, target, name)]
    return tuple(sorted(found, key=lambda s: (s.second.event.index, s.record.event.id, s.field)))


def _of_fact(world: World, asked: Mapping[str, Record], target: str, name: str) -> Iterator[SecondValue]:
    record = world.by_id.get(target) or asked.get(target)
    ft = None if record is None else world.lookup.field(record.event.type, name)
    if record is None or ft is None or FactKey(target, name) in world.contradicted:
        return
    event = record.event
    first: Statement | None = None
    for teller, value in statements(world, event, name):
        told = attested(world, teller, event, ft, event.by)
        if first is None and told is Truth.TRUE:
            first = Statement(teller, value)
        elif first is not None and told is not Truth.FALSE and value != first.value:
            yield SecondValue(record, name, first, Statement(teller, value))
