"""The schema of acts: whatever it takes `decide` reads, and what `decide` cannot read it refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from smartclause.engines.prose_names import LANGUAGES, Names
from smartclause.logic.counting import Unit
from smartclause.logic.lookup import Lookup
from smartclause.verbs.act_json import ActReader
from smartclause.verbs.errors import VerbError
from smartclause.verbs.needs_schema import schema_of
from smartclause.verbs.plain import read_plain
from tests.verbs.needing import asked

TERMS = ("rich.purposes", "rich.training", "rich.advertising")
PRINTABLE = st.characters(min_codepoint=33, max_codepoint=126)
FIGURES = st.decimals(-(10**6), 10**6, places=3).map(lambda d: format(d.normalize(), "f"))
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
GOOD: Mapping[str, st.SearchStrategy[Any]] = {
    "subject": st.text(PRINTABLE, min_size=1, max_size=200),
    "purpose": st.sampled_from(TERMS),
    "others": st.lists(st.sampled_from(TERMS), min_size=1, unique=True),
    "rows": st.integers(0, 1_000) | st.just("2.5"),
    "share": st.just("0") | st.just("-12.5"),
    "price": FIGURES.filter(lambda f: f != "-0").map(lambda f: {"amount": f, "currency": "CNY"}),
    "begun": st.datetimes().map(lambda d: d.replace(microsecond=0).isoformat() + "Z"),
    "delivered": st.dates().map(str),
    "term": st.builds(lambda n, u: {"count": n, "unit": u.value}, st.integers(0, 2**53 - 1), st.sampled_from(Unit)),
    "maker": st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,9}", fullmatch=True),
    "note": WORDS,
    "released": st.booleans(),
}
ODD = (
    None, True, 5, -1, 2**53, 2.5, "", "x y", "5", "5.0", "1e3", "2026-02-29", "2026-13-01", "0000-01-01", "2026-1-1",
    "2024-02-30", "1900-02-29", "2026-03-01T24:00:00Z", "2026-03-01T09:00:00", "2026-03-01T09:00:00.10Z", "training\n",
    "rich.nowhere", "nowhere", [], ["nowhere"], ["rich.training", "rich.training"], {}, {"amount": "1"},
    {"amount": "1.0", "currency": "CNY"}, {"amount": "1", "currency": "USD"}, {"count": 1, "unit": "week"},
    {"count": -1, "unit": "day"}, {"count": 1.5, "unit": "day"}, "1" * 40, "a" * 201, "２",
)  # fmt: skip


@cache
def lookup() -> Lookup:
    return asked().lookup


@cache
def schema(lang: str = "en") -> Draft202012Validator:
    found = asked()
    return Draft202012Validator(schema_of(found, Names(found.lookup, "zh" if lang == "zh" else "en")))


def reads(act: object) -> bool:
    try:
        ActReader(lookup()).read(json.dumps(act).encode())
    except VerbError:
        return False
    return True


def act(facts: Mapping[str, object], **more: object) -> dict[str, object]:
    return {"type": "use", "by": "B", "asset": "set-1", "facts": dict(facts)} | more


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_a_schema_in_either_language(lang: str) -> None:
    Draft202012Validator.check_schema(schema(lang).schema)
    assert set(schema(lang).schema["$defs"]["rich.use.B"]["properties"]["facts"]["properties"]) == set(GOOD)


@given(st.fixed_dictionaries({}, optional=dict(GOOD)), st.sampled_from(["use", "rich.use"]))
def test_what_it_takes_is_read(facts: dict[str, object], name: str) -> None:
    given_ = act(facts, type=name)
    assert schema().is_valid(given_), facts
    assert reads(given_)


@pytest.mark.parametrize("name", GOOD)
def test_of_each_fact_what_cannot_be_read_is_not_taken_and_what_is_taken_is_read(name: str) -> None:
    taken = 0
    for odd in ODD:
        given_ = act({name: odd})
        if schema().is_valid(given_):
            taken += 1
            assert reads(given_), (name, odd)
    assert taken < len(ODD)


@given(st.sampled_from(sorted(GOOD)), st.sampled_from(sorted(GOOD)), st.data())
def test_a_value_of_another_fact_is_taken_only_if_it_is_read(name: str, other: str, data: st.DataObject) -> None:
    given_ = act({name: data.draw(GOOD[other])})
    assert reads(given_) or not schema().is_valid(given_)


@pytest.mark.parametrize(
    "given_",
    [
        act({"unheard_of": True}), act({}, type="uses"), act({}, by="A"), act({}, more=1), {"type": "use", "by": "B"},
        act({}, asset="x y"), act({}, to="B C"), [],
        {"type": "consent", "by": "A", "facts": {}}, act({}) | {"facts": []},
    ],
)  # fmt: skip
def test_another_shape_is_not_taken(given_: object) -> None:
    assert not schema().is_valid(given_)


def test_a_fact_may_be_left_out_and_the_asset_may_not() -> None:
    assert schema().is_valid(act({}))
    assert not schema().is_valid({"type": "use", "by": "B", "facts": {}})


@given(st.fixed_dictionaries({"subject": GOOD["subject"]}, optional={"given": st.booleans()}))
def test_a_record_that_it_takes_is_read_as_an_event(facts: dict[str, object]) -> None:
    record = {"type": "consent", "time": "2026-03-01T09:00:00Z", "by": "A", "facts": facts}
    known = Draft202012Validator({**schema().schema, "oneOf": [{"$ref": "#/$defs/record.rich.consent"}]})
    assert known.is_valid(record)
    read_plain(json.dumps(record).encode(), lookup())
    assert not known.is_valid(record | {"facts": {}})  # without its key nobody knows which it is


def test_labels_of_strangers_turn_nothing_round() -> None:
    found = asked()
    text = json.dumps(schema_of(found, Names(found.lookup, "en")), ensure_ascii=False)
    assert all(c.isprintable() for c in text)
