"""Generated source: tests of an act's own facts as the reference reads them, and text that nothing breaks out of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.engines.decide.decider import Decider
from smartclause.logic.contract import (
    Contract,
    Dated,
    Disjoint,
    Edge,
    EventKind,
    EventType,
    ListKind,
    ModuleKind,
    Vocabulary,
)
from smartclause.logic.counting import Duration, Unit, start_of_day
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import open_reasons
from smartclause.logic.terms import AtLeast as AtLeastOf
from smartclause.logic.terms import (
    Compare,
    Const,
    Covers,
    Field,
    Holds,
    Kind,
    Money,
    Not,
    Order,
    Parameter,
    Term,
    Type,
    Value,
)
from smartclause.logic.verdict import Decision, judge_act
from smartclause.logic.world import build, place
from smartclause.rails.refused import CannotDo
from smartclause.rails.source.conditions import comment
from smartclause.rails.source.module import Source
from tests.logic.builders import (
    CONCEPT,
    CONCEPTS,
    NOON,
    VOCABULARY,
    both,
    clause,
    contract,
    either,
    event,
    field,
    figure,
    may,
    must_not,
)
from tests.strategies import Maker

DAY = date(2026, 6, 15)
KINDS: dict[str, tuple[Type, Value | None, Value | None, tuple[Value, ...]]] = {
    "paid": (Type(Kind.FACT), None, None, (True, False)),
    "word": (Type(Kind.TEXT), None, None, ("a", "b", "")),
    "who": (Type(Kind.PARTY), None, None, ("A", "B")),
    "key": (Type(Kind.IDENTIFIER), None, None, ("k1", "k2")),
    "size": (
        Type(Kind.NUMBER, "record"),
        Decimal(0),
        Decimal(9),
        tuple(map(Decimal, ("-1", "0", "1", "4.5", "9", "10"))),
    ),
    "count": (Type(Kind.NUMBER, "record"), None, None, tuple(map(Decimal, ("-1", "0", "4", "4.0", "9")))),
    "share": (Type(Kind.PERCENTAGE), Decimal(0), None, tuple(map(Decimal, ("-1", "0", "5", "100")))),
    "price": (
        Type(Kind.MONEY, "CNY"),
        Money(Decimal(1), "CNY"),
        Money(Decimal(9), "CNY"),
        tuple(Money(Decimal(n), c) for n in (0, 1, 5, 9, 10) for c in ("CNY", "USD")),
    ),
    "fee": (Type(Kind.MONEY, "CNY"), None, None, tuple(Money(Decimal(n), c) for n in (1, 5) for c in ("CNY", "USD"))),
    "when": (Type(Kind.INSTANT), NOON - 5, None, (NOON - 6, NOON - 5, NOON, NOON + 1)),
    "day": (Type(Kind.DATE), None, DAY, tuple(DAY + timedelta(days=n) for n in (-1, 0, 1))),
    "period": (
        Type(Kind.DURATION),
        None,
        None,
        (
            Duration(24, Unit.HOUR),
            Duration(1440, Unit.MINUTE),
            Duration(1, Unit.DAY),
            Duration(2, Unit.DAY),
            Duration(12, Unit.MONTH),
            Duration(1, Unit.YEAR),
            Duration(1, Unit.WORKING_DAY),
        ),
    ),
    "purpose": (
        CONCEPT,
        None,
        None,
        ("v.purpose", "v.training", "v.pretraining", "v.research", "v.resale", "v.stray", "v.no"),
    ),
    "purposes": (
        CONCEPTS,
        None,
        None,
        tuple(
            map(frozenset, (["v.training"], ["v.pretraining", "v.resale"], ["v.resale"], ["v.purpose"], ["v.no"], []))
        ),
    ),
}
FIELDS = tuple(
    field(name, kind, "auditor" if name in ("share", "key") else "", low, high)
    for name, (kind, low, high, _) in KINDS.items()
)
SINCE, UNTIL = date(2026, 6, 1), date(2026, 6, 20)
DATED_WORDS = Vocabulary(
    VOCABULARY.concepts,
    (
        *VOCABULARY.edges,
        Edge("v.stray", "v.training", SINCE, UNTIL),
        Edge("v.research", "v.training", until=date(2026, 5, 31)),
    ),
    (*VOCABULARY.disjoint, Disjoint(("v.research", "v.training"), since=date(2026, 6, 10))),
    ("v.purpose",),
)
MOMENTS = [
    start_of_day(d, "UTC") + n
    for d in (date(2026, 5, 31), SINCE, date(2026, 6, 10), UNTIL, date(2026, 6, 21))
    for n in (-1, 0, 1)
]
LISTS = (
    figure("closed", CONCEPTS, frozenset({"v.training", "v.resale"}), list_kind=ListKind.CLOSED),
    figure("open", CONCEPTS, frozenset({"v.training"}), list_kind=ListKind.OPEN),
    figure("empty", CONCEPTS, frozenset(), list_kind=ListKind.CLOSED),
    figure(
        "dated",
        CONCEPTS,
        Dated(frozenset({"v.resale"}), until=date(2026, 6, 9)),
        Dated(frozenset({"v.training"}), since=date(2026, 6, 11)),
    ),
    figure("blank", KINDS["size"][0]),
    figure(
        "limit",
        KINDS["size"][0],
        Dated(Decimal(4), until=SINCE),
        Dated(Decimal(9), since=date(2026, 6, 3), until=UNTIL),
    ),
    figure("switch", KINDS["paid"][0], Dated(True, since=SINCE, until=UNTIL)),
    figure("amount", KINDS["price"][0], Money(Decimal(5), "CNY")),
)
ACT = EventType("m.use", EventKind.CONTROLLED, fields=FIELDS)
NARROW = EventType("m.train", EventKind.CONTROLLED, "m.use", fields=(*FIELDS, field("secret")))


def leaf(maker: Maker) -> Term:
    """A test of the act's own facts: of every kind, with constants and parameters on either side."""
    name = maker.choice(list(KINDS))
    kind, _, _, values = KINDS[name]
    mine = Field(name, kind)
    match kind.kind:
        case Kind.FACT if maker.often(0.6):
            return Holds(maker.one(mine, Field("secret", kind), Parameter("m.switch", kind), Const(True, kind)))
        case Kind.CONCEPT | Kind.CONCEPTS:
            wide = maker.one(
                *(Const(v, CONCEPT) for v in KINDS["purpose"][3]),
                *(Parameter(f"m.{p}", CONCEPTS) for p in ("closed", "open", "empty", "dated")),
            )
            if maker.often(0.25):
                return Covers(
                    mine,
                    maker.one(
                        Const("v.training", CONCEPT),
                        Const(frozenset({"v.training", "v.resale"}), CONCEPTS),
                        Const("v.no", CONCEPT),
                    ),
                )
            return Covers(wide, maker.one(mine, mine, mine, Const(maker.choice(values), kind)))
        case _:
            other: Any = Const(maker.choice(values), kind)
            if kind.kind is Kind.NUMBER:
                other = maker.one(
                    other,
                    Parameter("m.limit", kind),
                    Parameter("m.blank", kind),
                    Field(maker.one("size", "count"), kind),
                )
            if kind.kind is Kind.MONEY:
                other = maker.one(other, Parameter("m.amount", kind), Field(maker.one("fee", "price"), kind))
            left, right = maker.one((mine, other), (other, mine))
            return Compare(maker.one(*Order), left, right)


