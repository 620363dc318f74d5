"""The plain forms accept what the library accepts, write what it writes, and refuse for the same reason."""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.evidence.errors import EvidenceError
from smartclause.logic.canonical import CanonicalError, dumps
from smartclause.standalone import plain_forms
from smartclause.standalone.plain_forms import AfterValidator, BaseModel, ConfigDict, Field, FieldInfo
from tests.standalone.twins import Twin, twins
from tests.verbs.case_samples import exported, shared

NAMES = sorted(t.name for t in twins().every)


# ---- values that fit a form, or nearly


def fitting(hint: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """JSON of the shape of an annotation; what validators demand beyond it is met only now and then."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return narrowed(arguments[0], [r for r in arguments[1:] if isinstance(r, FieldInfo)], depth)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.one_of([fitting(a, depth) for a in arguments if a is not NoneType])
    if origin is tuple:
        return st.lists(fitting(arguments[0], depth + 1), max_size=2 if depth < 3 else 0).map(in_order)
    if origin is dict:
        return st.dictionaries(*(fitting(a, depth + 1) for a in arguments), max_size=2)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return st.deferred(lambda: form(next(t for t in twins().every if t.plain is hint), depth + 1))
    return PLAIN[hint]


PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(["", "A", "é", "2026-01-01T00:00:00Z"]) | st.text(st.characters(codec="utf-8"), max_size=4),
    int: st.integers(-2, 3) | st.integers(),
    bool: st.booleans(),
    Any: st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3) | st.lists(st.integers(0, 3), max_size=2),
}


def narrowed(hint: Any, rules: list[FieldInfo], depth: int) -> st.SearchStrategy[Any]:
    pattern = next((r.pattern for r in rules if r.pattern), None)
    if pattern is not None:
        return st.from_regex(re.compile(pattern[:-1] + r"\Z", re.ASCII), fullmatch=False)
    limits = [r for r in rules if r.ge is not None or r.le is not None]
    if limits and hint is int:
        low, high = limits[0].ge or 0, limits[0].le
        return st.integers(low, high) | st.sampled_from([low - 1, low, high or 0, (high or 0) + 1])
    least = max([r.min_length or 0 for r in rules], default=0)
    strategy = fitting(hint, depth)
    return strategy.filter(lambda v: len(v) >= least) if least else strategy


def in_order(items: list[Any]) -> list[Any]:
    return sorted(set(items)) if all(isinstance(i, str) for i in items) else items


@st.composite
def form(draw: st.DrawFn, twin: Twin, depth: int = 0) -> dict[str, Any]:
    data = {}
    for name, hint in twin.hints.items():
        if get_origin(hint) is ClassVar or (hasattr(twin.plain, name) and draw(st.booleans())):
            continue
        infos = [m for m in get_args(hint)[1:] if isinstance(m, FieldInfo)] if get_origin(hint) is Annotated else []
        data[next((i.alias for i in infos if i.alias), name)] = draw(fitting(hint, depth))
    return data


# ---- damage

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**53 - 1, 2**53, 10**30, "", "x", "A\n", "é", "\u0000", [], {}, [[]], ["b", "a"],
    ["a", "a"], {"a": None}, "2026-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "sha256:" + "0" * 64, "0.10", "AA==",
    {"amount": "1", "currency": "EUR"}, {"count": 1, "unit": "day"}, {"any": ["a"]}, {"all": []},
)  # fmt: skip


odd = st.sampled_from(ODD).map(copy.deepcopy)


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Each container with each of its places."""
    keys: list[Any] = list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []
    for key in keys:
        yield data, key
        yield from places(data[key])


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    data = json.loads(json.dumps(whole))
    for _ in range(draw(st.integers(0, 2))):
        spots = list(places(data))
        if not spots:
            return draw(odd)
        holder, key = draw(st.sampled_from(spots))
        match draw(st.integers(0, 4)):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[draw(st.sampled_from(["zz", "sd", "_sd", "a", "str", "Money"]))] = draw(odd)
            case 2 if isinstance(holder, list):
                holder.insert(key, holder[key])
            case 3 if isinstance(holder[key], str):
                holder[key] = holder[key] + draw(st.sampled_from(["\n", "x", " ", "0"]))
            case _:
                holder[key] = draw(odd)
    return data


# ---- the laws


def read(forms: Any, kind: Any, body: bytes) -> Any:
    """What `read_form` gives: the form written again, or the whole refusal."""
    try:
        found = forms.read_form(kind, body)
    except Exception as error:
        if type(error).__name__ != EvidenceError.__name__:  # each twin has its own
            raise
        return error.code, error.place, error.values  # type: ignore[attr-defined]
    return forms.canonical(found), repr(found), found.model_dump_json(by_alias=True, exclude_none=True)


def parsed(kind: Any, body: bytes, invalid: type[Exception]) -> Any:
    """From JSON in any spelling, nulls allowed."""
    try:
        found = kind.model_validate_json(body)
    except invalid:
        return None
    return found.model_dump(mode="json", by_alias=True), found.model_dump_json(), repr(found)


def assert_alike(twin: Twin, data: Any) -> None:
    try:
        body = dumps(data)
    except CanonicalError:
        body = json.dumps(data).encode()
    here, there = twins().forms, twins().plain_forms
    assert read(here, twin.library, body) == read(there, twin.plain, body)
    library = parsed(twin.library, body, pydantic.ValidationError)
    assert library == parsed(twin.plain, body, plain_forms.ValidationError)


@given(st.data())
@settings(max_examples=3 * settings.default.max_examples)  # type: ignore[union-attr]
def test_what_fits_a_form_or_nearly_is_judged_alike(data: st.DataObject) -> None:
    twin = twins().of(data.draw(st.sampled_from(NAMES)).rpartition(".")[2])
    assert_alike(twin, data.draw(form(twin).flatmap(damaged)))


def unsealed(data: Any) -> Any:
    return json.loads(base64.b64decode(data["payload"])) if "payload" in data else data


@cache
def real() -> dict[str, list[Any]]:
    """Everything of a real case file, as data, under the form that it has."""
    contents = exported(shared()).contents
    entries = [json.loads(line) for line in contents["ledger/entries.jsonl"].splitlines()]
    envelopes = [json.loads(base64.b64decode(entry["envelope"])) for entry in entries]
    contract = json.loads(contents["contract/contract.json"])
    return {
        "EventBody": [unsealed(e) for e in envelopes],
        "EntryLine": entries,
        "CompiledContract": [contract],
        "ContractStatement": [unsealed(contract["envelope"])],
        "TrustStore": [unsealed(json.loads(line)) for line in contents["trust.jsonl"].splitlines()],
        "Case": [json.loads(contents["case.json"])],
        "Completeness": [json.loads(contents["completeness.json"])],
        "Manifest": [unsealed(json.loads(contents["manifest.json"]))],
        "AuditForm": [json.loads(c) for n, c in contents.items() if n.startswith("verdicts/") and n.endswith(".json")],
    }


@pytest.mark.parametrize("name", sorted(real()))
def test_real_statements_are_read_and_written_alike(name: str) -> None:
    assert real()[name]
    for whole in real()[name]:
        assert_alike(twins().of(name), whole)
        assert twins().of(name).plain.model_validate_json(dumps(whole))


@given(st.data())
@settings(max_examples=2 * settings.default.max_examples)  # type: ignore[union-attr]
def test_damaged_real_statements_are_judged_alike(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(real())))
    assert_alike(twins().of(name), data.draw(damaged(data.draw(st.sampled_from(real()[name])))))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b'{"a":1}x', b"[" * 100_000, b'{"count":NaN}', b'{"count":1e3}', b'{"name":"\\ud800"}',
     b"null",
     b'{"count":' + b"9" * 5000 + b"}", '{"count":1}'.encode("utf-16"), b"\xef\xbb\xbf{}"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["Period", "Identity", "EventBody"])
