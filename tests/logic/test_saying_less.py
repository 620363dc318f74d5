"""Saying less never permits more: missing facts, broader values, broader acts, missing keys (2.1, 2.2, 2.7)."""

import pytest

from smartclause.logic.contract import ModuleKind
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from tests.logic.builders import (
    both,
    clause,
    contract,
    count,
    event,
    fact,
    hours,
    is_in,
    judged,
    may,
    may_only,
    must,
    must_not,
    no,
    number,
    some_,
    use,
    verdict,
    within_limit,
)


@pytest.mark.rule("2.1")
@pytest.mark.parametrize("left_out", ["paid", "approved", "subject", "purpose"])
def test_an_allowed_act_is_allowed_no_more_when_one_fact_is_dropped(left_out: str) -> None:
    rules = contract(
        clause("1.1", may("B", "use", both(fact("paid"), is_in("training")))),
        clause("1.2", must_not("B", "use", no(fact("approved")))),
        clause("1.3", must_not("B", "use", some_("consent", no(fact("given")), "subject"))),
    )
    facts = {"paid": True, "approved": True, "subject": "s1", "purpose": "v.pretraining"}
    assert judged(rules, use(facts)) is Truth.TRUE
    del facts[left_out]
    assert judged(rules, use(facts)) is Truth.UNKNOWN


@pytest.mark.rule("2.1")
def test_only_true_permits_and_both_other_values_stop_the_act() -> None:
    rules = contract(clause("1.1", may("B", "use", fact("paid"))))
    decisions = [verdict(rules, use(f)).decision.value for f in ({"paid": True}, {"paid": False}, {})]
    assert decisions == ["allowed", "refused", "undecided"]


@pytest.mark.rule("2.2")
@pytest.mark.parametrize("bar", [must_not("B", "train"), may_only("B", "train", fact("paid"))])
def test_an_act_named_broadly_may_be_the_narrower_one_that_is_barred(bar) -> None:
    rules = contract(clause("1.1", may("B", "use")), clause("1.2", bar))
    assert judged(rules, use({"paid": False}, act="train")) is Truth.FALSE
    assert judged(rules, use({"paid": False}, act="use")) is Truth.UNKNOWN


@pytest.mark.rule("2.2")
def test_a_bar_on_the_narrower_act_that_is_false_without_its_fields_does_not_matter() -> None:
    rules = contract(
        clause("1.1", may("B", "use")), clause("1.2", must_not("B", "train", both(no(fact("paid")), fact("secret"))))
    )
    assert judged(rules, use({"paid": True})) is Truth.TRUE
    assert judged(rules, use({"paid": False})) is Truth.UNKNOWN


@pytest.mark.rule("2.2")
def test_a_grant_of_the_broader_act_grants_the_narrower_and_not_the_reverse() -> None:
    broad, narrow = contract(clause("1.1", may("B", "use"))), contract(clause("1.1", may("B", "train")))
    assert judged(broad, use(act="train")) is Truth.TRUE
    assert judged(narrow, use(act="use")) is Truth.UNKNOWN
    assert judged(narrow, use(act="share")) is Truth.FALSE


@pytest.mark.rule("2.2")
def test_an_act_recorded_broadly_is_possible_in_the_history_of_the_narrower() -> None:
    rules = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", some_("train"))))
    assert judged(rules, use(), event("use", "2026-01-01", "B")) is Truth.UNKNOWN
    assert judged(rules, use(), event("train", "2026-01-01", "B")) is Truth.FALSE
    assert judged(rules, use(), event("share", "2026-01-01", "B")) is Truth.TRUE


@pytest.mark.rule("2.2")
def test_an_act_recorded_narrowly_counts_in_the_history_of_the_broader() -> None:
    rules = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "share", some_("use"))))
    assert (
        judged(
            contract(clause("1.1", may("B", "share")), *rules.modules[0].clauses[1:]),
            use(act="share"),
            event("train", "2026-01-01", "B"),
        )
        is Truth.FALSE
    )


@pytest.mark.rule("2.2")
def test_a_limit_on_a_number_of_narrower_acts_counts_the_broad_ones_as_possible() -> None:
    rules = contract(
        clause("1.1", may("B", "use")), clause("1.2", may_only("B", "use", within_limit(count("train"), 1)))
    )
    broad = [event("use", f"2026-01-0{d}", "B") for d in (1, 2)]
    assert judged(rules, use(act="use"), *broad) is Truth.UNKNOWN
    assert judged(rules, use(act="train"), event("train", "2026-01-01", "B")) is Truth.FALSE


@pytest.mark.rule("2.2")
def test_a_type_that_no_file_declares_is_refused_by_a_contract_and_undecided_for_an_open_file() -> None:
    granted = contract(clause("1.1", may("B", "use")))
    assert judged(granted, use(act="x.invented")) is Truth.FALSE
    pack = contract(clause("1.1", must_not("B", "use")), kind=ModuleKind.PACK)
    assert judged(pack, use(act="x.invented")) is Truth.UNKNOWN


@pytest.mark.rule("2.2")
def test_an_unrestricted_act_needs_no_grant_and_obeys_bars() -> None:
    silent = contract(clause("1.1", may("B", "use")))
    barred = contract(clause("1.1", must_not("B", "erase")))
    assert judged(silent, use(act="erase")) is Truth.TRUE
    assert judged(barred, use(act="erase")) is Truth.FALSE


