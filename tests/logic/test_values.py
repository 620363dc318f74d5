"""Exact values: how each kind is compared, and what has no common measure (2.17)."""

from datetime import date
from decimal import Decimal

import pytest

from smartclause.logic.contract import Dated
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.finding import Reading
from smartclause.logic.order import sign
from smartclause.logic.terms import Const, Field, Kind, Money, Order, Type
from smartclause.logic.truth import Truth
from tests.logic.builders import IDENTIFIER, NUMBER, at, compare, contract, figure, judged_term, parameter, size, use

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@pytest.mark.rule("2.17")
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Decimal("0.1"), Decimal("0.10"), 0),
        (Decimal("0.3"), Decimal("0.1") + Decimal("0.2"), 0),
        (Decimal(2), Decimal(10), -1),
        (Money(Decimal(2), "CNY"), Money(Decimal("1.99"), "CNY"), 1),
        (Money(Decimal(2), "CNY"), Money(Decimal(2), "USD"), None),
        (Duration(60, Unit.MINUTE), Duration(1, Unit.HOUR), 0),
        (Duration(24, Unit.HOUR), Duration(1, Unit.DAY), None),
        (Duration(30, Unit.DAY), Duration(1, Unit.MONTH), None),
        (Duration(12, Unit.MONTH), Duration(1, Unit.YEAR), 0),
        (Duration(5, Unit.DAY), Duration(5, Unit.WORKING_DAY), None),
        (date(2026, 1, 1), date(2026, 1, 2), -1),
        (True, True, None),
        ("a", "b", None),
        (frozenset({"a"}), frozenset({"a", "b"}), None),
        (5, Decimal(5), None),
        (None, Decimal(5), None),
    ],
)
def test_values_are_ordered_exactly_or_not_at_all(one, other, expected) -> None:
    assert sign(one, other) == expected


@pytest.mark.rule("2.17", "2.1")
@pytest.mark.parametrize("order", list(Order))
def test_what_has_no_common_measure_is_unknown_in_every_comparison(order: Order) -> None:
    from smartclause.logic.evaluate import order as compared

    reading = lambda v: Reading(v, v, v)  # noqa: E731
    pairs = [(Duration(24, Unit.HOUR), Duration(1, Unit.DAY)), (Money(Decimal(1), "CNY"), Money(Decimal(1), "USD"))]
    assert all(compared(order, reading(a), reading(b)) is U for a, b in pairs)
    assert compared(order, Reading(), reading(Decimal(1))) is U


@pytest.mark.rule("2.17")
@pytest.mark.parametrize(("given", "same"), [("s1", T), ("S1", F), ("s1 ", F), ("s\u0430", F), ("", F)])
def test_identifiers_are_compared_byte_for_byte(given: str, same: Truth) -> None:
    term = compare(Order.EQUAL, Field("subject", IDENTIFIER), Const("s1", IDENTIFIER))
    assert judged_term(term, use({"subject": given})) is same


@pytest.mark.rule("2.17")
@pytest.mark.parametrize(
    ("order", "truths"),
    [
        (Order.AT_LEAST, (F, T, T)), (Order.EXCEEDS, (F, F, T)), (Order.AT_MOST, (T, T, F)),
        (Order.BELOW, (T, F, F)), (Order.EQUAL, (F, T, F)),
    ],
)  # fmt: skip
def test_thresholds_are_met_before_at_or_after_as_their_words_say(order: Order, truths) -> None:
    term = compare(order, size(), Const(Decimal(5), NUMBER))
    assert tuple(judged_term(term, use({"size": Decimal(n)})) for n in (4, 5, 6)) == truths


@pytest.mark.rule("2.17")
def test_a_dated_value_is_that_of_the_day_of_the_judged_act_in_the_zone_of_its_file() -> None:
    first, then = Dated(Decimal(1), until=date(2026, 6, 14)), Dated(Decimal(9), since=date(2026, 6, 16))
    rules = contract(parameters=(figure("most", NUMBER, first, then),))
    term = compare(Order.AT_MOST, size(), parameter("most", NUMBER))
    days = ("2026-06-14T23:59", "2026-06-15T00:00", "2026-06-15T23:59", "2026-06-16T00:00")
    assert [judged_term(term, use({"size": Decimal(5)}, at(day)), given=rules) for day in days] == [F, U, U, T]


@pytest.mark.rule("2.17")
def test_an_instant_is_compared_to_the_microsecond() -> None:
    instant = Type(Kind.INSTANT)
    from smartclause.logic.evaluate import order as compared

    for offset, truth in ((-1, T), (0, F), (1, F)):
        one, other = 1_000_000 + offset, 1_000_000
        assert compared(Order.BELOW, Reading(one, one, one), Reading(other, other, other)) is truth
    assert instant.kind is Kind.INSTANT