def test_what_is_no_json_is_refused_by_both(body: bytes, name: str) -> None:
    twin = twins().of(name)
    assert parsed(twin.library, body, pydantic.ValidationError) is None
    assert parsed(twin.plain, body, plain_forms.ValidationError) is None


def test_forms_made_in_the_program_are_alike() -> None:
    identity = {"name": "A", "scheme": "lei", "value": "x"}
    for given_ in (
        identity,
        identity | {"scheme": "no"},
        identity | {"more": 1},
        {"name": ""},
        identity | {"value": 1},
    ):
        outcomes = []
        for kind in (twins().of("Identity").library, twins().of("Identity").plain):
            try:
                outcomes.append((repr(kind(**given_)), kind(**given_) == kind(**given_), hash(kind(**given_)) != 0))
            except ValueError as error:
                outcomes.append([(f["type"], f["loc"]) for f in error.errors()])  # type: ignore
        assert outcomes[0] == outcomes[1]


def test_a_form_never_changes_and_differs_from_a_form_of_another_kind() -> None:
    period = twins().of("Period").plain(count=1, unit="day")
    with pytest.raises(plain_forms.ValidationError):
        period.count = 2
    with pytest.raises(plain_forms.ValidationError):
        del period.count
    assert period != twins().of("Money").plain(amount="1", currency="EUR")
    assert period.model_copy(update={"count": 2}) == twins().of("Period").plain(count=2, unit="day")