def term(maker: Maker, depth: int) -> Term:
    if depth == 0:
        return leaf(maker)
    args = tuple(term(maker, depth - 1) for _ in range(maker.one(1, 2, 3)))
    return maker.one(Not(args[0]), both(*args), either(*args), AtLeastOf(maker.one(1, 2), args), leaf(maker))


def policy(maker: Maker) -> Contract:
    grant = clause("1", may("B", "use", term(maker, 2), maker.one(either(), term(maker, 1))))
    bars = [
        clause(
            str(n), must_not("B", maker.one("use", "train"), term(maker, 1)), applies=maker.one(both(), term(maker, 0))
        )
        for n in (2, 3)
    ]
    aside = clause("4", may("B", "use", term(maker, 1), despite=("m.2",)), must_not("B", "use", term(maker, 1)))
    two = clause("5", may("B", "use", term(maker, 0)), may("B", "use", term(maker, 0)))
    return contract(
        grant,
        *bars,
        aside,
        two,
        types=(ACT, NARROW),
        parameters=LISTS,
        vocabulary=maker.one(VOCABULARY, DATED_WORDS),
        kind=maker.one(*[ModuleKind.CONTRACT] * 4, ModuleKind.PACK, ModuleKind.AGREEMENT),
    )


def facts(maker: Maker) -> dict[str, Value]:
    return {name: maker.choice(values) for name, (_, _, _, values) in KINDS.items() if maker.often(0.8)}


