"""Which files an act stands under: the Kleene value of the register's expression, never more (2.4)."""

from dataclasses import replace
from itertools import product

import pytest

from smartclause.logic.contract import Contract, ModuleKind
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.register import Both, Either, Expression, members, overall
from smartclause.logic.truth import Truth, every, some
from tests.logic.builders import clause, contract, fact, may, must_not, use, verdict

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

PAID = contract(clause("1.1", may("B", "use", fact("paid"))))
FRESH = contract(clause("1.1", may("B", "use", fact("fresh"))))
LAW = contract(clause("1.1", must_not("B", "use", fact("approved"))), kind=ModuleKind.PACK)
SECRECY = contract(clause("1.1", must_not("B", "use", fact("approved"))), kind=ModuleKind.AGREEMENT)
FILES = {"paid": PAID, "fresh": FRESH, "law": LAW, "secrecy": SECRECY}


def found(expression: Expression | None, act: Event, files: dict[str, Contract] = FILES) -> Truth:
    verdicts = {name: verdict(given, act) for name, given in files.items()}
    lookups = {name: Lookup(given) for name, given in files.items()}
    return overall(expression, verdicts, lookups, act.type).truth


def told(**values: Truth) -> Event:
    return use({name: value is T for name, value in values.items() if value is not U})


EVERY = tuple(product(Truth, repeat=2))


@pytest.mark.rule("2.4")
@pytest.mark.parametrize(("one", "other"), EVERY)
def test_alternatives_and_conjunctions_of_contracts_are_kleene(one: Truth, other: Truth) -> None:
    act = told(paid=one, fresh=other)
    assert found(Either(("paid", "fresh")), act) is some((one, other))
    assert found(Both(("paid", "fresh")), act) is every((one, other))


@pytest.mark.rule("2.4")
@pytest.mark.parametrize("member", ["law", "secrecy"])
@pytest.mark.parametrize(("paid", "barred"), EVERY)
def test_an_open_file_only_restricts(member: str, paid: Truth, barred: Truth) -> None:
    act = told(paid=paid, approved=barred)
    free = {T: F, F: T, U: U}[barred]
    assert found(Both(("paid", member)), act) is every((paid, free))


@pytest.mark.rule("2.4")
@pytest.mark.parametrize("member", ["law", "secrecy"])
def test_an_open_file_never_satisfies_an_alternative_and_never_allows_alone(member: str) -> None:
    free = told(paid=F, approved=F)
    assert found(member, free) is U
    assert found(Either(("paid", member)), free) is U
    assert found(Both((member, "secrecy")), free) is U
    assert found(Both((Either(("paid", "fresh")), member)), told(paid=T, fresh=F, approved=F)) is T
    assert found(Both((Either(("paid", member)), "fresh")), told(paid=F, fresh=T, approved=F)) is U
    assert found(Both((Either((member,)), "fresh")), told(fresh=T, approved=F)) is U
    assert found(member, told(approved=T)) is F


@pytest.mark.rule("2.4")
def test_an_asset_that_is_missing_unregistered_or_mapped_to_nothing_is_undecided() -> None:
    assert found(None, told(paid=T)) is U
    assert found(Either(()), told(paid=T)) is not T
    assert found(Both(()), told(paid=T)) is not T


@pytest.mark.rule("2.4")
def test_two_versions_of_one_vocabulary_under_one_act_are_undecided() -> None:
    words = next(m for m in FRESH.modules if m.name == "v")
    newer = replace(FRESH, modules=tuple(replace(m, version="2") if m is words else m for m in FRESH.modules))
    both = Both(("paid", "fresh"))
    assert found(both, told(paid=T, fresh=T)) is T
    assert found(both, told(paid=T, fresh=T), {**FILES, "fresh": newer}) is U
    assert found(Both(("paid", "law")), told(paid=T, approved=F), {**FILES, "fresh": newer}) is T


@pytest.mark.rule("2.4")
def test_each_member_is_reported_by_itself() -> None:
    act = told(paid=T, approved=T)
    verdicts = {name: verdict(given, act) for name, given in FILES.items()}
    answer = overall(Both(("paid", "law")), verdicts, {n: Lookup(g) for n, g in FILES.items()}, act.type)
    assert [(name, v.truth) for name, v in answer.members] == [("paid", T), ("law", F)]
    assert list(members(Either(("a", Both(("b", "a")))))) == ["a", "b", "a"]


@pytest.mark.rule("2.4", "2.2")
def test_an_unrestricted_act_needs_no_contract() -> None:
    assert found("law", replace(told(approved=F), type="m.erase")) is T
