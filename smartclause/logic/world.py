"""All that a verdict may look at: the contract, the records in their order, and how far they are complete.

Records get their instants here (design 2.2), supplements fill what was missing (2.13), and silence becomes
`Cloud`: a stretch in which records may exist that nobody has shown (gaps, watermarks, stale news).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from smartclause.logic.contract import ANYONE, EventType, FieldType
from smartclause.logic.counting import Duration, Instant, valid_until
from smartclause.logic.lookup import Lookup
from smartclause.logic.order import sign
from smartclause.logic.record import EVERYONE, Event, Signer, Source, Trust
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth, between

_Supplements: TypeAlias = Mapping[tuple[str, str], tuple[Event, ...]]
EXISTENCE = "record"  # in Event.caller: the caller says it verified that the record is genuine
DRAFT = frozenset({EVERYONE})


@dataclass(frozen=True, slots=True, order=True)
class Position:
    instant: Instant
    index: int


@dataclass(frozen=True, slots=True)
class FactKey:
    """A fact: the event (or the description of a record that does not exist yet) and the field."""

    event: str
    field: str


@dataclass(frozen=True, slots=True)
class Cloud:
    """Between these instants a source may have recorded what nobody has shown. `types` None: anything."""

    since: Instant
    until: Instant
    source: Source
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """An event at its instant. `received` differs from `instant` only inside an agreed lag."""

    event: Event
    instant: Instant
    received: Instant

    @property
    def position(self) -> Position:
        return Position(self.instant, self.event.index)


@dataclass(frozen=True)
class World:
    """`signed`: for each module the parties that signed it, DRAFT to judge as if all had.

    `asked` is the instant of asking; records are in order of position. `supplied` are assumed facts.
    Of a contract and its amendments each version has its own world, `earlier` that of the version before; from
    `effective` on a module is in force as amended, from `replaced` on another version of it is (design 2.11).
    """

    lookup: Lookup
    records: tuple[Record, ...]
    asked: Instant
    sources: tuple[Source, ...] = ()
    clouds: tuple[Cloud, ...] = ()
    signed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    supplied: Mapping[FactKey, Value] = field(default_factory=dict)
    supplements: Mapping[tuple[str, str], tuple[Event, ...]] = field(default_factory=dict)
    contradicted: frozenset[FactKey] = frozenset()
    draft: bool = False
    doubted: frozenset[str] = frozenset()  # parties whose own word alone is only possible
    earlier: "World | None" = None
    effective: Mapping[str, Instant] = field(default_factory=dict)
    replaced: Mapping[str, Instant] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, Record]:
        return {r.event.id: r for r in self.records}

    @cached_property
    def is_attested(self) -> bool:
        """Whether a ledger attests the time of every record, and no fact of one rests on the word of the caller."""
        return all(r.event.received is not None and not r.event.caller for r in self.records)

    @cached_property
    def partly_opened(self) -> tuple[Record, ...]:
        """Records of which some withheld facts were opened, and others not."""
        return tuple(r for r in self.records if r.event.partly_opened)

    @cached_property
    def _by_type(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.records:
            found.setdefault(record.event.type, []).append(record)
        return found

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], dict[Value | None, list[Record]]]:
        return {}

    def of_type(self, name: str, key: str = "", value: Value | None = None) -> list[Record]:
        """Records that may count as `name`; with a key, those that have this value or none."""
        kinds = self.lookup.relevant_types(name)
        if not key:
            return sorted((r for k in kinds for r in self._by_type.get(k, ())), key=lambda r: r.position)
        found = [r for k in kinds for r in self._keyed(k, key, value)]
        return sorted(found, key=lambda r: r.position)

    def _keyed(self, kind: str, key: str, value: Value | None) -> Iterable[Record]:
        if (kind, key) not in self._by_key:
            table: dict[Value | None, list[Record]] = {}
            for record in self._by_type.get(kind, ()):
                table.setdefault(record.event.facts.get(key), []).append(record)
            self._by_key[kind, key] = table
        table = self._by_key[kind, key]
        return (*table.get(value, ()), *table.get(None, ()))

    @cached_property
    def _doubting(self) -> dict[str, "World"]:
        return {}

    def doubting(self, party: str) -> "World":
        """The same, where what this party alone recorded is only possible, whoever is judged."""
        if party not in self._doubting:
            earlier = None if self.earlier is None else self.earlier.doubting(party)
            self._doubting[party] = replace(self, doubted=self.doubted | {party}, earlier=earlier)
        return self._doubting[party]

    def assuming(self, facts: Mapping[FactKey, Value]) -> "World":
        earlier = None if self.earlier is None else self.earlier.assuming(facts)
        return replace(self, supplied={**self.supplied, **facts}, earlier=earlier)


def holds_role(lookup: Lookup, signer: Signer, role: str, judged: str) -> bool:
    """Whether the key speaks for a role or party. The judged party's keys hold only its declared role (2.13)."""
    if signer.party == EVERYONE or signer.party == role:
        return True
    declared = lookup.roles.get(signer.party)
    return role == declared or (role in signer.roles and signer.party != judged)


