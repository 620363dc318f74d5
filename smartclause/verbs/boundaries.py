"""Scenarios at the boundary of every threshold of a contract, made from the scenarios that it has.

Each says what must be found one step before the figure, at it, and one step after. Periods are counted by the
rule itself; comparisons are expected by what their words say; what hangs on a condition is seen by putting yes and
no in its place. A scenario is used only where that makes a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from smartclause.logic.contract import BUILT_IN, Contract, Duty, Expected, Line, Repeated, Scenario, Standing
from smartclause.logic.counting import Duration, Instant, due, valid_until
from smartclause.logic.finding import Finding
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import Run, run
from smartclause.logic.terms import FALSE, TRUE, Compare, Const, Parameter, Query
from smartclause.logic.truth import Truth, known
from smartclause.logic.verdict import ClauseState
from smartclause.verbs.boundary_figures import expected_at, variants
from smartclause.verbs.thresholds import Of, Threshold, figure, rewritten, thresholds

STEPS = (-1, 0, 1)
DAY = 24 * 60 * 60 * 1_000_000
MOST_DAYS = 15


@dataclass(frozen=True, slots=True)
class Boundary:
    """A scenario beside a threshold, with one `then` line.

    `start`: of several instances of a duty the line is of the one that starts then. `leaf`: what the comparison
    itself must be, where the clause is the same either way.
    """

    threshold: Threshold
    scenario: Scenario
    start: Instant | None = None
    leaf: Truth | None = None


def boundaries(
    contract: Contract, scenarios: Iterable[Scenario], modules: Collection[str] | None = None
) -> dict[Threshold, tuple[Boundary, ...]]:
    """For each threshold (of these modules, or of all) its scenarios; none where no scenario given reaches it."""
    lookup = Lookup(contract)
    wanted = [t for t in thresholds(contract) if modules is None or lookup.clauses[t.clause][0].name in modules]
    if not wanted:
        return {}
    maker = _Maker(contract, lookup, _runs(lookup, scenarios))
    figures = {t: tuple(maker.beside(t)) for t in wanted if t.of is Of.FIGURE}
    more = _runs(lookup, (b.scenario for found in figures.values() for b in found))
    wider = replace(maker, bases=maker.bases + more)
    return {t: figures[t] if t in figures else tuple(wider.beside(t)) for t in wanted}


def _runs(lookup: Lookup, scenarios: Iterable[Scenario]) -> tuple[Run, ...]:
    """Of those in which everything is shown and every record is of this contract's types."""
    types = {*lookup.types, *BUILT_IN}
    fit = (s for s in scenarios if all(_plain(line, types) for line in s.lines))
    return tuple(run(lookup.contract, s, lookup) for s in fit)


def found_instead(contract: Contract, boundary: Boundary, lookup: Lookup | None = None) -> str:
    """What was found where the `then` line says something else; empty if it holds."""
    lookup = lookup or Lookup(contract)
    expected = boundary.scenario.expected[0]
    result = run(contract, boundary.scenario, lookup)
    if boundary.start is None and not _is_standing(lookup, boundary.threshold):
        state = state_of(result, boundary.threshold, lookup)
        leaf = boundary.leaf is None or leaf_of(result, boundary.threshold) is boundary.leaf
        return "" if state == expected.status and leaf else f"{state}, {leaf_of(result, boundary.threshold)}"
    instance = _instance(result, boundary, lookup)
    if instance is None:
        return "no instance of this duty"
    agrees = instance.status.value == expected.status and expected.since in (None, instance.since)
    return "" if agrees else f"{instance.status.value} since {instance.since}"


def _instance(result: Run, boundary: Boundary, lookup: Lookup) -> Instance | None:
    mine = _instances(result, boundary.threshold)
    if _is_standing(lookup, boundary.threshold):
        return mine[-1] if mine else None
    return next((i for i in mine if i.start == boundary.start), None)


def _instances(result: Run, threshold: Threshold) -> list[Instance]:
    place = (threshold.clause, threshold.sentence)
    return [i for i in result.instances if (i.clause, i.sentence) == place]


def _is_standing(lookup: Lookup, threshold: Threshold) -> bool:
    _, clause = lookup.clauses[threshold.clause]
    return any(isinstance(s, Standing) and s.number == threshold.sentence for s in clause.sentences)


def state_of(result: Run, threshold: Threshold, lookup: Lookup) -> str:
    """The state of the clause for the act, or of a standing duty at the end."""
    if _is_standing(lookup, threshold):
        mine = _instances(result, threshold)
        return mine[-1].status.value if mine else ""
    clauses = result.verdict.clauses if result.verdict else ()
    return next((c.state.value for c in clauses if c.clause == threshold.clause), "")


def leaf_of(result: Run, threshold: Threshold) -> Truth | None:
    clauses = result.verdict.clauses if result.verdict else ()
    norms = (n for c in clauses if c.clause == threshold.clause for n in c.norms)
    roots = (n.finding for n in norms if threshold.sentence in (0, n.norm.number))
    return next((f.truth for root in roots for f in _inside(root) if f.term == threshold.node), None)


