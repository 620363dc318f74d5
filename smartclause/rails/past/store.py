"""What was recorded, however late, and the indexes that read it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.world import Cloud, FactKey, Record, World
from smartclause.rails.dated import NEVER, Dated
from smartclause.rails.own_facts import OwnFacts
from smartclause.rails.past.terms import HistoryTerm, HistoryValue, Node, Side
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Rows

_FEW = 2000
_Named: TypeAlias = "tuple[HistoryTerm | HistoryValue, str, str, frozenset[str]]"


class Store:
    """Shared by all that ask about one past, whomever they doubt."""

    def __init__(self, world: World) -> None:
        self.lookup: Lookup = world.lookup
        self.dated = Dated(world.lookup)
        self.own_facts = OwnFacts(world.lookup, self.dated)
        self._clouds = world.clouds
        self._records: dict[str, Record] = {r.event.id: r for r in world.records}
        self._supplements = dict(world.supplements)
        self._contradicted = set(world.contradicted)
        self._world = replace(
            world, records=(), supplements=self._supplements, contradicted=self._contradicted, earlier=None,  # type: ignore[arg-type]
        )  # fmt: skip
        self._rows: dict[frozenset[str], Rows] = {}
        first = Rows(self._world)
        self._revised = first.revised
        self._rows[world.doubted] = first
        self._nodes: dict[_Named, Node] = {}
        self._by_type: dict[str, list[Node]] = {}
        self._horizon: Instant = NEVER
        self._added = 0
        self._kept = 0

    def rows(self, doubted: frozenset[str]) -> Rows:
        if doubted not in self._rows:
            self._rows[doubted] = Rows(replace(self._world, doubted=doubted), self._revised)
        return self._rows[doubted]

    # ---- indexes

    def node(self, term: HistoryTerm | HistoryValue, module: str, party: str, doubted: frozenset[str]) -> Node:
        name = (term, module, party, doubted)
        if name not in self._nodes and self._horizon > NEVER:
            raise CannotDo("a question about a past that was forgotten", module)
        if name not in self._nodes:
            self._nodes[name] = self._made(term, module, party, doubted)
        return self._nodes[name]

    def _made(self, term: HistoryTerm | HistoryValue, module: str, party: str, doubted: frozenset[str]) -> Node:
        node = Node(term, Side(module, party, self.rows(doubted), self.own_facts, self.dated))
        kinds = {kind for series in node.all_series for kind in series.weigher.kinds}
        for record in self._records.values():
            if record.event.type in kinds:
                node.put(node.side.rows.of(record, party))
        node.see(self._clouds)
        for kind in kinds:
            self._by_type.setdefault(kind, []).append(node)
        return node

    def see(self, clouds: tuple[Cloud, ...]) -> None:
        self._clouds = clouds
        for node in self._nodes.values():
            node.see(clouds)

    def forget(self, before: Instant, at_once: bool) -> None:
        """Looks through what is kept once for each time that so much came again."""
        self._horizon = max(self._horizon, before)
        if not at_once and self._added < max(_FEW, self._kept // 4):
            return
        self._added = 0
        for node in self._nodes.values():
            node.forget(self._horizon)
        held = {event for node in self._nodes.values() for event in node.holds()}
        gone = {e for e, r in self._records.items() if r.instant < self._horizon and e not in held}
        for event in gone:
            del self._records[event]
        self._revised -= gone
        self._contradicted -= {key for key in self._contradicted if key.event in gone}
        for target in [t for t in self._supplements if t[0] in gone]:
            del self._supplements[target]
        self._kept = len(self._records)

    def own(self, event: str, instant: Instant, index: int) -> Record | None:
        """The record of this number, where it stands before a place."""
        held = self._records.get(event)
        return held if held is not None and (held.instant, held.event.index) < (instant, index) else None

    @contextmanager
    def without(self, record: Record) -> Iterator[None]:
        """As if it were not recorded: an act is no part of its own past."""
        nodes = self._by_type.get(record.event.type, ())
        taken = [(node, node.take(record.event.id)) for node in nodes]
        try:
            yield
        finally:
            for node, held in taken:
                row = node.side.rows.of(record, node.side.party)
                for series in held:
                    series.put(row)

    # ---- records

    def add(self, record: Record) -> None:
        event = record.event
        if event.type == "supplement":
            self._supplement(event)
        elif event.type == "heartbeat":
            return
        elif event.id in self._records:
            self._second(record)
        elif record.instant < self._horizon:
            raise CannotDo("a record earlier than what was forgotten", event.id)
        else:
            self._added += 1
            self._records[event.id] = record
            self._put(record)

    def _put(self, record: Record) -> None:
        for node in self._by_type.get(record.event.type, ()):
            node.put(node.side.rows.of(record, node.side.party))

    def _revise(self, event: str, record: Record | None = None) -> None:
        """The record is weighed again."""
        old = self._records.get(event)
        if old is None:
            return
        for rows in self._rows.values():
            rows.again()
        new = self._records[event] = old if record is None else record
        for node in {*self._by_type.get(old.event.type, ()), *self._by_type.get(new.event.type, ())}:
            held = node.take(event)
            row = node.side.rows.of(new, node.side.party)
            for series in held if old.instant < self._horizon else node.all_series:
                series.put(row)

    def _supplement(self, event: Event) -> None:
        target = (str(event.facts.get("event", "")), str(event.facts.get("field", "")))
        if "value" not in event.facts:
            return
        twins = [s for group in self._supplements.values() for s in group if s.id == event.id]
        torn = any(s.facts != event.facts for s in twins) or any(s.unreliable for s in twins)
        group = [*self._supplements.get(target, ())]
        group.insert(bisect_right(group, event.index, key=lambda s: s.index), event)
        self._supplements[target] = tuple(group)
        touched = {target[0]}
        if torn:
            touched |= self._distrust(event.id)
        self._revised |= {target[0]}
        for one in touched:
            self._revise(one)

    def _distrust(self, number: str) -> set[str]:
        """None of the versions that one number carries is sure."""
        touched = set()
        for target, group in self._supplements.items():
            if any(s.id == number for s in group):
                self._supplements[target] = tuple(replace(s, unreliable=True) if s.id == number else s for s in group)
                touched.add(target[0])
        return touched

    def _second(self, record: Record) -> None:
        """Another version of a known event: nothing is known in which the two differ (design 2.7)."""
        held = self._records[record.event.id]
        first, second = (held, record) if held.event.index <= record.event.index else (record, held)
        names = {*first.event.facts, *second.event.facts}
        differing = {n for n in names if first.event.facts.get(n) != second.event.facts.get(n)}
        self._contradicted |= {FactKey(first.event.id, n) for n in differing}
        if differing:
            self._revised.add(first.event.id)
        if held.event.unreliable or _torn(first.event, second.event):
            first = replace(first, event=replace(first.event, unreliable=True))
        self._revise(first.event.id, first)


def _torn(one: Event, other: Event) -> bool:
    """The versions differ in what the record is; a waiver has no facts that could be missing one by one."""
    heads = [(e.type, e.time, e.by, e.to, e.asset, e.contract) for e in (one, other)]
    return heads[0] != heads[1] or (one.type == "waiver" and one.facts != other.facts)
