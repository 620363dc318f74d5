"""Force: when sentences speak, and how a contract ends (2.11)."""

from dataclasses import replace

import pytest

from smartclause.logic.contract import ModuleKind
from smartclause.logic.record import Event, Trust
from smartclause.logic.truth import Truth
from tests.logic.builders import (
    HOUR,
    at,
    clause,
    contract,
    event,
    fact,
    file,
    hours,
    in_force,
    judged,
    may,
    must,
    must_not,
    signed,
    silent,
    status_at,
    use,
)

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
FIRST, LAST = at("2026-03-01"), at("2026-04-01") - 1
FORCE = in_force("2026-03-01", "2026-03-31")


@pytest.mark.rule("2.11")
@pytest.mark.parametrize(
    ("time", "truth"), [(FIRST - 1, F), (FIRST, T), (FIRST + 1, T), (LAST - 1, T), (LAST, T), (LAST + 1, F)]
)
def test_a_permission_lies_inside_force_both_days_included(time: int, truth: Truth) -> None:
    assert judged(contract(clause("1.1", may("B", "use")), header=FORCE), use(time=time)) is truth


@pytest.mark.rule("2.11")
def test_force_begins_and_ends_in_the_zone_of_the_file() -> None:
    header = replace(FORCE, zone="Asia/Shanghai")
    rules = contract(clause("1.1", may("B", "use")), header=header)
    first, end = FIRST - 8 * HOUR, LAST + 1 - 8 * HOUR
    assert [judged(rules, use(time=i)) for i in (first - 1, first, end - 1, end)] == [F, T, T, F]


@pytest.mark.rule("2.11")
@pytest.mark.parametrize("time", [FIRST - 1, LAST + 1])
def test_bars_of_a_contract_hold_outside_its_force_and_those_of_open_files_do_not(time: int) -> None:
    for kind, truth in ((ModuleKind.PACK, T), (ModuleKind.AGREEMENT, T)):
        other = file(clause("1.1", must_not("B", "erase"), module="p"), name="p", kind=kind, header=FORCE)
        rules = contract(clause("1.1", may("B", "use")), others=(other,))
        assert judged(rules, use(act="erase", time=time)) is truth
        assert judged(rules, use(act="erase", time=FIRST)) is F
    assert judged(contract(clause("1.1", must_not("B", "erase")), header=FORCE), use(act="erase", time=time)) is F


@pytest.mark.rule("2.11")
def test_a_clause_that_survives_goes_on_permitting_but_not_before_the_start() -> None:
    rules = contract(clause("1.1", may("B", "use"), survives=True), header=FORCE)
    assert [judged(rules, use(time=i)) for i in (FIRST - 1, FIRST, LAST + 1)] == [F, T, T]


def ends(party: str, time: int | str = "2026-03-10", **more) -> Event:
    signers = more.pop("signers", signed(party))
    return event("termination", time, party, {"contract": "m"}, signers, id=f"end-{party}", **more)


@pytest.mark.rule("2.11")
def test_a_contract_ends_with_the_terminations_of_all_parties() -> None:
    rules = contract(clause("1.1", may("B", "use")), header=FORCE)
    act = use(time="2026-03-15")
    assert [judged(rules, act, *r) for r in ((), (ends("A"),), (ends("A"), ends("B")))] == [T, T, F]


@pytest.mark.rule("2.11")
def test_a_party_that_the_header_lets_end_it_ends_it_alone_and_no_other_does() -> None:
    rules = contract(clause("1.1", may("B", "use")), header=replace(FORCE, enders=("A",)))
    act = use(time="2026-03-15")
    assert judged(rules, act, ends("A")) is F
    assert judged(rules, act, ends("B")) is T
    assert judged(rules, act, ends("A", signers=signed("B"))) is U  # in the name of A, without its key
    assert judged(rules, act, ends("B", signers=signed("C"))) is T


