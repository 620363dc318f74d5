"""A second value for a known fact is refused and reported as a contradiction (2.13); equivocation is not one (2.7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.logic.record import Event, Trust
from smartclause.logic.second_values import SecondValue, second_values
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record
from tests.logic.builders import NOON, both, clause, contract, event, fact, judged, may, signed, use, world_of

MINE = signed("B")
AUDITOR = signed("X", roles=["auditor"])
RULES = contract(clause("1.1", may("B", "use", both(fact("approved"), fact("paid")))))


def act(facts: dict[str, bool], *auditor: object) -> Event:
    return replace(use(facts), signers=(*MINE, *AUDITOR) if auditor else MINE, source="B-key", id="act")


def supplement(value: bool, name: str, number: int, signers=AUDITOR, source: str = "X-key") -> Event:
    facts = {"event": "act", "field": name, "value": value}
    return event("supplement", NOON, "", facts, signers, id=f"s{number}", source=source, index=number)


def found(*records: Event, others: Iterable[Record] = ()) -> tuple[SecondValue, ...]:
    return second_values(world_of(RULES, records), others)


def told(*records: Event) -> list[tuple[str, object, str, object, str]]:
    return [
        (f.field, f.first.value, f.first.event.id, f.second.value, f.second.event.id) for f in found(*records)
    ]  # fmt: skip


@pytest.mark.rule("2.13")
def test_a_second_value_is_a_contradiction_of_what_the_event_itself_shows() -> None:
    asked = act({"approved": True}, "with the auditor")
    assert told(asked, supplement(False, "approved", 1)) == [("approved", True, "act", False, "s1")]
    [only] = found(asked, supplement(False, "approved", 1))
    assert (only.record.event.id, only.first.parties, only.second.parties) == ("act", ("B", "X"), ("X",))


@pytest.mark.rule("2.13")
def test_a_second_value_is_a_contradiction_of_the_supplement_that_filled_first() -> None:
    one, other = supplement(False, "approved", 1), supplement(True, "approved", 2)
    assert told(act({"approved": True}), one, other) == [("approved", False, "s1", True, "s2")]


@pytest.mark.rule("2.13")
def test_the_same_value_again_is_no_contradiction() -> None:
    assert told(act({"approved": True}, "too"), *(supplement(True, "approved", n) for n in (1, 2))) == []


@pytest.mark.rule("2.13")
def test_what_who_may_not_fill_states_is_no_contradiction() -> None:
    shown = act({"approved": True}, "with the auditor")
    assert told(shown, supplement(False, "approved", 1, MINE, "B-key")) == []
    assert told(act({"paid": True}), supplement(False, "paid", 1)) == []
    assert told(act({"paid": True}), supplement(False, "paid", 1, MINE, "B-key")) == [
        ("paid", True, "act", False, "s1")
    ]


@pytest.mark.rule("2.13")
def test_what_is_not_known_is_contradicted_by_nothing() -> None:
    """B states itself that the act is approved, which only the auditor shows: the auditor's word is the first."""
    assert told(act({"approved": True}), supplement(False, "approved", 1)) == []
    doubtful = signed("X", roles=["auditor"], trust=Trust.UNCERTAIN)
    first, second = supplement(True, "approved", 1, doubtful), supplement(False, "approved", 2)
    assert told(act({}), first, second) == []


@pytest.mark.rule("2.13")
def test_a_doubtful_second_value_is_reported_too() -> None:
    doubtful = signed("X", roles=["auditor"], trust=Trust.UNCERTAIN)
    assert told(act({}), supplement(True, "approved", 1), supplement(False, "approved", 2, doubtful)) == [
        ("approved", True, "s1", False, "s2")
    ]


@pytest.mark.rule("2.13", "2.7")
def test_an_equivocation_is_no_second_value() -> None:
    one = supplement(True, "approved", 1)
    torn = replace(one, facts={**one.facts, "value": False})
    assert told(act({}), one, torn) == []
    shown = act({"approved": True}, "with the auditor")
    assert told(shown, replace(shown, facts={"approved": False}), supplement(False, "approved", 1)) == []


@pytest.mark.rule("2.13")
def test_every_second_value_is_reported_in_the_order_of_the_ledger() -> None:
    shown = act({"approved": True, "paid": True}, "with the auditor")
    later = [
        supplement(False, "approved", 3),
        supplement(False, "paid", 2, MINE, "B-key"),
        supplement(False, "approved", 1),
    ]
    assert [f.second.event.id for f in found(shown, *later)] == ["s1", "s2", "s3"]


@pytest.mark.rule("2.13")
def test_an_act_that_is_asked_and_not_recorded_may_be_contradicted_before_it_is_done() -> None:
    shown = act({"approved": True}, "with the auditor")
    record = Record(shown, shown.time, shown.time)
    refuted = supplement(False, "approved", 1)
    assert [f.second.event.id for f in found(refuted, others=(record,))] == ["s1"]
    assert found(refuted) == ()


@pytest.mark.rule("2.13")
@given(
    st.booleans(), st.booleans(), st.lists(st.tuples(st.booleans(), st.sampled_from(["approved", "paid"])), max_size=4)
)
def test_no_second_value_changes_a_verdict(approved: bool, paid: bool, more: list[tuple[bool, str]]) -> None:
    shown = act({"approved": approved, "paid": paid}, "with the auditor")
    seconds = [supplement(v, n, i, (*MINE, *AUDITOR), "B-key") for i, (v, n) in enumerate(more, 1)]
    known = {"approved": approved, "paid": paid}
    assert judged(RULES, shown, *seconds) is judged(RULES, shown) is not Truth.UNKNOWN
    differing = [f"s{i}" for i, (value, name) in enumerate(more, 1) if value != known[name]]
    assert [f.second.event.id for f in found(shown, *seconds)] == differing