@pytest.mark.rule("2.2", "2.10")
def test_an_act_owed_may_be_named_broadly_only_at_the_price_of_doubt() -> None:
    rules = contract(clause("1.1", must("B", "train", hours(24))))
    breach = event("breach", "2026-06-15T11:00", facts={"incident": "i"})
    assert judged(rules, use({"incident": "i"}, act="train"), breach) is Truth.TRUE
    assert judged(rules, use({"incident": "i"}, act="use"), breach) is Truth.UNKNOWN


@pytest.mark.rule("2.2", "2.10")
def test_what_is_owed_is_in_doubt_where_a_narrower_controlled_act_could_hide_under_it() -> None:
    rules = contract(clause("1.1", must("B", "use", hours(24))))
    breach = event("breach", "2026-06-15T11:00", facts={"incident": "i"})
    assert judged(rules, use({"incident": "i"}, act="train"), breach) is Truth.FALSE
    assert judged(rules, use({"incident": "i"}, act="use"), breach) is Truth.UNKNOWN


@pytest.mark.rule("2.2", "2.4")
def test_the_provider_is_not_exempt_for_sure_while_a_narrower_act_has_a_sentence() -> None:
    from smartclause.logic.contract import Header

    rules = contract(clause("1.1", must_not("A", "train", fact("paid"))), header=Header(provider="A"))
    assert judged(rules, use(by="A", act="share")) is Truth.TRUE
    assert judged(rules, use({"paid": False}, by="A", act="use")) is Truth.UNKNOWN


@pytest.mark.rule("2.7")
def test_a_proposed_act_without_its_key_leaves_every_term_keyed_on_it_unknown() -> None:
    barred = contract(
        clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", some_("consent", None, "subject")))
    )
    assert judged(barred, use()) is Truth.UNKNOWN
    assert judged(barred, use(), event("consent", "2026-01-01", facts={"subject": "s1"})) is Truth.UNKNOWN
    assert judged(barred, use({"subject": "s2"}), event("consent", "2026-01-01", facts={"subject": "s1"})) is Truth.TRUE


@pytest.mark.rule("2.7")
@pytest.mark.parametrize("breaches", [(), (event("breach", "2026-01-01", facts={"incident": "i"}),)])
def test_without_its_key_the_test_for_a_violated_clause_is_unknown(breaches) -> None:
    violated = ClauseViolated("m.2.1", keys=("incident",))
    duty = clause("2.1", must("A", "notify", hours(1)))
    rules = contract(clause("1.1", may("B", "use", violated)), duty)
    barred = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", violated)), duty)
    assert judged(rules, use(), *breaches) is Truth.UNKNOWN
    assert judged(barred, use(), *breaches) is Truth.UNKNOWN


@pytest.mark.rule("2.1", "2.2")
def test_an_act_by_nobody_is_never_allowed() -> None:
    rules = contract(clause("1.1", must_not("B", "erase")))
    assert judged(rules, use(act="erase", by="")) is Truth.UNKNOWN
    assert judged(contract(clause("1.1", may("B", "use"))), use(by="")) is not Truth.TRUE


@pytest.mark.rule("2.12")
def test_an_empty_set_counts_as_not_shown() -> None:
    rules = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", is_in("resale", "purposes"))))
    assert judged(rules, use({"purposes": frozenset()})) is Truth.UNKNOWN
    assert judged(rules, use({"purposes": frozenset({"v.training"})})) is Truth.TRUE


@pytest.mark.rule("2.13")
@pytest.mark.parametrize("amount", [-1, 1001])
def test_a_figure_outside_its_declared_bounds_is_unknown_in_a_proposed_act(amount: int) -> None:
    from decimal import Decimal

    from smartclause.logic.terms import Money, Order
    from tests.logic.builders import compare, size

    rules = contract(
        clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", compare(Order.EQUAL, size(), number(5))))
    )
    assert judged(rules, use({"size": Decimal(amount)})) is Truth.UNKNOWN
    assert judged(rules, use({"size": Decimal(6)})) is Truth.TRUE
    assert judged(rules, use({"size": Decimal(6), "price": Money(Decimal(amount), "CNY")})) is Truth.TRUE


@pytest.mark.rule("2.13")
def test_an_amount_of_money_outside_its_bounds_is_unknown_and_no_crash() -> None:
    from decimal import Decimal

    from smartclause.logic.terms import Const, Field, Money, Order
    from tests.logic.builders import MONEY, compare

    five = Const(Money(Decimal(5), "CNY"), MONEY)
    rules = contract(clause("1.1", may("B", "use", compare(Order.EXCEEDS, Field("price", MONEY), five))))
    price = lambda n, c="CNY": use({"price": Money(Decimal(n), c)})  # noqa: E731
    found = [judged(rules, price(n)) for n in (5, 6, 1000, 1001, -1)]
    assert found == [Truth.FALSE, Truth.TRUE, Truth.TRUE, Truth.UNKNOWN, Truth.UNKNOWN]
    assert judged(rules, price(6, "USD")) is Truth.UNKNOWN