def shown(lookup: Lookup, signers: Iterable[Signer], role: str, judged: str) -> Truth:
    """TRUE if a trusted key of the role signed, UNKNOWN if only an uncertain one, FALSE if none."""
    holding = [s for s in signers if holds_role(lookup, s, role, judged)]
    if any(s.trust is Trust.TRUSTED for s in holding):
        return Truth.TRUE
    return Truth.UNKNOWN if holding else Truth.FALSE


def genuine(world: World, event: Event, judged: str, doubt: bool) -> tuple[Truth, str, str]:
    """Whether the record exists as stated, the reason if unknown, and who must show it (design 2.6, 2.13).

    `doubt`: what the judged party alone recorded, in a type that anyone may record, is only possible.
    """
    if event.unreliable:
        return Truth.UNKNOWN, "uncertain record", ""
    kind = world.lookup.types.get(event.type)
    if EXISTENCE in event.caller:
        return Truth.TRUE, "", ""
    if kind is not None and kind.by:
        return _signed_by(world, event, kind, judged, doubt)
    if any(only_word_of(event, party) for party in world.doubted):
        return Truth.UNKNOWN, "recorded by the judged party alone", ANYONE
    if any(s.trust is Trust.TRUSTED and s.party != judged for s in event.signers):
        return Truth.TRUE, "", ""
    if not any(_binds(s, judged) for s in event.signers):
        return Truth.UNKNOWN, "uncertain record", ""
    return (Truth.UNKNOWN, "recorded by the judged party alone", ANYONE) if doubt else (Truth.TRUE, "", "")


def only_word_of(event: Event, party: str) -> bool:
    """Nobody else whose key can be relied on signed it."""
    trusted_others = any(s.trust is Trust.TRUSTED and s.party != party for s in event.signers)
    return not trusted_others and any(s.party == party for s in event.signers)


def _binds(signer: Signer, judged: str) -> bool:
    return signer.party == judged and signer.trust is not Trust.UNCERTAIN


def _signed_by(world: World, event: Event, kind: EventType, judged: str, doubt: bool) -> tuple[Truth, str, str]:
    """One key that can be relied on holds the role and is of the party that the event says did it."""
    holding = [s for s in event.signers if holds_role(world.lookup, s, kind.by, judged)]
    fitting = [s for s in holding if not event.by or s.party in (event.by, EVERYONE)]
    if any(s.trust is Trust.TRUSTED or (_binds(s, judged) and not doubt) for s in fitting):
        return Truth.TRUE, "", ""
    return Truth.UNKNOWN, "uncertain record" if event.signers else "not shown", kind.by


def may_record(lookup: Lookup, source: Source, kind: str) -> bool:
    """A type without `by` may be recorded by any source."""
    known = lookup.types.get(kind)
    by = known.by if known else ""
    return not by or by in (source.party, *source.roles) or lookup.roles.get(source.party) == by


def stated(world: World, record: Record, ft: FieldType, judged: str) -> tuple[Value | None, str, Event]:
    """The value of a field of a record, or None with the reason, and the event that states it."""
    event = record.event
    key = FactKey(event.id, ft.name)
    if key in world.supplied:
        return world.supplied[key], "", event
    if key in world.contradicted:
        return None, "contradicted", event
    reason, teller = "missing", event
    for statement, value in statements(world, event, ft.name):
        told = attested(world, statement, event, ft, judged)
        if told is Truth.TRUE:
            inside = inside_bounds(value, ft)
            return (value, "", statement) if inside else (None, "outside its bounds", statement)
        reason = "uncertain record" if told is Truth.UNKNOWN else reason
        teller = statement
    return None, reason, teller


def statements(world: World, event: Event, name: str) -> Iterable[tuple[Event, Value]]:
    """Who stated the fact, and as what: the event itself, then its supplements in their order."""
    if name in event.facts:
        yield event, event.facts[name]
    for supplement in world.supplements.get((event.id, name), ()):
        yield supplement, supplement.facts["value"]


def attested(world: World, statement: Event, event: Event, ft: FieldType, judged: str) -> Truth:
    """Whether who made the statement may state the fact: its role, or the issuer of the event."""
    added = statement is not event
    if ft.shown_by:
        if ft.name in statement.caller and not added:
            return Truth.TRUE
        told = shown(world.lookup, statement.signers, ft.shown_by, judged)
    else:
        told = _issued(statement, event) if added else Truth.TRUE
    return Truth.UNKNOWN if added and statement.unreliable and told is Truth.TRUE else told


