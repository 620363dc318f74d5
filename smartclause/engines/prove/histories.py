"""Histories of a few records before an act, as variables: what the past finds is bound to what they hold.

Records are genuine and shown by everybody, as in a scenario, or not to be relied on; each stands at one of the
instants of a menu, those of one instant in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import z3

from smartclause.engines.prove.facts import NO, YES, Fact, Facts, Yes, among
from smartclause.engines.prove.figures import Number, Rails, both
from smartclause.engines.prove.instants import Menu
from smartclause.engines.prove.past import Found
from smartclause.engines.prove.reading import Place, Reading
from smartclause.engines.prove.space import Space
from smartclause.logic.contract import ANYONE, Module
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import CountDistinct, Every, EveryFollowed, Kind, Query, Total
from smartclause.rails.dated import Dated

END = "termination"


@dataclass(frozen=True)
class Slot:
    """A record that may be. `parties`: who may have done it, by number `by`; `times`: as often as this it stands there,
    one after another."""

    number: int
    type: str
    facts: Facts
    present: Yes
    shaky: Yes
    when: Number
    stretch: Number
    by: Number
    parties: tuple[str, ...]
    times: Number

    def done_by(self, party: str) -> Yes:
        return self.by == self.parties.index(party) if party in self.parties else NO

    def before(self, other: Slot) -> Yes:
        return self.when <= other.when if self.number < other.number else self.when < other.when


@dataclass(frozen=True)
class Counted:
    sure: Yes
    possible: Yes


@dataclass(frozen=True)
class Asker:
    """Whose keys a question has, and who is judged; `at` a record that asks, None: at the act, or as late."""

    facts: Facts
    party: str
    at: Slot | None = None


class Histories:
    """`more`: types of records that duties want besides; `recipients`: to whom acts of a type are addressed;
    `times`: how often one record may stand there, besides once; `askers`: of questions that the act does not ask."""

    def __init__(
        self, space: Space, menu: Menu, founds: Iterable[Found], bound: int, more: Iterable[str] = (),
        debtors: Iterable[str] = (), recipients: Mapping[str, str] | None = None, times: Iterable[int] = (),
        askers: Mapping[int, Asker] | None = None,
    ) -> None:  # fmt: skip
        self.space, self.menu, self.bound = space, menu, bound
        self.asker, self._askers = Asker(space.facts, space.party), dict(askers or {})
        self.times = tuple(sorted({1, *times}))
        self.debtors, self.recipients = tuple(debtors), dict(recipients or {})
        self.founds = list(founds)
        self.rules: list[Yes] = []
        self.slots: list[Slot] = []
        kinds = {t for f in self.founds for t in _types(f)}
        for kind in sorted({*kinds, *more}):
            for _ in range(bound):
                self.slots.append(self._slot(kind))
        self._in_order()
        for found in self.founds:
            self.bind(found, self._askers.get(id(found), self.asker))

    # ---- records

    def _slot(self, kind: str) -> Slot:
        number = len(self.slots)
        tag = f"record{number}"
        facts = Facts(self.space.world.codes, tag, self._declared(kind))
        facts.rules = self.rules
        present, shaky = z3.Bools(f"{tag}.present {tag}.shaky")
        when, by, times = z3.Ints(f"{tag}.when {tag}.by {tag}.times")
        parties = self._parties(kind)
        self.rules.append(z3.Or([times == t for t in self.times]))
        self.rules += [when >= 0, when < len(self.menu.instants), by >= 0, by < len(parties)]
        self.rules += [self._keyed(facts, name) for name, f in facts.declared.items() if f.type.kind is Kind.IDENTIFIER]
        return Slot(number, kind, facts, present, shaky, when, self._stretch(when), by, parties, times)

    @staticmethod
    def _keyed(facts: Facts, name: str) -> Yes:
        """Identifiers are required in every record of their type."""
        fact = facts.fact(name)
        assert fact is not None
        return fact.known

    def _declared(self, kind: str):  # type: ignore[no-untyped-def]
        types = (k.types[kind] for k in self.space.world.lookups if kind in k.types)
        return {f.name: f for each in types for f in each.fields}

    def _parties(self, kind: str) -> tuple[str, ...]:
        """Who may have done it: those that a question names; nobody does an occurrence."""
        if kind == END:
            return tuple(sorted({n for k in self.space.world.lookups for m in k.contract.modules for n in enders(m)}))
        lookup = next((k for k in self.space.world.lookups if kind in k.types), self.space.world.lookups[0])
        if not lookup.is_act(kind):
            return ("",)
        named = {f.asked.query.by for f in self.founds if f.asked.query.by not in (None, ANYONE)}
        doer = lookup.types[kind].by
        known = [p.name for m in lookup.contract.modules for p in m.parties]
        own = [doer] if doer in known else []
        return tuple(dict.fromkeys((*own, self.space.party, *self.debtors, *sorted(str(n) for n in named))))

    def _stretch(self, when: Number) -> Number:
        found: Number = z3.IntVal(self.menu.stretches[-1])
        for number in range(len(self.menu.stretches) - 2, -1, -1):
            if self.menu.stretches[number] != self.menu.stretches[number + 1]:
                found = z3.If(when <= number, self.menu.stretches[number], found)
        return found

    def _in_order(self) -> None:
        """Records of one kind are interchangeable: the earlier ones are used first, and stand first."""
        for one, other in zip(self.slots, self.slots[1:], strict=False):
            if one.type == other.type:
                self.rules += [z3.Implies(other.present, one.present), one.when <= other.when]

    # ---- the end of a file

    def ended(self, module: Module, before: Slot | None = None) -> Counted:
        """Whether those who may end it have: before a record, or before the act."""
        ends = [s for s in self.slots if s.type == END]
        earlier = [YES if before is None else s.before(before) for s in ends]
        each = [
            [z3.And(s.present, s.done_by(name), e) for s, e in zip(ends, earlier, strict=True)]
            for name in enders(module)
        ]  # fmt: skip
        sure = [z3.Or([z3.And(c, z3.Not(s.shaky)) for c, s in zip(found, ends, strict=True)]) for found in each]
        perhaps = [z3.Or(found) for found in each]
        whole = z3.Or if module.header.enders or not each else z3.And
        return Counted(whole(sure), whole(perhaps))

    # ---- what counts

    def counted(self, query: Query, module: str, reading: Reading, slot: Slot, asker: Asker) -> Counted:
        """Whether a record counts for a query."""
        lookup = reading.lookup
        if slot.type not in lookup.relevant_types(query.event):
            return Counted(NO, NO)
        wanted = query.by or (asker.party if lookup.is_act(query.event) else ANYONE)
        done = YES if wanted == ANYONE else slot.done_by(wanted)
        where = Rails(YES, NO)
        if query.where is not None:
            where = reading.term(query.where, self.view(slot), module, False)
        keys = [same(asker.facts.fact(k), slot.facts.fact(k)) for k in query.keys]
        plain = both(slot.present, self._inside(query, module, lookup, slot, asker), done, *keys)
        surely = YES if lookup.is_under(slot.type, query.event) else NO
        return Counted(z3.And(plain, where.yes, surely, z3.Not(slot.shaky)), z3.And(plain, z3.Not(where.no)))

    def _inside(self, query: Query, module: str, lookup: Lookup, slot: Slot, asker: Asker) -> Yes:
        """Inside the window, at the act or at the record that asks."""
        if asker.at is None:
            asked = next((f.asked for f in self.founds if f.asked.query == query and f.asked.module == module), None)
            return among(slot.when, self.menu.inside[asked]) if asked else _endless(query)
        if asker.at is slot:
            return NO
        earlier = slot.before(asker.at)
        if query.within is None:
            return earlier
        stay, instants = Dated(lookup).stay(query, module), self.menu.instants
        lasts = [stay(i)[0] for i in instants]
        pairs = (
            z3.And(asker.at.when == n, among(slot.when, (m for m, last in enumerate(lasts) if at <= last)))
            for n, at in enumerate(instants)
        )
        return z3.And(earlier, z3.Or(list(pairs)))

    def view(self, slot: Slot) -> Place:
        return Place(slot.facts, slot.stretch, slot.type, self.space.party)

    def bind(self, found: Found, asker: Asker) -> None:
        """What is found is what the records show."""
        reading = self.space.world.reading(found.lookup)
        query, module = found.asked.query, found.asked.module
        mine = [s for s in self.slots if s.type in found.lookup.relevant_types(query.event)]
        counts = [self.counted(query, module, reading, s, asker) for s in mine]
        self.rules += [
            found.low == _sum(z3.If(c.sure, s.times, 0) for s, c in zip(mine, counts, strict=True)),
            found.high == _sum(z3.If(c.possible, s.times, 0) for s, c in zip(mine, counts, strict=True)),
            found.trusted == found.low, z3.Not(found.open),
            found.latest.trusted == found.latest.settled,
        ]  # fmt: skip
        self._latest(found, mine, counts)
        for term, pair in found.terms.items():
            bound = self._every(term, found, reading, mine, counts, asker)
            self.rules += [pair.sure.yes == bound.yes, pair.sure.no == bound.no]
            self.rules += [pair.trusted.yes == bound.yes, pair.trusted.no == bound.no]
        for each in found.ranges:
            self._range(found, each, reading, mine, counts)

    def _latest(self, found: Found, mine: list[Slot], counts: list[Counted]) -> None:
        settled: list[Yes] = []
        for slot, counted in zip(mine, counts, strict=True):
            others = (
                z3.Implies(c.possible, s.before(slot)) for s, c in zip(mine, counts, strict=True) if s is not slot
            )
            last = z3.And(counted.sure, *others)
            settled.append(last)
            self.rules.append(z3.Implies(last, found.latest.stretch == slot.stretch))
            for name, fact in found.latest.facts.made.items():
                self.rules.append(z3.Implies(last, _agree(fact, slot.facts.fact(name))))
        self.rules.append(found.latest.settled == z3.Or(settled))

    def _every(
        self, term: Every | EveryFollowed, found: Found, reading: Reading, mine: list[Slot], counts: list[Counted],
        asker: Asker,
    ) -> Rails:  # fmt: skip
        each: list[Rails] = []
        for slot, counted in zip(mine, counts, strict=True):
            if isinstance(term, Every):
                has = reading.term(term.has, self.view(slot), found.asked.module, True)
            else:
                has = self._followed(term, found, reading, slot, asker)
            each.append(Rails(z3.Or(z3.Not(counted.possible), has.yes), z3.And(counted.sure, has.no)))
        none = z3.Not(z3.Or([c.possible for c in counts]))
        exists = z3.Or([c.sure for c in counts])
        return Rails(z3.And(exists, *(e.yes for e in each)), z3.Or(none, *(e.no for e in each)))

    def _followed(self, term: EveryFollowed, found: Found, reading: Reading, slot: Slot, asker: Asker) -> Rails:
        after = [s for s in self.slots if s.number != slot.number]
        asking = replace(asker, facts=slot.facts)
        counts = [self.counted(term.answer, found.asked.module, reading, s, asking) for s in after]
        later = [
            (z3.And(c.sure, slot.before(s)), z3.And(c.possible, slot.before(s)))
            for s, c in zip(after, counts, strict=True)
        ]
        return Rails(z3.Or([y for y, _ in later]), z3.Not(z3.Or([p for _, p in later])))

    # ---- numbers

    def _range(
        self, found: Found, term: CountDistinct | Total, reading: Reading, mine: list[Slot], counts: list[Counted]
    ) -> None:
        low, trusted, high, more = found.ranges[term]
        self.rules.append(trusted == low)
        if isinstance(term, Total):
            amounts = [
                (*(self._often(s, n) for n in a[:2]), a[2])
                for s, a in ((s, reading.amount(term, s.facts)) for s in mine)
            ]
            pairs = list(zip(counts, amounts, strict=True))
            self.rules += [
                low == _sum(z3.If(c.sure, a[0], 0) for c, a in pairs),
                high == _sum(z3.If(c.possible, a[1], 0) for c, a in pairs),
                more == z3.Or([z3.And(c.possible, a[2]) for c, a in pairs]),
            ]  # fmt: skip
            return
        told = [(c, s.facts.fact(term.field)) for c, s in zip(counts, mine, strict=True)]
        least, most = self._distinct(told, found)
        self.rules += [low == least, high == most, z3.Not(more)]
        if term in found.itself:
            itself = found.itself[term]
            own = Counted(itself.own.yes, z3.Not(itself.own.no))
            with_least, with_most = self._distinct([*told, (own, self.space.facts.fact(term.field))], found)
            self.rules += [low + itself.low == with_least, itself.told == itself.low, high + itself.high == with_most]

    def _amounts(self, term: Total, slot: Slot, reading: Reading) -> tuple[Number, Number, Yes]:
        least, most, unbounded = reading.amount(term, slot.facts)
        return self._often(slot, least), self._often(slot, most), unbounded

    def _often(self, slot: Slot, amount: Number) -> Number:
        """As often as the record stands there; without a product, which a solver finds hard."""
        found: Number = amount
        for times in self.times[1:]:
            found = z3.If(slot.times == times, amount * times, found)
        return found

    def _distinct(self, told: list[tuple[Counted, Fact | None]], found: Found) -> tuple[Number, Number]:
        """Different values; a concept with something under it may be any of those."""
        settled = [(c, f, self._settled(f, found)) for c, f in told]
        sure = number(
            z3.And(c.sure, s, *(z3.Not(z3.And(d.sure, r, _equal(f, g))) for d, g, r in settled[:n]))
            for n, (c, f, s) in enumerate(settled)
        )
        possible = number(
            z3.And(c.possible, s, *(z3.Not(z3.And(d.possible, r, _equal(f, g))) for d, g, r in settled[:n]))
            for n, (c, f, s) in enumerate(settled)
        )
        vague = number(z3.And(c.possible, z3.Not(s)) for c, _, s in settled)
        any_vague = z3.Or([z3.And(c.sure, z3.Not(s)) for c, _, s in settled])
        return z3.If(sure > 0, sure, z3.If(any_vague, 1, 0)), possible + vague

    def _settled(self, fact: Fact | None, found: Found) -> Yes:
        if fact is None:
            return NO
        if fact.declared.type.kind is not Kind.CONCEPT or fact.number is None:
            return fact.known
        zone = found.lookup.modules[found.asked.module].header.zone
        concepts = found.lookup.concepts(self.menu.at, zone)
        leaves = (self.space.world.codes.word(n) for n in concepts.names if concepts.is_leaf(n))
        return z3.And(fact.known, among(fact.number, leaves))


def enders(module: Module) -> tuple[str, ...]:
    """Who may end it: those whom its head names, else all its parties together."""
    return module.header.enders or tuple(sorted(p.name for p in module.parties))


def _endless(query: Query) -> Yes:
    """A window that the menu was not asked about: what stands in it is not known, and taken to be nothing."""
    return YES if query.within is None else NO


def number(conditions: Iterable[Yes]) -> Number:
    return _sum(z3.If(c, 1, 0) for c in conditions)


def _sum(parts: Iterable[Number]) -> Number:
    found = list(parts)
    return z3.Sum(found) if found else z3.IntVal(0)


def _types(found: Found) -> Iterator[str]:
    """The type asked for, and those narrower types that some other question could tell apart are left out."""
    if found.asked.query.event in found.lookup.types or found.asked.query.event == "termination":
        yield found.asked.query.event
    for term in found.terms:
        if isinstance(term, EveryFollowed):
            yield term.answer.event


def same(one: Fact | None, other: Fact | None) -> Yes:
    if one is None or other is None:
        return NO
    return z3.And(one.known, other.known, _equal(one, other))


def _equal(one: Fact | None, other: Fact | None) -> Yes:
    if one is None or other is None:
        return NO
    if one.number is not None and other.number is not None:
        same = one.number == other.number
        if one.measure is not None and other.measure is not None:
            same = z3.And(same, one.measure == other.measure)
        return same
    if one.truth is not None and other.truth is not None:
        return one.truth == other.truth
    return z3.And([one.members[n] == other.members.get(n, NO) for n in one.members])


def _agree(one: Fact, other: Fact | None) -> Yes:
    if other is None:
        return z3.Not(one.known)
    return z3.And(one.known == other.known, z3.Implies(one.known, _equal(one, other)))


__all__ = ["END", "Asker", "Counted", "Histories", "Lookup", "Slot", "replace"]