def _inside(finding: Finding) -> Iterator[Finding]:
    yield finding
    for part in finding.parts:
        yield from _inside(part)


@dataclass(frozen=True, slots=True)
class _Maker:
    contract: Contract
    lookup: Lookup
    bases: tuple[Run, ...]

    def beside(self, threshold: Threshold) -> Iterator[Boundary]:
        match threshold.node:
            case Repeated():
                yield from self._of_cycle(threshold, threshold.node)
            case Duty():
                yield from self._of_duty(threshold, threshold.node)
            case Query():
                yield from self._of_window(threshold, threshold.node)
            case Compare():
                yield from self._of_figure(threshold, threshold.node)

    # ---- periods

    def _of_duty(self, threshold: Threshold, duty: Duty) -> Iterator[Boundary]:
        """The answer one instant before the end, at the end, after it; and no answer at all."""
        for base in self.bases:
            mine = _instances(base, threshold)
            owed = _answered_of(mine[0], threshold) if len(mine) == 1 else None
            if owed is None:
                continue
            later = self._days_later(threshold, duty, mine[0])
            first, last = self._ends(threshold, duty, mine[0].start + later)
            if first is not None and last is not None:
                lines = [replace(x, at=x.at + later) for x in base.scenario.lines]
                answer = lines[int(owed.answered.removeprefix("line ")) - 1]
                rest = [x for x in lines if x.event and x.event != answer.event and x.at <= last]
                yield from _around(threshold, base, answer, rest, mine[0].start + later, first, last)
                return

    def _days_later(self, threshold: Threshold, duty: Duty, instance: Instance) -> Instant:
        """How much later all must happen for the period to end on a day of its own: an end that is moved off
        rest days may be that of a longer or shorter period too."""
        if not instance.trigger or duty.clock or duty.no_later_than:
            return 0
        days = (DAY * k for k in range(MOST_DAYS))
        return next((d for d in days if self._ends_alone(threshold, duty, instance.start + d)), 0)

    def _ends_alone(self, threshold: Threshold, duty: Duty, start: Instant) -> bool:
        begins = start if threshold.of is Of.PERIOD else self._end(threshold, start, self._period_of(threshold))
        if begins is None:
            return False
        ends = [self._end(threshold, begins, duty.period, more) for more in STEPS]
        return None not in ends and len(set(ends)) == len(ends)

    def _ends(self, threshold: Threshold, duty: Duty, start: Instant) -> tuple[Instant | None, Instant | None]:
        """The end of the period, and of what is owed otherwise; of more than one such the first."""
        first = self._end(threshold, start, self._period_of(threshold))
        if first is None or threshold.of is Of.PERIOD:
            return first, first
        return first, self._end(threshold, first, duty.period) if threshold.number == 1 else None

    def _of_cycle(self, threshold: Threshold, duty: Repeated) -> Iterator[Boundary]:
        """The first cycle, from the start of force, and the one that an act at its end opens."""
        answer = duty.answers[0]
        started = next((base for base in self.bases if _instances(base, threshold)), None)
        if started is None or answer.where != TRUE:
            return
        start, rest = _instances(started, threshold)[0].start, list[Line]()
        for _ in range(2):
            end = self._end(threshold, start, duty.period)
            if end is None:
                return
            act = Line(end, answer.act, duty.party, duty.recipient)
            yield from _around(threshold, started, act, rest, start, end, end)
            start, rest = end, [act]

    def _period_of(self, threshold: Threshold) -> Const | Parameter | None:
        """Of the duty itself, also where the threshold is of what is owed otherwise."""
        _, clause = self.lookup.clauses[threshold.clause]
        owed = next(s for s in clause.sentences if s.number == threshold.sentence)
        return owed.period if isinstance(owed, Duty | Repeated) else None

    def _end(
        self, threshold: Threshold, start: Instant, period: Const | Parameter | None, more: int = 0
    ) -> Instant | None:
        length = figure(period, start, self.lookup)
        if not isinstance(length, Duration) or length.count + more < 0:
            return None
        header = self.lookup.clauses[threshold.clause][0].header
        span = due(start, replace(length, count=length.count + more), header.rule, header.zone)
        return span.latest if span.latest == span.earliest else None

    # ---- windows on history

    def _of_window(self, threshold: Threshold, query: Query) -> Iterator[Boundary]:
        """The act moved to where a record counts for the last time, and one instant on."""
        unbounded = self._with(threshold, query, replace(query, within=None))
        for base in self.bases:
            if not state_of(base, threshold, self.lookup):
                continue
            for record in base.scenario.lines:
                if record.event and self.lookup.is_under(record.event, query.event):
                    found = tuple(self._at_window(threshold, query, base, record, unbounded))
                    if found:
                        yield from found
                        return

    def _at_window(
        self, threshold: Threshold, query: Query, base: Run, record: Line, unbounded: Lookup
    ) -> Iterator[Boundary]:
        last = self._counts_until(threshold, query, record)
        moved, rest = self._moved(threshold, base)
        if last is None or moved is record or any(x.at > last for x in rest):
            return
        without = [x for x in rest if x is not record]
        end = replace(moved, at=last)
        inside = self._state(threshold, base, [*rest, end], unbounded)
        outside = self._state(threshold, base, [*without, end], unbounded)
        if inside == outside or ClauseState.UNKNOWN.value in (inside, outside):
            return
        for step in STEPS:
            status = outside if step > 0 else inside
            since = last + 1 if status == DutyStatus.VIOLATED.value else None
            then = Expected(status, threshold.clause, threshold.sentence, since)
            yield Boundary(threshold, _scenario(threshold, base, [*rest, replace(moved, at=last + step)], then, step))

    def _counts_until(self, threshold: Threshold, query: Query, record: Line) -> Instant | None:
        period = query.within
        length = figure(period, record.at, self.lookup) if isinstance(period, Const | Parameter) else None
        if not isinstance(length, Duration):
            return None
        header = self.lookup.clauses[threshold.clause][0].header
        span = valid_until(record.at, length, header.rule, header.zone)
        return span.latest if span.latest == span.earliest else None

    def _moved(self, threshold: Threshold, base: Run) -> tuple[Line, list[Line]]:
        """The act judged, or for a standing duty the clock; and every other record."""
        records = [x for x in base.scenario.lines if x.event]
        acts = [x for x in records if self.lookup.is_act(x.event)]
        if _is_standing(self.lookup, threshold) or not acts:
            return Line(0), records
        return acts[-1], [x for x in records if x is not acts[-1]]

    # ---- comparisons with a figure

    def _of_figure(self, threshold: Threshold, term: Compare) -> Iterator[Boundary]:
        yes, no = self._with(threshold, term, TRUE), self._with(threshold, term, FALSE)
        shown: tuple[Boundary, ...] = ()
        others = [base.scenario for base in self.bases]
        for base in self.bases:
            for lines in variants(term, base.scenario, others, self.lookup):
                found = tuple(self._at_figure(threshold, term, base, lines, yes, no))
                if found and all(b.leaf is None for b in found):
                    yield from found
                    return
                shown = shown or found
        yield from shown

    def _at_figure(
        self, threshold: Threshold, term: Compare, base: Run, lines: dict[int, list[Line]], yes: Lookup, no: Lookup
    ) -> Iterator[Boundary]:
        """One for each step, if what the comparison says makes a difference at one of them at least."""
        states = {s: [self._state(threshold, base, lines[s], x) for x in (yes, no)] for s in lines}
        if not all(_settled(pair) for pair in states.values()) or all(a == b for a, b in states.values()):
            return
        for step, (if_so, if_not) in states.items():
            holds = expected_at(term.order, step)
            then = Expected(if_so if holds else if_not, threshold.clause, threshold.sentence)
            leaf = known(holds) if if_so == if_not else None
            yield Boundary(threshold, _scenario(threshold, base, lines[step], then, step), leaf=leaf)

    def _with(self, threshold: Threshold, old: object, new: object) -> Lookup:
        return Lookup(rewritten(self.contract, threshold, old, new))

    def _state(self, threshold: Threshold, base: Run, lines: list[Line], lookup: Lookup) -> str:
        scenario = replace(base.scenario, lines=_in_order(lines), expected=())
        return state_of(run(lookup.contract, scenario, lookup), threshold, lookup) if lines else ""