def _issued(supplement: Event, event: Event) -> Truth:
    """Whether the issuer of the event added this, by a key that can be relied on."""
    if not event.source or supplement.source != event.source:
        return Truth.FALSE
    own = [s for s in supplement.signers if s.key == event.source or s.party == EVERYONE]
    return between(any(s.trust is Trust.TRUSTED for s in own), bool(own))


def inside_bounds(value: Value, ft: FieldType) -> bool:
    if isinstance(value, frozenset) and not value:
        return False
    low, high = sign(value, ft.low), sign(value, ft.high)
    return (ft.low is None or low in (0, 1)) and (ft.high is None or high in (0, -1))


def build(
    lookup: Lookup,
    events: Iterable[Event],
    asked: Instant,
    *,
    sources: tuple[Source, ...] = (),
    clouds: tuple[Cloud, ...] = (),
    signed: Mapping[str, frozenset[str]] | None = None,
    draft: bool = False,
) -> World:
    """Place events in order. Supplements, voids and heartbeats act on others and are no history themselves."""
    placed: list[Record] = []
    supplements: dict[tuple[str, str], tuple[Event, ...]] = {}
    contradicted: set[FactKey] = set()
    seen: dict[str, Event] = {}
    marks: dict[str, Instant] = {}
    torn: set[str] = set()
    for event in events:
        if event.type == "supplement":
            target = (str(event.facts.get("event", "")), str(event.facts.get("field", "")))
            if "value" in event.facts:
                supplements[target] = (*supplements.get(target, ()), event)
        elif event.type == "heartbeat":
            marks[event.source] = max(marks.get(event.source, event.time), event.time)
        elif event.id in seen:
            contradicted |= _differences(seen[event.id], event)
            torn |= {event.id} if differ_throughout(seen[event.id], event) else set()
        else:
            seen[event.id] = event
            placed.append(place(lookup, event, marks.get(event.source)))
    placed = [replace(r, event=replace(r.event, unreliable=True)) if r.event.id in torn else r for r in placed]
    placed.sort(key=lambda r: r.position)
    return World(
        lookup,
        tuple(placed),
        asked,
        sources,
        clouds,
        signed or {},
        {},
        _without_equivocated(supplements),
        frozenset(contradicted),
        draft,
    )


def _differences(one: Event, other: Event) -> set[FactKey]:
    names = {*one.facts, *other.facts}
    return {FactKey(one.id, n) for n in names if one.facts.get(n) != other.facts.get(n)}


def differ_throughout(one: Event, other: Event) -> bool:
    """A waiver or termination has no facts that could be missing one by one."""
    return _head(one) != _head(other) or (one.type == "waiver" and one.facts != other.facts)


def _without_equivocated(supplements: _Supplements) -> _Supplements:
    """None of the versions that one number carries is sure, whichever fact or value they differ in (design 2.7)."""
    versions: dict[str, set[tuple[Value, ...]]] = {}
    for each in (s for group in supplements.values() for s in group):
        versions.setdefault(each.id, set()).add(tuple(each.facts[n] for n in ("event", "field", "value")))
    torn = {number for number, found in versions.items() if len(found) > 1}
    return {
        target: tuple(replace(s, unreliable=True) if s.id in torn else s for s in group)
        for target, group in supplements.items()
    }


def _head(event: Event) -> tuple[object, ...]:
    """What an event says besides its facts: where versions differ here, the record as a whole is in doubt."""
    return event.type, event.time, event.by, event.to, event.asset, event.contract


def place(lookup: Lookup, event: Event, mark: Instant | None = None) -> Record:
    """The claimed time moved into [received - lag, received], and not before a mark of the same source."""
    received = event.time if event.received is None else event.received
    earliest = received - lag_of(lookup, event)
    instant = min(max(event.time, earliest), received)
    return Record(event, instant if mark is None else max(instant, mark), received)


def lag_of(lookup: Lookup, event: Event) -> Instant:
    """The agreed lag of the event's source in microseconds; the least where several files agree on one."""
    header = lookup.modules[lookup.contract.module].header
    named = {s.party for s in event.signers} | {r for s in event.signers for r in s.roles}
    named |= {lookup.roles[s.party] for s in event.signers if s.party in lookup.roles}
    lags = [length(d) for who, d in header.lag if who in named]
    return min(lags, default=0)


def length(period: Duration) -> Instant:
    """A period of hours or minutes in microseconds."""
    return valid_until(0, period, "plain", "UTC").earliest
