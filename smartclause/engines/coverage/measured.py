"""How much of a contract its scenarios show, clause by clause, with what is left to show.

A condition decides alone if two judged acts (or openings, answers, records) show it: it is true in one and false in
the other, the sentence comes out differently, and in each of the two the sentence would come out otherwise if this
condition alone were otherwise, so that the others are equal or masked. This is the masking form of modified
condition/decision coverage (MC/DC, RTCA DO-178C), with unknown as a third truth. A condition that can never be false
(a place on an open list), or of which it is proved that it never decides alone by being false, is shown by true
against unknown; one that is proved never to decide alone at all is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from smartclause.engines.coverage.observed import Shown, Watching
from smartclause.engines.coverage.possible import can_be, possible_states, possible_statuses
from smartclause.engines.coverage.questions import Question, of_clause, truth_of
from smartclause.logic.contract import Clause, Module, ModuleKind, Norm, Share
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import Run
from smartclause.logic.terms import FALSE, Term
from smartclause.logic.truth import Truth

# Whether it is proved that a condition (by its place) nowhere has the first truth where the second would bring out
# something else.
Never = Callable[[Question, int, Truth, Truth], bool]


class Denied(Enum):
    """What is proved of a condition: that nowhere it decides alone by being false; that nowhere it decides alone."""

    BY_FALSE = "by false"
    AT_ALL = "at all"


@dataclass(frozen=True, slots=True)
class ConditionShown:
    """`can` are the truths that the condition can have; `pair` names two scenarios in which it decides alone."""

    term: Term
    seen: frozenset[Truth]
    can: frozenset[Truth]
    pair: tuple[str, str] | None = None
    lacking: tuple[str, ...] = ()  # what a pair still needs: one side, the other, or another outcome
    denied: Denied | None = None

    @property
    def never_alone(self) -> bool:
        return self.denied is Denied.AT_ALL

    @property
    def missing(self) -> tuple[Truth, ...]:
        return tuple(t for t in (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN) if t in self.can - self.seen)


@dataclass(frozen=True, slots=True)
class QuestionShown:
    question: Question
    conditions: tuple[ConditionShown, ...]
    lifted: bool | None = None  # whether its exception was once what made the difference; None: it has none


@dataclass(frozen=True, slots=True)
class Status:
    """`sentence` 0: of the clause as a whole, for an act."""

    sentence: int
    status: str


@dataclass(frozen=True, slots=True)
class ClauseShown:
    clause: str
    reached: frozenset[Status]
    possible: tuple[Status, ...]
    questions: tuple[QuestionShown, ...]

    @property
    def missing(self) -> tuple[Status, ...]:
        return tuple(s for s in self.possible if s not in self.reached)

    @property
    def is_reached(self) -> bool:
        return any(s.status != "inapplicable" for s in self.reached)


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many."""

    done: int
    of: int

    @property
    def is_full(self) -> bool:
        return self.done == self.of


