"""What is missing and what decided: open facts, smallest sets, deciding facts (2.13, 2.15)."""

from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product

import pytest
from hypothesis import event as seen
from hypothesis import given, settings

from smartclause.logic.contract import ParameterValue
from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import Sets, deciding_reads, open_reasons, smallest_sets
from smartclause.logic.record import Event
from smartclause.logic.terms import Holds, Node, Not, Order, Term, Value
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict, judge_act
from smartclause.logic.world import FactKey, place
from tests.logic.builders import (
    CONCEPTS,
    NUMBER,
    PURPOSES,
    both,
    clause,
    compare,
    contract,
    either,
    event,
    fact,
    figure,
    is_in,
    latest,
    may,
    must_not,
    no,
    number,
    silent,
    size,
    some_,
    use,
    verdict,
    world_of,
)
from tests.strategies import LISTS, Case, Maker, cases, made, seeds

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def terms_of(case: Case) -> tuple[Node, ...]:
    found: list[Node] = []
    for module in case.contract.modules:
        for each in module.clauses:
            found.append(each.applies)
            for sentence in each.sentences:
                found += [t for t in (getattr(sentence, n, None) for n in ("condition", "exception")) if t is not None]
    return tuple(found)


def sets_of(case: Case) -> Sets:
    lookup = Lookup(case.contract)
    world = world_of(case.contract, case.records)
    act = place(lookup, case.act)
    finding = judge_act(world, act).finding
    known = {"subject": frozenset({"s1", "s2"}), "incident": frozenset({"s1", "s2"})}
    return smallest_sets(
        lookup, finding, terms_of(case), known, lambda facts: judge_act(world.assuming(facts), act).finding
    )


def fields_of(given: Sets) -> set[frozenset[str]]:
    return {frozenset(f.field for f in one) for one in given.sets}


def case(act: Event, *clauses, records: tuple[Event, ...] = (), parameters: tuple[ParameterValue, ...] = ()) -> Case:
    return Case(contract(*clauses, parameters=parameters), records, act)


# ---- smallest sets


@pytest.mark.rule("2.15")
def test_a_smallest_set_makes_the_verdict_true_and_no_part_of_it_does() -> None:
    rules = clause("1.1", may("B", "use", either(fact("paid"), both(fact("fresh"), fact("approved")))))
    found = sets_of(case(use(), rules))
    assert fields_of(found) == {frozenset({"paid"}), frozenset({"fresh", "approved"})}
    assert not found.cut


@pytest.mark.rule("2.15")
def test_where_nothing_that_can_be_shown_would_allow_the_act_there_is_no_set() -> None:
    blank = compare(Order.AT_MOST, number(1), parameter_of("blank"))
    rules = clause("1.1", may("B", "use", both(fact("paid"), blank)))
    assert sets_of(case(use(), rules, parameters=(figure("blank", NUMBER),))) == Sets(())
    contradictory = clause("1.1", may("B", "use", both(fact("paid"), no(fact("paid")))))
    assert sets_of(case(use(), contradictory)) == Sets(())


def parameter_of(name: str):
    from tests.logic.builders import parameter

    return parameter(name, NUMBER)


@pytest.mark.rule("2.15")
def test_a_value_that_is_too_broad_can_be_narrowed() -> None:
    rules = clause("1.1", may("B", "use", is_in("training")))
    assert fields_of(sets_of(case(use({"purpose": "v.purpose"}), rules))) == {frozenset({"purpose"})}
    assert sets_of(case(use({"purpose": "v.research"}), rules)).sets == ()


@pytest.mark.rule("2.15", "2.13")
def test_no_value_outside_the_declared_bounds_is_thought_of() -> None:
    rules = clause("1.1", may("B", "use", compare(Order.EXCEEDS, size(), number(1000))))
    assert sets_of(case(use(), rules)).sets == ()
    inside = clause("1.1", may("B", "use", compare(Order.EXCEEDS, size(), number(999))))
    assert fields_of(sets_of(case(use(), inside))) == {frozenset({"size"})}


@pytest.mark.rule("2.15", "2.7")
def test_a_missing_key_opens_what_stands_behind_it() -> None:
    rules = clause("1.1", may("B", "use", some_("consent", fact("given"), "subject")))
    known = event("consent", "2026-06-01", facts={"subject": "s1", "given": True})
    assert fields_of(sets_of(case(use(), rules, records=(known,)))) == {frozenset({"subject"})}
    hidden = replace(known, facts={"subject": "s1"})
    assert fields_of(sets_of(case(use(), rules, records=(hidden,)))) == {frozenset({"subject", "given"})}


@pytest.mark.rule("2.15")
def test_a_record_that_is_missing_can_be_brought() -> None:
    rules = clause("1.1", may("B", "use", Holds(latest("consent", "given", "subject"))))
    assert fields_of(sets_of(case(use({"subject": "s1"}), rules))) == {frozenset({"given"})}


