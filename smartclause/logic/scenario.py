"""Scenarios: the author's own examples, run through the reference. All facts are shown unless a line says not."""

from collections.abc import Iterable
from dataclasses import dataclass

from smartclause.logic.contract import Contract, Expected, Line, Scenario
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.finding import Read, Reason
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import deciding_reads, open_reasons
from smartclause.logic.record import EVERYONE, Event, Signer, Source
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Verdict, judge_act
from smartclause.logic.world import Cloud, Position, World, build

END_OF_TIME = 2**61


@dataclass(frozen=True, slots=True)
class Outcome:
    """One `then` line: what was found instead, empty if it holds."""

    expected: Expected
    found: str = ""
    because: tuple[str, ...] = ()
    since: Instant | None = None

    @property
    def holds(self) -> bool:
        return not self.found


@dataclass(frozen=True, slots=True)
class Run:
    scenario: Scenario
    outcomes: tuple[Outcome, ...]
    verdict: Verdict | None
    instances: tuple[Instance, ...]
    world: World

    @property
    def holds(self) -> bool:
        return all(o.holds for o in self.outcomes)


def run(contract: Contract, scenario: Scenario, lookup: Lookup | None = None) -> Run:
    """Judges at the instant of the last line; the verdict is that of the last act."""
    lookup = lookup or Lookup(contract)
    now = max(line.at for line in scenario.lines)
    world = scenario_world(lookup, scenario.lines, now)
    verdict = _last_verdict(world)
    duties = Duties(world, Position(now, LAST_INDEX), now)
    outcomes = tuple(_check(e, verdict, duties) for e in scenario.expected)
    return Run(scenario, outcomes, verdict, tuple(duties.all()), world)


def holds(lookup: Lookup, scenario: Scenario) -> bool:
    """Whether every `then` of it holds; the same as `run` finds, without looking at anything else."""
    now = max(line.at for line in scenario.lines)
    world = scenario_world(lookup, scenario.lines, now)
    duties = Duties(world, Position(now, LAST_INDEX), now)
    statuses = {s.value for s in DutyStatus}
    owed = [e for e in scenario.expected if e.clause and e.status in statuses]
    if not all(_check(e, None, duties).holds for e in owed):
        return False
    judged = [e for e in scenario.expected if e not in owed]
    verdict = _last_verdict(world) if judged else None
    return all(_check(e, verdict, duties).holds for e in judged)


def _last_verdict(world: World) -> Verdict | None:
    acts = [r for r in world.records if world.lookup.is_act(r.event.type)]
    return judge_act(world, acts[-1]) if acts else None


def scenario_world(lookup: Lookup, lines: Iterable[Line], now: Instant) -> World:
    lines = list(lines)
    events = [_event(line, i) for i, line in enumerate(lines, 1) if line.event]
    quiet = [line for line in lines if line.silent]
    silent = tuple(Source(line.silent, line.silent, complete=line.at) for line in quiet)
    clouds = tuple(Cloud(s.complete or 0, END_OF_TIME, s, "gap") for s in silent)
    everyone = Source("scenario", complete=END_OF_TIME)
    return build(lookup, events, now, sources=(everyone, *silent), clouds=clouds, draft=True)


def _event(line: Line, index: int) -> Event:
    facts = {name: value for name, value in line.facts if name not in line.hidden}
    everyone = (Signer("scenario", EVERYONE),)
    source = line.by or "scenario"
    return Event(
        f"line {index}", line.event, line.at, line.by, line.to, line.asset, facts, everyone, source,
        index=index, unreliable=line.unreliable,
    )  # fmt: skip


# ---- what `then` compares


def _check(expected: Expected, verdict: Verdict | None, duties: Duties) -> Outcome:
    if expected.clause and expected.status in {s.value for s in DutyStatus}:
        return _check_duty(expected, duties)
    if verdict is None:
        return Outcome(expected, "no act to judge")
    if expected.clause:
        return _check_clause(expected, verdict)
    names = verdict_because(verdict)
    return _compare(expected, verdict.decision.value, names, None)


def verdict_because(verdict: Verdict) -> tuple[str, ...]:
    if verdict.truth is Truth.UNKNOWN:
        return reason_names(open_reasons(verdict.finding))
    return read_names(deciding_reads(verdict.finding))


def _check_clause(expected: Expected, verdict: Verdict) -> Outcome:
    clause = next(c for c in verdict.clauses if c.clause == expected.clause)
    norms = [n for n in clause.norms if expected.sentence in (0, n.norm.number)]
    if clause.state is ClauseState.UNKNOWN:
        names = reason_names(r for n in norms for r in open_reasons(n.finding))
    else:
        names = read_names(r for n in norms for r in deciding_reads(n.finding))
    return _compare(expected, clause.state.value, names, None)


def _check_duty(expected: Expected, duties: Duties) -> Outcome:
    instances = duties.of_clause(expected.clause, expected.sentence)
    if not instances:
        return Outcome(expected, "no instance of this duty")
    outcomes = [_compare(expected, i.status.value, reason_names(i.reasons), i.since) for i in instances]
    return next((o for o in outcomes if not o.holds), outcomes[0])


def _compare(expected: Expected, status: str, names: tuple[str, ...], since: Instant | None) -> Outcome:
    agrees = status == expected.status
    agrees &= expected.since is None or expected.since == since
    if expected.because is not None:
        wanted = {bare(n) for n in expected.because}
        agrees &= wanted == set(names) if expected.exactly else wanted <= set(names)
    return Outcome(expected, "" if agrees else status, names, since)


def reason_names(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Open facts by field, absent or doubtful records by type, anything else by its detail or kind."""
    return tuple(dict.fromkeys(r.field or bare(r.type or r.detail) or r.kind for r in reasons))


def read_names(reads: Iterable[Read]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.field or bare(r.type) for r in reads))


def bare(name: str) -> str:
    return name.rpartition(".")[2]
