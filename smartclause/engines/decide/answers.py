"""What answers a decision's questions on the past: a ledger read as closed, or the statement that there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import RLock
from typing import Protocol

from smartclause.logic.finding import Reason
from smartclause.logic.force import holds_at, in_force
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth, negate
from smartclause.logic.world import Position, Record, World
from smartclause.rails.book.book import Book
from smartclause.rails.formula import Force, Leaf, Owed
from smartclause.rails.lowering import Before
from smartclause.rails.past.past import Past
from smartclause.rails.rows import Row

Question = Leaf | Owed


class Answers(Protocol):
    """`before`: what stands strictly before this position. `may_have_ended` False: `ended` is false throughout."""

    @property
    def may_have_ended(self) -> bool: ...

    def ended(self, force: Force, before: Position) -> Truth:
        """Whether the file is ended or replaced. Asked only inside the days of its force."""

    def row(self, record: Record, party: str) -> Row: ...

    def truth(self, question: Question, row: Row, before: Position) -> Truth: ...

    def reasons(self, question: Question, row: Row, before: Position) -> Iterable[Reason]:
        """Why it is unknown."""


Truths = Callable[[Question, Row, Position], Truth]
Reasons = Callable[[Question, Row, Position], Iterable[Reason]]


@dataclass(frozen=True)
class Ledger:
    """The records of a world. `truths` and `reasons` answer what no record answers alone."""

    world: World
    rows: Callable[[Record, str], Row]
    truths: Truths
    why: Reasons

    @property
    def may_have_ended(self) -> bool:
        world = self.world
        return bool(world.clouds or world.effective or world.replaced or world.of_type("termination"))

    def ended(self, force: Force, before: Position) -> Truth:
        module, clause = self.world.lookup.clauses[force.clause]
        inside = in_force if force.grants else holds_at
        return negate(inside(self.world, module, clause, before.instant, before))

    def row(self, record: Record, party: str) -> Row:
        return self.rows(record, party)

    def truth(self, question: Question, row: Row, before: Position) -> Truth:
        return self.truths(question, row, before)

    def reasons(self, question: Question, row: Row, before: Position) -> Iterable[Reason]:
        return self.why(question, row, before)


def of_world(world: World) -> Ledger:
    """The records of a world as they are kept for quick answers, duties included. Raises CannotDo.

    Threads are answered one after the other: what was counted for one question is kept for the next.
    """
    past = Past.of(world)
    book = Book(world, past)
    one_at_a_time = RLock()

    def row(record: Record, party: str) -> Row:
        with one_at_a_time:
            return past.row(record, party)

    def truth(question: Question, row: Row, before: Position) -> Truth:
        with one_at_a_time:
            if isinstance(question, Owed):
                return book.owed(question, row, before, row.instant)
            ask = book.violated if isinstance(question.term, ClauseViolated) else past.truth
            return ask(question, row, before, row.instant)

    def reasons(question: Question, row: Row, before: Position) -> Iterable[Reason]:
        with one_at_a_time:
            if isinstance(question, Owed):
                return tuple(book.owed_why(question, row, before, row.instant))
            ask = book.violated_why if isinstance(question.term, ClauseViolated) else past.reasons
            return tuple(ask(question, row, before, row.instant))

    return Ledger(world, row, truth, reasons)


def versions_before(world: World) -> tuple[Before, ...]:
    """What the contract of a world amends, the last version first."""
    found: list[Before] = []
    while world.earlier is not None:
        world = world.earlier
        found.append((world.lookup, world.signed))
    return tuple(found)


def is_amended(world: World) -> bool:
    """Whether it is one of several versions of a contract."""
    return bool(world.effective or world.replaced)
