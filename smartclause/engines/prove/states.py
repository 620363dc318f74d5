"""The status of a clause for an act (design 2.14) as a condition in the solver, and in a verdict of the reference."""

from __future__ import annotations

import z3

from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.space import Space
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import ClauseState
from smartclause.rails.lowering import LoweredNorm


def in_state(space: Space, lookup: Lookup, clause: str, state: ClauseState) -> Yes:
    """First that fits, in the order of `ClauseState`."""
    found = _conditions(space, lookup, space.lowered(lookup).of_clause(clause))
    earlier = list(ClauseState)[: list(ClauseState).index(state)]
    return z3.And(*(z3.Not(found[s]) for s in earlier), found[state])


def _conditions(space: Space, lookup: Lookup, norms: tuple[LoweredNorm, ...]) -> dict[ClauseState, Yes]:
    rails = {id(n): _Rails(space, lookup, n) for n in norms}
    mine = list(rails.values())
    grants, bars = [n for n in mine if n.grants], [n for n in mine if not n.grants]
    granted = z3.Or([z3.And(n.applies, n.truth.yes) for n in grants])
    barred_not = z3.And([z3.Or(z3.Not(n.applies), n.truth.no) for n in bars])
    doubtful = z3.Or([z3.And(n.applies, n.unknown) for n in mine])
    return {
        ClauseState.INAPPLICABLE: z3.Not(z3.Or([n.applies for n in mine])),
        ClauseState.SET_ASIDE: z3.And(
            z3.Or([z3.And(n.applies, n.own.yes, n.truth.no) for n in mine]),
            *(z3.Or(z3.Not(n.applies), n.truth.no) for n in mine),
        ),
        ClauseState.FORBIDDEN: z3.Or([z3.And(n.applies, n.truth.yes) for n in bars]),
        ClauseState.UNKNOWN: z3.And(doubtful, z3.Not(z3.And(granted, barred_not))),
        ClauseState.PERMITTED: granted,
        ClauseState.MET: z3.Not(z3.Or([n.applies for n in grants])),
        ClauseState.SILENT: z3.BoolVal(True),
    }


class _Rails:
    def __init__(self, space: Space, lookup: Lookup, norm: LoweredNorm) -> None:
        self.grants = norm.grants
        self.applies: Yes = z3.Not(space.rails(norm.applies, lookup).no)
        self.own: Rails = space.rails(norm.own, lookup)
        self.truth: Rails = space.rails(norm.truth, lookup)

    @property
    def unknown(self) -> Yes:
        return z3.Not(z3.Or(self.truth.yes, self.truth.no))
