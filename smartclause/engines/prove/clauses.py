"""Clauses that can never apply or never decide, acts that are never granted, verdicts that nothing settles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import z3

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted, Witness
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.prover import Prover, norms
from smartclause.engines.prove.result import Check, Result
from smartclause.logic.contract import Bar, Clause, Grant, Limit, Norm
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import NormFinding, Verdict
from smartclause.rails.formula import Formula
from smartclause.rails.lowering import LoweredNorm

Wanted = Callable[[NormFinding], bool]
Claim = Callable[[LoweredNorm, Callable[[Formula], Rails]], Yes]


def dead(prover: Prover) -> Iterator[Result]:
    """Clauses that apply to no act; of the others the sentences that settle nothing."""
    for _, clause in prover.lookup.all_clauses():
        found = [s for s in clause.sentences if isinstance(s, Norm)]
        if not found:
            continue
        applies = Result(Check.NEVER_APPLIES, _applies(prover, clause, found), clause.id)
        yield applies
        if not isinstance(applies.answer, Proved):
            for norm in found:
                answer = _decides(prover, clause, norm)
                yield Result(Check.NEVER_DECIDES, answer, clause.id, norm.number, norm.acts[0], norm.party)


def _applies(prover: Prover, clause: Clause, found: Sequence[Norm]) -> Answer:
    if clause.id in prover.seen.applied:
        return Refuted()
    answers = (_sentence(prover, clause, n, lambda o, r: r(o.applies).yes, _applied) for n in found)
    return joined(answers)


def _decides(prover: Prover, clause: Clause, norm: Norm) -> Answer:
    if (clause.id, norm.number) in prover.seen.decided:
        return Refuted()
    return _sentence(prover, clause, norm, lambda o, r: r(o.truth).yes, lambda n: n.truth is Truth.TRUE)


def _applied(found: NormFinding) -> bool:
    return found.applies is Truth.TRUE


def _findings(verdict: Verdict) -> Iterator[NormFinding]:
    yield from (n for c in verdict.clauses for n in c.norms)


def _sentence(
    prover: Prover,
    clause: Clause,
    norm: Norm,
    claim: Claim,
    wanted: Wanted,
) -> Answer:
    """Proved where on no act of any type that the sentence names the claim holds."""

    def one(type_: str, party: str) -> Answer:
        asking = prover.asking(type_, party)
        mine = (
            n for n in asking.space.lowered(prover.lookup).norms if (n.clause, n.number) == (clause.id, norm.number)
        )
        claims = [claim(n, lambda f: asking.space.rails(f, prover.lookup)) for n in mine]
        return shown(
            prover,
            asking,
            z3.Or(claims),
            lambda w: any(_same(f, clause, norm) and wanted(f) for f in _findings(w.verdict)),
        )

    return joined(one(*pair) for pair in prover.of_norm(norm))


def _same(found: NormFinding, clause: Clause, norm: Norm) -> bool:
    return (found.clause, found.norm.number) == (clause.id, norm.number)


def shown(prover: Prover, asking: Asking, claim: Yes, confirm: Callable[[Witness], bool]) -> Answer:
    """Whether some act shows it, for what is in order then: the act is not told. Where the past has no part the
    solver's word is enough."""
    answer = asking.possibly(prover.lookup, claim, confirm)
    if isinstance(answer, Refuted):
        if answer.witness is not None:
            prover.seen.add(answer.witness.verdict)
        return Refuted()
    return answer


def joined(answers: Iterator[Answer]) -> Answer:
    """Of several spaces: one act that shows it is enough; proved only where each is."""
    doubt: Answer | None = None
    for answer in answers:
        match answer:
            case Refuted():
                return answer
            case NotProven():
                doubt = doubt or answer
            case Proved():
                pass
    return doubt or Proved()


# ---- acts


def granted(prover: Prover) -> Iterator[Result]:
    """Acts that some sentence means to allow: one of the type, or of a narrower one, is allowed."""
    lookup = prover.lookup
    if not any(t.closed for t in lookup.contract.tracks):
        return  # an open file never allows by itself
    meant = {(a, n.party) for n in norms(lookup) if isinstance(n, Grant | Limit) for a in n.acts}
    for act, party in sorted(meant):
        if not lookup.is_controlled(act):
            continue
        answers = {t: _allowed(prover, t, party) for t in prover.narrower(act)}
        yield Result(Check.NEVER_GRANTED, joined(iter(answers.values())), act=act, party=party)


def _allowed(prover: Prover, act: str, party: str) -> Answer:
    asking = prover.asking(act, party)
    claim = asking.space.verdict(prover.lookup).yes
    answer = asking.shown(prover.lookup, claim, lambda w: w.verdict.truth is Truth.TRUE)
    if isinstance(answer, Refuted) and answer.witness is not None:
        prover.seen.add(answer.witness.verdict)
    return answer


def settled(prover: Prover) -> Iterator[Result]:
    """Acts on which no evidence settles the verdict."""
    for act, party in prover.acts():
        asking = prover.asking(act, party)
        verdict = asking.space.verdict(prover.lookup)
        if (act, party) in prover.seen.settled:
            continue
        claim = z3.Or(verdict.yes, verdict.no)
        answer = shown(prover, asking, claim, lambda w: w.verdict.truth is not Truth.UNKNOWN)
        yield Result(Check.ALWAYS_UNKNOWN, answer, act=act, party=party)


__all__ = ["Bar", "dead", "granted", "joined", "settled", "shown"]
