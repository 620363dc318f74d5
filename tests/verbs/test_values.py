"""Values of facts: what is spelled reads back, and what has another type, unit, currency or root is no value."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from smartclause.evidence import forms
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.terms import Kind, Money, Type, Value
from smartclause.verbs.values import SPELLINGS, ConceptTree, spelled, typed

SIGNED: TypeAdapter[forms.Value] = TypeAdapter(forms.Value)
PARENTS = {"v.cat": ("v.animal",), "v.animal": ("v.thing",), "v.rock": ("v.thing",)}
TREE = ConceptTree(frozenset({"v.cat", "v.animal", "v.thing", "v.rock", "w.other"}), PARENTS)

EXACT = st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False)
VALUES: dict[Type, st.SearchStrategy[Value]] = {
    Type(Kind.FACT): st.booleans(),
    Type(Kind.TEXT): st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    Type(Kind.PERCENTAGE): EXACT,
    Type(Kind.MONEY, "CNY"): st.builds(Money, EXACT, st.just("CNY")),
    Type(Kind.INSTANT): st.integers(min_value=0, max_value=2**52),
    Type(Kind.DATE): st.dates(),
    Type(Kind.DURATION): st.builds(Duration, st.integers(0, 1000), st.sampled_from(Unit)),
    Type(Kind.PARTY): st.sampled_from(["A", "B_2"]),
    Type(Kind.IDENTIFIER): st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20),
    Type(Kind.CONCEPT, "v.animal"): st.sampled_from(["v.animal", "v.cat", "x.unheard_of"]),
    Type(Kind.CONCEPTS, "v.thing"): st.frozensets(st.sampled_from(["v.cat", "v.rock"]), min_size=1),
}


@given(st.data(), st.sampled_from(sorted(VALUES, key=str)))
def test_what_is_spelled_reads_back(data: st.DataObject, kind: Type) -> None:
    value = data.draw(VALUES[kind])
    signed = SIGNED.validate_json(json.dumps(spelled(value)))
    assert typed(signed, kind, TREE) == value


@pytest.mark.parametrize(
    ("signed", "number"),
    [(5, Decimal(5)), (-5, Decimal(-5)), ("2.5", Decimal("2.5")), ("5", None), ("2.50", None), ("1e3", None),
     (True, None), ("", None), ("NaN", None)],
)  # fmt: skip
def test_a_number_has_one_spelling(signed: forms.Value, number: Decimal | None) -> None:
    assert typed(signed, Type(Kind.NUMBER), TREE) == number


@pytest.mark.parametrize(
    ("signed", "kind"),
    [
        (1, Type(Kind.FACT)),
        ("true", Type(Kind.FACT)),
        (True, Type(Kind.TEXT)),
        (5, Type(Kind.PERCENTAGE)),
        (forms.Money(amount="1", currency="USD"), Type(Kind.MONEY, "CNY")),
        ("1", Type(Kind.MONEY, "CNY")),
        ("2026-02-30", Type(Kind.DATE)),
        ("2026-1-1", Type(Kind.DATE)),
        ("2026-03-01T09:00:00+08:00", Type(Kind.INSTANT)),
        ("2026-03-01", Type(Kind.INSTANT)),
        ("24 hours", Type(Kind.DURATION)),
        ("a b", Type(Kind.IDENTIFIER)),
        ("\u0412", Type(Kind.IDENTIFIER)),
        ("", Type(Kind.IDENTIFIER)),
        ("B ", Type(Kind.PARTY)),
        ("v.rock", Type(Kind.CONCEPT, "v.animal")),
        ("v.thing", Type(Kind.CONCEPT, "v.animal")),
        ("w.other", Type(Kind.CONCEPT, "v.animal")),
        ("cat", Type(Kind.CONCEPT, "v.animal")),
        ("v.cat", Type(Kind.CONCEPTS, "v.animal")),
        (("v.cat", "v.rock"), Type(Kind.CONCEPTS, "v.animal")),
    ],
)
def test_a_value_of_another_type_is_no_value(signed: forms.Value, kind: Type) -> None:
    assert typed(signed, kind, TREE) is None


def test_every_kind_says_how_it_is_spelled() -> None:
    assert set(SPELLINGS) == set(Kind)
    assert date(2026, 3, 1).isoformat() in SPELLINGS[Kind.DATE]
