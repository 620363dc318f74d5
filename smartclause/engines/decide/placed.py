"""An act at its place in the past: generated functions ask from there, each question once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from smartclause.engines.decide.answers import Answers
from smartclause.engines.decide.explanation import TRUTHS, Explanation, Statuses
from smartclause.engines.decide.shown import OF_ANOTHER_KIND
from smartclause.engines.decide.unit import Functions, Tell
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.terms import Value
from smartclause.logic.verdict import Decision
from smartclause.rails.formula import Force, Leaf, Owed
from smartclause.rails.rows import Row

KNOWN = {truth: known for known, truth in TRUTHS.items()}


class Placed:
    """`row`: the act as its party may rely on it; `misfits` are facts left out, since they are of another kind."""

    __slots__ = ("_answers", "_asked", "_before", "_ended", "_functions", "_misfits", "_row")

    def __init__(self, answers: Answers, functions: Functions, row: Row, misfits: frozenset[str] = frozenset()) -> None:
        self._misfits = misfits
        self._answers = answers
        self._functions = functions
        self._row = row
        self._before = row.position
        self._asked: dict[int, bool | None] = {}
        self._ended = self._has_ended if answers.may_have_ended else None

    def verdict(self) -> Decision:
        facts = self._row.facts
        return self._functions.verdict(facts, self._row.instant, frozenset(facts), self._ask, self._ended)

    def statuses(self) -> Statuses:
        return Statuses(self._functions.source.lookup.clauses, *self._told(self._functions.statuses))

    def explain(self) -> Explanation:
        return Explanation(self._functions, self._told(self._functions.told.function), self)

    def _told(self, function: Tell) -> tuple[Any, ...]:
        facts = self._row.facts
        return function(facts, self._row.instant, frozenset(facts), self._ask, self._ended)

    def _ask(self, number: int) -> bool | None:
        if number not in self._asked:
            gate = self._functions.source.asked.gates[number]
            assert not isinstance(gate, Force)
            self._asked[number] = KNOWN[self._answers.truth(gate, self._row, self._before)]
        return self._asked[number]

    def _has_ended(self, number: int) -> bool | None:
        gate = self._functions.source.asked.gates[number]
        assert isinstance(gate, Force)
        return KNOWN[self._answers.ended(gate, self._before)]

    # ---- why it is undecided

    @property
    def id(self) -> str:
        return self._row.id

    @property
    def at(self) -> Instant:
        return self._row.instant

    def known(self, name: str) -> Value | None:
        return self._row.facts.get(name)

    def why(self, name: str) -> Reason:
        why = self._row.why(name)
        return replace(why, kind=OF_ANOTHER_KIND) if name in self._misfits and why.kind == "missing" else why

    def asked(self, gate: Leaf | Owed) -> Iterable[Reason]:
        return self._answers.reasons(gate, self._row, self._before)
