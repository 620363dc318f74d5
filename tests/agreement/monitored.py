"""The monitor on the cases of the suite: lines that arrive in any order inside the lag, told as they are settled.

Lines attest nothing, so a case is read as lines say it: everybody shows everything, nothing is received later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from random import Random

from smartclause.engines.monitor.booked import BookedCore
from smartclause.engines.monitor.core import Core
from smartclause.engines.monitor.fast import FastCore
from smartclause.engines.monitor.placing import Placing
from smartclause.engines.monitor.reading import SHOWN
from smartclause.engines.monitor.shell import EarlyMonitor, Monitor
from smartclause.engines.monitor.snapshot import is_over, with_second
from smartclause.engines.monitor.told import ActTold, Told
from smartclause.logic.contract import Contract
from smartclause.logic.counting import Instant
from smartclause.logic.duties import Duties
from smartclause.logic.instances import Instance
from smartclause.logic.record import Event
from smartclause.logic.verdict import ClauseState
from smartclause.rails.refused import CannotDo
from tests.agreement import setting as s
from tests.agreement.answers import at_end_of, in_order, owes_of, reference_acts
from tests.agreement.comparing import Difference
from tests.agreement.engines import TRUTHS
from tests.agreement.worlds import Case

NAME = "monitor"
TOLD = {"refused": ClauseState.FORBIDDEN, "undecided": ClauseState.UNKNOWN}


def in_lines(case: Case) -> Case:
    """The case as lines say it."""
    seen: set[str] = set()
    kept = []
    for event in sorted(case.records, key=lambda e: e.time):
        if (event.type in s.BY_NAME or event.type in ("waiver", "termination", "x.mystery")) and event.id not in seen:
            seen.add(event.id)
            plainer = replace(event, signers=SHOWN, caller=frozenset(), unreliable=False, received=None, source="")
            kept.append(replace(plainer, asset="set-1", index=len(kept) + 1))
    return replace(
        case, records=tuple(kept), proposed=(), sources=(), clouds=(), signed={}, draft=True,
        asked=max((case.asked, *(e.time for e in kept))),
    )  # fmt: skip


def without_runs(contract: Contract) -> Contract:
    types = tuple(replace(t, checkpoint="", end="", run="") for t in contract.types)
    return replace(contract, types=types)


def arriving(case: Case, random: Random) -> tuple[list[Event], int]:
    """The lines in another order, those of one instant in their own, and the lag that this takes."""
    late = {t: random.choice((0, 0, s.HOUR, 2 * s.DAY)) for t in {e.time for e in case.records}}
    order = sorted(case.records, key=lambda e: (e.time + late[e.time], e.time, e.index))
    clock, lag = order[0].time if order else 0, 0
    for event in order:
        clock = max(clock, event.time)
        lag = max(lag, clock - event.time)
    return order, lag


def monitors(case: Case, lag: int) -> Iterator[Monitor]:
    """By the core for every contract, waiting and told at once, and by the fast one where the contract asks little of
    the past. Raises CannotDo."""
    lookup = case.world().lookup
    yield Monitor(BookedCore(lookup, case.signed, case.draft), Placing(lag))
    yield EarlyMonitor(BookedCore(lookup, case.signed, case.draft, settles=False), Placing(lag))
    with suppress(CannotDo):
        yield Monitor(FastCore(lookup, case.signed, case.draft, "", None), Placing(lag))


def monitor_differences(case: Case, seed: int = 0) -> Iterator[Difference]:
    """`case` as `in_lines` gives it. Raises CannotDo."""
    order, lag = arriving(case, Random(seed))
    for monitor in monitors(case, lag):
        yield from _differences(case, monitor, order)


def _differences(case: Case, monitor: Monitor, order: list[Event]) -> Iterator[Difference]:
    core = monitor.core
    world, name = case.world(), f"{NAME} ({type(core).__name__}, {type(monitor).__name__})"
    told = [t for e in order for t in _taken(monitor, e)] + monitor.end(case.asked)
    last = {t.event: t for t in told if isinstance(t, ActTold)}
    for want in reference_acts(world):
        got = last.pop(want.event, None)
        if got is None or TRUTHS[got.decision] is not want.truth:
            yield Difference(name, f"verdict on {want.event}", want.truth, got)
            continue
        state = TOLD.get(got.decision.value)
        clauses = {c for c, found in want.clauses.items() if found is state}
        if clauses != set(got.clauses):
            yield Difference(name, f"clauses told of {want.event}", clauses, set(got.clauses))
        if want.reasons != set(got.reasons):
            yield Difference(name, f"reasons for {want.event}", want.reasons, set(got.reasons))
    if last:
        yield Difference(name, "acts told", "no more", last)
    yield from _of_duties(name, core, list(Duties(world, at_end_of(case.asked), case.asked).all()), case.asked)


def _taken(monitor: Monitor, event: Event) -> list[Told]:
    return monitor.take(
        event.type, event.by, event.to, event.asset, event.facts, event.time, event.id, event.index
    )  # fmt: skip


def _of_duties(name: str, core: Core, every: list[Instance], now: Instant) -> Iterator[Difference]:
    """How many there were with each status, and each that is not over, with its instants."""
    owed = Counter(i.status.value for i in with_second(every))
    if +core.tally() != +owed:
        yield Difference(name, "duties by status", owed, core.tally())
    lasting = in_order([owes_of(i) for i in every if not is_over(i, now)])
    found = in_order([owes_of(i) for i in core.duties()])
    if lasting != found:
        yield Difference(name, "duties that are not over", lasting, found)