# ---- each rule at its limits


def probe(library: Any, hint: Any) -> Any:
    settings_ = library.ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)
    parts = {"__annotations__": {"m": hint}, "model_config": settings_, "__module__": __name__}
    return type(library.BaseModel)("Probe", (library.BaseModel,), parts)


def hints(library: Any) -> dict[str, Any]:
    field, after = library.Field, library.AfterValidator
    few = Annotated[tuple[str, ...], field(max_length=2)]
    return {
        "text": Annotated[str, field(min_length=2, max_length=3)],
        "pattern": Annotated[str, field(pattern="^[a-z]*$")],
        "whole": Annotated[int, field(ge=-1, le=2)],
        "truth": bool,
        "few": few,
        "some": Annotated[few, after(in_turn), field(min_length=1)],
        "maybe few": Annotated[few | None, field(max_length=1)],
        "members": Annotated[dict[str, int], field(max_length=1)],
        "either": bool | Annotated[int, field(ge=0)] | few,
        "word": Literal["a", "b"],
    }


def in_turn(items: tuple[str, ...]) -> tuple[str, ...]:
    if list(items) != sorted(items):
        raise ValueError("not in order")
    return items


TRIED: tuple[Any, ...] = (
    None, True, False, -2, -1, 0, 1, 2, 3, 1.0, "", "a", "ab", "abc", "abcd", "ab\n", "\n", "é", [], ["a"], ["a", "b"],
    ["b", "a"], ["a", "b", "c"], [1], [None], {}, {"a": 1}, {"a": 1, "b": 2}, {"a": True}, {"a": None},
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(hints(plain_forms)))
def test_each_rule_accepts_and_refuses_at_its_limits_what_the_library_does(name: str) -> None:
    library, plain = probe(pydantic, hints(pydantic)[name]), probe(plain_forms, hints(plain_forms)[name])
    accepted = 0
    for value in TRIED:
        body = json.dumps({"m": value}).encode()
        found = parsed(plain, body, plain_forms.ValidationError)
        assert found == parsed(library, body, pydantic.ValidationError), value
        accepted += found is not None
    assert 0 < accepted < len(TRIED)


# ---- what is not known here is refused, not read in part

CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


def readable(**annotations: Any) -> None:
    kind = type("Made", (BaseModel,), {"__annotations__": annotations, "model_config": CONFIG, "__module__": __name__})
    plain_forms._members(kind)


@pytest.mark.parametrize(
    "hint",
    [float, bytes, list[str], set[str], tuple[str, int], tuple[()], Literal[1], dict, object, pytest,
     "Unknown", int | float,
     Annotated[str, "a remark"], Annotated[str | int, Field(max_length=3)], Annotated[str, Field(pattern="a")],
     Annotated[str, Field(pattern=r"^\d$")], Annotated[str, Field(pattern="^a$|^b$")]],
)  # fmt: skip
def test_an_annotation_that_is_not_known_is_refused(hint: Any) -> None:
    with pytest.raises((TypeError, NameError)):
        readable(member=hint)


@pytest.mark.parametrize("hint", [str, Annotated[str, Field(pattern="^[^a]$"), AfterValidator(str)], str | None])
def test_an_annotation_that_is_known_is_read(hint: Any) -> None:
    readable(member=hint)


def test_settings_rules_and_validators_that_are_not_known_are_refused() -> None:
    for make in (
        lambda: ConfigDict(frozen=True),
        lambda: ConfigDict(frozen=True, extra="allow", strict=True, populate_by_name=True),
        lambda: Field(gt=1),
        lambda: plain_forms.model_validator(mode="before"),  # type: ignore[arg-type]
        lambda: twins().of("Period").plain(count=1, unit="day").model_dump(mode="python"),
    ):
        with pytest.raises(TypeError):
            make()
