"""What a decision tells besides its verdict: clause statuses, the truth of every leaf, why it is undecided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from smartclause.engines.decide.shown import Shown
from smartclause.engines.decide.unit import SETTLED, Functions, Place
from smartclause.logic.finding import Reason
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision

TRUTHS = {True: Truth.TRUE, False: Truth.FALSE, None: Truth.UNKNOWN}


class Statuses(Mapping[str, ClauseState]):
    """The status of every clause of the contract (design 2.14), by its id; most do not concern the act."""

    __slots__ = ("_functions", "_states", "decision")

    def __init__(self, functions: Functions, decision: Decision, states: tuple[ClauseState, ...]) -> None:
        self._functions = functions
        self._states = states
        self.decision = decision

    def __getitem__(self, clause: str) -> ClauseState:
        place = self._functions.clauses.get(clause)
        if place is not None:
            return self._states[place]
        if clause in self._functions.source.lookup.clauses:
            return ClauseState.INAPPLICABLE
        raise KeyError(clause)

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions.source.lookup.clauses)

    def __len__(self) -> int:
        return len(self._functions.source.lookup.clauses)

    @property
    def concerned(self) -> dict[str, ClauseState]:
        """Of the clauses with a sentence on the act."""
        return dict(zip(self._functions.clauses, self._states, strict=True))


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
        return Statuses(self._functions, self.decision, self._answer[2])

    @property
    def sentences(self) -> dict[tuple[str, int], Truth]:
        """The truth of each permission, limit and prohibition on the act, after priorities."""
        norms = self._functions.lowered.norms
        return {(n.clause, n.number): TRUTHS[t] for n, t in zip(norms, self._answer[1], strict=True)}

    @property
    def leaves(self) -> dict[Place, Truth]:
        """The truth of each test: by clause, sentence, part (applies, condition, exception) and order in it."""
        names, numbers = self._functions.places
        truths = (*map(TRUTHS.__getitem__, self._answer[3]), *SETTLED)
        return dict(zip(names, map(truths.__getitem__, numbers), strict=True))

    @property
    def reasons(self) -> frozenset[Reason]:
        """Why it is undecided: what is missing, with who must show it."""
        grounds = self._functions.told.grounds
        return frozenset(r for number in self._answer[4] for r in grounds[number](self._act))
