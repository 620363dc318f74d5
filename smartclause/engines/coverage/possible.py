"""What a condition can ever be, and what a clause can ever say: bounds for what scenarios can show.

A truth or status left out here cannot come about, whatever happens; one listed may still be out of reach where
conditions hang together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from smartclause.engines.coverage.questions import Asked, Question, norm_term, truth_of
from smartclause.logic.contract import Clause, Duty, Grant, ListKind, Module, Norm, Repeated, Sentence, Standing
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Finding
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.instances import DutyStatus
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Covers, Parameter, Term, Value
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, NormFinding, state_of

ANY = frozenset(Truth)
MOST = 3**7  # combinations looked at one by one; of more a sample
_OPENED = (DutyStatus.OPEN, DutyStatus.FULFILLED, DutyStatus.VIOLATED, DutyStatus.AWAITING, DutyStatus.UNPROVEN)


def can_be(lookup: Lookup, term: Term) -> frozenset[Truth]:
    """An open list, or a concept to which nothing is opposed, is never surely missed."""
    if not isinstance(term, Covers):
        return ANY
    match term.broad:
        case Const():
            return ANY if _opposed(lookup, term.broad.value) else ANY - {Truth.FALSE}
        case Parameter():
            found = lookup.parameters[term.broad.name]
            if found.list_kind is ListKind.OPEN:
                return ANY - {Truth.FALSE}
            return ANY if any(_opposed(lookup, d.value) for d in found.values) else ANY - {Truth.FALSE}
        case _:
            return ANY


def _opposed(lookup: Lookup, value: Value) -> bool:
    """Whether some concept lies surely outside."""
    header = lookup.modules[lookup.contract.module].header
    concepts = lookup.concepts(_some_day(lookup), header.zone)
    broad = sorted(value) if isinstance(value, frozenset) else [str(value)]
    return any(all(concepts.covers(b, name)[0] is Truth.FALSE for b in broad) for name in concepts.names)


def _some_day(lookup: Lookup) -> Instant:
    start = force_start(lookup.modules[lookup.contract.module].header)
    return start if start > BEGINNING else 0


def possible_statuses(sentence: Sentence) -> tuple[str, ...]:
    """Of the instances of a duty."""
    match sentence:
        case Duty():
            more = [DutyStatus.CURED] * bool(sentence.otherwise) + [DutyStatus.WAIVED] * bool(sentence.waived_by)
            return tuple(s.value for s in (*_OPENED, *more))
        case Repeated():
            return (DutyStatus.OPEN.value, DutyStatus.FULFILLED.value, DutyStatus.VIOLATED.value)
        case Standing():
            return (DutyStatus.FULFILLED.value, DutyStatus.VIOLATED.value, DutyStatus.UNPROVEN.value)
        case _:
            return ()


def possible_states(lookup: Lookup, module: Module, clause: Clause) -> tuple[str, ...]:
    """Of the clause for an act, over all truths that its conditions can have."""
    norms = [s for s in clause.sentences if isinstance(s, Norm)]
    found: dict[ClauseState, None] = {}
    for party in dict.fromkeys(n.party for n in norms):
        for act in dict.fromkeys(a for n in norms for a in n.acts):
            mine = [n for n in norms if n.party == party and any(lookup.is_under(act, a) for a in n.acts)]
            if mine:
                found.update(dict.fromkeys(_Outcomes(lookup, module, clause, mine).states()))
    if norms and any(
        clause.id in s.despite for _, c in lookup.all_clauses() for s in c.sentences if isinstance(s, Grant)
    ):
        found[ClauseState.SET_ASIDE] = None
    return tuple(s.value for s in ClauseState if s in found)


@dataclass(frozen=True)
class _Outcomes:
    lookup: Lookup
    module: Module
    clause: Clause
    norms: Sequence[Norm]

    def states(self) -> Iterator[ClauseState]:
        terms = [norm_term(self.clause, n) for n in self.norms]
        asked = [Question("", 0, Asked.ACT, t) for t in (self.clause.applies, *terms)]
        conditions = list(dict.fromkeys(c for q in asked for c in q.conditions))
        for given in _combinations(conditions, [can_be(self.lookup, c) for c in conditions]):
            yield self._state(given)

    def _state(self, given: dict[Term, Truth]) -> ClauseState:
        applies = truth_of(self.clause.applies, given)
        found = []
        for norm in self.norms:
            truth = truth_of(norm_term(self.clause, norm), given)
            finding = Finding(None, truth)
            found.append(NormFinding(self.module.name, self.clause.id, norm, applies, truth, truth, finding))
        return state_of(tuple(found))


def _combinations(conditions: list[Term], can: list[frozenset[Truth]]) -> Iterator[dict[Term, Truth]]:
    total = 1
    for each in can:
        total *= len(each)
    ordered = [sorted(c, key=lambda t: t.value) for c in can]
    if total <= MOST:
        for truths in product(*ordered):
            yield dict(zip(conditions, truths, strict=True))
        return
    random = Random(1)
    for truth in Truth:
        yield {c: truth if truth in a else Truth.UNKNOWN for c, a in zip(conditions, can, strict=True)}
    for _ in range(MOST):
        yield {c: random.choice(a) for c, a in zip(conditions, ordered, strict=True)}
