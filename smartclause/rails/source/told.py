"""One generated function that tells everything: each leaf once, then all that follows from the leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from smartclause.logic.finding import Reason
from smartclause.logic.truth import Truth
from smartclause.rails.formula import (
    AtBestUnknown,
    Each,
    Either,
    Fixed,
    Force,
    Formula,
    Inverse,
    Leaf,
    Owed,
    grounds,
    parts,
)
from smartclause.rails.lowering import Lowered
from smartclause.rails.source.body import Body
from smartclause.rails.source.code import NO, Code, either, three_valued
from smartclause.rails.source.conditions import INDENT, decision_code, row
from smartclause.rails.source.formulas import Gate, Rails
from smartclause.rails.source.leaves import Test


@dataclass
class Telling(Body):
    """Each leaf once, then all that follows from the leaves."""

    gates: list[Gate] = field(default_factory=list)
    grounds: list[Gate | tuple[Reason, ...]] = field(default_factory=list)
    _places: dict[Gate, int] = field(default_factory=dict)
    _grounds: dict[Gate | tuple[Reason, ...], int] = field(default_factory=dict)

    def told(self) -> Iterator[str]:
        for gate in _gates(self.lowered):
            yield from self._leaf(gate)
        rails = Rails(self._standing)
        known = yield from self.sentences(rails)
        rails = Rails(self._standing, known)
        states = list(self.states(rails))
        yield from states
        yield f"decision = {decision_code(rails, self.lowered.verdict)}"
        yield "missing = []"
        inner = list(self._open(self.lowered.verdict, rails, "neither"))
        if inner:
            yield "if decision is UNDECIDED:"
            yield from (f"{INDENT}{line}" for line in inner)
        truths = row(f"_{n}_truth" for n in range(len(self.lowered.norms)))
        leaves = row(f"_{n}_leaf" for n in range(len(self.gates)))
        yield f"return decision, {truths}, {self.by_clause()}, {leaves}, missing"

    def _leaf(self, gate: Gate) -> Iterator[str]:
        number = self._places[gate] = len(self.gates)
        self.gates.append(gate)
        test = self.of_gate(gate)
        yield from self.loading(test.loads)
        yield f"_{number}_leaf = {_told(gate, test)}"

    def _standing(self, gate: Gate) -> Test:
        name = f"_{self._places[gate]}_leaf"
        return Test(Code(f"{name} is True"), Code(f"{name} is False"))

    def _open(self, formula: Formula, rails: Rails, settled: str) -> Iterator[str]:
        """The numbers of the grounds under unknown parts of what is unknown.

        `settled`: the only side that a part can be on if it is not unknown; the other would have settled the whole.
        """
        match formula:
            case Fixed():
                if formula.truth is Truth.UNKNOWN and formula.reasons:
                    yield f"missing.append({self._ground(formula.reasons)})"
            case Leaf() | Force() | Owed():
                yield f"if _{self._places[formula]}_leaf is None:"
                yield f"{INDENT}missing.append({self._ground(formula)})"
            case Inverse():
                yield from self._open(formula.arg, rails, {"true": "false", "false": "true"}.get(settled, settled))
            case _:
                inner = list(self._open_parts(formula, rails))
                if inner and settled != "neither":
                    yield f"if {_unknown(formula, rails, settled)}:"
                yield from (f"{INDENT if settled != 'neither' else ''}{line}" for line in inner)

    def _open_parts(self, formula: Formula, rails: Rails) -> Iterator[str]:
        """Of a formula that is unknown."""
        match formula:
            case AtBestUnknown():
                true = rails.true(formula.arg)
                if true != NO:
                    yield f"if {true.text}:"
                    yield f"{INDENT}missing.append({self._ground((formula.reason,))})"
                yield from self._open(formula.arg, rails, "")
            case Each() | Either():
                settled = "true" if isinstance(formula, Each) else "false"
                for part in formula.args:
                    yield from self._open(part, rails, settled if len(formula.args) > 1 else "neither")
            case _:
                for part in parts(formula):
                    yield from self._open(part, rails, "")

    def _ground(self, ground: Gate | tuple[Reason, ...]) -> int:
        if ground not in self._grounds:
            self._grounds[ground] = len(self.grounds)
            self.grounds.append(ground)
        return self._grounds[ground]


def _told(gate: Gate, test: Test) -> str:
    """What is asked is asked once."""
    if isinstance(gate, Owed) or (isinstance(gate, Leaf) and test.sure.text.startswith("ask(")):
        return test.sure.text.removesuffix(" is True")
    return three_valued(test.sure, test.against)


def _gates(lowered: Lowered) -> list[Gate]:
    """Of the verdict and of all sentences, each once."""
    formulas = (lowered.verdict, *(f for n in lowered.norms for f in (n.applies, n.own, n.truth)))
    found = (g for f in formulas for g in grounds(f))
    return list(dict.fromkeys(g for g in found if not isinstance(g, Fixed)))


def _unknown(formula: Formula, rails: Rails, settled: str) -> str:
    if id(formula) in rails.known:
        return f"{rails.known[id(formula)]} is None"
    sides = [rails.true(formula)] if settled != "false" else []
    sides += [rails.false(formula)] if settled != "true" else []
    code = either(sides)
    return "True" if code == NO else f"not ({code.text})"
