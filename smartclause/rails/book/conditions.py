"""Conditions of duties, made once from the lowered term and asked at many records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol, TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reading, Reason
from smartclause.logic.terms import ClauseViolated, Expression, Query, Term, walk
from smartclause.logic.truth import Truth, at_least, negate
from smartclause.logic.world import Cloud, Position, Record
from smartclause.rails.formula import (
    AtBestUnknown,
    AtLeast,
    Each,
    Either,
    Fixed,
    Force,
    Formula,
    Inverse,
    Leaf,
    Owed,
    parts,
)
from smartclause.rails.lowering import lower_term
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

Place: TypeAlias = "tuple[Instant, int]"
"""A position as a pair: pairs are compared faster."""

Look: TypeAlias = Callable[[Row, Position, Instant], Truth]
Why: TypeAlias = Callable[[Row, Position, Instant], "Iterable[Reason]"]


class History(Protocol):
    """What the book asks of the past (`rails.past.Past`)."""

    def doubting(self, party: str) -> History: ...
    def row(self, record: Record, party: str) -> Row: ...
    def add(self, record: Record) -> None: ...
    def see(self, clouds: Iterable[Cloud]) -> None: ...
    def reader(self, leaf: Leaf) -> Look: ...
    def reasons(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> frozenset[Reason]: ...
    def reading(
        self, expression: Expression, leaf: Leaf, row: Row, before: Position, now: Instant, doubt: bool
    ) -> Reading: ...
    def forget(self, before: Instant) -> None: ...


class Breaches(Protocol):
    """Who answers `clause N is violated` (`rails.book.Book`)."""

    def violated(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> Truth: ...
    def violated_why(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> frozenset[Reason]: ...


class Condition:
    """A term as one party is judged by it. `always`: its truth where it looks at nothing; `past`: it reads history."""

    __slots__ = ("_formula", "_look", "_past", "_why", "always", "past")

    def __init__(self, past: History, breaches: Breaches, term: Term, module: str, party: str, favour: bool) -> None:
        self._formula = lower_term(term, module, party, favour, judged=False)
        self.always = fixed(self._formula)
        self.past = any(isinstance(n, Query | ClauseViolated) for n in walk(term))
        maker = _Maker(past, breaches)
        self._past = maker
        self._look: Look | None = None if self.always is not None else maker.look(self._formula)
        self._why: Why | None = None

    def truth(self, row: Row, before: Position, now: Instant) -> Truth:
        if self._look is None:
            assert self.always is not None
            return self.always
        return self._look(row, before, now)

    def reasons(self, row: Row, before: Position, now: Instant) -> tuple[Reason, ...]:
        """Why it is unknown; nothing where it is not."""
        if self.always is not None and self.always is not Truth.UNKNOWN:
            return ()
        return tuple(dict.fromkeys(self._past.why(self._formula, row, before, now)))


def fixed(formula: Formula) -> Truth | None:
    """The truth of what looks at nothing."""
    match formula:
        case Fixed():
            return formula.truth
        case Each() | Either() if not formula.args:
            return Truth.TRUE if isinstance(formula, Each) else Truth.FALSE
        case _:
            return None


class _Maker:
    """Makes functions of formulas."""

    __slots__ = ("breaches", "history")

    def __init__(self, history: History, breaches: Breaches) -> None:
        self.history = history
        self.breaches = breaches

    def look(self, formula: Formula) -> Look:
        match formula:
            case Fixed():
                truth = formula.truth
                return lambda _row, _before, _now: truth
            case Leaf():
                return self._leaf(formula)
            case Inverse():
                inner = self.look(formula.arg)
                return lambda row, before, now: negate(inner(row, before, now))
            case Each():
                return _until(Truth.FALSE, Truth.TRUE, [self.look(a) for a in formula.args])
            case Either():
                return _until(Truth.TRUE, Truth.FALSE, [self.look(a) for a in formula.args])
            case AtLeast():
                count, inners = formula.count, [self.look(a) for a in formula.args]
                return lambda row, before, now: at_least(count, [i(row, before, now) for i in inners])
            case Force() | Owed() | AtBestUnknown():
                raise CannotDo(type(formula).__name__, "a condition of a duty")

    def _leaf(self, leaf: Leaf) -> Look:
        if isinstance(leaf.term, ClauseViolated):
            violated = self.breaches.violated
            return lambda row, before, now: violated(leaf, row, before, now)
        return self.history.reader(leaf)

    def why(self, formula: Formula, row: Row, before: Position, now: Instant) -> Iterator[Reason]:
        if self.look(formula)(row, before, now) is not Truth.UNKNOWN:
            return
        match formula:
            case Fixed():
                yield from formula.reasons
            case Leaf() if isinstance(formula.term, ClauseViolated):
                yield from self.breaches.violated_why(formula, row, before, now)
            case Leaf():
                yield from self.history.reasons(formula, row, before, now)
            case _:
                for part in parts(formula):
                    yield from self.why(part, row, before, now)


def _until(settled: Truth, otherwise: Truth, looks: list[Look]) -> Look:
    """All of or any of: one such settles it; unknown where one is and none settles."""

    def look(row: Row, before: Position, now: Instant) -> Truth:
        found = otherwise
        for each in looks:
            truth = each(row, before, now)
            if truth is settled:
                return settled
            if truth is Truth.UNKNOWN:
                found = truth
        return found

    return look
