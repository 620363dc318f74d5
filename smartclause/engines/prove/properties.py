"""What a file itself says to prove: never, always, possible, at least as strict as (design 2, properties)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import z3

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted, Witness
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.clauses import joined
from smartclause.engines.prove.comparing import refines, standing_alone
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.reading import all_of, any_of, at_least
from smartclause.engines.prove.result import Check, Result
from smartclause.engines.prove.states import in_state
from smartclause.logic import terms as t
from smartclause.logic.contract import Property
from smartclause.logic.duties import Duties
from smartclause.logic.evaluate import View, judge
from smartclause.logic.lookup import Lookup
from smartclause.logic.truth import Truth, every, known, negate, some
from smartclause.logic.truth import at_least as at_least_of
from smartclause.logic.verdict import ClauseState


def properties(prover: Prover) -> Iterator[Result]:
    for each in prover.lookup.contract.properties:
        yield Result(Check.PROPERTY, _answer(prover, each), name=each.name)


def strictness(prover: Prover, stated: Property) -> Prover:
    """The contract beside the one that it imports, taken alone."""
    whole = prover.lookup.contract
    return Prover(whole, standing_alone(whole, stated.other), effort=prover.effort)


def _answer(prover: Prover, stated: Property) -> Answer:
    if stated.other:
        return joined(r.answer for r in refines(strictness(prover, stated)))
    acts = acts_of(prover, stated)
    if not acts:
        return NotProven("no act")
    answers = (_asked(prover, stated, *pair) for pair in acts)
    found = joined(answers)
    if stated.kind != "possible":
        return found
    match found:
        case Proved():
            return Refuted()
        case Refuted():
            return Proved(found.witness)
        case NotProven():
            return found


def acts_of(prover: Prover, stated: Property) -> list[tuple[str, str]]:
    """Acts on which every clause named has a sentence; where none is named, those that have what is read."""
    nodes = list(t.walk(stated.condition))
    named = {n.clause for n in nodes if isinstance(n, t.ClauseStatus)}
    read = {n.name for n in nodes if isinstance(n, t.Field)} | {
        k for n in nodes if isinstance(n, t.Query) for k in n.keys
    }
    found = []
    for act, party in prover.acts():
        if named:
            fits = named <= {n.clause for n in prover.asking(act, party).space.lowered(prover.lookup).norms}
        else:
            fits = read <= {f.name for f in prover.lookup.types[act].fields}
        if fits:
            found.append((act, party))
    return found


def _asked(prover: Prover, stated: Property, act: str, party: str) -> Answer:
    asking = prover.asking(act, party)
    rails = condition(asking, prover.lookup, stated.condition)
    wanted = Truth.TRUE
    if stated.kind == "always":
        claim = z3.And(z3.Not(rails.yes), *all_shown(asking))
        return asking.shown(prover.lookup, claim, lambda w: holds(w, stated.condition) is not wanted)
    return asking.shown(prover.lookup, rails.yes, lambda w: holds(w, stated.condition) is wanted)


def condition(asking: Asking, lookup: Lookup, term: t.Term, favour: bool = True) -> Rails:
    """A condition that may speak of the status of clauses."""
    match term:
        case t.ClauseStatus():
            found = in_state(asking.space, lookup, term.clause, ClauseState(term.status))
            return Rails(found, z3.Not(found))
        case t.Not():
            return condition(asking, lookup, term.arg, not favour).inverse()
        case t.All():
            return all_of([condition(asking, lookup, a, favour) for a in term.args])
        case t.AnyOf():
            return any_of([condition(asking, lookup, a, favour) for a in term.args])
        case t.AtLeast():
            return at_least(term.count, [condition(asking, lookup, a, favour) for a in term.args])
        case _:
            return asking.space.term(term, lookup, lookup.contract.module, favour)


def all_shown(asking: Asking) -> Iterator[Yes]:
    """Every fact that something reads is known, of the act and of records, and every record is to be relied on."""
    past = asking.space.past
    yield from (f.known for f in asking.space.facts.made.values())
    for found in past.found.values():
        yield from (z3.Not(found.open), found.low == found.high)
        yield z3.Implies(found.low >= 1, found.latest.settled)
        yield from (z3.Implies(found.low >= 1, f.known) for f in found.latest.facts.made.values())
    for pair in (*(b.sure for b in past.breaches.values()), *past.open.values(), *past.ended.values()):
        yield z3.Or(pair.yes, pair.no)


def holds(witness: Witness, term: t.Term) -> Truth:
    """What the reference finds of the condition at the act."""
    match term:
        case t.ClauseStatus():
            states = {c.clause: c.state.value for c in witness.verdict.clauses}
            return known(states.get(term.clause) == term.status)
        case t.Not():
            return negate(holds(witness, term.arg))
        case t.All():
            return every([holds(witness, a) for a in term.args])
        case t.AnyOf():
            return some([holds(witness, a) for a in term.args])
        case t.AtLeast():
            return at_least_of(term.count, [holds(witness, a) for a in term.args])
        case _:
            return judge(term, _view(witness)).truth


def _view(witness: Witness) -> View:
    world, act = witness.world, witness.act
    duties = Duties(world, act.position, act.instant)
    module = world.lookup.contract.module
    return View(world, module, act, act.event.by, act.position, act.instant, duties.breaches, judged=True)


__all__ = ["acts_of", "all_shown", "condition", "holds", "properties", "replace"]
