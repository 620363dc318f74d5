"""Parameters that contradict: one against its own bounds, or several through the sentences that read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import z3

from smartclause.engines.prove.answer import Answer, Proved, Refuted
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.prover import Prover, norms
from smartclause.engines.prove.result import Check, Result
from smartclause.logic.contract import Contract, Dated, EventType, FieldType, Norm, ParameterValue
from smartclause.logic.lookup import Lookup
from smartclause.logic.order import sign
from smartclause.logic.terms import All, AnyOf, AtLeast, Compare, Expression, Field, Not, Parameter, Term, walk
from smartclause.rails.lowering import LoweredNorm

_FREE = "figure "  # before the name of a parameter whose value may be any


def figures(prover: Prover) -> Iterator[Result]:
    """Each parameter alone: bounds that leave nothing, values outside them, two at one time. Then several."""
    for each in prover.lookup.contract.parameters:
        if each.low is None and each.high is None and len(each.values) < 2:
            continue
        answer: Answer = Proved() if _consistent(each) else Refuted()
        yield Result(Check.PARAMETER, answer, name=each.name)
    yield from together(prover)


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


# ---- several, through the sentences that read them


def together(prover: Prover) -> Iterator[Result]:
    """Requirements, with or without a permission, that no act meets at once with the figures as they are, and that
    some act would meet with others: inside their bounds, or, where none of these would do, outside. What no figure
    whatever would mend is no matter of the figures, nor is a figure that is still to be filled in."""
    filled = {p.name for p in prover.lookup.contract.parameters if p.values}
    reading = {n: read for n, read in _reading(prover.lookup).items() if read and set(read) <= filled}
    if not reading:
        return
    inside, any_ = (Prover(_freed(prover.lookup, bounded), effort=prover.effort) for bounded in (True, False))
    told: set[tuple[str, ...]] = set()
    for act, party in prover.acts():
        for core in _contradictions(prover.asking(act, party), prover.lookup, reading):
            clauses = tuple(dict.fromkeys(c for c, _ in core))
            freed = [each for each in (inside, any_) if _meets(each, act, party, core)]
            if freed and clauses not in told:
                told.add(clauses)
                names = tuple(dict.fromkeys(p for key in core for p in reading[key]))
                yield Result(
                    Check.PARAMETER, Refuted(), clauses[0], 0, act, party, ", ".join(names), clauses[1:]
                )  # fmt: skip


Key = tuple[str, int]


def _reading(lookup: Lookup) -> dict[Key, tuple[str, ...]]:
    """For each sentence the figures that it compares something with."""
    found: dict[Key, tuple[str, ...]] = {}
    for _, clause in lookup.all_clauses():
        for norm in (s for s in clause.sentences if isinstance(s, Norm)):
            terms = (clause.applies, norm.condition, norm.exception)
            compared = (n for t in terms for n in walk(t) if isinstance(n, Compare))
            sides = (s for n in compared for s in (n.left, n.right) if isinstance(s, Parameter))
            found[clause.id, norm.number] = tuple(dict.fromkeys(s.name for s in sides))
    return found


def _contradictions(asking: Asking, lookup: Lookup, reading: dict[Key, tuple[str, ...]]) -> Iterator[list[Key]]:
    """The requirements together; each permission with them. Each as few sentences as contradict."""
    mine = [n for n in asking.space.lowered(lookup).norms if (n.clause, n.number) in reading]
    required = [n for n in mine if not n.grants]
    seen: set[tuple[Key, ...]] = set()
    for chosen in ([*required], *([g, *required] for g in mine if g.grants)):
        core = _core(asking, lookup, chosen)
        key = tuple((n.clause, n.number) for n in core)
        if core and key not in seen:
            seen.add(key)
            yield list(key)


def _core(asking: Asking, lookup: Lookup, chosen: list[LoweredNorm]) -> list[LoweredNorm]:
    """Empty where some act, with whatever past, meets all of them."""
    if not chosen or asking.possible(_met(asking, lookup, chosen)) is not False:
        return []
    for each in list(chosen):
        fewer = [n for n in chosen if n is not each]
        if fewer and asking.possible(_met(asking, lookup, fewer)) is False:
            chosen = fewer
    return chosen


def _met(asking: Asking, lookup: Lookup, chosen: list[LoweredNorm]) -> Yes:
    rails = [(n.grants, asking.space.rails(n.truth, lookup)) for n in chosen]
    return z3.And([r.yes if grants else r.no for grants, r in rails])


# ---- with other figures


def _meets(freed: Prover, act: str, party: str, core: list[Key]) -> bool:
    asking = freed.asking(act, party)
    chosen = [n for n in asking.space.lowered(freed.lookup).norms if (n.clause, n.number) in core]
    return asking.possible(_met(asking, freed.lookup, chosen)) is True


def _freed(lookup: Lookup, bounded: bool) -> Contract:
    """The contract with a fact of the act in the place of each figure that something is compared with."""
    contract = lookup.contract
    figures = tuple(
        FieldType(_FREE + p.name, p.type, low=p.low if bounded else None, high=p.high if bounded else None)
        for p in contract.parameters
        if p.list_kind is None
    )
    acts = {a for n in norms(lookup) for a in n.acts}
    acts |= {t for t in lookup.types for a in acts if lookup.is_under(t, a)}
    types = tuple(_with(t, figures) if t.name in acts else t for t in contract.types)
    modules = tuple(
        replace(m, clauses=tuple(
            replace(c, applies=_loose(c.applies), sentences=tuple(
                replace(s, condition=_loose(s.condition), exception=_loose(s.exception)) if isinstance(s, Norm) else s
                for s in c.sentences
            )) for c in m.clauses
        )) for m in contract.modules
    )  # fmt: skip
    return replace(contract, types=types, modules=modules, scenarios=(), properties=())


def _with(kind: EventType, figures: tuple[FieldType, ...]) -> EventType:
    return replace(kind, fields=(*kind.fields, *figures))


def _loose(term: Term) -> Term:
    match term:
        case Not():
            return replace(term, arg=_loose(term.arg))
        case All() | AnyOf() | AtLeast():
            return replace(term, args=tuple(map(_loose, term.args)))
        case Compare():
            return replace(term, left=_any_value(term.left), right=_any_value(term.right))
        case _:
            return term


def _any_value(side: Expression) -> Expression:
    return Field(_FREE + side.name, side.type) if isinstance(side, Parameter) else side
