"""Rows: a record as one judged party may rely on it. What is not in `facts` does not count, and `why` says why not.

Plainly known records cost little; supplements, contradictions and roles are looked at only where there are any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smartclause.logic.contract import FieldType
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Read, Reason
from smartclause.logic.record import EVERYONE, Event, Trust
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth
from smartclause.logic.world import FactKey, Position, Record, World, genuine, inside_bounds, shown, stated


class Row:
    """`facts`: the known values of declared fields. `event` for what it states about itself (type, by, to, asset)."""

    __slots__ = ("_rows", "event", "facts", "id", "index", "instant", "party", "record")

    def __init__(self, rows: Rows, record: Record, party: str, facts: Mapping[str, Value]) -> None:
        self._rows = rows
        self.record = record
        self.event = record.event
        self.id = record.event.id
        self.instant: Instant = record.instant
        self.index = record.event.index
        self.party = party
        self.facts = facts

    @property
    def position(self) -> Position:
        return Position(self.instant, self.index)

    def why(self, name: str) -> Reason:
        """Why the field has no value here. Only for names that are not in `facts`."""
        return self._rows.why(self, name)

    def told(self, name: str) -> tuple[Read, ...]:
        """The fact as it was read, and from which statement; nothing of a field that its type lacks."""
        return self._rows.told(self, name)

    def exists(self, doubt: bool) -> Truth:
        """Whether the record happened; `doubt`: not on the word of the party judged alone."""
        return self._rows.genuine(self.event, self.party, doubt)[0]

    def exists_why(self, doubt: bool) -> Reason:
        """Why that is unknown, and who must show it."""
        _, why, role = self._rows.genuine(self.event, self.party, doubt)
        return Reason(why, "", self.event.type, role, self.id)


class Rows:
    """Makes the rows of a world. `revised` are the ids of events with supplements, contradictions or supplied facts."""

    def __init__(self, world: World, revised: set[str] | None = None) -> None:
        self.world = world
        self.lookup = world.lookup
        self.revised = _revised(world) if revised is None else revised
        self._fields: dict[str, dict[str, tuple[FieldType, bool]]] = {}

    def of(self, record: Record, party: str) -> Row:
        event = record.event
        if event.id in self.revised:
            return Row(self, record, party, self._with_care(record, party))
        return Row(self, record, party, self._plainly(event, party))

    def fields(self, type_: str) -> dict[str, tuple[FieldType, bool]]:
        """The fields of a type; whether a value must be looked at before it counts."""
        if type_ not in self._fields:
            kind = self.lookup.types.get(type_)
            found = {} if kind is None else {f.name: (f, _needs_care(f)) for f in kind.fields}
            self._fields[type_] = found
        return self._fields[type_]

    def _plainly(self, event: Event, party: str) -> dict[str, Value]:
        fields, facts = self.fields(event.type), {}
        for name, value in event.facts.items():
            known = fields.get(name)
            if known is None or (known[1] and not self._counts(event, known[0], value, party)):
                continue
            if value.__class__ is frozenset and not value:  # an empty set counts as not shown
                continue
            facts[name] = value
        return facts

    def _counts(self, event: Event, ft: FieldType, value: Value, party: str) -> bool:
        return self._shown(event, ft, party) and inside_bounds(value, ft)

    def _shown(self, event: Event, ft: FieldType, party: str) -> bool:
        if not ft.shown_by or ft.name in event.caller or plain(event):
            return True
        return shown(self.lookup, event.signers, ft.shown_by, party) is Truth.TRUE

    def _with_care(self, record: Record, party: str) -> dict[str, Value]:
        told = ((name, stated(self.world, record, ft, party)[0]) for name, (ft, _) in self._of_event(record.event))
        return {name: value for name, value in told if value is not None}

    def _of_event(self, event: Event) -> Iterable[tuple[str, tuple[FieldType, bool]]]:
        return self.fields(event.type).items()

    def why(self, row: Row, name: str) -> Reason:
        known = self.fields(row.event.type).get(name)
        if known is None:
            return Reason("narrower act", name, row.event.type, event=row.id)
        _, why, _ = stated(self.world, row.record, known[0], row.party)
        return Reason(why, name, row.event.type, known[0].shown_by, row.id, supply=FactKey(row.id, name))

    def told(self, row: Row, name: str) -> tuple[Read, ...]:
        known = self.fields(row.event.type).get(name)
        if known is None:
            return ()
        value, _, teller = stated(self.world, row.record, known[0], row.party)
        return (Read(row.event.type, name, value, row.id, teller.id),)

    def genuine(self, event: Event, party: str, doubt: bool) -> tuple[Truth, str, str]:
        if not event.unreliable and plain(event):
            return Truth.TRUE, "", ""
        return genuine(self.world, event, party, doubt)


def plain(event: Event) -> bool:
    """Signed by a key that shows everything, as in scenarios and drafts."""
    return any(s.party == EVERYONE and s.trust is Trust.TRUSTED for s in event.signers)


def _needs_care(ft: FieldType) -> bool:
    return bool(ft.shown_by) or ft.low is not None or ft.high is not None


def _revised(world: World) -> set[str]:
    found = {event for event, _ in world.supplements} | {key.event for key in world.contradicted}
    return found | {key.event for key in world.supplied}
