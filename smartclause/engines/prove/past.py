"""What a condition may find in the past, before any history is built: for each question of it the few variables that a
history would settle, free but for what no history can contradict.

What holds for all of them holds for every history. `Histories` binds them to records.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import z3

from smartclause.engines.prove.codes import Codes
from smartclause.engines.prove.facts import Facts, Yes
from smartclause.engines.prove.figures import Number, Rails
from smartclause.logic.counting import Duration
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import All, ClauseViolated, CountDistinct, Every, EveryFollowed, Query, Total
from smartclause.logic.terms import Const as ConstTerm
from smartclause.logic.terms import Parameter as ParameterTerm


@dataclass(frozen=True)
class Asked:
    """A query as one module asks it: windows are counted by the rule and zone of the module.

    `contract`: of several that are compared the first that would find the same.
    """

    query: Query
    module: str
    contract: int = 0


@dataclass(frozen=True)
class Open:
    """Whether a duty, or what is owed otherwise, is open for the keys of the act."""

    clause: str
    sentence: int
    contract: int = 0
    otherwise: bool = False


@dataclass(frozen=True)
class Latest:
    """The last record: surely the last (`settled`, by others' word `trusted`), its facts, when it stands."""

    settled: Yes
    trusted: Yes
    facts: Facts
    stretch: Number


@dataclass(frozen=True)
class Pair:
    """A truth that history settles. `trusted`: where the judged party's own word alone proves nothing."""

    sure: Rails
    trusted: Rails


@dataclass(frozen=True)
class Itself:
    """What the judged act adds to the number of different values: none where its value is there already."""

    own: Rails
    low: Number
    told: Number
    high: Number


@dataclass
class Found:
    """Records that count: surely, surely by others' word, possibly at most; `open`: perhaps any number more."""

    asked: Asked
    lookup: Lookup
    low: Number
    trusted: Number
    high: Number
    open: Yes
    latest: Latest
    terms: dict[Every | EveryFollowed, Pair] = field(default_factory=dict)
    ranges: dict[CountDistinct | Total, tuple[Number, Number, Number, Yes]] = field(default_factory=dict)
    itself: dict[CountDistinct, Itself] = field(default_factory=dict)


class Past:
    """The questions of one party's acts of one type about the past."""

    def __init__(self, codes: Codes, tag: str, stretch: Number) -> None:
        self.codes, self.tag, self.stretch = codes, tag, stretch
        self.found: dict[Asked, Found] = {}
        self.breaches: dict[tuple[ClauseViolated, int], Pair] = {}
        self.open: dict[Open, Rails] = {}
        self.ended: dict[tuple[str, int], Rails] = {}
        self.rules: list[Yes] = []

    def of(self, asked: Asked, lookup: Lookup) -> Found:
        if asked not in self.found:
            self.found[asked] = self._make(asked, lookup)
        return self.found[asked]

    def _make(self, asked: Asked, lookup: Lookup) -> Found:
        tag = f"{self.tag}past{len(self.found)}"
        low, trusted, high = z3.Ints(f"{tag}.low {tag}.trusted {tag}.high")
        more = z3.Bool(f"{tag}.open")
        found = Found(asked, lookup, low, trusted, high, more, self._latest(tag, asked, lookup))
        self.rules += [
            trusted >= 0, trusted <= low, low <= high,
            z3.Implies(found.latest.settled, low >= 1), z3.Implies(found.latest.trusted, trusted >= 1),
            z3.Implies(found.latest.trusted, found.latest.settled), z3.Implies(more, z3.Not(found.latest.settled)),
        ]  # fmt: skip
        for other in self.found.values():
            self._ordered(found, other, lookup)
            self._ordered(other, found, lookup)
        return found

    def _latest(self, tag: str, asked: Asked, lookup: Lookup) -> Latest:
        kind = lookup.types.get(asked.query.event)
        declared = {f.name: f for f in kind.fields} if kind else {}
        stretch = z3.Int(f"{tag}.stretch")
        self.rules += [stretch >= 0, stretch <= self.stretch]
        facts = Facts(self.codes, f"{tag}.latest", declared)
        facts.rules = self.rules
        return Latest(z3.Bool(f"{tag}.settled"), z3.Bool(f"{tag}.told"), facts, stretch)

    def _ordered(self, one: Found, other: Found, lookup: Lookup) -> None:
        """What counts for the one counts for the other."""
        here, there = one.asked, other.asked
        if (here.module, here.contract) == (there.module, there.contract) and narrower(
            one.asked.query, other.asked.query, lookup
        ):
            self.rules += [one.low <= other.low, one.trusted <= other.trusted]
            self.rules += [z3.Or(other.open, z3.And(z3.Not(one.open), one.high <= other.high))]

    # ---- truths and ranges that only a history settles

    def term(self, found: Found, term: Every | EveryFollowed) -> Pair:
        if term not in found.terms:
            tag = f"{self.tag}every{len(self.rules)}"
            names = " ".join(f"{tag}.{n}" for n in ("yes", "no", "told", "denied"))
            yes, no, told, denied = z3.Bools(names)
            none = z3.And(found.high == 0, z3.Not(found.open))
            self.rules += [
                z3.Not(z3.And(yes, no)), z3.Implies(told, yes), z3.Implies(denied, no), z3.Implies(yes, found.low >= 1),
                z3.Implies(told, found.trusted >= 1), z3.Implies(none, z3.And(no, denied)),
                z3.Implies(found.open, z3.Not(yes)),
            ]  # fmt: skip
            found.terms[term] = Pair(Rails(yes, no), Rails(told, denied))
        return found.terms[term]

    def range(self, found: Found, term: CountDistinct | Total) -> tuple[Number, Number, Number, Yes]:
        """Surely at least, by others' word at least, at most; and whether there is no upper end."""
        if term not in found.ranges:
            tag = f"{self.tag}sum{len(self.rules)}"
            low, trusted, high = z3.Ints(f"{tag}.low {tag}.trusted {tag}.high")
            more = z3.Bool(f"{tag}.open")
            self.rules += [trusted >= 0, trusted <= low, z3.Or(more, low <= high), z3.Implies(found.open, more)]
            if isinstance(term, CountDistinct):
                self.rules += [
                    low <= found.low,
                    z3.Or(more, high <= found.high),
                    (trusted >= 1) == (found.trusted >= 1),
                ]
                self.rules += [(low >= 1) == (found.low >= 1), z3.Implies(more, found.open)]
                self.rules.append(z3.Implies(found.high >= 1, z3.Or(more, high >= 1)))
            else:
                none = z3.And(found.high == 0, z3.Not(found.open))
                self.rules += [z3.Implies(none, z3.And(high == 0, z3.Not(more))), z3.Implies(found.low == 0, low == 0)]
            found.ranges[term] = (low, trusted, high, more)
        return found.ranges[term]

    def itself(self, found: Found, term: CountDistinct, own: Rails) -> Itself:
        if term not in found.itself:
            tag = f"{self.tag}self{len(self.rules)}"
            low, told, high = z3.Ints(f"{tag}.low {tag}.told {tag}.high")
            least, trusted, most, more = self.range(found, term)
            self.rules += [
                z3.And(low >= 0, low <= 1, told >= 0, told <= 1, high >= 0, high <= 1),
                z3.Implies(z3.Not(own.yes), z3.And(low == 0, told == 0)), z3.Implies(own.no, high == 0),
                z3.Implies(z3.And(own.yes, least == 0), low == 1), z3.Implies(z3.And(own.yes, trusted == 0), told == 1),
                z3.Or(more, least + low <= most + high), trusted + told <= least + low,
            ]  # fmt: skip
            found.itself[term] = Itself(own, low, told, high)
        return found.itself[term]

    # ---- duties, and the end of a contract

    def violated(self, term: ClauseViolated, contract: int) -> Pair:
        if (term, contract) not in self.breaches:
            tag = f"{self.tag}breach{len(self.breaches)}"
            found = self.breaches[term, contract] = Pair(self._free(tag), self._free(f"{tag}told"))
            sure, told = found.sure, found.trusted
            self.rules += [z3.Implies(told.yes, sure.yes), z3.Implies(told.no, sure.no)]
            if term.ever:
                now = self.violated(replace(term, ever=False), contract)
                self.rules.append(z3.Implies(now.sure.yes, sure.yes))
        return self.breaches[term, contract]

    def is_open(self, asked: Open) -> Rails:
        if asked not in self.open:
            self.open[asked] = self._free(f"{self.tag}open{len(self.open)}")
        return self.open[asked]

    def has_ended(self, module: str, contract: int) -> Rails:
        if (module, contract) not in self.ended:
            self.ended[module, contract] = self._free(f"{self.tag}ended{len(self.ended)}")
        return self.ended[module, contract]

    def _free(self, tag: str) -> Rails:
        yes, no = z3.Bools(f"{tag}.yes {tag}.no")
        self.rules.append(z3.Not(z3.And(yes, no)))
        return Rails(yes, no)


def narrower(one: Query, other: Query, lookup: Lookup) -> bool:
    """Whether every record that counts for the one counts for the other, as far as their words show it."""
    if one == other or one.by != other.by or not set(other.keys) <= set(one.keys):
        return False
    same_type = one.event == other.event
    return same_type and _where(one, other) and _shorter(one.within, other.within) and one.event in lookup.types


def wider(one: Asked, other: Asked) -> bool:
    """Whether a record that counts for the other counts for the one if only its own facts are as asked."""
    mine, theirs = one.query, other.query
    if mine.event != theirs.event or mine.by != theirs.by or not set(mine.keys) <= set(theirs.keys):
        return False
    if mine.within is None:
        return True
    if one.module != other.module or not _shorter(theirs.within, mine.within):
        return False
    return one.contract == other.contract or not isinstance(mine.within, ParameterTerm)  # figures may differ


def _where(one: Query, other: Query) -> bool:
    if other.where is None or one.where == other.where:
        return True
    if one.where is None:
        return False
    have = one.where.args if isinstance(one.where, All) else (one.where,)
    need = other.where.args if isinstance(other.where, All) else (other.where,)
    return set(need) <= set(have)


def _shorter(one: object, other: object) -> bool:
    if other is None or one == other:
        return True
    if isinstance(one, ConstTerm) and isinstance(other, ConstTerm):
        short, long = one.value, other.value
        if isinstance(short, Duration) and isinstance(long, Duration) and short.unit is long.unit:
            return short.count <= long.count
    return False
