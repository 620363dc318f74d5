"""One step beside a figure, and what each comparison says there."""

from datetime import date
from decimal import Decimal

import pytest

from smartclause.logic.counting import Duration, Unit
from smartclause.logic.terms import Kind, Money, Order, Type
from smartclause.verbs.boundary_figures import expected_at, stepped

PLAIN = Type(Kind.NUMBER)


@pytest.mark.parametrize(
    ("order", "holds"),
    [
        (Order.AT_LEAST, [False, True, True]),
        (Order.AT_MOST, [True, True, False]),
        (Order.EXCEEDS, [False, False, True]),
        (Order.BELOW, [True, False, False]),
        (Order.EQUAL, [False, True, False]),
    ],
)
def test_a_comparison_says_before_at_and_after_the_figure(order, holds):
    assert [expected_at(order, step) for step in (-1, 0, 1)] == holds


@pytest.mark.parametrize(
    ("value", "of", "after"),
    [
        (Decimal("1.2"), PLAIN, Decimal("1.3")),
        (Decimal("5"), Type(Kind.PERCENTAGE), Decimal("5.1")),
        (Decimal("100"), Type(Kind.NUMBER, "time"), Decimal("101")),
        (Money(Decimal("50"), "EUR"), Type(Kind.MONEY, "EUR"), Money(Decimal("51"), "EUR")),
        (Duration(3, Unit.DAY), Type(Kind.DURATION), Duration(4, Unit.DAY)),
        (date(2026, 12, 31), Type(Kind.DATE), date(2027, 1, 1)),
        (1_000_000, Type(Kind.INSTANT), 1_000_001),
    ],
)
def test_one_step_is_the_least_that_people_count_in(value, of, after):
    assert stepped(value, 0, of) == value
    assert stepped(value, 1, of) == after
    assert stepped(after, -1, of) == value


@pytest.mark.parametrize("value", [True, "word", frozenset({"a"}), date.max, date.min])
def test_what_has_nothing_on_both_sides_is_not_stepped(value):
    assert stepped(value, 1, PLAIN) is None
