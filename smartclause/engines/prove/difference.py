"""What a new version of a contract changes: which acts it judges otherwise, clause by clause, with an act for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import z3

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted, Witness
from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.clauses import joined
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.reading import any_of
from smartclause.engines.prove.versions import ClausePair, Versions, touched
from smartclause.engines.prove.witness import replayed
from smartclause.logic.contract import Clause, Duty, Grant, Norm, Repeated, Sentence
from smartclause.logic.lookup import Lookup
from smartclause.logic.truth import Truth, some
from smartclause.logic.verdict import Verdict

_RANK = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}
Compared = Callable[[Verdict, Verdict], bool]  # the old verdict and the new one


@dataclass(frozen=True, slots=True)
class Shift:
    """Proved: no act is judged so. Refuted: the witness is, by the new version; `before` is what the old one finds."""

    looser: Answer
    stricter: Answer

    @property
    def none(self) -> bool:
        return isinstance(self.looser, Proved) and isinstance(self.stricter, Proved)

    @property
    def open(self) -> bool:
        return isinstance(self.looser, NotProven) or isinstance(self.stricter, NotProven)


SAME = Shift(Proved(), Proved())


@dataclass(frozen=True, slots=True)
class ClauseShift:
    """What the sentences of one clause on acts permit or forbid; `touched` False: nothing it says or reads changed."""

    pair: ClausePair
    shift: Shift
    touched: bool


@dataclass(frozen=True, slots=True)
class ActShift:
    """What becomes of acts of one type by one party, by all clauses together."""

    act: str
    party: str
    shift: Shift


@dataclass(frozen=True, slots=True)
class Difference:
    versions: Versions
    clauses: tuple[ClauseShift, ...]
    acts: tuple[ActShift, ...]
    words: bool = False  # words changed of a file that judges nothing itself: whoever imports it may judge otherwise

    @property
    def equal(self) -> bool:
        """Proved: every act is judged the same by both."""
        return not self.words and self.versions.same_frame and all(a.shift.none for a in self.acts)

    @property
    def open(self) -> bool:
        return any(s.open for s in (*(a.shift for a in self.acts), *(c.shift for c in self.clauses)))


def difference(both: Versions, effort: Effort | None = None) -> Difference:
    """Nothing is asked of what is the same to begin with."""
    changed = touched(both)
    if not changed and both.same:
        return Difference(both, tuple(ClauseShift(p, SAME, False) for p in both.pairs), ())
    if not both.pairs:
        return Difference(both, (), (), words=True)
    return _Differing(both, Prover(both.new, both.old, effort=effort), changed).found()


class _Differing:
    def __init__(self, both: Versions, prover: Prover, touched: list[ClausePair]) -> None:
        self.both, self.prover, self.touched = both, prover, touched
        self.new, self.old = prover.lookups
        self._seen: dict[tuple[str, str], Shift] = {}

    def found(self) -> Difference:
        touched = {id(p) for p in self.touched}
        moved = self._set_aside_otherwise(iter(self.touched))
        asked = [p for p in self.both.pairs if id(p) in touched or p.id in moved]
        acts = tuple(ActShift(act, party, self._of_act(act, party)) for act, party in self._acts(asked))
        self._seen = {(a.act, a.party): a.shift for a in acts}
        shifts = {id(p): self._of_clause(p) for p in asked}
        clauses = tuple(ClauseShift(p, shifts.get(id(p), SAME), id(p) in touched) for p in self.both.pairs)
        return Difference(self.both, clauses, acts)

    # ---- what is asked about

    def _acts(self, asked: list[ClausePair]) -> list[tuple[str, str]]:
        """Acts that a changed clause speaks of, or obliges to; all where silence itself may mean another thing."""
        found = [pair for p in asked for k, c in ((self.new, p.new), (self.old, p.old)) for pair in _concerned(k, c)]
        if _frame(self.new) != _frame(self.old):
            known = [t for t in self.new.types if t in self.old.types and self.new.is_act(t)]
            found += [(t, p) for t in known for k in self.prover.lookups for p in _parties(k)]
        return list(dict.fromkeys(found))

    def _set_aside_otherwise(self, touched: Iterator[ClausePair]) -> set[str]:
        """Clauses that a changed clause sets aside, before or after: their sentences count otherwise."""
        both = ((p.old, p.new) for p in touched)
        return {d for pair in both for c in pair if c for n in c.sentences if isinstance(n, Norm) for d in n.despite}

    # ---- acts

    def _of_act(self, act: str, party: str) -> Shift:
        space = self.prover.asking(act, party).space
        new, old = space.verdict(self.new), space.verdict(self.old)
        return Shift(
            self._either(act, party, _rises(old, new), lambda a, b: _RANK[b.truth] > _RANK[a.truth]),
            self._either(act, party, _rises(new, old), lambda a, b: _RANK[b.truth] < _RANK[a.truth]),
        )

    def _either(self, act: str, party: str, claims: tuple[Yes, Yes], wanted: Compared) -> Answer:
        """An act that becomes allowed, or is no longer, says more than one that becomes undecided."""
        allowed, refused = claims
        first = self._shown(act, party, allowed, wanted)
        return first if isinstance(first, Refuted) else joined(iter((first, self._shown(act, party, refused, wanted))))

    def _shown(self, act: str, party: str, claim: Yes, wanted: Compared) -> Answer:
        def confirm(witness: Witness) -> bool:
            return wanted(replayed(self.old, witness.lines).verdict, witness.verdict)

        return self.prover.asking(act, party).shown(self.new, claim, confirm)

    # ---- clauses

    def _of_clause(self, pair: ClausePair) -> Shift:
        """By what its sentences permit and forbid, all others apart."""
        acts = list(dict.fromkeys([*_named(self.new, pair.new), *_named(self.old, pair.old)]))
        looser = joined(self._clause_on(pair, *a, rising=True) for a in acts)
        return Shift(looser, joined(self._clause_on(pair, *a, rising=False) for a in acts))

    def _clause_on(self, pair: ClausePair, act: str, party: str, rising: bool) -> Answer:
        old, new = self._effect(self.old, pair.old, act, party), self._effect(self.new, pair.new, act, party)
        first, second = (old, new) if rising else (new, old)
        claim = z3.Or(*_rises(first.grants, second.grants), *_rises(second.bars, first.bars))

        def wanted(before: Verdict, after: Verdict) -> bool:
            was, now = _told(before, pair.old), _told(after, pair.new)
            low, high = (was, now) if rising else (now, was)
            return _RANK[high[0]] > _RANK[low[0]] or _RANK[high[1]] < _RANK[low[1]]

        space = self.prover.asking(act, party).space
        whole = _rises(*(space.verdict(k) for k in ((self.old, self.new) if rising else (self.new, self.old))))
        known = self._told_already(act, party, rising)
        if known is not None and wanted(*known):
            return self._answer(act, party, rising)
        for telling in whole:
            both = z3.And(claim, telling)
            found = self._shown(act, party, both, lambda a, b: wanted(a, b) and _moved(a, b, rising))
            if isinstance(found, Refuted):
                return found
        return self._shown(act, party, claim, wanted)

    def _answer(self, act: str, party: str, rising: bool) -> Answer:
        shift = self._seen.get((act, party), SAME)
        return shift.looser if rising else shift.stricter

    def _told_already(self, act: str, party: str, rising: bool) -> tuple[Verdict, Verdict] | None:
        """The act that shows what all clauses together change may show it of this one too."""
        answer = self._answer(act, party, rising)
        if isinstance(answer, Refuted) and answer.witness is not None:
            return replayed(self.old, answer.witness.lines).verdict, answer.witness.verdict
        return None

    def _effect(self, lookup: Lookup, clause: Clause | None, act: str, party: str) -> _Effect:
        space = self.prover.asking(act, party).space
        norms = space.lowered(lookup).of_clause(clause.id) if clause else ()
        grants = [space.rails(n.truth, lookup) for n in norms if n.grants]
        bars = [space.rails(n.truth, lookup) for n in norms if not n.grants]
        return _Effect(any_of(grants), any_of(bars))


@dataclass(frozen=True)
class _Effect:
    """Whether some sentence of a clause permits, and whether some forbids."""

    grants: Rails
    bars: Rails


def _rises(low: Rails, high: Rails) -> tuple[Yes, Yes]:
    """Where the second is truer than the first: true where that is not, or not false where that is."""
    return z3.And(high.yes, z3.Not(low.yes)), z3.And(low.no, z3.Not(high.no))


def _moved(before: Verdict, after: Verdict, rising: bool) -> bool:
    low, high = (before, after) if rising else (after, before)
    return _RANK[high.truth] > _RANK[low.truth]


def _told(verdict: Verdict, clause: Clause | None) -> tuple[Truth, Truth]:
    """Permits, forbids: as the reference finds."""
    norms = [n for c in verdict.clauses if clause and c.clause == clause.id for n in c.norms]
    return (
        some(n.truth for n in norms if isinstance(n.norm, Grant)),
        some(n.truth for n in norms if not isinstance(n.norm, Grant)),
    )


def _named(lookup: Lookup, clause: Clause | None) -> Iterator[tuple[str, str]]:
    for norm in clause.sentences if clause else ():
        if isinstance(norm, Norm):
            for act in norm.acts:
                yield from ((t, norm.party) for t in (act, *lookup.types) if lookup.is_under(t, act))


def _concerned(lookup: Lookup, clause: Clause | None) -> Iterator[tuple[str, str]]:
    """Acts that its sentences name, and those that it obliges to: what is owed is allowed."""
    yield from _named(lookup, clause)
    for sentence in clause.sentences if clause else ():
        duty: Sentence | None = sentence
        while isinstance(duty, Duty | Repeated):
            yield from ((t, duty.party) for a in duty.answers for t in lookup.types_above(a.act))
            duty = duty.otherwise if isinstance(duty, Duty) else None


def _parties(lookup: Lookup) -> list[str]:
    return list(dict.fromkeys(p.name for m in lookup.contract.modules for p in m.parties))


def _frame(lookup: Lookup) -> object:
    """What gives silence its meaning: who provides the data, which acts need a grant, which files are closed."""
    contract = lookup.contract
    return (
        {(m.name, m.kind, m.header.provider) for m in contract.modules},
        {(t.name, t.kind, t.parent) for t in contract.types},
        {(t.closed, frozenset(t.modules)) for t in contract.tracks},
    )
