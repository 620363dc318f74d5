"""All acts of one type by one party, complete or not, with whatever past: the variables, and formulas over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

import z3

from smartclause.engines.prove.codes import Codes
from smartclause.engines.prove.facts import Facts, Yes
from smartclause.engines.prove.figures import Rails, both
from smartclause.engines.prove.moments import Moments
from smartclause.engines.prove.past import Open, Past
from smartclause.engines.prove.reading import Place, Reading, all_of, any_of, at_least
from smartclause.logic.contract import Clause, Duty, FieldType, Repeated
from smartclause.logic.counting import end_of_day
from smartclause.logic.force import force_start
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Term
from smartclause.logic.truth import Truth
from smartclause.rails.formula import AtBestUnknown, AtLeast, Each, Either, Fixed, Force, Formula, Inverse, Leaf, Owed
from smartclause.rails.lowering import Lowered, lower_verdict


class World:
    """What several spaces share: codes, instants, and how each contract is read."""

    def __init__(self, lookups: Iterable[Lookup]) -> None:
        self.lookups = tuple(lookups)
        self.codes = Codes(self.lookups)
        self.moments = Moments(self.lookups)
        self._readings = {
            id(k): Reading(number, self.codes, self.moments) for number, k in enumerate(self.lookups)
        }  # fmt: skip

    def reading(self, lookup: Lookup) -> Reading:
        return self._readings[id(lookup)]


class Space:
    """Of one type and party. Contracts that are compared read the same variables."""

    def __init__(self, world: World, type_: str, party: str) -> None:
        self.world, self.type, self.party = world, type_, party
        self.stretch = z3.Int("stretch")
        self.facts = Facts(world.codes, "act", self._declared())
        self.facts.rules.append(z3.And(self.stretch >= 0, self.stretch <= len(world.moments.cuts)))
        self.past = Past(world.codes, "", self.stretch)
        self.named: dict[int, Rails] = {}
        self.defined: dict[str, Yes] = {}
        self._rails: dict[int, tuple[Formula, Rails]] = {}
        self._leaves: dict[tuple[int, Leaf], Rails] = {}
        self._lowered: dict[int, Lowered] = {}

    def _declared(self) -> dict[str, FieldType]:
        found: dict[str, FieldType] = {}
        for lookup in self.world.lookups:
            kind = lookup.types.get(self.type)
            found.update({f.name: f for f in kind.fields} if kind else {})
        return found

    @property
    def place(self) -> Place:
        return Place(self.facts, self.stretch, self.type, self.party, self.past, judged=True)

    @property
    def rules(self) -> list[Yes]:
        """What holds of every act whatever."""
        return [*self.facts.rules, *self.past.rules, *self.definitions(self.defined)]

    def definitions(self, names: Iterable[str]) -> list[Yes]:
        """What the variables that stand for sentences mean; of others nothing."""
        return [z3.Bool(n) == self.defined[n] for n in names if n in self.defined]

    # ---- a contract's verdict

    def lowered(self, lookup: Lookup) -> Lowered:
        """As a draft: as if all had signed."""
        if id(lookup) not in self._lowered:
            lowered = lower_verdict(lookup, self.type, self.party, {}, draft=True)
            self._lowered[id(lookup)] = lowered
            for norm in lowered.norms:
                self._name(norm.truth, lookup)
        return self._lowered[id(lookup)]

    def _name(self, formula: Formula, lookup: Lookup) -> None:
        """A sentence stands as two variables in what rests on it."""
        tag = f"norm{len(self.named)}"
        named = Rails(z3.Bool(f"{tag}.yes"), z3.Bool(f"{tag}.no"))
        whole = self._read(formula, lookup)
        self.named[id(formula)] = whole
        self.defined[f"{tag}.yes"], self.defined[f"{tag}.no"] = whole.yes, whole.no
        self._rails[id(formula)] = (formula, named)

    def meaning(self, formula: Formula, lookup: Lookup) -> Rails:
        """What a sentence's variables stand for."""
        return self.named.get(id(formula)) or self.rails(formula, lookup)

    def verdict(self, lookup: Lookup) -> Rails:
        return self.rails(self.lowered(lookup).verdict, lookup)

    def term(self, term: Term, lookup: Lookup, module: str, favour: bool = True) -> Rails:
        return self.world.reading(lookup).term(term, self.place, module, favour)

    def rails(self, formula: Formula, lookup: Lookup) -> Rails:
        """Each formula is read once; two that are the same object are the same variables."""
        known = self._rails.get(id(formula))
        if known is None:
            known = (formula, self._read(formula, lookup))
            self._rails[id(formula)] = known
        return known[1]

    def _read(self, formula: Formula, lookup: Lookup) -> Rails:
        match formula:
            case Fixed():
                return Rails(z3.BoolVal(formula.truth is Truth.TRUE), z3.BoolVal(formula.truth is Truth.FALSE))
            case Leaf():
                return self._leaf(formula, lookup)
            case Force():
                return self._force(formula, lookup)
            case Owed():
                return self._owed(formula, lookup)
            case Inverse():
                return self.rails(formula.arg, lookup).inverse()
            case Each():
                return all_of([self.rails(a, lookup) for a in formula.args])
            case Either():
                return any_of([self.rails(a, lookup) for a in formula.args])
            case AtLeast():
                return at_least(formula.count, [self.rails(a, lookup) for a in formula.args])
            case AtBestUnknown():
                return Rails(z3.BoolVal(False), self.rails(formula.arg, lookup).no)
            case _:
                assert_never(formula)

    def _alike(self, lookup: Lookup, module: str) -> int:
        return self.world.reading(lookup).alike.module(module)

    def _leaf(self, leaf: Leaf, lookup: Lookup) -> Rails:
        key = (id(lookup), leaf)
        if key not in self._leaves:
            self._leaves[key] = self.world.reading(lookup).leaf(leaf.term, self.place, leaf.module, leaf.favour)
        return self._leaves[key]

    def _owed(self, owed: Owed, lookup: Lookup) -> Rails:
        """Some duty of the file that this act answers is open; of a broader act, or one that may be narrower, that is
        never sure."""
        found = [self.answers(lookup, d, owed.module) for d in duties(lookup, owed.module)]
        return any_of([f for f in found if f is not None])

    def answers(self, lookup: Lookup, owed: tuple[Clause, Duty | Repeated], module: str) -> Rails | None:
        """That the act answers an open duty; None where it cannot."""
        clause, duty = owed
        answers = [a for a in duty.answers if lookup.is_under(a.act, self.type)]
        if duty.party != self.party or not answers:
            return None
        second = duty not in clause.sentences
        stands = self.past.is_open(Open(clause.id, duty.number, self._alike(lookup, module), second))
        reading, place = self.world.reading(lookup), replace(self.place, judged=False)
        wheres = [reading.term(a.where, place, module, True) for a in answers]
        sure = [w for a, w in zip(answers, wheres, strict=True) if a.act == self.type and not self._may_be_more(lookup)]
        yes = z3.And(stands.yes, z3.Or([w.yes for w in sure]))
        return Rails(yes, z3.Or(stands.no, z3.And([w.no for w in wheres])))

    def _may_be_more(self, lookup: Lookup) -> bool:
        """A narrower controlled act is not owed."""
        return any(t != self.type and lookup.is_under(t, self.type) and lookup.is_controlled(t) for t in lookup.types)

    def _force(self, force: Force, lookup: Lookup) -> Rails:
        """Inside its dates, unless it was ended; a clause that survives does not end."""
        module, clause = lookup.clauses[force.clause]
        header, moments = module.header, self.world.moments
        begun = self.stretch >= moments.stretch(force_start(header))
        if clause.survives:
            return Rails(begun, z3.Not(begun))
        inside = begun
        if header.until is not None:
            inside = both(begun, self.stretch <= moments.stretch(end_of_day(header.until, header.zone)))
        ended = self.past.has_ended(module.name, self.world.reading(lookup).alike.end(module.name))
        return Rails(z3.And(inside, ended.no), z3.Or(z3.Not(inside), ended.yes))


def duties(lookup: Lookup, module: str) -> list[tuple[Clause, Duty | Repeated]]:
    """What a file obliges to, with what is owed otherwise."""
    found: list[tuple[Clause, Duty | Repeated]] = []
    for clause in lookup.modules[module].clauses:
        for sentence in clause.sentences:
            if isinstance(sentence, Duty | Repeated):
                found.append((clause, sentence))
                if isinstance(sentence, Duty) and sentence.otherwise is not None:
                    found.append((clause, sentence.otherwise))
    return found