def same(given_: Contract, told: dict[str, Value], attested: frozenset[str], moment: int, act: str = "use") -> Decision:
    """As the reference judges it, in every way of asking."""
    asked = event(act, moment, "B", told, id="asked", index=2**62, signers=(), caller=attested)
    world = build(Lookup(given_), (), moment, draft=True)
    theirs = judge_act(world, place(world.lookup, asked))
    decider = Decider(Lookup(given_), draft=True)
    ours = decider.explain(f"m.{act}", "B", told, moment, attested)
    assert ours.decision is theirs.decision
    assert decider.verdict(f"m.{act}", "B", told, moment, attested) is theirs.decision
    assert decider.verdict(f"m.{act}", "B", told, moment, attested) is theirs.decision
    assert decider.verdict_of(f"m.{act}", "B")(told, moment, attested) is theirs.decision
    held = decider.statuses_of(f"m.{act}", "B")(told, moment, attested)
    statuses = decider.statuses(f"m.{act}", "B", told, moment, attested)
    assert held == (theirs.decision, statuses.concerned)
    assert statuses == ours.statuses == {c.clause: c.state for c in theirs.clauses}
    found = [x.truth for c in theirs.clauses for n in c.norms for part in n.finding.parts[:3] for x in part.leaves()]
    assert list(ours.leaves.values()) == found
    assert ours.sentences == {(n.clause, n.norm.number): n.truth for c in theirs.clauses for n in c.norms}
    assert ours.reasons == set(open_reasons(theirs.finding))
    return theirs.decision


@given(st.integers(0, 2**40).map(Maker), st.sampled_from([NOON, *MOMENTS]), st.sampled_from(["use", "use", "train"]))
def test_a_test_of_any_kind_of_value_is_what_the_reference_makes_of_it(maker: Maker, moment: int, act: str) -> None:
    attested = maker.one(frozenset(), frozenset({"share", "key"}))
    same(policy(maker), facts(maker), attested, moment, act)


@given(st.integers(0, 2**40).map(Maker))
def test_an_allowed_act_is_allowed_without_a_fact_only_if_every_value_of_it_allows(maker: Maker) -> None:
    given_, told = policy(maker), facts(maker)
    decider, attested = Decider(Lookup(given_), draft=True), frozenset({"share", "key"})

    def decided(changed: dict[str, Value]) -> Decision:
        return decider.verdict("m.use", "B", changed, NOON, attested)

    if decided(told) is not Decision.ALLOWED:
        return
    for name in told:
        rest = {n: v for n, v in told.items() if n != name}
        if decided(rest) is Decision.ALLOWED:
            assert all(decided(rest | {name: v}) is Decision.ALLOWED for v in KINDS[name][3])


@given(st.sampled_from(list(KINDS)), st.integers(0, 2**40).map(Maker))
def test_a_value_of_another_kind_settles_nothing(name: str, maker: Maker) -> None:
    """Whatever a caller passes, it does what a missing fact does, or is an error: it never allows more."""
    given_, told = policy(maker), facts(maker)
    decider, attested = Decider(Lookup(given_), draft=True), frozenset({"share", "key"})
    without = decider.verdict("m.use", "B", {n: v for n, v in told.items() if n != name}, NOON, attested)
    for other in (1, 1.5, None, b"a", object(), [], {"a": 1}):
        try:
            found = decider.verdict("m.use", "B", told | {name: other}, NOON, attested)  # type: ignore[dict-item]
        except TypeError:
            continue
        if not (type(other) is int and name == "when"):
            assert found is without


# ---- text


def texts(source: Source, types: Iterable[str] = ("m.use",)) -> Iterable[str]:
    for kind in types:
        lowered = source.lowered(kind, "B")
        functions = "\n".join((source.verdict(lowered)[1], source.statuses(lowered)[1], source.explained(lowered).text))
        yield source.constants.needed(functions) + functions


@given(st.integers(0, 2**40).map(Maker))
def test_equal_contracts_give_equal_text_which_is_python(maker: Maker) -> None:
    given_ = policy(maker)
    one, other = (list(texts(Source(Lookup(given_), {}, draft=True))) for _ in range(2))
    assert one == other
    assert all(ast.parse(text) for text in one)


