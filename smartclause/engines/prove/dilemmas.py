"""Dilemmas: what is owed and barred at once, whatever the debtor itself states."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from smartclause.engines.prove.answer import Answer, Refuted, Witness
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.facts import Fact, Facts, Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.owed import Owed
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.reading import Place
from smartclause.engines.prove.result import OTHERWISE, Check, Result
from smartclause.engines.prove.variables import variables
from smartclause.logic.contract import Standing
from smartclause.logic.duties import Duties
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.terms import Kind, Term
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict

_OWED = (DutyStatus.OPEN, DutyStatus.VIOLATED, DutyStatus.AWAITING, DutyStatus.UNPROVEN)


def dilemmas(prover: Prover, owed: Owed) -> Iterator[Result]:
    """For each act that would answer it and that some sentence bars."""
    for act in dict.fromkeys(a.act for a in owed.answers):
        found = _dilemma(prover, owed, act)
        if found is not None:
            answer, others = found
            name = OTHERWISE if owed.second else ""
            yield Result(
                Check.DILEMMA, answer, owed.clause.id, owed.duty.number, act, owed.duty.party, name, others
            )  # fmt: skip


def _dilemma(prover: Prover, owed: Owed, act: str) -> tuple[Answer, tuple[str, ...]] | None:
    """Whether, the duty being open, each act that would answer it may be barred: whatever the debtor itself states,
    with what others show and what was before as it is. None where no sentence bars the act."""
    asking = prover.asking(act, owed.duty.party)
    lookup, space = prover.lookup, asking.space
    bars = [n for n in space.lowered(lookup).norms if not n.grants]
    assert not isinstance(owed.duty, Standing)
    stands = space.answers(lookup, (owed.clause, owed.duty), owed.module.name)
    if not bars or stands is None:
        return None
    where = next(a.where for a in owed.answers if a.act == act)
    answers = answering(prover, asking, owed, where).yes
    barred = z3.Or([b.yes for b in barring(prover, asking)])
    claim = z3.And(stands.yes, answers, barred, _whatever_stated(space.facts, owed, answers, barred))

    def confirm(witness: Witness) -> bool:
        return _barred(witness.verdict) and _is_owed(witness, owed)

    answer = asking.shown(lookup, claim, confirm)
    others = _barring(answer) or tuple(dict.fromkeys(b.clause for b in bars))
    return answer, others


def answering(prover: Prover, asking: Asking, owed: Owed, where: Term) -> Rails:
    space = asking.space
    place = Place(space.facts, space.stretch, space.type, space.party, space.past)
    return prover.world.reading(prover.lookup).term(where, place, owed.module.name, True)


def barring(prover: Prover, asking: Asking) -> list[Rails]:
    """What the prohibitions and limits rest on, spelled out."""
    norms = asking.space.lowered(prover.lookup).norms
    return [asking.space.meaning(n.truth, prover.lookup) for n in norms if not n.grants]


# ---- whatever the debtor states


def _whatever_stated(facts: Facts, owed: Owed, answers: Yes, barred: Yes) -> Yes:
    """For every value of what the debtor itself states, keys apart: if the act answers, it is barred."""
    chosen = [f for n, f in facts.made.items() if not f.declared.shown_by and n not in owed.keys]
    chosen = [f for f in chosen if f.declared.type.kind is not Kind.IDENTIFIER]
    changes: list[tuple[z3.ExprRef, z3.ExprRef]] = []
    for number, fact in enumerate(chosen):
        changes.append((fact.known, z3.BoolVal(True)))
        changes += [(v, z3.FreshConst(v.sort(), f"choice{number}")) for v in _variables(fact)]
    bound = [new for _, new in changes if not z3.is_true(new)]
    if not bound:
        return z3.BoolVal(True)
    rules = z3.substitute(z3.And([r for r in facts.rules if _only(r, chosen)] or [z3.BoolVal(True)]), *changes)
    inner = z3.Implies(z3.And(rules, z3.substitute(answers, *changes)), z3.substitute(barred, *changes))
    return z3.ForAll(bound, inner)


def _variables(fact: Fact) -> list[z3.ExprRef]:
    found: list[z3.ExprRef] = [*fact.members.values()]
    found += [fact.number] if fact.number is not None else []
    found += [fact.truth] if fact.truth is not None else []
    if fact.measure is not None and z3.is_const(fact.measure) and not z3.is_int_value(fact.measure):
        found.append(fact.measure)
    return found


def _only(rule: Yes, chosen: list[Fact]) -> bool:
    """A rule of the chosen facts alone."""
    names = {str(v) for f in chosen for v in (*_variables(f), f.known)}
    read = variables(rule)
    return bool(read) and read <= names


# ---- in what the reference found


def _barred(verdict: Verdict) -> bool:
    return any(not n.grants and n.truth is Truth.TRUE for c in verdict.clauses for n in c.norms)


def _barring(answer: Answer) -> tuple[str, ...]:
    if not isinstance(answer, Refuted) or answer.witness is None:
        return ()
    clauses = answer.witness.verdict.clauses
    return tuple(c.clause for c in clauses if any(not n.grants and n.truth is Truth.TRUE for n in c.norms))


def _is_owed(witness: Witness, owed: Owed) -> bool:
    """As the reference sees it just before the act."""
    duties = Duties(witness.world, witness.act.position, witness.act.instant)
    found: list[Instance | None] = list(duties.of_clause(owed.clause.id, owed.duty.number))
    mine = [i.otherwise if owed.second and i is not None else i for i in found]
    return any(i is not None and i.status in _OWED and not i.answered and i.holds is Truth.TRUE for i in mine)
