"""Duties: what is owed and barred at once, what nobody can do in time, what never comes to be owed; and figures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import z3

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted, Witness
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.clauses import joined
from smartclause.engines.prove.facts import Fact, Facts, Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.reading import Place
from smartclause.engines.prove.result import Check, Result
from smartclause.engines.prove.variables import variables
from smartclause.logic.contract import Clause, Dated, Duty, EventTrigger, Module, ParameterValue, Repeated, Standing
from smartclause.logic.duties import Duties
from smartclause.logic.force import force_start
from smartclause.logic.instances import DutyStatus
from smartclause.logic.order import sign
from smartclause.logic.terms import TRUE, ClauseViolated, Const, Kind, Query, Term, walk
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict

_OWED = (DutyStatus.OPEN, DutyStatus.VIOLATED, DutyStatus.AWAITING, DutyStatus.UNPROVEN)


def obligations(prover: Prover) -> Iterator[Result]:
    for module, clause in prover.lookup.all_clauses():
        for sentence in clause.sentences:
            if isinstance(sentence, Duty):
                yield from _duty(prover, module, clause, sentence)
            elif isinstance(sentence, Repeated):
                yield Result(
                    Check.UNMEETABLE, _unmeetable(prover, module, sentence), clause.id, sentence.number,
                    sentence.answers[0].act, sentence.party,
                )  # fmt: skip
    yield from _standing(prover)


def _duty(prover: Prover, module: Module, clause: Clause, duty: Duty) -> Iterator[Result]:
    act, party = duty.answers[0].act, duty.party
    opens = _opens(prover, module, clause, duty)
    yield Result(Check.NEVER_DECIDES, opens, clause.id, duty.number, act, party)
    if isinstance(opens, Proved):
        return
    meets = Proved() if _ends_before(module, duty) else _unmeetable(prover, module, duty)
    yield Result(Check.UNMEETABLE, meets, clause.id, duty.number, act, party)
    if not isinstance(meets, Proved):
        for barred in dict.fromkeys(a.act for a in duty.answers):
            found = _dilemma(prover, module, clause, duty, barred)
            if found is not None:
                answer, others = found
                yield Result(Check.DILEMMA, answer, clause.id, duty.number, barred, party, others=others)


def _opens(prover: Prover, module: Module, clause: Clause, duty: Duty) -> Answer:
    """Refuted where some trigger may come to pass."""
    if not duty.triggers or not all(isinstance(t, EventTrigger) for t in duty.triggers):
        return Refuted()
    return joined(_triggered(prover, module, clause, duty, t) for t in duty.triggers if isinstance(t, EventTrigger))


def _triggered(prover: Prover, module: Module, clause: Clause, duty: Duty, trigger: EventTrigger) -> Answer:
    """Its conditions alone: what they find in the past is taken to be possible."""
    asking = prover.asking(trigger.event, duty.party)
    place = Place(asking.space.facts, asking.space.stretch, trigger.event, duty.party, asking.space.past)
    reading = prover.world.reading(prover.lookup)
    parts = [reading.term(c, place, module.name, False) for c in (trigger.where, clause.applies)]
    lifted = reading.term(duty.exception, place, module.name, True)
    found = asking.possible(z3.And(*(p.yes for p in parts), z3.Not(lifted.yes)))
    return NotProven("limit") if found is None else Refuted() if found else Proved()


def _ends_before(module: Module, duty: Duty) -> bool:
    """A fixed end that stands before the force of its file."""
    start = force_start(module.header)
    match duty.no_later_than:
        case Const(value=int() as end):
            return end < start
    return False


def _unmeetable(prover: Prover, module: Module, duty: Duty | Repeated) -> Answer:
    """Proved where each act that would answer it is barred whatever it says and whatever was before."""
    answers = [(a, t) for a in duty.answers for t in prover.narrower(a.act)]
    found: list[Answer] = []
    for answer, act in answers:
        asking = prover.asking(act, duty.party)
        where = _where(prover, asking, module, answer.where)
        free = z3.Not(z3.Or([b.yes for b in _bars(prover, asking)]))
        result = asking.possible(z3.And(where.yes, free))
        found.append(NotProven("limit") if result is None else Refuted() if result else Proved())
    return joined(iter(found))


def _where(prover: Prover, asking: Asking, module: Module, where: Term) -> Rails:
    space = asking.space
    place = Place(space.facts, space.stretch, space.type, space.party, space.past)
    return prover.world.reading(prover.lookup).term(where, place, module.name, True)


def _bars(prover: Prover, asking: Asking) -> list[Rails]:
    """What the prohibitions and limits rest on, spelled out."""
    norms = asking.space.lowered(prover.lookup).norms
    return [asking.space.meaning(n.truth, prover.lookup) for n in norms if not n.grants]


# ---- owed and barred


def _dilemma(
    prover: Prover, module: Module, clause: Clause, duty: Duty, act: str
) -> tuple[Answer, tuple[str, ...]] | None:
    """Whether, the duty being open, each act that would answer it may be barred: whatever the debtor itself states,
    with what others show and what was before as it is. None where no sentence bars the act."""
    asking = prover.asking(act, duty.party)
    lookup, space = prover.lookup, asking.space
    bars = [n for n in space.lowered(lookup).norms if not n.grants]
    where = next(a.where for a in duty.answers if a.act == act)
    stands = space.answers(lookup, (clause, duty), module.name)
    if not bars or stands is None:
        return None
    answers = _where(prover, asking, module, where).yes
    barred = z3.Or([b.yes for b in _bars(prover, asking)])
    claim = z3.And(stands.yes, answers, barred, _whatever_stated(space.facts, duty, answers, barred))

    def confirm(witness: Witness) -> bool:
        return _barred(witness.verdict) and _owed(witness, clause, duty)

    answer = asking.shown(lookup, claim, confirm)
    others = _barring(answer) or tuple(dict.fromkeys(b.clause for b in bars))
    return answer, others


def _whatever_stated(facts: Facts, duty: Duty, answers: Yes, barred: Yes) -> Yes:
    """For every value of what the debtor itself states, keys apart: if the act answers, it is barred."""
    chosen = [f for n, f in facts.made.items() if not f.declared.shown_by and n not in duty.keys]
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


def _barred(verdict: Verdict) -> bool:
    return any(not n.grants and n.truth is Truth.TRUE for c in verdict.clauses for n in c.norms)


def _barring(answer: Answer) -> tuple[str, ...]:
    if not isinstance(answer, Refuted) or answer.witness is None:
        return ()
    clauses = answer.witness.verdict.clauses
    return tuple(c.clause for c in clauses if any(not n.grants and n.truth is Truth.TRUE for n in c.norms))


def _owed(witness: Witness, clause: Clause, duty: Duty) -> bool:
    """As the reference sees it just before the act."""
    owed = Duties(witness.world, witness.act.position, witness.act.instant)
    found = owed.of_clause(clause.id, duty.number)
    return any(i.status in _OWED and not i.answered and i.holds is Truth.TRUE for i in found)


# ---- standing duties that exclude each other


def _standing(prover: Prover) -> Iterator[Result]:
    found = [
        (m, c, s) for m, c in prover.lookup.all_clauses() for s in c.sentences
        if isinstance(s, Standing) and c.applies == TRUE
    ]  # fmt: skip
    for (one_module, one, first), (other_module, other, second) in combinations(found, 2):
        if (first.party, first.for_each) != (second.party, second.for_each):
            continue
        if _excluding(prover, first, one_module, second, other_module):
            yield Result(
                Check.UNMEETABLE, Proved(), one.id, first.number, party=first.party, others=(other.id,)
            )  # fmt: skip


def _excluding(prover: Prover, first: Standing, one: Module, second: Standing, other: Module) -> bool:
    """Whether no past whatever lets both conditions hold."""
    keys = [n for s in (first, second) for q in walk(s.condition) if isinstance(q, Query) for n in q.keys]
    holders = [t.name for t in prover.lookup.types.values() if {f.name for f in t.fields} >= set(keys)]
    if not holders or any(isinstance(n, ClauseViolated) for s in (first, second) for n in walk(s.condition)):
        return False
    asking = prover.asking(holders[0], first.party)
    place = Place(asking.space.facts, asking.space.stretch, holders[0], first.party, asking.space.past)
    reading = prover.world.reading(prover.lookup)
    both = [reading.term(s.condition, place, m.name, True).yes for s, m in ((first, one), (second, other))]
    return asking.possible(z3.And(both)) is False


# ---- figures


def figures(prover: Prover) -> Iterator[Result]:
    """Parameters that contradict themselves: bounds that leave nothing, values outside them, two at one time."""
    for each in prover.lookup.contract.parameters:
        if each.low is None and each.high is None and len(each.values) < 2:
            continue
        answer: Answer = Proved() if _consistent(each) else Refuted()
        yield Result(Check.PARAMETER, answer, name=each.name)


def _consistent(each: ParameterValue) -> bool:
    if each.low is not None and each.high is not None and sign(each.low, each.high) == 1:
        return False
    outside = any(sign(d.value, each.low) == -1 or sign(d.value, each.high) == 1 for d in each.values)
    return not outside and not any(_at_once(a, b) for a, b in combinations(each.values, 2))


def _at_once(one: Dated, other: Dated) -> bool:
    if one.value == other.value:
        return False
    begins = max((d for d in (one.since, other.since) if d is not None), default=None)
    ends = min((d for d in (one.until, other.until) if d is not None), default=None)
    return begins is None or ends is None or begins <= ends
