"""The laws of the monitor: it tells what the reference finds, whatever the order inside the lag, and never takes back
what it settled. The faults of other monitors have a test each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.engines.monitor.core import Core
from smartclause.engines.monitor.fast import FastCore
from smartclause.engines.monitor.placing import NEVER, Placing
from smartclause.engines.monitor.shell import EarlyMonitor, Monitor
from smartclause.engines.monitor.snapshot import identity, with_second
from smartclause.engines.monitor.stored import StoredCore
from smartclause.engines.monitor.told import DUE_SOON, NO_LONGER, ActTold, DutyTold, MovedTold, Told
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.record import Event
from smartclause.logic.terms import Order
from smartclause.logic.verdict import Decision, judge_act
from smartclause.logic.world import Position
from smartclause.rails.refused import CannotDo
from tests.engines.monitor_cases import SHOWN, Stream, booked, fast, slow, stream, wide_stream
from tests.logic.builders import HOUR, NOON, TIMES, clause, compare, contract, count, hours, may, must, number
from tests.strategies import Maker

seeds = st.integers(0, 2**40)
few = settings(max_examples=settings().max_examples // 4)
SOON = 6 * HOUR


def plainly(told: Told) -> tuple[Any, ...]:
    """Without the reasons."""
    match told:
        case DutyTold():
            i = told.instance
            stands = (
                i.clause,
                i.keys,
                i.trigger,
                i.start,
                i.due,
                i.holds,
                i.status,
                i.since,
                i.answered,
                i.answered_at,
            )
            return "duty", told.at, told.status, told.was, *stands, i.is_otherwise
        case ActTold():
            return "act", told.at, told.event, told.decision, told.clauses
        case MovedTold():
            return "moved", told.at, told.event, told.claimed


def step(core: Core, event: Event) -> list[Told]:
    if event.type == "heartbeat":
        return core.mark(event.source, event.time)
    return core.take(
        event.type, event.by, event.to, event.asset, event.facts, event.time, event.id, event.index
    )  # fmt: skip


def run(core: Core, events: tuple[Event, ...], lag: Instant = 0) -> list[Told]:
    monitor = Monitor(core, Placing(lag))
    told = [t for e in events for t in monitor.event(e)]
    return told + monitor.end()


def decisions(told: list[Told]) -> dict[str, Decision]:
    return {t.event: t.decision for t in told if isinstance(t, ActTold)}


# ---- it tells what the reference finds


@few
@given(seeds)
def test_the_fast_core_tells_after_each_record_what_the_reference_tells(seed: int) -> None:
    case = stream(seed)
    quick, sure = fast(case, SOON), slow(case, SOON)
    for event in case.events:
        one, other = step(quick, event), step(sure, event)
        assert sorted(map(plainly, one), key=str) == sorted(map(plainly, other), key=str)


@few
@given(seeds)
def test_the_monitor_over_a_log_is_the_audit_of_that_log(seed: int) -> None:
    case = stream(seed)
    core = fast(case)
    found = decisions(run(core, case.events))
    records = [e for e in case.events if e.type != "heartbeat"]
    told = slow(case)
    for event in case.events:
        step(told, event)
    told.advance(core.now)
    world = told.world()
    assert found == {
        r.event.id: judge_act(world, r).decision for r in world.records if case.lookup.is_act(r.event.type)
    }
    duties = with_second(Duties(world, Position(core.now, LAST_INDEX), core.now).all())
    assert core.tally() == Counter(i.status.value for i in duties)
    assert len(world.records) == len(records)


@few
@given(seeds)
def test_the_reasons_of_what_is_undecided_are_those_of_the_reference(seed: int) -> None:
    case = stream(seed)
    quick, sure = fast(case), slow(case)
    for event in case.events:
        one, other = step(quick, event), step(sure, event)
        for mine in (t for t in one if isinstance(t, ActTold) and t.decision is Decision.UNDECIDED):
            theirs = next(t for t in other if isinstance(t, ActTold) and t.event == mine.event)
            own = {(r.kind, r.field) for r in theirs.reasons if r.event == mine.event}
            assert own <= {(r.kind, r.field) for r in mine.reasons if r.event == mine.event}


@few
@given(seeds)
def test_the_core_with_the_book_tells_after_each_record_what_the_reference_tells(seed: int) -> None:
    case = stream(seed, maker=Maker)
    quick, sure = booked(case, SOON), slow(case, SOON)
    for event in case.events:
        one, other = step(quick, event), step(sure, event)
        assert sorted(map(plainly, one), key=str) == sorted(map(plainly, other), key=str)


@few
@given(seeds)
def test_with_every_construct_the_core_with_the_book_ends_where_the_reference_ends(seed: int) -> None:
    case = wide_stream(seed)
    quick, sure = booked(case), slow(case)
    found, expected = run(quick, case.events), run(sure, case.events)
    assert decisions(found) == decisions(expected)
    assert quick.tally() == sure.tally()


# ---- order, prefixes, time


@few
@given(seeds)
def test_any_order_inside_the_lag_that_keeps_equal_instants_gives_the_same_verdicts(seed: int) -> None:
    case = stream(seed)
    events = tuple(e for e in case.events if e.type != "heartbeat")
    lag, chance = 20 * HOUR, Random(seed)
    late = {at: chance.randrange(lag) for at in {e.time for e in events}}
    shuffled = tuple(
        replace(e, index=n) for n, e in enumerate(sorted(events, key=lambda e: (e.time + late[e.time], e.index)))
    )
    one, other = fast(case), fast(case)
    in_order, found = run(one, events, lag), run(other, shuffled, lag)
    assert not any(isinstance(t, MovedTold) for t in found)
    assert decisions(in_order) == decisions(found)
    assert one.tally() == other.tally()
    assert [plainly(t) for t in in_order if isinstance(t, DutyTold)] == [
        plainly(t) for t in found if isinstance(t, DutyTold)
    ]


@few
@given(seeds)
def test_what_was_settled_is_never_told_otherwise_whatever_comes_later(seed: int) -> None:
    case = stream(seed)
    chance = Random(seed)
    core = fast(case)
    monitor = Monitor(core)
    settled: dict[str, Decision] = {}
    for event in case.events:
        moved = replace(event, time=event.time - chance.choice((0, 0, 50 * HOUR)))
        for told in monitor.event(moved):
            if isinstance(told, ActTold):
                assert told.event not in settled
                settled[told.event] = told.decision
            if isinstance(told, DutyTold):
                assert told.was not in ("fulfilled", "cured")
                assert told.was != "violated" or told.status in ("violated", "cured")


@few
@given(seeds)
def test_a_core_brought_back_from_what_it_saved_tells_what_it_would_have_told(seed: int) -> None:
    case = stream(seed)
    cut = Random(seed).randrange(len(case.events))
    whole, half = fast(case, SOON), fast(case, SOON)
    before = [step(half, e) for e in case.events[:cut]]
    again = fast(case, SOON)
    again.restore(msgspec.json.decode(msgspec.json.encode(half.save())))
    after = [step(again, e) for e in case.events[cut:]]
    assert before + after == [step(whole, e) for e in case.events]
    assert again.save() == whole.save()


# ---- told at once, and corrected


def late_in(case: Stream, seed: int) -> tuple[tuple[Event, ...], Instant]:
    """Its lines in another order inside a lag, those of one instant in theirs; heartbeats make some come too late."""
    lag, chance = 20 * HOUR, Random(seed)
    late = {at: chance.choice((0, 0, chance.randrange(lag))) for at in {e.time for e in case.events}}
    arriving = sorted(case.events, key=lambda e: (e.time + late[e.time], e.index))
    return tuple(replace(e, index=n) for n, e in enumerate(arriving)), lag


class Heard:
    """What somebody knows who was told all that was told."""

    def __init__(self) -> None:
        self.acts: dict[str, Decision] = {}
        self.duties: dict[Any, str] = {}

    def hear(self, told: list[Told]) -> None:
        for each in told:
            match each:
                case ActTold():
                    assert each.was is self.acts.get(each.event)
                    self.acts[each.event] = each.decision
                case DutyTold(status=status) if status == NO_LONGER:
                    assert self.duties.pop(identity(each.instance)) == each.was
                case DutyTold(status=status) if status != DUE_SOON:
                    assert self.duties.get(identity(each.instance), "") == each.was
                    self.duties[identity(each.instance)] = status
                case _:
                    pass


def audited(core: StoredCore) -> tuple[dict[str, Decision], dict[Any, str]]:
    """Of all lines that are there, read as closed."""
    world = core.world()
    acts = {r.event.id: judge_act(world, r).decision for r in world.records if world.lookup.is_act(r.event.type)}
    every = Duties(world, Position(core.now, LAST_INDEX), core.now).all() if core.now > NEVER else ()
    return acts, {identity(i): i.status.value for i in with_second(every)}


@few
@given(seeds, st.sampled_from((stream, wide_stream)))
def test_after_each_line_what_was_told_early_is_the_audit_of_the_lines_so_far(seed: int, drawn: Any) -> None:
    case = drawn(seed)
    arriving, lag = late_in(case, seed)
    early = EarlyMonitor(booked(case, SOON, settles=False), Placing(lag))
    sure = slow(case)
    reference, heard = EarlyMonitor(sure, Placing(lag)), Heard()
    for line in arriving:
        heard.hear(early.event(line))
        reference.event(line)
        assert (heard.acts, heard.duties) == audited(sure)


@few
@given(seeds, st.sampled_from((stream, wide_stream)))
def test_what_was_told_early_ends_where_what_waits_ends(seed: int, drawn: Any) -> None:
    case = drawn(seed)
    arriving, lag = late_in(case, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("smartclause.engines.monitor.owing.SELDOM", 1)
        early, sure = booked(case, settles=False), booked(case)
        one, other = EarlyMonitor(early, Placing(lag)), Monitor(sure, Placing(lag))
        told = [t for line in arriving for t in one.event(line)] + one.end()
        waited = [t for line in arriving for t in other.event(line)] + other.end()
    assert decisions(told) == decisions(waited)
    assert (early.tally(), early.acts) == (sure.tally(), sure.acts)
    assert [(t.event, t.claimed, t.at) for t in told if isinstance(t, MovedTold)] == [
        (t.event, t.claimed, t.at) for t in waited if isinstance(t, MovedTold)
    ]


def test_a_possible_breach_is_told_at_once_and_taken_back_when_the_notice_comes_late() -> None:
    monitor = EarlyMonitor(booked(Stream(NOTICE, ()), settles=False), Placing(30 * HOUR))

    def told(line: Event) -> list[tuple[str, str, bool, bool]]:
        return [(t.status, t.was, t.corrects, t.early) for t in monitor.event(line) if isinstance(t, DutyTold)]

    assert told(event("breach", NOON, 1)) == [("open", "", False, True)]
    assert told(event("use", NOON + 97 * HOUR, 2))[-1] == ("violated", "awaiting records", False, True)
    assert told(event("notify", NOON + 71 * HOUR, 3)) == [("fulfilled", "violated", True, True)]


# ---- what stands at an instant


def standing(core: Core) -> list[Any]:
    told = (DutyTold(0, i.status.value, "", i) for i in core.standing())
    return sorted(map(plainly, told), key=str)


@few
@given(seeds)
def test_what_stands_is_what_the_reference_finds_owed_or_missed_also_after_a_core_was_brought_back(seed: int) -> None:
    case = stream(seed)
    quick, sure = fast(case, keeps=True), slow(case)
    for event in case.events:
        step(quick, event)
        step(sure, event)
        assert standing(quick) == standing(sure)
        again = fast(case, keeps=True)
        again.restore(msgspec.json.decode(msgspec.json.encode(quick.save())))
        assert (standing(again), again.save()) == (standing(quick), quick.save())
        quick = again


@few
@given(seeds)
def test_what_stands_is_the_same_by_the_book_however_often_it_forgets(seed: int) -> None:
    case = wide_stream(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("smartclause.engines.monitor.owing.SELDOM", 1)
        kept, sure = booked(case, keeps=True), slow(case)
        for event in case.events:
            step(kept, event)
            step(sure, event)
            assert standing(kept) == standing(sure)


@pytest.mark.parametrize("core", [fast, booked])
def test_a_breach_stands_after_its_late_answer(core: Any) -> None:
    found = core(Stream(NOTICE, ()), keeps=True)
    run(found, (event("breach", NOON, 1), event("notify", NOON + 100 * HOUR, 2), event("use", NOON + 200 * HOUR, 3)))
    [instance] = found.standing()
    assert (instance.status.value, instance.answered_at) == ("violated", NOON + 100 * HOUR)
    assert found.tally() == {"violated": 1}


# ---- the faults of other monitors


def event(name: str, at: Instant, index: int, by: str = "B", to: str = "A", **facts: Any) -> Event:
    facts = {"incident": "i"} | ({"subject": "s"} if name in ("use", "consent") else {}) | facts
    if name == "consent":
        facts.pop("incident")
    return Event(f"e{index}", f"m.{name}", at, by, to, "set-1", facts, SHOWN, "", index=index)


NOTICE = contract(clause("1", must("B", "notify", hours(72), "breach", to="A")))


def statuses(core: FastCore) -> list[str]:
    return [i.status.value for i in core.duties()]


def test_a_duty_that_runs_at_the_end_is_open_and_no_violation() -> None:
    core = fast(Stream(NOTICE, ()))
    told = run(core, (event("breach", NOON, 1), event("use", NOON + 71 * HOUR, 2)))
    assert statuses(core) == ["open"]
    assert [t.status for t in told if isinstance(t, DutyTold)] == ["open"]


def test_a_deadline_passes_without_a_later_event_of_the_same_key() -> None:
    core = fast(Stream(NOTICE, ()))
    told = run(core, (event("breach", NOON, 1), event("use", NOON + 96 * HOUR, 2)))
    assert [(t.status, t.at - NOON) for t in told if isinstance(t, DutyTold)] == [
        ("open", 0), ("awaiting records", 72 * HOUR), ("violated", 72 * HOUR),
    ]  # fmt: skip


def test_a_deadline_passes_with_the_mark_of_a_source_and_with_the_instant_asked_about() -> None:
    core = fast(Stream(NOTICE, ()))
    monitor = Monitor(core)
    monitor.event(event("breach", NOON, 1))
    told = monitor.mark("B", NOON + 72 * HOUR)
    assert told == []
    assert [t.status for t in monitor.mark("B", NOON + 72 * HOUR + 1) if isinstance(t, DutyTold)] == ["violated"]
    other = fast(Stream(NOTICE, ()))
    follower = Monitor(other)
    follower.event(event("breach", NOON, 1))
    told = follower.end(NOON + 96 * HOUR)
    assert [t.status for t in told if isinstance(t, DutyTold)] == ["awaiting records", "violated"]


@pytest.mark.parametrize(("late", "status"), [(-1, "fulfilled"), (0, "fulfilled"), (1, "violated")])
def test_the_last_instant_of_a_period_is_inside_it(late: int, status: str) -> None:
    core = fast(Stream(NOTICE, ()))
    run(
        core,
        (event("breach", NOON, 1), event("notify", NOON + 72 * HOUR + late, 2), event("use", NOON + 200 * HOUR, 3)),
    )
    assert core.tally() == {status: 1}


USES_IN_A_DAY = count("use", None, "subject", within=hours(24))
LIMIT = contract(clause("1", may("B", "use", compare(Order.AT_MOST, USES_IN_A_DAY, number(2, TIMES)))))


@pytest.mark.parametrize(("gap", "third"), [(24 * HOUR, "refused"), (24 * HOUR + 1, "allowed")])
def test_a_window_counts_time_and_not_updates(gap: Instant, third: str) -> None:
    """The first use leaves the window one microsecond after its twenty-four hours; the act counts itself."""
    uses = [event("use", NOON, 1), event("use", NOON + HOUR, 2), event("use", NOON + gap, 3)]
    others = [event("consent", NOON + n * HOUR, 10 + n, subject=f"other-{n}") for n in range(1, 20)]
    found = decisions(run(fast(Stream(LIMIT, ())), tuple(sorted((*uses, *others), key=lambda e: e.time))))
    assert [found[e.id].value for e in uses] == ["allowed", "allowed", third]


def test_a_record_later_than_agreed_is_told_as_moved_and_changes_nothing_that_was_settled() -> None:
    core = fast(Stream(NOTICE, ()))
    told = run(core, (event("breach", NOON, 1), event("use", NOON + 96 * HOUR, 2), event("notify", NOON + HOUR, 3)))
    [moved] = [t for t in told if isinstance(t, MovedTold)]
    assert (moved.event, moved.at, moved.claimed) == ("e3", NOON + 96 * HOUR, NOON + HOUR)
    assert core.tally() == {"violated": 1}


def test_a_source_that_is_complete_further_than_the_others_does_not_settle_for_them() -> None:
    core = fast(Stream(NOTICE, ()))
    monitor = Monitor(core, Placing(lag=1000 * HOUR))
    monitor.event(replace(event("breach", NOON, 1), source="A"))
    monitor.mark("B", NOON + 200 * HOUR)
    assert statuses(core) == []
    monitor.mark("A", NOON + HOUR)
    assert statuses(core) == ["open"]
    monitor.mark("A", NOON + 73 * HOUR)
    assert statuses(core) == ["violated"]


def test_what_the_fast_core_cannot_follow_is_refused_by_name() -> None:
    refused: Counter[str] = Counter()
    for seed in range(40):
        try:
            fast(stream(seed, maker=Maker))
        except CannotDo as why:
            refused[why.construct] += 1
    assert refused


def test_what_is_kept_does_not_grow_once_the_windows_are_full() -> None:
    core = fast(Stream(LIMIT, ()))
    sizes = []
    for n in range(60_000):
        core.take("m.use", "B", "", "set-1", {"subject": f"s{n}", "incident": "i"}, NOON + n * 60_000_000, "", n)
        if n in (20_000, 59_999):
            sizes.append(len(msgspec.json.encode(core.save())))
    assert sizes[1] < 4 * sizes[0] < 4 * 2**20
