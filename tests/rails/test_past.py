"""The past as the fast engines read it agrees with the reference: truth and reasons, at any place, however it came."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.logic.contract import Header
from smartclause.logic.counting import Window, window_start
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.terms import ClauseViolated, Compare, Const, CountDistinct, EveryFollowed, Money, Order, Term
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, World, build, place
from smartclause.rails.dated import Dated
from smartclause.rails.formula import Leaf
from smartclause.rails.past.past import Past
from smartclause.rails.refused import CannotDo
from tests.logic.builders import (
    DAY,
    HOUR,
    MONEY,
    NOON,
    TIMES,
    contract,
    count,
    event,
    every_,
    fact,
    hours,
    number,
    query,
    signed,
    some_,
    total,
    within_limit,
)
from tests.rails.past_cases import Pastmaker, Pasts, Question, answer

F = Truth.FALSE
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin")
seeds = st.integers(0, 2**40)
pasts = seeds.map(lambda seed: Pastmaker(seed).pasts())
walks = seeds.map(lambda seed: Pastmaker(seed).walk())
few = seeds.map(lambda seed: Pastmaker(seed).pasts(most=6, leaves=2, places=4))


def agree(past: Past, case: Pasts, forgetful: bool = False) -> None:
    """`forgetful`: it may say that a record in view was forgotten."""
    for question in case.questions:
        row = past.row(question.record, question.leaf.party)
        truth, reasons = answer(case.world, question)
        at = (question.leaf, row, question.before, question.now)
        try:
            assert past.truth(*at) is truth, question
            assert past.reasons(*at) == reasons, question
        except CannotDo:
            assert forgetful
            assert question.record.position < question.before


@settings(max_examples=250)
@given(pasts)
def test_every_leaf_has_the_truth_and_the_reasons_of_the_reference_at_every_place(case: Pasts) -> None:
    agree(Past.of(case.world), case)


@settings(max_examples=60)
@given(pasts)
def test_what_is_unseen_may_change(case: Pasts) -> None:
    past = Past.of(replace(case.world, clouds=()))
    agree(past, replace(case, world=replace(case.world, clouds=())))
    past.see(case.world.clouds)
    agree(past, case)
    past.see(())
    agree(past, replace(case, world=replace(case.world, clouds=())))


@settings(max_examples=200)
@given(walks)
def test_asked_in_order_of_instant_and_position_it_answers_as_the_reference(case: Pasts) -> None:
    """And from the middle a second time."""
    questions = case.questions
    agree(Past.of(case.world), replace(case, questions=(*questions, *questions[len(questions) // 2 :])))


def growing(case: Pasts, events: Sequence[Event]) -> Iterator[tuple[Past, Pasts]]:
    """The past after each event, and the world it must agree with: that of the events told so far, in ledger order."""
    lookup = case.world.lookup
    past = Past(lookup, case.world.clouds)
    for told_so_far, each in enumerate(events, 1):
        past.add(place(lookup, each))
        told = sorted(events[:told_so_far], key=lambda e: e.index)
        world = replace(build(lookup, told, NOON, draft=True), clouds=case.world.clouds)
        yield past, replace(case, world=world)


@settings(max_examples=120)
@given(few)
def test_what_is_added_one_by_one_is_answered_as_if_it_had_been_there_at_once(case: Pasts) -> None:
    for past, now in growing(case, case.events):
        agree(past, now)


@settings(max_examples=120)
@given(few, st.randoms(use_true_random=False))
def test_what_is_added_late_is_answered_as_if_it_had_come_in_order(case: Pasts, random: Random) -> None:
    events = list(case.events)
    random.shuffle(events)
    for past, now in growing(case, events):
        agree(past, now)


@settings(max_examples=50)
@given(pasts, st.sampled_from(["A", "B"]))
def test_doubting_a_party_is_as_in_a_world_that_doubts_it(case: Pasts, party: str) -> None:
    past = Past.of(case.world)
    agree(past, case)
    agree(past.doubting(party), replace(case, world=case.world.doubting(party)))
    agree(past, case)


@settings(max_examples=150)
@given(pasts)
def test_what_is_forgotten_changes_no_later_answer(case: Pasts) -> None:
    """Records come in order of their instants; what was known stays known, what was not may still be filled."""
    lookup, clouds = case.world.lookup, case.world.clouds
    events = once(case.events)
    past = Past(lookup, clouds)
    for question in case.questions:
        past.reader(question.leaf)
    told: list[Event] = []
    for each in events:
        past.add(place(lookup, each))
        told.append(each)
        world = replace(build(lookup, sorted(told, key=lambda e: e.index), NOON, draft=True), clouds=clouds)
        horizon = max(place(lookup, e).instant for e in told if e.type != "supplement")
        later = tuple(q for q in case.questions if q.now >= horizon and q.before.instant >= horizon)
        fresh = tuple(q for q in later if q.record.position >= q.before or q.record.event.id in world.by_id)
        agree(past, replace(case, world=world, questions=fresh), forgetful=True)
        past.forget(horizon, at_once=True)
        agree(past, replace(case, world=world, questions=fresh), forgetful=True)


def a_leaf(term: Term) -> Leaf:
    return Leaf(term, "m", "B", True)


def test_whether_a_clause_is_violated_is_not_answered_here() -> None:
    with pytest.raises(CannotDo):
        Past(Lookup(contract())).reader(a_leaf(ClauseViolated("m.1")))


def test_a_condition_on_one_record_does_not_look_at_others() -> None:
    with pytest.raises(CannotDo):
        Past(Lookup(contract())).reader(a_leaf(some_("use", some_("consent"))))


@pytest.mark.parametrize(("keys", "truth"), [(("subject", "incident"), Truth.UNKNOWN), (("incident", "subject"), F)])
def test_a_key_in_which_versions_differ_clouds_only_what_it_states_if_it_is_the_first(
    keys: tuple[str, ...], truth: Truth
) -> None:
    stated = event("use", NOON - 2, "B", {"subject": "s1", "incident": "i1"}, id="u", index=1)
    other = replace(stated, facts={"subject": "s1"}, index=2)
    act = place(Lookup(contract()), event("use", NOON, "B", {"subject": "s1", "incident": "i2"}, id="act", index=3))
    leaf = a_leaf(some_("use", None, *keys))
    world = build(Lookup(contract()), (stated, other), NOON, draft=True)
    past = Past.of(world)
    assert past.truth(leaf, past.row(act, "B"), act.position, NOON) is truth
    assert answer(world, Question(leaf, act, act.position, NOON))[0] is truth


BREACH = event("breach", NOON - 5 * HOUR, "A", {"incident": "i"}, id="b", index=1)
NOTICE = event("notify", NOON - 3 * HOUR, "B", {"incident": "i"}, id="n", index=2)


def followed(past: Past, world: World, now: int, within: object = None) -> Truth:
    """Whether every breach is followed by a notice, asked at an instant; as the reference says."""
    leaf = a_leaf(EveryFollowed(query("breach"), query("notify", None, "incident", within=within)))
    act = place(Lookup(contract()), event("use", now, "B", id="act", index=99))
    found = past.truth(leaf, past.row(act, "B"), act.position, now)
    assert found is answer(world, Question(leaf, act, act.position, now))[0]
    return found


def test_what_was_followed_is_no_more_once_the_answer_ran_out() -> None:
    world = build(Lookup(contract()), (BREACH, NOTICE), NOON, draft=True)
    past, day = Past.of(world), hours(24)
    end = NOTICE.time + DAY
    assert [followed(past, world, t, day) for t in (NOON, end, end + 1)] == [Truth.TRUE, Truth.TRUE, F]


def test_what_was_followed_is_not_at_an_earlier_place() -> None:
    world = build(Lookup(contract()), (BREACH, NOTICE), NOON, draft=True)
    past = Past.of(world)
    assert [followed(past, world, t) for t in (NOON, NOON - 4 * HOUR, NOON)] == [Truth.TRUE, F, Truth.TRUE]


def test_what_was_followed_is_not_surely_once_the_answer_is_in_doubt() -> None:
    lookup, other = Lookup(contract()), replace(NOTICE, by="A", index=3)
    past = Past.of(build(lookup, (BREACH, NOTICE), NOON, draft=True))
    assert followed(past, build(lookup, (BREACH, NOTICE), NOON, draft=True), NOON) is Truth.TRUE
    past.add(place(lookup, other))
    assert followed(past, build(lookup, (BREACH, NOTICE, other), NOON, draft=True), NOON) is Truth.UNKNOWN


def asked(past: Past, term: Term, *events: Event, favour: bool = True) -> Truth:
    """Of an act at noon, in agreement with the reference on the events."""
    world = build(Lookup(contract()), events, NOON, draft=True)
    act = place(Lookup(contract()), event("share", NOON, "B", id="act", index=99))
    leaf = Leaf(term, "m", "B", favour)
    found = past.truth(leaf, past.row(act, "B"), act.position, NOON)
    assert (found, past.reasons(leaf, past.row(act, "B"), act.position, NOON)) == answer(
        world, Question(leaf, act, act.position, NOON)
    )
    return found


def test_a_supplement_fills_and_one_of_the_same_number_with_another_value_takes_that_back() -> None:
    lookup, term = Lookup(contract()), some_("consent", fact("given"))
    consent = event("consent", NOON - 2, "A", signers=signed("A"), id="c", index=1)
    filled = event("supplement", NOON - 1, facts={"event": "c", "field": "given", "value": True}, signers=signed("A"),
                   id="s", index=2)  # fmt: skip
    other = replace(filled, facts={"event": "c", "field": "checked", "value": True}, index=3)
    past, told, found = Past(lookup), [], []
    for each in (consent, filled, other):
        past.add(place(lookup, each))
        told.append(each)
        found.append(asked(past, term, *told))
    assert found == [Truth.UNKNOWN, Truth.TRUE, Truth.UNKNOWN]


def test_a_supplement_fills_the_record_that_was_just_added() -> None:
    lookup, term = Lookup(contract()), some_("consent", fact("given"))
    consent = event("consent", NOON - 2, "A", signers=signed("A"), id="c", index=1)
    filled = event("supplement", NOON - 1, facts={"event": "c", "field": "given", "value": True}, signers=signed("A"),
                   id="s", index=2)  # fmt: skip
    past = Past(lookup)
    past.reader(a_leaf(term))
    for each in (consent, filled):
        past.add(place(lookup, each))
    assert asked(past, term, consent, filled) is Truth.TRUE


def test_versions_that_differ_in_who_did_it_leave_the_record_in_doubt() -> None:
    lookup, first = Lookup(contract()), event("breach", NOON - 2, "A", id="b", index=1)
    past, second = Past(lookup), replace(first, by="B", index=2)
    past.add(place(lookup, first))
    assert asked(past, some_("breach"), first) is Truth.TRUE
    past.add(place(lookup, second))
    assert asked(past, some_("breach"), first, second) is Truth.UNKNOWN


@pytest.mark.parametrize(("favour", "truth"), [(True, F), (False, Truth.UNKNOWN)])
def test_what_only_the_party_says_fails_it_and_does_not_help_it(favour: bool, truth: Truth) -> None:
    own = event("consent", NOON - 2, "B", {"given": False}, signers=signed("B"), id="c", index=1)
    world = build(Lookup(contract()), (own,), NOON, draft=True)
    assert asked(Past.of(world), every_("consent", fact("given")), own, favour=favour) is truth


def test_a_concept_with_narrower_ones_may_be_one_of_those_counted() -> None:
    uses = [event("use", NOON - n, "B", {"purpose": f"v.{p}"}, id=p, index=9 - n)
            for n, p in ((1, "training"), (2, "pretraining"))]  # fmt: skip
    past = Past.of(build(Lookup(contract()), uses, NOON, draft=True))
    distinct = CountDistinct(query("use"), "purpose", TIMES)
    assert asked(past, Compare(Order.AT_MOST, distinct, number(1, TIMES)), *uses) is Truth.UNKNOWN


@pytest.mark.parametrize("order", Order)
def test_a_number_between_bounds_is_compared_as_the_reference_does(order: Order) -> None:
    """Counts of one sure and up to two doubtful records, on either side of a limit."""
    uses = [event("use", NOON - n, "B", id=f"u{n}", index=9 - n, unreliable=n > 1) for n in (1, 2, 3)]
    for told in (uses[:1], uses[:2], uses):
        past = Past.of(build(Lookup(contract()), told, NOON, draft=True))
        for limit in range(5):
            sides = (count("use"), number(limit, TIMES))
            for term in (Compare(order, *sides), Compare(order, *reversed(sides))):
                for favour in (True, False):
                    asked(past, term, *told, favour=favour)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("currency", ["CNY", "USD"])
def test_an_amount_of_another_currency_counts_with_its_bounds_and_is_not_compared(order: Order, currency: str) -> None:
    uses = [event("use", NOON - n, "B", {"price": Money(Decimal(n), c)}, id=f"u{n}", index=9 - n)
            for n, c in ((1, "CNY"), (2, currency))]  # fmt: skip
    past = Past.of(build(Lookup(contract()), uses, NOON, draft=True))
    for limit in (2, 3, 2000):
        for other in ("CNY", "USD"):
            asked(past, Compare(order, total("use", "price"), Const(Money(Decimal(limit), other), MONEY)), *uses)


@pytest.mark.parametrize("order", Order)
def test_values_that_nobody_knows_are_at_least_one_and_at_most_each_another(order: Order) -> None:
    uses = [event("use", NOON - n, "B", {"subject": s} if s else {}, id=f"u{n}", index=9 - n)
            for n, s in ((1, ""), (2, ""))]  # fmt: skip
    world = build(Lookup(contract()), uses, NOON, draft=True)
    act = place(Lookup(contract()), event("share", NOON, "B", id="act", index=99))
    past = Past.of(world)
    for limit in range(4):
        leaf = a_leaf(Compare(order, CountDistinct(query("use"), "subject", TIMES), number(limit, TIMES)))
        truth, _ = answer(world, Question(leaf, act, act.position, NOON))
        assert past.truth(leaf, past.row(act, "B"), act.position, NOON) is truth


@given(st.integers(-(2**51), 2**53), st.sampled_from(["day", "month", "year"]), st.sampled_from(ZONES))
def test_a_record_is_in_a_calendar_window_to_the_last_instant_of_its_period(at: int, window: Window, zone: str) -> None:
    lookup = Lookup(contract(header=Header(zone=zone)))
    end, possible, _ = Dated(lookup).stay(query("use", within=window), "m")(at)
    assert end == possible
    assert window_start(end, window, zone) <= at < window_start(end + 1, window, zone)


def forgetful() -> Past:
    past = Past(Lookup(contract()))
    past.reader(a_leaf(within_limit(count("use"), 1)))
    for n, time in enumerate((NOON - 3, NOON - 2, NOON - 1), 1):
        past.add(place(Lookup(contract()), event("use", time, "B", id=f"u{n}", index=n)))
    past.forget(NOON, at_once=True)
    return past


def test_what_was_forgotten_is_asked_no_new_question() -> None:
    with pytest.raises(CannotDo):
        forgetful().reader(a_leaf(some_("use")))


def test_nothing_is_added_before_what_was_forgotten() -> None:
    with pytest.raises(CannotDo):
        forgetful().add(place(Lookup(contract()), event("use", NOON - 2, "B", id="late", index=9)))


def test_a_record_that_was_forgotten_is_no_record_in_view_at_a_later_place() -> None:
    """It does not count for itself, and nobody knows any more that it was counted."""
    past, old = forgetful(), place(Lookup(contract()), event("use", NOON - 2, "B", id="u2", index=2))
    new = place(Lookup(contract()), event("use", NOON, "B", id="u4", index=4))
    leaf = a_leaf(within_limit(count("use"), 1))
    assert past.truth(leaf, past.row(new, "B"), new.position, NOON) is Truth.FALSE
    with pytest.raises(CannotDo):
        past.truth(leaf, past.row(old, "B"), new.position, NOON)


CONSENTS = tuple(event("consent", NOON - DAY - n, "A", id=f"c{n}", index=9 - n) for n in (3, 2))


def after_forgetting(before: int, *terms: Term) -> Past:
    past = Past.of(build(Lookup(contract()), CONSENTS, NOON, draft=True))
    for term in terms:
        past.reader(a_leaf(term))
    past.forget(before, at_once=True)
    return past


def test_of_records_that_surely_count_enough_are_kept_for_one_of_them_to_ask() -> None:
    term = some_("consent")
    past = after_forgetting(NOON, term)
    for each in CONSENTS:
        row = past.row(place(Lookup(contract()), each), "B")
        assert past.truth(a_leaf(term), row, Position(NOON, 9), NOON) is Truth.TRUE


def test_a_record_counts_at_the_last_instant_of_its_window_even_if_all_before_that_is_forgotten() -> None:
    term, last = some_("consent", within=hours(24)), CONSENTS[-1].time + DAY
    past = after_forgetting(last, term)
    act = place(Lookup(contract()), event("use", last, "B", id="act", index=99))
    assert past.truth(a_leaf(term), past.row(act, "B"), act.position, last) is Truth.TRUE
    assert past.truth(a_leaf(term), past.row(act, "B"), act.position, last + 1) is F


def test_what_was_counted_and_forgotten_is_not_counted_again_when_it_is_filled() -> None:
    given, two = some_("consent", fact("given")), within_limit(count("consent"), 2)
    past = after_forgetting(NOON, given, two)
    filled = event("supplement", NOON, facts={"event": "c2", "field": "given", "value": True}, id="s", index=20)
    assert asked_of(past, given) is Truth.UNKNOWN
    past.add(place(Lookup(contract()), filled))
    assert asked_of(past, given) is Truth.TRUE
    assert asked_of(past, two) is Truth.TRUE


def asked_of(past: Past, term: Term) -> Truth:
    act = place(Lookup(contract()), event("share", NOON, "B", id="act", index=99))
    return past.truth(a_leaf(term), past.row(act, "B"), act.position, NOON)


def once(events: Sequence[Event]) -> list[Event]:
    """No second versions; records in the order of their instants, each with its supplements after it."""
    records = {e.id: e for e in reversed(events) if e.type != "supplement"}
    numbers = Counter(e.id for e in events)
    found: list[Event] = []
    for record in sorted(records.values(), key=lambda e: (e.time, e.index)):
        found.append(record)
    supplements = [e for e in events if e.type == "supplement" and numbers[e.id] == 1]
    for supplement in supplements:
        target = next(n for n, e in enumerate(found) if e.id == supplement.facts["event"])
        found.insert(target + 1 + supplement.index % (len(found) - target), supplement)
    return found
