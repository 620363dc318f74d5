"""Provisional and final; where records may exist that nobody has shown (2.5, 2.7)."""

from dataclasses import replace

import pytest
from hypothesis import given

from smartclause.logic.completeness import when_auditing, when_deciding
from smartclause.logic.contract import Contract, Header
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.finality import is_final
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event, Source
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import place
from tests.logic.builders import (
    HOUR,
    NOON,
    clause,
    complete,
    contract,
    event,
    fact,
    hours,
    judged,
    may,
    must,
    must_not,
    signed,
    some_,
    use,
    world_of,
)
from tests.strategies import Case, Maker, cases, seeds

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
SIGNED = {"m": frozenset("AB")}
RULES = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", some_("consent"))))


def final(given: Contract, *records: Event, sources, act: Event | None = None, **more) -> bool:
    asked = replace(act or use(signers=signed("B")), received=NOON)
    settings = {"draft": False, "signed": SIGNED, **more}
    world = world_of(given, records, sources=tuple(sources), **settings)
    placed = place(Lookup(given), asked)
    return is_final(world, placed, judge_act(world, placed))


def heard(a: int, b: int) -> tuple[Source, ...]:
    return complete("A", a), complete("B", b)


@pytest.mark.rule("2.5")
@pytest.mark.parametrize(("mark", "expected"), [(NOON - 1, False), (NOON, True), (NOON + 1, True)])
def test_a_verdict_is_final_once_every_source_that_may_record_what_was_read_is_complete(mark: int, expected) -> None:
    assert final(RULES, sources=heard(mark, NOON)) is expected
    assert final(RULES, sources=heard(NOON, mark)) is expected


@pytest.mark.rule("2.5")
def test_a_source_that_was_never_complete_leaves_it_provisional() -> None:
    assert not final(RULES, sources=(complete("A", NOON), Source("B-key", "B")))
    assert not final(RULES, sources=())


@pytest.mark.rule("2.5", "2.7")
def test_sources_that_may_not_record_what_was_read_do_not_matter() -> None:
    audited = contract(clause("1.1", may("B", "use", some_("audit"))))
    auditor = Source("x-key", "X", frozenset({"auditor"}), complete=NOON)
    quiet = Source("y-key", "Y", frozenset({"operator"}))
    assert not final(audited, sources=(auditor, replace(quiet, complete=None, roles=frozenset({"auditor"}))))
    late = Source("x-key", "X", frozenset({"auditor"}), complete=NOON - 1)
    assert not final(audited, sources=(late, *heard(NOON, NOON)))
    assert final(audited, sources=(auditor, *heard(NOON, NOON)))


@pytest.mark.rule("2.2", "2.13")
def test_what_nobody_attests_is_never_final() -> None:
    sources = heard(NOON, NOON)
    told = replace(use(signers=signed("B")), caller=frozenset({"approved"}))
    assert not final(RULES, sources=sources, act=told)
    plain = event("use", NOON - HOUR, "B", signers=signed("B"))
    assert not final(RULES, plain, sources=sources)  # no time of receipt
    assert final(RULES, replace(plain, received=NOON - HOUR), sources=sources)
    assert not final(RULES, sources=sources, draft=True)


@pytest.mark.rule("2.5")
def test_what_a_duty_reads_is_read_too() -> None:
    from smartclause.logic.terms import ClauseViolated

    duty = clause("1.1", must("A", "notify", hours(24)))
    remedy = contract(duty, clause("1.2", may("B", "use", ClauseViolated("m.1.1"))))
    assert not final(remedy, sources=heard(NOON - 1, NOON))
    assert final(remedy, sources=heard(NOON, NOON))


# ---- clouds


@pytest.mark.rule("2.5")
def test_decide_reads_its_head_as_closed_but_for_gaps() -> None:
    lookup = Lookup(RULES)
    gap = Source("A-key", "A", gaps=((NOON - 3 * HOUR, NOON - 2 * HOUR),))
    assert judged(RULES, use(), clouds=when_deciding(lookup, (Source("A-key", "A"),), NOON)) is T
    assert judged(RULES, use(), clouds=when_deciding(lookup, (gap,), NOON)) is U


@pytest.mark.rule("2.5")
@pytest.mark.parametrize(("heard_at", "truth"), [(NOON - 6 * HOUR, T), (NOON - 6 * HOUR - 1, U), (None, U)])
def test_news_older_than_agreed_leaves_a_term_unknown(heard_at, truth: Truth) -> None:
    rules = replace(
        RULES, modules=(replace(RULES.modules[0], header=Header(news=Duration(6, Unit.HOUR))), *RULES.modules[1:])
    )
    sources = (Source("A-key", "A", last_heard=heard_at),)
    assert judged(rules, use(), clouds=when_deciding(Lookup(rules), sources, NOON)) is truth


@pytest.mark.rule("2.5")
@pytest.mark.parametrize(("mark", "truth"), [(NOON, T), (NOON - 1, U), (None, U)])
def test_in_audit_history_between_watermark_and_act_is_unknown(mark, truth: Truth) -> None:
    assert judged(RULES, use(), clouds=when_auditing((Source("A-key", "A", complete=mark),))) is truth


@pytest.mark.rule("2.5")
def test_what_reads_no_history_is_settled_whatever_the_sources_say() -> None:
    rules = contract(clause("1.1", must_not("B", "erase", fact("subject"))), clause("1.2", must_not("B", "use")))
    assert judged(rules, use(), clouds=when_auditing((Source("A-key", "A"),))) is F


@pytest.mark.rule("2.5", "2.2")
@given(seeds(), cases())
def test_no_late_record_of_a_source_that_was_complete_changes_the_verdict(more: Maker, case: Case) -> None:
    header = Header(lag=(("A", Duration(72, Unit.HOUR)), ("B", Duration(72, Unit.HOUR))))
    main = replace(case.contract.modules[0], header=header)
    rules = replace(case.contract, modules=(main, *case.contract.modules[1:]))
    before = judged(rules, case.act, *case.records)
    mark = event("heartbeat", NOON, id="mark", source="late")
    late = [
        replace(more.record(200 + n), id=f"late{n}", source="late", received=NOON + HOUR, index=20_000 + n)
        for n in range(3)
    ]
    assert judged(rules, case.act, *case.records, mark, *late) is before
