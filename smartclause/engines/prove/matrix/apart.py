"""Which values of a fact no sentence can tell apart: every part of every formula that rests on the fact alone comes out
the same for them. So does then whatever is built of those parts, and one of the values stands for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import z3

from smartclause.engines.prove.codes import nodes
from smartclause.engines.prove.facts import Fact, Yes
from smartclause.engines.prove.matrix.asked import Asked
from smartclause.engines.prove.matrix.result import Axis
from smartclause.engines.prove.matrix.values import alike
from smartclause.logic.terms import CountDistinct

Node: TypeAlias = z3.ExprRef


@dataclass
class Parts:
    """The parts of formulas that rest on the value of one fact alone, for each of several; `mixed`: facts whose value
    is compared with something that is not known either."""

    facts: Sequence[Fact]
    alone: list[dict[int, Yes]] = field(init=False)
    mixed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.alone = [{} for _ in self.facts]
        self._owner = {v.get_id(): n for n, f in enumerate(self.facts) for v in variables_of(f)}
        self._rests: dict[int, frozenset[int]] = {}
        self._seen: set[int] = set()
        self._kept: list[Node] = []  # the numbers of what is let go are given anew

    def read(self, formulas: Iterable[Yes]) -> None:
        for formula in formulas:
            self._rest(formula)
            self._walk(formula)

    def _rest(self, formula: Node) -> None:
        """On which facts each part rests, -1 for anything else; the smallest parts first."""
        waiting: list[tuple[Node, bool]] = [(formula, False)]
        while waiting:
            node, ready = waiting.pop()
            if node.get_id() in self._rests:
                continue
            children = node.children()
            self._kept.append(node)
            if not ready and children:
                waiting.append((node, True))
                waiting += [(c, False) for c in children]
            elif children:
                self._rests[node.get_id()] = frozenset().union(*(self._rests[c.get_id()] for c in children))
            else:
                free = z3.is_const(node) and node.decl().kind() == z3.Z3_OP_UNINTERPRETED
                self._rests[node.get_id()] = frozenset({self._owner.get(node.get_id(), -1)} if free else ())

    def _walk(self, formula: Node) -> None:
        """Into what joins several facts, down to the parts of one."""
        waiting: list[Node] = [formula]
        while waiting:
            node = waiting.pop()
            rests = self._rests[node.get_id()]
            if node.get_id() in self._seen or not any(n >= 0 for n in rests):
                continue
            self._seen.add(node.get_id())
            if len(rests) == 1 and isinstance(node, z3.BoolRef):
                (owner,) = rests
                self.alone[owner][node.get_id()] = node
            elif isinstance(node, z3.BoolRef) and all(isinstance(c, z3.BoolRef) for c in node.children()):
                waiting += node.children()
            else:
                self.mixed |= {n for n in rests if n >= 0}


def variables_of(fact: Fact) -> Iterator[Node]:
    """Those of its value; whether it is known is another matter."""
    yield from (v for v in (fact.number, fact.truth, *fact.members.values()) if v is not None)


def classes(asked: Asked) -> tuple[tuple[int, ...], ...]:
    """For each axis the number of the value that stands for each: of those that no part tells apart, and of those that
    can be exchanged everywhere. Where a value is compared with what is not known either, only of the latter."""
    facts = [asked.space.facts.made[a.fact.name] for a in asked.axes]
    parts = Parts(facts)
    parts.read(asked.formulas())
    exchanged = alike(asked.lookup, asked.axes)
    counted = {n.field for n in nodes(asked.lookup) if isinstance(n, CountDistinct)}
    found = []
    for number, (axis, fact) in enumerate(zip(asked.axes, facts, strict=True)):
        mixed = number in parts.mixed or axis.fact.name in counted
        alone = exchanged[number] if mixed else _told_apart(asked, axis, fact, parts.alone[number])
        found.append(_joined(exchanged[number], alone))
    return tuple(found)


def _joined(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """What stands for one another by either."""
    stands = list(range(len(one)))
    for found in (one, other):
        for value, first in enumerate(found):
            keep, drop = sorted((stands[first], stands[value]))
            stands = [keep if s == drop else s for s in stands]
    return tuple(stands)


def _told_apart(asked: Asked, axis: Axis, fact: Fact, parts: Mapping[int, Yes]) -> tuple[int, ...]:
    first: dict[object, int] = {}
    found = []
    for number, value in enumerate(axis.values):
        told = None if value is None else tuple(_comes_out(p, _given(asked, fact, value)) for p in parts.values())
        found.append(first.setdefault(told, number))
    return tuple(found)


def _given(asked: Asked, fact: Fact, value: str | bool) -> list[tuple[Node, Node]]:
    if fact.truth is not None:
        return [(fact.truth, z3.BoolVal(value is True))]
    if fact.number is not None:
        return [(fact.number, z3.IntVal(asked.space.world.codes.word(str(value))))]
    return [(m, z3.BoolVal(name == value)) for name, m in fact.members.items()]


def _comes_out(part: Yes, given: list[tuple[Node, Node]]) -> bool:
    return bool(z3.is_true(z3.simplify(z3.substitute(part, *given))))
