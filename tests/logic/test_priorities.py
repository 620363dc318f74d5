"""Priorities, exceptions and limits: nothing unknown opens a door (2.3), and what each clause says of an act (2.14)."""

from itertools import product

import pytest

from smartclause.logic.terms import FALSE, TRUE
from smartclause.logic.truth import Truth
from tests.logic.builders import (
    clause,
    contract,
    event,
    fact,
    in_force,
    judged,
    may,
    may_only,
    must_not,
    no,
    some_,
    state,
    use,
)

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
FACTS = ("paid", "fresh", "approved")


def facts(*values: bool | None) -> dict[str, bool]:
    return {name: v for name, v in zip(FACTS, values, strict=False) if v is not None}


def truth(value: bool | None) -> Truth:
    return U if value is None else (T if value else F)


def kleene_and(*values: Truth) -> Truth:
    order = (F, U, T)
    return order[min(order.index(v) for v in values)]


def kleene_not(value: Truth) -> Truth:
    return {T: F, F: T, U: U}[value]


ANSWERS = (True, False, None)
EVERY_ANSWER = list(product(ANSWERS, repeat=3))


@pytest.mark.rule("2.3")
@pytest.mark.parametrize(("w", "c", "x"), EVERY_ANSWER)
def test_each_kind_of_sentence_is_its_formula_in_every_case(w, c, x) -> None:
    """grant: W and C and not X; limit: W and not C and not X; bar: W and C and not X; no other value, ever."""
    where, cond, unless = fact("paid"), fact("fresh"), fact("approved")
    tw, tc, tx = truth(w), truth(c), truth(x)
    act = use(facts(w, c, x))
    free = clause("9.1", may("B", "use"))
    grant = contract(clause("1.1", may("B", "use", cond, unless), applies=where))
    limit = contract(free, clause("1.1", may_only("B", "use", cond, unless), applies=where))
    bar = contract(free, clause("1.1", must_not("B", "use", cond, unless), applies=where))
    assert judged(grant, act) is kleene_and(tw, tc, kleene_not(tx))
    assert judged(limit, act) is kleene_not(kleene_and(tw, kleene_not(tc), kleene_not(tx)))
    assert judged(bar, act) is kleene_not(kleene_and(tw, tc, kleene_not(tx)))


@pytest.mark.rule("2.3")
@pytest.mark.parametrize(("m", "n"), list(product(ANSWERS, repeat=2)))
@pytest.mark.parametrize("target", [may_only("B", "use", no(fact("fresh"))), must_not("B", "use", fact("fresh"))])
def test_despite_makes_the_sentence_it_and_not_the_permission(target, m, n) -> None:
    rules = contract(clause("1.1", target), clause("1.2", may("B", "use", fact("paid"), despite=("m.1.1",))))
    grant, bar = truth(m), truth(n)
    left = kleene_and(bar, kleene_not(grant))
    assert judged(rules, use(facts(m, n))) is kleene_and(grant, kleene_not(left))


@pytest.mark.rule("2.3")
def test_despite_sets_a_permission_aside_too() -> None:
    rules = contract(clause("1.1", may("B", "use")), clause("1.2", may("B", "use", fact("paid"), despite=("m.1.1",))))
    assert [judged(rules, use(facts(v))) for v in ANSWERS] == [T, T, U]


@pytest.mark.rule("2.3")
def test_what_is_set_aside_sets_nothing_aside() -> None:
    rules = contract(
        clause("1.1", must_not("B", "use")),
        clause("1.2", may("B", "use", fact("paid"), despite=("m.1.1",))),
        clause("1.3", must_not("B", "use", fact("fresh"))),
        clause("1.4", may("B", "use", fact("approved"), despite=("m.1.2",))),
    )
    assert judged(rules, use(facts(True, False, False))) is T
    assert judged(rules, use(facts(True, False, True))) is F  # 1.4 sets 1.2 aside, so 1.1 stands
    assert judged(rules, use(facts(True, False, None))) is U
    assert judged(rules, use(facts(True, True, False))) is F


@pytest.mark.rule("2.3")
def test_a_permission_that_does_not_apply_or_is_excepted_sets_nothing_aside() -> None:
    bar = clause("1.1", must_not("B", "use"))
    off = contract(bar, clause("1.2", may("B", "use", despite=("m.1.1",)), applies=fact("paid")))
    excepted = contract(bar, clause("1.2", may("B", "use", unless=fact("paid"), despite=("m.1.1",))))
    assert [judged(off, use(facts(v))) for v in ANSWERS] == [T, F, U]
    assert [judged(excepted, use(facts(v))) for v in ANSWERS] == [F, T, U]


@pytest.mark.rule("2.3", "2.11")
def test_a_permission_out_of_force_or_unsigned_sets_nothing_aside() -> None:
    rules = contract(
        clause("1.1", must_not("B", "use")), clause("1.2", may("B", "use", despite=("m.1.1",))),
        header=in_force("2026-01-01", "2026-03-01"),
    )  # fmt: skip
    assert judged(rules, use(time="2026-02-01")) is T
    assert judged(rules, use(time="2026-04-01")) is F
    assert judged(rules, use(time="2026-02-01"), draft=False) is U


