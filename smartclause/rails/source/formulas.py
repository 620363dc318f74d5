"""Formulas as Python: two classical conditions for each, *is true* and *is false* (design 4). `Inverse` swaps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from smartclause.logic.truth import Truth
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
)
from smartclause.rails.source.code import NO, YES, Code, both, counted, either
from smartclause.rails.source.leaves import Test

Gate = Leaf | Force | Owed


@dataclass
class Rails:
    """`test` gives what a leaf or gate comes to; `known` the locals that hold the truth of a formula, by identity.

    `loads` gathers the statements that must stand before the conditions made so far.
    """

    test: Callable[[Gate], Test]
    known: Mapping[int, str] = field(default_factory=dict)
    loads: dict[str, str] = field(default_factory=dict)

    def true(self, formula: Formula) -> Code:
        return self._rail(formula, True)

    def false(self, formula: Formula) -> Code:
        return self._rail(formula, False)

    def _rail(self, formula: Formula, wanted: bool) -> Code:
        if id(formula) in self.known:
            return Code(f"{self.known[id(formula)]} is {wanted}")
        match formula:
            case Fixed():
                return YES if formula.truth is (Truth.TRUE if wanted else Truth.FALSE) else NO
            case Leaf() | Force() | Owed():
                return self._gate(formula, wanted)
            case Inverse():
                return self._rail(formula.arg, not wanted)
            case Each():
                return self._join(both if wanted else either, formula.args, wanted)
            case Either():
                return self._join(either if wanted else both, formula.args, wanted)
            case AtLeast():
                return self._at_least(formula, wanted)
            case AtBestUnknown():
                return NO if wanted else self._rail(formula.arg, False)
            case _:
                assert_never(formula)

    def _join(self, how: Callable[[list[Code]], Code], args: tuple[Formula, ...], wanted: bool) -> Code:
        return how([self._rail(a, wanted) for a in args])

    def _gate(self, gate: Gate, wanted: bool) -> Code:
        test = self.test(gate)
        code = test.sure if wanted else test.against
        if code not in (YES, NO):
            self.loads.update(test.loads)
        return code

    def _at_least(self, formula: AtLeast, wanted: bool) -> Code:
        """So many are true; or so many are false that the rest would not do."""
        needed = formula.count if wanted else len(formula.args) - formula.count + 1
        sure, others = counted(self._rail(a, wanted) for a in formula.args)
        left = needed - sure
        if left <= 0:
            return YES
        return Code(f"{' + '.join(others)} >= {left}", "compared") if len(others) >= left else NO


def conjuncts(formula: Formula) -> list[Formula]:
    """What must all hold for it to hold; one that is false settles it."""
    match formula:
        case Each():
            return [c for a in formula.args for c in conjuncts(a)]
        case Inverse(Either() as inner):
            return [c for a in inner.args for c in conjuncts(Inverse(a))]
        case Inverse(Inverse() as inner):
            return conjuncts(inner.arg)
        case _:
            return [formula]
