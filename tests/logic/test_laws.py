"""Laws of the meaning, over random contracts, histories and acts: more evidence overturns nothing, less evidence
permits nothing, and no prohibition, missing signature or unknown override ever opens a door (2.1, 2.3, 2.5)."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import event, given, settings

from smartclause.logic.contract import Grant, ModuleKind
from smartclause.logic.needs import open_reasons
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict
from tests.logic.builders import clause, contract, file, may, signed, verdict, with_clauses
from tests.strategies import LISTS, Case, Maker, cases, focused_cases, imported_cases, seeds, settable

RANK = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}


def judge(case: Case, **more) -> Verdict:
    return verdict(case.contract, case.act, *case.records, **more)


def cells(found: Verdict) -> dict[tuple[str, int], Truth]:
    """The truth of every sentence by itself: a verdict hides its leaves."""
    return {(n.clause, n.norm.number): n.truth for c in found.clauses for n in c.norms}


def overturned(before: Verdict, after: Verdict) -> list[object]:
    """What was settled and is not the same any more."""
    one, other = cells(before), cells(after)
    changed: list[object] = [
        k for k in one.keys() & other.keys() if one[k] is not Truth.UNKNOWN is not other[k] != one[k]
    ]
    changed = [k for k in one.keys() & other.keys() if one[k] is not Truth.UNKNOWN and other[k] is not one[k]]
    if before.truth is not Truth.UNKNOWN and after.truth is not before.truth:
        changed.append((before.truth, after.truth))
    return changed


@pytest.mark.rule("2.5", "2.1", "2.2", "2.7", "2.12")
@given(seeds(), cases())
@settings(max_examples=settings().max_examples * 5)
def test_more_evidence_overturns_neither_the_verdict_nor_any_sentence(more: Maker, case: Case) -> None:
    before = judge(case)
    for _ in range(3):
        better = more.better_known(case)
        after = judge(better)
        event(f"{before.decision.value} then {after.decision.value}")
        assert overturned(before, after) == []
        case, before = better, after


@pytest.mark.rule("2.5", "2.6", "2.7", "2.8")
@given(seeds(), focused_cases())
@settings(max_examples=settings().max_examples * 8)
def test_more_evidence_overturns_no_single_condition(more: Maker, case: Case) -> None:
    before = judge(case)
    for _ in range(3):
        better = more.better_known(case)
        after = judge(better)
        assert overturned(before, after) == []
        case, before = better, after


@pytest.mark.rule("2.5", "2.4")
@given(seeds(), imported_cases())
@settings(max_examples=settings().max_examples * 2)
def test_more_evidence_overturns_nothing_where_files_are_imported(more: Maker, case: Case) -> None:
    signatures = signature_sets(more)
    before = judge(case, draft=False, signed=signatures)
    for _ in range(3):
        better = more.better_known(case)
        after = judge(better, draft=False, signed=signatures)
        event(f"{before.decision.value} then {after.decision.value}")
        assert overturned(before, after) == []
        case, before = better, after


def signature_sets(more: Maker) -> dict[str, frozenset[str]]:
    whole = more.one("ABC", "ABC", "AB", "B", "")
    return {"m": frozenset(whole), "o": frozenset(more.one("BC", "BC", "ABC", "C", ""))}


@pytest.mark.rule("2.1")
@given(seeds(), cases())
@settings(max_examples=settings().max_examples * 2)
def test_an_act_that_stays_allowed_without_a_fact_is_allowed_for_every_value_of_it(more: Maker, case: Case) -> None:
    case = replace(case, contract=with_clauses(case.contract, clause("90", may("B", "use share"))))
    if judge(case).truth is not Truth.TRUE or not case.act.facts:
        return
    for dropped in case.act.facts:
        rest = {k: v for k, v in case.act.facts.items() if k != dropped}
        without = judge(replace(case, act=replace(case.act, facts=rest))).truth
        event(f"without it {without.value}")
        assert without is not Truth.FALSE
        if without is Truth.TRUE:
            kind = next(f for f in settable(case.act.type[2:]) if f.name == dropped)
            for value in [more.value(kind) for _ in range(3)]:
                told = replace(case.act, facts={**rest, dropped: value}, caller=frozenset({dropped}))
                assert judge(replace(case, act=told)).truth is Truth.TRUE


@pytest.mark.rule("2.3")
@given(seeds(), cases())
def test_adding_a_limit_or_prohibition_never_permits(more: Maker, case: Case) -> None:
    added = clause("95", more.norm("limit bar"))
    before, after = judge(case), judge(replace(case, contract=with_clauses(case.contract, added)))
    assert RANK[after.truth] <= RANK[before.truth]


@pytest.mark.rule("2.4")
@given(seeds(), cases())
def test_an_imported_open_file_never_permits(more: Maker, case: Case) -> None:
    for kind in (ModuleKind.PACK, ModuleKind.AGREEMENT):
        other = file(clause("1", more.norm(), module="o"), name="o", kind=kind)
        main = case.contract.modules[0]
        wider = contract(*main.clauses, header=main.header, parameters=LISTS, others=(other,))
        assert RANK[judge(replace(case, contract=wider)).truth] <= RANK[judge(case).truth]


@pytest.mark.rule("2.4")
@given(seeds(), imported_cases())
def test_taking_signatures_away_never_permits(more: Maker, case: Case) -> None:
    signatures = signature_sets(more)
    fewer = {name: frozenset(p for p in parties if more.often(0.6)) for name, parties in signatures.items()}
    before, after = judge(case, draft=False, signed=signatures), judge(case, draft=False, signed=fewer)
    if after.truth is Truth.TRUE:
        assert before.truth is Truth.TRUE


@pytest.mark.rule("2.13")
@given(cases())
def test_taking_keys_and_roles_from_the_act_never_permits(case: Case) -> None:
    poorer = replace(case, act=replace(case.act, signers=()))
    if judge(poorer).truth is Truth.TRUE:
        assert judge(case).truth is Truth.TRUE


@pytest.mark.rule("2.6", "2.13")
@given(cases())
@settings(max_examples=settings().max_examples * 6)
def test_a_history_that_only_the_judged_party_signed_never_allows_more_than_doubt_about_it(case: Case) -> None:
    """Where B alone signed all, an allowed act stays allowed if any of these records had not happened."""
    alone = tuple(replace(e, signers=signed("B"), unreliable=False) for e in case.records)
    alone = tuple(e for e in alone if e.type not in ("m.audit", "waiver"))
    mine = replace(case, records=alone, act=replace(case.act, signers=signed("B")))
    if judge(mine).truth is not Truth.TRUE:
        return
    event("allowed on its own records")
    for gone in alone:
        rest = tuple(e for e in alone if e is not gone)
        assert judge(replace(mine, records=rest)).truth is Truth.TRUE


@pytest.mark.rule("2.3")
@given(cases())
def test_without_its_priorities_a_contract_refuses_whatever_it_did_not_allow_by_its_own_sentences(case: Case) -> None:
    """A permission that sets something aside helps only itself: where it is not surely true, nothing is opened."""
    main = case.contract.modules[0]
    plain = tuple(
        replace(c, sentences=tuple(replace(s, despite=()) if isinstance(s, Grant) else s for s in c.sentences))
        for c in main.clauses
    )
    stripped = replace(case.contract, modules=(replace(main, clauses=plain), *case.contract.modules[1:]))
    found, bare = judge(case), judge(replace(case, contract=stripped))
    overriding = [
        n
        for c in found.clauses
        for n in c.norms
        if isinstance(n.norm, Grant) and n.norm.despite and n.truth is Truth.TRUE
    ]
    if found.truth is Truth.TRUE and bare.truth is not Truth.TRUE:
        assert overriding


@pytest.mark.rule("2.5")
@given(cases())
def test_a_verdict_is_a_function_of_what_it_is_given(case: Case) -> None:
    shuffled = replace(case, records=tuple(reversed(case.records)))
    assert judge(case).truth is judge(shuffled).truth


@pytest.mark.rule("2.3")
@given(cases())
def test_the_order_of_clauses_means_nothing(case: Case) -> None:
    main = case.contract.modules[0]
    turned = replace(case.contract, modules=(replace(main, clauses=main.clauses[::-1]), *case.contract.modules[1:]))
    assert cells(judge(case)) == cells(judge(replace(case, contract=turned)))


@pytest.mark.rule("2.14")
@given(cases())
def test_a_clause_forbids_only_what_is_refused_and_an_allowed_act_has_a_clause_that_permits(case: Case) -> None:
    found = judge(case)
    states = [c.state.value for c in found.clauses]
    if "forbidden" in states:
        assert found.truth is Truth.FALSE
    if found.truth is Truth.TRUE:
        assert "unknown" not in [c.state.value for c in found.clauses if any(not n.grants for n in c.norms)]


@pytest.mark.rule("2.13")
@given(cases())
def test_every_unknown_carries_its_reason(case: Case) -> None:
    found = judge(case)
    if found.truth is Truth.UNKNOWN:
        assert open_reasons(found.finding)


def test_the_random_cases_reach_every_decision_often_enough() -> None:
    found = Counter(judge(m.case(m.contract())).decision.value for m in map(Maker, range(200)))
    assert min(found[d] for d in ("allowed", "refused", "undecided")) >= 20
