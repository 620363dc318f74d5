"""What must be recorded: for each act the facts and records that its permissions rest on, and the acts that are never
allowed where a source says nothing. What is told as never or as dispensable is proved; what is told as still allowed is
shown by an act that the reference allows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

import z3

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted, Witness
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.evidence import needed
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.missing import Missing, joined, of_fact, of_speaker, of_type, speaker_of
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.recorded import DUTIES, Recorded, Use, recorded
from smartclause.engines.prove.space import Space
from smartclause.engines.prove.without import Reader, Without
from smartclause.logic.contract import Line, Repeated, Standing
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict
from smartclause.rails.formula import Force


class Need(Enum):
    """Of a fact or a kind of record, for an act."""

    ALWAYS = "always"  # without it no act is allowed: proved
    SOMETIMES = "sometimes"  # neither of the others is proved
    NEVER = "never"  # whatever is allowed with it is allowed without it: proved; it can only count against
    KEY = "key"  # it says which record is meant: every record of the type has it
    NONE = "no permission"  # no act is allowed at all


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact of the act (`type` is the act's), a fact of records looked at, or with no `field` such a record itself."""

    type: str
    field: str
    need: Need
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class ActNeeds:
    """`allowed`: an act of the type is allowed at all. `own`: facts of the act; `looked_at`: of earlier records."""

    act: str
    party: str
    allowed: Answer
    own: tuple[Asked, ...]
    looked_at: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What becomes of an act when `names` say nothing: proved never to be allowed, refuted by one that still is."""

    names: tuple[str, ...]
    act: str
    party: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Needs:
    """`left` of each source alone, or of those named together; `pairs` of two without which an act is never allowed,
    though either alone leaves it possible."""

    recorded: Recorded
    acts: tuple[ActNeeds, ...]
    sources: tuple[str, ...]
    left: tuple[Left, ...]
    pairs: tuple[Left, ...] = ()


class Needing:
    """The questions about one contract."""

    def __init__(self, prover: Prover, acts: Collection[str] = ()) -> None:
        """`acts`: only these, by their full names."""
        self.prover, self.recorded = prover, recorded(prover)
        self.acts = tuple(a for a in prover.acts() if not acts or a[0] in acts)
        self._always = {(r.act, r.party, r.name) for r in needed(prover) if isinstance(r.answer, Proved)}
        self._allowed: dict[tuple[str, str], Answer] = {}
        self._shown: list[tuple[str, str, Witness]] = []

    def needs(self, without: tuple[tuple[str, Missing], ...] = ()) -> Needs:
        told = tuple(self._act(*a) for a in self.acts)
        names = self.sources()
        if without:
            gone = joined(m for _, m in without)
            left = tuple(self.left(tuple(n for n, _ in without), gone, *a) for a in self.acts)
            return Needs(self.recorded, told, names, left)
        alone = {n: of_speaker(self.prover.lookup, n) for n in names}
        left = tuple(self.left((n,), m, *a) for n, m in alone.items() for a in self.acts)
        return Needs(self.recorded, told, names, left, tuple(self._pairs(alone, left)))

    # ---- who can say something

    def sources(self) -> tuple[str, ...]:
        """Parties and roles that show a fact, or record something, that the contract reads."""
        lookup = self.prover.lookup
        found: dict[str, None] = {}
        for use in self.recorded.uses:
            kind, fact = lookup.types.get(use.type), lookup.field(use.type, use.field)
            if kind is not None and kind.by:
                found[speaker_of(lookup, kind.by)] = None
            if fact is not None and fact.shown_by:
                found[speaker_of(lookup, fact.shown_by)] = None
            if use.party:
                found[use.party] = None
        return tuple(found)

    # ---- one act

    def _act(self, act: str, party: str) -> ActNeeds:
        allowed = self.allowed(act, party)
        mine = self._reads(act, party)
        own = [u for u in mine if u.type == act and u.field]
        found = [
            self._asked(act, party, act, f, own) for f in self.recorded.fields(act) if any(u.field == f for u in own)
        ]
        past = [u for u in mine if u.looked_at]
        kinds = dict.fromkeys(u.type for u in past)
        read = [
            (k, f)
            for k in kinds
            for f in ("", *self.recorded.fields(k))
            if any((u.type, u.field) == (k, f) for u in past)
        ]
        return ActNeeds(act, party, allowed, tuple(found), tuple(self._asked(act, party, k, f, past) for k, f in read))

    def _reads(self, act: str, party: str) -> list[Use]:
        """By the sentences on this act."""
        return [u for u in self.recorded.uses if act in u.acts and u.party == party]

    def _asked(self, act: str, party: str, type_: str, name: str, uses: Collection[Use]) -> Asked:
        mine = tuple(u for u in uses if (u.type, u.field) == (type_, name))
        is_key = name and all(u.key and u.looked_at for u in mine)
        return Asked(type_, name, Need.KEY if is_key else self._need(act, party, type_, name), mine)

    def _need(self, act: str, party: str, type_: str, name: str) -> Need:
        if isinstance(self.allowed(act, party), Proved):
            return Need.NONE
        if (not name or type_ == act) and (act, party, name or type_) in self._always:
            return Need.ALWAYS
        lookup = self.prover.lookup
        gone = of_fact(lookup, type_, name) if name else of_type(lookup, type_)
        asking = self.prover.asking(act, party)
        if asking.possible(self.passes(self.without(gone, act, party, at_most=True))) is False:
            return Need.ALWAYS
        least = self.passes(self.without(gone, act, party, at_most=False))
        if asking.possible(z3.And(self.passes(asking.space), z3.Not(least))) is False:
            return Need.NEVER
        return Need.SOMETIMES

    # ---- verdicts

    def without(self, gone: Missing, act: str, party: str, *, at_most: bool) -> Without:
        space, lookup = self.prover.asking(act, party).space, self.prover.lookup
        return Without(space, lookup, Reader(gone, act, party, lambda c: self._touched(gone, c), at_most))

    def _touched(self, gone: Missing, clause: str) -> bool:
        """Whether what the clause obliges to rests on what is missing. Of a file in force without a beginning, what is
        owed again and again is owed from the first record of all."""
        module, found = self.prover.lookup.clauses[clause]
        lasting = any(isinstance(s, Repeated | Standing) for s in found.sentences)
        if lasting and module.header.since is None and (gone.types or gone.speakers):
            return True
        mine = (u for u in self.recorded.uses if u.clause == clause and not u.acts)
        return any(self._gone(gone, u) for u in mine)

    def _gone(self, gone: Missing, use: Use) -> bool:
        if use.field:
            return gone.perhaps(use.type, use.field)
        return any(gone.record(t) for t in self.prover.lookup.relevant_types(use.type))

    def passes(self, space: Space) -> Yes:
        """Allowed; of a file that never allows by itself, not barred by anything while it is in force."""
        lookup = self.prover.lookup
        if self._closed:
            return space.verdict(lookup).yes
        module = lookup.modules[lookup.contract.module]
        inside = [space.rails(Force(module.name, c.id, False), lookup).yes for c in module.clauses if not c.survives]
        return z3.And([space.rails(t.formula, lookup).yes for t in space.lowered(lookup).tracks] + inside[:1])

    def _passed(self, verdict: Verdict) -> bool:
        return verdict.truth is Truth.TRUE if self._closed else all(t.truth is Truth.TRUE for t in verdict.tracks)

    @property
    def _closed(self) -> bool:
        return any(t.closed for t in self.prover.lookup.contract.tracks)

    def allowed(self, act: str, party: str) -> Answer:
        """Proved: never; refuted by one that is allowed."""
        if (act, party) not in self._allowed:
            asking = self.prover.asking(act, party)
            answer = asking.shown(self.prover.lookup, self.passes(asking.space), lambda w: self._passed(w.verdict))
            self._allowed[act, party] = self._kept(act, party, answer)
        return self._allowed[act, party]

    def _kept(self, act: str, party: str, answer: Answer) -> Answer:
        if isinstance(answer, Refuted) and answer.witness is not None:
            self._shown.append((act, party, answer.witness))
        return answer

    # ---- where sources say nothing

    def left(self, names: tuple[str, ...], gone: Missing, act: str, party: str) -> Left:
        if isinstance(self.allowed(act, party), Proved):
            return Left(names, act, party, self.allowed(act, party))
        known = next((w for a, p, w in self._shown if (a, p) == (act, party) and stands(gone, w.lines)), None)
        if known is not None:
            return Left(names, act, party, Refuted(known))
        asking, reduced = self.prover.asking(act, party), self.without(gone, act, party, at_most=True)
        passes = self.passes(reduced)
        made = asking.space.facts.made.items()
        silent = [z3.Not(f.known) for n, f in made if gone.fact(act, n, party)]
        answer = asking.shown(
            self.prover.lookup, z3.And(passes, *silent), lambda w: self._passed(w.verdict) and stands(gone, w.lines)
        )
        return Left(names, act, party, self._kept(act, party, answer))

    def _pairs(self, alone: dict[str, Missing], left: Collection[Left]) -> Iterator[Left]:
        """Two that only together keep an act from being allowed. Of more than two nothing is told."""
        never = {(x.names[0], x.act, x.party) for x in left if isinstance(x.answer, Proved)}
        for one, other in combinations(alone, 2):
            both = joined((alone[one], alone[other]))
            for act, party in self.acts:
                if any((n, act, party) in never for n in (one, other)):
                    continue
                reduced = self.without(both, act, party, at_most=True)
                if self.prover.asking(act, party).possible(self.passes(reduced)) is False:
                    yield Left((one, other), act, party, Proved())


def stands(gone: Missing, lines: tuple[Line, ...]) -> bool:
    """Whether nothing in a scenario comes from what is missing; the last line is the act, which is asked about."""
    records, act = lines[:-1], lines[-1]
    if any(gone.silent(x.by) or gone.record(x.event) for x in records):
        return False
    if any(gone.fact(x.event, n, x.by) for x in records for n, _ in x.facts):
        return False
    return not any(gone.fact(act.event, n, act.by) for n, _ in act.facts)


__all__ = ["DUTIES", "Asking", "Left", "Need", "Needing", "Needs", "NotProven", "stands"]
