"""Concepts: what covers what, at a date; false only for a declared reason (2.12)."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given

from smartclause.logic.concepts import Concepts
from smartclause.logic.contract import Concept, Disjoint, Edge, ListKind, Vocabulary
from smartclause.logic.terms import Const, Covers, Field
from smartclause.logic.truth import Truth
from tests.logic.builders import (
    CONCEPT,
    CONCEPTS,
    PURPOSES,
    VOCABULARY,
    concept,
    contract,
    event,
    figure,
    is_in,
    judged_term,
    no,
    parameter,
    some_,
    use,
)
from tests.strategies import Maker, seeds

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
DAY = date(2026, 6, 15)


def covers(broad: str, narrow: str, vocabulary: Vocabulary = VOCABULARY, day: date = DAY) -> tuple[Truth, str]:
    return Concepts(vocabulary, day).covers(f"v.{broad}", f"v.{narrow}")


@pytest.mark.rule("2.12")
@pytest.mark.parametrize(
    ("broad", "narrow", "truth", "why"),
    [
        ("training", "training", T, ""),
        ("training", "pretraining", T, ""),
        ("purpose", "pretraining", T, ""),
        ("training", "purpose", U, "too broad"),
        ("pretraining", "training", U, "too broad"),
        ("training", "resale", F, ""),
        ("pretraining", "resale", F, ""),  # inherited downwards
        ("resale", "finetuning", F, ""),
        ("training", "research", U, "not declared disjoint"),
        ("pretraining", "finetuning", U, "not declared disjoint"),
        ("training", "stray", U, "not declared disjoint"),
        ("training", "unheard", U, "not in the vocabulary"),
        ("unheard", "training", U, "not in the vocabulary"),
        ("unheard", "unheard", U, "not in the vocabulary"),
    ],
)
def test_one_concept_covers_another_as_declared(broad: str, narrow: str, truth: Truth, why: str) -> None:
    assert covers(broad, narrow) == (truth, why)


@pytest.mark.rule("2.12", "2.5")
def test_a_narrower_concept_never_overturns_what_was_settled() -> None:
    known = Concepts(VOCABULARY, DAY)
    for broad in PURPOSES:
        for narrow in PURPOSES:
            before, _ = covers(broad, narrow)
            for narrower in known.below(f"v.{narrow}"):
                after, _ = known.covers(f"v.{broad}", narrower)
                assert before in (U, after)


@pytest.mark.rule("2.12", "2.5")
@given(seeds())
def test_a_narrower_concept_never_overturns_in_any_vocabulary_and_at_any_date(m: Maker) -> None:
    found = vocabulary(m)
    known = Concepts(found, m.one(DAY, date(2020, 1, 1), date(2030, 1, 1)))
    names = [c.name for c in found.concepts]
    for broad in names:
        for narrow in names:
            before, _ = known.covers(broad, narrow)
            assert all(before in (U, known.covers(broad, n)[0]) for n in known.below(narrow))


def vocabulary(m: Maker) -> Vocabulary:
    """No concept under two disjoint ones: such a vocabulary is refused."""
    names = [f"v.{n}" for n in range(m.randint(2, 7))]
    dates = (None, date(2019, 1, 1), date(2026, 6, 15))
    edges = tuple(
        Edge(name, names[m.randrange(i)], m.one(*dates), m.one(None, date(2027, 1, 1)))
        for i, name in enumerate(names[1:], 1)
        if m.often(0.8)
    )
    pairs = [(a, b) for a, b in combinations(names, 2) if m.often(0.3) and not _together(names, edges, a, b)]
    complete = (names[0],) if m.often(0.4) else ()
    return Vocabulary(tuple(map(Concept, names)), edges, tuple(map(Disjoint, pairs)), complete)


def _together(names: list[str], edges: tuple[Edge, ...], one: str, other: str) -> bool:
    always = Concepts(
        Vocabulary(tuple(map(Concept, names)), tuple(replace(e, since=None, until=None) for e in edges)), DAY
    )
    return bool(always.below(one) & always.below(other)) or one in always.above(other)


@pytest.mark.rule("2.12")
def test_edges_hold_from_their_first_to_their_last_day() -> None:
    dated = Vocabulary(
        (Concept("v.eea"), Concept("v.gb")), (Edge("v.gb", "v.eea", date(1994, 1, 1), date(2020, 12, 31)),)
    )
    days = (date(1993, 12, 31), date(1994, 1, 1), date(2020, 12, 31), date(2021, 1, 1))
    assert [covers("eea", "gb", dated, d)[0] for d in days] == [U, T, T, U]


@pytest.mark.rule("2.12")
def test_a_disjointness_may_be_dated() -> None:
    dated = Vocabulary(
        (Concept("v.a"), Concept("v.b")), (), (Disjoint(("v.a", "v.b"), date(2020, 1, 1), date(2021, 1, 1)),)
    )
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2021, 1, 1), date(2021, 1, 2))
    assert [covers("a", "b", dated, d)[0] for d in days] == [U, F, F, U]


PLACES = Vocabulary(
    tuple(Concept(f"v.{n}") for n in ("place", "eea", "eu", "de", "no", "us", "europe")),
    (
        Edge("v.eea", "v.place"), Edge("v.eu", "v.eea"), Edge("v.de", "v.eu"), Edge("v.no", "v.eea"),
        Edge("v.us", "v.place"), Edge("v.europe", "v.place"), Edge("v.de", "v.europe"), Edge("v.gb", "v.place"),
    ),
    (), ("v.place",),
)  # fmt: skip


@pytest.mark.rule("2.12")
@pytest.mark.parametrize(
    ("broad", "narrow", "truth"),
    [
        ("eea", "de", T), ("eea", "us", F), ("eu", "no", F), ("eu", "eea", U), ("eu", "europe", U), ("eea", "place", U),
        ("eu", "mars", U), ("mars", "eu", U), ("europe", "us", F),
    ],
)  # fmt: skip
def test_in_a_complete_table_what_is_listed_and_has_nothing_in_common_is_false(broad, narrow, truth: Truth) -> None:
    assert covers(broad, narrow, PLACES)[0] is truth


# ---- sets and lists


@pytest.mark.rule("2.12")
@pytest.mark.parametrize(
    ("held", "truth"),
    [
        ({"training"}, T), ({"pretraining", "finetuning"}, T), ({"resale"}, F), ({"training", "resale"}, U),
        ({"training", "purpose"}, U), ({"resale", "stray"}, U), ({"research"}, U), ({"unheard"}, U), (set(), U),
    ],
)  # fmt: skip
def test_a_set_is_in_a_concept_if_each_element_is_and_not_if_none_can_be(held, truth: Truth) -> None:
    act = use({"purposes": frozenset(f"v.{h}" for h in held)})
    assert judged_term(is_in("training", "purposes"), act) is truth
    opposite = {T: F, F: T, U: U}[truth]
    assert judged_term(no(is_in("training", "purposes")), act) is opposite


@pytest.mark.rule("2.12")
@pytest.mark.parametrize(
    ("listed", "truth"), [({"training"}, T), ({"resale", "training"}, T), ({"resale"}, F), ({"resale", "stray"}, U)]
)
def test_a_set_covers_what_one_of_its_elements_covers(listed, truth: Truth) -> None:
    scope = Const(frozenset(f"v.{x}" for x in listed), CONCEPTS)
    assert judged_term(Covers(scope, Field("purpose", CONCEPT)), use({"purpose": "v.pretraining"})) is truth


@pytest.mark.rule("2.12")
def test_off_an_open_list_nothing_is_known_and_off_a_closed_one_only_what_is_apart_is_false() -> None:
    lists = tuple(
        figure(k.name.lower(), CONCEPTS, frozenset({"v.training"}), list_kind=k)
        for k in (ListKind.OPEN, ListKind.CLOSED)
    )
    rules = contract(parameters=lists)
    for name, expected in (("open", [T, U, U]), ("closed", [T, F, U])):
        test = Covers(parameter(name, CONCEPTS), Field("purpose", CONCEPT))
        acts = [use({"purpose": f"v.{p}"}) for p in ("pretraining", "resale", "research")]
        assert [judged_term(test, a, given=rules) for a in acts] == expected


@pytest.mark.rule("2.12")
def test_a_value_on_the_covering_side_is_exact_and_means_all_of_what_it_names() -> None:
    scope = lambda narrow: Covers(Field("purpose", CONCEPT), concept(narrow))  # noqa: E731
    act = use({"purpose": "v.training"})
    assert [judged_term(scope(n), act) for n in ("pretraining", "training", "purpose", "resale")] == [T, T, U, F]


@pytest.mark.rule("2.12", "2.6")
def test_edges_are_those_of_the_records_instant() -> None:
    edges = tuple(replace(e, until=date(2026, 5, 31)) if e.child == "v.pretraining" else e for e in VOCABULARY.edges)
    rules = contract(vocabulary=Vocabulary(VOCABULARY.concepts, edges, VOCABULARY.disjoint))
    test = some_("consent", is_in("training"))
    consent = lambda day: event("consent", day, facts={"purpose": "v.pretraining"})  # noqa: E731
    assert judged_term(test, use(), consent("2026-05-31"), given=rules) is T
    assert judged_term(test, use(), consent("2026-06-01"), given=rules) is U