def _around(
    threshold: Threshold, base: Run, answer: Line, rest: list[Line], start: Instant, first: Instant, last: Instant
) -> Iterator[Boundary]:
    """`first` is the end of the period itself, `last` that of what is owed otherwise, or the same."""
    second = threshold.of is Of.OTHERWISE
    done = DutyStatus.CURED if second else DutyStatus.FULFILLED
    waiting = DutyStatus.VIOLATED if second else DutyStatus.OPEN
    for step in STEPS:
        late = step > 0
        for line, in_time in ((replace(answer, at=last + step), done), (Line(last + step), waiting)):
            status = DutyStatus.VIOLATED if late else in_time
            then = Expected(status.value, threshold.clause, threshold.sentence, first if second or late else None)
            yield Boundary(threshold, _scenario(threshold, base, [*rest, line], then, step), start)


def _plain(line: Line, types: set[str]) -> bool:
    return not (line.silent or line.hidden or line.unreliable) and (not line.event or line.event in types)


def _settled(states: list[str]) -> bool:
    return all(s and s != ClauseState.UNKNOWN.value for s in states)


def _answered_of(instance: Instance, threshold: Threshold) -> Instance | None:
    """The instance that an existing scenario answers in time: the duty's own, or what was owed otherwise."""
    owed = instance.otherwise if threshold.of is Of.OTHERWISE else instance
    return owed if owed is not None and owed.status is DutyStatus.FULFILLED else None


def _in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: line.at))


def _scenario(threshold: Threshold, base: Run, lines: Iterable[Line], then: Expected, step: int) -> Scenario:
    where = {-1: "before", 0: "at", 1: "after"}[step]
    name = f"{base.scenario.name}, {where} the {threshold.of.value} of {threshold.clause}({threshold.sentence})"
    return Scenario(name, _in_order(lines), (then,))