@dataclass(frozen=True)
class Coverage:
    """In the order of the contract. Clauses without a sentence that decides show nothing and are left out."""

    lookup: Lookup
    clauses: tuple[ClauseShown, ...]
    name: str = ""

    @property
    def reached(self) -> Part:
        return _share(c.is_reached for c in self.clauses)

    @property
    def statuses(self) -> Part:
        return _share(s in c.reached for c in self.clauses for s in c.possible)

    @property
    def exceptions(self) -> Part:
        return _share(q.lifted for c in self.clauses for q in c.questions if q.lifted is not None)

    @property
    def alone(self) -> Part:
        return _share(each.pair is not None for each in self._conditions() if not each.never_alone)

    @property
    def values(self) -> Part:
        return _share(t in each.seen for each in self._conditions() for t in each.can)

    def _conditions(self) -> Iterable[ConditionShown]:
        return (each for c in self.clauses for q in c.questions for each in q.conditions)

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.reached, self.statuses, self.exceptions, self.alone, self.values)

    @property
    def is_full(self) -> bool:
        return all(s.is_full for s in self.parts)

    @property
    def percentage(self) -> int:
        """Of the part that is shown least, rounded down."""
        return min((100 * p.done // p.of for p in self.parts if p.of), default=100)


def _share(flags: Iterable[bool | None]) -> Part:
    found = [bool(f) for f in flags]
    return Part(sum(found), len(found))


@dataclass
class Gathered:
    """What was shown of each question, by the scenario that showed it first."""

    seen: dict[Question, dict[Shown, str]] = field(default_factory=dict)
    reached: dict[str, set[Status]] = field(default_factory=dict)

    def add(self, run: Run, questions: Iterable[Question]) -> None:
        for question, shown in Watching(run).shown(questions):
            self.seen.setdefault(question, {}).setdefault(shown, run.scenario.name)
        for status in statuses_of(run):
            self.reached.setdefault(status[0], set()).add(status[1])


def statuses_of(run: Run) -> Iterable[tuple[str, Status]]:
    for clause in run.verdict.clauses if run.verdict else ():
        if clause.norms:
            yield clause.clause, Status(0, clause.state.value)
    for instance in run.instances:
        yield instance.clause, Status(instance.sentence, instance.status.value)


@dataclass(frozen=True, slots=True)
class Subject:
    """A clause with what it asks and what it can end in."""

    clause: Clause
    asked: tuple[Question, ...]
    possible: tuple[Status, ...]
    can: Mapping[Question, tuple[frozenset[Truth], ...]]


def subject(lookup: Lookup, module: Module, clause: Clause) -> Subject:
    states = tuple(Status(0, s) for s in possible_states(lookup, module, clause))
    owed = tuple(
        Status(s.number, status) for s in clause.sentences if not isinstance(s, Norm | Share)
        for status in possible_statuses(s)
    )  # fmt: skip
    asked = of_clause(clause)
    can = {q: tuple(can_be(lookup, term) for term in q.conditions) for q in asked}
    return Subject(clause, asked, (*states, *owed), can)


def coverage(
    lookup: Lookup, runs: Iterable[Run], modules: frozenset[str] | None = None, never: Never | None = None
) -> Coverage:
    """Of the clauses of these modules (None: of all that are no vocabulary) by these runs."""
    subjects = tuple(subject(lookup, m, c) for m, c in speaking(lookup, modules))
    gathered = Gathered()
    for run in runs:
        known = run.world.lookup.clauses
        gathered.add(run, [q for s in subjects if s.clause.id in known for q in s.asked])
    found = tuple(shown_of(s, gathered, never) for s in subjects)
    return Coverage(lookup, found, ", ".join(sorted(modules)) if modules else lookup.contract.module)


def speaking(lookup: Lookup, modules: frozenset[str] | None = None) -> Iterable[tuple[Module, Clause]]:
    """Clauses with a sentence that decides."""
    for module, clause in lookup.all_clauses():
        wanted = module.kind is not ModuleKind.VOCABULARY and (modules is None or module.name in modules)
        if wanted and any(not isinstance(s, Share) for s in clause.sentences):
            yield module, clause


def shown_of(subject: Subject, gathered: Gathered, never: Never | None = None) -> ClauseShown:
    reached = frozenset(gathered.reached.get(subject.clause.id, ()))
    found = tuple(question_shown(q, gathered.seen.get(q, {}), subject.can[q], never) for q in subject.asked)
    return ClauseShown(subject.clause.id, reached, subject.possible, found)


def question_shown(
    question: Question, seen: Mapping[Shown, str], can: tuple[frozenset[Truth], ...], never: Never | None = None
) -> QuestionShown:
    found = tuple(_condition_shown(question, n, seen, each, never) for n, each in enumerate(can))
    return QuestionShown(question, found, None if question.lifted == FALSE else _was_lifted(question, seen))


def _was_lifted(question: Question, seen: Mapping[Shown, str]) -> bool:
    """The exception held, and without it the sentence would have said something."""
    for shown in seen:
        given = dict(zip(question.conditions, shown.truths, strict=True))
        if truth_of(question.lifted, given) is Truth.TRUE and _without(question, given) is Truth.TRUE:
            return True
    return False


def _without(question: Question, given: Mapping[Term, Truth]) -> Truth:
    lifting = set(Question("", 0, question.asked, question.lifted).conditions)
    return truth_of(question.term, {t: Truth.FALSE if t in lifting else v for t, v in given.items()})


def _condition_shown(
    question: Question, place: int, seen: Mapping[Shown, str], can: frozenset[Truth], never: Never | None
) -> ConditionShown:
    truths, term = frozenset(s.truths[place] for s in seen), question.conditions[place]
    upper, lower = sides(question, place, seen, can)
    found, denied = _apart(upper, lower), None
    if found is None and never is not None:
        denied = _denied(question, place, can, never, bool(upper))
        if denied is Denied.BY_FALSE:
            upper, lower = sides(question, place, seen, can - {Truth.FALSE})
            found = _apart(upper, lower)
    needed: tuple[tuple[str, Mapping[Truth, str]], ...] = (("true", upper), ("other", lower), ("outcome", {}))
    lacking = () if found or denied is Denied.AT_ALL else tuple(name for name, side in needed if not side)
    return ConditionShown(term, truths, can, found, lacking, denied)


def _denied(question: Question, place: int, can: frozenset[Truth], never: Never, upper: bool) -> Denied | None:
    """`upper`: it was seen to decide by being true, against what it can be otherwise."""

    def apart(other: Truth, seen: bool) -> bool:
        return never(question, place, other, Truth.TRUE) or (not seen and never(question, place, Truth.TRUE, other))

    by_false = Truth.FALSE not in can or apart(Truth.FALSE, upper)
    if by_false and apart(Truth.UNKNOWN, upper and Truth.FALSE not in can):
        return Denied.AT_ALL
    return Denied.BY_FALSE if by_false and Truth.FALSE in can else None


def pair(question: Question, place: int, seen: Mapping[Shown, str], can: frozenset[Truth]) -> tuple[str, str] | None:
    """Two scenarios that show that the condition at this place decides alone."""
    return _apart(*sides(question, place, seen, can))


def _apart(upper: Mapping[Truth, str], lower: Mapping[Truth, str]) -> tuple[str, str] | None:
    return next(((a, b) for x, a in upper.items() for y, b in lower.items() if x is not y), None)


def sides(
    question: Question, place: int, seen: Mapping[Shown, str], can: frozenset[Truth]
) -> tuple[dict[Truth, str], dict[Truth, str]]:
    """Where it is true and decides, and where it is false and decides, each by what comes out."""
    other = Truth.FALSE if Truth.FALSE in can else Truth.UNKNOWN
    return _deciding(question, place, seen, Truth.TRUE, other), _deciding(question, place, seen, other, Truth.TRUE)


def _deciding(question: Question, place: int, seen: Mapping[Shown, str], is_: Truth, were: Truth) -> dict[Truth, str]:
    """By what comes out: a scenario in which it has this truth, and another one would make a difference."""
    found: dict[Truth, str] = {}
    for shown, scenario in seen.items():
        if shown.truths[place] is is_:
            given = dict(zip(question.conditions, shown.truths, strict=True))
            out = truth_of(question.term, given)
            if truth_of(question.term, {**given, question.conditions[place]: were}) is not out:
                found.setdefault(out, scenario)
    return found
