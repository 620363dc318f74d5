"""A disagreement as text that can be pasted: the clause files with a scenario of what was recorded, and the seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from smartclause.logic.contract import Line, Scenario
from smartclause.logic.counting import format_instant
from smartclause.logic.record import EVERYONE, Event
from smartclause.logic.scenario import scenario_world
from smartclause.logic.world import World
from tests.agreement.amendments import Amended
from tests.agreement.comparing import Difference, differences
from tests.agreement.engines import REFERENCE, Answers, Engine
from tests.agreement.shrinking import smallest
from tests.agreement.spelled import files_of, scenario_of
from tests.agreement.trimmed import trimmed
from tests.agreement.worlds import Case


def told(case: Case, engine: Engine, first: Difference) -> str:
    """`case` is as small as it got; `first` is what was seen before."""
    wanted = [a for a in REFERENCE.batch([case]) if isinstance(a, Answers)]
    now = next((d for _, d in differences(engine, [case], wanted)), first)
    return "\n".join((f"case {case.seed}: {now}", *_files(case), *_beyond(case)))


def told_of(case: Case, found: Callable[[Case], Difference | None], most: int = 1500) -> str:
    """The same of a disagreement that is found in another way than by asking an engine; made small here."""
    small = smallest(case, lambda c: found(c) is not None, most)
    return "\n".join((f"case {case.seed}: {found(small)}", *_files(small), *_beyond(small)))


def told_of_several(cases: Sequence[Case], engine: Engine) -> str:
    """They disagree only when they are asked together."""
    wanted = [a for a in REFERENCE.batch(cases) if isinstance(a, Answers)]
    case, first = next(differences(engine, cases, wanted))
    others = [line for c in cases if c is not case for line in ("# and beside it", *_files(c), *_beyond(c))]
    return "\n".join((f"case {case.seed}, with others: {first}", *_files(case), *_beyond(case), *others))


def _files(case: Case) -> Iterator[str]:
    small = trimmed(case)
    scenario = scenario_of(small.contract, "disagreement", [*small.records, *small.proposed], small.asked)
    for name, text in files_of(small.contract, scenario).items():
        yield f"--- {name}.clause"
        yield text.rstrip()


def _beyond(case: Case) -> Iterator[str]:
    """What a scenario cannot say."""
    for event in (*case.records, *case.proposed):
        said = list(_said(event))
        if said:
            yield f"# {event.id} ({event.type}, {format_instant(event.time)}): {'; '.join(said)}"
    yield from (f"# cloud: {c.reason} of {c.source.name} [{c.since}, {c.until}]" for c in case.clouds)
    if isinstance(case, Amended):
        yield f"# version {case.version} of the contract above, amended as drawn from {case.drawn!r}"
    if not case.draft:
        yield f"# signed: {', '.join(f'{m} by {sorted(who)}' for m, who in sorted(case.signed.items()))}"


def _said(event: Event) -> Iterator[str]:
    if event.type in ("supplement", "heartbeat"):
        yield f"{dict(event.facts)}"
    if any(s.party != EVERYONE for s in event.signers) or not event.signers:
        yield "signed by " + (
            ", ".join(f"{s.party} {sorted(s.roles)} {s.trust.value}" for s in event.signers) or "nobody"
        )
    if event.received is not None and event.received != event.time:
        yield f"received {format_instant(event.received)}"
    if event.caller:
        yield f"attested by the caller: {sorted(event.caller)}"


def as_scenario(case: Case) -> World:
    """The world that the printed scenario describes."""
    lines = [Line(e.time, e.type, e.by, e.to, e.asset, tuple(e.facts.items()), (), e.unreliable) for e in case.records]
    scenario = Scenario("shown", tuple(lines), ())
    return scenario_world(case.world().lookup, scenario.lines, case.asked)
