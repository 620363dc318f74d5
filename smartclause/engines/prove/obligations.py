"""Duties: what nobody can do in time, what never comes to be owed, which exclude each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import z3

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted, Witness
from smartclause.engines.prove.clauses import joined
from smartclause.engines.prove.dilemmas import answering, barring, dilemmas
from smartclause.engines.prove.excluding import excluded_by, excluding
from smartclause.engines.prove.owed import Owed, duties_of
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.reading import Place
from smartclause.engines.prove.result import OTHERWISE, Check, Result
from smartclause.logic.contract import BreachTrigger, Duty, EventTrigger, Repeated, Standing
from smartclause.logic.counting import Duration, Instant, due
from smartclause.logic.duties import Duties
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.terms import TRUE, ClauseViolated, Const
from smartclause.logic.truth import Truth


def obligations(prover: Prover) -> Iterator[Result]:
    for module, clause in prover.lookup.all_clauses():
        for sentence in clause.sentences:
            if isinstance(sentence, Duty | Repeated):
                yield from _duty(prover, Owed(prover.lookup, module, clause, sentence))
    yield from _standing(prover)


def _duty(prover: Prover, owed: Owed) -> Iterator[Result]:
    if isinstance(owed.duty, Duty):
        opens = _opens(prover, owed)
        yield _result(Check.NEVER_DECIDES, opens, owed)
        if isinstance(opens, Proved):
            return
    for each in (owed, owed.otherwise):
        if each is not None:
            yield from _owed(prover, each)


def _owed(prover: Prover, owed: Owed) -> Iterator[Result]:
    meets = Proved() if ends_before(owed) else _unmeetable(prover, owed)
    yield _result(Check.UNMEETABLE, meets, owed)
    if isinstance(meets, Proved):
        return
    yield from excluded_by(prover, owed)
    yield from dilemmas(prover, owed)


def _result(check: Check, answer: Answer, owed: Owed) -> Result:
    name = OTHERWISE if owed.second else ""
    return Result(check, answer, owed.clause.id, owed.duty.number, owed.answers[0].act, owed.duty.party, name)


# ---- what opens it


def _opens(prover: Prover, owed: Owed) -> Answer:
    """Refuted where some trigger may come to pass."""
    assert isinstance(owed.duty, Duty)
    if not owed.duty.triggers:
        return Refuted()
    return joined(_triggered(prover, owed, t) for t in owed.duty.triggers)


def _triggered(prover: Prover, owed: Owed, trigger: EventTrigger | BreachTrigger) -> Answer:
    match trigger:
        case EventTrigger():
            return _by_record(prover, owed, trigger)
        case BreachTrigger():
            return _by_breach(prover, owed, trigger)


def _by_record(prover: Prover, owed: Owed, trigger: EventTrigger) -> Answer:
    """Its conditions alone: what they find in the past is taken to be possible."""
    assert isinstance(owed.duty, Duty)
    asking = prover.asking(trigger.event, owed.duty.party)
    place = Place(asking.space.facts, asking.space.stretch, trigger.event, owed.duty.party, asking.space.past)
    reading, module = prover.world.reading(prover.lookup), owed.module.name
    parts = [reading.term(c, place, module, False) for c in (trigger.where, owed.clause.applies)]
    lifted = reading.term(owed.duty.exception, place, module, True)
    found = asking.possible(z3.And(*(p.yes for p in parts), z3.Not(lifted.yes)))
    return NotProven("limit") if found is None else Refuted() if found else Proved()


def _by_breach(prover: Prover, owed: Owed, trigger: BreachTrigger) -> Answer:
    """Proved where nothing can be breached; refuted by a history after which it is owed."""
    before = duties_of(prover.lookup, trigger.clause, trigger.sentence)
    if all(isinstance(o.duty, Duty) and isinstance(_opens(prover, o), Proved) for o in before):
        return Proved()
    asking = prover.asking(owed.answers[0].act, owed.duty.party)
    term = ClauseViolated(trigger.clause, trigger.sentence, (), True)
    claim = asking.space.term(term, prover.lookup, owed.module.name).yes
    found = asking.shown(prover.lookup, claim, lambda w: _has_opened(w, owed))
    return Refuted() if isinstance(found, Refuted) else found


def _has_opened(witness: Witness, owed: Owed) -> bool:
    duties = Duties(witness.world, witness.act.position, witness.act.instant)
    return any(i.holds is Truth.TRUE for i in duties.of_clause(owed.clause.id, owed.duty.number))


# ---- whether it can be done


def ends_before(owed: Owed) -> bool:
    """A fixed end that stands before the earliest instant at which it can begin."""
    begins = earliest(owed)
    match owed.duty:
        case Duty(no_later_than=Const()):
            end = owed.due(begins)
            return end is not None and end < begins
    return False


def earliest(owed: Owed) -> Instant:
    """Before that it never begins: in force, and after what it follows could be due."""
    start = force_start(owed.module.header)
    if not isinstance(owed.duty, Duty) or any(isinstance(t, EventTrigger) for t in owed.duty.triggers):
        return start
    before = [_earliest_due(o) for o in owed.breached()]
    return max(start, min(before)) if before else start


def _earliest_due(owed: Owed) -> Instant:
    """Of a period that depends on the day only that it is not before the beginning."""
    begins, duty = earliest(owed), owed.duty
    if isinstance(duty, Standing) or begins == BEGINNING:
        return begins
    if isinstance(duty, Duty) and (duty.no_later_than is not None or duty.clock):
        end = owed.due(begins) if isinstance(duty.no_later_than, Const) else None
        return begins if end is None else max(begins, end)
    if isinstance(duty.period, Const) and isinstance(duty.period.value, Duration):
        return due(begins, duty.period.value, owed.module.header.rule, owed.module.header.zone).earliest
    return begins


def _unmeetable(prover: Prover, owed: Owed) -> Answer:
    """Proved where each act that would answer it is barred whatever it says and whatever was before."""
    found: list[Answer] = []
    for answer, act in ((a, t) for a in owed.answers for t in prover.narrower(a.act)):
        asking = prover.asking(act, owed.duty.party)
        where = answering(prover, asking, owed, answer.where)
        free = z3.Not(z3.Or([b.yes for b in barring(prover, asking)]))
        result = asking.possible(z3.And(where.yes, free))
        found.append(NotProven("limit") if result is None else Refuted() if result else Proved())
    return joined(iter(found))


# ---- standing duties that exclude each other


def _standing(prover: Prover) -> Iterator[Result]:
    found = [
        (m, c, s) for m, c in prover.lookup.all_clauses() for s in c.sentences
        if isinstance(s, Standing) and c.applies == TRUE
    ]  # fmt: skip
    for (one_module, one, first), (other_module, other, second) in combinations(found, 2):
        if (first.party, first.for_each) != (second.party, second.for_each):
            continue
        if excluding(prover, first, one_module, second, other_module):
            yield Result(
                Check.UNMEETABLE, Proved(), one.id, first.number, party=first.party, others=(other.id,)
            )  # fmt: skip
