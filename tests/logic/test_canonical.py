"""Canonical JSON: every value has one spelling, and nothing else is admitted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from smartclause.logic.canonical import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_VALUES,
    CanonicalError,
    admit,
    digest,
    digest_of_bytes,
    dumps,
    parse,
)

VECTORS = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "jcs" / "testdata"

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
scalars = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | text
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_it_spells_every_value_as_the_independent_implementation_does(value: object) -> None:
    assert dumps(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(values)
def test_parsing_undoes_spelling(value: object) -> None:
    assert parse(dumps(value)) == value
    assert admit(dumps(value)) == value


@given(values, st.data())
def test_any_other_spelling_is_parsed_to_the_same_value_but_not_admitted(value: object, data: st.DataObject) -> None:
    other = json.dumps(value, indent=data.draw(st.sampled_from([None, 1])), ensure_ascii=True).encode()
    assert parse(other) == value
    if other != dumps(value):
        with pytest.raises(CanonicalError):
            admit(other)


@given(st.binary(max_size=60))
def test_hostile_bytes_are_refused_by_our_own_error_or_are_canonical(body: bytes) -> None:
    try:
        admitted = admit(body)
    except CanonicalError:
        return
    assert dumps(admitted) == body


@given(values, st.data())
def test_one_changed_byte_is_refused_or_spells_another_value(value: object, data: st.DataObject) -> None:
    body = bytearray(dumps(value))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    try:
        changed = admit(bytes(body))
    except CanonicalError:
        return
    assert digest(changed) != digest(value)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_the_published_vectors_are_spelled_as_published_or_refused_for_a_float(name: str) -> None:
    if not VECTORS.is_dir():
        pytest.skip("the published vectors are not beside this checkout")
    given_text = (VECTORS / "input" / f"{name}.json").read_bytes()
    wanted = (VECTORS / "output" / f"{name}.json").read_bytes()
    if name in ("structures", "values"):  # these two hold numbers that are not whole
        with pytest.raises(CanonicalError, match="not whole"):
            parse(given_text)
        return
    assert dumps(parse(given_text)) == wanted
    assert admit(wanted) == parse(given_text)
    assert dumps(parse(given_text)).hex() == "".join((VECTORS / "outhex" / f"{name}.txt").read_text().split())


@pytest.mark.parametrize(
    ("body", "reason", "place"),
    [
        (b"", "not JSON", "line 1 column 1"),
        (b'{"a":1,"a":1}', "given twice", ""),
        (b'{"a":1.0}', "not whole", ""),
        (b'{"a":1e3}', "not whole", ""),
        (b'{"a":NaN}', "not whole", ""),
        (b'{"a":-Infinity}', "not whole", ""),
        (b'{"a":[0,9007199254740992]}', "53 bits", "a[1]"),
        (b'{"a":[{"b":-9007199254740992}]}', "53 bits", "a[0].b"),
        (b"[" + b"1" * 5000 + b"]", "53 bits", ""),
        (b'{"a":"\\ud800"}', "surrogate", "a"),
        (b'{"\\udc00":1}', "surrogate", ""),
        (b'"\xff"', "not UTF-8", "byte 1"),
        (b"\xef\xbb\xbf1", "not JSON", "line 1 column 1"),
        (b"[" * 1_000_000, "deeper", ""),
        (b"1 2", "not JSON", "line 1 column 3"),
    ],
)
def test_what_readers_could_read_differently_is_refused_with_its_place(body: bytes, reason: str, place: str) -> None:
    with pytest.raises(CanonicalError, match=reason) as refused:
        parse(body)
    assert refused.value.place == place


@pytest.mark.parametrize("body", [b"-0", b"1 ", b'{"b":1,"a":1}', b'"\\u0041"', b'"\\/"', b"[1, 2]", b'"\\u000A"'])
def test_json_in_another_spelling_is_not_admitted(body: bytes) -> None:
    parse(body)
    with pytest.raises(CanonicalError, match="canonical form"):
        admit(body)


@pytest.mark.parametrize("value", [1.0, b"x", {1: 2}, {"a": {1, 2}}, [object()]])
def test_data_without_an_exact_form_is_refused(value: object) -> None:
    with pytest.raises(CanonicalError):
        dumps(value)


def test_the_bounds_of_integers_and_nesting_are_exact() -> None:
    assert parse(dumps([MAX_INTEGER, -MAX_INTEGER])) == [MAX_INTEGER, -MAX_INTEGER]
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert dumps(admit(deepest)) == deepest
    with pytest.raises(CanonicalError, match="deeper"):
        parse(b"[" + deepest + b"]")
    with pytest.raises(CanonicalError, match="longer"):
        parse(b" " * (MAX_BYTES + 1))


def test_a_cycle_is_refused() -> None:
    cycle: list[object] = []
    cycle.append(cycle)
    with pytest.raises(CanonicalError, match="deeper"):
        dumps(cycle)


def test_members_are_ordered_by_utf_16_units() -> None:
    assert dumps({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_members_in_order_of_code_points_are_not_admitted() -> None:
    with pytest.raises(CanonicalError, match="canonical form"):
        admit('{"\ufb33":1,"\U0001f600":2}'.encode())
    assert admit('{"\U0001f600":2,"\ufb33":1}'.encode()) == {"\ufb33": 1, "\U0001f600": 2}


def test_a_digest_is_the_hash_of_the_canonical_bytes() -> None:
    assert digest({}) == digest_of_bytes(b"{}")
    assert digest({}) == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("item", [b"[]", b"1", b'"ab"', b"{}"])
def test_a_text_of_too_many_values_is_refused_unread(item: bytes) -> None:
    body = b"[" + item + (b"," + item) * MAX_VALUES + b"]"
    for read in (parse, admit):
        with pytest.raises(CanonicalError, match="values"):
            read(body)
    assert admit(b'"' + b"," * (MAX_VALUES - 1) + b'"')
