"""Terms over past records: which records count, surely or possibly, and what follows (2.5, 2.6, 2.7)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from smartclause.logic.contract import Dated
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.needs import open_reasons
from smartclause.logic.record import Event, Source
from smartclause.logic.terms import CountDistinct, EveryFollowed, Holds, LatestField, LatestHas, Not, Order, Query, Term
from smartclause.logic.truth import Truth
from smartclause.logic.world import Cloud
from tests.logic.builders import (
    DAY,
    DURATION,
    FACT,
    HOUR,
    NOON,
    TIMES,
    at,
    clause,
    compare,
    contract,
    count,
    days,
    event,
    every_,
    fact,
    figure,
    hours,
    is_in,
    judged,
    judged_term,
    latest,
    latest_has,
    may,
    may_only,
    months,
    must_not,
    number,
    parameter,
    query,
    signed,
    silent,
    some_,
    total,
    use,
    verdict,
    within_limit,
)

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def consent(time: int | str = "2026-06-01", **facts) -> Event:
    signers = facts.pop("signers", signed("A"))
    told = {"subject": "s1", **facts}
    return event("consent", time, facts=told, signers=signers, id=f"c{time}{sorted(map(str, facts.items()))}")


def maybe(record: Event) -> Event:
    return replace(record, unreliable=True)


def term(what: Term, *records: Event, act: Event | None = None, **more) -> Truth:
    return judged_term(what, act or use({"subject": "s1"}), *records, **more)


FORMS = {
    "some": some_("consent"),
    "every": every_("consent", fact("given")),
    "latest has": latest_has("consent", fact("given")),
    "followed": EveryFollowed(query("use"), query("consent")),
}


@pytest.mark.rule("2.6")
@pytest.mark.parametrize("form", FORMS)
def test_nothing_recorded_makes_a_test_of_records_false(form: str) -> None:
    assert term(FORMS[form]) is F
    assert term(Not(FORMS[form])) is T


@pytest.mark.rule("2.6")
def test_a_field_of_a_record_that_does_not_exist_is_unknown_either_way() -> None:
    given = Holds(latest("consent", "given"))
    assert term(given) is U
    assert term(Not(given)) is U


@pytest.mark.rule("2.6", "2.7")
@pytest.mark.parametrize("form", FORMS)
def test_where_records_may_stand_that_nobody_has_shown_a_test_is_unknown(form: str) -> None:
    cloud = silent("A", NOON - DAY)
    assert term(FORMS[form], clouds=(cloud,)) is U


@pytest.mark.rule("2.6")
def test_some_is_true_of_one_sure_record_and_false_only_if_none_can_count() -> None:
    where = some_("consent", fact("given"))
    sure, open_, other = consent(given=True), consent("2026-06-02"), consent("2026-06-03", given=False)
    assert [term(where, *r) for r in ((sure, open_), (open_, other), (other,), (maybe(sure),))] == [T, U, F, U]


@pytest.mark.rule("2.6")
def test_every_is_false_of_one_sure_failure_and_true_only_if_one_surely_exists() -> None:
    has = every_("consent", fact("given"))
    good, bad, open_ = consent(given=True), consent("2026-06-02", given=False), consent("2026-06-03")
    cases = ((good,), (good, bad), (good, open_), (good, maybe(bad)), (maybe(good),), (maybe(bad),), (bad, maybe(good)))
    assert [term(has, *r) for r in cases] == [T, F, U, U, U, U, F]


@pytest.mark.rule("2.6")
@pytest.mark.parametrize("as_field", [False, True])
def test_only_the_last_record_speaks_for_the_latest(as_field: bool) -> None:
    has: Term = Holds(latest("consent", "given")) if as_field else latest_has("consent", fact("given"))
    yes, no_ = consent("2026-06-01", given=True), consent("2026-06-02", given=False)
    assert term(has, yes, no_) is F
    assert term(has, no_, replace(yes, time=at("2026-06-03"))) is T
    assert term(has, yes, consent("2026-06-04")) is U


@pytest.mark.rule("2.6")
@pytest.mark.parametrize("as_field", [False, True])
def test_a_record_that_may_exist_or_may_count_after_the_last_makes_the_latest_unknown(as_field: bool) -> None:
    asked = Query("m.consent", fact("checked"))
    has: Term = Holds(LatestField(asked, "given", FACT)) if as_field else LatestHas(asked, fact("given"))
    sure = replace(consent("2026-06-01", given=True, checked=True), caller=frozenset({"checked"}))
    may_exist = replace(maybe(sure), time=at("2026-06-02"), id="later")
    may_count = consent("2026-06-03", given=True, checked=True)  # checked is not shown
    assert term(has, sure) is T
    assert term(has, sure, may_exist) is U
    assert term(has, sure, may_count) is U
    assert term(has, replace(may_exist, time=at("2026-05-01")), sure) is T


@pytest.mark.rule("2.6", "2.7")
@pytest.mark.parametrize("as_field", [False, True])
def test_a_gap_matters_to_the_latest_only_if_it_may_hide_a_later_record(as_field: bool) -> None:
    has: Term = Holds(latest("consent", "given")) if as_field else latest_has("consent", fact("given"))
    record = consent("2026-06-05", given=True)
    source = Source("A-key", "A")
    assert term(has, record, clouds=(Cloud(at("2026-06-01"), at("2026-06-04"), source, "gap"),)) is T
    assert term(has, record, clouds=(Cloud(at("2026-06-04"), at("2026-06-06"), source, "gap"),)) is U


@pytest.mark.rule("2.6")
def test_a_comparison_of_a_number_is_settled_only_if_it_holds_throughout() -> None:
    records = (consent("2026-06-01", given=True), consent("2026-06-02"), maybe(consent("2026-06-03", given=True)))
    found = {}
    for order in Order:
        found[order] = [
            term(compare(order, count("consent", fact("given")), number(n, TIMES)), *records) for n in range(5)
        ]
    assert found == {  # the number lies in [1, 3]
        Order.AT_LEAST: [T, T, U, U, F],
        Order.AT_MOST: [F, U, U, T, T],
        Order.EXCEEDS: [T, U, U, F, F],
        Order.BELOW: [F, F, U, U, T],
        Order.EQUAL: [F, U, U, U, F],
    }


@pytest.mark.rule("2.6")
def test_an_unknown_amount_counts_with_its_declared_bounds() -> None:
    records = (
        consent("2026-06-01", size=Decimal(10)),
        consent("2026-06-02"),
        maybe(consent("2026-06-03", size=Decimal(5))),
    )
    for limit, truth in ((9, F), (10, U), (1014, U), (1015, T)):
        assert term(compare(Order.AT_MOST, total("consent"), number(limit)), *records) is truth


@pytest.mark.rule("2.6", "2.7")
def test_a_gap_makes_the_upper_end_of_a_number_unbounded_and_not_its_lower_end() -> None:
    cloud = silent("A", "2026-06-01")
    assert term(within_limit(count("consent"), 100), consent(), clouds=(cloud,)) is U
    assert term(compare(Order.AT_LEAST, count("consent"), number(1, TIMES)), consent(), clouds=(cloud,)) is T
    assert term(compare(Order.AT_MOST, total("consent"), number(999)), consent(size=Decimal(3)), clouds=(cloud,)) is U


@pytest.mark.rule("2.6", "2.12")
def test_the_number_of_distinct_concepts_is_an_interval_unless_all_are_leaves() -> None:
    distinct = CountDistinct(query("consent"), "purpose", TIMES)
    leaves = (consent("2026-06-01", purpose="v.pretraining"), consent("2026-06-02", purpose="v.finetuning"))
    same = (leaves[0], consent("2026-06-03", purpose="v.pretraining"))
    broad = (*leaves, consent("2026-06-04", purpose="v.training"))
    hidden = (*leaves, consent("2026-06-05"))
    equal = lambda n: compare(Order.EQUAL, distinct, number(n, TIMES))  # noqa: E731
    assert [term(equal(2), *r) for r in (leaves, same, broad, hidden)] == [T, F, U, U]
    assert [term(equal(n), *broad) for n in (1, 3, 4)] == [F, U, F]


# ---- the judged act itself


@pytest.mark.rule("2.6")
def test_in_a_number_the_judged_act_counts_itself_and_in_other_tests_never() -> None:
    limit = contract(clause("1.1", may("B", "use")), clause("1.2", may_only("B", "use", within_limit(count("use"), 2))))
    past = [event("use", f"2026-06-0{d}", "B") for d in (1, 2)]
    assert judged(limit, use(), *past[:1]) is T
    assert judged(limit, use(), *past) is F
    assert judged_term(some_("use"), use()) is F
    assert judged_term(every_("use", fact("paid")), use({"paid": True})) is F
    assert judged_term(Holds(latest("use", "paid")), use({"paid": True})) is U


@pytest.mark.rule("2.6")
def test_the_judged_act_counts_itself_only_if_it_meets_the_condition() -> None:
    limit = within_limit(count("use", fact("paid")), 0)
    assert [judged_term(limit, use(f)) for f in ({"paid": True}, {"paid": False}, {})] == [F, T, U]


@pytest.mark.rule("2.6")
def test_the_amount_of_the_judged_act_counts_in_a_total() -> None:
    limit = compare(Order.AT_MOST, total("use"), number(10))
    past = event("use", "2026-06-01", "B", {"size": Decimal(6)})
    assert [judged_term(limit, use({"size": Decimal(n)}), past) for n in (4, 5)] == [T, F]
    assert judged_term(limit, use(), past) is U


@pytest.mark.rule("2.6")
def test_the_judged_act_recorded_is_not_counted_twice() -> None:
    recorded = use()
    limit = contract(clause("1.1", may("B", "use", within_limit(count("use"), 1))))
    assert judged(limit, recorded, recorded) is T


# ---- whose acts, and when


@pytest.mark.rule("2.6")
def test_acts_are_those_of_the_party_judged_unless_another_is_named() -> None:
    mine, theirs, nobodys = (event("use", "2026-06-01", who, id=f"u{who}") for who in ("B", "A", ""))
    for by, expected in ((None, (T, F, U)), ("anyone", (T, T, T)), ("A", (F, T, U))):
        assert tuple(judged_term(some_("use", by=by), use(), r) for r in (mine, theirs, nobodys)) == expected


@pytest.mark.rule("2.6")
def test_occurrences_are_anyones() -> None:
    assert term(some_("consent"), replace(consent(), by="A")) is T
    assert term(some_("consent", by="B"), replace(consent(), by="A")) is F


@pytest.mark.rule("2.6")
def test_a_record_counts_only_if_its_position_is_strictly_earlier() -> None:
    act = use({"subject": "s1"}, index=5)
    for time, index, truth in ((NOON - 1, 9, T), (NOON, 4, T), (NOON, 6, F), (NOON + 1, 1, F)):
        assert judged_term(some_("consent"), act, replace(consent(time), index=index)) is truth


@pytest.mark.rule("2.6", "2.11")
def test_history_reads_what_was_before_force() -> None:
    from tests.logic.builders import in_force

    rules = contract(header=in_force("2026-06-10"))
    assert judged_term(some_("consent"), use(), consent("2020-01-01"), given=rules) is T


@pytest.mark.rule("2.6")
def test_history_reads_the_whole_ledger_whatever_contract_a_record_names() -> None:
    assert term(some_("consent"), replace(consent(), contract="sha256:of-another")) is T


@pytest.mark.rule("2.7")
def test_the_same_key_ties_a_record_to_the_act() -> None:
    keyed = some_("consent", None, "subject")
    assert [term(keyed, consent(), act=use(f)) for f in ({"subject": "s1"}, {"subject": "s2"}, {})] == [T, F, U]


@pytest.mark.rule("2.7")
def test_a_record_that_cannot_be_relied_on_clouds_only_its_own_key() -> None:
    keyed = some_("consent", None, "subject")
    doubtful = maybe(consent())
    assert term(keyed, doubtful) is U
    assert term(keyed, doubtful, act=use({"subject": "s2"})) is F


@pytest.mark.rule("2.7")
def test_a_gap_clouds_only_what_its_source_may_record() -> None:
    by_b, by_auditor = silent("B", NOON - DAY), silent("X", NOON - DAY, {"auditor"})
    assert term(some_("consent"), clouds=(by_b,)) is U  # anyone may record a consent
    assert term(some_("audit"), clouds=(by_b,)) is F
    assert term(some_("audit"), clouds=(by_auditor,)) is U


@pytest.mark.rule("2.7")
def test_a_gap_after_the_act_clouds_nothing() -> None:
    assert term(some_("consent"), clouds=(silent("A", NOON + 1),)) is F
    assert term(some_("consent"), clouds=(silent("A", NOON - 1),)) is U


# ---- followed by


@pytest.mark.rule("2.6")
def test_every_record_must_be_followed_later_and_with_the_same_key() -> None:
    followed = EveryFollowed(query("breach"), query("notify", None, "incident", by="anyone"))
    b = event("breach", "2026-06-01", facts={"incident": "i"}, signers=signed("A"))
    answer = lambda time, key="i": event("notify", time, "B", {"incident": key}, signed("A"), id=f"n{time}{key}")  # noqa: E731
    assert term(followed, b, answer("2026-06-02")) is T
    assert term(followed, b, answer("2026-06-02", "j")) is F
    assert term(followed, answer("2026-05-31"), b) is F
    assert term(followed, b, maybe(answer("2026-06-02"))) is U
    assert term(followed, b, answer(NOON + 1)) is F


@pytest.mark.rule("2.6", "2.7")
def test_a_gap_before_a_record_cannot_hold_what_follows_it() -> None:
    followed = EveryFollowed(query("audit"), query("consent", None, "subject"))
    audit = event("audit", "2026-06-05", facts={"subject": "s1"}, id="a")
    gap = Cloud(at("2026-06-01"), at("2026-06-04"), Source("A-key", "A"), "gap")
    assert term(followed, audit, clouds=(gap,)) is F
    assert term(followed, audit, clouds=(replace(gap, until=at("2026-06-06")),)) is U


@pytest.mark.rule("2.6", "2.15")
def test_only_an_answer_that_may_count_is_a_reason_why_it_is_not_known_what_followed() -> None:
    """One that surely is none, whatever else is unknown of it, would settle nothing."""
    whole = query("notify", fact("complete"), "incident", by="anyone")
    b = event("breach", "2026-06-01", facts={"incident": "i"}, signers=signed("A"), id="b")
    said = lambda name, **facts: event("notify", "2026-06-02", "B", {"incident": "i", **facts}, signed("A"), id=name)  # noqa: E731
    none, some_day = maybe(said("n1", complete=False)), said("n2")
    given = contract(clause("1", may("B", "use", EveryFollowed(query("breach"), whole))))
    found = verdict(given, use(), b, none, some_day)
    assert found.truth is U
    assert {(r.kind, r.event) for r in open_reasons(found.finding)} == {("missing", "n2")}


# ---- windows (2.17)


@pytest.mark.rule("2.6", "2.17")
@pytest.mark.parametrize(
    ("period", "recorded", "last"),
    [
        (hours(24), "2026-06-14T12:00", "2026-06-15T12:00"),
        (days(3), "2026-06-12T00:00", "2026-06-15T23:59:59.999999"),
        (days(3), "2026-06-12T23:59", "2026-06-15T23:59:59.999999"),
        (months(1), "2026-01-31T10:00", "2026-02-28T23:59:59.999999"),
        (months(3), "2026-03-15T10:00", "2026-06-15T23:59:59.999999"),
        (days(3), "2026-06-11T10:00", "2026-06-14T23:59:59.999999"),  # a Sunday: never rolled over in a window
    ],
)
def test_a_record_counts_up_to_the_last_instant_of_its_period(period, recorded: str, last: str) -> None:
    window = some_("consent", within=period)
    end = at(last)
    found = [judged_term(window, use(time=end + n), consent(at(recorded))) for n in (-1, 0, 1)]
    assert found == [T, T, F]


@pytest.mark.rule("2.6", "2.17")
@pytest.mark.parametrize("rule", ["plain", "cn.civil_code", "eu.reg_1182_71.DE"])
def test_in_a_window_no_rule_moves_the_end_to_a_working_day(rule: str) -> None:
    from smartclause.logic.contract import Header

    rules = contract(header=Header(rule=rule))
    window = some_("consent", within=days(3))
    assert judged_term(window, use(time="2026-06-15T00:00"), consent("2026-06-11T10:00"), given=rules) is F


@pytest.mark.rule("2.6", "2.17")
@pytest.mark.parametrize(("window", "first"), [("day", "2026-06-15"), ("month", "2026-06-01"), ("year", "2026-01-01")])
def test_a_calendar_window_begins_with_its_first_instant(window: str, first: str) -> None:
    begin = at(first)
    found = [term(some_("consent", within=window), consent(begin + n)) for n in (-1, 0, 1)]
    assert found == [F, T, T]


@pytest.mark.rule("2.6", "2.17")
def test_a_calendar_window_is_that_of_the_zone_of_the_file() -> None:
    from smartclause.logic.contract import Header

    rules = contract(header=Header(zone="Asia/Shanghai"))
    midnight = at("2026-06-14T16:00")
    assert judged_term(some_("consent", within="day"), use(), consent(midnight), given=rules) is T
    assert judged_term(some_("consent", within="day"), use(), consent(midnight - 1), given=rules) is F


@pytest.mark.rule("2.17")
def test_in_a_window_a_period_has_the_value_of_the_records_instant() -> None:
    longer = figure(
        "p", DURATION,
        Dated(Duration(5, Unit.DAY), until=date(2026, 6, 9)), Dated(Duration(60, Unit.DAY), since=date(2026, 6, 10)),
    )  # fmt: skip
    rules = contract(parameters=(longer,))
    window = some_("consent", within=parameter("p", DURATION))
    assert judged_term(window, use(), consent("2026-06-09"), given=rules) is F  # what had expired is not revived
    assert judged_term(window, use(), consent("2026-06-10"), given=rules) is T


@pytest.mark.rule("2.17", "2.7")
def test_a_gap_matters_if_a_record_anywhere_in_it_could_still_be_in_the_window() -> None:
    shorter = figure(
        "p", DURATION,
        Dated(Duration(365, Unit.DAY), until=date(2026, 1, 31)), Dated(Duration(5, Unit.DAY), since=date(2026, 2, 1)),
    )  # fmt: skip
    rules = contract(parameters=(shorter,))
    window = some_("consent", within=parameter("p", DURATION))
    gap = Cloud(at("2026-01-01"), at("2026-03-01"), Source("A-key", "A"), "gap")
    assert judged_term(window, use(), given=rules, clouds=(gap,)) is U
    assert judged_term(window, use(), given=rules, clouds=(replace(gap, since=at("2026-02-02")),)) is F


@pytest.mark.rule("2.6")
def test_dated_values_inside_where_are_those_of_the_records_instant() -> None:
    limit = figure(
        "most",
        TIMES,
        Dated(Decimal(5), until=date(2026, 6, 9)),
        Dated(Decimal(50), since=date(2026, 6, 10)),
    )
    from tests.logic.builders import NUMBER, size

    rules = contract(parameters=(limit,))
    small = some_("consent", compare(Order.AT_MOST, size(), parameter("most", NUMBER)))
    assert judged_term(small, use(), consent("2026-06-09", size=Decimal(20)), given=rules) is F
    assert judged_term(small, use(), consent("2026-06-10", size=Decimal(20)), given=rules) is T


@pytest.mark.rule("2.17")
def test_a_blank_parameter_and_an_instant_without_value_are_unknown() -> None:
    late = figure("late", DURATION, Dated(Duration(9, Unit.DAY), since=date(2030, 1, 1)))
    rules = contract(parameters=(figure("blank", DURATION), late))
    for name in ("blank", "late"):
        assert judged_term(some_("consent", within=parameter(name, DURATION)), use(), consent(), given=rules) is U
        assert judged_term(some_("consent", within=parameter(name, DURATION)), use(), given=rules) is F


@pytest.mark.rule("2.17", "2.6")
def test_a_period_of_working_days_in_a_year_without_calendar_is_never_guessed() -> None:
    from smartclause.logic.contract import Header
    from tests.logic.builders import working_days

    rules = contract(header=Header(rule="cn.civil_code"))
    window = some_("consent", within=working_days(5))
    far = at("2090-06-01T12:00")
    truths = [judged_term(window, use(time=far + n * DAY), consent(far), given=rules) for n in (1, 12, 400)]
    assert truths[0] is T
    assert truths[1:] == [U, U]


@pytest.mark.rule("2.3", "2.6")
def test_conditions_on_history_bar_and_permit() -> None:
    rules = contract(
        clause("1.1", may("B", "use", some_("consent", is_in("training"), "subject"))),
        clause("1.2", must_not("B", "use", some_("breach", None, within=hours(24)))),
    )
    breach = event("breach", NOON - HOUR, facts={"incident": "i"}, signers=signed("A"))
    act = use({"subject": "s1"})
    assert judged(rules, act, consent(purpose="v.pretraining")) is T
    assert judged(rules, act, consent(purpose="v.pretraining"), breach) is F
