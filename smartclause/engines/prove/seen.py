"""What verdicts of the reference have shown already: on scenarios of the file, and on every act that was found."""

from __future__ import annotations

from dataclasses import dataclass, field

from smartclause.logic.truth import Truth, every, negate
from smartclause.logic.verdict import NormFinding, Verdict


@dataclass
class Seen:
    """`applied`: clauses that surely applied; of sentences, by clause and number: `decided`, those that were true;
    `turning`, those without which a verdict would have been another; `lifting`, those of which this is true of the
    exception; `free`, permissions that no bar met. `settled`: types and parties with a verdict."""

    applied: set[str] = field(default_factory=set)
    decided: set[tuple[str, int]] = field(default_factory=set)
    turning: set[tuple[str, int]] = field(default_factory=set)
    lifting: set[tuple[str, int]] = field(default_factory=set)
    free: set[tuple[str, int]] = field(default_factory=set)
    settled: set[tuple[str, str]] = field(default_factory=set)

    def add(self, verdict: Verdict) -> None:
        norms = [n for c in verdict.clauses for n in c.norms]
        self.applied.update(n.clause for n in norms if n.applies is Truth.TRUE)
        true = [n for n in norms if n.truth is Truth.TRUE]
        self.decided.update(map(_key, true))
        if all(n.grants for n in true):
            self.free.update(map(_key, true))
        self.turning.update(_key(n) for n in norms if _turns(verdict, n))
        self.lifting.update(_key(n) for n in norms if not n.grants and _lifts(verdict, n))
        if verdict.truth is not Truth.UNKNOWN:
            self.settled.add((verdict.type, verdict.party))


def _turns(verdict: Verdict, norm: NormFinding) -> bool:
    """Whether the verdict would have been another without the sentence; not all cases are recognised."""
    if norm.truth is Truth.FALSE:
        return False
    return _only_ground(verdict, norm) if norm.grants else _only_hindrance(verdict, norm)


def _only_ground(verdict: Verdict, grant: NormFinding) -> bool:
    """Some file rests on this permission alone: on no other that is as good."""
    for track in verdict.tracks:
        for part in (p for p in track.finding.parts[:1] if p.label == "some grant"):
            good = [p for p in part.parts if p.truth in _AS_GOOD[verdict.truth]]
            if len(good) == 1 and good[0] is grant.finding:
                return True
    return False


_AS_GOOD = {Truth.TRUE: (Truth.TRUE,), Truth.UNKNOWN: (Truth.TRUE, Truth.UNKNOWN), Truth.FALSE: ()}


def _only_hindrance(verdict: Verdict, bar: NormFinding) -> bool:
    """Nothing else refuses the act, where this does; nothing else leaves it open, where this does."""
    if verdict.truth is not negate(bar.truth):
        return False
    parts = [p for t in verdict.tracks for p in t.finding.parts]
    bars = [b for p in parts if p.label == "no bar" for b in p.parts]
    others = [p for p in parts if p.label != "no bar"] + [b for b in bars if b.parts[0] is not bar.finding]
    found = every(p.truth for p in others)
    return found is Truth.TRUE if verdict.truth is Truth.UNKNOWN else found is not Truth.FALSE


def _lifts(verdict: Verdict, bar: NormFinding) -> bool:
    """Whether the verdict would have been another without the exception; not all cases are recognised."""
    applies, condition, exception, *rest = bar.finding.parts
    if verdict.truth is Truth.FALSE or exception.truth is Truth.TRUE:
        return False
    others = every(p.truth for p in (applies, condition, *rest))
    surely_not = verdict.truth is Truth.TRUE and exception.truth is Truth.FALSE and others is not Truth.FALSE
    return others is Truth.TRUE or surely_not


def _key(norm: NormFinding) -> tuple[str, int]:
    return norm.clause, norm.norm.number
