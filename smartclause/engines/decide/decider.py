"""The decider: one act, now. Verdicts agree with the reference; only `Decision.ALLOWED` permits.

It answers provisionally: what counts as shown is the caller's word, and the head of the ledger is read as closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from threading import RLock
from time import time_ns
from types import FunctionType
from typing import Any

from smartclause.engines.decide.answers import Answers
from smartclause.engines.decide.explanation import Explanation, Statuses
from smartclause.engines.decide.placed import Placed
from smartclause.engines.decide.shown import ASKED, NOTHING, Told
from smartclause.engines.decide.unit import Facts, Functions, Judge, Tell, names
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import Record
from smartclause.rails.formula import AtBestUnknown
from smartclause.rails.lowering import Before, Lowered
from smartclause.rails.refused import CannotDo
from smartclause.rails.source.module import Source
from smartclause.rails.source.runtime import names_of

Quick = Callable[[Facts, Instant, frozenset[str]], Any]
Clock = Callable[[], Instant]
LAST = 2**62  # the index of an act that is asked: after all records of its instant


def _now() -> Instant:
    return time_ns() // 1000


class Decider:
    """Decisions under one contract.

    `signed`: the parties that signed each file; `draft`: as if all had, so that an answer is what the verdict would
    be. `past` answers questions on records and duties up to one head of the ledger; None: no ledger is given, so all
    that it would answer is unknown, and unless it is a draft, whether the contract was ended is unknown too.

    Facts are typed values by field name (see `Value`); a missing or misfitting fact is unknown, never guessed.
    `attested` names the facts that the caller verified: one that a role must show counts only if it is named.
    `at` is the instant in microseconds UTC; by default that of `clock`, or `not_before` where that is later: the last
    instant of which the past tells. Raises TypeError for an `at` or `attested` of another kind.

    `earlier` are the versions that the contract amends, the last one first (see `lower_verdict`); `amended`: it is one
    of several versions. `barred_only`: of open files it tells whether they bar the act; then allowed means only that.

    Threads may share one.
    """

    def __init__(
        self,
        lookup: Lookup,
        signed: Mapping[str, frozenset[str]] | None = None,
        *,
        draft: bool = False,
        past: Answers | None = None,
        clock: Clock = _now,
        not_before: Instant = 0,
        earlier: tuple[Before, ...] = (),
        amended: bool = False,
        barred_only: bool = False,
    ) -> None:
        self._barred_only = barred_only
        self.lookup = lookup
        self._clock = clock
        self._not_before = not_before
        self._lock = RLock()
        self.source = Source(lookup, signed or {}, draft, earlier=earlier, amended=amended)
        self._past = past
        self._functions: dict[tuple[str, str], Functions] = {}
        # Where the past is not asked: the function, and the present once nothing changes with time any more.
        self._verdicts: dict[tuple[str, str], tuple[Quick, Instant | None]] = {}
        self._statuses: dict[tuple[str, str], tuple[Quick, Instant | None]] = {}
        self._told: dict[tuple[str, str], tuple[Quick, Instant | None]] = {}
        self._ended = None if draft or past is not None else unknown
        self._namespace = names()
        self._parties = parties_of(lookup)
        self._clauses = lookup.clauses

    def now(self) -> Instant:
        """The instant of an act that is asked now."""
        return max(self._clock(), self._not_before)

    def verdict(
        self, type_: str, by: str, facts: Facts, at: Instant | None = None, attested: frozenset[str] = NOTHING
    ) -> Decision:
        """May `by` do the act now."""
        try:
            judge, present = self._verdicts[type_, by]
        except KeyError:
            return self._first_verdict(type_, by, facts, self._instant(at), attested)
        if at is None:
            at = present or self._present(self._verdicts, type_, by)
        elif type(at) is not int:
            raise no_instant(at)
        return judge(facts, at, attested)  # type: ignore[no-any-return]

    def statuses(
        self, type_: str, by: str, facts: Facts, at: Instant | None = None, attested: frozenset[str] = NOTHING
    ) -> Statuses:
        """The verdict, and the status of every clause."""
        try:
            tell, present = self._statuses[type_, by]
        except KeyError:
            return self._first_statuses(type_, by, facts, self._instant(at), attested)
        if at is None:
            at = present or self._present(self._statuses, type_, by)
        elif type(at) is not int:
            raise no_instant(at)
        return Statuses(self._clauses, *tell(facts, at, attested))

    def explain(
        self, type_: str, by: str, facts: Facts, at: Instant | None = None, attested: frozenset[str] = NOTHING
    ) -> Explanation:
        """The verdict with statuses, the truth of every leaf, and why it is undecided."""
        try:
            tell, present = self._told[type_, by]
        except KeyError:
            return self._first_explanation(type_, by, facts, self._instant(at), attested)
        if at is None:
            at = present or self._present(self._told, type_, by)
        elif type(at) is not int:
            raise no_instant(at)
        return self._explained(self._functions[type_, by], tell, facts, at, attested)

    def _explained(
        self, found: Functions, tell: Quick, facts: Facts, at: Instant, attested: frozenset[str]
    ) -> Explanation:
        shown = attested if type(attested) is frozenset else names_of(attested)
        told = dict(facts)  # reasons are told later, of the facts as they were
        return Explanation(found, tell(told, at, shown), Told(found.facts, told, at, shown))

    def _instant(self, at: Instant | None) -> Instant:
        if at is None:
            return self.now()
        if type(at) is not int:
            raise no_instant(at)
        return at

    def verdict_of(self, type_: str, by: str) -> Callable[..., Decision]:
        """The function for one kind of act by one party, to be held: `judge(facts, at, attested)`, the last two may be
        left out. Its answers are those of `verdict`. Raises CannotDo."""
        found = self.functions(type_, by)
        return self._held(found, found.verdict, found.asks) or partial(self.verdict, type_, by)

    def statuses_of(self, type_: str, by: str) -> Callable[..., tuple[Decision, Mapping[str, ClauseState]]]:
        """The same for `statuses`: the decision, and the status of each clause that has a sentence on such acts."""

        def asked(*given: Any) -> tuple[Decision, Mapping[str, ClauseState]]:
            told = self.statuses(type_, by, *given)
            return told.decision, told.concerned

        found = self.functions(type_, by)
        return self._held(found, found.statuses, True) or asked

    def _held(self, found: Functions, function: Judge | Tell, asks: bool) -> Callable[..., Any] | None:
        """None where it must be looked at each time: the past is asked, or days of change are still to come."""
        at, past = self.now(), self._past
        if (past is not None and (asks or past.may_have_ended)) or (found.latest is not None and at < found.latest):
            return None
        return FunctionType(function.__code__, self._namespace, argdefs=(at, NOTHING, unknown, self._ended))

    def judge(self, record: Record) -> Explanation:
        """Of an act recorded, or placed to be judged, at its place in the past that was given."""
        return self.at_place(record).explain()

    def at_place(self, record: Record) -> Placed:
        """Raises ValueError where no past was given."""
        if self._past is None:
            raise ValueError("a record is judged in a past: give one")
        event = record.event
        return Placed(self._past, self.functions(event.type, event.by), self._past.row(record, event.by))

    def functions(self, type_: str, by: str) -> Functions:
        """Of types and parties that the contract does not name nothing is kept. Raises CannotDo."""
        with self._lock:
            found = self._functions.get((type_, by))
            if found is None:
                found = Functions(self.source, self._lowered(type_, by), self._namespace, self._lock)
                if type_ in self.lookup.types and by in self._parties:
                    self._functions[type_, by] = found
            return found

    def _lowered(self, type_: str, by: str) -> Lowered:
        try:
            found = self.source.lowered(type_, by)
            if self._barred_only and isinstance(found.verdict, AtBestUnknown):
                return replace(found, verdict=found.verdict.arg)
            return found
        except RecursionError:
            raise CannotDo("conditions nested too deeply", type_) from None

    # ---- the first time, and each time that the past is asked

    def _first_verdict(self, type_: str, by: str, facts: Facts, at: Instant, attested: frozenset[str]) -> Decision:
        found = self.functions(type_, by)
        if self._past is not None and (found.asks or self._past.may_have_ended):
            return self._placed(self._past, type_, by, facts, at, attested).verdict()
        judge = self._kept(self._verdicts, type_, by, found.verdict)
        return judge(facts, at, attested)  # type: ignore[no-any-return]

    def _first_statuses(self, type_: str, by: str, facts: Facts, at: Instant, attested: frozenset[str]) -> Statuses:
        found = self.functions(type_, by)
        if self._past is not None:
            return self._placed(self._past, type_, by, facts, at, attested).statuses()
        tell = self._kept(self._statuses, type_, by, found.statuses)
        return Statuses(self._clauses, *tell(facts, at, attested))

    def _first_explanation(
        self, type_: str, by: str, facts: Facts, at: Instant, attested: frozenset[str]
    ) -> Explanation:
        found = self.functions(type_, by)
        if self._past is not None:
            return self._placed(self._past, type_, by, facts, at, attested).explain()
        tell = self._kept(self._told, type_, by, found.told.function)
        return self._explained(found, tell, facts, at, attested)

    def _kept(
        self, where: dict[tuple[str, str], tuple[Quick, Instant | None]], type_: str, by: str, function: Judge | Tell
    ) -> Quick:
        """With what answers where no past is asked."""
        quick = FunctionType(function.__code__, self._namespace, argdefs=(unknown, self._ended))
        if (type_, by) in self._functions:
            where[type_, by] = quick, None
        return quick

    def _present(self, where: dict[tuple[str, str], tuple[Quick, Instant | None]], type_: str, by: str) -> Instant:
        """The clock of one who decides never runs back: once behind every day of change, all instants are alike."""
        at, latest = self.now(), self._functions[type_, by].latest
        if latest is None or at >= latest:
            where[type_, by] = where[type_, by][0], at
        return at

    def _placed(
        self, past: Answers, type_: str, by: str, facts: Facts, at: Instant, attested: frozenset[str]
    ) -> Placed:
        found = self.functions(type_, by)
        shown = attested if type(attested) is frozenset else names_of(attested)
        told = {name: value for name, value in facts.items() if found.facts.fits(name, value)}
        event = Event(ASKED, type_, at, by, facts=told, index=LAST, received=at, caller=shown)
        misfits = frozenset(n for n, v in facts.items() if v is not None and n not in told)
        return Placed(past, found, past.row(Record(event, at, at), by), misfits)


def no_instant(at: object) -> TypeError:
    return TypeError(f"`at` is an instant in whole microseconds UTC, not {type(at).__name__}")


def unknown(_number: int) -> None:
    """No past is given: whatever is asked of it is not known."""


def parties_of(lookup: Lookup) -> frozenset[str]:
    """Everybody whom a file names."""
    contract = lookup.contract
    declared = {p.name for m in contract.modules for p in m.parties} | {m.header.provider for m in contract.modules}
    sentences = (s for _, c in lookup.all_clauses() for s in c.sentences)
    return frozenset(declared | {s.party for s in sentences} | {""})
