"""Long acts (design 2.2): whose word shows that a run goes on, and since when it is undecided without one."""

from dataclasses import replace

from smartclause.logic.contract import EventKind, EventType
from smartclause.logic.needs import open_reasons
from smartclause.logic.record import Event
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict
from tests.logic.builders import DAY, IDENTIFIER, TYPES, at, clause, contract, event, field, may, signed, use, verdict

START = at("2026-02-01")
RUN = (field("incident", IDENTIFIER),)
LONG = replace(TYPES[0], checkpoint="m.alive", end="m.ended", run="incident")
SIGNS = (EventType("m.alive", EventKind.OCCURRENCE, fields=RUN), EventType("m.ended", EventKind.OCCURRENCE, fields=RUN))


def judged(asked: int, *records: Event, types: tuple[EventType, ...] = SIGNS) -> Verdict:
    given = contract(clause("1", may("B", "use")), types=(LONG, *TYPES[1:], *types))
    act = use({"incident": "r1"}, START, index=1)
    return verdict(given, act, act, *records, asked=asked)


def alive(time: int, *parties: str, run: str = "r1") -> Event:
    return event("alive", time, facts={"incident": run}, signers=signed(*parties), index=2)


def test_a_gap_counts_to_the_microsecond() -> None:
    assert judged(START + DAY).truth is Truth.TRUE
    late = judged(START + DAY + 1)
    assert (late.truth, late.undecided_since) == (Truth.UNKNOWN, START + DAY + 1)


def test_the_judged_party_alone_does_not_keep_its_run_alive_where_anyone_may_record_the_checkpoint() -> None:
    assert judged(START + DAY + 1, alive(START + DAY, "B")).truth is Truth.UNKNOWN
    assert judged(START + DAY + 1, alive(START + DAY, "A")).truth is Truth.TRUE
    assert judged(START + DAY + 1, alive(START + DAY, "A", "B")).truth is Truth.TRUE


def test_the_reason_says_since_when() -> None:
    reasons = open_reasons(judged(START + 3 * DAY).finding)
    assert [(r.kind, r.detail) for r in reasons] == [("no checkpoint in time", "2026-02-02T00:00:00.000001Z")]


def test_a_later_checkpoint_does_not_mend_the_gap() -> None:
    found = judged(START + 3 * DAY, alive(START + 2 * DAY, "A"))
    assert found.undecided_since == START + DAY + 1


def test_a_refused_run_stays_refused() -> None:
    given = contract(types=(LONG, *TYPES[1:], *SIGNS))
    act = use({"incident": "r1"}, START, index=1)
    assert verdict(given, act, act, asked=START + 3 * DAY).truth is Truth.FALSE
