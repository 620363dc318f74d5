"""Laws of the meaning, over random contracts, histories and acts: more evidence overturns nothing, less evidence
permits nothing, and no prohibition, missing signature or unknown override ever opens a door (2.1, 2.3, 2.5)."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from smartclause.logic.contract import Header
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict
from tests.logic.builders import PURPOSES, clause, contract, file, may, verdict, with_clauses
from tests.strategies import LISTS, Case, better_known, cases, contracts, merged_contracts, norms, settable, values

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
@given(st.data(), cases())
def test_more_evidence_overturns_neither_the_verdict_nor_any_sentence(data, case: Case) -> None:
    before = judge(case)
    for _ in range(4):
        better = data.draw(better_known(case))
        after = judge(better)
        event(f"{before.decision.value} then {after.decision.value}")
        assert overturned(before, after) == []
        case, before = better, after


@pytest.mark.rule("2.5", "2.4")
@given(st.data(), cases(merged_contracts()))
def test_more_evidence_overturns_nothing_where_files_are_imported(data, case: Case) -> None:
    signatures = data.draw(signature_sets())
    before = judge(case, draft=False, signed=signatures)
    for _ in range(3):
        better = data.draw(better_known(case))
        after = judge(better, draft=False, signed=signatures)
        assert overturned(before, after) == []
        case, before = better, after


@st.composite
def signature_sets(draw):
    return {name: draw(st.frozensets(st.sampled_from("ABC"))) for name in ("m", "o")}


ALLOWING = Header(provider="")


def generous(data: st.DataObject) -> Case:
    """A case with an open-handed permission, so that many acts are allowed."""
    case = data.draw(cases())
    return replace(case, contract=with_clauses(case.contract, clause("90", may("B", "use share"))))


@pytest.mark.rule("2.1")
@given(st.data())
def test_an_act_that_stays_allowed_without_a_fact_is_allowed_for_every_value_of_it(data) -> None:
    case = generous(data)
    assume(judge(case).truth is Truth.TRUE and case.act.facts)
    dropped = data.draw(st.sampled_from(sorted(case.act.facts)))
    rest = {k: v for k, v in case.act.facts.items() if k != dropped}
    without = judge(replace(case, act=replace(case.act, facts=rest))).truth
    event(without.value)
    assert without is not Truth.FALSE
    if without is Truth.TRUE:
        kind = next(f for f in settable(case.act.type[2:]) if f.name == dropped)
        for value in [data.draw(values(kind)) for _ in range(4)]:
            told = replace(case.act, facts={**rest, dropped: value}, caller=frozenset({dropped}))
            assert judge(replace(case, act=told)).truth is Truth.TRUE


@pytest.mark.rule("2.3")
@given(cases(), norms())
def test_adding_a_limit_or_prohibition_never_permits(case: Case, sentence) -> None:
    assume(not hasattr(sentence, "despite") or not sentence.despite)
    from smartclause.logic.contract import Grant

    assume(not isinstance(sentence, Grant))
    before = judge(case)
    after = judge(replace(case, contract=with_clauses(case.contract, clause("95", sentence))))
    assert RANK[after.truth] <= RANK[before.truth]


@pytest.mark.rule("2.4")
@given(cases(), norms())
def test_an_imported_open_file_never_permits(case: Case, sentence) -> None:
    from smartclause.logic.contract import ModuleKind

    for kind in (ModuleKind.PACK, ModuleKind.AGREEMENT):
        other = file(clause("1", sentence, module="o"), name="o", kind=kind)
        main = case.contract.modules[0]
        wider = contract(*main.clauses, header=main.header, parameters=LISTS, others=(other,))
        assert RANK[judge(replace(case, contract=wider)).truth] <= RANK[judge(case).truth]


@pytest.mark.rule("2.4")
@given(st.data(), cases(merged_contracts()))
def test_taking_signatures_away_never_permits(data, case: Case) -> None:
    signatures = data.draw(signature_sets())
    fewer = {name: parties & data.draw(st.frozensets(st.sampled_from("ABC"))) for name, parties in signatures.items()}
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
def test_a_history_that_only_the_judged_party_signed_never_allows_more_than_doubt_about_it(case: Case) -> None:
    """Where B alone signed all, an allowed act stays allowed if any of these records had not happened."""
    from tests.logic.builders import signed

    alone = tuple(replace(e, signers=signed("B"), unreliable=False) for e in case.records)
    alone = tuple(e for e in alone if e.type not in ("m.audit", "waiver"))
    mine = replace(case, records=alone, act=replace(case.act, signers=signed("B")))
    assume(alone and judge(mine).truth is Truth.TRUE)
    for gone in alone:
        rest = tuple(e for e in alone if e is not gone)
        assert judge(replace(mine, records=rest)).truth is Truth.TRUE


@pytest.mark.rule("2.3")
@given(cases())
def test_without_its_priorities_a_contract_refuses_whatever_it_did_not_allow_by_its_own_sentences(case: Case) -> None:
    """A permission that sets something aside helps only itself: where it is not surely true, nothing is opened."""
    from smartclause.logic.contract import Grant

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
    from smartclause.logic.needs import open_reasons

    found = judge(case)
    if found.truth is Truth.UNKNOWN:
        assert open_reasons(found.finding)


def test_the_strategies_reach_every_decision() -> None:
    assert len(list(product(PURPOSES, "AB"))) == 14
    assert ALLOWING
    assert contracts
