"""The status of a clause (design 2.14) as Python, from the truths of its sentences: what fits first."""

from __future__ import annotations

from collections.abc import Sequence

from smartclause.rails.formula import TRUE, Each, Either
from smartclause.rails.lowering import Lowered, LoweredNorm
from smartclause.rails.source.code import NO, YES, Code, both, either, refused
from smartclause.rails.source.formulas import Rails


def state_code(norms: Sequence[LoweredNorm], rails: Rails) -> str:
    """`norms` are the sentences of one clause on the act; their truths stand in locals that `rails` knows."""
    idle = both(rails.false(n.applies) for n in norms)
    if idle == YES:
        return "INAPPLICABLE"
    text = _applicable(norms, rails)
    return text if idle == NO else f"INAPPLICABLE if {idle.text} else {text}"


def speaks_alone(norm: LoweredNorm, lowered: Lowered) -> bool:
    """The only sentence of its clause on the act, which always applies and is never set aside."""
    return len(lowered.of_clause(norm.clause)) == 1 and norm.applies == TRUE and not _may_be_set_aside(norm)


def _applicable(norms: Sequence[LoweredNorm], rails: Rails) -> str:
    """A sentence that does not apply is false after priorities, but is none that speaks for the clause."""
    bars = [n for n in norms if not n.grants]
    grants = [n for n in norms if n.grants]
    cases = [
        ("SET_ASIDE", _set_aside(norms, rails)),
        ("FORBIDDEN", either(rails.true(b.truth) for b in bars)),
        ("UNKNOWN", _unknown(bars, grants, rails)),
        ("PERMITTED", either(rails.true(g.truth) for g in grants)),
        ("SILENT", either(refused(rails.false(g.applies)) for g in grants)),
    ]
    text = "MET"
    for name, code in reversed(cases):
        text = text if code == NO else name if code == YES else f"{name} if {code.text} else {text}"
    return text


def _set_aside(norms: Sequence[LoweredNorm], rails: Rails) -> Code:
    aside = [both((rails.true(n.own), rails.false(n.truth))) for n in norms if _may_be_set_aside(n)]
    return both((either(aside), *(rails.false(n.truth) for n in norms)))


def _may_be_set_aside(norm: LoweredNorm) -> bool:
    scope = norm.truth.args[-1] if isinstance(norm.truth, Each) else None
    return isinstance(scope, Either) and any(isinstance(a, Each) and len(a.args) > 1 for a in scope.args)


def _unknown(bars: Sequence[LoweredNorm], grants: Sequence[LoweredNorm], rails: Rails) -> Code:
    """One sure grant makes an unknown one beside it idle, if no bar of the clause is unknown."""
    open_bar = either(_open(b, rails) for b in bars)
    open_grant = either(_open(g, rails) for g in grants)
    if len(grants) > 1:
        open_grant = both((open_grant, refused(either(rails.true(g.truth) for g in grants))))
    return either((open_bar, open_grant))


def _open(norm: LoweredNorm, rails: Rails) -> Code:
    return Code(f"{rails.known[id(norm.truth)]} is None")
