"""Whatever a program says is a fact: what is no value of the declared kind is unknown, with its reason, and opens
nothing. Nothing raises out of generated source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.engines.decide.answers import of_world
from smartclause.engines.decide.decider import Decider
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind, Money
from smartclause.logic.world import build
from tests.logic.builders import NOON
from tests.rails.test_source import KINDS, facts, policy
from tests.strategies import Maker

SHOWN = frozenset({"share", "key"})


class Anything:
    """Equal to all there is."""

    def __init__(self, like: object) -> None:
        self.like = like

    def __eq__(self, _other: object) -> bool:
        return True

    def __ne__(self, _other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(self.like)

    def __bool__(self) -> bool:
        raise RuntimeError("neither true nor false")

    def __lt__(self, _other: object) -> bool:
        return True

    __gt__ = __le__ = __ge__ = __lt__


class Text(str):
    __slots__ = ()


class Word(StrEnum):
    TRAINING = "v.training"
    RESALE = "v.resale"


class Old(str, Enum):  # noqa: UP042 (as older programs have it)
    TRAINING = "v.training"


class Whole(int):
    pass


class Exact(Decimal):
    pass


class Names(frozenset[str]):
    pass


class Later(date):
    pass


class Sum(Money):
    pass


def odd(like: Any) -> Iterator[Any]:
    """What is no value, some of it made to look like one."""
    yield from ([], {}, set(), b"", b"x", bytearray(b"v.training"), 1.5, float("nan"), float("inf"), object(), type)
    yield from (Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity"), Exact(5))
    yield from (Anything(like), Anything("v.training"), Text("v.training"), Text("a"), Word.TRAINING, Old.TRAINING)
    yield 10**5000
    yield from (Whole(NOON), Whole(1), datetime(2026, 6, 15), datetime(2026, 6, 15, tzinfo=UTC), Later(2026, 6, 15))
    yield from (["v.training"], {"v.training"}, {"v.training": True}, ("v.training",), lambda: True, NotImplemented)
    yield from (Names({"v.training"}), frozenset({Text("v.training")}), frozenset({1}), frozenset({Word.TRAINING}))
    yield from (Money(5, "CNY"), Money(Decimal("NaN"), "CNY"), Money(5.0, "CNY"), Money(True, "CNY"))  # type: ignore[arg-type]
    yield from (Money(Decimal(5), Text("CNY")), Money(Decimal(5), Anything("CNY")), Sum(Decimal(5), "CNY"))  # type: ignore[arg-type]
    yield from (Duration(True, Unit.DAY), Duration(1.0, Unit.DAY), Duration(1, "day"), Duration([], Unit.DAY))  # type: ignore[arg-type]
    try:
        yield type(like)
        yield [like]
        yield {"value": like}
    except TypeError:
        pass


def is_one(kind: Kind, value: object) -> bool:
    """Written beside the engine: what a program may mean as a value of the kind."""
    match kind:
        case Kind.FACT:
            return value is True or value is False
        case Kind.NUMBER | Kind.PERCENTAGE:
            return type(value) is Decimal and value.is_finite()
        case Kind.INSTANT:
            return type(value) is int
        case Kind.DATE:
            return type(value) is date
        case Kind.CONCEPTS:
            return type(value) is frozenset and all(type(v) is str for v in value)
        case Kind.MONEY:
            return type(value) is Money and is_one(Kind.NUMBER, value.amount) and type(value.currency) is str
        case Kind.DURATION:
            return type(value) is Duration and type(value.count) is int and type(value.unit) is Unit
        case _:
            return type(value) is str


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3)
    | st.decimals() | st.dates() | st.datetimes() | st.complex_numbers(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=3,
)  # fmt: skip


def same(decider: Decider, told: dict[str, Any], name: str, value: Any) -> None:
    """With what is no value of its kind every answer is the one without it."""
    without = {n: v for n, v in told.items() if n != name}
    given_ = {**told, name: value}
    asked = ("m.use", "B")
    bare, plain = (decider.verdict(*asked, f, NOON, SHOWN) for f in (without, given_))
    assert plain is bare
    told_, plainly = (decider.statuses(*asked, f, NOON, SHOWN) for f in (without, given_))
    assert (plainly.decision, plainly.concerned) == (told_.decision, told_.concerned)
    held = decider.verdict_of(*asked), decider.statuses_of(*asked)
    assert held[0](given_, NOON, SHOWN) is bare
    assert held[1](given_, NOON, SHOWN) == (told_.decision, told_.concerned)
    ours, theirs = (decider.explain(*asked, f, NOON, SHOWN) for f in (given_, without))
    assert (ours.decision, dict(ours.leaves), dict(ours.sentences)) == (bare, theirs.leaves, theirs.sentences)
    lacking = {(r.kind, r.field) for r in theirs.reasons}
    expected = {
        ("of another kind", f) if (k, f) == ("missing", name) and value is not None else (k, f) for k, f in lacking
    }
    assert {(r.kind, r.field) for r in ours.reasons} == expected


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**40).map(Maker), st.sampled_from(sorted(KINDS)), ANYTHING, st.booleans())
def test_what_is_no_value_of_its_kind_is_as_if_it_were_not_said(
    maker: Maker, name: str, thing: Any, with_ledger: bool
) -> None:
    lookup, told = Lookup(policy(maker)), facts(maker)
    past = of_world(build(lookup, (), NOON, draft=True)) if with_ledger else None
    decider, kind = Decider(lookup, draft=True, past=past), KINDS[name][0].kind
    for value in (thing, *odd(told.get(name))):
        if not is_one(kind, value):
            same(decider, told, name, value)


@pytest.mark.parametrize("attested", ["share", b"share", {"share": False}, 5, [1], {"share", 1}, iter(["share"]), None])
def test_what_is_no_set_of_names_attests_nothing(attested: Any) -> None:
    decider = Decider(Lookup(policy(Maker(1))), draft=True)
    for ask in (decider.explain, Decider(decider.lookup, draft=True).explain):
        with pytest.raises(TypeError, match="attested"):
            ask("m.use", "B", {}, NOON, attested)


@pytest.mark.parametrize("at", ["2026-06-15", 1.7e15, True, Decimal(5), datetime(2026, 6, 15), float("nan")])
def test_an_instant_that_is_no_whole_number_of_microseconds_is_refused(at: Any) -> None:
    decider = Decider(Lookup(policy(Maker(1))), draft=True)
    for _ in range(2):  # the first time, and once the function is kept
        for ask in (decider.verdict, decider.statuses, decider.explain):
            with pytest.raises(TypeError, match="microseconds"):
                ask("m.use", "B", {}, at)
