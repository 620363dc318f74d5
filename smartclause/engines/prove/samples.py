"""One record that counts, for each question about the past that is answered yes: what it shows to the other questions
about such records. So are two questions seen to contradict each other without a history being built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from smartclause.engines.prove.facts import YES, Facts, Yes
from smartclause.engines.prove.figures import Number, Rails
from smartclause.engines.prove.past import Found, wider
from smartclause.engines.prove.reading import Place
from smartclause.engines.prove.space import Space
from smartclause.logic.terms import Every, Term

MOST = 40  # questions about one type of record; of more the first are compared


@dataclass(frozen=True)
class Sample:
    """If `when`, this record counts for `of`: surely, or only perhaps."""

    of: Found
    when: Yes
    facts: Facts
    stretch: Number
    sure: bool = True


class Samples:
    def __init__(self, space: Space) -> None:
        self.space = space
        self._samples: list[Sample] = []
        self._sampled: set[int] = set()
        self._perhaps: set[int] = set()
        self._related: set[tuple[int, int]] = set()
        self._bound: set[tuple[int, int]] = set()

    def tell(self) -> None:
        """Adds what is new since the last time to the rules of the past."""
        known = -1
        while known != len(self.space.past.rules):
            known = len(self.space.past.rules)
            self._draw()
            for number, sample in enumerate(self._samples):
                for found in self._alike(sample.of):
                    self._relate(number, sample, found)

    def _draw(self) -> None:
        past = self.space.past
        for found in list(past.found.values()):
            if id(found) not in self._sampled:
                self._sampled.add(id(found))
                self._add(found, found.low >= 1, None)
                latest = found.latest
                self._samples.append(Sample(found, latest.settled, latest.facts, latest.stretch))
            for term, pair in list(found.terms.items()):
                if isinstance(term, Every) and id(pair) not in self._sampled:
                    self._sampled.add(id(pair))
                    none = z3.And(found.high == 0, z3.Not(found.open))
                    self._add(found, z3.And(pair.sure.no, z3.Not(none)), term.has)
        self._draw_perhaps()

    def _draw_perhaps(self) -> None:
        """What every record has, a record that only perhaps counts for another question has too."""
        every = {f.asked.query.event for f in self.space.past.found.values() if any_every(f)}
        for found in list(self.space.past.found.values()):
            if found.asked.query.event in every and id(found) not in self._perhaps:
                self._perhaps.add(id(found))
                self._add(found, found.high >= 1, None, sure=False)

    def _add(self, found: Found, when: Yes, fails: Term | None, sure: bool = True) -> None:
        """`fails`: what the record surely does not have."""
        past = self.space.past
        tag = f"sample{len(self._samples)}"
        facts = Facts(self.space.world.codes, tag, found.latest.facts.declared)
        facts.rules = past.rules
        stretch = z3.Int(f"{tag}.stretch")
        past.rules.append(z3.And(stretch >= 0, stretch <= self.space.stretch))
        sample = Sample(found, when, facts, stretch, sure)
        self._samples.append(sample)
        if fails is not None:
            past.rules.append(z3.Implies(when, self._of(found, fails, sample).no))

    def _alike(self, found: Found) -> Iterator[Found]:
        asked = [f for f in self.space.past.found.values() if f.asked.query.event == found.asked.query.event]
        yield from asked[:MOST]

    def _relate(self, number: int, sample: Sample, found: Found) -> None:
        new = [t for t, pair in found.terms.items() if isinstance(t, Every) and (number, id(pair)) not in self._bound]
        first = (number, id(found)) not in self._related
        if not (new or first) or (sample.of is not found and not wider(found.asked, sample.of.asked)):
            return
        where = self._where(found, sample)
        if first:
            self._related.add((number, id(found)))
            self.space.past.rules.extend(_counts(sample, found, where))
        for term in new:
            self._bound.add((number, id(found.terms[term])))
            has, truth = self._of(found, term.has, sample), found.terms[term].sure
            may = z3.And(sample.when, truth.yes, z3.Not(where.no))
            self.space.past.rules.append(z3.Implies(may, has.yes))
            if sample.sure:
                self.space.past.rules.append(z3.Implies(z3.And(sample.when, where.yes, has.no), truth.no))

    def _where(self, found: Found, sample: Sample) -> Rails:
        where = found.asked.query.where
        return Rails(YES, z3.BoolVal(False)) if where is None else self._of(found, where, sample)

    def _of(self, found: Found, term: Term, sample: Sample) -> Rails:
        reading = self.space.world.reading(found.lookup)
        place = Place(sample.facts, sample.stretch, found.asked.query.event, self.space.party)
        return reading.term(term, place, found.asked.module, True)


def any_every(found: Found) -> bool:
    return any(isinstance(t, Every) for t in found.terms)


def _counts(sample: Sample, found: Found, where: Rails) -> Iterator[Yes]:
    if sample.of is found:
        yield z3.Implies(sample.when, where.yes if sample.sure else z3.Not(where.no))
        return
    if sample.sure:
        yield z3.Implies(z3.And(sample.when, where.yes), found.low >= 1)
    yield z3.Implies(z3.And(sample.when, z3.Not(where.no)), z3.Or(found.high >= 1, found.open))
