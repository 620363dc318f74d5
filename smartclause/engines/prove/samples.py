"""One record that counts, for each question about the past that is answered yes: what it shows to the other questions
about such records. So are two questions seen to contradict each other without a history being built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from smartclause.engines.prove.alike import same_counting, same_types
from smartclause.engines.prove.facts import YES, Facts, Yes
from smartclause.engines.prove.figures import Number, Rails
from smartclause.engines.prove.past import Asked, Found, wider
from smartclause.engines.prove.reading import Place
from smartclause.engines.prove.space import Space
from smartclause.logic.terms import Every, Term

MOST = 40  # questions about one type of record; of more the first are compared


@dataclass(frozen=True)
class Sample:
    """If `when`, this record counts for `of`: surely, or only perhaps; surely by the word of others, if `trusted`."""

    of: Found
    when: Yes
    facts: Facts
    stretch: Number
    sure: bool = True
    trusted: bool = False


class Samples:
    def __init__(self, space: Space) -> None:
        self.space = space
        self._samples: list[Sample] = []
        self._sampled: set[int] = set()
        self._perhaps: set[int] = set()
        self._compared = len(space.world.lookups) > 1
        self._wider: dict[tuple[Asked, Asked], bool] = {}
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
                    if self._compared:
                        self._add(found, z3.And(pair.trusted.no, z3.Not(none)), term.has, trusted=True)
                        closed = z3.Not(found.open)
                        for held, some in ((pair.sure, found.low), (pair.trusted, found.trusted)):
                            self._lacking(found, z3.And(some >= 1, closed, z3.Not(held.yes)), term.has)
        self._draw_perhaps()

    def _draw_perhaps(self) -> None:
        """What every record has, a record that only perhaps counts for another question has too; of contracts that are
        compared, what perhaps counts for the one may count for the other."""
        every = {f.asked.query.event for f in self.space.past.found.values() if any_every(f)}
        for found in list(self.space.past.found.values()):
            if (found.asked.query.event in every or self._compared) and id(found) not in self._perhaps:
                self._perhaps.add(id(found))
                self._add(found, found.high >= 1, None, sure=False)
                if self._compared:
                    self._add(found, found.trusted >= 1, None, trusted=True)

    def _lacking(self, found: Found, when: Yes, has: Term) -> None:
        """A record that perhaps counts and does not surely have what each should."""
        sample = self._add(found, when, None, sure=False)
        self.space.past.rules.append(z3.Implies(when, z3.Not(self._of(found, has, sample).yes)))

    def _add(self, found: Found, when: Yes, fails: Term | None, sure: bool = True, trusted: bool = False) -> Sample:
        """`fails`: what the record surely does not have."""
        past = self.space.past
        tag = f"sample{len(self._samples)}"
        facts = Facts(self.space.world.codes, tag, found.latest.facts.declared)
        facts.rules = past.rules
        stretch = z3.Int(f"{tag}.stretch")
        past.rules.append(z3.And(stretch >= 0, stretch <= self.space.stretch))
        sample = Sample(found, when, facts, stretch, sure, trusted)
        self._samples.append(sample)
        if fails is not None:
            past.rules.append(z3.Implies(when, self._of(found, fails, sample).no))
        return sample

    def _alike(self, found: Found) -> Iterator[Found]:
        asked = [f for f in self.space.past.found.values() if f.asked.query.event == found.asked.query.event]
        yield from asked[:MOST]

    def _relate(self, number: int, sample: Sample, found: Found) -> None:
        new = [t for t, pair in found.terms.items() if isinstance(t, Every) and (number, id(pair)) not in self._bound]
        first = (number, id(found)) not in self._related
        if not (new or first) or (sample.of is not found and not self._contains(found, sample.of)):
            return
        where = self._where(found, sample)
        if first:
            self._related.add((number, id(found)))
            self.space.past.rules.extend(_counts(sample, found, where))
            if self._compared and sample.of is not found:
                self.space.past.rules.append(z3.Implies(sample.of.open, found.open))
        for term in new:
            self._bound.add((number, id(found.terms[term])))
            has, pair = self._of(found, term.has, sample), found.terms[term]
            truth = pair.trusted if sample.trusted else pair.sure
            may = z3.And(sample.when, pair.sure.yes, z3.Not(where.no))
            self.space.past.rules.append(z3.Implies(may, has.yes))
            if sample.sure:
                self.space.past.rules.append(z3.Implies(z3.And(sample.when, where.yes, has.no), truth.no))

    def _contains(self, found: Found, other: Found) -> bool:
        """Whether a record that counts for the other counts for the one if only its own facts are as asked."""
        key = (found.asked, other.asked)
        if key not in self._wider:
            lookups = self.space.world.lookups
            one, two = (lookups[a.contract] for a in key)
            across = one is two or (
                same_types({found.asked.query.event}, one, two) and same_counting(found.asked.module, one, two)
            )
            self._wider[key] = across and wider(*key)
        return self._wider[key]

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
    if sample.trusted:
        yield z3.Implies(z3.And(sample.when, where.yes), found.trusted >= 1)
    elif sample.sure:
        yield z3.Implies(z3.And(sample.when, where.yes), found.low >= 1)
    yield z3.Implies(z3.And(sample.when, z3.Not(where.no)), z3.Or(found.high >= 1, found.open))
