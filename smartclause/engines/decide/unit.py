"""The generated functions for one act type and party, made when first asked."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from inspect import isfunction
from threading import RLock
from typing import Any

from smartclause.engines.decide.shown import FactsOf, Why, why_open
from smartclause.logic.counting import Duration, Instant, Unit
from smartclause.logic.finding import Reason
from smartclause.logic.terms import Money, Value
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.rails.formula import THIS_ACT, Fixed, Formula, grounds
from smartclause.rails.lowering import Lowered
from smartclause.rails.refused import CannotDo
from smartclause.rails.source import runtime
from smartclause.rails.source.formulas import Gate
from smartclause.rails.source.module import Source

Facts = Mapping[str, Value]
Ask = Callable[[int], bool | None]
Judge = Callable[[Facts, int, "frozenset[str]", Ask | None, Ask | None], Decision]
Tell = Callable[[Facts, int, "frozenset[str]", Ask | None, Ask | None], tuple[Any, ...]]
SETTLED = tuple(Truth)
Place = tuple[str, int, str, int]  # clause, sentence, which of its parts, which leaf of it


def names() -> dict[str, object]:
    """What generated source takes as given."""
    given: dict[str, object] = {"Decimal": Decimal, "Money": Money, "Duration": Duration, "Unit": Unit, "date": date}
    given |= {"InvalidOperation": InvalidOperation, "bisect": bisect}
    given |= {name: value for name, value in vars(runtime).items() if isfunction(value)}
    given |= {d.name: d for d in Decision}
    return given | {s.name: s for s in ClauseState}


@dataclass(frozen=True)
class Told:
    """The function that tells everything, with what stands at each place of its answer."""

    function: Tell
    gates: tuple[Gate, ...]
    grounds: tuple[Why, ...]


@dataclass(frozen=True)
class Functions:
    """`namespace` is shared by all functions of a contract: it holds their constants. `lock`: one at a time is made."""

    source: Source
    lowered: Lowered
    namespace: dict[str, Any]
    lock: RLock = field(default_factory=RLock)

    @cached_property
    def verdict(self) -> Judge:
        name, text = self._verdict
        return self._made(name, text)  # type: ignore[no-any-return]

    @cached_property
    def _verdict(self) -> tuple[str, str]:
        with self.lock:
            return self.source.verdict(self.lowered)

    @cached_property
    def asks(self) -> bool:
        """Whether the verdict looks at records or duties."""
        return "ask(" in self._verdict[1]

    @cached_property
    def latest(self) -> Instant | None:
        """From this instant on nothing that is told changes with time any more."""
        text = f"{self._verdict[1]}{self._statuses[1]}"
        with self.lock:
            return self.source.constants.latest(text)

    @cached_property
    def statuses(self) -> Tell:
        name, text = self._statuses
        return self._made(name, text)  # type: ignore[no-any-return]

    @cached_property
    def _statuses(self) -> tuple[str, str]:
        with self.lock:
            return self.source.statuses(self.lowered)

    @cached_property
    def told(self) -> Told:
        with self.lock:
            found = self.source.explained(self.lowered)
        grounds_ = tuple(self._why(g) for g in found.grounds)
        return Told(self._made(found.name, found.text), found.gates, grounds_)

    def _why(self, ground: Gate | tuple[Reason, ...]) -> Why:
        if isinstance(ground, tuple):
            return lambda act: [replace(r, event=act.id) if r.event == THIS_ACT else r for r in ground]
        return why_open(self.source.lookup, self.lowered.type, ground)

    @cached_property
    def facts(self) -> FactsOf:
        return FactsOf(self.source.lookup, self.lowered.type)

    def _made(self, name: str, text: str) -> Any:
        with self.lock:
            definitions = self.source.constants.needed(text)
            try:
                exec(compile(f"{definitions}{text}", f"<{self.lowered.type}>", "exec"), self.namespace)
            except (SyntaxError, RecursionError, MemoryError):  # more brackets than Python reads
                raise CannotDo("conditions nested too deeply", self.lowered.type) from None
            return self.namespace[name]

    @cached_property
    def sentences(self) -> dict[tuple[str, int], int]:
        return {(n.clause, n.number): place for place, n in enumerate(self.lowered.norms)}

    @cached_property
    def places(self) -> dict[Place, int]:
        """The leaves of each sentence in reading order, and where the truth of each stands in what is told.

        What is settled before any act counts from the end: see `SETTLED`.
        """
        numbers = {gate: n for n, gate in enumerate(self.told.gates)}
        found: dict[Place, int] = {}
        for norm in self.lowered.norms:
            for part in ("applies", "condition", "exception"):
                formula: Formula = getattr(norm, part)
                for n, ground in enumerate(grounds(formula)):
                    where = SETTLED.index(ground.truth) - len(SETTLED) if isinstance(ground, Fixed) else numbers[ground]
                    found[norm.clause, norm.number, part, n] = where
        return found
