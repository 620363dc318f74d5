"""Sources that contradict each other: an `every` condition fails although something on record satisfies it.

Where a contract tests parts of the records separately (each source by itself), parts are compared: one part
passes as a whole, another fails, and that is a contradiction. Where it tests all of them at once, single records
are compared; they may speak of different things, so they are mixed, not contradictory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from smartclause.engines.audit import AuditResult, Use
from smartclause.logic.duties import Duties
from smartclause.logic.evaluate import View, judge
from smartclause.logic.finding import Finding, Read
from smartclause.logic.terms import All, Every, Query, Some, Term
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import NormFinding, Verdict
from smartclause.logic.world import World


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`against`: what fails the test; `for_`: what passes it; `clauses`: those that ask.

    `mixed`: single records of which some pass and some fail, not sources that the contract tells apart.
    """

    use: Use
    test: Term
    event: str
    clauses: tuple[str, ...]
    against: tuple[Read, ...]
    for_: tuple[Read, ...]
    mixed: bool = False


def contradictions(result: AuditResult) -> Iterator[Contradiction]:
    """Sources that the contract tells apart and that differ: at most one for each use and test."""
    return (c for c in _all(result) if not c.mixed)


def mixed_records(result: AuditResult) -> Iterator[Contradiction]:
    """Single records of which some pass one test and some fail it: at most one for each use and test."""
    return (c for c in _all(result) if c.mixed)


def _all(result: AuditResult) -> Iterator[Contradiction]:
    for use in (u for u in result.uses if u.judged.tests_every):
        for _, verdict in use.judged.members:
            yield from _of_verdict(result.world, use, verdict)


def _of_verdict(world: World, use: Use, verdict: Verdict) -> Iterator[Contradiction]:
    groups: dict[tuple[str, tuple[str, ...], Term], list[tuple[NormFinding, Finding, Every]]] = {}
    for norm in (n for c in verdict.clauses for n in c.norms):
        for leaf, term in _tests(norm.finding):
            groups.setdefault((term.query.event, term.query.keys, term.has), []).append((norm, leaf, term))
    for (event, _, has), tests in groups.items():
        failing = [leaf for _, leaf, _ in tests if leaf.truth is Truth.FALSE and any(r.event for r in leaf.reads)]
        if failing and (passing := _passing(world, use, verdict, tests)) is not None:
            clauses = tuple(dict.fromkeys(norm.clause for norm, _, _ in tests))
            against = tuple(dict.fromkeys(r for leaf in failing for r in leaf.reads))
            yield Contradiction(use, has, event, clauses, against, passing, not _apart(tests))


def _tests(finding: Finding) -> Iterator[tuple[Finding, Every]]:
    if isinstance(finding.term, Every):
        yield finding, finding.term
    for part in finding.parts:
        yield from _tests(part)


def _apart(tests: list[tuple[NormFinding, Finding, Every]]) -> bool:
    """Whether the contract asks the same of several parts of the records."""
    return len({term.query for _, _, term in tests}) > 1


def _passing(
    world: World, use: Use, verdict: Verdict, tests: list[tuple[NormFinding, Finding, Every]]
) -> tuple[Read, ...] | None:
    """What passes the test that something else fails; None if nothing does."""
    if _apart(tests):
        passing = [leaf for _, leaf, _ in tests if leaf.truth is Truth.TRUE]
        return tuple(dict.fromkeys(r for leaf in passing for r in leaf.reads)) if passing else None
    norm, _, term = tests[0]
    found = _one_passes(world, use, verdict, norm, term)
    return found.reads if found.truth is Truth.TRUE else None


def _one_passes(world: World, use: Use, verdict: Verdict, norm: NormFinding, term: Every) -> Finding:
    """Whether some single record surely passes."""
    at = verdict.at
    duties = Duties(world, at, at.instant)
    view = View(world, norm.module, use.record, verdict.party, at, at.instant, duties.breaches, favour=False)
    return judge(Some(_that_passes(term)), view)


def _that_passes(term: Every) -> Query:
    where = term.has if term.query.where is None else All((term.query.where, term.has))
    return replace(term.query, where=where)
