"""Acts judged in the past and the book of the rails, at any place of it: the verdict, the clauses, why it is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from smartclause.engines.monitor.conditions import Conditions, Judging, Known
from smartclause.engines.monitor.fast_ground import NOBODY_NAMED, parties_of
from smartclause.engines.monitor.told import ActTold
from smartclause.logic.finality import types_looked_at
from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import Record
from smartclause.rails.book.book import Book
from smartclause.rails.formula import THIS_ACT, Force, Leaf, Owed, grounds
from smartclause.rails.past.past import Past
from smartclause.rails.rows import Row
from smartclause.rails.source.formulas import Gate

_KNOWN: Mapping[Truth, Known] = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}
_STATES = {Decision.REFUSED: ClauseState.FORBIDDEN, Decision.UNDECIDED: ClauseState.UNKNOWN}


@dataclass(frozen=True)
class Judges:
    """Of one kind of act by one party. `looks_at`: the types of the records that its verdict reads; `on_duties`:
    whether it hangs on how duties stand."""

    judging: Judging
    looks_at: frozenset[str]
    on_duties: bool


@dataclass
class Acting:
    """`known_to_open_file`: the parties that an open file knows; of what others do it says nothing but that it bars
    (design 2.4). None: of a contract."""

    lookup: Lookup
    conditions: Conditions
    past: Past
    book: Book
    known_to_open_file: frozenset[str] | None = None
    _made: dict[tuple[str, str], Judges] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._parties = parties_of(self.lookup)

    def of(self, type_: str, by: str) -> Judges:
        """Of types that nobody declares nothing is kept, and all parties that nobody names are one."""
        by = by if by in self._parties or not by else NOBODY_NAMED
        if type_ not in self.lookup.types:
            return self._judges(type_, by)
        if (type_, by) not in self._made:
            self._made[type_, by] = self._judges(type_, by)
        return self._made[type_, by]

    def _judges(self, type_: str, by: str) -> Judges:
        judging = self.conditions.judging(type_, by)
        on_duties = any(isinstance(g, Owed) or _asks_duties(g) for g in grounds(judging.lowered.verdict))
        reads = types_looked_at(self.lookup, type_, (n.clause for n in judging.lowered.norms))
        return Judges(judging, reads, on_duties)

    def judged(self, record: Record) -> ActTold:
        """At its place, and inside an agreed lag also at its received place (design 2.2); never final."""
        event = record.event
        if self.lookup.is_controlled(event.type) and not event.asset:
            return _told(record, Decision.UNDECIDED, (), (Reason("not registered", type=event.type),))
        found = self._at_place(record)
        if record.received == record.instant or not self.lookup.is_controlled(event.type):
            return found
        later = self._at_place(replace(record, instant=record.received))
        if later.decision is found.decision:
            return found
        why = Reason("order within the lag", type=event.type, event=event.id)
        return self.undecided(record, tuple(dict.fromkeys((why, *found.reasons, *later.reasons))))

    def _looked(self, record: Record) -> _Looked:
        event = record.event
        return _Looked(self, self.past.row(record, event.by), self.of(event.type, event.by).judging)

    def undecided(self, record: Record, why: tuple[Reason, ...]) -> ActTold:
        """Of an act that is undecided for another reason than its conditions."""
        return _told(record, Decision.UNDECIDED, self._looked(record).clauses(ClauseState.UNKNOWN), why)

    def _at_place(self, record: Record) -> ActTold:
        event, looked = record.event, self._looked(record)
        decision = looked.decision()
        why: tuple[Reason, ...] = looked.why() if decision is Decision.UNDECIDED else ()
        known = self.known_to_open_file
        if known is not None and event.by not in known and decision is not Decision.REFUSED:
            decision, why = Decision.UNDECIDED, (*why, Reason("not bound", type=event.type, detail=event.by))
        clauses = () if decision is Decision.ALLOWED else looked.clauses(_STATES[decision])
        return _told(record, decision, clauses, why)


def _asks_duties(ground: object) -> bool:
    return isinstance(ground, Leaf) and isinstance(ground.term, ClauseViolated)


def _told(record: Record, decision: Decision, clauses: tuple[str, ...], why: tuple[Reason, ...]) -> ActTold:
    event = record.event
    return ActTold(record.instant, event.id, event.type, event.by, decision, False, clauses, why)


@dataclass
class _Looked:
    """One act at one place; each question is asked once."""

    acting: Acting
    row: Row
    judging: Judging
    _asked: dict[int, Known] = field(default_factory=dict)

    def _given(self) -> tuple[object, ...]:
        facts = self.row.facts
        ended = self._ended if self.acting.book.may_have_ended else None
        return facts, self.row.instant, frozenset(facts), self._ask, ended

    def decision(self) -> Decision:
        return self.judging.verdict(*self._given())  # type: ignore[arg-type]

    def clauses(self, state: ClauseState) -> tuple[str, ...]:
        states = self.judging.states()(*self._given())[1]  # type: ignore[arg-type]
        return tuple(clause for clause, found in states.items() if found is state)

    def _gate(self, number: int) -> Gate:
        return self.acting.conditions.source.asked.gates[number]

    def _ended(self, number: int) -> Known:
        gate = self._gate(number)
        assert isinstance(gate, Force)
        return _KNOWN[self.acting.book.ended(gate, self.row.position)]

    def _ask(self, number: int) -> Known:
        if number not in self._asked:
            self._asked[number] = _KNOWN[self._answer(self._gate(number))]
        return self._asked[number]

    def _answer(self, gate: Gate) -> Truth:
        row, book = self.row, self.acting.book
        match gate:
            case Owed():
                return book.owed(gate, row, row.position, row.instant)
            case Leaf() if isinstance(gate.term, ClauseViolated):
                return book.violated(gate, row, row.position, row.instant)
            case Leaf():
                return self.acting.past.truth(gate, row, row.position, row.instant)
            case Force():
                return book.ended(gate, row.position)

    def why(self) -> tuple[Reason, ...]:
        tell, listed = self.judging.told()
        found: dict[Reason, None] = {}
        for number in tell(*self._given())[-1]:  # type: ignore[arg-type]
            why = self._reasons(listed[number])
            found.update(dict.fromkeys(replace(r, event=self.row.id) if r.event == THIS_ACT else r for r in why))
        return tuple(found)

    def _reasons(self, ground: Gate | tuple[Reason, ...]) -> Iterable[Reason]:
        row, book = self.row, self.acting.book
        place = (row, row.position, row.instant)
        match ground:
            case Owed():
                return book.owed_why(ground, *place)
            case Leaf() if isinstance(ground.term, ClauseViolated):
                return book.violated_why(ground, *place)
            case Leaf():
                return self.acting.past.reasons(ground, *place)
            case Force():
                return ground.reasons
            case _:
                return ground
