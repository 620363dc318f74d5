"""Duties that exclude each other: two standing ones that no past keeps together, and acts that are owed and by which a
standing one is no longer kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import z3

from smartclause.engines.prove.answer import Proved
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.dilemmas import answering, barring
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.figures import Rails, both
from smartclause.engines.prove.owed import Owed
from smartclause.engines.prove.past import Past
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.reading import Place
from smartclause.engines.prove.result import OTHERWISE, Check, Result
from smartclause.logic.contract import Module, Standing
from smartclause.logic.terms import TRUE, ClauseViolated, Every, Query, walk


def excluding(prover: Prover, first: Standing, one: Module, second: Standing, other: Module) -> bool:
    """Whether no past whatever lets both conditions hold."""
    keys = [n for s in (first, second) for q in walk(s.condition) if isinstance(q, Query) for n in q.keys]
    holders = [t.name for t in prover.lookup.types.values() if {f.name for f in t.fields} >= set(keys)]
    if not holders or any(isinstance(n, ClauseViolated) for s in (first, second) for n in walk(s.condition)):
        return False
    asking = prover.asking(holders[0], first.party)
    place = Place(asking.space.facts, asking.space.stretch, holders[0], first.party, asking.space.past)
    reading = prover.world.reading(prover.lookup)
    conditions = [reading.term(s.condition, place, m.name, True).yes for s, m in ((first, one), (second, other))]
    return asking.possible(z3.And(conditions)) is False


def excluded_by(prover: Prover, owed: Owed) -> Iterator[Result]:
    """Standing duties of the debtor that each act which would answer it breaks, as long as the file is in force. Only
    what is proved."""
    for module, clause in prover.lookup.all_clauses():
        for sentence in clause.sentences:
            if (
                isinstance(sentence, Standing) and sentence.party == owed.duty.party
                and clause.applies == TRUE and sentence.after is None and module is owed.module
                and _counts_acts(prover, owed, sentence) and _breaks(prover, owed, sentence, module)
            ):  # fmt: skip
                name = OTHERWISE if owed.second else ""
                yield Result(
                    Check.UNMEETABLE, Proved(), owed.clause.id, owed.duty.number, owed.answers[0].act,
                    owed.duty.party, name, (clause.id,),
                )  # fmt: skip


def _counts_acts(prover: Prover, owed: Owed, standing: Standing) -> bool:
    asked = [n.event for n in walk(standing.condition) if isinstance(n, Query)]
    return any(prover.lookup.is_under(a.act, e) for a in owed.answers for e in asked)


def _breaks(prover: Prover, owed: Owed, standing: Standing, module: Module) -> bool:
    acts = [(a, t) for a in owed.answers for t in prover.narrower(a.act)]
    for number, (answer, act) in enumerate(acts):
        asking = prover.asking(act, owed.duty.party)
        where = answering(prover, asking, owed, answer.where)
        free = z3.Not(z3.Or([b.yes for b in barring(prover, asking)]))
        after = _after(prover, asking, standing, module, number)
        if after is None or asking.possible(z3.And(where.yes, free, z3.Not(after.no))) is not False:
            return False
    return bool(acts)


def _after(prover: Prover, asking: Asking, standing: Standing, module: Module, number: int) -> Rails | None:
    """The condition just after the act, the act itself being among the records. None where that cannot be read."""
    nodes = list(walk(standing.condition))
    space = asking.space
    names = set(space.facts.declared)
    queries = [n for n in nodes if isinstance(n, Query)]
    if any(isinstance(n, ClauseViolated) for n in nodes) or not all(set(q.keys) <= names for q in queries):
        return None
    past = Past(space.world.codes, f"after.{standing.number}.{number}.{len(space.past.rules)}.", space.stretch)
    place = Place(space.facts, space.stretch, space.type, standing.party, past)
    reading = prover.world.reading(prover.lookup)
    found = reading.term(standing.condition, place, module.name, True)
    rules: list[Yes] = list(past.rules)
    for each in past.found.values():
        own = reading.counts_itself(each.asked.query, replace(place, judged=True), module.name)
        keyed = both(*(f.known for k in each.asked.query.keys if (f := space.facts.fact(k)) is not None))
        counts = both(keyed, own.yes)
        rules.append(z3.Implies(counts, z3.And(each.low >= 1, each.high >= 1)))
        for term, pair in each.terms.items():
            if isinstance(term, Every):
                has = reading.term(term.has, replace(place, past=None), module.name, True)
                rules.append(z3.Implies(z3.And(counts, has.no), pair.sure.no))
    space.past.rules.extend(rules)
    return found
