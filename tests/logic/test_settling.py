"""Settling sets against trying every set of facts, and against verdicts on acts that show nothing else (2.15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from time import process_time

import pytest
from hypothesis import event as seen
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.logic.finding import Finding, Read, all_reads
from smartclause.logic.needs import MOST_FACTS, MOST_SETS, deciding_reads
from smartclause.logic.settling import settling_sets
from smartclause.logic.terms import FALSE, All, AnyOf, AtLeast, Not
from smartclause.logic.truth import Truth, between, every, negate, some
from tests.logic.builders import both, clause, contract, fact, may, must_not, some_, use, verdict
from tests.strategies import Case, Maker, cases, seeds

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def read(name: str) -> Read:
    return Read("m.use", name, True, "act")


def at_least(count: int, truths: list[Truth]) -> Truth:
    return between(sum(t is T for t in truths) >= count, sum(t is not F for t in truths) >= count)


def judged(finding: Finding, known: frozenset[Read]) -> Truth:
    """The truth with every fact unknown but these."""
    if not finding.parts:
        return finding.truth if set(finding.reads) <= known else U
    parts = [judged(p, known) for p in finding.parts]
    match finding.term:
        case Not():
            return negate(parts[0])
        case AnyOf():
            return some(parts)
        case AtLeast():
            return at_least(finding.term.count, parts)
        case _:
            return every(parts)


def shaped(term: object, parts: tuple[Finding, ...]) -> Finding:
    bare = Finding(term, U, parts)  # type: ignore[arg-type]
    return replace(bare, truth=judged(bare, frozenset(all_reads(bare))))


leaves = st.builds(
    lambda truth, names: Finding(None, truth, reads=tuple(map(read, sorted(names)))),
    st.sampled_from([T, F]),
    st.sets(st.sampled_from("abcde"), max_size=2),
)


def nodes(inner: st.SearchStrategy[Finding]) -> st.SearchStrategy[Finding]:
    several = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return (
        several.map(lambda p: shaped(All((FALSE,) * len(p)), p))
        | several.map(lambda p: shaped(AnyOf((FALSE,) * len(p)), p))
        | inner.map(lambda p: shaped(Not(FALSE), (p,)))
        | st.tuples(several, st.integers(1, 4)).map(
            lambda g: shaped(AtLeast(min(g[1], len(g[0])), (FALSE,) * len(g[0])), g[0])
        )
    )


findings = st.recursive(leaves, nodes, max_leaves=8)


@pytest.mark.rule("2.15")
@given(findings)
def test_settling_sets_are_the_smallest_of_all_sets_that_keep_the_verdict(finding: Finding) -> None:
    facts = sorted(set(all_reads(finding)), key=lambda r: r.field)
    every_set = [frozenset(s) for n in range(len(facts) + 1) for s in combinations(facts, n)]
    keeping = [s for s in every_set if judged(finding, s) is finding.truth]
    smallest = {s for s in keeping if not any(other < s for other in keeping)}
    found = settling_sets(finding)
    assert not found.cut
    assert {frozenset(s) for s in found.sets} == smallest - {frozenset()}


@pytest.mark.rule("2.15")
def test_a_refusal_by_several_conditions_is_settled_by_few_facts_together() -> None:
    rules = contract(
        clause("1.1", may("B", "use", both(fact("paid"), fact("fresh")))),
        clause("1.2", may("B", "use", fact("approved"))),
    )
    found = verdict(rules, use({"paid": False, "fresh": False, "approved": False})).finding
    assert deciding_reads(found) == ()
    assert [[r.field for r in s] for s in settling_sets(found).sets] == [["approved", "fresh"], ["approved", "paid"]]


@pytest.mark.rule("2.15")
def test_an_absent_record_settles_by_its_type() -> None:
    rules = contract(clause("1.1", may("B", "use", both(some_("consent"), fact("paid")))))
    found = verdict(rules, use({"paid": True})).finding
    assert [[(r.type, r.field) for r in s] for s in settling_sets(found).sets] == [[("m.consent", "")]]


@pytest.mark.rule("2.15")
def test_an_undecided_verdict_is_settled_by_nothing() -> None:
    rules = contract(clause("1.1", may("B", "use", fact("paid"))), clause("1.2", must_not("B", "use", fact("fresh"))))
    assert settling_sets(verdict(rules, use({"paid": True})).finding).sets == ()


@pytest.mark.rule("2.15")
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_at_most_sixteen_settling_sets_of_eight_facts_are_listed_and_the_cut_is_said(over: int) -> None:
    def leaf(name: object) -> Finding:
        return Finding(None, F, reads=(read(str(name)),))

    many = tuple(map(leaf, range(MOST_SETS + over)))
    found = settling_sets(Finding(All((FALSE,) * len(many)), F, many))
    assert (len(found.sets), found.cut) == (min(MOST_SETS, MOST_SETS + over), over > 0)
    large = tuple(map(leaf, range(MOST_FACTS + over)))
    found = settling_sets(Finding(AnyOf((FALSE,) * len(large)), F, large))
    assert (len(found.sets), found.cut) == (int(over <= 0), over > 0)


@pytest.mark.rule("2.15", "2.5")
@settings(max_examples=60)
@given(seeds(), cases())
def test_a_verdict_stays_when_the_act_shows_nothing_but_a_settling_set(m: Maker, given: Case) -> None:
    found = verdict(given.contract, given.act, *given.records)
    sets = settling_sets(found.finding).sets
    if not sets:
        return
    chosen = {r.field for r in m.choice(sets) if r.event in ("act", given.act.id)}
    kept: Mapping[str, object] = {k: v for k, v in given.act.facts.items() if k in (*chosen, "subject", "incident")}
    seen("a set of facts settles it")
    poorer = replace(given.act, facts=kept)  # type: ignore[arg-type]
    assert verdict(given.contract, poorer, *given.records).truth is found.truth


@pytest.mark.parametrize("term", [All, AnyOf])
@pytest.mark.parametrize("truth", [T, F])
def test_a_thousand_parts_take_no_long_time(term: type[All | AnyOf], truth: Truth) -> None:
    parts = tuple(Finding(None, truth, reads=(read(str(n)),)) for n in range(1000))
    before = process_time()
    settling_sets(Finding(term((FALSE,) * 1000), truth, parts))
    assert process_time() - before < 3
