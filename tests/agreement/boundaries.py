"""Picked boundaries of the corpus: the last instant inside, the first outside, and what stands between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smartclause.logic.contract import Contract
from smartclause.logic.counting import Duration, Instant, Unit
from smartclause.logic.record import Event
from smartclause.logic.terms import LatestField, LatestHas, Order
from tests.agreement.corpus import Entry
from tests.agreement.worlds import Case
from tests.logic.builders import (
    DAY,
    FACT,
    HOUR,
    NOON,
    at,
    clause,
    compare,
    complete,
    contract,
    count,
    days,
    either,
    event,
    fact,
    hours,
    in_force,
    is_in,
    latest,
    may,
    may_only,
    months,
    must,
    must_not,
    no,
    number,
    query,
    repeatedly,
    signed,
    size,
    some_,
    total,
    use,
    within_limit,
    working_days,
)

SOURCES = tuple(complete(p, 2**60) for p in "AB")


def boundaries() -> Iterator[Entry]:
    for id_, comment, given, histories in _picked():
        cases = tuple(_case(given, asked, records, acts) for asked, records, acts in histories)
        yield Entry(f"picked-{id_}", comment, cases)


History = tuple[Instant, Sequence[Event], Sequence[Event]]


def _case(given: Contract, asked: Instant, records: Sequence[Event], acts: Sequence[Event]) -> Case:
    numbered = tuple(_numbered(e, i) for i, e in enumerate(records, 1))
    return Case(given, numbered, asked, tuple(acts), SOURCES, (), {}, True)


def _numbered(one: Event, index: int) -> Event:
    from dataclasses import replace

    return replace(one, id=f"e{index}", index=index)


def _asks(*times: Instant) -> list[History]:
    return [
        (NOON, [event("consent", t, "A", {"subject": "s1", "given": True})], [use({"subject": "s1"})]) for t in times
    ]


def _picked() -> Iterator[tuple[str, str, Contract, list[History]]]:
    recent = contract(clause("1", may("B", "use", some_("consent", None, "subject", within=hours(24)))))
    yield (
        "hours", "24 hours run from the moment and include their last instant", recent,
        _asks(NOON - 24 * HOUR, NOON - 24 * HOUR - 1, NOON, NOON - 1),
    )  # fmt: skip
    daily = contract(clause("1", may("B", "use", some_("consent", None, "subject", within=days(3)))))
    yield (
        "days", "the first day is not counted; the last ends with its last microsecond", daily,
        _asks(at("2026-06-12"), at("2026-06-12") - 1, at("2026-06-12T23:59")),
    )  # fmt: skip
    monthly = contract(clause("1", may("B", "use", some_("consent", None, "subject", within=months(1)))))
    yield (
        "months", "one month before the 15th", monthly,
        _asks(at("2026-05-15"), at("2026-05-15") - 1),
    )  # fmt: skip
    window = contract(clause("1", may("B", "use", some_("consent", None, "subject", within="month"))))
    yield (
        "calendar-month", "a calendar window begins with the first instant of the month", window,
        _asks(at("2026-06-01"), at("2026-06-01") - 1),
    )  # fmt: skip
    worked = contract(
        clause("1", may("B", "use", some_("consent", None, "subject", within=working_days(2)))),
        header=in_force(rule="cn.civil_code", zone="Asia/Shanghai"),
    )
    yield (
        "working-days", "a rest day between", worked,
        _asks(at("2026-06-11T12:00"), at("2026-06-10T12:00"), at("2026-06-12T12:00")),
    )  # fmt: skip
    capped = contract(
        clause("1", may("B", "use"), may_only("B", "use", within_limit(count("use", None, "subject"), 2)))
    )
    uses = [event("use", NOON - n * HOUR, "B", {"subject": "s1"}) for n in range(1, 4)]
    yield (
        "count", "the judged act counts itself: at most 2", capped,
        [(NOON, uses[:n], [use({"subject": "s1"}), use({}), use({"subject": "s2"})]) for n in range(4)],
    )  # fmt: skip
    summed = contract(
        clause("1", may("B", "use"), may_only("B", "use", compare(Order.AT_MOST, total("use"), number(8))))
    )
    small = event("use", NOON - HOUR, "B", {"subject": "s1", "size": number(5).value})
    hidden = event("use", NOON - HOUR, "B", {"subject": "s1"})
    yield (
        "total", "an unknown amount counts with its bounds", summed,
        [(NOON, [r], [use({"size": number(n).value}) for n in (2, 3, 4)] + [use({})]) for r in (small, hidden)],
    )  # fmt: skip
    equal = contract(clause("1", may("B", "use"), must_not("B", "use", no(some_("consent", None, "subject")))))
    yield (
        "same-instant", "at one instant the earlier entry stands before", equal,
        [(NOON, [event("consent", NOON, "A", {"subject": "s1"}), event("use", NOON, "B", {"subject": "s1"})], []),
         (NOON, [event("use", NOON, "B", {"subject": "s1"}), event("consent", NOON, "A", {"subject": "s1"})], [])],
    )  # fmt: skip
    told = contract(clause("1", must("B", "notify", hours(24), to="A", otherwise=must("B", "erase", days(2), when=""))))
    start = at("2026-06-10T09:00")
    breach = event("breach", start, "", {"incident": "i1"})

    def notice(after: Instant, act: str = "notify") -> Event:
        return event(act, start + after, "B", {"incident": "i1"}, to="A")

    yield (
        "due", "an answer counts up to the last instant of the period; the otherwise runs from due", told,
        [(start + t, [breach, *answers], []) for t, answers in (
            (DAY, []), (DAY + 1, []), (2 * DAY, [notice(DAY)]), (2 * DAY, [notice(DAY + 1)]), (0, [notice(0)]),
            (4 * DAY, [notice(2 * DAY, "erase")]), (6 * DAY, [notice(5 * DAY, "erase")]))],
    )  # fmt: skip
    again = contract(clause("1", repeatedly("B", "notify", days(2))), header=in_force("2026-06-01"))
    first = at("2026-06-02T12:00")
    notices = [event("notify", first + n, "B", {"incident": "i1"}) for n in (0, 0, 2 * DAY, 6 * DAY)]
    yield (
        "repeated", "two acts of one instant, a period that is missed", again,
        [(first + 9 * DAY, notices[:n], []) for n in range(len(notices) + 1)],
    )  # fmt: skip
    scoped = contract(clause("1", may("B", "use", is_in("training"))))
    yield (
        "concepts", "too broad is unknown; what is declared apart is false; the rest is unknown", scoped,
        [(NOON, [], [use({"purpose": f"v.{p}"}) for p in ("training", "pretraining", "purpose", "resale", "stray")])],
    )  # fmt: skip
    newest = contract(clause("1", may("B", "use", LatestHas(query("consent", None, "subject"), fact("given")))))
    pair = [event("consent", NOON - n * HOUR, "A", {"subject": "s1", "given": n == 1}) for n in (2, 1)]
    doubtful = event("consent", NOON - HOUR, "A", {"subject": "s1", "given": True}, unreliable=True)
    yield (
        "latest", "a record that may not have happened leaves the latest unknown", newest,
        [(NOON, [*pair], [use({"subject": "s1"})]), (NOON, [pair[0], doubtful], [use({"subject": "s1"})])],
    )  # fmt: skip
    lagging = contract(
        clause("1", may("B", "use")), clause("2", must_not("B", "use", some_("breach"))),
        header=in_force(lag=(("B", Duration(1, Unit.HOUR)),)),
    )  # fmt: skip
    meanwhile = event("breach", NOON - HOUR // 4, "", {"incident": "i1"})
    late = [
        event("use", NOON - HOUR // 2, "B", {"subject": "s1"}, signed("B"), received=NOON + after)
        for after in (-HOUR // 2, -HOUR // 4 - 1, -HOUR // 4 + 1, 0, HOUR)
    ]
    yield (
        "lag", "inside the agreed lag an act is judged at both places", lagging,
        [(NOON + HOUR, [meanwhile, act], []) for act in late],
    )  # fmt: skip
    field_read = contract(
        clause("1", may("B", "use", either(compare(Order.AT_LEAST, size(), number(3)), _given()))),
    )
    yield (
        "no-such-record", "a field of a record that does not exist is unknown", field_read,
        [(NOON, [], [use({"subject": "s1", "size": number(n).value}) for n in (2, 3)])],
    )  # fmt: skip


def _given():  # type: ignore[no-untyped-def]
    from smartclause.logic.terms import Holds

    found = latest("consent", "given", "subject", kind=FACT)
    assert isinstance(found, LatestField)
    return Holds(found)