@pytest.mark.rule("2.11")
@pytest.mark.parametrize(
    "doubt", [{"unreliable": True}, {"signers": ()}, {"signers": signed("A", trust=Trust.UNCERTAIN)}]
)
def test_a_termination_in_doubt_leaves_permissions_unknown(doubt) -> None:
    rules = contract(clause("1.1", may("B", "use")), header=replace(FORCE, enders=("A",)))
    assert judged(rules, use(time="2026-03-15"), replace(ends("A"), **doubt)) is U


@pytest.mark.rule("2.11")
@pytest.mark.parametrize(("time", "index", "truth"), [(-1, 9, T), (0, 1, T), (0, 3, F), (1, 1, F)])
def test_a_termination_ends_permissions_from_its_position_on(time: int, index: int, truth: Truth) -> None:
    rules = contract(clause("1.1", may("B", "use")), header=replace(FORCE, enders=("A",)))
    moment = at("2026-03-10")
    assert judged(rules, use(time=moment + time, index=index), ends("A", moment, index=2)) is truth


@pytest.mark.rule("2.11")
def test_the_termination_of_another_contract_ends_nothing() -> None:
    rules = contract(clause("1.1", may("B", "use")), header=replace(FORCE, enders=("A",)))
    other = replace(ends("A"), facts={"contract": "other"})
    assert judged(rules, use(time="2026-03-15"), other) is T


@pytest.mark.rule("2.11", "2.7")
def test_where_a_termination_may_stand_unseen_permissions_are_unknown() -> None:
    rules = contract(clause("1.1", may("B", "use")), header=replace(FORCE, enders=("A",)))
    act = use(time="2026-03-15")
    assert judged(rules, act, clouds=(silent("A", "2026-03-10"),)) is U
    assert judged(rules, act, clouds=(silent("B", "2026-03-10"),)) is T


BREACH = event("breach", "2026-03-10", facts={"incident": "i"}, signers=signed("A"))
DUTY = must("B", "share", hours(24), to="A")


@pytest.mark.rule("2.11", "2.8")
@pytest.mark.parametrize(
    ("time", "statuses"), [(FIRST - 1, []), (FIRST, ["violated"]), (LAST, ["violated"]), (LAST + 1, [])]
)
def test_triggers_open_duties_inside_force_only(time: int, statuses) -> None:
    rules = contract(clause("1.1", DUTY), header=FORCE)
    assert status_at(rules, "2026-12-01", replace(BREACH, time=time)) == statuses


@pytest.mark.rule("2.11", "2.8", "2.10")
def test_what_was_opened_under_it_lives_on_after_the_end_and_is_still_granted() -> None:
    rules = contract(clause("1.1", DUTY), header=replace(FORCE, enders=("B",)))
    breach = replace(BREACH, time=LAST)
    act = use({"incident": "i"}, LAST + HOUR, act="share", to="A")
    assert status_at(rules, LAST + HOUR, breach) == ["open"]
    assert judged(rules, act, breach) is T
    ended = ends("B", LAST - HOUR)
    assert status_at(rules, LAST + HOUR, ended, replace(BREACH, time=LAST - 2 * HOUR)) == ["open"]
    assert status_at(rules, LAST + HOUR, ended, breach) == []


@pytest.mark.rule("2.11")
def test_duties_of_a_clause_that_survives_open_after_the_end() -> None:
    rules = contract(clause("1.1", DUTY, survives=True), header=FORCE)
    assert status_at(rules, "2026-12-01", replace(BREACH, time=LAST + 1)) == ["violated"]


@pytest.mark.rule("2.11", "2.4")
def test_each_sentence_keeps_the_force_of_its_own_file() -> None:
    other = file(
        clause("1.1", may("B", "use", fact("paid")), module="o"), name="o", parties="A B",
        header=in_force("2026-01-01", "2026-02-28"),
    )  # fmt: skip
    rules = contract(clause("1.1", may("B", "use", fact("fresh"))), others=(other,), merged=("o",), header=FORCE)
    old, new = {"paid": True, "fresh": False}, {"paid": False, "fresh": True}
    assert [judged(rules, use(old, time=t)) for t in ("2026-02-01", "2026-03-05")] == [T, F]
    assert [judged(rules, use(new, time=t)) for t in ("2026-02-01", "2026-03-05")] == [F, T]