@pytest.mark.rule("2.3")
def test_the_same_act_means_the_same_declared_act() -> None:
    """A permission for the broader act leaves a prohibition of the narrower one in place, and the reverse."""
    broad = contract(clause("1.1", must_not("B", "train")), clause("1.2", may("B", "use", despite=("m.1.1",))))
    assert judged(broad, use(act="train")) is F
    narrow = contract(
        clause("1.1", must_not("B", "use")), clause("1.2", may("B", "train", despite=("m.1.1",))),
        clause("1.3", may("B", "use")),
    )  # fmt: skip
    assert judged(narrow, use(act="train")) is F
    assert judged(narrow, use(act="use")) is F


@pytest.mark.rule("2.3")
def test_of_several_acts_only_those_that_both_sentences_name_are_set_aside() -> None:
    rules = contract(
        clause("1.1", must_not("B", "train share")), clause("1.2", may("B", "use share", despite=("m.1.1",)))
    )
    assert judged(rules, use(act="share")) is T
    assert judged(rules, use(act="train")) is F
    assert judged(rules, use(act="use")) is U  # it may be the training that stays forbidden
    both = contract(clause("1.1", must_not("B", "use train")), clause("1.2", may("B", "use", despite=("m.1.1",))))
    assert judged(both, use(act="train")) is F


@pytest.mark.rule("2.3")
def test_a_permission_of_another_party_sets_nothing_aside() -> None:
    rules = contract(
        clause("1.1", must_not("B", "use")), clause("1.2", may("A", "use", despite=("m.1.1",))),
        clause("1.3", may("B", "use")),
    )  # fmt: skip
    assert judged(rules, use()) is F


@pytest.mark.rule("2.3")
def test_a_limit_grants_nothing() -> None:
    rules = contract(clause("1.1", may_only("B", "use", fact("paid"))))
    assert judged(rules, use(facts(True))) is F


@pytest.mark.rule("2.3")
def test_the_parts_of_a_formula_that_are_not_written_are_true_and_false() -> None:
    assert judged(contract(clause("1.1", may("B", "use", TRUE, FALSE), applies=TRUE)), use()) is T


# ---- 2.14

STATES = {
    "does not apply": (clause("1.1", may("B", "use"), applies=fact("paid")), facts(False), "inapplicable"),
    "no sentence on the act": (clause("1.1", may("B", "share")), {}, "inapplicable"),
    "no sentence for the party": (clause("1.1", may("A", "use")), {}, "inapplicable"),
    "forbids": (clause("1.1", must_not("B", "use", fact("paid"))), facts(True), "forbidden"),
    "forbids before it permits": (clause("1.1", may("B", "use"), must_not("B", "use")), {}, "forbidden"),
    "unknown": (clause("1.1", must_not("B", "use", fact("paid"))), {}, "unknown"),
    "unknown whether it applies": (clause("1.1", may("B", "use"), applies=fact("paid")), {}, "unknown"),
    "permits": (clause("1.1", may("B", "use", fact("paid"))), facts(True), "permitted"),
    "permits though another permission is unknown": (
        clause("1.1", may("B", "use"), may("B", "use", fact("paid"))), {}, "permitted",
    ),
    "a bar in doubt beside a permission": (
        clause("1.1", may("B", "use"), must_not("B", "use", fact("paid"))), {}, "unknown",
    ),
    "met": (clause("1.1", must_not("B", "use", fact("paid"))), facts(False), "met"),
    "met limit": (clause("1.1", may_only("B", "use", fact("paid"))), facts(True), "met"),
    "silent": (clause("1.1", may("B", "use", fact("paid"))), facts(False), "silent"),
}  # fmt: skip


@pytest.mark.rule("2.14")
@pytest.mark.parametrize("name", STATES)
def test_a_clause_has_the_first_status_that_fits(name: str) -> None:
    given, told, expected = STATES[name]
    assert state(contract(given), "1.1", use(told)) == expected


@pytest.mark.rule("2.14")
@pytest.mark.parametrize(("paid", "expected"), [(True, "set aside"), (False, "forbidden"), (None, "unknown")])
def test_a_clause_that_a_sure_permission_overrides_is_set_aside(paid, expected: str) -> None:
    rules = contract(
        clause("1.1", must_not("B", "use")), clause("1.2", may("B", "use", fact("paid"), despite=("m.1.1",)))
    )
    assert state(rules, "1.1", use(facts(paid))) == expected


@pytest.mark.rule("2.3")
def test_subject_to_changes_nothing_since_bars_win() -> None:
    from dataclasses import replace

    bar = clause("1.1", must_not("B", "use", fact("paid")))
    grant = may("B", "use")
    for told in (facts(True), facts(False), {}):
        plain = contract(bar, clause("1.2", grant))
        subject = contract(bar, clause("1.2", replace(grant, subject_to=("m.1.1",))))
        assert judged(plain, use(told)) is judged(subject, use(told))


@pytest.mark.rule("2.3", "2.1")
def test_an_unknown_exception_lifts_no_bar_and_suspends_a_permission() -> None:
    consent = some_("consent")
    doubtful = event("consent", "2026-06-01", unreliable=True)
    bar = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", unless=consent)))
    grant = contract(clause("1.1", may("B", "use", unless=consent)))
    assert judged(bar, use(), doubtful) is U
    assert judged(grant, use(), doubtful) is U
