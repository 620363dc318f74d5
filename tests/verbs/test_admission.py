"""What may be signed: values of every kind inside their bounds, amounts of money too."""

from decimal import Decimal

import pytest

from smartclause.evidence import forms
from smartclause.logic.contract import FieldType
from smartclause.logic.terms import Kind, Money, Type
from smartclause.verbs.admission import refuse_value
from smartclause.verbs.errors import VerbError
from smartclause.verbs.values import concept_tree
from tests.logic.builders import contract

PRICE = FieldType("price", Type(Kind.MONEY), "", Money(Decimal(1), "CNY"), Money(Decimal(8), "CNY"))


@pytest.mark.parametrize(
    ("amount", "currency", "fits"),
    [("0.9", "CNY", False), ("1", "CNY", True), ("8", "CNY", True), ("8.1", "CNY", False), ("5", "USD", False)],
)
def test_an_amount_outside_its_bounds_or_of_another_currency_is_refused(amount: str, currency: str, fits: bool) -> None:
    value = forms.Money(amount=amount, currency=currency)
    if fits:
        refuse_value(value, PRICE, concept_tree(contract()), "")
        return
    with pytest.raises(VerbError) as caught:
        refuse_value(value, PRICE, concept_tree(contract()), "")
    assert caught.value.code == "VB09"
