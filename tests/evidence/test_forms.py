"""Signed forms: one spelling for each value, nothing unknown inside, no surprise from hostile text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody, event_id
from smartclause.evidence.forms import calendar_date, canonical, instant, read_form, timestamp
from smartclause.logic.canonical import dumps

from .samples import event

LAST = 253_402_300_799_999_999  # 9999-12-31T23:59:59.999999Z


@given(st.integers(-62_135_596_800_000_000, LAST))
def test_an_instant_has_one_spelling(moment: int) -> None:
    text = timestamp(moment)
    assert instant(text) == moment
    assert not text.endswith(("0Z.", ".Z"))


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-01T08:00:00",
        "2026-02-01T08:00:00+00:00",
        "2026-02-01T08:00:00.0Z",
        "2026-02-01T08:00:00.10Z",
        "2026-02-01T08:00:00.1234567Z",
        "2026-02-30T08:00:00Z",
        "2026-02-01T24:00:00Z",
        "2026-02-01T08:00:60Z",
        "2026-02-01 08:00:00Z",
        "2026-02-01T08:00:00z",
        "2026-02-01T08:00Z",
        "0000-01-01T00:00:00Z",
        "2026-02-01T08:00:00Z\n",
        "２026-02-01T08:00:00Z",
    ],
)
def test_every_other_spelling_of_an_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instant(text)
    with pytest.raises(ValidationError):
        event(time=text)


def test_a_date_has_one_spelling() -> None:
    assert calendar_date("2024-02-29").isoformat() == "2024-02-29"
    for text in ("2023-02-29", "20240229", "2024-2-9", "2024-02-29T00:00:00Z"):
        with pytest.raises(ValueError, match=r"."):
            calendar_date(text)


VALUES = [
    True,
    0,
    -(2**53 - 1),
    "12.5",
    "文",
    "",
    ["a", "b"],
    [],
    {"amount": "100000.5", "currency": "CNY"},
    {"count": 24, "unit": "hour"},
]


@pytest.mark.parametrize("value", VALUES)
def test_each_value_comes_back_as_it_was_signed(value: Any) -> None:
    body = canonical(event(facts={"f": tuple(value) if isinstance(value, list) else value}))
    assert json.loads(body)["facts"] == {"f": value}
    assert canonical(read_form(EventBody, body)) == body


@pytest.mark.parametrize(
    "value",
    [
        None,
        2**53,
        {},
        {"amount": "1"},
        {"amount": 1, "currency": "CNY"},
        {"amount": "1.0", "currency": "CNY"},
        {"amount": "1e3", "currency": "CNY"},
        {"amount": "-0", "currency": "CNY"},
        {"amount": "01", "currency": "CNY"},
        {"amount": "1", "currency": "cny"},
        {"count": -1, "unit": "hour"},
        {"count": 1, "unit": "week"},
        ["b", "a"],
        ["a", "a"],
        ["a", 1],
        [["a"]],
        [""],
    ],
)
def test_a_value_without_exact_form_is_refused(value: Any) -> None:
    body = json.loads(canonical(event())) | {"facts": {"f": value}}
    with pytest.raises(EvidenceError) as refused:
        read_form(EventBody, json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    assert refused.value.code in ("EV01", "EV08")


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", "01890000-0000-4000-8000-000000000000"),
        ("type", "use"),
        ("type", "a..b"),
        ("type", "supplement2"),
        ("issuer", "sha256:AB"),
        ("by", "the licensee"),
        ("by", None),
        ("to", "乙"),
        ("asset", "two words"),
        ("asset", ""),
        ("ledger", "1" * 31),
        ("seq", -1),
        ("seq", 1),
        ("seq", True),
        ("seq", "0"),
        ("prev", "sha256:" + "0" * 64),
        ("contract", "sha256:" + "C" * 64),
        ("nonce", ""),
        ("facts", {"Upper": True}),
        ("facts", []),
        ("_sd", ["sha256:" + "1" * 64, "sha256:" + "0" * 64]),
        ("_sd", None),
        ("edition", "event 2"),
        ("further", 1),
    ],
)
def test_an_event_with_a_member_out_of_form_is_refused(member: str, value: Any) -> None:
    with pytest.raises(EvidenceError, match="EV08"):
        read_form(EventBody, dumps(json.loads(canonical(event())) | {member: value}))


@pytest.mark.parametrize("member", sorted(json.loads(canonical(event()))))
def test_an_event_without_one_of_its_members_is_refused_unless_the_member_is_optional(member: str) -> None:
    body = json.loads(canonical(event()))
    del body[member]
    if member in ("by", "asset"):
        assert canonical(read_form(EventBody, dumps(body))) == dumps(body)
        return
    with pytest.raises(EvidenceError, match="EV08"):
        read_form(EventBody, dumps(body))


def test_nulls_in_the_place_of_a_missing_member_are_refused_even_at_equal_length() -> None:
    body = json.loads(canonical(event(by=None)))
    del body["edition"]
    changed = dumps(body | {"by": None, "to": None})
    assert len(changed) == len(canonical(event(by=None)))
    with pytest.raises(EvidenceError, match="EV08"):
        read_form(EventBody, changed)


UUID = "01890000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("supplement", {"event": UUID, "field": "consent", "value": True}),
        ("void", {"first": 3, "last": 4}),
        ("heartbeat", {}),
        ("termination", {}),
        ("waiver", {"clause": "3.5(1)", "incident": "b1"}),
    ],
)
def test_a_built_in_type_carries_exactly_what_it_means(kind: str, facts: dict[str, Any]) -> None:
    assert event(type=kind, facts=facts).facts == facts
    for name in facts:
        if kind == "waiver" and name != "clause":
            continue
        with pytest.raises(ValidationError):
            event(type=kind, facts={k: v for k, v in facts.items() if k != name})
        if name != "value":
            with pytest.raises(ValidationError):
                event(type=kind, facts=facts | {name: {"count": 1, "unit": "day"}})
    if kind != "waiver":
        with pytest.raises(ValidationError):
            event(type=kind, facts=facts | {"further": True})


def test_a_body_in_another_spelling_is_refused_with_its_place() -> None:
    body = canonical(event())
    with pytest.raises(EvidenceError, match="EV01"):
        read_form(EventBody, b" " + body)
    with pytest.raises(EvidenceError) as refused:
        read_form(EventBody, dumps(json.loads(body) | {"facts": {"f": {"amount": "1", "currency": "x"}}}))
    assert refused.value.place.startswith("facts.f")


def test_event_numbers_are_in_order_of_time_and_never_the_same() -> None:
    early = event_id(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000))
    late = event_id(int(datetime(2026, 1, 2, tzinfo=UTC).timestamp() * 1000))
    assert early < late
    assert len({event_id(0) for _ in range(100)}) == 100


def test_an_error_speaks_both_languages() -> None:
    error = EvidenceError("EV08", "facts.f", what="event", reason="too long")
    assert error.text("en").startswith("facts.f: EV08 ")
    assert error.text("zh") != error.text("en")
    assert error.help("zh") != error.help("en")
