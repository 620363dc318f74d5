"""Without what no act is allowed: each fact of the act and each kind of record that every permission rests on."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.result import Check, Result


def needed(prover: Prover) -> Iterator[Result]:
    """Only what is proved: whatever else is known, an act without it is not allowed."""
    for act, party in prover.acts():
        asking = prover.asking(act, party)
        allowed = asking.space.verdict(prover.lookup).yes
        if not prover.lookup.is_controlled(act) or not asking.possible(allowed):
            continue
        for name, missing in (*_facts(asking), *_records(asking)):
            answer = _without(asking, z3.And(allowed, missing))
            if not isinstance(answer, Refuted):
                yield Result(Check.NEEDS, answer, act=act, party=party, name=name)


def _without(asking: Asking, claim: Yes) -> Answer:
    found = asking.possible(claim)
    if found is None:
        return NotProven("limit")
    return Refuted() if found else Proved()


def _facts(asking: Asking) -> Iterator[tuple[str, Yes]]:
    for name, fact in asking.space.facts.made.items():
        yield name, z3.Not(fact.known)


def _records(asking: Asking) -> Iterator[tuple[str, Yes]]:
    """No record of a type, in any of the questions about it."""
    kinds: dict[str, list[Yes]] = {}
    for found in asking.space.past.found.values():
        none = z3.And(found.high == 0, z3.Not(found.open))
        kinds.setdefault(found.asked.query.event, []).append(none)
    yield from ((kind, z3.And(parts)) for kind, parts in kinds.items())