WICKED = ["a'b", 'a"b', "a\\", "a\nb", "a\N{LINE SEPARATOR}b", "{x}", "#", "'''", '"""', "\\N{DIGIT ONE}", "\0", "%s"]


@pytest.mark.parametrize("word", WICKED)
def test_words_of_a_contract_are_never_read_as_program(word: str) -> None:
    kind = Type(Kind.TEXT)
    bar = clause("2", must_not("B", "use", Compare(Order.EQUAL, Field("word", kind), Const(word, kind))))
    given_ = contract(clause("1", may("B", "use")), bar, types=(ACT,))
    said = {("m.1", 1): f"{word}\nraise SystemExit", ("m.2", 1): f"{word}\rraise SystemExit\fraise SystemExit"}
    text = "".join(texts(Source(Lookup(given_), {}, draft=True, said=said)))
    exec(compile(text, "generated", "exec"), {"ALLOWED": 1, "REFUSED": 2, "UNDECIDED": 3, "UNKNOWN": 4, "MET": 5})
    assert not any(isinstance(node, ast.Raise) for node in ast.walk(ast.parse(text)))
    assert same(given_, {"word": word}, frozenset(), NOON) is Decision.REFUSED
    assert same(given_, {"word": f"{word}x"}, frozenset(), NOON) is Decision.ALLOWED


def test_a_comment_is_one_line() -> None:
    assert comment("a\nb\r\x1cc\N{LINE SEPARATOR}d\0") == "a b c d\N{REPLACEMENT CHARACTER}"


NAMES = [
    "facts",
    "get",
    "at",
    "attested",
    "ask",
    "ended",
    "decision",
    "missing",
    "class",
    "none",
    "b0",
    "type",
    "compare",
    "bisect",
    "self",
    "print",
    "in",
]


def test_no_field_shadows_a_name_of_the_program() -> None:
    """Every field is read into a name that no clause file can write."""
    kind = Type(Kind.FACT)
    fields = tuple(field(n) for n in (*NAMES, "n_0_truth", "truth"))
    act = EventType("m.use", EventKind.CONTROLLED, fields=fields)
    given_ = contract(clause("1", may("B", "use", both(*(Holds(Field(f.name, kind)) for f in fields)))), types=(act,))
    assert same(given_, {f.name: True for f in fields}, frozenset(), NOON) is Decision.ALLOWED
    for f in fields:
        told = {g.name: g is not f for g in fields}
        assert same(given_, told, frozenset(), NOON) is Decision.REFUSED
    text = "".join(texts(Source(Lookup(given_), {}, draft=True)))
    stored = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    assert stored & {f.name for f in fields} <= {"get", "decision", "missing"}
    assert all(
        re.fullmatch(r"_[a-z].*|_\d+_(truth|state|leaf)|[A-Z][A-Z0-9_]*|get|decision|missing", name) for name in stored
    )


def test_what_does_not_concern_the_act_is_not_in_its_function() -> None:
    other = [clause(str(n), must_not("B", "train", Holds(Field("secret", Type(Kind.FACT))))) for n in range(5, 50)]
    few = contract(
        clause("1", may("B", "use", Holds(Field("paid", Type(Kind.FACT))))),
        types=(ACT, NARROW, EventType("m.share", EventKind.CONTROLLED)),
    )
    many = contract(*few.modules[0].clauses, *other, types=few.types)
    shared = [Source(Lookup(c), {}, draft=True) for c in (few, many)]
    one, two = (s.verdict(s.lowered("m.share", "B"))[1] for s in shared)
    assert one == two


def test_a_condition_nested_beyond_what_python_reads_is_refused_by_name() -> None:
    deep = Holds(Field("paid", Type(Kind.FACT)))
    for n in range(420):
        deep = (
            both(deep, Holds(Field("paid", Type(Kind.FACT))))
            if n % 2
            else either(deep, Covers(Const("v.training", CONCEPT), Field("purpose", CONCEPT)))
        )  # type: ignore[assignment]
    given_ = contract(clause("1", may("B", "use", deep)), types=(ACT,))
    with pytest.raises(CannotDo):
        Decider(Lookup(given_), draft=True).verdict("m.use", "B", {}, NOON)
