"""Sentences against each other: permissions that meet prohibitions, sentences and exceptions that change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import z3

from smartclause.engines.prove.answer import Answer, Proved, Refuted, Witness
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.clauses import joined, shown
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.reading import all_of
from smartclause.engines.prove.result import Check, Result
from smartclause.engines.prove.witness import replayed
from smartclause.logic.contract import Bar, Clause, Contract, Grant, Limit, Norm, Sentence
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import FALSE, TRUE
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import NormFinding, Verdict
from smartclause.rails.lowering import LoweredNorm, lower_verdict


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence at its place."""

    clause: Clause
    norm: Norm

    @property
    def key(self) -> tuple[str, int]:
        return self.clause.id, self.norm.number


def said(prover: Prover) -> Iterator[Said]:
    for _, clause in prover.lookup.all_clauses():
        yield from (Said(clause, s) for s in clause.sentences if isinstance(s, Norm))


# ---- permissions and prohibitions


def clashes(prover: Prover) -> Iterator[Result]:
    """A permission without conditions and a prohibition of the same act, with no priority between them."""
    every = list(said(prover))
    bare = [s for s in every if isinstance(s.norm, Grant) and s.norm.condition == TRUE and s.norm.exception == FALSE]
    bars = [s for s in every if isinstance(s.norm, Bar)]
    for grant in bare:
        for bar in (b for b in bars if b.norm.party == grant.norm.party and b.clause.id not in grant.norm.despite):
            acts = [a for a in prover.of_norm(grant.norm) if a in prover.of_norm(bar.norm)]
            if acts:
                answer = joined(_meeting(prover, grant, bar, *act) for act in acts)
                act, party = acts[0]
                yield Result(
                    Check.CLASH, answer, grant.clause.id, grant.norm.number, act, party, others=(bar.clause.id,)
                )  # fmt: skip


def _meeting(prover: Prover, grant: Said, bar: Said, act: str, party: str) -> Answer:
    asking = prover.asking(act, party)
    claim = z3.And(_truth(asking, prover.lookup, grant).yes, _truth(asking, prover.lookup, bar).yes)
    return asking.shown(prover.lookup, claim, lambda w: all(found(w.verdict, s) is Truth.TRUE for s in (grant, bar)))


def always_barred(prover: Prover, dead: Iterable[Result]) -> Iterator[Result]:
    """Permissions that hold only where the act is barred; of those that hold at all."""
    idle = {
        (r.clause, r.sentence) for r in dead if r.check is Check.NEVER_DECIDES and not isinstance(r.answer, Refuted)
    }
    for each in said(prover):
        if isinstance(each.norm, Grant) and each.key not in idle:
            answers = (_free(prover, each, *act) for act in prover.of_norm(each.norm))
            yield Result(Check.ALWAYS_BARRED, joined(answers), each.clause.id, each.norm.number)


def _free(prover: Prover, grant: Said, act: str, party: str) -> Answer:
    def confirm(verdict: Verdict) -> bool:
        norms = [n for c in verdict.clauses for n in c.norms]
        barred = any(not n.grants and n.truth is Truth.TRUE for n in norms)
        return found(verdict, grant) is Truth.TRUE and not barred

    if grant.key in prover.seen.free:
        return Refuted()
    asking = prover.asking(act, party)
    bars = [asking.space.rails(n.truth, prover.lookup).yes for n in _lowered(asking, prover.lookup) if not n.grants]
    claim = z3.And(_truth(asking, prover.lookup, grant).yes, z3.Not(z3.Or(bars)))
    return shown(prover, asking, claim, lambda w: confirm(w.verdict))


# ---- what changes nothing


def redundant(prover: Prover) -> Iterator[Result]:
    """Sentences, and exceptions, without which every verdict on every act is the same."""
    for each in said(prover):
        answers = (_changes(prover, each, None, *act) for act in prover.of_norm(each.norm))
        whole = joined(answers)
        yield Result(Check.REDUNDANT, whole, each.clause.id, each.norm.number)
        if each.norm.exception != FALSE and not isinstance(whole, Proved):
            bare = replace(each.norm, exception=FALSE)
            answers = (_changes(prover, each, bare, *act) for act in prover.of_norm(each.norm))
            yield Result(Check.IDLE_EXCEPTION, joined(answers), each.clause.id, each.norm.number)


