"""When an event counts: its claimed time, moved into what was received, and judged at both ends of the lag (2.2)."""

from dataclasses import replace

import pytest

from smartclause.logic.contract import Header, ModuleKind
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.terms import EveryFollowed, Not, Term
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, place
from smartclause.rails.formula import Leaf
from smartclause.rails.past.past import Past
from tests.logic.builders import (
    HOUR,
    NOON,
    clause,
    contract,
    event,
    fact,
    judged,
    latest_has,
    may,
    must_not,
    query,
    signed,
    some_,
    use,
    verdict,
    world_of,
)

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
LAG = Header(lag=(("B", Duration(6, Unit.HOUR)), ("auditor", Duration(1, Unit.HOUR))))
LOOKUP = Lookup(contract(header=LAG))


def at_place(claimed: int, received: int | None, signers=signed("B")) -> int:  # noqa: B008
    return place(LOOKUP, event("use", claimed, "B", signers=signers, received=received)).instant


@pytest.mark.rule("2.2")
@pytest.mark.parametrize(
    ("claimed", "instant"),
    [(0, 0), (-6 * HOUR, -6 * HOUR), (-6 * HOUR - 1, -6 * HOUR), (-99 * HOUR, -6 * HOUR), (1, 0), (HOUR, 0)],
)
def test_a_claimed_time_is_moved_into_the_lag_before_receipt(claimed: int, instant: int) -> None:
    assert at_place(NOON + claimed, NOON) == NOON + instant


@pytest.mark.rule("2.2")
def test_without_an_agreed_lag_an_event_stands_where_it_was_received() -> None:
    assert at_place(NOON - HOUR, NOON, signed("A")) == NOON
    assert at_place(NOON - HOUR, NOON, ()) == NOON


@pytest.mark.rule("2.2")
def test_of_several_lags_the_least_holds() -> None:
    assert at_place(NOON - 3 * HOUR, NOON, signed("B", roles={"auditor"})) == NOON - HOUR


@pytest.mark.rule("2.2")
def test_without_a_time_of_receipt_the_claimed_time_stands() -> None:
    assert at_place(NOON - 99 * HOUR, None) == NOON - 99 * HOUR


def withdrawn(time: int) -> Event:
    return event("loss", time, signers=signed("A"))


BARRED = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", some_("loss"))), header=LAG)


@pytest.mark.rule("2.2")
def test_nobody_dates_an_act_before_a_withdrawal() -> None:
    act = replace(use(time=NOON - 2 * HOUR), received=NOON, signers=signed("B"))
    assert judged(BARRED, act, withdrawn(NOON - 3 * HOUR)) is F
    assert judged(BARRED, act, withdrawn(NOON - HOUR)) is U  # inside the lag: before or after, nobody knows
    assert judged(BARRED, act, withdrawn(NOON + HOUR)) is T


@pytest.mark.rule("2.2", "2.4")
def test_an_open_file_leaves_an_act_free_only_if_it_bars_it_at_no_place_inside_the_lag() -> None:
    """Beside a contract that allows the act, what an open file does not bar is allowed."""
    rules = contract(clause("1.1", must_not("B", "use", some_("loss"))), header=LAG, kind=ModuleKind.PACK)
    act = replace(use(time=NOON - 2 * HOUR), received=NOON, signers=signed("B"))
    assert [verdict(rules, act, withdrawn(NOON + h * HOUR)).not_barred for h in (-3, -1, 1)] == [False, False, True]
    doubtful = replace(withdrawn(NOON - HOUR), unreliable=True)
    assert not verdict(rules, act, doubtful).not_barred
    backdated = replace(act, time=NOON - 48 * HOUR)
    assert judged(BARRED, backdated, withdrawn(NOON - 7 * HOUR)) is F


@pytest.mark.rule("2.2")
def test_an_unrestricted_act_is_judged_at_its_claimed_place() -> None:
    rules = contract(clause("1.1", must_not("B", "erase", some_("loss"))), header=LAG)
    act = replace(use(act="erase", time=NOON - 2 * HOUR), received=NOON, signers=signed("B"))
    assert judged(rules, act, withdrawn(NOON - HOUR)) is T


@pytest.mark.rule("2.2")
def test_no_record_stands_before_a_completeness_mark_of_its_own_source() -> None:
    mark = event("heartbeat", NOON - HOUR, signers=signed("B"), id="mark")
    late = event("use", NOON - 2 * HOUR, "B", signers=signed("B"), received=NOON, id="late")
    world = world_of(contract(header=LAG), [mark, late])
    assert [r.instant for r in world.records] == [NOON - HOUR]
    before = world_of(contract(header=LAG), [late, mark])
    assert [r.instant for r in before.records] == [NOON - 2 * HOUR]
    other = world_of(contract(header=LAG), [replace(mark, source="A-key"), late])
    assert [r.instant for r in other.records] == [NOON - 2 * HOUR]


@pytest.mark.rule("2.2")
def test_records_stand_in_the_order_of_instant_then_index() -> None:
    world = world_of(
        contract(), [event("use", t, "B", id=n, index=i) for n, t, i in (("c", 5, 1), ("b", 4, 3), ("a", 4, 2))]
    )
    assert [r.event.id for r in world.records] == ["a", "b", "c"]


@pytest.mark.rule("2.2", "2.6")
def test_at_its_received_place_an_act_is_not_what_followed_another_record() -> None:
    followed = EveryFollowed(query("breach"), query("use", None, "incident"))
    given = contract(clause("1", may("B", "use"), must_not("B", "use", Not(followed))), header=LAG)
    act = use({"incident": "i"}, NOON - HOUR, signers=signed("B"), received=NOON, id="own")
    breach = event("breach", NOON - 3 * HOUR, facts={"incident": "i"}, signers=signed("A"))
    assert judged(given, act, breach, act, asked=NOON) is F


@pytest.mark.rule("2.2", "2.6")
@pytest.mark.parametrize("term", [latest_has("use", fact("fresh")), some_("use", fact("fresh"))])
def test_what_reads_the_past_leaves_out_the_record_of_the_act_in_view(term: Term) -> None:
    given = contract(clause("1", may("B", "use", term)), header=LAG)
    act = use({}, NOON - HOUR, signers=signed("B"), received=NOON, id="own")
    world = world_of(given, [act], NOON)
    record, past = world.by_id["own"], Past.of(world)
    leaf = Leaf(term, "m", "B", favour=True)  # type: ignore[arg-type]
    asked = (leaf, past.row(record, "B"), Position(NOON, act.index), NOON)
    for _ in range(2):  # and it is there again for everybody else
        assert past.truth(*asked) is F
        assert past.reasons(*asked) == frozenset()
        other = past.row(replace(record, event=replace(act, id="other")), "B")
        assert past.truth(leaf, other, Position(NOON, act.index), NOON) is U
