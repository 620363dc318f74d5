"""Conditions of a contract as functions, made from the rails: of a record's own facts, and of what is asked besides.

Answers are True, False, or None where it is not known.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from inspect import isfunction
from textwrap import indent
from typing import Any, TypeAlias, TypeGuard

from smartclause.logic.counting import Duration, Instant, Unit
from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Money, Term, Value
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.rails.formula import Formula, Ground, Leaf, Owed, grounds
from smartclause.rails.lowering import Lowered, lower_term
from smartclause.rails.refused import CannotDo
from smartclause.rails.source import runtime
from smartclause.rails.source.code import Code, three_valued
from smartclause.rails.source.formulas import Gate, Rails
from smartclause.rails.source.leaves import Leaves, Test, reads_the_past
from smartclause.rails.source.module import Source

Facts: TypeAlias = Mapping[str, Value]
Known: TypeAlias = bool | None
Ask: TypeAlias = Callable[[int], Known]
Own: TypeAlias = Callable[[Facts, Instant], Known]
Condition: TypeAlias = Callable[[Facts, Instant, frozenset[str], Ask], Known]
Judge: TypeAlias = Callable[[Facts, Instant, frozenset[str], Ask, "Ask | None"], Decision]
Tell: TypeAlias = Callable[[Facts, Instant, frozenset[str], Ask, "Ask | None"], tuple[Any, ...]]


@dataclass(frozen=True)
class Judging:
    """The functions of one act type and party; the two longer ones are made when they are first needed."""

    conditions: Conditions
    lowered: Lowered
    verdict: Judge
    asked: tuple[int, ...] = ()
    _made: dict[str, Any] = field(default_factory=dict)

    @property
    def has_bars(self) -> bool:
        """Whether a sentence could forbid it, rather than nothing permit it."""
        return any(not n.grants for n in self.lowered.norms)

    def states(self) -> Tell:
        """Tells the decision, and the state of each clause with a sentence on the act."""
        if "states" not in self._made:
            name, text = self.conditions.source.statuses(self.lowered)
            self._made["states"] = self.conditions.made(name, text)
        return self._made["states"]  # type: ignore[no-any-return]

    def told(self) -> tuple[Tell, tuple[Gate | tuple[Reason, ...], ...]]:
        """Tells everything, and what the numbers at its end stand for."""
        if "told" not in self._made:
            found = self.conditions.source.explained(self.lowered)
            self._made["told"] = (self.conditions.made(found.name, found.text), found.grounds)
        return self._made["told"]  # type: ignore[no-any-return]


@dataclass
class Conditions:
    """Of one contract. `source.asked` numbers what the functions ask."""

    source: Source
    namespace: dict[str, Any] = field(default_factory=lambda: _names())
    _count: int = 0

    @property
    def lookup(self) -> Lookup:
        return self.source.lookup

    def judging(self, type_: str, party: str) -> Judging:
        lowered = self.source.lowered(type_, party)
        name, text = self.source.verdict(lowered)
        numbers = (self.source.asked.number(g) for g in grounds(lowered.verdict) if _is_asked(g))
        return Judging(self, lowered, self.made(name, text), tuple(dict.fromkeys(numbers)))

    def own(self, term: Term, module: str, party: str, type_: str) -> Own | None:
        """Of records of the type, on their own facts; None if it always holds. Raises CannotDo."""
        formula = lower_term(term, module, party, favour=True, judged=False)
        text, loads = self._texts(formula, type_, asks=False)
        if text == "True":
            return None
        return self._function(text, loads, "facts, at", attested=self.shown(type_))  # type: ignore[no-any-return]

    def condition(self, formula: Formula, type_: str) -> Condition | None:
        """Of a record of the type at its place; None if it always holds."""
        text, loads = self._texts(formula, type_, asks=True)
        if text == "True":
            return None
        return self._function(text, loads, "facts, at, attested, ask")  # type: ignore[no-any-return]

    def shown(self, type_: str) -> frozenset[str]:
        """The names of all facts of the type: each counts as shown."""
        known = self.lookup.types.get(type_)
        return frozenset(f.name for f in known.fields) if known else frozenset()

    def _texts(self, formula: Formula, type_: str, asks: bool) -> tuple[str, Mapping[str, str]]:
        leaves = Leaves(self.lookup, type_, self.source.constants)

        def test(gate: Gate) -> Test:
            if isinstance(gate, Leaf) and not reads_the_past(gate.term):
                return leaves.test(gate)
            if not asks:
                raise CannotDo("a condition on one record that looks at others", type_)
            number = self.source.asked.number(gate)
            return Test(Code(f"ask({number}) is True"), Code(f"ask({number}) is False"))

        rails = Rails(test)
        return three_valued(rails.true(formula), rails.false(formula)), rails.loads

    def _function(self, text: str, loads: Mapping[str, str], parameters: str, **given: object) -> Any:
        self._count += 1
        name = f"_condition_{self._count}"
        read = (indent(each, "    ") for each in loads.values())
        lines = [f"def {name}({parameters}):", "    get = facts.get", *read]
        if "attested" in given:
            self.namespace[f"{name}_shown"] = given["attested"]
            lines.insert(1, f"    attested = {name}_shown")
        return self.made(name, "\n".join([*lines, f"    return {text}"]) + "\n")

    def made(self, name: str, text: str) -> Any:
        definitions = self.source.constants.needed(text)
        try:
            exec(compile(definitions + text, f"<{name}>", "exec"), self.namespace)
        except (SyntaxError, RecursionError, MemoryError):  # more brackets than Python reads
            raise CannotDo("conditions nested too deeply", name) from None
        return self.namespace[name]


def _is_asked(ground: Ground) -> TypeGuard[Gate]:
    return isinstance(ground, Owed) or (isinstance(ground, Leaf) and reads_the_past(ground.term))


def _names() -> dict[str, Any]:
    """What generated source takes as given."""
    given: dict[str, Any] = {"Decimal": Decimal, "Money": Money, "Duration": Duration, "Unit": Unit, "date": date}
    given |= {"bisect": bisect, "InvalidOperation": InvalidOperation}
    given |= {name: value for name, value in vars(runtime).items() if isfunction(value)}
    given |= {d.name: d for d in Decision}
    return given | {s.name: s for s in ClauseState}
