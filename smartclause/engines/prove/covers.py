"""Concept tests in the solver: what covers what, stretch by stretch of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import z3

from smartclause.engines.prove.facts import NO, YES, Fact, Yes, related
from smartclause.engines.prove.figures import UNKNOWN, Rails, both, covered_members, covered_one, in_turn
from smartclause.logic import terms as t
from smartclause.logic.concepts import Concepts
from smartclause.logic.truth import Truth
from smartclause.rails.source.covering import Sets, broader_of, covered, covering, element_covered, narrower_of
from smartclause.rails.stretches import Stated
from smartclause.rails.stretches import stated as stated_at

if TYPE_CHECKING:
    from smartclause.engines.prove.reading import Place, Reading


class Covering:
    """Of one contract; `reading` reads the sides."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.lookup, self.codes, self.moments = reading.lookup, reading.codes, reading.moments
        self._concepts: dict[tuple[int, str], Concepts] = {}
        self._sets: dict[tuple[int, Stated | str], Sets] = {}

    def covers(self, term: t.Covers, place: Place, module: str, trusted: bool) -> Rails:
        zone = self.lookup.modules[module].header.zone
        found: dict[tuple[object, ...], Rails] = {}
        turns: list[Rails] = []
        for number, at in enumerate(self.moments.inside):
            concepts = self.concepts(number, zone)
            sides = tuple(self._named(e, at) for e in (term.broad, term.narrow))
            key = (id(concepts), *sides)
            if key not in found:
                found[key] = self._covers_now(term, sides, concepts, place, module, trusted)
            turns.append(found[key])
        return in_turn(place.stretch, turns)

    def concepts(self, number: int, zone: str) -> Concepts:
        """The vocabulary in a stretch; one where nothing in it differs."""
        if (number, zone) not in self._concepts:
            made = self.lookup.concepts(self.moments.inside[number], zone)
            same = (c for c in self._concepts.values() if _alike(c, made))
            self._concepts[number, zone] = next(same, made)
        return self._concepts[number, zone]

    def _named(self, expression: t.Expression, at: int) -> Stated | None:
        return stated_at(self.lookup, expression, at) if isinstance(expression, t.Const | t.Parameter) else None

    def _covers_now(
        self,
        term: t.Covers,
        sides: tuple[Stated | None, ...],
        concepts: Concepts,
        place: Place,
        module: str,
        trusted: bool,
    ) -> Rails:
        broad, narrow = sides
        if broad is not None and narrow is not None:
            truth = covered(concepts, broad, narrow)
            return Rails(z3.BoolVal(truth is Truth.TRUE), z3.BoolVal(truth is Truth.FALSE))
        if broad is not None:
            return self._within(self._narrower(concepts, broad), term.narrow, place, module, trusted)
        if narrow is not None and isinstance(narrow.value, str):
            return self._embracing(term.broad, narrow.value, concepts, place, module, trusted)
        return self._both_open(term, narrow, concepts, place, module, trusted)

    def _within(self, sets: Sets, expression: t.Expression, place: Place, module: str, trusted: bool) -> Rails:
        if expression.type.kind is t.Kind.CONCEPTS:
            fact, sure = self._set_of(expression, place, module, trusted)
            return UNKNOWN if fact is None else covered_members(fact, sets.inside, sets.outside).given(sure)
        side = self.reading.side(expression, place, module, trusted)
        word = self.codes.word
        return covered_one(side.low, side.exact, map(word, sets.inside), map(word, sets.outside))

    def _embracing(
        self, expression: t.Expression, item: str, concepts: Concepts, place: Place, module: str, trusted: bool
    ) -> Rails:
        """Whether a field covers one concept: a set does if one of its elements does."""
        sets = self._broader(concepts, item)
        if expression.type.kind is not t.Kind.CONCEPTS:
            side = self.reading.side(expression, place, module, trusted)
            word = self.codes.word
            return covered_one(side.low, side.exact, map(word, sets.inside), map(word, sets.outside))
        fact, sure = self._set_of(expression, place, module, trusted)
        if fact is None:
            return UNKNOWN
        some = z3.Or([m for name, m in fact.members.items() if name in sets.inside])
        none = z3.Not(z3.Or([m for name, m in fact.members.items() if name not in sets.outside]))
        return Rails(z3.And(fact.known, some), z3.And(fact.known, none)).given(sure)

    def _narrower(self, concepts: Concepts, broad: Stated) -> Sets:
        if (id(concepts), broad) not in self._sets:
            self._sets[id(concepts), broad] = narrower_of(concepts, broad)
        return self._sets[id(concepts), broad]

    def _broader(self, concepts: Concepts, item: str) -> Sets:
        if (id(concepts), item) not in self._sets:
            self._sets[id(concepts), item] = broader_of(concepts, item)
        return self._sets[id(concepts), item]

    def _both_open(
        self, term: t.Covers, narrow: Stated | None, concepts: Concepts, place: Place, module: str, trusted: bool
    ) -> Rails:
        """Each side may be anything: element by element."""
        wide, wide_sure = self._elements(term.broad, place, module, trusted)
        if narrow is not None:
            items = dict.fromkeys(covering(narrow.value), YES) if narrow.value is not None else {}
            small_sure = YES if narrow.value is not None else NO
        else:
            items, small_sure = self._elements(term.narrow, place, module, trusted)
        cells = [(has, self._cell(concepts, wide, item)) for item, has in items.items()]
        every = z3.And([z3.Implies(has, cell.yes) for has, cell in cells])
        nowhere = z3.And([z3.Implies(has, cell.no) for has, cell in cells])
        return Rails(every, nowhere).given(both(wide_sure, small_sure))

    @staticmethod
    def _cell(concepts: Concepts, wide: dict[str, Yes], item: str) -> Rails:
        found = {b: element_covered(concepts, (b,), False, item) for b in wide}
        some = z3.Or([has for b, has in wide.items() if found[b] is Truth.TRUE])
        none = z3.Not(z3.Or([has for b, has in wide.items() if found[b] is not Truth.FALSE]))
        return Rails(some, none)

    def _elements(
        self, expression: t.Expression, place: Place, module: str, trusted: bool
    ) -> tuple[dict[str, Yes], Yes]:
        if expression.type.kind is t.Kind.CONCEPTS:
            fact, sure = self._set_of(expression, place, module, trusted)
            return (fact.members, both(sure, fact.known)) if fact is not None else ({}, NO)
        side = self.reading.side(expression, place, module, trusted)
        names = [n for k in self.codes.lookups for n in related(k, expression.type.detail)]
        return {n: side.low == self.codes.word(n) for n in dict.fromkeys(names)}, side.exact

    def _set_of(self, expression: t.Expression, place: Place, module: str, trusted: bool) -> tuple[Fact | None, Yes]:
        """The fact that holds a set, and what must hold for it to be read."""
        if isinstance(expression, t.Field):
            return place.facts.fact(expression.name), YES
        assert isinstance(expression, t.LatestField)
        found, keyed = self.reading.found(expression.query, place, module)
        sure = both(keyed, found.latest.trusted if trusted else found.latest.settled)
        return found.latest.facts.fact(expression.name), sure


def _alike(one: Concepts, other: Concepts) -> bool:
    return one._parents == other._parents and _groups(one) == _groups(other)


def _groups(concepts: Concepts) -> list[object]:
    day = concepts.day
    return [
        d for d in concepts.vocabulary.disjoint
        if (d.since is None or d.since <= day) and (d.until is None or day <= d.until)
    ]  # fmt: skip