def _changes(prover: Prover, each: Said, instead: Norm | None, act: str, party: str) -> Answer:
    """Whether some act of the type is judged otherwise with another sentence in its place, or none."""
    turning = prover.seen.turning if instead is None else prover.seen.lifting
    if each.key in turning:
        return Refuted()
    asking, lookup = prover.asking(act, party), prover.lookup
    now = asking.space.verdict(lookup)
    other = _without(prover, asking, each, instead)
    claim = z3.Or(now.yes != other.yes, now.no != other.no)

    def confirm(witness: Witness) -> bool:
        prover.seen.add(witness.verdict)
        if each.key in turning:
            return True
        changed = lookup.reading(replaced(lookup.contract, each, instead))
        return replayed(changed, witness.lines).verdict.truth is not witness.verdict.truth

    return shown(prover, asking, claim, confirm)


def _without(prover: Prover, asking: Asking, each: Said, instead: Norm | None) -> Rails:
    lookup = prover.lookup
    providers = {m.header.provider for m in lookup.modules.values()}
    if each.norm.despite or each.norm.party in providers or len(lookup.contract.tracks[0].modules) > 1:
        changed = replaced(lookup.contract, each, instead)
        lowered = lower_verdict(lookup.reading(changed), asking.space.type, asking.space.party, {}, draft=True)
        return asking.space.rails(lowered.verdict, lookup)
    verdict = asking.space.verdict(lookup)
    changes: list[tuple[Yes, Yes]] = []
    for norm in (n for n in _lowered(asking, lookup) if (n.clause, n.number) == each.key):
        truth = asking.space.rails(norm.truth, lookup)
        bare = Rails(z3.BoolVal(False), z3.BoolVal(True)) if instead is None else _bare(asking, lookup, each, instead)
        changes += [(truth.yes, bare.yes), (truth.no, bare.no)]
    return Rails(z3.substitute(verdict.yes, *changes), z3.substitute(verdict.no, *changes))


def _bare(asking: Asking, lookup: Lookup, each: Said, instead: Norm) -> Rails:
    """Another sentence in the place of one, read anew: what its exception says may stand elsewhere in it too."""
    changed = lookup.reading(_around(lookup, replaced(lookup.contract, each, instead), each.clause.id))
    lowered = lower_verdict(changed, asking.space.type, asking.space.party, {}, draft=True)
    return all_of([asking.space.rails(n.truth, lookup) for n in lowered.norms if (n.clause, n.number) == each.key])


def _around(lookup: Lookup, contract: Contract, clause: str) -> Contract:
    """Only a clause, and what may set it aside."""
    kept: set[str] = set()
    waiting = [clause]
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept.add(name)
            waiting += [setter.id for _, setter, _ in lookup.setting_aside.get(name, ())]
    modules = (replace(m, clauses=tuple(c for c in m.clauses if c.id in kept)) for m in contract.modules)
    return replace(contract, modules=tuple(modules))


def replaced(contract: Contract, each: Said, instead: Norm | None) -> Contract:
    """The contract with another sentence in the place of one, or none."""
    kept: list[Sentence] = []
    for sentence in each.clause.sentences:
        if sentence.number != each.norm.number:
            kept.append(sentence)
        elif isinstance(instead, Grant | Limit | Bar):
            kept.append(instead)
    clause = replace(each.clause, sentences=tuple(kept))
    modules = tuple(
        replace(m, clauses=tuple(clause if c.id == clause.id else c for c in m.clauses)) for m in contract.modules
    )
    return replace(contract, modules=modules)


# ---- in a verdict


def found(verdict: Verdict, each: Said) -> Truth:
    """What the reference found of a sentence; false where it had nothing to say."""
    return next((n.truth for c in verdict.clauses for n in c.norms if is_of(n, each)), Truth.FALSE)


def is_of(norm: NormFinding, each: Said) -> bool:
    return (norm.clause, norm.norm.number) == each.key


def _lowered(asking: Asking, lookup: Lookup) -> tuple[LoweredNorm, ...]:
    return asking.space.lowered(lookup).norms


def _truth(asking: Asking, lookup: Lookup, each: Said) -> Rails:
    mine = [n for n in _lowered(asking, lookup) if (n.clause, n.number) == each.key]
    rails = [asking.space.rails(n.truth, lookup) for n in mine]
    return Rails(z3.Or([r.yes for r in rails]), z3.And([r.no for r in rails]))
