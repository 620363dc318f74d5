"""Kleene's strong logic, exhaustively (2.1)."""

from itertools import product

import pytest

from smartclause.logic.terms import AtLeast
from smartclause.logic.truth import Truth, at_least, between, every, known, negate, some
from tests.logic.builders import both, either, fact, judged_term, no, use

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
EVERY = tuple(Truth)


def classical(values: tuple[Truth, ...]) -> list[tuple[bool, ...]]:
    """Every way to settle what is unknown."""
    return list(product(*({T: (True,), F: (False,), U: (True, False)}[v] for v in values)))


def kleene(results: set[bool]) -> Truth:
    return known(results.pop()) if len(results) == 1 else U


@pytest.mark.rule("2.1")
@pytest.mark.parametrize("length", [0, 1, 2, 3, 4])
def test_each_connective_is_settled_exactly_when_every_way_to_settle_its_parts_agrees(length: int) -> None:
    for values in product(EVERY, repeat=length):
        ways = classical(values)
        assert every(values) is kleene({all(w) for w in ways})
        assert some(values) is kleene({any(w) for w in ways})
        for count in range(length + 2):
            assert at_least(count, values) is kleene({sum(w) >= count for w in ways})


@pytest.mark.rule("2.1")
def test_the_tables_of_not_and_or() -> None:
    assert [negate(v) for v in (F, U, T)] == [T, U, F]
    assert [[every((a, b)) for b in (F, U, T)] for a in (F, U, T)] == [[F, F, F], [F, U, U], [F, U, T]]
    assert [[some((a, b)) for b in (F, U, T)] for a in (F, U, T)] == [[F, U, T], [U, U, T], [T, T, T]]


@pytest.mark.rule("2.1")
def test_every_of_nothing_is_true_and_some_of_nothing_is_false() -> None:
    assert (every(()), some(()), at_least(0, ()), at_least(1, ())) == (T, F, T, F)


@pytest.mark.rule("2.1")
def test_what_contradicts_itself_is_unknown_while_its_part_is() -> None:
    paid = fact("paid")
    assert judged_term(both(paid, no(paid)), use()) is U
    assert judged_term(either(paid, no(paid)), use()) is U


@pytest.mark.rule("2.1")
def test_terms_follow_the_tables() -> None:
    names = ("paid", "fresh", "approved")
    for values in product(EVERY, repeat=3):
        told = {n: v is T for n, v in zip(names, values, strict=True) if v is not U}
        terms = tuple(fact(n) for n in names)
        act = use(told)
        assert judged_term(both(*terms), act) is every(values)
        assert judged_term(either(*terms), act) is some(values)
        assert judged_term(AtLeast(2, terms), act) is at_least(2, values)
        assert judged_term(no(terms[0]), act) is negate(values[0])


@pytest.mark.rule("2.1")
def test_a_truth_is_never_taken_for_yes_or_no() -> None:
    for value in EVERY:
        with pytest.raises(TypeError):
            bool(value)


@pytest.mark.rule("2.1")
def test_between_is_true_if_sure_and_false_if_impossible() -> None:
    assert [between(s, p) for s, p in ((True, True), (False, True), (False, False))] == [T, U, F]


@pytest.mark.rule("2.1")
def test_no_condition_can_test_for_unknown() -> None:
    """Each kind of term is settled by more evidence or left alone: there is none that means `is unknown`."""
    from smartclause.logic.terms import NODES

    assert not [n.__name__ for n in NODES if "unknown" in n.__name__.lower()]
