"""What a decision tells besides its verdict: clause statuses, the truth of every leaf, why it is undecided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from smartclause.engines.decide.shown import Shown
from smartclause.engines.decide.unit import SETTLED, Functions, Place
from smartclause.logic.finding import Reason
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision

TRUTHS_OF = {Decision.ALLOWED: Truth.TRUE, Decision.REFUSED: Truth.FALSE, Decision.UNDECIDED: Truth.UNKNOWN}
TRUTHS = {True: Truth.TRUE, False: Truth.FALSE, None: Truth.UNKNOWN}


class Statuses(Mapping[str, ClauseState]):
    """The status of every clause of the contract (design 2.14), by its id; most do not concern the act.

    `concerned` holds those with a sentence on it.
    """

    __slots__ = ("_clauses", "concerned", "decision")

    def __init__(self, clauses: Mapping[str, object], decision: Decision, concerned: Mapping[str, ClauseState]) -> None:
        self._clauses = clauses
        self.decision = decision
        self.concerned = concerned

    def __getitem__(self, clause: str) -> ClauseState:
        found = self.concerned.get(clause)
        if found is None and clause not in self._clauses:
            raise KeyError(clause)
        return found or ClauseState.INAPPLICABLE

    def __iter__(self) -> Iterator[str]:
        return iter(self._clauses)

    def __len__(self) -> int:
        return len(self._clauses)


Key = TypeVar("Key")


class Truths(Mapping[Key, Truth]):
    """Truths by what they are of; what is fixed before any act has its own."""

    __slots__ = ("_places", "_truths")

    def __init__(self, places: Mapping[Key, int], truths: tuple[bool | None, ...]) -> None:
        self._places = places
        self._truths = truths

    def __getitem__(self, key: Key) -> Truth:
        place = self._places[key]
        return SETTLED[place] if place < 0 else TRUTHS[self._truths[place]]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Explanation:
    """`decision` with all that is behind it. What is not asked of it is not worked out."""

    __slots__ = ("_act", "_answer", "_functions", "decision")

    def __init__(self, functions: Functions, answer: tuple[Any, ...], act: Shown) -> None:
        self._functions = functions
        self._answer = answer
        self._act = act
        self.decision: Decision = answer[0]

    @property
    def statuses(self) -> Statuses:
        return Statuses(self._functions.source.lookup.clauses, self.decision, self._answer[2])

    @property
    def sentences(self) -> Truths[tuple[str, int]]:
        """The truth of each permission, limit and prohibition on the act, after priorities."""
        return Truths(self._functions.sentences, self._answer[1])

    @property
    def leaves(self) -> Truths[Place]:
        """The truth of each test: by clause, sentence, part (applies, condition, exception) and order in it."""
        return Truths(self._functions.places, self._answer[3])

    @property
    def reasons(self) -> frozenset[Reason]:
        """Why it is undecided: what is missing, with who must show it."""
        grounds = self._functions.told.grounds
        return frozenset(r for number in self._answer[4] for r in grounds[number](self._act))
