"""Each proof has a control: with the guard taken away it is refuted, by an act that the file itself confirms."""

from __future__ import annotations

import pytest

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted
from smartclause.engines.prove.result import Check
from smartclause.logic.scenario import run
from tests.engines.prove.files import pasted, proven

GRANT = "clause 1 grants\n  B may use if {}.\n"


def answer(body: str, check: Check, **about: object) -> Answer:
    found = [t.result for t in proven(body).told if t.result.check is check]
    mine = [r for r in found if all(getattr(r, k) == v for k, v in about.items())]
    assert len(mine) == 1, (about, found)
    return mine[0].answer


CONTROLS = [
    # check, about, the body where it is proved, the body without the guard
    (Check.PROPERTY, {"name": "p"}, "prove p never purpose is in advertising and clause 1 is permitted.",
     "purpose is in training", "released"),
    (Check.PROPERTY, {"name": "p"}, "prove p never rows exceeds 100 and clause 1 is permitted.",
     "rows is at most 100", "rows is at most 101"),
    (Check.PROPERTY, {"name": "p"}, "prove p never not some consent with the same subject and clause 1 is permitted.",
     "some consent with the same subject", "some consent with the same subject or released"),
    (Check.PROPERTY, {"name": "p"},
     "prove p never clause 1 is permitted and some consent where (not given) with the same subject.",
     "every consent with the same subject has (given)", "some consent where (given) with the same subject"),
    (Check.PROPERTY, {"name": "p"},
     "prove p never clause 1 is permitted and number of consent with the same subject within 30 days exceeds 3 times.",
     "number of consent with the same subject is at most 3 times",
     "number of consent with the same subject within 5 days is at most 3 times"),
    (Check.PROPERTY, {"name": "p"}, "prove p always clause 1 is permitted or clause 1 is silent.",
     "released", "purpose is in training"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "about", "stated", "guarded", "open_"), CONTROLS)
def test_the_proof_stands_with_its_guard_and_falls_without(check, about, stated, guarded, open_):
    assert isinstance(answer(f"{GRANT.format(guarded)}\n{stated}\n", check, **about), Proved)
    assert isinstance(answer(f"{GRANT.format(open_)}\n{stated}\n", check, **about), Refuted)


@pytest.mark.parametrize(("check", "stated", "open_"), [(c, s, o) for c, _, s, _, o in CONTROLS])
def test_what_refutes_it_can_be_pasted_into_the_file(check, stated, open_):
    body = f"{GRANT.format(open_)}\n{stated}\n"
    told = [t for t in proven(body).told if t.result.check is check]
    assert told[0].scenario
    contract = pasted(body, told[0].scenario).contract
    assert contract is not None
    assert [run(contract, s).holds for s in contract.scenarios] == [True]


DEAD = [
    (Check.NEVER_DECIDES, {"clause": "small.1"}, "purpose is in training and purpose is in advertising",
     "purpose is in training or purpose is in advertising"),
    (Check.NEVER_GRANTED, {}, "rows is below 0", "rows is below 1"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "about", "dead", "alive"), DEAD)
def test_what_can_never_be_is_told_and_what_can_is_not(check, about, dead, alive):
    assert isinstance(answer(GRANT.format(dead), check, **about), Proved)
    assert isinstance(answer(GRANT.format(alive), check, **about), Refuted)


def test_a_clause_that_applies_to_nothing_is_found():
    body = (
        "clause 1 grants\n  B may use if released.\nclause 2 idle\n  applies where {}.\n  B must not use if released.\n"
    )
    contradiction = "purpose is in training and purpose is in advertising"
    assert isinstance(answer(body.format(contradiction), Check.NEVER_APPLIES, clause="small.2"), Proved)
    assert isinstance(answer(body.format("purpose is in training"), Check.NEVER_APPLIES, clause="small.2"), Refuted)


def test_a_possible_property_is_proved_by_an_example_and_refuted_where_there_is_none():
    body = GRANT + "\nprove p possible clause 1 is permitted and rows exceeds 5.\n"
    found = answer(body.format("rows is at most 9"), Check.PROPERTY, name="p")
    assert isinstance(found, Proved)
    assert found.example is not None
    assert isinstance(answer(body.format("rows is at most 5"), Check.PROPERTY, name="p"), Refuted)


def test_a_property_of_no_act_is_not_proven():
    body = "clause 1 report\n  When incident occurs, B must notify A within 24 hours for the same case_number.\n"
    found = answer(f"{body}\nprove p never clause 1 is permitted.\n", Check.PROPERTY, name="p")
    assert isinstance(found, NotProven)


def test_what_every_permission_needs_is_told():
    needs = {t.result.name for t in proven(GRANT.format("released and some consent with the same subject")).told
             if t.result.check is Check.NEEDS}  # fmt: skip
    assert needs == {"released", "subject", "small.consent"}
    either = GRANT.format("released or some consent with the same subject")
    assert not [t for t in proven(either).told if t.result.check is Check.NEEDS]
