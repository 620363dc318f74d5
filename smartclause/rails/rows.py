"""Rows: a record as one judged party may rely on it. What is not in `facts` does not count, and `why` says why not.

Plainly known records cost little; supplements, contradictions and roles are looked at only where there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

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


Care: TypeAlias = Callable[[Value], bool]


class Rows:
    """Makes the rows of a world. `revised` are the ids of events with supplements, contradictions or supplied facts."""

    def __init__(self, world: World, revised: set[str] | None = None) -> None:
        self.world = world
        self.lookup = world.lookup
        self.revised = _revised(world) if revised is None else revised
        self._fields: dict[str, dict[str, FieldType]] = {}
        self._checks: dict[str, dict[str, tuple[FieldType | None, Care | None]]] = {}
        self._last: tuple[Record | None, dict[str, Row]] = (None, {})

    def of(self, record: Record, party: str) -> Row:
        """The same row again where the same record is looked at several times in succession."""
        last, made = self._last
        if last is not record:
            made = {}
            self._last = (record, made)
        row = made.get(party)
        if row is None:
            event = record.event
            revised = event.id in self.revised
            facts = self._with_care(record, party) if revised else self._plainly(event, party)
            row = made[party] = Row(self, record, party, facts)
        return row

    def again(self) -> None:
        """Something was added about a record: rows are made anew."""
        self._last = (None, {})

    def fields(self, type_: str) -> dict[str, FieldType]:
        if type_ not in self._fields:
            kind = self.lookup.types.get(type_)
            self._fields[type_] = {} if kind is None else {f.name: f for f in kind.fields}
        return self._fields[type_]

    def _checked(self, type_: str) -> dict[str, tuple[FieldType | None, Care | None]]:
        """For each field: itself where a role must show it, and what a value must pass."""
        if type_ not in self._checks:
            fields = self.fields(type_).values()
            self._checks[type_] = {f.name: (f if f.shown_by else None, _check(f)) for f in fields}
        return self._checks[type_]

    def _plainly(self, event: Event, party: str) -> dict[str, Value]:
        checks = self._checked(event.type)
        facts: dict[str, Value] = {}
        for name, value in event.facts.items():
            found = checks.get(name)
            if found is None or (value.__class__ is frozenset and not value):  # an empty set counts as not shown
                continue
            by_role, check = found
            if check is not None and not check(value):
                continue
            if by_role is None or self._shown(event, by_role, party):
                facts[name] = value
        return facts

    def _shown(self, event: Event, ft: FieldType, party: str) -> bool:
        if ft.name in event.caller or plain(event):
            return True
        return shown(self.lookup, event.signers, ft.shown_by, party) is Truth.TRUE

    def _with_care(self, record: Record, party: str) -> dict[str, Value]:
        fields = self.fields(record.event.type)
        told = ((name, stated(self.world, record, ft, party)[0]) for name, ft in fields.items())
        return {name: value for name, value in told if value is not None}

    def why(self, row: Row, name: str) -> Reason:
        known = self.fields(row.event.type).get(name)
        if known is None:
            return Reason("narrower act", name, row.event.type, event=row.id)
        _, why, _ = stated(self.world, row.record, known, row.party)
        return Reason(why, name, row.event.type, known.shown_by, row.id, supply=FactKey(row.id, name))

    def told(self, row: Row, name: str) -> tuple[Read, ...]:
        known = self.fields(row.event.type).get(name)
        if known is None:
            return ()
        value, _, teller = stated(self.world, row.record, known, row.party)
        return (Read(row.event.type, name, value, row.id, teller.id),)

    def genuine(self, event: Event, party: str, doubt: bool) -> tuple[Truth, str, str]:
        if not event.unreliable and plain(event):
            return Truth.TRUE, "", ""
        return genuine(self.world, event, party, doubt)


def plain(event: Event) -> bool:
    """Signed by a key that shows everything, as in scenarios and drafts."""
    for signer in event.signers:  # noqa: SIM110 (asked for every record: a generator costs more than the rest)
        if signer.party == EVERYONE and signer.trust is Trust.TRUSTED:
            return True
    return False


def _check(ft: FieldType) -> Care | None:
    """A value outside its bounds is unknown; None: there are no bounds."""
    low, high = ft.low, ft.high
    if low is None and high is None:
        return None
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return lambda value: low <= value <= high if isinstance(value, Decimal) else inside_bounds(value, ft)
    return lambda value: inside_bounds(value, ft)


def _revised(world: World) -> set[str]:
    found = {event for event, _ in world.supplements} | {key.event for key in world.contradicted}
    return found | {key.event for key in world.supplied}