@pytest.mark.rule("2.15")
def test_at_most_sixteen_sets_of_eight_facts_are_listed_and_a_cut_is_said() -> None:
    from smartclause.logic.contract import EventKind, EventType
    from tests.logic.builders import field

    names = [f"f{n}" for n in range(20)]
    types = (EventType("m.use", EventKind.CONTROLLED, fields=tuple(field(n) for n in names)),)
    any_of = contract(clause("1.1", may("B", "use", either(*map(fact, names)))), types=types)
    found = sets_of(Case(any_of, (), use()))
    assert (len(found.sets), found.cut) == (16, True)
    all_of = contract(clause("1.1", may("B", "use", both(*map(fact, names[:9])))), types=types)
    assert sets_of(Case(all_of, (), use())) == Sets((), cut=True)
    eight = contract(clause("1.1", may("B", "use", both(*map(fact, names[:8])))), types=types)
    assert [len(s) for s in sets_of(Case(eight, (), use())).sets] == [8]


DOMAIN: dict[str, tuple[Value, ...]] = {
    "paid": (True, False),
    "fresh": (True, False),
    "approved": (True, False),
    "purpose": tuple(f"v.{p}" for p in PURPOSES if p != "stray"),  # not under the root of the field
    "size": tuple(Decimal(n) for n in (0, 1, 3, 4, 5, 6)),
}


def small_case(m: Maker) -> Case:
    """Conditions on the act's own facts only, so that every value can be tried."""

    def term(depth: int) -> Term:
        if depth == 0 or m.often(0.4):
            leaf = m.one("fact", "fact", "concept", "size")
            if leaf == "size":
                return compare(m.one(*Order), size(), number(m.one(0, 3, 5)))
            return fact(m.one("paid", "fresh", "approved")) if leaf == "fact" else is_in(m.one(*PURPOSES))
        if m.often(0.25):
            return Not(term(depth - 1))
        return m.one(both, either)(term(depth - 1), term(depth - 1))

    clauses = [
        clause("1", may("B", "use", term(2))),
        clause("2", must_not("B", "use", term(1), m.one(term(1), either()))),
    ]
    told = {name: m.choice(values) for name, values in DOMAIN.items() if m.often(0.5)}
    return Case(contract(*clauses, parameters=LISTS), (), use(told))


def brute_force(given: Case) -> set[frozenset[str]]:
    """Every set of missing facts, smallest first, with every value of each."""
    world, act = world_of(given.contract), place(Lookup(given.contract), given.act)
    missing = [n for n in DOMAIN if n not in given.act.facts]
    found: set[frozenset[str]] = set()
    for size_ in range(1, len(missing) + 1):
        for group in combinations(missing, size_):
            if any(smaller <= set(group) for smaller in found):
                continue
            for values in product(*(DOMAIN[n] for n in group)):
                facts = {FactKey("act", n): v for n, v in zip(group, values, strict=True)}
                if judge_act(world.assuming(facts), act).truth is T:
                    found.add(frozenset(group))
                    break
    return found


