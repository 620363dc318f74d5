"""Random search for scenarios that close a gap of coverage or notice a mutant, then made as small as they get.

What is found is said by the reference and holds as it stands; the author must still say that it is what was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from random import Random

from smartclause.engines.coverage.measured import (
    ClauseShown,
    Gathered,
    Never,
    Subject,
    shown_of,
    speaking,
    statuses_of,
    subject,
)
from smartclause.engines.suggested.changes import Changing, Lines, smaller
from smartclause.engines.suggested.material import Material
from smartclause.logic.contract import Clause, Expected, Scenario
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import Run, holds, run

Goal = tuple[object, ...]  # what was not shown
_SHRINKS = 400


@dataclass(frozen=True, slots=True)
class Suggested:
    """`closes`: how many gaps the scenario closes; `clause`: about which clause."""

    scenario: Scenario
    clause: str
    closes: int


@dataclass
class Search:
    """About one contract. `runs` are those of the scenarios that there are."""

    lookup: Lookup
    runs: tuple[Run, ...]
    seed: int = 0
    tries: int = 300
    never: Never | None = None  # what is proved never to decide alone is not sought
    gathered: Gathered = field(default_factory=Gathered)
    pool: list[Lines] = field(default_factory=list)
    found: list[Suggested] = field(default_factory=list)
    subjects: dict[str, Subject] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.material = Material(self.lookup)
        types = set(self.lookup.types) | {"", "waiver", "termination"}
        fit = [r for r in self.runs if all(line.event in types for line in r.scenario.lines)]
        self.pool = [r.scenario.lines for r in fit]
        for module, clause in speaking(self.lookup):
            self.subjects[clause.id] = subject(self.lookup, module, clause)
        for each in self.runs:
            known = each.world.lookup.clauses
            self.gathered.add(each, [q for s in self.subjects.values() if s.clause.id in known for q in s.asked])

    # ---- gaps of coverage

    def gaps(self, clause: str) -> frozenset[Goal]:
        return frozenset(goals(shown_of(self.subjects[clause], self.gathered, self.never)))

    def close(self, clause: str) -> Iterator[Suggested]:
        """Scenarios for what is not shown of the clause, as far as the tries go."""
        about = self.subjects[clause]
        gaps = self.gaps(clause)
        for lines in self._candidates(about.clause, self._changing(about.clause), known=False):
            if not gaps:
                return
            closed = self._closed(about, gaps, lines)
            if not closed:
                continue
            small = self.shrunk(lines, partial(self._closes, about, gaps, closed))
            kept = self._run(small)
            assert kept is not None
            self.gathered.add(kept, [q for s in self.subjects.values() for q in s.asked])
            self.pool.append(small)
            yield self._suggested(about.clause, small, len(closed))
            gaps = self.gaps(clause)

    def _closes(self, subject: Subject, gaps: frozenset[Goal], wanted: frozenset[Goal], lines: Lines) -> bool:
        return self._closed(subject, gaps, lines) >= wanted

    def _closed(self, subject: Subject, gaps: frozenset[Goal], lines: Lines) -> frozenset[Goal]:
        """Of the gaps those that these lines close; none if nothing can be said of how they end."""
        result = self._run(lines)
        if result is None or not expectations(result, subject.clause):
            return frozenset()
        fresh = Gathered()
        fresh.add(result, subject.asked)
        if not self._tells_more(subject, fresh):
            return frozenset()
        seen = {q: {**self.gathered.seen.get(q, {}), **fresh.seen.get(q, {})} for q in subject.asked}
        name = subject.clause.id
        reached = {name: self.gathered.reached.get(name, set()) | fresh.reached.get(name, set())}
        return gaps - frozenset(goals(shown_of(subject, Gathered(seen, reached), self.never)))

    def _tells_more(self, subject: Subject, fresh: Gathered) -> bool:
        known, name = self.gathered, subject.clause.id
        if not fresh.reached.get(name, set()) <= known.reached.get(name, set()):
            return True
        return any(not shown.keys() <= known.seen.get(q, {}).keys() for q, shown in fresh.seen.items())

    # ---- mutants

    def notice(self, clause: Clause, changed: Lookup) -> Suggested | None:
        """A scenario that holds, and does not in the changed contract; None too where one found before does."""
        if any(not holds(changed, s.scenario) for s in self.found):
            return None
        changing = self._changing(clause)
        for lines in self._candidates(clause, changing, known=True):
            if self._notices(lines, clause, changed):
                small = self.shrunk(lines, partial(self._does_notice, clause, changed))
                self.pool.append(small)
                return self._suggested(clause, small, 1)
        return None

    def _does_notice(self, clause: Clause, changed: Lookup, lines: Lines) -> bool:
        return self._notices(lines, clause, changed)

    def _notices(self, lines: Lines, clause: Clause, changed: Lookup) -> bool:
        result = self._run(lines)
        if result is None:
            return False
        said = Scenario("", lines, expectations(result, clause))
        return bool(said.expected) and not holds(changed, said)

    # ---- trying

    def _changing(self, clause: Clause) -> Changing:
        stock = tuple(line for lines in self.pool for line in lines if line.event and line.event in self.lookup.types)
        kinds = {k.name for k in self.material.types_of(clause)}
        mine = tuple(line for line in stock if line.event in kinds)
        return Changing(self.material, clause, Random(f"{self.seed} {clause.id}"), mine)

    def _candidates(self, clause: Clause, changing: Changing, *, known: bool) -> Iterator[Lines]:
        """Changed scenarios; `known`: first those that there are, which say more than they were asked."""
        kinds = {k.name for k in self.material.types_of(clause)}
        near = [lines for lines in self.pool if any(line.event in kinds for line in lines)]
        yield from near if known else ()
        for _ in range(self.tries):
            fresh = not near or changing.random.random() < 0.1
            lines = changing.made() if fresh else changing.random.choice(near)
            if lines:
                yield changing.changed(lines)

    def _run(self, lines: Lines) -> Run | None:
        if not lines or not any(line.event for line in lines):
            return None
        return run(self.lookup.contract, Scenario("", lines, ()), self.lookup)

    def shrunk(self, lines: Lines, still: Callable[[Lines], bool]) -> Lines:
        left = _SHRINKS
        again = True
        while again:
            again = False
            for less in smaller(lines, self.material):
                left -= 1
                if left <= 0:
                    return lines
                if still(less):
                    lines, again = less, True
                    break
        return lines

    def _suggested(self, clause: Clause, lines: Lines, closes: int) -> Suggested:
        result = self._run(lines)
        assert result is not None
        names = {s.scenario.name for s in self.found} | {r.scenario.name for r in self.runs}
        stem = f"{clause.name}_"
        name = next(f"{stem}{n}" for n in range(1, len(names) + 2) if f"{stem}{n}" not in names)
        found = Suggested(Scenario(name, lines, expectations(result, clause)), clause.id, closes)
        self.found.append(found)
        return found


def goals(shown: ClauseShown) -> Iterator[Goal]:
    """Everything that is still to be shown; of a pair each half by itself."""
    yield from (("status", s) for s in shown.missing)
    for each in shown.questions:
        if each.lifted is False:
            yield ("exception", each.question)
        for condition in each.conditions:
            yield from (("value", each.question, condition.term, t) for t in condition.missing)
            if condition.pair is None and not condition.never_alone:
                yield from (("half", each.question, condition.term, half) for half in condition.lacking)


def expectations(result: Run, clause: Clause) -> tuple[Expected, ...]:
    """What can be said of the end: how the clause stands, its duties, and the verdict."""
    found = []
    of_clause_ = [(c, s) for c, s in statuses_of(result) if c == clause.id]
    found += [Expected(s.status, c) for c, s in of_clause_ if s.sentence == 0]
    sentences = dict.fromkeys(s.sentence for _, s in of_clause_ if s.sentence)
    for number in sentences:
        states = {s.status for _, s in of_clause_ if s.sentence == number}
        if len(states) == 1:
            found.append(Expected(states.pop(), clause.id, number))
    clauses = result.verdict.clauses if result.verdict else ()
    if result.verdict is not None and any(c.clause == clause.id and c.norms for c in clauses):
        found.append(Expected(result.verdict.decision.value))
    return tuple(found)
