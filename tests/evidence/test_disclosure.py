"""A withheld fact is bound by its commitment, told by nothing else, and opened only by what was committed to."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smartclause.evidence.disclosure import (
    Disclosure,
    commitment,
    disclosure_lines,
    disclosures,
    opened_facts,
    read_disclosures,
    withhold,
)
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody, event_id
from smartclause.evidence.forms import Value
from tests.evidence.samples import event

VALUES: st.SearchStrategy[Value] = st.one_of(
    st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text(st.characters(codec="utf-8"), max_size=20)
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


def body(*hidden: Disclosure, **facts: Value) -> EventBody:
    number = hidden[0].event if hidden else event_id()
    return event(id=number, facts=facts, _sd=tuple(sorted(commitment(h) for h in hidden)))


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=5))
def test_what_was_withheld_is_opened_as_it_was(facts: dict[str, Value]) -> None:
    hidden = withhold(event_id(), facts)
    assert opened_facts(body(*hidden), read_disclosures(disclosure_lines(hidden))) == facts


@given(NAMES, VALUES, VALUES)
def test_no_other_value_fits_the_commitment(name: str, value: Value, other: Value) -> None:
    assume((type(value), value) != (type(other), other))
    [hidden] = withhold(event_id(), {name: value})
    changed = hidden.model_copy(update={"value": other})
    with pytest.raises(EvidenceError, match="EV30"):
        opened_facts(body(hidden), [changed])


@given(NAMES, VALUES)
def test_the_same_value_is_committed_to_under_another_salt_each_time(name: str, value: Value) -> None:
    [first], [second] = (withhold(event_id(), {name: value}) for _ in range(2))
    assert commitment(first) != commitment(second)


@pytest.mark.parametrize("change", ["salt", "name", "event"])
def test_a_disclosure_with_another_member_opens_nothing(change: str) -> None:
    [hidden] = withhold(event_id(), {"purpose": "a.b"})
    others = {"salt": "0" * 32, "name": "purposes", "event": event_id()}
    with pytest.raises(EvidenceError, match="EV30"):
        opened_facts(body(hidden), [hidden.model_copy(update={change: others[change]})])


def test_a_fact_that_is_also_stated_openly_is_not_opened() -> None:
    [hidden] = withhold(event_id(), {"purpose": "a.b"})
    with pytest.raises(EvidenceError, match="EV30"):
        opened_facts(body(hidden, purpose="a.c"), [hidden])


def test_two_values_committed_to_for_one_fact_show_neither() -> None:
    number = event_id()
    [first], [second] = withhold(number, {"safe": True}), withhold(number, {"safe": False})
    with pytest.raises(EvidenceError, match="EV30"):
        opened_facts(body(first, second), [first, second])


def test_the_digest_of_what_was_given_depends_on_neither_order_nor_repetition() -> None:
    hidden = withhold(event_id(), {"a": 1, "b": True, "c": "x"})
    assert disclosures(hidden).digest == disclosures([*reversed(hidden), hidden[0]]).digest
    assert disclosures(hidden).digest != disclosures(hidden[:2]).digest
    assert disclosures(()).digest == ""


@pytest.mark.parametrize("line", [b"{}", b"[]", b'{"edition":"disclosure 1"}', b"\xff", b"{" * 1000])
def test_a_line_that_is_no_disclosure_is_named(line: bytes) -> None:
    good = disclosure_lines(withhold(event_id(), {"a": 1}))
    with pytest.raises(EvidenceError) as raised:
        read_disclosures(good + line, "shown")
    assert raised.value.code in ("EV01", "EV08")
    assert raised.value.place.startswith("shown:2")
