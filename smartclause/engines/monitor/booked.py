"""The core for contracts that ask more of the past: records in order, in the past and the book of the rails.

It tells what the slow core tells, for every construct but acts that go on for long; those are refused with CannotDo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from smartclause.engines.monitor.conditions import Conditions, Facts, Judging, Known
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.reading import SHOWN
from smartclause.engines.monitor.saving import facts_of, plain_facts
from smartclause.engines.monitor.snapshot import Snapshot, differences, identity, is_over, snapshot, stands, with_second
from smartclause.engines.monitor.told import ActTold, Told
from smartclause.logic.contract import BUILT_IN, Norm
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX
from smartclause.logic.finding import Reason
from smartclause.logic.force import holds_at
from smartclause.logic.instances import Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event, Source
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import Position, Record, World
from smartclause.rails.book.book import Book
from smartclause.rails.formula import THIS_ACT, Force, Leaf, Owed, grounds
from smartclause.rails.lowering import lower_term
from smartclause.rails.past.past import Past
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Row
from smartclause.rails.source.formulas import Gate
from smartclause.rails.source.module import Source as Rails

_KNOWN: Mapping[Truth, Known] = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}
SELDOM = 256  # records after which what is over is dropped


class BookedCore:
    """`keeps_breaches`: those that the book drops are kept too, for `standing`."""

    def __init__(
        self, lookup: Lookup, signed: Mapping[str, frozenset[str]], draft: bool = False, document: str = "",
        soon: Instant | None = None, party_of: Callable[[str], str] = str,
        keeps_breaches: bool = False,
    ) -> None:  # fmt: skip
        long = next((t.name for t in lookup.contract.types if t.checkpoint), None)
        if long is not None:
            raise CannotDo("acts that go on for long", long)
        self.lookup, self.document, self.soon, self.party_of = lookup, document, soon, party_of
        self.keeps_breaches, self.kept = keeps_breaches, list[Instance]()
        self.conditions = Conditions(Rails(lookup, signed, draft))
        world = World(lookup, (), 0, signed=signed, draft=draft)
        self.past = Past.of(world)
        self.book = Book(world, self.past)
        self._prepare()
        self.now: Instant = NEVER
        self.marks: dict[str, Instant] = {}
        self.over: Counter[str] = Counter()
        self.last = Snapshot(NEVER)
        self._decisions = dict.fromkeys(Decision, 0)
        self._judging: dict[tuple[str, str], Judging] = {}
        self._ended: list[Record] = []
        self._brought: list[list[Any]] = []
        self._taken = 0

    def _prepare(self) -> None:
        """Every question on the past is known before anything of it is forgotten."""
        for module, clause in self.lookup.all_clauses():
            for sentence in (s for s in clause.sentences if isinstance(s, Norm)):
                for term in (clause.applies, sentence.condition, sentence.exception):
                    for ground in grounds(lower_term(term, module.name, sentence.party, True)):
                        if isinstance(ground, Leaf) and not isinstance(ground.term, ClauseViolated):
                            self.past.reader(ground)

    @property
    def acts(self) -> Counter[str]:
        return Counter({decision.value: count for decision, count in self._decisions.items()})

    # ---- records and time

    def take(
        self, type_: str, by: str, to: str, asset: str, facts: Facts, at: Instant, name: str, index: int
    ) -> list[Told]:
        told = self.advance(at)
        self._brought.append([type_, by, to, asset, plain_facts(facts), at, name, index])
        self.now = max(self.now, at)
        event = Event(name or f"line {index}", type_, at, by, to, asset, facts, SHOWN, index=index)
        record = Record(event, at, at)
        undeclared = type_ not in self.lookup.types and type_ not in BUILT_IN
        if self.lookup.is_act(type_) or undeclared:
            told.append(self._judged(record))
        self.book.add(record)
        if type_ == "termination":
            self._ended.append(record)
        told += self._look()
        self._taken += 1
        if self._taken % SELDOM == 0:
            self._forget()
        return told

    def mark(self, source: str, complete: Instant) -> list[Told]:
        self._brought.append([source, complete])
        self.marks[source] = max(complete, self.marks.get(source, NEVER))
        sources = (Source(n, self.party_of(n), complete=c, last_heard=c) for n, c in sorted(self.marks.items()))
        self.book.see(sources, ())
        return self._look() if self.now > NEVER else []

    def advance(self, to: Instant) -> list[Told]:
        told: list[Told] = []
        while self.now < to:
            self.now = min(self._coming(to), default=to)
            told += self._look()
        return told

    def _coming(self, to: Instant) -> Iterable[Instant]:
        for instance in self.last.duties.values():
            change = self.book.next_change(instance, self.now)
            moments = (change, None if self.soon is None else instance.due.earliest - self.soon)
            yield from (m for m in moments if m is not None and self.now < m <= to)

    def _look(self) -> list[Told]:
        found = self.book.statuses(Position(self.now, LAST_INDEX), self.now)
        after = snapshot(self.now, (), found)
        told = differences(self.last, after, self.soon)
        self.last = after
        return told

    def _forget(self) -> None:
        dropped = self.book.forget(self.now)
        if self.keeps_breaches:
            self.kept += [i for i in dropped if stands(i, self.now)]
        gone = list(with_second(dropped))
        self.over.update(i.status.value for i in gone)
        left = dict(self.last.duties)
        for instance in gone:
            left.pop(identity(instance), None)
        self.last = replace(self.last, duties=left)

    def duties(self) -> tuple[Instance, ...]:
        return tuple(i for i in self.last.duties.values() if not i.is_otherwise and not is_over(i, self.now))

    def standing(self) -> tuple[Instance, ...]:
        left = (i for i in self.last.duties.values() if not i.is_otherwise)
        return tuple(i for i in (*self.kept, *left) if stands(i, self.now))

    def tally(self) -> Counter[str]:
        return self.over + Counter(i.status.value for i in self.last.duties.values())

    # ---- acts

    def _judged(self, record: Record) -> ActTold:
        event = record.event
        if self.lookup.is_controlled(event.type) and not event.asset:
            self._decisions[Decision.UNDECIDED] += 1
            asset = Reason("not registered", type=event.type)
            return ActTold(record.instant, event.id, event.type, event.by, Decision.UNDECIDED, False, (), (asset,))
        key = (event.type, event.by)
        if key not in self._judging:
            self._judging[key] = self.conditions.judging(*key)
        judging, row = self._judging[key], self.past.row(record, event.by)
        gates = self.conditions.source.asked.gates

        def ask(number: int) -> Known:
            return self._answer(gates[number], row)

        def ended(number: int) -> Known:
            return self._has_ended(gates[number], row.position)

        given = (row.facts, record.instant, self.conditions.shown(event.type), ask, ended if self._ended else None)
        decision = judging.verdict(*given)
        self._decisions[decision] += 1
        clauses: tuple[str, ...] = ()
        why: tuple[Reason, ...] = ()
        if decision is not Decision.ALLOWED:
            state = ClauseState.FORBIDDEN if decision is Decision.REFUSED else ClauseState.UNKNOWN
            clauses = tuple(c for c, s in judging.states()(*given)[1].items() if s is state)
        if decision is Decision.UNDECIDED:
            tell, grounds = judging.told()
            why = self._why((grounds[n] for n in tell(*given)[-1]), row)
        return ActTold(record.instant, event.id, event.type, event.by, decision, False, clauses, why)

    def _answer(self, gate: Gate, row: Row) -> Known:
        match gate:
            case Owed():
                return _KNOWN[self.book.owed(gate, row, row.position, row.instant)]
            case Leaf() if isinstance(gate.term, ClauseViolated):
                return _KNOWN[self.book.violated(gate, row, row.position, row.instant)]
            case Leaf():
                return _KNOWN[self.past.truth(gate, row, row.position, row.instant)]
            case Force():
                return self._has_ended(gate, row.position)

    def _has_ended(self, gate: Gate, before: Position) -> Known:
        assert isinstance(gate, Force)
        module, clause = self.lookup.clauses[gate.clause]
        world = World(self.lookup, tuple(self._ended), self.now)
        holds = holds_at(world, module, replace(clause, survives=False), before.instant, before)
        return None if holds is Truth.UNKNOWN else holds is Truth.FALSE

    def _why(self, grounds: Iterable[Gate | tuple[Reason, ...]], row: Row) -> tuple[Reason, ...]:
        found: dict[Reason, None] = {}
        place = (row, row.position, row.instant)
        for ground in grounds:
            match ground:
                case Owed():
                    why: Iterable[Reason] = self.book.owed_why(ground, *place)
                case Leaf() if isinstance(ground.term, ClauseViolated):
                    why = self.book.violated_why(ground, *place)
                case Leaf():
                    why = self.past.reasons(ground, *place)
                case Force():
                    why = ground.reasons
                case _:
                    why = ground
            found.update(dict.fromkeys(replace(r, event=row.id) if r.event == THIS_ACT else r for r in why))
        return tuple(found)

    # ---- kept and brought back

    def save(self) -> dict[str, Any]:
        """All that was brought, from which all else follows again."""
        return {"now": self.now, "brought": self._brought}

    def restore(self, data: Mapping[str, Any]) -> None:
        for brought in data["brought"]:
            match brought:
                case [source, complete]:
                    self.mark(source, complete)
                case [type_, by, to, asset, facts, at, name, index]:
                    self.take(type_, by, to, asset, facts_of(facts), at, name, index)
                case _:
                    raise ValueError("no record")
        self.advance(data["now"])