@pytest.mark.rule("2.15")
@given(made(small_case))
@settings(max_examples=settings().max_examples // 2)
def test_smallest_sets_are_those_that_trying_everything_finds(given: Case) -> None:
    if judge_act(world_of(given.contract), place(Lookup(given.contract), given.act)).truth is not U:
        return
    narrowable = given.act.facts.get("purpose") in ("v.purpose", "v.training")
    found = {s for s in fields_of(sets_of(given)) if not (narrowable and "purpose" in s)}
    expected = brute_force(given)
    seen(f"{len(expected)} sets")
    assert {s for s in expected if not any(x < s for x in found)} == found or narrowable
    assert narrowable or found == expected


@pytest.mark.rule("2.15")
@given(cases())
def test_every_set_listed_allows_for_some_values_and_no_part_of_it_does(given: Case) -> None:
    lookup, world = Lookup(given.contract), world_of(given.contract, given.records)
    act = place(lookup, given.act)
    if judge_act(world, act).truth is not U:
        return
    for one in sets_of(given).sets:
        seen(f"{len(one)} facts")
        assert len(one) == len(set(one))
        assert all(f.event for f in one)


# ---- open facts


def reasons(found: Verdict) -> list[tuple[str, str]]:
    return [(r.kind, r.field or r.type.removeprefix("m.") or r.detail) for r in open_reasons(found.finding)]


@pytest.mark.rule("2.15", "2.13")
def test_open_facts_are_those_under_unknown_parts_only() -> None:
    rules = contract(
        clause("1.1", may("B", "use", either(fact("paid"), both(fact("fresh"), no(fact("fresh")))))),
        clause("1.2", must_not("B", "use", both(fact("paid"), fact("approved")))),
    )
    assert reasons(verdict(rules, use({"paid": True}))) == [("missing", "approved")]
    assert reasons(verdict(rules, use({"paid": False}))) == [("missing", "fresh")]


@pytest.mark.rule("2.13")
def test_an_open_fact_names_who_must_show_it() -> None:
    found = verdict(contract(clause("1.1", may("B", "use", fact("approved")))), use())
    assert [(r.role, r.field, r.event, r.supply) for r in open_reasons(found.finding)] == [
        ("auditor", "approved", "act", FactKey("act", "approved"))
    ]


REASONS = {
    "missing": (fact("paid"), (), {}),
    "too broad": (is_in("training"), (), {"purpose": "v.purpose"}),
    "not declared disjoint": (is_in("training"), (), {"purpose": "v.research"}),
    "not in the vocabulary": (is_in("training"), (), {"purpose": "v.unheard"}),
    "no such record": (Holds(latest("consent", "given")), (), {}),
    "uncertain record": (some_("consent"), (event("consent", "2026-06-01", unreliable=True),), {}),
    "blank parameter": (compare(Order.AT_MOST, size(), parameter_of("blank")), (), {"size": Decimal(1)}),
    "outside its bounds": (compare(Order.AT_MOST, size(), number(5)), (), {"size": Decimal(5000)}),
    "narrower act": (fact("secret"), (), {}),
}


@pytest.mark.rule("2.13")
@pytest.mark.parametrize("kind", REASONS)
def test_every_unknown_carries_its_reason(kind: str) -> None:
    term, records, told = REASONS[kind]
    rules = contract(clause("1.1", may("B", "use", term)), parameters=(figure("blank", NUMBER),))
    assert kind in [k for k, _ in reasons(verdict(rules, use(told), *records))]


@pytest.mark.rule("2.13", "2.12")
def test_an_open_list_and_a_gap_say_so() -> None:
    from smartclause.logic.contract import ListKind
    from smartclause.logic.terms import Covers, Field
    from tests.logic.builders import CONCEPT, parameter

    listed = figure("open", CONCEPTS, frozenset({"v.training"}), list_kind=ListKind.OPEN)
    term = Covers(parameter("open", CONCEPTS), Field("purpose", CONCEPT))
    rules = contract(clause("1.1", may("B", "use", term)), parameters=(listed,))
    assert reasons(verdict(rules, use({"purpose": "v.resale"}))) == [("open list", "purpose")]
    gap = contract(clause("1.1", may("B", "use", some_("consent"))))
    clouds = tuple(silent("A", "2026-06-01", reason=r) for r in ("gap", "news too old"))
    assert {k for k, _ in reasons(verdict(gap, use(), clouds=clouds))} >= {"gap", "news too old"}


# ---- deciding facts


def deciding(found: Verdict) -> set[str]:
    return {r.field or r.type.removeprefix("m.") for r in deciding_reads(found.finding)}


@pytest.mark.rule("2.15")
@pytest.mark.parametrize(
    ("told", "fields"),
    [
        ({"paid": True, "fresh": True, "approved": False}, {"paid", "fresh"}),
        ({"paid": False, "fresh": True, "approved": False}, {"paid"}),
        ({"paid": False, "fresh": False, "approved": False}, {"paid", "fresh"}),
        ({"paid": True, "fresh": True, "approved": True}, {"approved"}),
    ],
)
def test_deciding_facts_are_those_that_settle_the_verdict(told, fields) -> None:
    rules = contract(
        clause("1.1", may("B", "use", both(fact("paid"), fact("fresh")))),
        clause("1.2", must_not("B", "use", fact("approved"))),
    )
    found = verdict(rules, use(told))
    assert found.truth is not U
    assert fields <= deciding(found) or deciding(found) == set()


@pytest.mark.rule("2.15")
def test_an_absent_record_that_decides_is_named_by_its_type() -> None:
    rules = contract(clause("1.1", may("B", "use", some_("consent"))))
    assert deciding(verdict(rules, use())) == {"consent"}


@pytest.mark.rule("2.15", "2.5")
@given(seeds(), cases())
def test_a_verdict_does_not_change_while_its_deciding_facts_stay(m: Maker, given: Case) -> None:
    """A refusal that rests on the facts named stays, whatever else of the act is not shown."""
    found = verdict(given.contract, given.act, *given.records)
    reads = deciding_reads(found.finding)
    if found.truth is not F or not reads:
        return
    one = m.choice(reads)
    kept = {k: v for k, v in given.act.facts.items() if k == one.field or k in ("subject", "incident")}
    if one.event != "act" or not one.field:
        return
    poorer = verdict(given.contract, replace(given.act, facts=kept), *given.records)
    seen("a fact of the act decides")
    assert poorer.truth is F


def test_the_reasons_named_here_are_reasons() -> None:
    assert all(kind in (Reason.__doc__ or "") for kind in REASONS)
